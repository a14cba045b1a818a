"""A reporting period: whole days in Europe/London, both ends included, and its name. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from storage.dates import MONTHS, in_words_range

FIRST_YEAR, LAST_YEAR = 2006, 2100  # the instrument came into force in 2006
EXAMPLES = "Try “last month”, “Q2 2026/27” or “1 April 2026 to 30 June 2026”."
LONGEST = 100  # characters
_SHOWN = 40
DAY = timedelta(days=1)


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
            if (first, last) == whole(unit, first):
                return cls(first, last, named(first))
        return cls(first, last, in_words_range(first, last))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def is_financial_year(self) -> bool:
        """Whether it is 1 April to 31 March, whole."""
        return (self.first, self.last) == whole("year", self.first)

    def quarters(self) -> list["Period"]:
        """The quarters that it holds whole, the earliest first."""
        found, first = [], start_of("quarter", self.first)
        while first <= self.last:
            quarter = Period.of(*whole("quarter", first))
            if self.first <= quarter.first and quarter.last <= self.last:
                found.append(quarter)
            first = quarter.last + DAY
        return found

    def contains(self, day: date) -> bool:
        """Whether `day` belongs to it."""
        return self.first <= day <= self.last

    def so_far(self, today: date) -> "Period":
        """As much of it as is over on `today`, so that like meets like a year before; of what is to come, its first day."""
        return self if self.last <= today else Period.of(self.first, max(today, self.first))

    def year_earlier(self) -> "Period":
        """The same dates one year before. Whole months stay whole months; 29 February becomes 28 February."""
        year = relativedelta(years=1)
        whole_months = self.first.day == 1 and (self.last + DAY).day == 1
        return Period.of(self.first - year, self.last + DAY - year - DAY if whole_months else self.last - year)


STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}
Span = tuple[date, date]


def start_of(unit: str, day: date) -> date:
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


def whole(unit: str, day: date) -> Span:
    """First and last day of the unit that `day` is in."""
    first = start_of(unit, day)
    return first, first + STEPS[unit] - DAY


def _year_label(first: date) -> str:
    year = start_of("year", first).year
    return f"{year}/{(year + 1) % 100:02}"


def _quarter_label(first: date) -> str:
    return f"Q{(first.month - 4) % 12 // 3 + 1} {_year_label(first)}"


def _month_label(first: date) -> str:
    return f"{MONTHS[first.month - 1]} {first.year}"


def sound(year: int) -> int:
    """The year itself. Raises NotAPeriod outside the years there are figures for."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise out_of_range()
    return year


def out_of_range() -> NotAPeriod:
    """What to raise for a year there are no figures for."""
    return NotAPeriod(f"A period lies within the years {FIRST_YEAR} to {LAST_YEAR}.")


def shown(text: str) -> str:
    """A short form that is safe to echo: letters, digits, spaces and `/ , -`; no mention, link or markup survives."""
    kept = " ".join(re.sub(r"[^\w\s/,-]|_", " ", text[:LONGEST]).split())
    return kept if len(kept) <= _SHOWN else kept[: _SHOWN - 1].rstrip() + "…"
