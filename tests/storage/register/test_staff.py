"""People who are away, leave or come back: what is recorded, by whom, and what is refused."""

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage import availability, register
from storage import people as persons
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Absence, CouncilChange, OutboxRow, Person
from storage.office import Desk
from storage.register import staff
from storage.register.staff import NewAbsence
from storage.vocabulary import CouncilMatter, MessageKind
from tests import county as people
from tests.county import County
from tests.storage.test_people import change_person
from tests.storage.witness import at, contents, refused

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 12)


def day(number: int, month: int = 12) -> date:
    return date(2026, month, number)


def away(
    county: County,
    now: datetime,
    first: date,
    last: date,
    *,
    cover: str | None = None,
    who: str = people.MANAGER,
    by: str | None = None,
) -> int:
    with county.office.change(by or who, now) as desk:
        cover_id = county.people[cover] if cover else None
        absence = NewAbsence(from_on=first, until_on=last, cover_id=cover_id)
        return staff.away(desk, county.people[who], absence).id or 0


def absences(county: County, now: datetime, who: str = people.MANAGER) -> list[tuple[date, date, str | None]]:
    """What is in force or was, without what never came about."""
    by_id = {number: slack_id for slack_id, number in county.people.items()}
    with county.office.look(None, now) as desk:
        rows = desk.session.exec(
            select(Absence).where(Absence.person_id == county.people[who]).order_by(col(Absence.from_on))
        ).all()
    return [
        (row.from_on, row.until_on, by_id[row.cover_id] if row.cover_id else None)
        for row in rows
        if row.until_on >= row.from_on
    ]


def leaves_on(county: County, now: datetime, who: str) -> date | None:
    with county.office.look(None, now) as desk:
        return desk.session.get_one(Person, county.people[who]).leaves_on


def changes(county: County, now: datetime) -> list[dict[str, Any]]:
    with county.office.look(None, now) as desk:
        found = desk.session.exec(
            select(CouncilChange).where(CouncilChange.matter == CouncilMatter.PEOPLE).order_by(col(CouncilChange.id))
        ).all()
    return [one.data for one in found]


def told(county: County, now: datetime) -> list[tuple[int | None, datetime]]:
    """Who is told that they stand in, and when it may go out."""
    with county.office.look(None, now) as desk:
        rows = desk.session.exec(
            select(OutboxRow).where(OutboxRow.kind == MessageKind.COVERING).order_by(col(OutboxRow.id))
        ).all()
    return [(row.person_id, row.not_before) for row in rows]


# --- leaving -----------------------------------------------------------------------------------------------------------


def test_somebody_says_when_they_leave_and_takes_it_back(county: County, now: datetime) -> None:
    number = county.people[people.MANAGER]
    with county.office.change(people.MANAGER, now) as desk:
        staff.leaving(desk, number, date(2027, 1, 31))
    assert leaves_on(county, now, people.MANAGER) == date(2027, 1, 31)
    with county.office.change(people.MANAGER, now) as desk:
        staff.leaving(desk, number, None)
    assert leaves_on(county, now, people.MANAGER) is None
    assert changes(county, now) == [
        {"person": number, "leaves": "2027-01-31", "before": None},
        {"person": number, "leaves": None, "before": "2027-01-31"},
    ]


@pytest.mark.parametrize("last_day", [TODAY - timedelta(days=1), date(2035, 1, 1)])
def test_a_last_day_that_is_past_or_beyond_the_calendar_is_refused(
    county: County, now: datetime, last_day: date
) -> None:
    with (
        refused(county.office, FieldProblems, "Choose the last day at work, from today to"),
        county.office.change(people.MANAGER, now) as desk,
    ):
        staff.leaving(desk, county.people[people.MANAGER], last_day)


def test_the_last_day_may_be_today(county: County, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        staff.leaving(desk, county.people[people.MANAGER], TODAY)
    with county.office.look(people.MANAGER, now) as desk:
        assert desk.actor.name == "Mabel Eastwood"
    with pytest.raises(NotAllowed), county.office.look(people.MANAGER, now + timedelta(days=1)):
        pass


def test_saying_it_twice_is_answered_politely_and_changes_nothing(county: County, now: datetime) -> None:
    number = county.people[people.MANAGER]
    with (
        refused(county.office, AlreadyDone, "No last day is recorded for you. There is nothing to do"),
        county.office.change(people.MANAGER, now) as desk,
    ):
        staff.leaving(desk, number, None)
    with county.office.change(people.MANAGER, now) as desk:
        staff.leaving(desk, number, FIRST)
    with (
        refused(county.office, AlreadyDone, "1 December 2026 is recorded as the last day already"),
        county.office.change(people.MANAGER, now) as desk,
    ):
        staff.leaving(desk, number, FIRST)


@pytest.mark.parametrize(
    ("by", "of", "kind"),
    [
        (people.COMPLAINTS_MANAGER, people.MANAGER, None),
        (people.COMPLAINTS_MANAGER, people.HANDLER, None),
        (people.SENIOR, people.MANAGER, None),
        (people.SENIOR, people.SENIOR, None),
        (people.VIEWER, people.VIEWER, None),
        (people.SENIOR, people.OTHER_TEAMS_MANAGER, UnknownReference),
        (people.SENIOR, people.HANDLER, UnknownReference),
        (people.HANDLER, people.MANAGER, NotAllowed),
        (people.MANAGER, people.SECOND_MANAGER, NotAllowed),
        (people.VIEWER, people.MANAGER, NotAllowed),
    ],
)
def test_it_is_said_by_oneself_a_complaints_manager_or_the_senior_manager_of_ones_service(
    county: County, now: datetime, by: str, of: str, kind: type[Refusal] | None
) -> None:
    acts: list[Callable[[Desk, int], object]] = [
        lambda desk, who: staff.leaving(desk, who, LAST),
        lambda desk, who: staff.away(desk, who, NewAbsence(from_on=FIRST, until_on=LAST)),
        staff.stays,
        lambda desk, who: staff.away(desk, who, NewAbsence(from_on=TODAY, until_on=TODAY)),
        staff.back,
    ]
    for act in acts:
        if kind is None:
            with county.office.change(by, now) as desk:
                act(desk, county.people[of])
            continue
        with refused(county.office, kind) as about_one, county.office.change(by, now) as desk:
            act(desk, county.people[of])
        with refused(county.office, kind) as about_nobody, county.office.change(by, now) as desk:
            act(desk, 4711)
        assert str(about_one.value) == str(about_nobody.value)


# --- away --------------------------------------------------------------------------------------------------------------


def test_an_absence_is_recorded_and_its_cover_told_on_the_first_working_day_at_their_hour(
    county: County, now: datetime
) -> None:
    # 5 December 2026 is a Saturday.
    change_person(county, now, people.SECOND_MANAGER, tz="Europe/Paris", nudge_hour=10)
    number = away(county, now, day(5), LAST, cover=people.SECOND_MANAGER)
    assert absences(county, now) == [(day(5), LAST, people.SECOND_MANAGER)]
    assert told(county, now) == [(county.people[people.SECOND_MANAGER], at("2026-12-07 09:00"))]
    assert changes(county, now) == [
        {
            "person": county.people[people.MANAGER],
            "absence": number,
            "from": "2026-12-05",
            "until": "2026-12-12",
            "cover": county.people[people.SECOND_MANAGER],
        }
    ]


def test_whoever_stands_in_may_do_what_the_owner_may_while_it_lasts_and_no_longer(
    county: County, now: datetime
) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
    away(county, now, FIRST, LAST, cover=people.OTHER_TEAMS_MANAGER)
    for moment, allowed in ((now, False), (at("2026-12-01 09:00"), True), (at("2026-12-13 09:00"), False)):
        before = contents(county.office)
        try:
            with county.office.change(people.OTHER_TEAMS_MANAGER, moment) as desk:
                register.acknowledge(desk, reference)
                assert allowed
                raise AlreadyDone("undone again")
        except UnknownReference:
            assert not allowed
        except AlreadyDone:
            assert allowed
        assert contents(county.office) == before


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (LAST, FIRST, "until_on"),
        (day(1, 11), day(22, 11), "until_on"),
        (FIRST, date(2031, 1, 1), "until_on"),
        (FIRST, date(2027, 12, 20), "until_on"),
    ],
)
def test_days_that_make_no_absence_are_refused(
    county: County, now: datetime, first: date, last: date, field: str
) -> None:
    with refused(county.office, FieldProblems) as problem:
        away(county, now, first, last)
    assert isinstance(problem.value, FieldProblems)
    assert set(problem.value.problems) == {field}


def test_an_absence_may_have_begun_before_it_is_recorded(county: County, now: datetime) -> None:
    away(county, now, day(19, 11), LAST, by=people.SENIOR)
    with county.office.look(None, now) as desk:
        assert [one.from_on for one in availability.absences(desk.session, desk.today)] == [day(19, 11)]


def cover_away(county: County, now: datetime) -> None:
    away(county, now, day(8), day(9), who=people.SECOND_MANAGER)


def cover_leaves(county: County, now: datetime) -> None:
    change_person(county, now, people.SECOND_MANAGER, leaves_on=day(11))


def cover_left(county: County, now: datetime) -> None:
    change_person(county, now, people.SECOND_MANAGER, leaves_on=day(20, 11))


def cover_deactivated(county: County, now: datetime) -> None:
    change_person(county, now, people.SECOND_MANAGER, deactivated_at=now)


@pytest.mark.parametrize(
    ("prepare", "cover", "said"),
    [
        (None, people.MANAGER, "nobody can stand in for themselves"),
        (None, people.VIEWER, "Vida Glass has no role with which they could see to it"),
        (cover_away, people.SECOND_MANAGER, "Noor Eastham is away then too: 8 December 2026 to 9 December 2026"),
        (cover_leaves, people.SECOND_MANAGER, "Noor Eastham leaves on 11 December 2026"),
        (cover_left, people.SECOND_MANAGER, "Noor Eastham left on 20 November 2026"),
        (cover_deactivated, people.SECOND_MANAGER, "Noor Eastham is deactivated in Slack"),
    ],
)
def test_only_somebody_who_is_here_all_the_time_and_has_a_role_can_stand_in(
    county: County, now: datetime, prepare: Callable[[County, datetime], None] | None, cover: str, said: str
) -> None:
    if prepare is not None:
        prepare(county, now)
    with refused(county.office, FieldProblems, said) as problem:
        away(county, now, FIRST, LAST, cover=cover)
    assert problem.value.field == "cover_id"


def test_a_cover_who_is_not_in_the_register_is_refused(county: County, now: datetime) -> None:
    with (
        refused(county.office, FieldProblems, "Choose somebody who is in the register"),
        county.office.change(people.MANAGER, now) as desk,
    ):
        absence = NewAbsence(from_on=FIRST, until_on=LAST, cover_id=0)
        staff.away(desk, county.people[people.MANAGER], absence)


def test_a_cover_may_be_away_before_and_after(county: County, now: datetime) -> None:
    away(county, now, day(30, 11), day(30, 11), who=people.SECOND_MANAGER)
    away(county, now, day(14), day(15), who=people.SECOND_MANAGER)
    away(county, now, FIRST, LAST, cover=people.SECOND_MANAGER)
    assert absences(county, now) == [(FIRST, LAST, people.SECOND_MANAGER)]


def test_somebody_who_is_gone_is_not_away(county: County, now: datetime) -> None:
    change_person(county, now, people.MANAGER, deactivated_at=now)
    with refused(county.office, Refusal, "Mabel Eastwood is not here any more. Hand over what they own"):
        away(county, now, FIRST, LAST, by=people.COMPLAINTS_MANAGER)


# --- days that overlap -------------------------------------------------------------------------------------------------


def test_the_same_again_is_answered_politely(county: County, now: datetime) -> None:
    away(county, now, FIRST, LAST, cover=people.SECOND_MANAGER)
    for cover in (people.SECOND_MANAGER, None):
        with refused(
            county.office,
            AlreadyDone,
            "You are down as away 1 December 2026 to 12 December 2026, with Noor Eastham standing in already",
        ):
            away(county, now, FIRST, LAST, cover=cover)


@pytest.mark.parametrize("cover", [people.SECOND_MANAGER, None])
def test_a_longer_absence_takes_in_the_shorter_and_keeps_who_stands_in(
    county: County, now: datetime, cover: str | None
) -> None:
    away(county, now, FIRST, LAST, cover=people.SECOND_MANAGER)
    away(county, now, day(10), day(20), cover=cover)
    assert absences(county, now) == [(FIRST, day(20), people.SECOND_MANAGER)]


def test_one_that_has_begun_is_made_longer_and_its_cover_is_not_told_again(county: County, now: datetime) -> None:
    away(county, now, TODAY, LAST, cover=people.SECOND_MANAGER)
    away(county, now + timedelta(days=2), day(10), day(20), cover=people.SECOND_MANAGER)
    assert absences(county, now) == [(TODAY, day(20), people.SECOND_MANAGER)]
    assert len(told(county, now)) == 1


def test_another_cover_takes_over_from_the_first_of_the_new_days(county: County, now: datetime) -> None:
    away(county, now, FIRST, LAST, cover=people.SECOND_MANAGER)
    away(county, now, day(7), day(20), cover=people.HANDLER)
    assert absences(county, now) == [(FIRST, day(6), people.SECOND_MANAGER), (day(7), day(20), people.HANDLER)]


def test_another_cover_takes_over_today_in_an_absence_that_has_begun(county: County, now: datetime) -> None:
    away(county, now, day(20, 11), LAST, by=people.SENIOR)
    away(county, now, day(20, 11), LAST, cover=people.SECOND_MANAGER, by=people.SENIOR)
    assert absences(county, now) == [(day(20, 11), day(22, 11), None), (TODAY, LAST, people.SECOND_MANAGER)]
    assert told(county, now) == [(county.people[people.SECOND_MANAGER], now)]


def test_another_cover_for_all_of_it_takes_its_place(county: County, now: datetime) -> None:
    away(county, now, FIRST, LAST, cover=people.SECOND_MANAGER)
    away(county, now, FIRST, day(14), cover=people.HANDLER)
    assert absences(county, now) == [(FIRST, day(14), people.HANDLER)]


def test_another_cover_for_the_middle_of_it_is_refused_in_plain_words(county: County, now: datetime) -> None:
    away(county, now, FIRST, LAST, cover=people.SECOND_MANAGER)
    with refused(
        county.office,
        FieldProblems,
        "You are down as away 1 December 2026 to 12 December 2026, with Noor Eastham standing in. Choose 12 December 2026 or "
        "a later day, or end that absence first.",
    ):
        away(county, now, day(7), day(9), cover=people.HANDLER)


def test_absences_of_one_person_never_overlap_whatever_is_said_in_which_order(county: County, now: datetime) -> None:
    covers = [None, people.SECOND_MANAGER, people.HANDLER]
    for number in range(60):
        moment = now + timedelta(days=number // 6)
        first = moment.date() + timedelta(days=number * 7 % 11 - 4)
        last = first + timedelta(days=number * 5 % 9)
        try:
            away(county, moment, first, last, cover=covers[number % 3], by=people.COMPLAINTS_MANAGER)
        except Refusal:
            continue
    found = absences(county, now)
    assert len(found) > 2
    for earlier, later in itertools.pairwise(found):
        assert earlier[1] < later[0]


# --- back --------------------------------------------------------------------------------------------------------------


def test_who_is_back_is_at_work_today_and_can_take_work(county: County, now: datetime) -> None:
    away(county, now, TODAY, LAST)
    later = now + timedelta(days=3)
    with county.office.change(people.MANAGER, later) as desk:
        staff.back(desk, county.people[people.MANAGER])
    assert absences(county, later) == [(TODAY, TODAY + timedelta(days=2), None)]
    with county.office.look(None, later) as desk:
        assert availability.can_take(desk.session, county.people[people.MANAGER], desk.today)
    with (
        refused(county.office, AlreadyDone, "You are not down as away today. There is nothing to do"),
        county.office.change(people.MANAGER, later) as desk,
    ):
        staff.back(desk, county.people[people.MANAGER])


def test_who_comes_back_on_the_first_day_was_never_away(county: County, now: datetime) -> None:
    away(county, now, TODAY, LAST)
    with county.office.change(people.MANAGER, now) as desk:
        staff.back(desk, county.people[people.MANAGER])
    assert absences(county, now) == []


def test_being_back_leaves_what_is_planned_as_it_is_and_that_can_be_taken_back(county: County, now: datetime) -> None:
    away(county, now, TODAY, day(27, 11))
    away(county, now, FIRST, LAST)
    number = county.people[people.MANAGER]
    with county.office.change(people.MANAGER, now + timedelta(days=1)) as desk:
        staff.back(desk, number)
    assert absences(county, now) == [(TODAY, TODAY, None), (FIRST, LAST, None)]
    with county.office.change(people.MANAGER, now + timedelta(days=1)) as desk:
        staff.stays(desk, number)
    assert absences(county, now) == [(TODAY, TODAY, None)]
    with (
        refused(county.office, AlreadyDone, "No absence is planned for you"),
        county.office.change(people.MANAGER, now + timedelta(days=1)) as desk,
    ):
        staff.stays(desk, number)


def test_nobody_away_is_a_candidate_while_they_are(county: County, now: datetime) -> None:
    away(county, now, TODAY, LAST)
    with county.office.look(None, now) as desk:
        line = desk.teams.line(county.teams["East"])
        found = [one.who.name for one in persons.candidates(desk.session, line, desk.today)]
    assert found == ["Noor Eastham"]
