"""The year's days, counted one by one on an own list of days off: nothing here asks the product."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
# Those of England that fall on weekdays in the financial year 2026/27, and around it, as anybody can read them on a calendar.
HOLIDAYS = frozenset(
    {
        date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 25),
        date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31),
    }
)  # fmt: skip
# Announced in the middle of the year, less than two weeks before.
LATE_HOLIDAY, ANNOUNCED = date(2026, 9, 16), date(2026, 9, 3)
# The hours, in London, at which something happens on a working day; people act at three of them.
STEPS = (time(8, 30), time(9, 10), time(11, 0), time(14, 0), time(16, 30))
MORNING, NINE, NOON, AFTERNOON, EVENING = STEPS


def works(day: date, known: date) -> bool:
    """Whether `day` is a working day as far as anybody knows on the day `known`, from the morning after the announcement."""
    return day.weekday() < 5 and day not in HOLIDAYS and not (day == LATE_HOLIDAY and known > ANNOUNCED)


def after(day: date, count: int, known: date) -> date:
    """The day that is `count` working days after another."""
    while count:
        day += DAY
        count -= works(day, known)
    return day


def before(day: date, count: int) -> date:
    """The day that is `count` working days before another."""
    while count:
        day -= DAY
        count -= works(day, date.max)
    return day


def left(today: date, due: date, known: date) -> int:
    """Working days until a day that is due: 0 on the day itself; a day off after it counts with the working day that follows."""
    if today > due:
        return -left(due, today, known)
    count, day = 0, today
    while day < due:
        day += DAY
        count += works(day, known)
    # Somebody who asks on, or about, a day off is told of the working day that follows it.
    return count + (not works(due, known) and due > today)


def working_days(first: date, last: date) -> Iterator[date]:
    """Every day in between that turned out to be a working day."""
    while first <= last:
        if works(first, date.max):
            yield first
        first += DAY


def beats(day: date) -> tuple[time, ...]:
    """When the worker's turn comes on a working day: often on Wednesdays, on others once or twice."""
    return {1: (NINE, AFTERNOON), 2: STEPS, 4: (NINE, EVENING)}.get(day.weekday(), (NINE,))


def at(day: date, hour: time) -> datetime:
    """That hour in London, as an instant."""
    return datetime.combine(day, hour, LONDON)
