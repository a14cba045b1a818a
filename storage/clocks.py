"""Replays what happened in a stage into its dates, days taken and band. Pure: the same events give the same answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from storage.procedures import StageRules
from storage.vocabulary import Band, EventKind
from storage.workdays import CountFrom, WorkingDays

_ENDS = {EventKind.RESPONDED, EventKind.NOT_PROCEEDED}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as the clock sees it: what, on which day (Europe/London), and for an extension its new date."""

    kind: EventKind
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class StageClock:
    """`due_on` is the date that counts now, `original_due_on` the one before any extension. Limits are working days.

    `days_taken` and `band` are set for a stage that was responded to; one that did not proceed has neither.
    """

    started_on: date
    limit_days: int
    maximum_days: int
    original_due_on: date
    due_on: date
    ended_on: date | None
    days_taken: int | None
    band: Band | None


def replay(
    happenings: Iterable[Happening], *, rules: StageRules, calendar: WorkingDays, count_from: CountFrom
) -> StageClock:
    """The stage's clock after these events, in whatever order they were recorded.

    The clock starts with RECEIVED (the stage's receipt) and stops with a response or with the stage not proceeding.
    Raises ValueError without a RECEIVED, CalendarTooShort outside the calendar.
    """
    ordered = sorted(happenings, key=lambda happening: happening.on)
    received = next((happening.on for happening in ordered if happening.kind is EventKind.RECEIVED), None)
    if received is None:
        raise ValueError("a stage without a date of receipt has no clock")
    limit, maximum = rules.limit.working_days, rules.maximum.working_days
    original = calendar.due(received, limit, count_from)
    latest = calendar.due(received, maximum, count_from)
    # An extension counts as agreed only when it was approved before the original due date had passed (FIGURES.md).
    agreed = [
        min(calendar.on_or_after(happening.until), latest)
        for happening in ordered
        if happening.kind is EventKind.EXTENSION_APPROVED and happening.until and happening.on <= original
    ]
    due = max([original, *agreed])
    end = next((happening for happening in ordered if happening.kind in _ENDS), None)
    taken = band = None
    if end is not None and end.kind is EventKind.RESPONDED:
        taken = calendar.taken(received, end.on, count_from)
        band = _band(end.on, original=original, due=due, latest=latest)
    return StageClock(received, limit, maximum, original, due, end.on if end else None, taken, band)


def _band(closed: date, *, original: date, due: date, latest: date) -> Band:
    if closed <= original:
        return Band.WITHIN_LIMIT
    if closed <= due:
        return Band.AGREED_EXTENSION
    if closed <= latest:
        return Band.WITHIN_MAXIMUM
    return Band.OVER_MAXIMUM
