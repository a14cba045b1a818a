"""The caseload of a period: the latest snapshot dated inside it (FIGURES.md), and what there is."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from storage.errors import NotAllowed
from storage.figures.caseload import _QUERY, Snapshot, caseload, snapshots
from storage.figures.caseload import Caseload as Found
from storage.models import Caseload
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Standing
from tests import county as people
from tests.county import County
from tests.storage.witness import at

NOW = at("2026-12-18 14:00")
FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
QUARTER = Period.of(FIRST, LAST)

Kept = Mapping[date, Mapping[str, int]]


def enter(desk: Desk, county: County, kept: Kept) -> None:
    """Straight into the table: figures read what is there."""
    desk.session.add_all(
        Caseload(taken_on=day, team_id=county.teams[name], cases=count)
        for day, cases in kept.items()
        for name, count in cases.items()
    )
    desk.session.flush()


def found(county: County, kept: Kept, *, who: str = people.VIEWER) -> tuple[date | None, dict[str, int]]:
    with county.office.change(None, NOW) as desk:
        enter(desk, county, kept)
    with county.office.look(who, NOW) as desk:
        answer = caseload(desk, QUARTER)
    names = {number: name for name, number in county.teams.items()}
    return answer.as_at, {names[team_id]: count for team_id, count in answer.cases.items()}


def test_the_latest_snapshot_inside_the_period_counts_and_no_other(county: County) -> None:
    kept = {
        date(2026, 3, 31): {"East": 1},
        date(2026, 4, 30): {"East": 2, "West": 3},
        date(2026, 5, 31): {"East": 4, "Localities": 0},
        date(2026, 7, 1): {"East": 5},
    }
    assert found(county, kept) == (date(2026, 5, 31), {"East": 4, "Localities": 0})


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_both_ends_belong_to_the_period(county: County, day: date) -> None:
    assert found(county, {day: {"East": 7}}) == (day, {"East": 7})


def test_without_a_snapshot_inside_there_is_no_caseload(county: County) -> None:
    assert found(county, {date(2026, 3, 31): {"East": 1}, date(2026, 7, 1): {"East": 5}}) == (None, {})


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER])
def test_everybody_with_a_role_sees_it(county: County, who: str) -> None:
    assert found(county, {LAST: {"East": 7}}, who=who) == (LAST, {"East": 7})


def test_nobody_without_a_role_does(county: County) -> None:
    with county.office.look(None, NOW) as desk:
        desk.actor = Standing(person_id=4711, name="Nobody", roles=())
        with pytest.raises(NotAllowed):
            caseload(desk, QUARTER)
        with pytest.raises(NotAllowed):
            snapshots(desk)


def test_snapshots_are_listed_the_latest_first_with_their_totals(county: County) -> None:
    with county.office.change(None, NOW) as desk:
        assert snapshots(desk) == []
        enter(desk, county, {FIRST: {"East": 7}, LAST: {"East": 8, "West": 1234}})
        assert snapshots(desk) == [Snapshot(LAST, 2, 1242), Snapshot(FIRST, 1, 7)]


def test_looking_up_a_period_reads_two_days_and_not_all_snapshots(county: County) -> None:
    database = county.office.database
    with database.reading() as session:
        if not database.is_sqlite:
            # A table of a few rows it would read whole.
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        plan = session.execute(text(f"{explain} {_QUERY.text}").bindparams(first=FIRST, last=LAST)).all()
    said = " ".join(str(step) for step in plan)
    assert "SCAN caseload" not in said
    assert said.count("taken_on") >= 2
    if not database.is_sqlite:
        assert "Seq Scan" not in said
        assert said.count("pk_caseload") == 2


days = st.dates(date(2026, 3, 25), date(2026, 7, 5))
teams = st.dictionaries(st.sampled_from(["East", "West", "Localities"]), st.integers(0, 99_999), min_size=1)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(days, teams, max_size=6))
def test_the_caseload_is_what_looking_by_hand_gives(county: County, kept: Kept) -> None:
    with county.office.change(None, NOW) as desk:
        enter(desk, county, kept)
        answer = caseload(desk, QUARTER)
        desk.session.rollback()
    inside = [day for day in kept if FIRST <= day <= LAST]
    latest = max(inside, default=None)
    by_id = {county.teams[name]: count for name, count in kept[latest].items()} if latest else {}
    assert answer == Found(latest, by_id)
