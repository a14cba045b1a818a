"""Pauses of the clock: what they stop, how they end, and that the due date is the one anybody would count day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from storage.clocks import Counting, Happening
from storage.vocabulary import Band, EventKind
from storage.workdays import CountFrom
from tests.storage.clock_cases import (
    CALENDAR,
    COUNTINGS,
    DAY,
    SHIPPED,
    History,
    as_events,
    extended,
    histories,
    of_events,
    paused,
    responded,
    resumed,
    stage,
    step,
)

DUE = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("first", "until", "due"),
    [
        (date(2026, 11, 4), date(2026, 11, 6), date(2026, 11, 18)),
        (date(2026, 11, 7), date(2026, 11, 9), DUE),
        (DAY, date(2026, 11, 3), DUE),
        (DUE, date(2026, 11, 17), date(2026, 11, 17)),
        (date(2026, 11, 17), date(2026, 12, 17), DUE),
        (date(2026, 10, 1), date(2026, 11, 5), date(2026, 11, 18)),
    ],
    ids=["two days", "a weekend", "day 0", "the last day", "after the due date", "from before receipt"],
)
def test_each_working_day_of_a_pause_puts_the_due_date_off_by_one(first: date, until: date, due: date) -> None:
    clock = stage("statutory", 1, paused(first, until))
    assert (clock.original_due_on, clock.due_on) == (DUE, due)


def test_days_are_shown_with_and_without_the_pause() -> None:
    clock = stage("statutory", 1, paused(date(2026, 11, 4), date(2026, 11, 11)), responded(date(2026, 11, 18)))
    assert (clock.days_taken, clock.days_net, clock.band) == (12, 7, Band.WITHIN_LIMIT)


def test_pauses_that_overlap_stop_a_day_once() -> None:
    both = stage(
        "statutory", 1, paused(date(2026, 11, 4), date(2026, 11, 10)), paused(date(2026, 11, 6), date(2026, 11, 12))
    )
    assert (
        both.due_on == stage("statutory", 1, paused(date(2026, 11, 4), date(2026, 11, 12))).due_on == date(2026, 11, 24)
    )


def test_a_pause_that_is_ended_early_stops_no_day_from_then_on() -> None:
    early = stage("statutory", 1, paused(date(2026, 11, 4), date(2026, 11, 30)), resumed(date(2026, 11, 6)))
    assert early.due_on == stage("statutory", 1, paused(date(2026, 11, 4), date(2026, 11, 6))).due_on


def test_ending_early_ends_every_pause_that_has_begun_and_none_that_comes() -> None:
    clock = stage(
        "statutory",
        1,
        paused(date(2026, 11, 4), date(2026, 11, 13)),
        paused(date(2026, 11, 5), date(2026, 11, 12)),
        paused(date(2026, 11, 11), date(2026, 11, 13)),
        resumed(date(2026, 11, 6)),
    )
    assert clock.due_on == date(2026, 11, 20)


def test_a_pause_that_was_agreed_after_the_clock_ran_again_is_a_pause_of_its_own() -> None:
    """A pause that has to go on can be asked for again: from the very day on which the first was ended."""
    events = as_events(
        [
            *History("statutory", 1, _received()).recorded,
            paused(date(2026, 11, 4), date(2026, 11, 30)),
            resumed(date(2026, 11, 6)),
            paused(date(2026, 11, 6), date(2026, 11, 11)),
        ]
    )
    assert of_events(History("statutory", 1, _received()), events).due_on == date(2026, 11, 23)


def _received() -> Happening:
    return Happening(EventKind.RECEIVED, DAY)


def test_an_extension_is_agreed_in_time_until_the_date_that_pauses_make() -> None:
    pause = paused(date(2026, 11, 4), date(2026, 11, 11))
    until = date(2026, 12, 4)
    assert stage("statutory", 1, pause, extended(date(2026, 11, 23), until)).due_on == until
    assert stage("statutory", 1, pause, extended(date(2026, 11, 24), until)).due_on == date(2026, 11, 23)


def test_a_pause_moves_the_latest_date_too() -> None:
    clock = stage("statutory", 1, paused(date(2026, 11, 4), date(2026, 11, 11)))
    assert (clock.latest_on, clock.maximum_days) == (date(2026, 12, 7), 20)


def test_an_answer_on_a_day_off_before_a_pause_has_not_been_paused_for_a_day_it_did_not_take() -> None:
    """Received and answered on one Saturday, while the clock is stopped: no day was taken, so none is left out."""
    saturday = date(2026, 11, 7)
    clock = stage("statutory", 1, paused(saturday, date(2026, 11, 20)), responded(saturday), on=saturday)
    assert (clock.days_taken, clock.days_net) == (0, 0)


def test_a_pause_does_not_put_off_the_acknowledgement() -> None:
    """DOMAIN.md, 4: nothing extends it, so that a pause can't make the days taken fewer."""
    clock = stage("corporate", 1, paused(date(2026, 11, 3), date(2026, 11, 20)), responded(date(2026, 12, 7)))
    assert (clock.counted_from, clock.days_taken, clock.days_net) == (date(2026, 11, 9), 20, 12)


def test_a_pause_at_the_end_of_the_calendar_stops_what_the_calendar_has() -> None:
    clock = stage("statutory", 1, paused(date(2030, 12, 30), date(2031, 6, 1)), on=date(2030, 11, 25))
    assert clock.due_on == date(2030, 12, 9)


@given(history=histories(), counting=COUNTINGS)
def test_counting_day_by_day_gives_the_same_dates(history: History, counting: Counting) -> None:
    clock = of_events(history, as_events(history.recorded), counting)
    if history.rules.limit.working_days is None:
        return
    counted = history if clock.ended_on is None else _up_to(history, clock.ended_on)
    anchor = clock.counted_from
    for rule, leg in zip(history.rules.legs, clock.legs, strict=True):
        assert leg.due_on == day_by_day(anchor, rule.working_days, counted, counting.count_from)
        anchor = leg.done_on or leg.due_on
    limit = history.rules.limit.working_days
    unpaused = counted.without(EventKind.PAUSED)
    assert clock.original_due_on == day_by_day(anchor, limit, unpaused, counting.count_from)
    assert clock.unextended_due_on == day_by_day(anchor, limit, counted, counting.count_from)
    if history.rules.maximum is not None:
        most = history.rules.maximum.working_days
        assert clock.latest_on == day_by_day(anchor, most, counted, counting.count_from)


def day_by_day(start: date, limit: int, history: History, count_from: CountFrom) -> date:
    """The day on which `limit` days have been counted, walking through the calendar one day at a time."""
    day = start if count_from is CountFrom.SAME_DAY else start + timedelta(days=1)
    counted = 0
    while True:
        counted += CALENDAR.is_working(day) and not _is_stopped(day, history)
        if counted == limit:
            return day
        day += timedelta(days=1)


def _is_stopped(day: date, history: History) -> bool:
    for pause in history.before:
        if pause.kind is EventKind.PAUSED and pause.until is not None and pause.on <= day < pause.until:
            early = [one.on for one in history.resumed if pause.on <= one.on <= day]
            if not early:
                return True
    return False


def _up_to(history: History, end: date) -> History:
    """What happened after the answer stops nothing."""
    return History(
        history.name,
        history.number,
        history.start,
        tuple(one for one in history.before if one.on <= end),
        tuple(one for one in history.resumed if one.on <= end),
    )


def test_no_stage_stops_for_anything_that_its_procedure_does_not_list() -> None:
    """DOMAIN.md, 4: not waiting for consent, not mediation; stage 3 not at all."""
    kinds = {
        (name, one.number): {pause.kind for pause in one.pauses}
        for name, procedure in SHIPPED.items()
        for one in procedure.stages
    }
    assert kinds == {
        ("statutory", 1): {"advocate", "court", "police", "disciplinary"},
        ("statutory", 2): {"court", "police", "disciplinary"},
        ("statutory", 3): set(),
        ("corporate", 1): {"court", "police"},
        ("corporate", 2): {"court", "police"},
        ("adults", 1): {"court", "police"},
    }


def test_a_step_stands_while_the_clock_is_stopped() -> None:
    clock = stage("statutory", 2, paused(date(2026, 11, 4), date(2026, 11, 11)), step("commenced", date(2026, 11, 5)))
    assert clock.due_on == date(2026, 12, 14)
