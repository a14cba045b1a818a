"""100,000 due dates and day counts, against numpy's own working days, with the conversion from and to dates."""

import random
from datetime import date, timedelta

import numpy as np

from storage.workdays import WorkingDays
from tests.bench.lines import Line, at_most, side_by_side

MANY = 100_000


def measure() -> list[Line]:
    """Both ways: a due date from a day of receipt, and how many working days lie between two days."""
    calendar = WorkingDays.england()
    chance = random.Random(1)  # noqa: S311 - the same days every time
    first = date(2010, 1, 1)
    received = [first + timedelta(days=chance.randrange(5000)) for _ in range(MANY)]
    ended = [day + timedelta(days=chance.randrange(90)) for day in received]
    holidays = np.array(sorted(calendar.non_working), dtype="datetime64[D]")

    def ours_due() -> list[date]:
        return [calendar.add(day, 10) for day in received]

    def numpys_due() -> list[date]:
        days = np.array(received, dtype="datetime64[D]")
        found: list[date] = np.busday_offset(days, 10, roll="backward", holidays=holidays).tolist()
        return found

    def ours_between() -> list[int]:
        return [calendar.between(start, end) for start, end in zip(received, ended, strict=True)]

    def numpys_between() -> list[int]:
        starts, ends = np.array(received, dtype="datetime64[D]"), np.array(ended, dtype="datetime64[D]")
        found: list[int] = np.busday_count(starts + 1, ends + 1, holidays=holidays).tolist()
        return found

    assert ours_due() == numpys_due()
    assert ours_between() == numpys_between()
    due, numpy_due, between, numpy_between = side_by_side(ours_due, numpys_due, ours_between, numpys_between)
    return [
        at_most("100,000 due dates, against numpy.busday_offset", due, numpy_due, 1.0),
        at_most("100,000 day counts, against numpy.busday_count", between, numpy_between, 1.0),
    ]
