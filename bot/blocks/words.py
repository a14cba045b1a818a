"""Dates and days as people say them. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.dates import in_words
from storage.figures import Mean, Median, Rate, Share, Value, Withheld
from storage.figures.change import Change
from storage.figures.suppression import WITH_IT
from storage.vocabulary import Band

LONDON = ZoneInfo("Europe/London")
NONE = "–"
_BANDS = {
    Band.WITHIN_LIMIT: "within the limit",
    Band.AGREED_EXTENSION: "within the agreed extension",
    Band.WITHIN_MAXIMUM: "over the limit, within the maximum",
    Band.OVER_MAXIMUM: "over the maximum",
}


def days(count: int) -> str:
    """`1 working day`, `4 working days`."""
    return f"{count} working day{'' if count == 1 else 's'}"


def left(days_left: int) -> str:
    """How a due date stands: `4 working days left`, `due today`, `2 working days overdue`."""
    if days_left > 0:
        return f"{days(days_left)} left"
    return "due today" if days_left == 0 else f"{days(-days_left)} overdue"


def due(due_on: date, days_left: int) -> str:
    return f"{in_words(due_on)} ({left(days_left)})"


def took(taken: int, limit: int, band: Band, *, paused: str = "") -> str:
    """How long a stage took and how that stands to its limit; `paused` goes with the number of days."""
    said = f"It took {days(taken)}{paused}, {_BANDS[band]}"
    return f"{said} of {limit}." if band is Band.WITHIN_LIMIT else f"{said}; the limit is {limit}."


def clock(instant: datetime) -> str:
    """`10:42 on 24 November 2026`, in Europe/London."""
    local = instant.astimezone(LONDON)
    return f"{local:%H:%M} on {in_words(local.date())}"


def listed(names: list[str]) -> str:
    """`East`, `East and West`, `East, West and Fostering`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def shown(value: Value) -> str:
    """A figure as people read it: shares with their numerator and denominator, nothing of nothing as a dash."""
    match value:
        case Withheld():
            return value.shown
        case Share():
            return NONE if value.percent is None else f"{value.percent} % ({value.part:,} of {value.whole:,})"
        case Rate():
            return NONE if value.tenths is None else f"{_tenths(value.tenths)} % ({value.part:,} of {value.whole:,})"
        case Mean():
            return NONE if value.tenths is None else _tenths(value.tenths)
        case Median():
            return NONE if value.value is None else f"{value.value:g}"
        case _:
            return f"{value:,}"


def _tenths(tenths: int) -> str:
    return f"{tenths // 10:,}.{tenths % 10}"


def changed(change: Change) -> str:
    """Year on year: `+4 on 132 (3 %)`, `+4` on none, `−21 points`, `+0.4 days`; a dash where there is nothing to compare with."""
    if change.withheld:
        return WITH_IT.shown
    if change.more is not None and not change.before:
        return _signed(change.more)
    if change.more is not None:
        share = "" if change.percent is None else f" ({change.percent} %)"
        return f"{_signed(change.more)} on {change.before:,}{share}"
    if change.points is not None:
        return f"{_signed(change.points)} point{'' if abs(change.points) == 1 else 's'}"
    if change.days is not None:
        return f"{_signed(change.days)} days"
    return NONE


def _signed(number: float) -> str:
    return f"{'−' if number < 0 else '+' if number > 0 else ''}{abs(number):,g}"
