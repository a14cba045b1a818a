"""What is behind each number of the team table: exactly as many as it says, and only for who may see them all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import col, select

from storage import figures, register, views_complaint
from storage.database import Database
from storage.errors import NotAllowed, UnknownReference
from storage.figures import Behind, BehindLine, Counts, Figure, Mean, Median, Share, TeamTable, behind
from storage.figures.behind import MADE_OVER, OPENABLE, must_see_any, number, opens
from storage.models import Complaint, Stage
from storage.office import Desk
from storage.periods import Period
from storage.register import Response
from storage.vocabulary import Band
from tests import county as people
from tests.county import County
from tests.storage.inquiry import at_stage_2
from tests.storage.test_figures import DUE, NOVEMBER, NOW, RECEIVED, TODAY, YEAR, Case, answer, cases, insert, period

pytestmark = pytest.mark.slow

READERS = (
    people.HANDLER, people.SECOND_HANDLER, people.COMPLAINTS_MANAGER, people.MANAGER, people.SECOND_MANAGER,
    people.OTHER_TEAMS_MANAGER, people.SENIOR, people.OTHER_SENIOR, people.VIEWER,
)  # fmt: skip


@dataclass(frozen=True)
class Filed:
    """A complaint: its stage 1, its stage 2 where it has one, and whose it is now, which may not be whose its stages were."""

    first: Case
    second: Case | None
    team: str
    owner: str | None


filed = st.builds(
    Filed,
    cases(),
    st.none() | cases(),
    st.sampled_from(["East", "West", "Fostering", "Localities"]),
    st.none() | st.sampled_from([people.MANAGER, people.OTHER_TEAMS_MANAGER, people.SENIOR]),
)
registers = st.lists(filed, max_size=15)
spans = st.builds(
    lambda start, length: period(
        date(2026, 10, 1) + timedelta(days=start), date(2026, 10, 1) + timedelta(days=start + length)
    ),
    st.integers(0, 70),
    st.integers(0, 40),
)
on_a_random_register = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def file(desk: Desk, county: County, register_of: list[Filed]) -> None:
    later = [one.second for one in register_of if one.second]
    insert(desk, county, [*(one.first for one in register_of), *later])
    stages = desk.session.exec(select(Stage).order_by(col(Stage.id))).all()[-len(register_of) - len(later) :]
    with_second = [stage for stage, one in zip(stages, register_of, strict=False) if one.second]
    for stage, first in zip(stages[len(register_of) :], with_second, strict=True):
        stage.complaint_id, stage.number = first.complaint_id, 2
    for stage, one in zip(stages, register_of, strict=False):
        complaint = desk.session.get_one(Complaint, stage.complaint_id)
        complaint.lead_team_id = county.teams[one.team]
        complaint.owner_id = county.people[one.owner] if one.owner else None
    desk.session.flush()


def counted(figure: Figure, counts: Counts) -> int:
    """How many stages a figure says there are behind it, read from what the table prints."""
    match figure.value(counts):
        case Share() as value:
            return value.part
        case Mean() as value:
            return value.cases
        case Median():
            return counts.recorded
        case int() as value:
            return value
    raise AssertionError(figure.key)


def keys(lines: list[BehindLine]) -> list[tuple[str, str]]:
    return [(line.reference, line.stage_title) for line in lines]


def openable(figure: Figure) -> str:
    key = opens(figure.key)
    assert key is not None
    return key


def dated(key: str) -> Callable[[BehindLine], tuple[Any, str]]:
    return lambda line: (getattr(line, OPENABLE[key].led_by), line.reference)


NOT_OPENED = {"caseload", "rate"}
FIGURES = [figure for figure in figures.FIGURES if figure.key not in NOT_OPENED]


def test_every_figure_opens_to_stages_but_those_of_open_cases() -> None:
    assert {figure.key for figure in figures.FIGURES if opens(figure.key) is None} == NOT_OPENED
    assert set(OPENABLE) | set(MADE_OVER) == {figure.key for figure in FIGURES} | {"allocated", "recorded"}
    assert set(OPENABLE) & set(MADE_OVER) == set()
    for figure in FIGURES:
        itself = isinstance(figure.value(Counts()), int | Share)
        assert (figure.key in OPENABLE) is itself, figure.key


@on_a_random_register
@given(register_of=registers, asked=spans)
@pytest.mark.parametrize("stage", [1, 2])
def test_behind_every_number_are_exactly_as_many_and_rows_make_up_the_total(
    county: County, stage: int, register_of: list[Filed], asked: Period
) -> None:
    with county.office.change(None, NOW) as desk:
        undone = desk.session.begin_nested()
        file(desk, county, register_of)
        whole = figures.team_table(desk, asked, number=stage)
        _walk(desk, whole, None)
        area = county.teams["Localities"]
        _walk(desk, figures.team_table(desk, asked, team_id=area, number=stage), desk.teams.subtree(area))
        undone.rollback()


def test_on_every_boundary_the_list_goes_with_the_count(county: County) -> None:
    """Due on each day around today and the last that is due soon, recorded after each number of days, on both ends."""
    around = [TODAY + timedelta(days=days) for days in range(-2, 9)]
    register_of = [
        Case("East", day, None, None, None, due, owned=True, late=late, allocated=0)
        for late, due in enumerate(around)
        for day in (NOVEMBER.first, NOVEMBER.last)
    ]
    register_of += [
        Case("West", NOVEMBER.first, day, band, 3, TODAY, owned=True, late=None, allocated=None)
        for band in Band
        for day in (NOVEMBER.first, NOVEMBER.last, NOVEMBER.last + timedelta(days=1))
    ]
    with county.office.change(None, NOW) as desk:
        insert(desk, county, register_of)
        table = figures.team_table(desk, NOVEMBER)
        _walk(desk, table, None)
    assert (table.total.overdue, table.total.due_soon, table.total.on_track) == (4, 12, 6)
    assert (table.total.recorded_late, table.total.closed) == (16, 8)


def _walk(desk: Desk, table: TeamTable, scope: frozenset[int] | None) -> None:
    """Every figure of every row and of the total, and of the row *Unallocated*."""

    def listed(key: str, teams: frozenset[int] | None) -> list[BehindLine]:
        return behind(desk, Behind(table.period, "statutory", table.number, key, teams))

    for figure in FIGURES:
        key = openable(figure)
        total = listed(key, scope)
        assert len(total) == counted(figure, table.total) == number(table.total, key), figure.key
        parts: list[BehindLine] = []
        for row in table.rows:
            lines = listed(key, frozenset({row.team_id}))
            assert len(lines) == counted(figure, row.counts) == number(row.counts, key), (figure.key, row.team)
            assert {line.team for line in lines} <= {row.team}
            parts += lines
        assert len(set(keys(total))) == len(total)
        assert sorted(keys(parts)) == sorted(keys(total)), figure.key
        assert total == sorted(total, key=dated(key)), figure.key


@on_a_random_register
@given(register_of=registers, asked=spans, size=st.integers(1, 4))
def test_page_by_page_the_list_is_the_same(county: County, register_of: list[Filed], asked: Period, size: int) -> None:
    with county.office.change(None, NOW) as desk:
        undone = desk.session.begin_nested()
        file(desk, county, register_of)
        for key in OPENABLE:
            wanted = Behind(asked, "statutory", 1, key)
            whole = behind(desk, wanted)
            paged = [
                line
                for offset in range(0, len(whole) + 1, size)
                for line in behind(desk, wanted, limit=size, offset=offset)
            ]
            assert paged == whole
        undone.rollback()


@on_a_random_register
@given(register_of=registers, who=st.sampled_from(READERS), team=st.sampled_from(["East", "West", "Fostering", None]))
def test_a_number_is_opened_by_who_may_see_every_complaint_behind_it_and_by_nobody_else(
    county: County, register_of: list[Filed], who: str, team: str | None
) -> None:
    with county.office.change(None, NOW) as desk:
        undone = desk.session.begin_nested()
        file(desk, county, register_of)
        reader = _desk_of(county, desk, who)
        for key in OPENABLE:
            wanted = Behind(YEAR, "statutory", 1, key, frozenset({county.teams[team]}) if team else None)
            lines = behind(desk, wanted)
            allowed = all(_sees(reader, line.reference) for line in lines)
            if allowed:
                assert behind(reader, wanted) == lines
            else:
                with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
                    behind(reader, wanted)
                with pytest.raises(NotAllowed):
                    behind(reader, wanted, limit=1)
        undone.rollback()


def _desk_of(county: County, desk: Desk, who: str) -> Desk:
    """Somebody's desk in the transaction of another."""
    with county.office.look(who, NOW) as own:
        actor = own.actor
    return Desk(desk.session, NOW, actor, desk.shipped_calendar, desk.shipped_procedures)


def _sees(desk: Desk, reference: str) -> bool:
    try:
        views_complaint.complaint(desk, reference)
    except UnknownReference:
        return False
    return True


# --- the table of roles ---------------------------------------------------------------------------------------------

ALL, TEAM, SERVICE = {"East", "West", "Fostering", "Localities", "all"}, {"East"}, {"East", "West", "Localities"}
OPEN_TO = {
    people.HANDLER: ALL,
    people.SECOND_HANDLER: ALL,
    people.COMPLAINTS_MANAGER: ALL,
    people.MANAGER: TEAM,
    people.SECOND_MANAGER: TEAM,
    people.OTHER_TEAMS_MANAGER: {"Fostering"},
    people.SENIOR: SERVICE,
    people.OTHER_SENIOR: {"Fostering"},
    people.VIEWER: set(),
}


@pytest.fixture
def one_each(county: County) -> None:
    for team in ("East", "West", "Fostering"):
        answer(county, DUE, team=team)


def rows_opened(county: County, who: str, figure: str = "closed") -> set[str]:
    """The rows whose number this person can open; who can't is told whom to ask."""
    found = set()
    with county.office.look(who, NOW) as desk:
        rows: dict[str, frozenset[int] | None] = {
            name: frozenset({county.teams[name]}) for name in ("East", "West", "Fostering")
        }
        rows |= {"Localities": desk.teams.subtree(county.teams["Localities"]), "all": None}
        for name, teams in rows.items():
            try:
                lines = behind(desk, Behind(YEAR, "statutory", 1, figure, teams))
            except NotAllowed as refusal:
                assert "Ask Cora Ledger" in str(refusal)
                assert "CS-2026" not in str(refusal)
            else:
                assert len(lines) == {"Localities": 2, "all": 3}.get(name, 1)
                found.add(name)
    return found


@pytest.mark.parametrize("who", OPEN_TO)
@pytest.mark.usefixtures("one_each")
def test_each_role_opens_the_rows_of_what_it_may_see(county: County, who: str) -> None:
    assert rows_opened(county, who) == OPEN_TO[who]


@pytest.mark.usefixtures("one_each")
def test_somebody_without_a_role_opens_nothing(county: County) -> None:
    with pytest.raises(NotAllowed, match="Ask Cora Ledger"), county.office.look(people.STRANGER, NOW) as desk:
        behind(desk, Behind(YEAR, "statutory", 1, "closed"))


def test_who_owns_every_complaint_behind_a_number_opens_it_in_a_team_that_is_not_theirs(county: County) -> None:
    references = [county.record(NOW, received=RECEIVED, team="Fostering").reference for _ in range(2)]
    wanted = Behind(YEAR, "statutory", 1, "received", frozenset({county.teams["Fostering"]}))
    for expected, reference in ((1, references[0]), (2, references[1])):
        with county.office.change(None, NOW) as desk:
            complaint = desk.session.exec(select(Complaint).where(Complaint.reference == reference)).one()
            complaint.owner_id = county.people[people.MANAGER]
        with county.office.look(people.MANAGER, NOW) as desk:
            if expected < 2:
                with pytest.raises(NotAllowed, match="neither yours nor with a team of yours"):
                    behind(desk, wanted)
            else:
                assert len(behind(desk, wanted)) == 2


def test_a_complaint_that_went_to_another_team_is_seen_by_that_team_and_counted_where_it_was(county: County) -> None:
    reference = at_stage_2(county, NOW)
    with county.office.change(None, NOW) as desk:
        complaint = desk.session.exec(select(Complaint).where(Complaint.reference == reference)).one()
        complaint.lead_team_id, complaint.owner_id = county.teams["Fostering"], None
    wanted = Behind(YEAR, "statutory", 1, "received", frozenset({county.teams["East"]}))
    with county.office.look(people.OTHER_TEAMS_MANAGER, NOW) as desk:
        assert [(line.reference, line.team) for line in behind(desk, wanted)] == [(reference, "East")]
    with county.office.look(people.MANAGER, NOW) as desk, pytest.raises(NotAllowed):
        behind(desk, wanted)


@pytest.mark.parametrize("who", READERS)
def test_behind_nothing_is_nothing_for_everybody(county: County, who: str) -> None:
    with county.office.look(who, NOW) as desk:
        for key in OPENABLE:
            assert behind(desk, Behind(YEAR, "statutory", 1, key)) == []


def test_who_sees_no_complaint_at_all_is_told_so(county: County) -> None:
    for who in READERS:
        with county.office.look(who, NOW) as desk:
            if who == people.VIEWER:
                with pytest.raises(NotAllowed, match=r"see the numbers, but not the complaints.*Ask Cora Ledger"):
                    must_see_any(desk)
            else:
                must_see_any(desk)


# --- what a line says -----------------------------------------------------------------------------------------------


def test_a_line_says_dates_days_and_who_and_nothing_that_was_written(county: County) -> None:
    with county.office.change(people.HANDLER, NOW) as desk:
        new = register.NewComplaint(
            received_on=RECEIVED, lead_team_id=county.teams["East"], summary="Calls were not returned for weeks"
        )
        closed = register.record(desk, new).reference
        still_open = register.record(desk, new).reference
    with county.office.change(people.MANAGER, NOW) as desk:
        register.claim(desk, closed)
        register.respond(desk, closed, Response(responded_on=DUE, outcome="no_fault"))
    with county.office.look(people.HANDLER, NOW) as desk:
        (line,) = behind(desk, Behind(YEAR, "statutory", 1, "on_time"))
        (overdue,) = behind(desk, Behind(YEAR, "statutory", 1, "overdue"))
        assert len(behind(desk, Behind(YEAR, "statutory", 1, "received"))) == 2
    assert line == BehindLine(
        reference=closed, stage_title="Local resolution", team="East", started_on=RECEIVED, due_on=DUE, days_left=None,
        ended_on=DUE, days_taken=10, band=Band.WITHIN_LIMIT, owner="Mabel Eastwood",
    )  # fmt: skip
    assert overdue == BehindLine(
        reference=still_open, stage_title="Local resolution", team="East", started_on=RECEIVED, due_on=DUE, days_left=-24,
        ended_on=None, days_taken=None, band=None, owner=None,
    )  # fmt: skip


# --- what it costs --------------------------------------------------------------------------------------------------


@contextmanager
def asked_of(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that reads stages meanwhile, with its parameters."""
    found: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM stage JOIN complaint" in statement:
            found.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", heard)
    yield found
    event.remove(database.engine, "before_cursor_execute", heard)


@pytest.mark.parametrize(("team", "who"), [(None, people.HANDLER), ("East", people.SENIOR)])
def test_listing_reads_the_period_and_not_history(long_history: County, team: str | None, who: str) -> None:
    """Each is led by the date it is counted by; a walk through the table would grow with history."""
    teams = frozenset({long_history.teams[team]}) if team else None
    database = long_history.office.database
    index = {"started_on": "ix_stage_started", "ended_on": "ix_stage_ended", "due_on": "ix_stage_open"}
    for key, stages in OPENABLE.items():
        with asked_of(database) as statements, long_history.office.look(who, NOW) as desk:
            behind(desk, Behind(NOVEMBER, "statutory", 1, key, teams), limit=25)
        assert len(statements) == (1 if who == people.HANDLER else 2)
        for statement, parameters in statements:
            explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
            with database.engine.connect() as connection:
                plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
            said = " ".join(str(step) for step in plan)
            assert index[stages.led_by] in said, key
            assert "SCAN complaint" not in said, key
            assert "Seq Scan on complaint" not in said, key
            assert "Seq Scan on stage" not in said, key
