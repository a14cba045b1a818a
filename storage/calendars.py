"""The days off of a year as people read them, and a list of them in a file, held against the calendar that is in force."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import select

from storage import workdays
from storage.dates import in_words
from storage.errors import Refusal
from storage.models import CalendarChange
from storage.office import Desk
from storage.texts import storable

TITLE_LENGTH = 75
_SATURDAY = 5
_COLUMNS = ("date", "title")


class BrokenCalendar(Refusal):
    """A file of bank holidays will not do; one line of the message for each mistake, beginning with its line in the file."""


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that is no working day. `since_shipped`: it came after the list that the product brought."""

    day: date
    title: str
    since_shipped: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """What a list has that the calendar doesn't, and what the calendar has that the list doesn't."""

    added: dict[date, str]
    removed: dict[date, str]

    @property
    def is_same(self) -> bool:
        return not self.added and not self.removed


def days_off(desk: Desk, first_year: int, last_year: int) -> list[DayOff]:
    """Bank holidays and the like from the first of these years to the last, in order; weekends are days off anyway.

    Raises Refusal for years that the calendar doesn't reach.
    """
    calendar = desk.calendar
    if first_year < calendar.first_day.year or last_year > calendar.last_day.year:
        raise Refusal(
            f"The calendar reaches from {calendar.first_day.year} to {calendar.last_day.year}. Choose a year among those."
        )
    shipped = workdays.england_titles()
    changed = {row.day: row.title for row in desk.session.exec(select(CalendarChange)).all() if row.is_holiday}
    return [
        DayOff(day, changed.get(day) or shipped.get(day, "Day off"), day in changed)
        for day in sorted(calendar.non_working)
        if first_year <= day.year <= last_year
    ]


def compare(desk: Desk, listed: Mapping[date, str]) -> Compared:
    """Holds a list against the calendar over the whole years that the list is about.

    A holiday at a weekend makes no difference, and lists give the weekday in its place. Raises Refusal for years that the
    calendar doesn't reach.
    """
    here = {one.day: one.title for one in days_off(desk, min(listed).year, max(listed).year)}
    return Compared(
        added={day: title for day, title in sorted(listed.items()) if day not in here and day.weekday() < _SATURDAY},
        removed={day: title for day, title in here.items() if day not in listed and day.weekday() < _SATURDAY},
    )


def parse(text: str) -> dict[date, str]:
    """Bank holidays from a CSV file with the columns date and title. Raises BrokenCalendar listing every mistake by its line."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        return _parsed(rows)
    except csv.Error as problem:
        raise BrokenCalendar(f"line {rows.line_num}: this is no line of a CSV file; correct it") from problem


def _parsed(rows: Any) -> dict[date, str]:
    heading = tuple(name.strip().lower() for name in next(rows, []))
    if heading != _COLUMNS:
        raise BrokenCalendar("line 1: the first line has to be date,title")
    found: dict[date, str] = {}
    problems: list[str] = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        problem = _problem(cells, found)
        if problem:
            problems.append(f"line {rows.line_num}: {problem}")
        else:
            found[date.fromisoformat(cells[0])] = cells[1]
    if not found and not problems:
        problems.append("line 2: there is no holiday in this file")
    if problems:
        raise BrokenCalendar("\n".join(problems))
    return found


def _problem(cells: list[str], found: dict[date, str]) -> str | None:
    if len(cells) != len(_COLUMNS):
        return f"there are {len(cells)} columns and not two; put a title with a comma in it in quotation marks"
    day = iso_day(cells[0])
    if day is None:
        return "the date has to look like 2026-12-25"
    if day in found:
        return f"{in_words(day)} is in the file twice"
    return title_problem(cells[1])


def title_problem(title: str) -> str | None:
    """What is wrong with a holiday's title, or None."""
    if not title:
        return "the title is missing"
    if len(title) > TITLE_LENGTH:
        return f"the title has more than {TITLE_LENGTH} characters"
    return None if storable(title) == title else "the title has a character in it that can't be kept; type it again"


def iso_day(text: str) -> date | None:
    """A day from `2026-12-25`, or None; nothing else is guessed at."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-25") else None
    except ValueError:
        return None
