from datetime import date

import pytest

from storage.procedures import Certainty, Post, StageRole
from storage.vacancies import Term, most_at_once, vacancy, waits
from storage.workdays import WorkingDays

MONDAY = date(2026, 11, 2)


def post(count: int = 1, within: int = 5) -> Post:
    return Post(
        role=StageRole.PANEL_MEMBER,
        title="Panel member",
        count=count,
        within=within,
        certainty=Certainty.PRACTICE,
        source="invented for a test",
    )


def day(number: int) -> date:
    return date(2026, 11, number)


@pytest.mark.parametrize(
    ("today", "days_empty", "overdue_since"),
    [
        (day(2), 0, None),
        (day(9), 5, None),
        (day(10), 6, day(10)),
        (day(14), 9, day(10)),
    ],
)
def test_an_empty_post_is_overdue_once_its_time_has_passed(
    calendar: WorkingDays, today: date, days_empty: int, overdue_since: date | None
) -> None:
    found = vacancy(post(), [], began=MONDAY, today=today, calendar=calendar)
    assert found is not None
    assert (found.missing, found.since, found.expected_by) == (1, MONDAY, day(9))
    assert (found.days_empty, found.overdue_since) == (days_empty, overdue_since)


def test_a_post_that_is_held_is_not_empty(calendar: WorkingDays) -> None:
    assert vacancy(post(), [Term(1, day(3), None)], began=MONDAY, today=day(20), calendar=calendar) is None


def test_a_post_is_empty_again_from_the_day_somebody_stood_down(calendar: WorkingDays) -> None:
    terms = [Term(1, day(3), day(12))]
    found = vacancy(post(), terms, began=MONDAY, today=day(16), calendar=calendar)
    assert found is not None
    assert (found.since, found.days_empty, found.overdue_since) == (day(12), 2, None)


def test_of_two_seats_the_one_that_was_empty_longest_counts(calendar: WorkingDays) -> None:
    terms = [Term(1, day(3), day(12))]
    found = vacancy(post(count=2), terms, began=MONDAY, today=day(16), calendar=calendar)
    assert found is not None
    assert (found.missing, found.since) == (2, MONDAY)


def test_the_wait_before_each_appointment_is_counted_from_when_its_seat_became_empty(calendar: WorkingDays) -> None:
    terms = [Term("b", day(16), None), Term("a", day(4), day(12)), Term("c", day(6), None)]
    assert waits(post(count=2), terms, began=MONDAY, calendar=calendar) == {"a": 2, "b": 2, "c": 4}


@pytest.mark.parametrize(
    ("since", "most"),
    [(day(2), 2), (day(8), 2), (day(9), 1), (day(12), 0)],
)
def test_how_many_held_a_post_at_once(since: date, most: int) -> None:
    terms = [Term(1, day(3), day(9)), Term(2, day(6), day(12)), Term(3, day(4), day(4))]
    assert most_at_once(terms, since) == most
