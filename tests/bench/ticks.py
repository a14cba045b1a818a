"""One tick with ten thousand open stages, with and without a million closed ones behind them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from jobs.tick import tick
from tests.bench.lines import Line, at_most, side_by_side, within
from tests.bench.registers import NOW, Aged, aged, sqlite_at

OPEN, CLOSED = 10_000, 1_000_000


def measure(folder: Path, new_postgres: Callable[[], str]) -> list[Line]:
    """A tick of the morning, when everybody may be written to and everything is looked at; what it writes is written once."""
    lines = []
    for name, urls in (
        ("SQLite", [sqlite_at(folder, "tick-short"), sqlite_at(folder, "tick-long")]),
        ("PostgreSQL", [new_postgres(), new_postgres()]),
    ):
        with ExitStack() as stack:
            short = stack.enter_context(aged(urls[0], 0, open_stages=OPEN))
            long = stack.enter_context(aged(urls[1], CLOSED, open_stages=OPEN))
            first = [tick(one.office, NOW) for one in (short, long)]
            assert first[0] == first[1] > 0
            # The next mornings: what was said before is known, and what is new is written.
            days = iter(range(1, 100))
            alone, behind = side_by_side(_morning(short, days), _morning(long, days), rounds=5)
        said = f"{name}: a tick with {OPEN:,} open and {CLOSED:,} closed stages"
        lines += [at_most(f"{said}, against without the closed", behind, alone, 1.2), within(said, behind, 1.0)]
    return lines


def _morning(register: Aged, days: Iterator[int]) -> Callable[[], object]:
    return lambda: tick(register.office, NOW + timedelta(days=next(days)))
