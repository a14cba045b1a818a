"""How dates are said, and which day an instant belongs to. Standard library only."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

# strftime("%B") speaks the language of the machine; the product speaks English.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def in_words(day: date) -> str:
    """`3 January 2027`, the way GOV.UK writes a date."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_words_range(first: date, last: date) -> str:
    """`1 April 2022 to 31 March 2023`; one day alone is said once."""
    return in_words(first) if first == last else f"{in_words(first)} to {in_words(last)}"


def london_day(instant: datetime) -> date:
    """The calendar day in Europe/London at this instant.

    Raises ValueError for an instant without a time zone, which belongs to no day in particular.
    """
    if instant.utcoffset() is None:
        message = "An instant needs a time zone before it belongs to a day."
        raise ValueError(message)
    return instant.astimezone(ZoneInfo("Europe/London")).date()
