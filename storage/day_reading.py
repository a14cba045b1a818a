"""A day, or days from one to another, as people type them after a command: `31 January 2027`, `1 December to 12 December`. Pure.

What could be two days is asked back. What a day is, `spoken_dates` knows; here is what a missing year and a range mean.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from storage import spoken_dates
from storage.dates import in_words
from storage.errors import Refusal

# Without a year the next such day is meant, but not one that is as far away as this.
_NEAR = timedelta(days=183)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = re.compile(r"\d{4}|[./-]\d{2}\Z")
_BETWEEN = re.compile(r"\s+(?:to|until|till|through)\s+|\s*[–—]\s*|\s+-\s+", re.IGNORECASE)
# `1-12 December`: the first day has the month of the second.
_SHORT = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|—|to|until|till)\s*(\d{1,2}(?:st|nd|rd|th)? [a-z].*)", re.IGNORECASE
)
_HOW = "Type the day, the month as a word and the year, such as 31 January 2027."
_NO_RANGE = f"Those days could not be read. {_HOW} Put the word to between the first and the last."


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included."""

    first: date
    last: date


def read_day(text: str, today: date) -> date:
    """One day. Without a year it is the next such day, today included; a weekday is the next one of that name.

    Raises Refusal for what is no day, what could be two, and a day without a year that is more than half a year away.
    """
    tidied = " ".join(text.split())
    if tidied.casefold() in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(tidied.casefold()) - today.weekday() - 1) % 7 + 1)
    coming = next((day for day in _in(tidied, (today.year, today.year + 1), today) if day >= today), None)
    if coming is not None and coming - today <= _NEAR:
        return coming
    if coming is not None:
        raise Refusal(f"If you mean {in_words(coming)}, type the year too. If it is another day, type that one.")
    said = spoken_dates.read(tidied, today)
    if said is None:
        raise Refusal(f"That day could not be read. {_HOW}")
    if said.question is not None:
        raise Refusal(f"{said.question} {_HOW}")
    return said.days[0]


def read_days(text: str, today: date) -> Days:
    """`1 December to 12 December`, `until 12 December` (from today), `today`. A day alone is a range of one day.

    Of two days without a year the second is the next such day, and the first the last one before it. Raises Refusal.
    """
    tidied = re.sub(r"^(?:from|on)\s+", "", " ".join(text.split()), flags=re.IGNORECASE)
    alone = re.fullmatch(r"(?:until|till|to)\s+(.+)", tidied, re.IGNORECASE)
    if alone:
        return Days(today, read_day(alone[1], today))
    short = _SHORT.fullmatch(tidied)
    if short:
        last = read_day(short[2], today)
        if not 1 <= int(short[1]) <= last.day:
            raise Refusal(_NO_RANGE)
        return Days(last.replace(day=int(short[1])), last)
    parts = [part for part in _BETWEEN.split(tidied) if part]
    if len(parts) > 2 or not parts:
        raise Refusal(_NO_RANGE)
    last = read_day(parts[-1], today)
    if len(parts) == 1:
        return Days(last, last)
    before = next((day for day in _in(parts[0], (last.year, last.year - 1), today) if day <= last), None)
    return Days(before or read_day(parts[0], today), last)


def _in(text: str, years: Iterable[int], today: date) -> Iterable[date]:
    """The day that a text without a year is in each of these, where it is one."""
    if _YEAR.search(text):
        return
    for year in years:
        said = spoken_dates.read(f"{text} {year}", today)
        if said is not None and said.question is None:
            yield said.days[0]
