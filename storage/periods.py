"""Reporting periods: from what somebody types to whole days in Europe/London, both ends included. Pure.

The year is the financial year, April to March, and so is "this year". Nothing is guessed: what could mean two
things is refused with both of them named.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from storage.dates import MONTHS, in_words, in_words_range

FIRST_YEAR, LAST_YEAR = 2006, 2100  # the instrument came into force in 2006
EXAMPLES = "Try “last month”, “Q2 2026/27” or “1 April 2026 to 30 June 2026”."
_LONGEST = 100  # characters
_MOST_WORDS = 12  # “from the 1st of April 2026 to the 30th of June 2026”
_SHOWN = 40
_DAY = timedelta(days=1)


class NotAPeriod(ValueError):
    """Not a period. The text is plain English, safe to show, and ends with three examples of what to type.

    `understood` is True when a period was clearly meant but cannot be one, as with 31 November.
    """

    def __init__(self, reason: str, *, understood: bool = True) -> None:
        self.understood = understood
        super().__init__(f"{reason} {EXAMPLES}")


@dataclass(frozen=True)
class Period:
    """Whole days in Europe/London from `first` to `last`, both included; `parse(label)` gives it back on any day."""

    first: date
    last: date
    label: str

    @classmethod
    def of(cls, first: date, last: date) -> "Period":
        """The period with its label: `2026/27`, `Q2 2026/27`, `November 2026`, or its dates in words."""
        for unit, named in (("year", _year_label), ("quarter", _quarter_label), ("month", _month_label)):
            if (first, last) == _whole(unit, first):
                return cls(first, last, named(first))
        return cls(first, last, in_words_range(first, last))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def contains(self, day: date) -> bool:
        """Whether `day` belongs to it."""
        return self.first <= day <= self.last

    def year_earlier(self) -> "Period":
        """The same dates one year before. Whole months stay whole months; 29 February becomes 28 February."""
        year = relativedelta(years=1)
        whole_months = self.first.day == 1 and (self.last + _DAY).day == 1
        return Period.of(self.first - year, self.last + _DAY - year - _DAY if whole_months else self.last - year)


def parse(text: str, today: date) -> Period:
    """The period that `text` names on the day `today`; without text, this financial year to date.

    today, yesterday, 3 January 2027 · this or last week, month, quarter, year · month, quarter or year to date ·
    Q1 to Q4 (of this financial year), Q2 2026/27 · 2017/18 · 2026-11, November 2026, November (the latest that has
    begun) · since D · D to D, from D to D, between D and D, where D may also be a month, a quarter or a year.
    "This month" is the whole month, its days to come included. "Last 12 months" are the 12 whole months before this
    one, and weeks, quarters and years likewise; only "last 7 days" ends today. A week starts on Monday.

    Raises `NotAPeriod`, and nothing else, for anything else.
    """
    if len(text) > _LONGEST:
        raise _not_understood(text)
    if not text.strip():
        return Period.of(_start("year", today), today)
    words = _plain(text)
    span = _simple(_hyphens(words), today) or _range(words, today) or _since(words, today)
    if span is None:
        raise _not_understood(text)
    first, last = span
    if last < first:
        raise NotAPeriod(f"{in_words(first)} is after {in_words(last)}: type the earlier date first.")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise _out_of_range()
    return Period.of(first, last)


def split_period(words: str, today: date, *, is_team: Callable[[str], bool] | None = None) -> tuple[str, Period | None]:
    """The team and the period in `words`, in either order, as in `First Response last month` or `2022/23 East`.

    The longest reading as a period at either end wins, at the end rather than at the start when both are as long.
    A month or a day without a year counts only at the end (`East November`) or after "in" (`in November East`), so
    that a team called May Street stays whole. With `is_team` (is this text a team's name?), a split that leaves a
    known team, or nothing, comes before any other.

    Raises `NotAPeriod` when the words at one end are meant as a period but cannot be one, as with 31 November.
    """
    tokens = words.split()
    readings: list[tuple[str, str, bool]] = []  # team, period, and whether it can stand without is_team
    for length in range(min(len(tokens), _MOST_WORDS), 0, -1):
        cut = len(tokens) - length
        readings.append((_team(tokens[:cut]), " ".join(tokens[cut:]), True))
        if cut:
            front = " ".join(tokens[:length])
            readings.append((_team(tokens[length:]), front, not _WITHOUT_YEAR.fullmatch(front.casefold())))
    whole = " ".join(tokens)
    found = [(team, _attempt(text, today), certain) for team, text, certain in readings]
    meant = [(team, result, certain) for team, result, certain in found if result is not None]
    if is_team is not None:
        for team, result, _ in meant:
            if isinstance(result, Period) and (not team or is_team(team)):
                return team, result
        if is_team(whole):
            return whole, None
    for team, result, certain in meant:
        if certain and isinstance(result, NotAPeriod):
            raise result
        if certain and isinstance(result, Period):
            return team, result
    return whole, None


def _attempt(text: str, today: date) -> Period | NotAPeriod | None:
    """The period, the error when one was clearly meant, or None."""
    try:
        return parse(text, today)
    except NotAPeriod as error:
        return error if error.understood else None


def _team(tokens: list[str]) -> str:
    """What is left for the team, without what joined it to the period: `last month for East`, `East - last month`."""
    joined = " ".join(tokens).strip(" ,;:-–—")
    return joined[4:] if joined.casefold().startswith("for ") else joined


# ---- units of time

_STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}
_Span = tuple[date, date]


def _start(unit: str, day: date) -> date:
    """The first day of the week, month, quarter or financial year that `day` is in."""
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year if day.month >= 4 else day.year - 1, 4, 1)
        case _:
            return day


def _whole(unit: str, day: date) -> _Span:
    first = _start(unit, day)
    return first, first + _STEPS[unit] - _DAY


def _year_label(first: date) -> str:
    year = _start("year", first).year
    return f"{year}/{(year + 1) % 100:02}"


def _quarter_label(first: date) -> str:
    return f"Q{(first.month - 4) % 12 // 3 + 1} {_year_label(first)}"


def _month_label(first: date) -> str:
    return f"{MONTHS[first.month - 1]} {first.year}"


# ---- reading

_LEADING = re.compile(r"(?:(?:in|for|during|over|the) )+(?=\S)")
_DASHES = re.compile(r"[–—]")
_HYPHENS = re.compile(r"[‐‑‒−]")


def _plain(text: str) -> str:
    """Lower case, single spaces, no commas, nothing that only leads up to a period; long dashes stay."""
    words = re.sub(r"\s*/\s*", "/", _HYPHENS.sub("-", text.casefold()).replace(",", " "))
    spaced = " ".join(words.split()).strip(" .;:!?")
    leading = _LEADING.match(spaced)
    return spaced[leading.end() :] if leading else spaced


def _hyphens(words: str) -> str:
    return _DASHES.sub("-", words)


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
_WITHOUT_YEAR = re.compile(rf"(?:{_DAY_OF_MONTH} )?{_MONTH}")
_DAY_ALONE = re.compile(_DAY_OF_MONTH)
_ENDS_WITH_MONTH = re.compile(rf"(?:{_DAY_OF_MONTH} )?{_MONTH} {_YEAR}")

_Reader = Callable[[re.Match[str], date], _Span]


def _today(match: re.Match[str], today: date) -> _Span:
    day = today if match["which"] == "today" else today - _DAY
    return day, day


def _this_or_last(match: re.Match[str], today: date) -> _Span:
    first, last = _whole(match["unit"], today)
    return (first, last) if match["which"] in {"this", "current"} else _whole(match["unit"], first - _DAY)


def _to_date(match: re.Match[str], today: date) -> _Span:
    return _start(match["unit"], today), today


def _last_few(match: re.Match[str], today: date) -> _Span:
    count = _NUMBERS.get(match["count"]) or int(match["count"])
    if count == 0:
        raise NotAPeriod(f"“{_shown(match[0])}” has no days in it.")
    unit = match["unit"]
    end = today + _DAY if unit == "day" else _start(unit, today)
    return end - count * _STEPS[unit], end - _DAY


def _quarter(match: re.Match[str], today: date) -> _Span:
    year = _financial_year(match)[0] if match["from"] else _start("year", today)
    return _whole("quarter", year + (int(match["quarter"]) - 1) * _STEPS["quarter"])


def _year_or_month(match: re.Match[str], _today: date) -> _Span:
    """`2017/18`, `2017-18`, `2026-11`; refuses `2010-11`, which is a year to some and a month to others."""
    year, number = int(match["from"]), int(match["to"])
    is_month = "-" in match[0] and len(match["to"]) == 2 and 1 <= number <= 12
    if not is_month:
        return _financial_year(match)
    if number == (year + 1) % 100:
        named = f"{MONTHS[number - 1]} {year}"
        raise NotAPeriod(f"“{match[0]}” could be a year or a month: type “{year}/{number:02}” or “{named}”.")
    return _whole("month", date(_sound(year), number, 1))


def _financial_year(match: re.Match[str]) -> _Span:
    year, end = int(match["from"]), match["to"]
    if int(end) != (year + 1 if len(end) == 4 else (year + 1) % 100):
        raise NotAPeriod(f"“{_shown(match[0])}” is not a financial year, which is two years in a row, as in 2017/18.")
    return _whole("year", date(_sound(year), 4, 1))


def _month(match: re.Match[str], today: date) -> _Span:
    """A month; without a year, the latest that has begun."""
    number = _MONTH_NUMBERS[match["month"]]
    year = _sound(int(match["year"])) if match["year"] else today.year - (number > today.month)
    return _whole("month", date(year, number, 1))


def _date(match: re.Match[str], _today: date) -> _Span:
    month, year = match["month"], _sound(int(match["year"]))
    number = _MONTH_NUMBERS.get(month) or int(month)
    if not 1 <= number <= 12:
        raise NotAPeriod(f"There is no month {number}: type the day first, then the month, then the year.")
    try:
        day = date(year, number, int(match["day"]))
    except ValueError:
        raise NotAPeriod(f"There is no {int(match['day'])} {MONTHS[number - 1]} {year}.") from None
    return day, day


def _without_year(match: re.Match[str], _today: date) -> _Span:
    day = f"{int(match['day'])} " if match["day"] else ""
    raise NotAPeriod(f"{day}{MONTHS[_MONTH_NUMBERS[match['month']] - 1]} needs a year.")


def _refuse(why: str) -> _Reader:
    def refuse(match: re.Match[str], _today: date) -> _Span:
        raise NotAPeriod(f"“{_shown(match[0])}” {why}.")

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
        (_WITHOUT_YEAR.pattern, _without_year),
        (r"(?:q|quarter ?)[1-4] ?20[0-9]{2}", _refuse("needs a financial year, as in Q2 2026/27")),
        (r"[0-9]{1,2}/[0-9]{1,2}", _refuse("could mean more than one date: type the month as a word, and the year")),
        (r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", _refuse("needs a year of four digits")),
        (r"20[0-9]{2}", _refuse("could be two years: a year here runs from April to March, as in 2017/18")),
    )
]


def _form(words: str) -> tuple[_Reader, re.Match[str]] | None:
    for form, reader in _FORMS:
        if match := form.fullmatch(words):
            return reader, match
    return None


def _simple(words: str, today: date) -> _Span | None:
    """Anything but a range; None when it has no known form."""
    known = _form(words)
    return known[0](known[1], today) if known else None


_BETWEEN = re.compile(r"(?:from |between )?(?P<left>.+?) (?:to|until|till|and|-) (?P<right>.+)")


def _range(words: str, today: date) -> _Span | None:
    """`D to D`. A long dash is a hyphen if that makes sense (2017–18), otherwise a "to"."""
    for text in (_hyphens(words), " ".join(_DASHES.sub(" to ", words).split())):
        if (match := _BETWEEN.fullmatch(text)) is None:
            continue
        left, right = match["left"], match["right"].removeprefix("the ")
        if tail := _ENDS_WITH_MONTH.fullmatch(right):  # 1 to 30 November 2026, 1 April to 30 June 2026
            if _DAY_ALONE.fullmatch(left):
                left = f"{left} {tail['month']} {tail['year']}"
            elif _WITHOUT_YEAR.fullmatch(left):
                left = f"{left} {tail['year']}"
        start, end = _form(left.removeprefix("the ")), _form(right)
        if start is None or end is None:
            continue  # before either is read, so that "2017 to West" is not taken for a wrong date
        yearless = _WITHOUT_YEAR.fullmatch(right)
        if yearless and not _WITHOUT_YEAR.fullmatch(left):
            return _without_year(yearless, today)
        return start[0](start[1], today)[0], end[0](end[1], today)[1]
    return None


def _since(words: str, today: date) -> _Span | None:
    match = re.fullmatch(r"(?:since|from) (?P<start>.+)", _hyphens(words))
    span = _simple(match["start"].removeprefix("the "), today) if match else None
    if span is None:
        return None
    if span[0] > today:
        raise NotAPeriod(f"{in_words(span[0])} has not come yet.")
    return span[0], today


# ---- refusing


def _sound(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _out_of_range()
    return year


def _out_of_range() -> NotAPeriod:
    return NotAPeriod(f"A period lies within the years {FIRST_YEAR} to {LAST_YEAR}.")


def _not_understood(text: str) -> NotAPeriod:
    shown = _shown(text)
    return NotAPeriod(f"“{shown}” is not a period." if shown else "That is not a period.", understood=False)


def _shown(text: str) -> str:
    """A short form that is safe to echo: letters, digits, spaces and `/ , -`; no mention, link or markup survives."""
    kept = " ".join(re.sub(r"[^\w\s/,-]|_", " ", text[:_LONGEST]).split())
    return kept if len(kept) <= _SHOWN else kept[: _SHOWN - 1].rstrip() + "…"
