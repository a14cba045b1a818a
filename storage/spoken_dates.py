"""Days as people say them: "in six months", "by 31/3/2027", "on Friday 4 December". Nothing is guessed. Pure.

The day comes first, as in the United Kingdom; where the figures could also be the other way round, both readings are given.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.parser import parse
from dateutil.relativedelta import relativedelta

from storage.dates import MONTHS, in_words
from storage.workdays import CalendarTooShort, WorkingDays

_DAY = timedelta(days=1)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_ONES, 1)} | {
    "a": 1, "an": 1, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_MONTH_NUMBERS = {name.casefold(): i for i, full in enumerate(MONTHS, 1) for name in (full, full[:3])} | {"sept": 9}
_WEEKDAY_NUMBERS = {name.casefold(): i for i, full in enumerate(_WEEKDAYS) for name in (full, full[:3])} | {
    "tues": 1, "thur": 3, "thurs": 3,
}  # fmt: skip
_UNITS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A day somebody said, and where in their words. Certain when `question` is None: then `days` is that day alone.

    Otherwise `question` is a sentence that asks which day is meant, and `days` are the ones it could be, or none.
    """

    start: int
    end: int
    days: tuple[date, ...]
    question: str | None = None


class _Asking(Exception):
    """What was said has to be asked back."""

    def __init__(self, question: str, *days: date) -> None:
        super().__init__(question)
        self.question, self.days = question, days


def read(words: str, today: date, calendar: WorkingDays | None = None) -> Said | None:
    """The day that these words are, seen from `today`; None when they are anything else. `calendar` counts working days."""
    spoken = words.strip()
    return next((one for one in find(spoken, today, calendar) if (one.start, one.end) == (0, len(spoken))), None)


def find(words: str, today: date, calendar: WorkingDays | None = None) -> list[Said]:
    """Every day that is said in these words, in their order; of readings that overlap the longest."""
    found = sorted(_all(words, today, calendar), key=lambda one: (one.start - one.end, one.start))
    kept: list[Said] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _all(words: str, today: date, calendar: WorkingDays | None) -> Iterator[Said]:
    for pattern, reader in _FORMS:
        for match in pattern.finditer(words):
            try:
                day = reader(match, today, calendar)
                before = match.groupdict().get("lead") or ""
                if before.casefold() == "before":
                    raise _Asking(
                        f"“Before {in_words(day)}” leaves open whether that day is still in time.", day - _DAY, day
                    )
                yield Said(*match.span(), (day,))
            except _Asking as asked:
                yield Said(*match.span(), asked.days, asked.question)
            except (OverflowError, ValueError, CalendarTooShort):
                yield Said(*match.span(), (), "That day is too far away.")


def _in_a_while(match: re.Match[str], today: date, calendar: WorkingDays | None) -> date:
    """From `today` on; where the month is shorter, its last day. Working days are counted from the next one."""
    if match["upto"]:
        days = [_later(today, match["count"], match, calendar), _later(today, match["upto"], match, calendar)]
        raise _Asking("That is two days, not one.", *days)
    day = _later(today, match["count"], match, calendar)
    if match["more"]:
        day += _number(match["more"]) * _UNITS[match["unit2"].casefold()]
    return day


def _later(today: date, count: str, match: re.Match[str], calendar: WorkingDays | None) -> date:
    number = _number(count)
    if number == 0:
        raise _Asking("That is no time at all.")
    if not match["work"]:
        return today + number * _UNITS[match["unit"].casefold()]
    if calendar is None or match["unit"].casefold() != "day":
        raise _Asking("Only days can be counted as working days, and not here.")
    return calendar.add(today, number)


def _half_a_year(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    return today + relativedelta(months=18 if match["more"] else 6)


def _near(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    return today + {"today": 0, "tomorrow": 1, "yesterday": -1}[match["near"].casefold()] * _DAY


def _day_and_month(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    """`Friday 4 December`, `3 March 2027`, `March 3rd`. Without a year it is this year's, and asked for once that has passed."""
    number, month = int(match["day"]), _MONTH_NUMBERS[match["month"].casefold()]
    if match["year"]:
        return _of_weekday(match, _there_is(number, month, int(match["year"])))
    if "first" in match.groupdict() and number >= today.year % 100 and number > 12:
        named = f"{match['month'].title()} {number}"
        raise _Asking(
            f"“{named}” can be a day or a year.",
            *_coming(number, month, today),
            _last_of(2000 + number, month),
        )
    coming = _coming(number, month, today)
    if not coming:
        raise _Asking(f"There is no {number} {MONTHS[month - 1]}.")
    if coming[0].year == today.year:
        return _of_weekday(match, coming[0])
    raise _Asking("That day is in another year. Say the year too.", *coming)


def _of_weekday(match: re.Match[str], day: date) -> date:
    """The day itself when it falls on the weekday that was said."""
    if match["weekday"]:
        said = _WEEKDAY_NUMBERS[match["weekday"].casefold()]
        if said != day.weekday():
            away = (said - day.weekday() + 3) % 7 - 3
            raise _Asking(
                f"{in_words(day)} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[said]}.",
                *sorted((day, day + away * _DAY)),
            )
    return day


def _figures(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    """`31/3/2027`, and `3/4/2027`, which may be the third of April or the fourth of March."""
    text = match["figures"].replace("-", "/").replace(".", "/")
    if not match["year"]:
        text += f"/{today.year}"
    days = {day for day in (_parsed(text, first) for first in (True, False)) if day is not None}
    if not days:
        raise _Asking(f"There is no day {match['figures']}.")
    if len(days) > 1:
        ahead = days if match["year"] else {next_one for day in days for next_one in _coming(day.day, day.month, today)}
        raise _Asking(f"“{match['figures']}” can be read in two ways.", *sorted(ahead))
    day = days.pop()
    if not match["year"] and day < today:
        raise _Asking("That day is in another year. Say the year too.", *_coming(day.day, day.month, today))
    return day


def _parsed(text: str, dayfirst: bool) -> date | None:
    try:
        return parse(text, dayfirst=dayfirst).date()
    except ValueError:
        return None


def _iso(match: re.Match[str], _today: date, _calendar: WorkingDays | None) -> date:
    return _there_is(int(match["day"]), int(match["month"]), int(match["year"]))


def _edge_of_month(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    month, edge = _MONTH_NUMBERS[match["month"].casefold()], match["edge"].casefold().split()[0]
    year = int(match["year"]) if match["year"] else today.year
    first, last = date(year, month, 1), _last_of(year, month)
    day = {"end": last, "start": first, "beginning": first}.get(edge)
    if day is None:
        near = {"late": last, "early": first + 6 * _DAY}.get(edge, first + 14 * _DAY)
        raise _Asking("Say which day.", near if match["year"] or near >= today else near + relativedelta(years=1))
    if not match["year"] and day < today:
        again = _last_of(year + 1, month) if edge == "end" else day + relativedelta(years=1)
        raise _Asking(f"{in_words(day)} has passed. Say the year too.", again)
    return day


def _month(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    """A month is no day: its end is offered, and for "by" its first day too."""
    month = _MONTH_NUMBERS[match["month"].casefold()]
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    days = (date(year, month, 1), _last_of(year, month))
    by = (match.groupdict().get("lead") or "").casefold() in {"by", "before", "until"}
    raise _Asking(f"Say which day in {MONTHS[month - 1]} {year}.", *(days if by else days[1:]))


def _weekday(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    """`on Friday` is the coming one. `next Friday` may be this week's or the one after it."""
    weekday = _WEEKDAY_NUMBERS[match["weekday"].casefold()]
    days = (weekday - today.weekday()) % 7
    coming = today + days * _DAY
    which = (match["which"] or "").casefold().split()
    this_week = today.weekday() + days < 7
    # "Next Monday", said on a Wednesday, is the coming one to everybody; on a Saturday it no longer is.
    if days == 0 or ("next" in which and (this_week or days <= 2)) or ("this" in which and not this_week):
        raise _Asking(f"“{' '.join([*which, _WEEKDAYS[weekday]])}” can be one of two.", coming, coming + 7 * _DAY)
    return coming


def _end_of(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    unit, more = " ".join(match["unit"].casefold().split()), 1 if match["next"] else 0
    if unit == "month":
        day = today + relativedelta(months=more)
        return _last_of(day.year, day.month)
    if unit == "quarter":
        day = today + relativedelta(months=3 * more)
        return _last_of(day.year, (day.month + 2) // 3 * 3)
    financial = date(today.year + (today.month > 3) + more, 3, 31)
    calendar = date(today.year + more, 12, 31)
    if unit == "financial year":
        return financial
    if unit == "calendar year":
        return calendar
    if unit == "year":
        raise _Asking("A year may end in December or in March.", *sorted((calendar, financial)))
    if unit == "week":
        friday = today + (4 - today.weekday() + 7 * more) * _DAY
        raise _Asking("A week may end on Friday or on Sunday.", friday, friday + 2 * _DAY)
    raise _Asking("Say which day.")


def _next(match: re.Match[str], today: date, _calendar: WorkingDays | None) -> date:
    """`next month`: the day is asked for, its last one is offered."""
    unit, more = match["unit"].casefold(), 1 if match["which"].casefold() == "next" else 0
    if unit == "week":
        raise _Asking("Say which day.", today + (4 - today.weekday() + 7 * more) * _DAY)
    if unit == "year":
        raise _Asking("Say which day.", today + relativedelta(years=more))
    months = {"month": 1, "quarter": 3}[unit] * more
    day = today + relativedelta(months=months)
    raise _Asking("Say which day.", _last_of(day.year, day.month if unit == "month" else (day.month + 2) // 3 * 3))


def _vague(_match: re.Match[str], _today: date, _calendar: WorkingDays | None) -> date:
    raise _Asking("Say which day.")


def _there_is(number: int, month: int, year: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        named = f"{number} {MONTHS[month - 1]} {year}" if 1 <= month <= 12 else f"month {month}"
        raise _Asking(f"There is no {named}.") from None


def _coming(number: int, month: int, today: date) -> list[date]:
    """The next time this day of a month comes round; none for one that never does."""
    years = range(today.year, today.year + 9)
    days = [date(year, month, number) for year in years if number <= _last_of(year, month).day]
    return [day for day in days if day >= today][:1]


def _last_of(year: int, month: int) -> date:
    return date(year, month, 1) + relativedelta(day=31)


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word)


def _either(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


# ASCII digits only: \d alone also matches the digits of other scripts.
_LEAD = r"(?:\b(?P<lead>on|by|before|until|till|at|for|due(?: (?:on|by|in))?|no later than|not later than)\s+)?"
_COUNT = rf"(?:[0-9]{{1,4}}|{_either(_NUMBERS)})"
_UNIT = "(?:day|week|fortnight|month|quarter|year)"
_WORK = r"(?P<work>(?:working|business)\s+)?"
_MONTH = rf"(?P<month>{_either(_MONTH_NUMBERS)})\b\.?"
_WEEKDAY = rf"(?P<weekday>{_either(_WEEKDAY_NUMBERS)})"
_YEAR = r"(?:,?\s+(?P<year>[0-9]{4})(?![0-9]))?"
_ORDINAL = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9])"
_LENGTH = (
    rf"(?P<count>{_COUNT})(?:\s*(?:-|–|to|or)\s*(?P<upto>{_COUNT}))?[\s-]+{_WORK}(?P<unit>{_UNIT})s?"
    rf"(?:\s+and\s+(?P<more>{_COUNT})\s+(?P<unit2>{_UNIT})s?)?"
)
_FROM_NOW = r"(?:['’]?s?['’]?\s+time|\s+from\s+(?:now|today)|\s+hence)"
_Reader = Callable[[re.Match[str], date, WorkingDays | None], date]
_FORMS: list[tuple[re.Pattern[str], _Reader]] = [
    (re.compile(rf"(?<!\w)(?:{form})(?!\w)", re.IGNORECASE), reader)
    for form, reader in (
        (rf"(?:due\s+)?(?:with)?in\s+(?:the\s+next\s+)?{_LENGTH}{_FROM_NOW}?", _in_a_while),
        (rf"{_LENGTH}{_FROM_NOW}", _in_a_while),
        (rf"(?:with)?in\s+(?:half\s+a\s+year|a\s+year\s+and\s+(?P<more>a\s+half)){_FROM_NOW}?", _half_a_year),
        (rf"{_LEAD}(?P<near>today|tomorrow|yesterday)", _near),
        (rf"{_LEAD}(?:{_WEEKDAY},?\s+)?(?:the\s+)?{_ORDINAL}(?:\s+of)?[\s-]*{_MONTH}{_YEAR}", _day_and_month),
        (rf"{_LEAD}(?:{_WEEKDAY},?\s+)?(?P<first>){_MONTH}\s+(?:the\s+)?{_ORDINAL}{_YEAR}", _day_and_month),
        (
            rf"{_LEAD}(?<![0-9/.-])(?P<figures>[0-9]{{1,2}}(?P<sep>[/.-])[0-9]{{1,2}}(?P=sep)(?P<year>[0-9]{{4}}|[0-9]{{2}}))(?![/.-]?[0-9])",
            _figures,
        ),
        (r"(?P<lead>on|by|before|until|due)\s+(?P<figures>[0-9]{1,2}/[0-9]{1,2})(?P<year>)(?![/0-9])", _figures),
        (rf"{_LEAD}(?P<year>[0-9]{{4}})[-/](?P<month>[0-9]{{1,2}})[-/](?P<day>[0-9]{{1,2}})", _iso),
        (
            rf"{_LEAD}(?:the\s+)?(?P<edge>end(?:\s+of)?|(?:start|beginning|middle)\s+of|mid|early|late)[\s-]+{_MONTH}{_YEAR}",
            _edge_of_month,
        ),
        (rf"(?P<lead>in|by|before|during|until|for|due\s+in)\s+{_MONTH}{_YEAR}", _month),
        (rf"{_MONTH}\s+(?P<year>[0-9]{{4}})", _month),
        (rf"(?P<lead>on|by|before|until)\s+(?P<which>(?:this|next)\s+(?:coming\s+)?)?{_WEEKDAY}", _weekday),
        (rf"(?P<which>(?:this|next)\s+(?:coming\s+)?){_WEEKDAY}", _weekday),
        (
            rf"{_LEAD}(?:the\s+)?end\s+of\s+(?:(?:the|this)\s+)?(?P<next>next\s+)?"
            r"(?P<unit>week|month|quarter|(?:financial\s+|calendar\s+|school\s+|academic\s+)?year|term)",
            _end_of,
        ),
        (
            r"(?:(?:in|by|before|during|for)\s+)?(?:the\s+)?(?P<which>next|this)\s+(?P<unit>week|month|quarter|year)",
            _next,
        ),
        (
            r"(?:in|by|before|during|over|this|next)\s+(?:the\s+)?(?:early\s+|late\s+)?"
            r"(?:spring|summer|autumn|winter|new\s+year|easter|christmas)(?:\s+[0-9]{4})?",
            _vague,
        ),
        (rf"(?:with)?in\s+(?:a\s+(?:couple\s+of|few)|several|some)\s+{_UNIT}s?", _vague),
        (r"soon|shortly|asap|as\s+soon\s+as\s+possible|in\s+due\s+course", _vague),
    )
]
