"""Replays what happened in a stage into its dates, days and band. Pure: the same events give the same answer, in any order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from dateutil.relativedelta import relativedelta

from storage.procedures import CountedFrom, Procedure, StageRules
from storage.vocabulary import Band, EventKind
from storage.workdays import CountFrom, WorkingDays


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the clock sees it, corrections applied: what, on which day (Europe/London).

    `until` is an extension's or an agreed response's new date, or the day a pause is to end. `step` is a dated step's key.
    `sequence` is its place in the history, 0 where nobody recorded it yet.
    """

    kind: EventKind
    on: date
    until: date | None = None
    step: str | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Counting:
    """The council's settings that clocks depend on. `from_statement`: stage 2 counts from the agreed statement."""

    count_from: CountFrom = CountFrom.NEXT_WORKING_DAY
    from_statement: bool = False


@dataclass(frozen=True, slots=True)
class LegClock:
    """A step with a limit: when it is due, reckoned from the step before it, and when it was done."""

    step: str
    title: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class StageClock:
    """A stage's dates. Limits are working days, counted from `counted_from`.

    `original_due_on` is the date before any extension or pause, `unextended_due_on` the one with pauses alone, by which an
    extension has to be approved; `due_on` is the one that counts now, `latest_on` the last day an extension can reach.
    `days_taken` and `band` are set once a response went out, `days_net` leaves pauses out; what was not responded to has none
    of them. `other_due_on` is the due date by the other way of counting where that is disputed.
    """

    started_on: date
    counted_from: date
    limit_days: int
    maximum_days: int
    original_due_on: date
    unextended_due_on: date
    due_on: date
    latest_on: date
    legs: tuple[LegClock, ...]
    next_step: str | None
    next_due_on: date
    ended_on: date | None
    is_open: bool
    days_taken: int | None
    days_net: int | None
    band: Band | None
    other_due_on: date | None = None


def replay(
    happenings: Iterable[Happening],
    *,
    procedure: Procedure,
    number: int,
    calendar: WorkingDays,
    counting: Counting = Counting(),
) -> StageClock:
    """The stage's clock after these events, in whatever order they were recorded.

    The clock starts with the stage's receipt or request and stops with its first answer; a stage that was reopened is open
    again, and what its first answer froze stays: nothing that happened or was recorded after it moves its dates.
    Raises ValueError without a start, CalendarTooShort outside the calendar.
    """
    happened = sorted(happenings, key=_order)
    ends = [happening for happening in happened if happening.kind.ends]
    is_open = len(ends) <= sum(happening.kind is EventKind.REOPENED for happening in happened)
    end = _end(ends, is_open=is_open)
    if end is not None:
        happened = [happening for happening in happened if _came_before(happening, end)]
    rules = procedure.stage(number)
    days = _Days(calendar, counting.count_from, _pauses(happened, calendar))
    started = _first(happened, EventKind.RECEIVED, EventKind.STAGE_REQUESTED)
    if started is None:
        raise ValueError("a stage without a date of receipt or request has no clock")
    counted_from = _counted_from(
        happened, started, procedure, number, days=days, from_statement=counting.from_statement
    )
    legs, anchor = _legs(happened, counted_from, rules, days)
    original, unextended, due, latest = _dates(happened, counted_from, anchor, rules, days)
    taken = net = band = None
    if end is not None and end.kind is not EventKind.NOT_PROCEEDED:
        ended = max(end.on, counted_from)
        taken = calendar.taken(counted_from, ended, counting.count_from)
        net = taken - min(taken, days.paused(counted_from, calendar.on_or_after(ended)))
        band = _band(end.on, original=unextended, due=due, latest=latest)
    waiting = next((leg for leg in legs if leg.done_on is None), None)
    return StageClock(
        started_on=started,
        counted_from=counted_from,
        limit_days=calendar.taken(counted_from, original, counting.count_from),
        maximum_days=(
            rules.maximum.working_days
            if rules.maximum and not rules.legs
            else calendar.taken(counted_from, max(original, latest), counting.count_from)
        ),
        original_due_on=original,
        unextended_due_on=unextended,
        due_on=due,
        latest_on=latest,
        legs=legs,
        next_step=waiting.step if waiting else None,
        next_due_on=waiting.due_on if waiting else due,
        ended_on=end.on if end else None,
        is_open=is_open,
        days_taken=taken,
        days_net=net,
        band=band,
        other_due_on=_other_due(happened, started, counted_from, rules, days),
    )


def _order(happening: Happening) -> tuple[date, int, str, date, str]:
    """By day, so that the order of recording makes no difference; the rest settles what happened on one day."""
    return (
        happening.on, happening.sequence, happening.kind.value, happening.until or date.max, happening.step or "",
    )  # fmt: skip


def _end(ends: Sequence[Happening], *, is_open: bool) -> Happening | None:
    """The end that counts: the first answer, which stays when a stage is opened again, else the stop that still holds.

    The first to be recorded, that is: a second answer may be dated before it and changes nothing.
    """
    recorded = sorted(ends, key=lambda end: end.sequence)
    answered = next((end for end in recorded if end.kind is not EventKind.NOT_PROCEEDED), None)
    return answered or (recorded[-1] if recorded and not is_open else None)


def _came_before(happening: Happening, end: Happening) -> bool:
    return happening.kind.starts or (happening.on <= end.on and happening.sequence <= (end.sequence or inf))


class _Days:
    """Working days, of which some don't count because the clock was stopped."""

    def __init__(self, calendar: WorkingDays, count_from: CountFrom, pauses: Sequence[tuple[date, date]]) -> None:
        self.calendar, self.count_from = calendar, count_from
        # Working days only, each once, however pauses overlap.
        self._stopped = sorted({day for start, end in pauses for day in _each(start, end) if calendar.is_working(day)})

    def paused(self, start: date, end: date) -> int:
        """How many of the days that counting from `start` up to and including `end` counts were stopped."""
        first = start if self.count_from is CountFrom.SAME_DAY else start + timedelta(days=1)
        return sum(first <= day <= end for day in self._stopped)

    def due(self, start: date, limit: int) -> date:
        """The day at whose end `limit` days that were not stopped have gone by."""
        due = self.calendar.due(start, limit, self.count_from)
        while (later := self.calendar.due(start, limit + self.paused(start, due), self.count_from)) != due:
            due = later
        return due


def _each(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=offset) for offset in range((end - start).days))


def _first(happened: Sequence[Happening], *kinds: EventKind, step: str | None = None) -> date | None:
    return next((one.on for one in happened if one.kind in kinds and one.step == step), None)


def _pauses(happened: Sequence[Happening], calendar: WorkingDays) -> list[tuple[date, date]]:
    """First day stopped and first day running again. A pause ends as decided, or on the day it was ended before that.

    One that was agreed only after the clock ran again isn't ended by that, although it may begin on that day or before.
    """
    found = []
    for pause in happened:
        if pause.kind is EventKind.PAUSED and pause.until is not None:
            resumed = (
                one.on
                for one in happened
                if one.kind is EventKind.RESUMED and one.on >= pause.on and one.sequence >= pause.sequence
            )
            found.append((pause.on, min(pause.until, next(resumed, pause.until), calendar.last_day)))
    return found


def _counted_from(
    happened: Sequence[Happening],
    started: date,
    procedure: Procedure,
    number: int,
    *,
    days: _Days,
    from_statement: bool,
) -> date:
    how = procedure.stage(number).counted_from
    if how is CountedFrom.ACKNOWLEDGEMENT:
        # Until it has been acknowledged, the clock stands as if it will be on the last day for that, which no pause moves.
        acknowledged = _first(happened, EventKind.ACKNOWLEDGED)
        return acknowledged or days.calendar.due(started, procedure.acknowledgement.working_days, days.count_from)
    if how is CountedFrom.STATEMENT or (how is CountedFrom.SETTING and from_statement):
        return _first(happened, EventKind.STEP_DONE, step=CountedFrom.STATEMENT.value) or started
    return started


def _other_due(
    happened: Sequence[Happening], started: date, counted_from: date, rules: StageRules, days: _Days
) -> date | None:
    if rules.counted_from is not CountedFrom.SETTING or rules.limit.working_days is None:
        return None
    agreed = _first(happened, EventKind.STEP_DONE, step=CountedFrom.STATEMENT.value)
    if agreed is None:
        return None
    return days.due(started if counted_from == agreed else agreed, rules.limit.working_days)


def _legs(
    happened: Sequence[Happening], counted_from: date, rules: StageRules, days: _Days
) -> tuple[tuple[LegClock, ...], date]:
    """The steps before the response, and the day from which the response itself is reckoned."""
    legs, anchor = [], counted_from
    for leg in rules.legs:
        due = days.due(anchor, leg.working_days)
        done = _first(happened, EventKind.STEP_DONE, step=leg.step)
        legs.append(LegClock(leg.step, leg.title, due, done))
        anchor = done or due
    return tuple(legs), anchor


def _dates(
    happened: Sequence[Happening], counted_from: date, anchor: date, rules: StageRules, days: _Days
) -> tuple[date, date, date, date]:
    """Original due date, the same with pauses, due date now, and the latest that may be agreed."""
    calendar = days.calendar
    if rules.limit.months is not None:
        return _agreed(happened, counted_from, rules.limit.months, calendar)
    limit = rules.limit.working_days or 0
    original = calendar.due(anchor, limit, days.count_from)
    running = days.due(anchor, limit)
    latest = days.due(anchor, rules.maximum.working_days) if rules.maximum else running
    # An extension counts as agreed only when it was approved before the original due date had passed (FIGURES.md).
    extended = [
        min(calendar.on_or_after(one.until), latest)
        for one in happened
        if one.kind is EventKind.EXTENSION_APPROVED and one.until and one.on <= running
    ]
    return original, running, max([running, *extended]), latest


def _agreed(
    happened: Sequence[Happening], counted_from: date, months: int, calendar: WorkingDays
) -> tuple[date, date, date, date]:
    """Dates agreed with the complainant; until there is one, the end of the period after which the law wants a reason.

    As with an extension, a new date counts only when it was agreed before the original one had passed (FIGURES.md).
    """
    outer = calendar.on_or_after(counted_from + relativedelta(months=months))
    agreed = [
        (one.on, calendar.on_or_after(max(one.until, counted_from)))
        for one in happened
        if one.kind is EventKind.RESPONSE_DATE_AGREED and one.until
    ]
    first = next((until for on, until in agreed if on <= outer), outer)
    due = [first, *(until for on, until in agreed if on <= first)][-1]
    original = min(first, due)
    return original, original, due, max(outer, due)


def _band(closed: date, *, original: date, due: date, latest: date) -> Band:
    if closed <= original:
        return Band.WITHIN_LIMIT
    if closed <= due:
        return Band.AGREED_EXTENSION
    if closed <= latest:
        return Band.WITHIN_MAXIMUM
    return Band.OVER_MAXIMUM
