"""A hundred thousand rows of a spreadsheet with all their rules, against a bare insert of as many rows; and what memory does."""

import csv
import random
import tracemalloc
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert

from storage.database import Database
from storage.importing import bringing, reading
from storage.models import Complaint, Stage
from storage.workdays import WorkingDays
from tests.bench.lines import Line, at_least, at_most, timed
from tests.bench.registers import NOW, aged, sqlite_at

ROWS, FEW = 100_000, 20_000


def measure(folder: Path) -> list[Line]:
    """Closed rows with received, responded, team, outcome and reference; memory is Python's own at its highest."""
    path = _sheet(folder / "rows.csv", ROWS)
    with aged(sqlite_at(folder, "import"), 0, open_stages=0) as register:
        ours = timed(lambda: bringing.bring_in(register.office, reading.read(path), NOW, progress=lambda *_: None))
        teams = register.county.teams
    with aged(sqlite_at(folder, "insert"), 0, open_stages=0) as register:
        complaints, stages = _rows(teams["East"])
        bare = timed(lambda: _insert(register.database, complaints, stages))
    peaks = []
    for size in (FEW, ROWS):
        with aged(sqlite_at(folder, f"memory-{size}"), 0, open_stages=0) as register:
            sheet = reading.read(_sheet(folder / f"rows-{size}.csv", size))
            tracemalloc.start()
            bringing.bring_in(register.office, sheet, NOW, progress=lambda *_: None)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    return [
        at_least(f"{ROWS:,} rows imported, against a Core insert of as many", ROWS / ours, ROWS / bare, 0.2),
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


def _rows(team_id: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    complaints: list[dict[str, object]] = []
    stages: list[dict[str, object]] = []
    for number, (received, ended) in enumerate(_days(ROWS), start=100_001):
        complaints.append(
            {
                "id": number, "reference": f"CS-2010-{number:06d}", "imported_key": f"OLD{number:07d}", "procedure": "statutory",
                "procedure_version": "1", "received_on": received, "recorded_at": NOW, "lead_team_id": team_id,
                "closed_on": ended, "changes": 2, "head": "0" * 64, "held": False,
            }
        )  # fmt: skip
        stages.append(
            {
                "complaint_id": number, "number": 1, "procedure": "statutory", "lead_team_id": team_id, "started_on": received,
                "counted_from": received, "limit_days": 10, "maximum_days": 20, "original_due_on": ended, "due_on": ended,
                "next_due_on": ended, "is_open": False, "ended_on": ended, "days_taken": 9, "days_net": 9,
                "band": "within_limit", "outcome": "no_fault", "finding": "no_fault",
            }
        )  # fmt: skip
    return complaints, stages


def _insert(database: Database, complaints: list[dict[str, object]], stages: list[dict[str, object]]) -> None:
    with database.writing() as session:
        session.execute(insert(Complaint), complaints)
        session.execute(insert(Stage), stages)
