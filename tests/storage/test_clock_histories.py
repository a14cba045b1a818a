"""What holds of the clock whatever happened, at every stage of every procedure."""

from dataclasses import asdict
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storage import timeline
from storage.clocks import Counting, Happening, StageClock
from storage.vocabulary import Band, EventKind
from tests.storage.clock_cases import (
    CALENDAR,
    COUNTINGS,
    History,
    as_events,
    corrected,
    histories,
    in_another_order,
    of_events,
)

pytestmark = pytest.mark.slow

RANDOM = st.randoms(use_true_random=False)
PAUSES = (EventKind.PAUSED, EventKind.RESUMED)
# What can be recorded once a stage has been answered, whether it was opened again or not.
LATER = st.builds(
    Happening,
    kind=st.sampled_from(sorted(set(EventKind) - {kind for kind in EventKind if kind.starts} - {EventKind.CORRECTED})),
    on=st.dates(date(2019, 1, 1), date(2028, 6, 30)),
    until=st.none() | st.dates(date(2019, 1, 1), date(2028, 12, 31)),
    step=st.sampled_from(["statement_agreed", "panel_met", "report_received"]),
)


def dates(clock: StageClock) -> dict[str, Any]:
    """All that a clock says but whether there is work to do."""
    return {name: value for name, value in asdict(clock).items() if name != "is_open"}


@given(history=histories(), counting=COUNTINGS, random=RANDOM)
def test_the_order_of_recording_makes_no_difference(history: History, counting: Counting, random: Random) -> None:
    clock = of_events(history, as_events(history.recorded), counting)
    assert of_events(history, in_another_order(history, random), counting) == clock
    shuffled = as_events(history.recorded)
    random.shuffle(shuffled)
    assert of_events(history, shuffled, counting) == clock


@given(history=histories(), counting=COUNTINGS, random=RANDOM)
def test_what_nobody_has_recorded_yet_is_replayed_alike_in_any_order(
    history: History, counting: Counting, random: Random
) -> None:
    shuffled = history.recorded
    random.shuffle(shuffled)
    assert history.replay(shuffled, counting) == history.clock(counting)


@given(history=histories(), counting=COUNTINGS)
def test_dates_stand_in_their_order_and_an_open_stage_has_neither_days_nor_band(
    history: History, counting: Counting
) -> None:
    clock = of_events(history, as_events(history.recorded), counting)
    assert clock.started_on <= clock.original_due_on <= clock.unextended_due_on <= clock.due_on <= clock.latest_on
    assert (clock.days_taken is None) == (clock.band is None) == (clock.days_net is None)
    assert clock.band is None or clock.ended_on is not None
    ends = sum(one.kind.ends for one in history.after)
    assert clock.is_open == (ends <= sum(one.kind is EventKind.REOPENED for one in history.after))


@given(history=histories(ended=True), counting=COUNTINGS)
def test_net_days_are_never_more_than_days_and_never_below_none(history: History, counting: Counting) -> None:
    clock = of_events(history, as_events(history.recorded), counting)
    assert clock.days_taken is not None
    assert clock.days_net is not None
    assert 0 <= clock.days_net <= clock.days_taken
    unpaused = of_events(history, as_events(history.without(*PAUSES).recorded), counting)
    assert unpaused.days_net == unpaused.days_taken == clock.days_taken


@given(history=histories(), counting=COUNTINGS)
def test_a_pause_never_shortens_and_never_moves_the_original_date(history: History, counting: Counting) -> None:
    clock = of_events(history, as_events(history.recorded), counting)
    unpaused = of_events(history, as_events(history.without(*PAUSES).recorded), counting)
    assert clock.original_due_on == unpaused.original_due_on
    assert clock.unextended_due_on >= unpaused.unextended_due_on
    assert clock.due_on >= unpaused.due_on
    assert clock.latest_on >= unpaused.latest_on


@given(history=histories(ended=True), counting=COUNTINGS)
def test_the_band_agrees_with_the_days(history: History, counting: Counting) -> None:
    """FIGURES.md defines the bands by days taken; the replay decides them by dates. Without pauses they are one definition."""
    clock = of_events(history, as_events(history.without(*PAUSES).recorded), counting)
    assert clock.days_taken is not None
    most = CALENDAR.taken(clock.counted_from, max(clock.counted_from, clock.latest_on), counting.count_from)
    on_time = CALENDAR.taken(clock.counted_from, max(clock.counted_from, clock.due_on), counting.count_from)
    expected = (
        Band.WITHIN_LIMIT
        if clock.days_taken <= clock.limit_days
        else Band.AGREED_EXTENSION
        if clock.days_taken <= on_time
        else Band.WITHIN_MAXIMUM
        if clock.days_taken <= most
        else Band.OVER_MAXIMUM
    )
    assert clock.band is expected


@given(history=histories(ended=True), counting=COUNTINGS)
def test_with_pauses_the_band_agrees_with_the_net_days(history: History, counting: Counting) -> None:
    assume(not history.rules.limit.agreed)
    clock = of_events(history, as_events(history.recorded), counting)
    assert clock.days_net is not None
    if clock.band is Band.WITHIN_LIMIT:
        assert clock.days_net <= clock.limit_days
    elif not _stopped_after_due(history):
        assert clock.days_net > clock.limit_days


def _stopped_after_due(history: History) -> bool:
    """A clock that stopped only after its date had passed, and had not run again when the answer went out, counts no day."""
    end = history.after[0]
    return any(one.kind is EventKind.PAUSED and one.on <= CALENDAR.on_or_after(end.on) for one in history.before)


@given(history=histories(ended=True), counting=COUNTINGS, later=st.lists(LATER, min_size=1, max_size=5))
def test_what_is_recorded_after_the_answer_moves_nothing_that_was_frozen(
    history: History, counting: Counting, later: list[Happening]
) -> None:
    before = of_events(history, as_events(history.recorded), counting)
    after = of_events(history, as_events([*history.recorded, *later]), counting)
    assert dates(after) == dates(before)


@given(history=histories(ended=True), counting=COUNTINGS, data=st.data())
def test_a_correction_is_as_if_it_had_been_recorded_rightly(history: History, counting: Counting, data: Any) -> None:
    recorded = history.recorded
    fields = {timeline.RECEIVED: 0}
    for place, one in enumerate(recorded):
        if one.kind is EventKind.ACKNOWLEDGED:
            fields[timeline.ACKNOWLEDGED] = place
        elif one.kind is EventKind.STEP_DONE:
            fields[timeline.step_field(one.step or "")] = place
    fields[timeline.ENDED] = next(place for place, one in enumerate(recorded) if one.kind.ends)
    field = data.draw(st.sampled_from(sorted(fields)))
    right = recorded[fields[field]].on + timedelta(days=data.draw(st.integers(-20, 20)))
    # The register corrects nothing to before the start, and the start to nothing after the end.
    end = recorded[fields[timeline.ENDED]].on
    assume(right <= end if field == timeline.RECEIVED else right >= history.start.on)
    rightly = as_events(recorded)
    rightly[fields[field]].happened_on = right
    events = [*as_events(recorded), corrected(field, right, sequence=len(recorded) + 1)]
    assert of_events(history, events, counting) == of_events(history, rightly, counting)


@given(history=histories(), counting=COUNTINGS)
def test_of_two_corrections_of_one_date_the_later_counts(history: History, counting: Counting) -> None:
    count = len(history.recorded)
    first = corrected(timeline.RECEIVED, history.start.on - timedelta(days=9), sequence=count + 1)
    second = corrected(timeline.RECEIVED, history.start.on, sequence=count + 2)
    clock = of_events(history, as_events(history.recorded), counting)
    assert of_events(history, [*as_events(history.recorded), first, second], counting) == clock
