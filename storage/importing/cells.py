"""What a cell holds: text made plain, dates in the ways that councils write them, lists. Pure."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from storage.dates import MONTHS
from storage.importing.sheet import Cell

_BLANK = frozenset({"", "-", "–", "—", "n/a", "na", "not applicable", "nil", "null"})
_SPACES = re.compile(r"\s+")
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_IN_WORDS = re.compile(
    rf"(?:[a-z]+,? )?([0-9]{{1,2}})(?:st|nd|rd|th)?[ -]([a-z]{{3,9}})\.?,?[ -]([0-9]{{4}}|[0-9]{{2}}){_TIME}",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 2000 to 2099; other numbers are not dates
_MONTHS = {name.casefold()[:length]: at for at, name in enumerate(MONTHS, 1) for length in range(3, 10)} | {"sept": 9}


class NotADate(ValueError):
    """The text is no date; the message says what to write instead, without repeating it."""


def text(cell: Cell | None) -> str:
    """One line of plain text: no invisible characters, single spaces; nothing for what only marks a cell as empty."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    line = _SPACES.sub(" ", _visible(cell)).strip()
    return "" if line.casefold() in _BLANK else line


def paragraph(cell: Cell | None) -> str:
    """Text of several lines, otherwise as `text`."""
    if cell is None or isinstance(cell, date) or not text(cell):
        return text(cell)
    lines = (_SPACES.sub(" ", line).strip() for line in _visible(cell).splitlines())
    return "\n".join(lines).strip()


def listed(cell: Cell | None) -> list[str]:
    """The parts between semicolons, each once, whatever their case."""
    parts = {part.casefold(): part for part in map(text, text(cell).split(";")) if part}
    return list(parts.values())


def day(cell: Cell | None) -> date | None:
    """The date in a cell; None for an empty one. Raises NotADate.

    Understands a spreadsheet's own dates and their numbers, 2025-12-31, 31/12/2025 and 31-12-25 (day first) and 31 Dec 2025.
    A time of day after the date is left out.
    """
    if isinstance(cell, date):
        return cell
    line = text(cell)
    return _day(line) if line else None


@lru_cache(maxsize=4096)
def _day(line: str) -> date:
    if serial := _SERIAL.fullmatch(line):
        number = int(serial[1])
        if _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return _SERIAL_ZERO + timedelta(days=number)
    elif found := _YEAR_FIRST.fullmatch(line):
        return _made(found[1], int(found[2]), found[3])
    elif found := _DAY_FIRST.fullmatch(line):
        return _made(found[3], int(found[2]), found[1])
    elif (found := _IN_WORDS.fullmatch(line)) and found[2].casefold() in _MONTHS:
        return _made(found[3], _MONTHS[found[2].casefold()], found[1])
    raise NotADate("This is not a date. Write it like 31/12/2025 or 2025-12-31.")


def _made(year: str, month: int, day_of_month: str) -> date:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day_of_month))
    except ValueError as problem:
        raise NotADate("There is no such day. Write the day first, then the month, like 31/12/2025.") from problem


def _visible(cell: str) -> str:
    if cell.isascii() and cell.isprintable():
        return cell
    normal = unicodedata.normalize("NFC", cell)
    return "".join(
        character
        for character in normal
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
