"""`complaints caseload …`, as somebody types it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from bot.cli import build, caseload
from storage.figures.caseload import caseload as counted
from storage.office import Office
from storage.periods import Period
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.caseload.shire import SAMPLE, load_shire
from tests.storage.witness import contents

Type = Callable[..., str]
DATE = ("--date", "2025-03-31")
YEAR = Period.of(date(2024, 4, 1), date(2025, 3, 31))


@pytest.fixture
def shire(office: Office) -> County:
    return load_shire(office, MONDAY)


@pytest.fixture
def typed(shire: County, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types at the command line; what came of it, which is a failure where `fails` says so."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(caseload, "real_clock", lambda: MONDAY)

    def type_(*words: str, answer: str | None = None, fails: bool = False) -> str:
        result = CliRunner().invoke(build(), ["caseload", *words], input=answer)
        assert result.exit_code == (1 if fails else 0), result.output
        assert isinstance(result.exception, SystemExit | None), repr(result.exception)
        return result.output

    return type_


def written(folder: Path, *rows: str, headings: str = "TeamName,TeamParentName,InvolvementCaseload") -> str:
    (folder / "extract.csv").write_text("\n".join([headings, *rows]) + "\n", "utf-8-sig")
    return "extract.csv"


def total(shire: County) -> int:
    with shire.office.look(None, MONDAY) as desk:
        found = counted(desk, YEAR)
    return sum(found.cases.values())


def test_the_sample_is_checked_asked_about_and_brought_in(typed: Type, shire: County) -> None:
    before = contents(shire.office)
    said = typed("import", str(SAMPLE), *DATE, answer="n\n")
    assert said == (
        "11 teams with 3,646 open cases, 0 rows rejected.\n"
        "There is no snapshot of 31 March 2025 yet.\n"
        "Bring in the snapshot? [y/N]: n\n"
        "Nothing was written.\n"
    )
    assert contents(shire.office) == before
    assert typed("import", str(SAMPLE), *DATE, answer="y\n").endswith("The snapshot of 31 March 2025 was brought in.\n")
    assert total(shire) == 3646
    assert typed("show") == "2025-03-31  11 teams, 3,646 open cases\n"


def test_the_same_again_says_that_nothing_changes_and_asks_nothing(typed: Type, shire: County) -> None:
    typed("import", str(SAMPLE), *DATE, "--yes")
    before = contents(shire.office)
    assert "says the same already, so nothing changes.\n" in typed("import", str(SAMPLE), *DATE)
    assert contents(shire.office) == before


def test_other_numbers_replace_the_snapshot_of_that_day_and_say_what_differs(
    typed: Type, shire: County, tmp_path: Path
) -> None:
    typed("import", written(tmp_path, "Boston,East,1234", "Lincoln,West,8", "Adoption,Permanence,3"), *DATE, "--yes")
    file = written(tmp_path, 'Boston,East,"1,235"', "Lincoln,West,8", "South Holland,South,0")
    said = typed("import", file, *DATE, answer="y\n")
    assert "The snapshot of 31 March 2025 (3 teams, 1,245 open cases) will be replaced:\n" in said
    assert "  Adoption: no row, was 3\n  Boston: 1,235, was 1,234\n  South Holland: 0, was no row\n" in said
    assert "Lincoln:" not in said
    assert "Replace the snapshot? [y/N]: y\nThe snapshot of 31 March 2025 was replaced.\n" in said
    assert total(shire) == 1243


def test_a_dry_run_writes_nothing_and_asks_nothing(typed: Type, shire: County) -> None:
    before = contents(shire.office)
    said = typed("import", str(SAMPLE), *DATE, "--dry-run")
    assert said.endswith("There is no snapshot of 31 March 2025 yet.\n")
    assert contents(shire.office) == before


def test_rejected_rows_are_listed_and_the_others_brought_in(typed: Type, shire: County, tmp_path: Path) -> None:
    said = typed("import", written(tmp_path, "Boston,West,7", "Lincoln,West,-1", "Total,,7", ",,"), *DATE, "--yes")
    assert "  row 3: InvolvementCaseload: A number of open cases can't be negative.\n" in said
    assert "  row 4: TeamName: This looks like a row of totals." in said
    assert "1 team with 7 open cases, 2 rows rejected.\n" in said
    plain = " ".join(said.split())
    assert "In another service area in the file than in the register: Boston." in plain
    assert "Open on that day and without a row: Children with disabilities, East Lindsey North," in plain
    assert total(shire) == 7


def test_a_file_without_a_good_row_is_refused(typed: Type, shire: County, tmp_path: Path) -> None:
    before = contents(shire.office)
    said = typed("import", written(tmp_path, "Atlantis,East,7"), *DATE, "--yes", fails=True)
    assert "row 2: TeamName: " in said
    assert "No row can be brought in, so nothing was written." in said
    assert contents(shire.office) == before


def test_a_workbook_is_brought_in_by_the_councils_own_headings(typed: Type, shire: County, tmp_path: Path) -> None:
    workbook = Workbook()
    assert workbook.active is not None
    for row in (("Team", "Open cases"), ("Boston", 299.0), ("Lincoln", "=1+1")):
        workbook.active.append(row)
    workbook.save(tmp_path / "extract.xlsx")
    (tmp_path / "columns.toml").write_text('team = "TEAM"\ncases = "open cases"\n', "utf-8-sig")
    said = typed("import", "extract.xlsx", *DATE, "--columns", "columns.toml", "--yes")
    assert "row 3: open cases: This is a formula" in said
    assert total(shire) == 299


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["TeamName,InvolvementCaseload,Child DOB", "Boston,1,2014-03-12"],
            "column C “Child DOB” seems to be about single people or cases",
        ),
        (
            ["TeamName,InvolvementCaseload", "Boston,1", "Boston,1"],
            "one team stands in several rows, such as rows 2 and 3",
        ),
        (["TeamName,Open cases", "Boston,1"], "with “InvolvementCaseload” (its number of open cases) in it"),
    ],
)
def test_a_file_that_is_no_extract_is_refused_and_nothing_of_it_is_repeated(
    typed: Type, shire: County, tmp_path: Path, lines: list[str], said: str
) -> None:
    before = contents(shire.office)
    output = typed("import", written(tmp_path, *lines[1:], headings=lines[0]), *DATE, "--yes", fails=True)
    assert said in output
    assert "Boston" not in output
    assert "2014" not in output
    assert contents(shire.office) == before


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("31/03/2025", "The date has to look like 2025-03-31."),
        ("2025-02-29", "The date has to look like 2025-03-31."),
        ("2026-11-24", "24 November 2026 is in the future."),
        ("1999-03-31", "31 March 1999 is outside the calendar"),
    ],
)
def test_a_day_that_will_not_do_is_refused(typed: Type, shire: County, day: str, said: str) -> None:
    before = contents(shire.office)
    assert said in typed("import", str(SAMPLE), "--date", day, "--yes", fails=True)
    assert contents(shire.office) == before


def test_the_day_is_not_guessed_from_the_name_of_the_file(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "caseload_2025-03-31.csv").write_bytes(SAMPLE.read_bytes())
    result = CliRunner().invoke(build(), ["caseload", "import", "caseload_2025-03-31.csv"])
    assert result.exit_code == 2
    assert "--date" in result.output


def test_a_file_of_columns_that_will_not_do_says_why(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "columns.toml").write_text("case = 'Open cases'\n", "utf-8")
    said = typed("import", str(SAMPLE), *DATE, "--columns", "columns.toml", fails=True)
    assert "the names are team, parent and cases" in said
    assert "absent.toml can't be read" in typed("import", str(SAMPLE), *DATE, "--columns", "absent.toml", fails=True)


def test_without_a_snapshot_the_list_says_how_to_bring_one_in(typed: Type) -> None:
    assert typed("show") == "There is no snapshot yet. Bring one in with complaints caseload import.\n"


def test_the_list_has_the_latest_snapshot_first(typed: Type, tmp_path: Path) -> None:
    for day, count in (("2025-03-31", 7), ("2026-03-31", 1)):
        typed("import", written(tmp_path, f"Boston,East,{count}"), "--date", day, "--yes")
    assert typed("show") == "2026-03-31  1 team, 1 open case\n2025-03-31  1 team, 7 open cases\n"
