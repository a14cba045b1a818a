"""Figures by team for one year: what history costs, and what we add to the driver."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from storage import figures
from storage.figures.team_table import _QUERY, _count
from storage.office import Desk
from tests import county as people
from tests.bench.lines import Line, at_most, side_by_side
from tests.bench.registers import NOW, YEAR, Aged, aged, sqlite_at

SQLITE, POSTGRESQL = (10_000, 100_000, 1_000_000), (10_000, 100_000, 1_000_000)
# Ten gigabytes and some minutes, for who asks for it.
LARGEST = 10_000_000


def measure(folder: Path, new_postgres: Callable[[], str]) -> list[Line]:
    """On both databases, against the same with the shortest history, and against the same SQL through the raw driver."""
    sizes = (*POSTGRESQL, LARGEST) if "LARGE" in os.environ else POSTGRESQL
    lines = _on("SQLite", [(size, sqlite_at(folder, f"aged-{size}")) for size in SQLITE], 1.5)
    return lines + _on("PostgreSQL", [(size, new_postgres()) for size in sizes], 2.5)


def _on(name: str, places: list[tuple[int, str]], most: float) -> list[Line]:
    with ExitStack() as stack:
        registers = [stack.enter_context(aged(url, size)) for size, url in places]
        desks = [stack.enter_context(one.office.look(people.HANDLER, NOW)) for one in registers]
        times = side_by_side(*(_table(desk) for desk in desks), rounds=31, warm=3)
        lines = [
            at_most(
                f"{name}: figures of a year after {size:,} stages, against after {places[0][0]:,}", took, times[0], 1.2
            )
            for (size, _), took in list(zip(places, times, strict=True))[1:]
        ]
        ours, raw = side_by_side(_counted(desks[-1]), _raw(registers[-1]), rounds=51, warm=3)
        return [*lines, at_most(f"{name}: the query, against the raw driver", ours, raw, most)]


def _table(desk: Desk) -> Callable[[], object]:
    return lambda: figures.team_table(desk, YEAR)


def _counted(desk: Desk) -> Callable[[], object]:
    return lambda: _count(desk, YEAR, "statutory", 1)


def _raw(register: Aged) -> Callable[[], object]:
    """The statement as the driver gets it, and its rows added up by team as we do."""
    database = register.database
    asked: dict[str, Any] = {
        "first": YEAR.first, "last": YEAR.last, "procedure": "statutory", "number": 1, "next": 2,
        "today": NOW.date(), "soon": NOW.date(),
    }  # fmt: skip
    connection: Any = database.engine.raw_connection()
    compiled = _QUERY.compile(dialect=database.engine.dialect)
    given: Any = {
        name: value.isoformat() if database.is_sqlite and hasattr(value, "isoformat") else value
        for name, value in asked.items()
    }
    if compiled.positional:
        given = [given[name] for name in compiled.positiontup or ()]

    def run() -> list[Any]:
        cursor = connection.cursor()
        cursor.execute(str(compiled), given)
        rows: list[Any] = cursor.fetchall()
        cursor.close()
        return rows

    return run
