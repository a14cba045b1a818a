"""A hundred thousand rows of a spreadsheet with all their rules, against a bare insert of the same rows; and what memory does."""

import csv
import random
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select

from storage import schema
from storage.database import Database
from storage.importing import bringing, reading
from storage.models import metadata
from storage.workdays import WorkingDays
from tests.bench.lines import Line, at_least, at_most, timed
from tests.bench.registers import NOW, aged, sqlite_at

ROWS, FEW = 100_000, 20_000


def measure(folder: Path) -> list[Line]:
    """Closed rows with received, responded, team, outcome and reference; memory is Python's own at its highest."""
    path = _sheet(folder / "rows.csv", ROWS)
    with aged(sqlite_at(folder, "import"), 0, open_stages=0) as register:
        ours = timed(lambda: bringing.bring_in(register.office, reading.read(path), NOW, progress=lambda *_: None))
        written = _written(register.database)
    empty = Database(sqlite_at(folder, "insert"))
    schema.upgrade(empty)
    bare = timed(lambda: _insert(empty, written))
    empty.close()
    peaks = []
    for size in (FEW, ROWS):
        with aged(sqlite_at(folder, f"memory-{size}"), 0, open_stages=0) as register:
            sheet = reading.read(_sheet(folder / f"rows-{size}.csv", size))
            tracemalloc.start()
            bringing.bring_in(register.office, sheet, NOW, progress=lambda *_: None)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    return [
        at_least(f"{ROWS:,} rows imported, against a Core insert of what it wrote", ROWS / ours, ROWS / bare, 0.2),
        at_most(
            f"memory of an import of {ROWS:,} rows, against one of {FEW:,}",
            peaks[1],
            peaks[0],
            1.5,
            unit="MB",
            scale=1e-6,
        ),
    ]


def _days(count: int) -> list[tuple[date, date]]:
    calendar, chance = WorkingDays.england(), random.Random(1)  # noqa: S311 - the same rows every time
    first = date(2010, 1, 4)
    found = []
    for _ in range(count):
        received = first + timedelta(days=chance.randrange(5500))
        found.append((received, calendar.add(received, chance.randrange(1, 30))))
    return found


def _sheet(path: Path, count: int) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Reference", "Date received", "Team", "Date responded", "Outcome"])
        for number, (received, ended) in enumerate(_days(count)):
            team = ("East", "West", "Fostering")[number % 3]
            writer.writerow([f"OLD{number:07d}", received.isoformat(), team, ended.isoformat(), "Not upheld"])
    return path


def _written(database: Database) -> list[tuple[Table, list[dict[str, Any]]]]:
    """What the import left in every table, in an order in which it can be inserted."""
    with database.reading() as session:
        found = [
            (table, [dict(row._mapping) for row in session.execute(select(table))]) for table in metadata.sorted_tables
        ]
    return [(table, rows) for table, rows in found if rows]


def _insert(database: Database, written: list[tuple[Table, list[dict[str, Any]]]]) -> None:
    with database.writing() as session:
        for table, rows in written:
            session.execute(insert(table), rows)
