"""Themes across teams: each count against FIGURES.md, the year before like for like, and what has no case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from storage import figures, register
from storage.errors import NotAllowed
from storage.figures.themes import _QUERY, ThemeCounts, ThemeRow, ThemeTable, theme_table
from storage.figures.values import Share
from storage.models import Complaint, ComplaintTheme, Stage, Theme
from storage.office import Desk
from storage.periods import Period
from storage.register.commitments import NewCommitment
from storage.vocabulary import Band, Finding
from tests import county as people
from tests.county import County
from tests.storage.witness import at

NOW = at("2026-12-18 14:00")
TODAY = NOW.date()
NOVEMBER = Period.of(date(2026, 11, 1), date(2026, 11, 30))
YEAR = Period.of(date(2026, 4, 1), date(2027, 3, 31))


@dataclass(frozen=True)
class Case:
    """A complaint's stage: what it is about, when it came in and ended, and what was found; None for not proceeded."""

    themes: tuple[str, ...]
    started: date
    ended: date | None = None
    finding: Finding = Finding.NO_FAULT
    number: int = 1
    procedure: str = "statutory"


def enter(desk: Desk, county: County, cases: Sequence[Case]) -> None:
    """Straight into the tables: figures read what is there."""
    for place, case in enumerate(cases, 1):
        complaint = Complaint(
            reference=f"CS-{case.started.year}-{place:04d}",
            procedure=case.procedure,
            procedure_version="1",
            received_on=case.started,
            recorded_at=NOW,
            lead_team_id=county.teams["East"],
        )
        desk.session.add(complaint)
        desk.session.flush()
        for theme in case.themes:
            desk.session.add(ComplaintTheme(complaint_id=complaint.id or 0, theme_id=county.themes[theme]))
        proceeded = case.ended is not None and case.finding is not Finding.NOT_PROCEEDED
        desk.session.add(
            Stage(
                complaint_id=complaint.id or 0,
                number=case.number,
                procedure=case.procedure,
                lead_team_id=county.teams["East"],
                started_on=case.started,
                counted_from=case.started,
                limit_days=10,
                maximum_days=20,
                original_due_on=case.started,
                due_on=case.started,
                next_due_on=case.started,
                is_open=case.ended is None,
                ended_on=case.ended,
                days_taken=1 if proceeded else None,
                band=Band.WITHIN_LIMIT if proceeded else None,
                outcome="some" if case.ended else None,
                finding=case.finding if case.ended else None,
            )
        )
    desk.session.flush()


def counted(county: County, cases: Sequence[Case], asked: Period = NOVEMBER, who: str | None = None) -> ThemeTable:
    with county.office.change(None, NOW) as desk:
        enter(desk, county, cases)
    with county.office.look(who, NOW) as desk:
        return theme_table(desk, asked)


def row(table: ThemeTable, theme: str) -> ThemeRow:
    return next(one for one in (*table.rows, table.without, table.total) if one.theme == theme)


NOV_9, DEC_1 = date(2026, 11, 9), date(2026, 12, 1)


def test_a_complaint_counts_once_in_each_of_its_themes_and_once_in_all(county: County) -> None:
    table = counted(county, [Case(("Delay", "Communication"), NOV_9), Case(("Delay",), NOV_9), Case((), NOV_9)])
    assert {one.theme: one.now.received for one in table.rows} == {"Delay": 2, "Communication": 1, "Staff conduct": 0}
    assert (table.without.now.received, table.total.now.received) == (1, 3)
    assert [one.theme for one in table.rows] == ["Delay", "Communication", "Staff conduct"]


def test_received_and_closed_are_counted_in_the_periods_of_their_own_days(county: County) -> None:
    cases = [
        Case(("Delay",), NOV_9, DEC_1, Finding.FAULT),
        Case(("Delay",), date(2026, 10, 30), NOV_9, Finding.PARTIAL),
    ]
    table = counted(county, cases)
    assert row(table, "Delay").now == ThemeCounts(received=1, closed=1, fault=1)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (Finding.FAULT, ThemeCounts(1, 1, 1)),
        (Finding.PARTIAL, ThemeCounts(1, 1, 1)),
        (Finding.NO_FAULT, ThemeCounts(1, 1, 0)),
        (Finding.NO_FINDING, ThemeCounts(1, 1, 0)),
        # Withdrawn, refused or handled informally: in received and in nothing else.
        (Finding.NOT_PROCEEDED, ThemeCounts(1, 0, 0)),
    ],
)
def test_fault_and_partial_fault_are_found_fault(county: County, finding: Finding, expected: ThemeCounts) -> None:
    table = counted(county, [Case(("Delay",), NOV_9, NOV_9, finding)])
    assert row(table, "Delay").now == row(table, "All complaints").now == expected


def test_other_stages_and_procedures_are_not_counted(county: County) -> None:
    table = counted(
        county,
        [Case(("Delay",), NOV_9, NOV_9, number=2), Case(("Delay",), NOV_9, NOV_9, procedure="corporate")],
    )
    assert not table.total.now.any


def test_the_total_is_that_of_the_team_table(county: County) -> None:
    cases = [Case(("Delay",), NOV_9, NOV_9), Case((), NOV_9, DEC_1), Case(("Delay",), NOV_9)]
    table = counted(county, cases, YEAR)
    with county.office.look(None, NOW) as desk:
        status = figures.team_table(desk, YEAR).total
    assert (table.total.now.received, table.total.now.closed) == (status.received, status.closed) == (3, 2)


def test_a_period_that_is_not_over_is_compared_with_as_much_of_the_year_before(county: County) -> None:
    last_year = TODAY - timedelta(days=365)
    cases = [Case(("Delay",), last_year), Case(("Delay",), last_year + timedelta(days=1))]
    table = counted(county, cases, YEAR)
    assert (table.before.first, table.before.last) == (date(2025, 4, 1), date(2025, 12, 18))
    assert row(table, "Delay").before.received == 1


def test_the_trend_is_a_difference_in_count_and_in_percentage_points(county: County) -> None:
    before, now = date(2025, 11, 10), NOV_9
    cases = [
        *[Case(("Delay",), before, before, Finding.FAULT)] * 2,
        *[Case(("Delay",), before, before)] * 1,
        *[Case(("Delay",), now, now, Finding.FAULT)] * 1,
        *[Case(("Delay",), now, now)] * 3,
        Case(("Communication",), now),
    ]
    table = counted(county, cases)
    delay = row(table, "Delay")
    # 67 % then, 25 % now.
    assert (delay.more_received, delay.now.found_fault, delay.points) == (1, Share(1, 4), 25 - 67)
    assert (row(table, "Communication").more_received, row(table, "Communication").points) == (1, None)
    assert (row(table, "Staff conduct").more_received, row(table, "Staff conduct").points) == (None, None)


def test_open_wider_actions_are_counted_with_their_theme(county: County) -> None:
    with county.office.change(people.HANDLER, NOW) as desk:
        for body in ("Training for all", "A template"):
            new = NewCommitment(body=body, due_on=date(2027, 1, 4), theme_id=county.themes["Delay"])
            register.commitments.make(desk, new)
        register.commitments.withdraw(desk, 2, "Not needed any more")
    assert {one.theme: one.wider for one in counted(county, []).rows} == {
        "Communication": 0,
        "Delay": 1,
        "Staff conduct": 0,
    }


def test_a_retired_theme_is_shown_as_long_as_it_has_something_to_show(county: County) -> None:
    with county.office.change(None, NOW) as desk:
        for name in ("Delay", "Staff conduct"):
            desk.session.get_one(Theme, county.themes[name]).retired_on = date(2026, 12, 1)
    table = counted(county, [Case(("Delay",), NOV_9)])
    assert {one.theme: one.retired for one in table.rows} == {"Delay": True, "Communication": False}


@pytest.mark.parametrize("who", [people.VIEWER, people.MANAGER, people.SENIOR])
def test_everybody_with_a_role_sees_the_themes(county: County, who: str) -> None:
    assert counted(county, [], who=who).total.now == ThemeCounts()


def test_nobody_else_does(county: County) -> None:
    with pytest.raises(NotAllowed), county.office.look(people.STRANGER, NOW) as desk:
        theme_table(desk, NOVEMBER)


def test_counting_reads_the_period_and_not_history(long_history: County) -> None:
    """Both ways in are led by a date; an index on anything else, or a walk through the table, would grow with history."""
    asked = {"first": date(2026, 11, 1), "last": date(2026, 11, 30), "procedure": "statutory"}
    database = long_history.office.database
    with database.engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        plan = connection.execute(text(f"{explain} {_QUERY.text}").bindparams(**asked)).all()
    said = " ".join(str(step) for step in plan)
    assert "ix_stage_started" in said
    assert "ix_stage_ended" in said
    assert "SCAN stage" not in said
    assert "Seq Scan on stage" not in said


cases = st.builds(
    Case,
    themes=st.lists(st.sampled_from(["Delay", "Communication", "Staff conduct"]), unique=True, max_size=3).map(tuple),
    started=st.dates(date(2025, 10, 1), date(2026, 12, 18)),
    ended=st.none(),
) | st.builds(
    lambda case, after, finding: Case(case.themes, case.started, case.started + timedelta(days=after), finding),
    st.builds(
        Case,
        themes=st.lists(st.sampled_from(["Delay", "Communication"]), unique=True, max_size=2).map(tuple),
        started=st.dates(date(2025, 10, 1), date(2026, 12, 18)),
    ),
    st.integers(0, 60),
    st.sampled_from(Finding),
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(cases, max_size=12))
def test_every_count_is_what_counting_by_hand_gives(county: County, register_of: list[Case]) -> None:
    with county.office.change(None, NOW) as desk:
        enter(desk, county, register_of)
        table = theme_table(desk, NOVEMBER)
        desk.session.rollback()
    for one in (*table.rows, table.without, table.total):
        mine = [
            case
            for case in register_of
            if one is table.total or one.theme in case.themes or (one is table.without and not case.themes)
        ]
        for asked, found in ((table.period, one.now), (table.before, one.before)):
            closed = [
                case
                for case in mine
                if case.ended and asked.contains(case.ended) and case.finding is not Finding.NOT_PROCEEDED
            ]
            assert found == ThemeCounts(
                received=sum(asked.contains(case.started) for case in mine),
                closed=len(closed),
                fault=sum(case.finding.found_fault for case in closed),
            )
