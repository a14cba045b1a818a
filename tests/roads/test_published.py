"""Figures that councils printed come back to the digit: rows with their totals in, report and /complaint status out."""

import csv
import io
import random
import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.blocks.words import shown
from bot.cli import build
from bot.listeners import status
from storage.figures import Share
from storage.office import Office
from storage.workdays import WorkingDays
from tests.storage.importing import bradford

pytestmark = pytest.mark.slow

PUBLISHED = tomllib.loads(bradford.TABLES.read_text("utf-8"))
CALENDAR = WorkingDays.england()
ELSEWHERE = "Elsewhere"
# A row a stage, in the columns that councils keep.
HEADINGS = (*bradford.HEADINGS, "Stage")
Rows = list[dict[str, str]]


@pytest.fixture
def command(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def run(command: CliRunner, *words: str) -> str:
    result = command.invoke(build(), list(words))
    assert result.exit_code == 0, result.output
    return result.output


def bring_in(command: CliRunner, teams: Iterable[str], rows: Rows) -> None:
    """Teams, then rows, as a council would."""
    Path("org.toml").write_text("\n".join(f'[[teams]]\nname = "{team}"' for team in teams), "utf-8")
    run(command, "org", "load", "org.toml")
    with Path("rows.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS)
        writer.writeheader()
        writer.writerows(rows)
    assert "0 rejected" in run(command, "import", "rows.csv", "--dry-run")
    run(command, "import", "rows.csv", "--yes")
    assert f"0 new (0 open, 0 closed, 0 not proceeded), {len(rows)} already here, 0 rejected." in run(
        command, "import", "rows.csv", "--yes"
    )
    assert "nothing differs" in run(command, "check")


def rows_of(received: Sequence[date], teams: Sequence[str], outcomes: Sequence[str], prefix: str) -> Rows:
    """A row for each day, answered five working days later unless its outcome is none of a response."""
    rows = []
    for number, (day, team, outcome) in enumerate(zip(received, teams, outcomes, strict=True)):
        ended = CALENDAR.add(day, 5).isoformat()
        stopped = outcome in {"Handled informally", "Withdrawn"}
        rows.append(
            {
                "Reference": f"{prefix}{number:04d}",
                "Date received": day.isoformat(),
                "Team": team,
                "Date responded": "" if stopped else ended,
                "Outcome": "" if outcome == "Withdrawn" else outcome,
                "Date withdrawn": ended if stopped else "",
            }
        )
    return rows


def days_in(first: date, count: int, chance: random.Random) -> list[date]:
    """So many days of receipt early in a quarter, so that all are answered in it."""
    return sorted(first + timedelta(days=chance.randrange(60)) for _ in range(count))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The spreadsheet's tables by their captions."""
    book = load_workbook(io.BytesIO(content))
    return {
        str(sheet["A1"].value): [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    }


def reported(command: CliRunner, year: str) -> tuple[dict[str, list[list[Any]]], str]:
    """The annual report of a year as a spreadsheet's tables, and its page."""
    run(command, "report", year, "report.xlsx")
    run(command, "report", year, "report.html")
    return sheets(Path("report.xlsx").read_bytes()), Path("report.html").read_text("utf-8")


def cell(table: list[list[Any]], row: str, column: str) -> Any:
    head = next(line for line in table if column in line)
    return next(line for line in table if line[0] == row)[head.index(column)]


def test_lincolnshires_quarters_outcomes_and_rate_of_caseload(command: CliRunner) -> None:
    published = PUBLISHED["lincolnshire_2024_25"]
    chance = random.Random(2024)  # noqa: S311 - the same rows every time
    starts = {2023: [date(2023, 4, 1), date(2023, 7, 1), date(2023, 10, 1), date(2024, 1, 1)]}
    starts[2024] = [start.replace(year=start.year + 1) for start in starts[2023]]
    received = {
        year: [day for start, count in zip(starts[year], counts, strict=True) for day in days_in(start, count, chance)]
        for year, counts in (
            (2023, published["received_by_quarter_previous_year"]),
            (2024, published["received_by_quarter"]),
        )
    }
    teams = [team for team, (_cases, count) in published["caseload"].items() for _ in range(count)]
    teams += [ELSEWHERE] * (len(received[2024]) - len(teams))
    chance.shuffle(teams)
    labels = {"no_fault": "Not upheld", "partial_fault": "Partially upheld", "fault": "Upheld"}
    outcomes = [labels[key] for key, count in published["outcomes"].items() for _ in range(count)]
    chance.shuffle(outcomes)
    rows = rows_of(received[2023], [ELSEWHERE] * len(received[2023]), ["Not upheld"] * len(received[2023]), "A")
    rows += rows_of(received[2024], teams, outcomes, "B")
    bring_in(command, [*published["caseload"], ELSEWHERE], rows)
    extract = "\n".join(f"{team},{cases}" for team, (cases, _count) in published["caseload"].items())
    Path("caseload.csv").write_text(f"TeamName,InvolvementCaseload\n{extract}\n", "utf-8")
    Path("columns.toml").write_text('team = "TeamName"\ncases = "InvolvementCaseload"\n', "utf-8")
    run(command, "caseload", "import", "caseload.csv", "--date", "2025-03-31", "--columns", "columns.toml", "--yes")

    tables, page = reported(command, "2024/25")
    quarters = next(table for caption, table in tables.items() if caption.startswith("Stage 1 by quarter"))
    assert [cell(quarters, f"Q{place} 2024/25", "Received") for place in range(1, 5)] == published[
        "received_by_quarter"
    ]
    years = tables["Stage 1, 2024/25 and 2023/24"]
    assert cell(years, "Received", "Change") == "−21 on 339 (6 %)"
    found = next(table for caption, table in tables.items() if caption.startswith("Outcomes of stage 1"))
    assert {row[0]: round(row[2]) for row in found if row[0] in {"Fault found", "Partial fault", "No fault"}} == {
        "No fault": 58, "Partial fault": 26, "Fault found": 16,
    }  # fmt: skip
    by_team = next(table for caption, table in tables.items() if caption.startswith("Stage 1 by team"))
    assert cell(by_team, "Total", "Caseload") == 3646
    assert (cell(by_team, "Total", "Of caseload: number"), cell(by_team, "Total", "Of caseload: of")) == (161, 3646)
    assert cell(by_team, "Total", "Of caseload %") == 4.42
    assert cell(by_team, "Children in care", "Received") == published["caseload"]["Children in care"][1]
    for said in ("58 %", "26 %", "16 %", "4.4 %"):
        assert said in page


def test_readings_year_with_its_stages_and_the_year_before(command: CliRunner) -> None:
    published = PUBLISHED["reading_2017_18"]
    chance = random.Random(2017)  # noqa: S311 - the same rows every time
    before, received = 132, published["received"]
    days = {
        year: sorted(date(year, 4, 1) + timedelta(days=chance.randrange(330)) for _ in range(count))
        for year, count in ((2016, before), (2017, received))
    }
    outcomes = ["Handled informally"] * published["resolved_informally"] + ["Withdrawn"] * published["withdrawn"]
    outcomes += ["Not upheld"] * published["formal"]
    chance.shuffle(outcomes)
    rows = rows_of(days[2016], [ELSEWHERE] * before, ["Not upheld"] * before, "A")
    rows += rows_of(days[2017], [ELSEWHERE] * received, outcomes, "B")
    answered = [row["Reference"] for row in rows if "2017-04-01" <= row["Date responded"] <= "2017-12-31"]
    further = Further(rows)
    panel = answered[: published["stage3"]]
    further.ask(answered[: published["stage2"]], date(2018, 1, 8))
    further.answer(panel, date(2018, 1, 29))
    further.ask(panel, date(2018, 2, 12))
    bring_in(command, [ELSEWHERE], mixed(rows + further.rows, chance))

    tables, page = reported(command, "2017/18")
    years = tables["Stage 1, 2017/18 and 2016/17"]
    assert (cell(years, "Received", "2017/18: number"), cell(years, "Received", "2016/17: number")) == (136, 132)
    assert cell(years, "Received", "Change") == "+4 on 132 (3 %)"
    assert cell(years, "Closed", "2017/18: number") == published["formal"]
    assert cell(years, "Not proceeded", "2017/18: number") == published["resolved_informally"] + published["withdrawn"]
    for number, key in ((2, "stage2"), (3, "stage3")):
        table = next(table for caption, table in tables.items() if caption.startswith(f"Stage {number} by team"))
        assert cell(table, "Total", "Received") == published[key]
    assert "4 % (6 of 136)" in re.sub("<[^>]+>", "", page)


class Further:
    """Later stages of some of these complaints, each asked for on a day and answered on another, if at all."""

    def __init__(self, of: Rows) -> None:
        self.rows: Rows = []
        self._first = {row["Reference"]: row for row in of}
        self._last: dict[str, dict[str, str]] = {}

    def ask(self, references: Iterable[str], on: date) -> None:
        for reference in references:
            first, before = self._first[reference], self._last.get(reference)
            row = {
                "Reference": reference,
                "Stage": "3" if before else "2",
                "Date received": on.isoformat(),
                "Team": first["Team"],
            }
            self._last[reference] = row
            self.rows.append(row)

    def answer(self, references: Iterable[str], on: date) -> None:
        for reference in references:
            self._last[reference] |= {"Date responded": on.isoformat(), "Outcome": "Not upheld"}


def mixed(rows: Rows, chance: random.Random) -> Rows:
    """In no order at all, as in a sheet that several people keep."""
    return chance.sample(rows, len(rows))


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def test_bradfords_later_stages_in_both_years(command: CliRunner, office: Office) -> None:
    """Received, closed and in time of stages 2 and 3; which complaints they were, and on which days, is made up."""
    this = PUBLISHED["bradford_2022_23"]
    before = rows_of([date(2019, 5, 7)] * 54, ["East"] * 54, ["Not upheld"] * 54, "Z")
    older = [row["Reference"] for row in before]
    in_time, late, long, next_year, quick, slow, still = (
        older[start:end] for start, end in ((0, 8), (8, 12), (12, 24), (24, 35), (35, 42), (42, 45), (45, 54))
    )
    further = Further(before)
    further.ask([*late, *long], date(2021, 2, 1))
    further.ask(in_time, date(2021, 3, 15))
    further.answer(in_time, date(2021, 4, 12))
    further.answer(late, date(2021, 6, 15))
    further.ask(late, date(2021, 7, 1))
    further.answer(late[:1], date(2021, 8, 2))
    further.ask(next_year, date(2022, 1, 10))
    further.answer(late[1:2], date(2022, 2, 1))
    further.answer(late[2:], date(2022, 4, 20))
    further.answer([*long, *next_year], date(2022, 5, 10))
    further.ask([*quick, *slow, *still], date(2022, 6, 6))
    further.answer(quick, date(2022, 6, 20))
    panel = [*long, *next_year][:14]
    further.ask(panel, date(2022, 7, 4))
    further.answer(panel[:7], date(2022, 8, 1))
    further.answer(slow, date(2022, 12, 5))
    further.answer(panel[7:9], date(2023, 2, 1))
    rows = bradford.rows() + before + further.rows
    bring_in(command, bradford.teams(), mixed(rows, random.Random(2022)))  # noqa: S311 - the same order every time

    for year, published in (("2022/23", this), ("2021/22", this["previous_year"])):
        tables, page = reported(command, year)
        for number in (1, 2, 3):
            wanted = published[f"stage{number}"]
            table = next(table for caption, table in tables.items() if caption.startswith(f"Stage {number} by team"))
            assert cell(table, "Total", "Received") == wanted["received"], (year, number)
            assert cell(table, "Total", "Closed") == wanted["closed"], (year, number)
            part, whole = (cell(table, "Total", f"On time: {what}") for what in ("number", "of"))
            share = Share(part, whole)
            assert share.percent == wanted["in_time_percent"], (year, number)
            assert shown(share) in re.sub("<[^>]+>", "", page)
            with office.look(None, noon(date(2023, 6, 1))) as desk:
                # What /complaint status says is the same.
                said = status.answer(desk, f"statutory stage {number} {year}").text
            assert f"{wanted['received']} received, {wanted['closed']} closed, on time {shown(share)}" in said
        Path("report.xlsx").unlink()
        Path("report.html").unlink()
