"""The working-day calendar against vectors, a loop over single days, another package, and the law's oddities."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.workdays import CalendarTooShort, CountFrom, WorkingDays

ENGLAND = WorkingDays.england()
NEXT, SAME = CountFrom.NEXT_WORKING_DAY, CountFrom.SAME_DAY
DAY = timedelta(days=1)
VECTORS = Path(__file__).parent / "data" / "working_day_vectors.csv"

days = st.dates(date(2006, 6, 1), date(2029, 6, 1))
both = st.sampled_from(CountFrom)


def loop_add(day: date, n: int) -> date:
    """The n-th working day after (or before) `day`, one day at a time."""
    step = DAY if n > 0 else -DAY
    while n:
        day += step
        if ENGLAND.is_working(day):
            n -= 1 if n > 0 else -1
    return day


def vectors() -> list[tuple[str, date, int, CountFrom, date]]:
    with VECTORS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        (
            row["received"],
            date.fromisoformat(row["received"]),
            int(column.removeprefix("due").removesuffix("_same_day")),
            SAME if column.endswith("_same_day") else NEXT,
            date.fromisoformat(due),
        )
        for row in rows
        for column, due in row.items()
        if column != "received"
    ]


def test_there_are_vectors_for_both_ways_of_counting() -> None:
    counted = [count_from for *_, count_from, _ in vectors()]
    assert (counted.count(NEXT), counted.count(SAME)) == (32, 16)


@pytest.mark.parametrize(("label", "received", "limit", "count_from", "due"), vectors())
def test_a_due_date_is_the_one_two_other_programs_computed(
    label: str, received: date, limit: int, count_from: CountFrom, due: date
) -> None:
    assert ENGLAND.due(received, limit, count_from) == due, label
    assert ENGLAND.taken(received, due, count_from) == limit
    assert ENGLAND.taken(received, due + DAY, count_from) == limit + 1
    assert ENGLAND.days_left(received, due) == limit - (count_from is SAME and ENGLAND.is_working(received))


@given(day=days, n=st.integers(-90, 90).filter(bool))
def test_adding_agrees_with_a_loop_over_single_days(day: date, n: int) -> None:
    assert ENGLAND.add(day, n) == loop_add(day, n)


@given(a=days, length=st.integers(0, 200))
def test_counting_agrees_with_a_loop_over_single_days(a: date, length: int) -> None:
    b = a + length * DAY
    looped = sum(ENGLAND.is_working(a + i * DAY) for i in range(1, length + 1))
    assert ENGLAND.between(a, b) == looped
    assert ENGLAND.between(b, a) == -looped


@given(received=days, length=st.integers(0, 120), limit=st.integers(1, 80), count_from=both)
def test_a_reply_is_within_the_limit_exactly_when_it_went_by_the_due_date(
    received: date, length: int, limit: int, count_from: CountFrom
) -> None:
    closed = received + length * DAY
    in_time = closed <= ENGLAND.due(received, limit, count_from)
    assert (ENGLAND.taken(received, closed, count_from) <= limit) is in_time


@given(received=days, length=st.integers(0, 120))
def test_only_a_reply_on_the_day_of_receipt_keeps_a_limit_of_no_days(received: date, length: int) -> None:
    closed = received + length * DAY
    assert ENGLAND.due(received, 0) == received
    assert (ENGLAND.taken(received, closed) <= 0) is (closed == received)


@given(received=days, limit=st.integers(1, 80), count_from=both, offset=st.integers(0, 120))
def test_days_left_and_days_taken_always_add_up_to_the_limit(
    received: date, limit: int, count_from: CountFrom, offset: int
) -> None:
    due = ENGLAND.due(received, limit, count_from)
    today = due + offset * DAY
    overdue = ENGLAND.taken(received, today, count_from) - limit
    assert ENGLAND.days_left(today, due) == -overdue


@given(today=days, due=days)
def test_no_days_are_left_on_the_due_day_and_on_no_other(today: date, due: date) -> None:
    left = ENGLAND.days_left(today, due)
    assert (left == 0) is (today == due)
    assert (left < 0) is (today > due)


@given(day=days)
def test_the_neighbouring_working_days_agree_with_a_loop(day: date) -> None:
    assert ENGLAND.next_working(day) == loop_add(day, 1)
    assert ENGLAND.on_or_after(day) == (day if ENGLAND.is_working(day) else loop_add(day, 1))
    assert ENGLAND.add(day, 0) == ENGLAND.on_or_after(day)


def test_a_reply_on_the_day_of_receipt_took_no_days_unless_that_day_is_day_one() -> None:
    tuesday, saturday = date(2026, 11, 24), date(2026, 11, 28)
    assert ENGLAND.taken(tuesday, tuesday, NEXT) == 0
    assert ENGLAND.taken(tuesday, tuesday, SAME) == 1
    assert ENGLAND.taken(saturday, saturday, NEXT) == 0
    assert ENGLAND.taken(saturday, saturday, SAME) == 0


def test_both_ways_of_counting_agree_on_what_arrived_on_a_day_off() -> None:
    saturday = date(2023, 5, 6)
    assert ENGLAND.due(saturday, 10, NEXT) == ENGLAND.due(saturday, 10, SAME) == date(2023, 5, 22)


def test_what_was_due_on_friday_is_overdue_by_one_day_until_monday_ends() -> None:
    friday = date(2026, 11, 20)
    assert [ENGLAND.days_left(friday + i * DAY, friday) for i in range(-1, 6)] == [1, 0, -1, -1, -1, -2, -3]


@pytest.mark.parametrize(("limit", "count_from"), [(-1, NEXT), (-1, SAME), (0, SAME)])
def test_a_limit_nobody_could_keep_is_refused(limit: int, count_from: CountFrom) -> None:
    with pytest.raises(ValueError, match=f"A limit of {limit} working days cannot be kept"):
        ENGLAND.due(date(2026, 11, 24), limit, count_from)


def test_nothing_is_closed_before_it_is_received() -> None:
    with pytest.raises(ValueError, match="closed on 23 November 2026, before it was received on 24 November 2026"):
        ENGLAND.taken(date(2026, 11, 24), date(2026, 11, 23))


def test_the_holidays_package_agrees_on_every_weekday_from_2012_to_2028() -> None:
    theirs = holidays.country_holidays("GB", subdiv="ENG", years=range(2012, 2029))
    span = (date(2028, 12, 31) - date(2012, 1, 1)).days + 1
    weekdays = [day for day in (date(2012, 1, 1) + i * DAY for i in range(span)) if day.weekday() < 5]
    assert len(weekdays) > 4400
    assert [day for day in weekdays if ENGLAND.is_working(day) is (day in theirs)] == []


@pytest.mark.parametrize(
    ("why", "day", "working"),
    [
        ("the royal wedding of 2011", date(2011, 4, 29), False),
        ("spring bank holiday of 2012, moved to June", date(2012, 6, 4), False),
        ("the diamond jubilee", date(2012, 6, 5), False),
        ("the last Monday of May 2012, from which it was moved", date(2012, 5, 28), True),
        ("early May bank holiday of 2020, moved to VE day", date(2020, 5, 8), False),
        ("the first Monday of May 2020, from which it was moved", date(2020, 5, 4), True),
        ("spring bank holiday of 2022, moved to June", date(2022, 6, 2), False),
        ("the platinum jubilee", date(2022, 6, 3), False),
        ("the last Monday of May 2022, from which it was moved", date(2022, 5, 30), True),
        ("the state funeral, announced ten days before", date(2022, 9, 19), False),
        ("the coronation", date(2023, 5, 8), False),
        ("Good Friday", date(2027, 3, 26), False),
        ("Easter Monday", date(2027, 3, 29), False),
        ("Christmas Day on a Sunday, and so Tuesday the 27th too", date(2022, 12, 27), False),
        ("Boxing Day on a Saturday, and so Monday the 28th too", date(2026, 12, 28), False),
        ("a day between Christmas and New Year", date(2026, 12, 29), True),
        ("a Saturday", date(2026, 11, 28), False),
        ("a Sunday", date(2026, 11, 29), False),
    ],
)
def test_the_oddities_of_the_calendar_are_kept(why: str, day: date, *, working: bool) -> None:
    assert ENGLAND.is_working(day) is working, why


def test_a_holiday_announced_late_moves_a_due_date_and_leaves_the_old_calendar_alone() -> None:
    received, announced = date(2026, 11, 16), date(2026, 11, 27)
    later = ENGLAND.with_extra([announced])
    assert ENGLAND.due(received, 10) == date(2026, 11, 30)
    assert later.due(received, 10) == date(2026, 12, 1)
    assert WorkingDays.england([announced]).due(received, 10) == date(2026, 12, 1)


def test_closure_days_between_christmas_and_new_year_count_only_where_a_procedure_honours_them() -> None:
    received = date(2026, 12, 18)
    closed = ENGLAND.with_closures(date(2026, 12, day) for day in (29, 30, 31))
    assert ENGLAND.due(received, 10) == date(2027, 1, 6)
    assert closed.due(received, 10) == date(2027, 1, 11)


def test_a_closure_on_a_weekend_changes_nothing() -> None:
    weekend = [date(2026, 11, 28), date(2026, 11, 29)]
    assert ENGLAND.with_closures(weekend).due(date(2026, 11, 24), 10) == ENGLAND.due(date(2026, 11, 24), 10)


TOO_LATE: list[Callable[[], object]] = [
    lambda: ENGLAND.is_working(date(2031, 1, 1)),
    lambda: ENGLAND.add(date(2030, 12, 31), 1),
    lambda: ENGLAND.next_working(date(2030, 12, 31)),
    lambda: ENGLAND.due(date(2030, 12, 20), 10),
    lambda: ENGLAND.due(date(2031, 1, 1), 0),
    lambda: ENGLAND.taken(date(2030, 12, 20), date(2031, 1, 2)),
    lambda: ENGLAND.between(date(2030, 12, 20), date(2031, 1, 2)),
    lambda: ENGLAND.days_left(date(2031, 1, 2), date(2031, 1, 2)),
    lambda: ENGLAND.with_extra([date(2031, 1, 2)]),
]


@pytest.mark.parametrize("ask", TOO_LATE)
def test_a_date_after_the_calendar_is_refused_with_what_to_do(ask: Callable[[], object]) -> None:
    with pytest.raises(CalendarTooShort, match=r"reaches 31 December 2030 .* ask whoever runs this app to update it"):
        ask()


TOO_EARLY: list[Callable[[], object]] = [
    lambda: ENGLAND.is_working(date(2005, 12, 31)),
    lambda: ENGLAND.add(date(2006, 1, 3), -1),
    lambda: ENGLAND.on_or_after(date(2005, 12, 31)),
    lambda: ENGLAND.between(date(2005, 12, 31), date(2006, 1, 3)),
    lambda: ENGLAND.with_closures([date(2005, 12, 28)]),
]


@pytest.mark.parametrize("ask", TOO_EARLY)
def test_a_date_before_the_calendar_is_refused_rather_than_counted_from_its_end(ask: Callable[[], object]) -> None:
    with pytest.raises(CalendarTooShort, match=r"starts on 1 January 2006 .* Check that the year is right\."):
        ask()


def test_the_calendar_says_how_far_it_reaches() -> None:
    assert (ENGLAND.first_day, ENGLAND.last_day) == (date(2006, 1, 1), date(2030, 12, 31))
    assert ENGLAND.is_working(ENGLAND.last_day)
    assert not ENGLAND.is_working(ENGLAND.first_day)
