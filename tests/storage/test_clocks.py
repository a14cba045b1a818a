from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import clocks, procedures
from storage.clocks import Counting, Happening, StageClock
from storage.vocabulary import Band, EventKind
from storage.workdays import CalendarTooShort, CountFrom, WorkingDays

CALENDAR = WorkingDays.england()
SHIPPED = procedures.shipped()
RECEIVED = date(2026, 11, 2)
DUE = date(2026, 11, 16)
MOST = date(2026, 11, 30)

DAYS = st.dates(date(2020, 1, 1), date(2029, 6, 30))
COUNTING = st.sampled_from(CountFrom)


def replay(*happenings: Happening, count_from: CountFrom = CountFrom.NEXT_WORKING_DAY) -> StageClock:
    return clocks.replay(
        happenings, procedure=SHIPPED["statutory"], number=1, calendar=CALENDAR, counting=Counting(count_from)
    )


def received(on: date = RECEIVED) -> Happening:
    return Happening(EventKind.RECEIVED, on)


def responded(on: date) -> Happening:
    return Happening(EventKind.RESPONDED, on)


def extended(on: date, until: date) -> Happening:
    return Happening(EventKind.EXTENSION_APPROVED, on, until)


def test_an_open_stage_has_dates_and_neither_days_nor_band() -> None:
    assert replay(received()) == StageClock(
        started_on=RECEIVED,
        counted_from=RECEIVED,
        limit_days=10,
        maximum_days=20,
        original_due_on=DUE,
        unextended_due_on=DUE,
        due_on=DUE,
        latest_on=MOST,
        legs=(),
        next_step=None,
        next_due_on=DUE,
        ended_on=None,
        is_open=True,
        days_taken=None,
        days_net=None,
        band=None,
    )


def test_counting_from_the_same_day_is_due_a_day_earlier() -> None:
    clock = replay(received(), responded(DUE), count_from=CountFrom.SAME_DAY)
    assert clock.original_due_on == date(2026, 11, 13)
    assert (clock.days_taken, clock.band) == (11, Band.WITHIN_MAXIMUM)


@pytest.mark.parametrize(
    ("day", "taken", "band"),
    [
        (DUE, 10, Band.WITHIN_LIMIT),
        (DUE + timedelta(days=1), 11, Band.WITHIN_MAXIMUM),
        (MOST, 20, Band.WITHIN_MAXIMUM),
        (MOST + timedelta(days=1), 21, Band.OVER_MAXIMUM),
    ],
)
def test_each_band_ends_with_its_last_day(day: date, taken: int, band: Band) -> None:
    clock = replay(received(), responded(day))
    assert (clock.ended_on, clock.days_taken, clock.band) == (day, taken, band)


def test_a_saturday_after_a_friday_due_date_is_late() -> None:
    assert replay(received(date(2026, 11, 6)), responded(date(2026, 11, 20))).band is Band.WITHIN_LIMIT
    late = replay(received(date(2026, 11, 6)), responded(date(2026, 11, 21)))
    assert (late.days_taken, late.band) == (11, Band.WITHIN_MAXIMUM)


def test_an_extension_moves_the_due_date_and_keeps_the_original() -> None:
    clock = replay(received(), extended(date(2026, 11, 10), date(2026, 11, 25)))
    assert (clock.original_due_on, clock.due_on) == (DUE, date(2026, 11, 25))


def test_an_extension_reaches_no_further_than_the_maximum() -> None:
    clock = replay(received(), extended(DUE, date(2027, 2, 1)), responded(date(2026, 12, 1)))
    assert clock.due_on == MOST
    assert clock.band is Band.OVER_MAXIMUM


def test_an_extension_never_shortens_a_stage() -> None:
    assert replay(received(), extended(date(2026, 11, 3), date(2026, 11, 5))).due_on == DUE


def test_an_extension_may_be_agreed_on_the_due_date_and_not_after_it() -> None:
    until, answered = date(2026, 11, 25), responded(date(2026, 11, 25))
    assert replay(received(), extended(DUE, until), answered).band is Band.AGREED_EXTENSION
    late = replay(received(), extended(DUE + timedelta(days=1), until), answered)
    assert (late.due_on, late.band) == (DUE, Band.WITHIN_MAXIMUM)


def test_of_two_extensions_the_later_date_counts() -> None:
    clock = replay(received(), extended(DUE, date(2026, 11, 27)), extended(DUE, date(2026, 11, 20)))
    assert clock.due_on == date(2026, 11, 27)


def test_an_extension_without_a_date_extends_nothing() -> None:
    assert replay(received(), Happening(EventKind.EXTENSION_APPROVED, DUE)).due_on == DUE


def test_a_stage_that_did_not_proceed_has_ended_without_days_or_band() -> None:
    clock = replay(received(), Happening(EventKind.NOT_PROCEEDED, date(2026, 12, 24)))
    assert (clock.ended_on, clock.days_taken, clock.band) == (date(2026, 12, 24), None, None)


def test_what_has_no_clock_moves_none() -> None:
    kinds = (
        EventKind.ALLOCATED,
        EventKind.CLAIMED,
        EventKind.ACKNOWLEDGED,
        EventKind.ACTION_ADDED,
        EventKind.ACTION_DONE,
    )
    assert replay(received(), *(Happening(kind, DUE) for kind in kinds)) == replay(received())


def test_without_a_day_of_receipt_there_is_no_clock() -> None:
    with pytest.raises(ValueError, match="date of receipt"):
        replay(responded(DUE))


def test_a_stage_received_before_the_calendar_has_no_clock() -> None:
    with pytest.raises(CalendarTooShort):
        replay(received(date(2005, 12, 30)))


@given(
    start=DAYS,
    extensions=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=3),
    answer=st.integers(0, 70) | st.none(),
    count_from=COUNTING,
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_recording_makes_no_difference(
    start: date, extensions: list[tuple[int, int]], answer: int | None, count_from: CountFrom, order: Any
) -> None:
    happenings = [received(start)]
    happenings += [extended(start + timedelta(days=on), start + timedelta(days=to)) for on, to in extensions]
    if answer is not None:
        happenings.append(responded(start + timedelta(days=answer)))
    shuffled = list(happenings)
    order.shuffle(shuffled)
    assert replay(*shuffled, count_from=count_from) == replay(*happenings, count_from=count_from)


@given(start=DAYS, answer=st.integers(0, 70), until=st.integers(0, 70), count_from=COUNTING)
def test_bands_and_days_taken_never_disagree(start: date, answer: int, until: int, count_from: CountFrom) -> None:
    """FIGURES.md defines the bands by days taken; the replay decides them by dates. They must be one definition."""
    clock = replay(
        received(start),
        extended(start, start + timedelta(days=until)),
        responded(start + timedelta(days=answer)),
        count_from=count_from,
    )
    assert clock.days_taken is not None
    agreed = CALENDAR.taken(start, clock.due_on, count_from)
    expected = (
        Band.WITHIN_LIMIT
        if clock.days_taken <= 10
        else Band.AGREED_EXTENSION
        if clock.days_taken <= agreed
        else Band.WITHIN_MAXIMUM
        if clock.days_taken <= 20
        else Band.OVER_MAXIMUM
    )
    assert clock.band is expected
    assert clock.original_due_on <= clock.due_on
