"""The forms a period or a date may have when people type it, each with the days it stands for. Pure."""

import re
from collections.abc import Callable
from datetime import date

from storage.dates import MONTHS
from storage.periods.period import DAY, STEPS, NotAPeriod, Span, shown, sound, start_of, whole

_MONTH_NUMBERS = {name: i for i, full in enumerate(MONTHS, 1) for name in (full.casefold(), full[:3].casefold())}
_MONTH_NUMBERS["sept"] = 9
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6} | {
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12
}  # fmt: skip

# ASCII digits only: \d alone also matches the digits of other scripts.
_MONTH = f"(?P<month>{'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})"
_DAY_OF_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_FINANCIAL = r"(?:fy ?|financial year )?(?P<from>[0-9]{4})[/-](?P<to>[0-9]{4}|[0-9]{2})"
WITHOUT_YEAR = re.compile(rf"(?:{_DAY_OF_MONTH} )?{_MONTH}")
DAY_ALONE = re.compile(_DAY_OF_MONTH)
ENDS_WITH_MONTH = re.compile(rf"(?:{_DAY_OF_MONTH} )?{_MONTH} {_YEAR}")

_Reader = Callable[[re.Match[str], date], Span]


def _today(match: re.Match[str], today: date) -> Span:
    day = today if match["which"] == "today" else today - DAY
    return day, day


def _this_or_last(match: re.Match[str], today: date) -> Span:
    first, last = whole(match["unit"], today)
    return (first, last) if match["which"] in {"this", "current"} else whole(match["unit"], first - DAY)


def _to_date(match: re.Match[str], today: date) -> Span:
    return start_of(match["unit"], today), today


def _last_few(match: re.Match[str], today: date) -> Span:
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    if count == 0:
        raise NotAPeriod(f"“{shown(match[0])}” has no days in it.")
    unit = match["unit"]
    end = today + DAY if unit == "day" else start_of(unit, today)
    return end - count * STEPS[unit], end - DAY


def _quarter(match: re.Match[str], today: date) -> Span:
    year = _financial_year(match)[0] if match["from"] else start_of("year", today)
    return whole("quarter", year + (int(match["quarter"]) - 1) * STEPS["quarter"])


def _year_or_month(match: re.Match[str], _today: date) -> Span:
    """`2017/18`, `2017-18`, `2026-11`; refuses `2010-11`, which is a year to some and a month to others."""
    year, number = int(match["from"]), int(match["to"])
    is_month = "-" in match[0] and len(match["to"]) == 2 and 1 <= number <= 12
    if not is_month:
        return _financial_year(match)
    if number == (year + 1) % 100:
        named = f"{MONTHS[number - 1]} {year}"
        raise NotAPeriod(f"“{match[0]}” could be a year or a month: type “{year}/{number:02}” or “{named}”.")
    return whole("month", date(sound(year), number, 1))


def _financial_year(match: re.Match[str]) -> Span:
    year, end = int(match["from"]), match["to"]
    if int(end) != (year + 1 if len(end) == 4 else (year + 1) % 100):
        raise NotAPeriod(f"“{shown(match[0])}” is not a financial year, which is two years in a row, as in 2017/18.")
    return whole("year", date(sound(year), 4, 1))


def _month(match: re.Match[str], today: date) -> Span:
    """A month; without a year, the latest that has begun."""
    number = _MONTH_NUMBERS[match["month"]]
    year = sound(int(match["year"])) if match["year"] else today.year - (number > today.month)
    return whole("month", date(year, number, 1))


def _date(match: re.Match[str], _today: date) -> Span:
    month, year = match["month"], sound(int(match["year"]))
    number = _MONTH_NUMBERS.get(month) or int(month)
    if not 1 <= number <= 12:
        raise NotAPeriod(f"There is no month {number}: type the day first, then the month, then the year.")
    try:
        day = date(year, number, int(match["day"]))
    except ValueError:
        raise NotAPeriod(f"There is no {int(match['day'])} {MONTHS[number - 1]} {year}.") from None
    return day, day


def without_year(match: re.Match[str], _today: date) -> Span:
    """Raises NotAPeriod always: a month or a day without its year could be any."""
    day = f"{int(match['day'])} " if match["day"] else ""
    raise NotAPeriod(f"{day}{MONTHS[_MONTH_NUMBERS[match['month']] - 1]} needs a year.")


def _refuse(why: str) -> _Reader:
    def refuse(match: re.Match[str], _today: date) -> Span:
        raise NotAPeriod(f"“{shown(match[0])}” {why}.")

    return refuse


_FORMS: list[tuple[re.Pattern[str], _Reader]] = [
    (re.compile(form), reader)
    for form, reader in (
        (r"(?P<which>today|yesterday)", _today),
        (
            r"(?P<which>this|current|last|previous) (?:financial (?=year))?(?P<unit>week|month|quarter|year)",
            _this_or_last,
        ),
        (r"(?:financial (?=year))?(?P<unit>week|month|quarter|year) to date", _to_date),
        (
            rf"(?:last|past|previous) (?P<count>[0-9]{{1,3}}|{'|'.join(_NUMBERS)}) "
            r"(?:financial (?=year))?(?P<unit>day|week|month|quarter|year)s?",
            _last_few,
        ),
        (rf"(?:q|quarter ?)(?P<quarter>[1-4])(?: ?(?:of )?{_FINANCIAL})?", _quarter),
        (rf"{_FINANCIAL} ?(?:q|quarter ?)(?P<quarter>[1-4])", _quarter),
        (_FINANCIAL, _year_or_month),
        (rf"{_MONTH}(?: {_YEAR})?", _month),
        (rf"{_YEAR}-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})", _date),
        (rf"{_DAY_OF_MONTH}(?: of)? {_MONTH} {_YEAR}", _date),
        (rf"(?P<day>[0-9]{{1,2}})(?P<sep>[/.-])(?P<month>[0-9]{{1,2}})(?P=sep){_YEAR}", _date),
        (WITHOUT_YEAR.pattern, without_year),
        (r"(?:q|quarter ?)[1-4] ?20[0-9]{2}", _refuse("needs a financial year, as in Q2 2026/27")),
        (r"[0-9]{1,2}/[0-9]{1,2}", _refuse("could mean more than one date: type the month as a word, and the year")),
        (r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", _refuse("needs a year of four digits")),
        (r"20[0-9]{2}", _refuse("could be two years: a year here runs from April to March, as in 2017/18")),
    )
]


def form_of(words: str) -> tuple[_Reader, re.Match[str]] | None:
    """The reader for these words and what it needs; None when they have no known form."""
    for form, reader in _FORMS:
        if match := form.fullmatch(words):
            return reader, match
    return None


def simple(words: str, today: date) -> Span | None:
    """Anything but a range; None when it has no known form."""
    known = form_of(words)
    return known[0](known[1], today) if known else None
