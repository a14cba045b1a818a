"""The working-day calendar of regulation 2 of SI 2006/1738. Pure, standard library only.

A working day is not a Saturday, a Sunday, Christmas Day, Boxing Day, Good Friday or a bank holiday in England and
Wales. Nothing local counts for a statutory complaint; other procedures may add closure days (`with_closures`).
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from storage.dates import in_words

_HOLIDAYS = "bank_holidays_england.csv"
_SATURDAY = 5


class CountFrom(StrEnum):
    """Which day is day 1. A setting, because the instrument's wording was not confirmed either way."""

    NEXT_WORKING_DAY = "next_working_day"
    SAME_DAY = "same_day"


class CalendarTooShort(ValueError):
    """A date was asked for that lies outside the years whose holidays are known."""

    def __init__(self, first_day: date, last_day: date, *, before: bool) -> None:
        self.first_day = first_day
        self.last_day = last_day
        super().__init__(
            f"The working-day calendar starts on {in_words(first_day)} and a date before that is needed. "
            "Check that the year is right."
            if before
            else f"The working-day calendar reaches {in_words(last_day)} and a date after that is needed. "
            "Check that the year is right. If it is, ask whoever runs this app to update it: "
            "a newer version brings the bank holidays of later years."
        )


class WorkingDays:
    """A calendar of whole years, built once; every answer is then a look-up in a table.

    `non_working` are the days off that are not simply a Saturday or Sunday (naming one of those as well does no
    harm). Both years are included. Dates are days in Europe/London. Every method raises `CalendarTooShort` when a
    date given to it, or its answer, lies outside those years: a guess would be a wrong legal deadline.
    """

    __slots__ = ("_before", "_days", "_first_ordinal", "_working", "first_day", "last_day", "non_working")

    def __init__(self, non_working: Iterable[date], *, first_year: int, last_year: int) -> None:
        self.first_day = date(first_year, 1, 1)
        self.last_day = date(last_year, 12, 31)
        self.non_working = frozenset(non_working)
        for day in self.non_working:
            if not self.first_day <= day <= self.last_day:
                raise self._too_short(before=day < self.first_day)
        self._first_ordinal = self.first_day.toordinal()
        self._working: list[date] = []
        # _before[i] is the number of working days before the day i of the calendar; day 0 is its first day.
        self._before = [0]
        for ordinal in range(self._first_ordinal, self.last_day.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day.weekday() < _SATURDAY and day not in self.non_working:
                self._working.append(day)
            self._before.append(len(self._working))
        self._days = len(self._before) - 1

    @classmethod
    def england(cls, extra: Iterable[date] = ()) -> "WorkingDays":
        """The shipped list of England and Wales, and `extra` days announced since. Reads a file: keep the result."""
        listed = england_titles()
        return cls([*listed, *extra], first_year=min(listed).year, last_year=max(listed).year)

    def with_extra(self, holidays: Iterable[date]) -> "WorkingDays":
        """A calendar with bank holidays announced late. This one stays as it is, so that due dates can be compared."""
        return WorkingDays(
            self.non_working.union(holidays), first_year=self.first_day.year, last_year=self.last_day.year
        )

    def changed(self, *, added: Iterable[date] = (), removed: Iterable[date] = ()) -> "WorkingDays":
        """A calendar with bank holidays that came late, and without those that were moved away."""
        return WorkingDays(
            self.non_working.union(added).difference(removed),
            first_year=self.first_day.year,
            last_year=self.last_day.year,
        )

    def with_closures(self, closures: Iterable[date]) -> "WorkingDays":
        """A calendar for a procedure that honours the council's own closure days. Never for a statutory complaint."""
        return self.with_extra(closures)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        index = self._index(day)
        return self._before[index] < self._before[index + 1]

    def next_working(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self._nth(self._before[self._index(day) + 1])

    def on_or_after(self, day: date) -> date:
        """`day` if it is a working day, otherwise the next one."""
        return self._nth(self._before[self._index(day)])

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n is negative; neither counts `day` itself.

        n = 0 is `on_or_after(day)`, so the answer is always a working day.
        """
        index = self._index(day)
        return self._nth(self._before[index + 1] + n - 1 if n > 0 else self._before[index] + n)

    def between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; the same number, negative, with `a` and `b` exchanged."""
        return self._before[self._index(b) + 1] - self._before[self._index(a) + 1]

    def due(self, received: date, limit: int, count_from: CountFrom = CountFrom.NEXT_WORKING_DAY) -> date:
        """The day at whose end a stage of `limit` working days is due.

        `next_working_day`: the day of receipt is day 0, the next working day is day 1; a limit of 0 is due on the
        day of receipt itself. `same_day`: the day of receipt is day 1 when it is a working day, otherwise the next
        working day is, as with the other setting. Raises ValueError for a limit that nobody could meet: below 0,
        or below 1 for `same_day`.
        """
        index = self._index(received)
        if limit < (1 if count_from is CountFrom.SAME_DAY else 0):
            message = f"A limit of {limit} working days cannot be kept."
            raise ValueError(message)
        if count_from is CountFrom.SAME_DAY:
            return self._nth(self._before[index] + limit - 1)
        return self._nth(self._before[index + 1] + limit - 1) if limit else received

    def taken(self, received: date, closed: date, count_from: CountFrom = CountFrom.NEXT_WORKING_DAY) -> int:
        """Working days taken by what was received and closed on these days, counted the way `due` counts.

        For both settings `taken(r, c) <= n` exactly when `c <= due(r, n)`. Two things follow. A reply on a day off
        counts as one on the next working day: due on a Friday, a Saturday is late. And a reply on the day of receipt
        took 0 days, except under `same_day` on a working day: that day is day 1, so it took 1.
        Raises ValueError when `closed` is before `received`.
        """
        if closed < received:
            message = f"It cannot be closed on {in_words(closed)}, before it was received on {in_words(received)}."
            raise ValueError(message)
        if count_from is CountFrom.SAME_DAY and self.is_working(received):
            return self._days_from(received, closed) + 1
        return self._days_from(received, closed)

    def days_left(self, today: date, due: date) -> int:
        """Working days from today to the due day: 0 on the day it is due and on no other, negative when overdue.

        Overdue by n is what `taken` counts over the limit: due on a Friday, it is overdue by 1 from Saturday to Monday.
        """
        return self._days_from(today, due) if today <= due else -self._days_from(due, today)

    def _days_from(self, a: date, b: date) -> int:
        """Days from `a` to a `b` not before it, where a day off counts as the working day that follows."""
        start, end = self._index(a), self._index(b)
        return self._before[end] - self._before[start + 1] + 1 if start < end else 0

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._first_ordinal
        # Checked, because a negative index would quietly count from the end of the list.
        if index < 0 or index >= self._days:
            raise self._too_short(before=index < 0)
        return index

    def _nth(self, index: int) -> date:
        """The working day with this number in the calendar; the first one is number 0."""
        if index < 0 or index >= len(self._working):
            raise self._too_short(before=index < 0)
        return self._working[index]

    def _too_short(self, *, before: bool) -> CalendarTooShort:
        return CalendarTooShort(self.first_day, self.last_day, before=before)


def england_titles() -> dict[date, str]:
    """The shipped list of England and Wales: what each day off is called. Reads a file: keep the result."""
    # Imported here because they take longer to import than a calendar takes to build.
    import csv  # noqa: PLC0415
    from importlib.resources import files  # noqa: PLC0415

    text = (files("storage") / "data" / _HOLIDAYS).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {date.fromisoformat(row["date"]): row["name"] for row in rows if row["non_working_for_reg2"] == "yes"}
