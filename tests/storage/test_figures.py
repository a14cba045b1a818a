from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from storage import figures, policy, register
from storage.errors import NotAllowed
from storage.figures import Counts, Mean, Median, Share, TeamTable
from storage.models import Complaint, Stage, Team
from storage.office import Desk, Office
from storage.periods import Period
from storage.register import Response
from storage.register.requests import Pause
from storage.vocabulary import Band, Finding
from storage.workdays import WorkingDays
from tests import county as people
from tests.county import County
from tests.storage.witness import agree_extension, at

CALENDAR = WorkingDays.england()
NOW = at("2026-12-18 14:00")
TODAY = NOW.date()
RECEIVED = date(2026, 11, 2)
DUE = date(2026, 11, 16)
MOST = date(2026, 11, 30)


def period(first: date, last: date) -> Period:
    return Period(first, last, "test")


YEAR = period(date(2026, 4, 1), date(2027, 3, 31))
NOVEMBER = period(date(2026, 11, 1), date(2026, 11, 30))


def table(
    county: County, asked: Period = YEAR, *, now: datetime = NOW, by: str = people.HANDLER, team: str | None = None
) -> TeamTable:
    with county.office.look(by, now) as desk:
        return figures.team_table(desk, asked, team_id=county.teams[team] if team else None)


def total(county: County, asked: Period = YEAR, *, now: datetime = NOW) -> Counts:
    return table(county, asked, now=now).total


def answer(
    county: County, day: date, *, received: date = RECEIVED, team: str = "East", outcome: str = "no_fault"
) -> str:
    reference = county.record(NOW, received=received, team=team).reference
    with county.office.change(people.HANDLER, NOW) as desk:
        register.respond(desk, reference, Response(responded_on=day, outcome=outcome))
    return reference


def counts_of(found: Counts) -> tuple[int, int, int, int, int]:
    return (found.closed, found.within_limit, found.agreed_extension, found.within_maximum, found.over_maximum)


# --- bands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (DUE, (1, 1, 0, 0, 0)),
        (DUE + timedelta(days=1), (1, 0, 0, 1, 0)),
        (MOST, (1, 0, 0, 1, 0)),
        (MOST + timedelta(days=1), (1, 0, 0, 0, 1)),
    ],
)
def test_each_boundary_falls_in_one_band(county: County, day: date, expected: tuple[int, ...]) -> None:
    answer(county, day)
    assert counts_of(total(county)) == expected


def test_one_in_each_band_adds_up(county: County) -> None:
    for day in (DUE, DUE + timedelta(days=1), MOST + timedelta(days=1)):
        answer(county, day)
    extended = county.record(NOW, received=RECEIVED).reference
    with county.office.change(None, NOW) as desk:
        agree_extension(desk, extended, on=DUE, until=MOST)
    with county.office.change(people.HANDLER, NOW) as desk:
        register.respond(desk, extended, Response(responded_on=MOST, outcome="no_fault"))
    found = total(county)
    assert counts_of(found) == (4, 1, 1, 1, 1)
    assert found.on_time == 2
    assert found.days == 10 + 11 + 21 + 20


def test_an_extension_agreed_after_the_due_date_does_not_count_as_agreed(county: County) -> None:
    reference = county.record(NOW, received=RECEIVED).reference
    with county.office.change(None, NOW) as desk:
        agree_extension(desk, reference, on=DUE + timedelta(days=1), until=MOST)
    with county.office.change(people.HANDLER, NOW) as desk:
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 20), outcome="no_fault"))
    assert counts_of(total(county)) == (1, 0, 0, 1, 0)


# --- periods --------------------------------------------------------------------------------------------------------


def test_received_and_closed_are_counted_in_the_periods_of_their_own_days(county: County) -> None:
    answer(county, date(2026, 12, 1), received=date(2026, 11, 30))
    answer(county, date(2026, 11, 1), received=date(2026, 10, 31))
    november = total(county, NOVEMBER)
    december = total(county, period(date(2026, 12, 1), date(2026, 12, 31)))
    assert (november.received, november.closed) == (1, 1)
    assert (december.received, december.closed) == (0, 1)


def test_a_response_counts_on_the_day_it_went_out_and_not_when_it_was_typed_in(county: County) -> None:
    answer(county, date(2026, 11, 30))
    assert total(county, NOVEMBER).closed == 1
    assert total(county, period(TODAY, TODAY)).closed == 0


def test_a_withdrawn_complaint_is_received_and_not_proceeded_and_nothing_else(county: County) -> None:
    answer(county, date(2026, 12, 10), outcome="withdrawn")
    found = total(county)
    assert (found.received, found.not_proceeded) == (1, 1)
    assert counts_of(found) == (0, 0, 0, 0, 0)
    assert (found.open, found.overdue, found.unallocated, found.days) == (0, 0, 0, 0)
    assert not found.outcomes
    assert total(county, NOVEMBER).not_proceeded == 0


def test_outcomes_are_those_of_the_closed(county: County) -> None:
    for outcome in ("no_fault", "no_fault", "resolved", "withdrawn"):
        answer(county, DUE, outcome=outcome)
    found = table(county)
    assert found.total.outcomes == {"no_fault": 2, "resolved": 1}
    assert found.outcome_labels["resolved"] == "Resolved without finding"


# --- now ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "soon", "overdue"),
    [
        ("2026-11-10 12:00", 0, 0),  # four working days left
        ("2026-11-11 12:00", 1, 0),  # three
        ("2026-11-14 12:00", 1, 0),  # a Saturday
        ("2026-11-16 12:00", 1, 0),  # due today
        ("2026-11-17 12:00", 0, 1),
    ],
)
def test_due_soon_begins_three_working_days_before_and_ends_with_the_due_date(
    county: County, today: str, soon: int, overdue: int
) -> None:
    county.record(at(today), received=RECEIVED)
    found = total(county, now=at(today))
    assert (found.open, found.due_soon, found.overdue, found.on_track) == (1, soon, overdue, 1 - soon - overdue)


def test_a_council_that_sets_due_soon_to_nothing_sees_only_what_is_due_today(county: County) -> None:
    with county.office.change(None, NOW) as desk:
        policy.save(desk.session, "due_soon_days", 0)
    saturday, monday = at("2026-11-14 12:00"), at("2026-11-16 12:00")
    county.record(saturday, received=RECEIVED)
    assert total(county, now=saturday).due_soon == 0
    assert total(county, now=monday).due_soon == 1


def test_unallocated_are_counted_until_somebody_owns_them(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    county.record(now, received=RECEIVED, team="West")
    assert total(county, now=now).unallocated == 2
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
    assert total(county, now=now).unallocated == 1
    assert "unallocated" in [figure.key for figure in figures.FIGURES]


def test_what_is_open_now_is_counted_whatever_the_period(county: County, now: datetime) -> None:
    county.record(now, received=RECEIVED)
    found = total(county, period(date(2019, 4, 1), date(2020, 3, 31)), now=now)
    assert (found.received, found.open, found.overdue) == (0, 1, 1)


def test_recording_late_is_counted_and_has_a_median(county: County, now: datetime) -> None:
    for day in (23, 20, 17, 9):
        county.record(now, received=date(2026, 11, day))
    found = total(county, now=now)
    assert found.recorded_after == {0: 1, 1: 1, 4: 1, 10: 1}
    assert (found.recorded_late, found.recorded) == (2, 4)
    assert found.median_recording() == 2.5


def test_recording_is_late_by_the_councils_own_setting(county: County, now: datetime) -> None:
    for day in (23, 20, 17, 9):
        county.record(now, received=date(2026, 11, day))
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "late_recording_days", 4)
    assert total(county, now=now).recorded_late == 1


def test_days_to_allocate_are_the_mean_over_those_received_that_have_had_a_manager(
    county: County, now: datetime
) -> None:
    """DOMAIN.md, 4: from receipt to a named manager; whoever has it later changes nothing."""
    received = date(2026, 11, 16)
    same_day, later = (county.record(at("2026-11-16 10:00"), received=received).reference for _ in range(2))
    county.record(at("2026-11-16 10:00"), received=received)
    before = county.record(at("2026-10-05 10:00"), received=date(2026, 10, 5)).reference
    for reference, when in ((same_day, "2026-11-16 11:00"), (later, "2026-11-19 11:00"), (before, "2026-11-19 11:00")):
        with county.office.change(people.MANAGER, at(when)) as desk:
            register.claim(desk, reference)
    with county.office.change(people.HANDLER, now) as desk:
        register.allocate(desk, same_day, county.people[people.SECOND_MANAGER])
    found = total(county, NOVEMBER, now=now)
    assert (found.received, found.allocated, found.days_to_allocate) == (3, 2, 3)
    assert figure_of("days_to_allocate", found) == Mean(3, 2)


def test_what_was_never_recorded_or_allocated_has_no_column_and_no_nought(county: County) -> None:
    keys = [figure.key for figure in figures.columns(table(county).total)]
    assert not {"days_to_allocate", "recorded_late", "recording_delay"} & set(keys)
    assert figure_of("days_to_allocate", Counts()) == Mean(0, 0)
    assert figure_of("recorded_late", Counts()) == Share(0, 0)
    assert figure_of("recording_delay", Counts()) == Median(None)


def test_a_row_has_no_more_cells_than_slack_takes() -> None:
    assert sum(figure.brief for figure in figures.FIGURES) + 1 <= 20


def figure_of(key: str, found: Counts) -> figures.Value:
    return next(figure for figure in figures.FIGURES if figure.key == key).value(found)


# --- teams ----------------------------------------------------------------------------------------------------------


def test_teams_without_cases_are_rows_of_nought_and_service_areas_are_not(county: County) -> None:
    answer(county, DUE)
    found = table(county)
    assert [(row.team, row.counts.received) for row in found.rows] == [("East", 1), ("West", 0), ("Fostering", 0)]


def test_a_closed_team_keeps_its_cases_and_is_left_out_without_any(county: County) -> None:
    answer(county, DUE, team="West")
    with county.office.change(None, NOW) as desk:
        for team in desk.session.exec(select(Team).where(Team.name != "East")).all():
            team.closed_on = date(2026, 12, 1)
    assert [row.team for row in table(county).rows] == ["East", "West"]
    assert table(county).total.closed == 1


def test_a_service_area_shows_its_own_teams_only(county: County) -> None:
    answer(county, DUE, team="East")
    answer(county, DUE, team="Fostering")
    found = table(county, team="Localities")
    assert [row.team for row in found.rows] == ["East", "West"]
    assert (found.scope, found.total.received) == ("Localities", 1)


def test_a_complaint_of_a_service_area_itself_is_in_the_total(county: County) -> None:
    answer(county, DUE, team="Localities")
    found = table(county)
    assert "Localities" in [row.team for row in found.rows]
    assert found.total.closed == 1


def test_the_other_teams_involved_carry_no_count(county: County, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.record(
            desk,
            register.NewComplaint(
                received_on=RECEIVED, lead_team_id=county.teams["East"], other_team_ids=(county.teams["West"],)
            ),
        )
    assert [(row.team, row.counts.received) for row in table(county).rows if row.counts.received] == [("East", 1)]


def test_everyone_with_a_role_sees_the_same_figures(county: County) -> None:
    answer(county, DUE)
    for who in (people.COMPLAINTS_MANAGER, people.MANAGER, people.SENIOR, people.VIEWER):
        assert table(county, by=who) == table(county)


def test_somebody_without_a_role_sees_no_figures(county: County) -> None:
    with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
        table(county, by=people.STRANGER)


# --- what is closed stays as it is ----------------------------------------------------------------------------------


def test_closed_figures_do_not_move_when_settings_or_holidays_change(county: County) -> None:
    for day in (DUE, DUE + timedelta(days=1), MOST, MOST + timedelta(days=1)):
        answer(county, day)
    before = total(county)
    with county.office.change(None, NOW) as desk:
        policy.save(desk.session, "count_from", "same_day")
        policy.save(desk.session, "due_soon_days", 9)
    holidays = [date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 16)]
    changed = Office(
        county.office.database, calendar=WorkingDays.england(holidays), procedures=county.office.procedures
    )
    with changed.look(people.HANDLER, NOW) as desk:
        assert figures.team_table(desk, YEAR).total == before


# --- shares and means -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(14, 27, 52), (127, 326, 39), (1, 200, 1), (1, 201, 0), (1, 8, 13), (3, 8, 38), (0, 5, 0), (5, 5, 100)],
)
def test_percentages_are_rounded_half_up(part: int, whole: int, percent: int) -> None:
    assert Share(part, whole).percent == percent


def test_nothing_has_no_percentage_and_no_mean() -> None:
    assert Share(0, 0).percent is None
    assert Mean(0, 0).value is None
    assert Counts().median_recording() is None


def test_a_county_without_cases_prints_no_percentage(county: County) -> None:
    found = table(county, NOVEMBER)
    values = {figure.key: figure.value(found.total) for figure in figures.FIGURES}
    assert values["on_time"] == Share(0, 0)
    assert values["average_days"] == Mean(0, 0)
    assert values["unallocated"] == 0


@given(part=st.integers(0, 10_000), whole=st.integers(1, 10_000))
def test_a_percentage_is_never_more_than_half_a_point_off(part: int, whole: int) -> None:
    percent = Share(part, whole).percent
    assert percent is not None
    assert -whole <= 2 * (100 * part - percent * whole) < whole


# --- random registers -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A row of the register as the property sees it."""

    team: str
    started: date
    ended: date | None
    band: Band | None
    days: int | None
    due: date
    owned: bool
    late: int | None
    allocated: int | None


@st.composite
def cases(draw: st.DrawFn) -> Case:
    started = draw(st.dates(date(2026, 10, 1), date(2026, 12, 10)))
    ended = draw(st.none() | st.dates(started, date(2026, 12, 18)))
    band = draw(st.sampled_from(Band) | st.none()) if ended else None
    return Case(
        team=draw(st.sampled_from(["East", "West", "Fostering", "Localities"])),
        started=started,
        ended=ended,
        band=band,
        days=draw(st.integers(0, 60)) if band else None,
        due=started + timedelta(days=draw(st.integers(0, 40))),
        owned=draw(st.booleans()),
        late=draw(st.none() | st.integers(0, 9)),
        allocated=draw(st.none() | st.integers(0, 9)),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(register_of=st.lists(cases(), max_size=25), start=st.integers(0, 70), length=st.integers(0, 40))
def test_teams_add_up_to_the_total_and_the_total_to_the_rows(
    county: County, register_of: list[Case], start: int, length: int
) -> None:
    first = date(2026, 10, 1) + timedelta(days=start)
    asked = period(first, first + timedelta(days=length))
    with county.office.change(None, NOW) as desk:
        undone = desk.session.begin_nested()
        insert(desk, county, register_of)
        found = figures.team_table(desk, asked)
        area = figures.team_table(desk, asked, team_id=county.teams["Localities"])
        undone.rollback()
    summed = Counts()
    for row in found.rows:
        summed += row.counts
        assert row.counts == naive([case for case in register_of if case.team == row.team], asked), row.team
    assert found.total == summed == naive(register_of, asked)
    assert area.total == naive([case for case in register_of if case.team != "Fostering"], asked)
    assert found.total.closed == sum(counts_of(found.total)[1:])


def insert(desk: Desk, county: County, register_of: Sequence[Case]) -> None:
    complaints = [
        Complaint(
            reference=f"CS-2026-{number:04d}",
            procedure="statutory",
            procedure_version="1",
            received_on=case.started,
            recorded_at=NOW,
            lead_team_id=county.teams[case.team],
        )
        for number, case in enumerate(register_of, 1)
    ]
    desk.session.add_all(complaints)
    desk.session.flush()
    for complaint, case in zip(complaints, register_of, strict=True):
        desk.session.add(
            Stage(
                complaint_id=complaint.id or 0,
                number=1,
                procedure="statutory",
                lead_team_id=county.teams[case.team],
                owner_id=county.people[people.MANAGER] if case.owned else None,
                started_on=case.started,
                counted_from=case.started,
                recorded_after=case.late,
                allocated_after=case.allocated,
                limit_days=10,
                maximum_days=20,
                original_due_on=case.due,
                due_on=case.due,
                next_due_on=case.due,
                is_open=case.ended is None,
                ended_on=case.ended,
                days_taken=case.days,
                band=case.band,
                outcome=("no_fault" if case.band else "withdrawn") if case.ended else None,
                finding=(Finding.NO_FAULT if case.band else Finding.NOT_PROCEEDED) if case.ended else None,
            )
        )
    desk.session.flush()


def naive(register_of: Sequence[Case], asked: Period) -> Counts:
    """FIGURES.md once more, by hand and one case at a time."""
    received = [case for case in register_of if asked.first <= case.started <= asked.last]
    ended = [case for case in register_of if case.ended and asked.first <= case.ended <= asked.last]
    closed = [case for case in ended if case.band]
    still_open = [case for case in register_of if case.ended is None]
    left = [CALENDAR.days_left(TODAY, case.due) for case in still_open]
    bands = Counter(case.band for case in closed)
    return Counts(
        received=len(received),
        not_proceeded=len(ended) - len(closed),
        closed=len(closed),
        within_limit=bands[Band.WITHIN_LIMIT],
        agreed_extension=bands[Band.AGREED_EXTENSION],
        within_maximum=bands[Band.WITHIN_MAXIMUM],
        over_maximum=bands[Band.OVER_MAXIMUM],
        days=sum(case.days or 0 for case in closed),
        open=len(still_open),
        due_soon=sum(0 <= days <= 3 for days in left),
        overdue=sum(days < 0 for days in left),
        unallocated=sum(not case.owned for case in still_open),
        outcomes=Counter({"no_fault": len(closed)} if closed else {}),
        recorded_after=Counter(case.late for case in received if case.late is not None),
        recorded_late=sum(case.late is not None and case.late > 2 for case in received),
        allocated=sum(case.allocated is not None for case in received),
        days_to_allocate=sum(case.allocated or 0 for case in received),
    )


def test_days_net_of_pauses_stand_beside_the_average_only_where_there_was_a_pause(
    county: County, now: datetime
) -> None:
    """FIGURES: average days, net of pauses shown beside it when any pause exists."""
    period = Period.of(date(2026, 11, 1), date(2026, 11, 30))
    reference = county.record(now, received=date(2026, 11, 16)).reference
    other = county.record(now, received=date(2026, 11, 16)).reference
    pause = Pause(
        kind="court", starts_on=date(2026, 11, 18), until=date(2026, 11, 20), reason="The hearing is tomorrow"
    )
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, other, Response(responded_on=date(2026, 11, 18), outcome="no_fault"))
        assert "average_net" not in {figure.key for figure in figures.columns(figures.team_table(desk, period).total)}
        request = register.requests.ask_pause(desk, reference, pause).id or 0
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.requests.decide(desk, request, granted=True)
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 20), outcome="no_fault"))
        total = figures.team_table(desk, period).total
    assert (total.days, total.days_net, total.closed) == (6, 4, 2)
    assert "average_net" in {figure.key for figure in figures.columns(total)}
