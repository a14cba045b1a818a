"""`complaints import`, as somebody types it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build, files
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.stages import ANSWERED, FURTHER, PANEL, UNANSWERED, stages_sheet
from tests.storage.witness import contents

Type = Callable[..., str]


@pytest.fixture
def typed(county: County, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types at the command line in a folder with a spreadsheet of these rows; what came of it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "real_clock", lambda: MONDAY)

    def type_(*words: str, rows: list[dict[str, str]], answer: str | None = None) -> str:
        stages_sheet(tmp_path, *rows)
        result = CliRunner().invoke(build(), ["import", "complaints.csv", *words], input=answer)
        assert result.exit_code == 0, result.output
        return "".join(line for line in result.output.splitlines(keepends=True) if line.strip())

    return type_


def test_later_stages_are_counted_asked_about_and_brought_in(typed: Type, county: County) -> None:
    rows = [PANEL, UNANSWERED, ANSWERED | {"Reference": "K/2"}, FURTHER, FURTHER | {"Reference": "K/3"}]
    before = contents(county.office)
    said = typed(rows=rows, answer="n\n").replace("\n", " ")
    assert "row 6: Reference: There is no complaint of this reference in the register" in said
    assert "2 new (1 open, 1 closed, 0 not proceeded), 0 already here, 1 rejected." in said
    assert "New later stages: 1 at stage 2, 1 at stage 3." in said
    assert (
        "1 of them came after a stage that was not answered. That stage ends, late, on the day the next was asked for."
        in said
    )
    assert (
        "Bring in 2 complaints and 2 later stages (1 at stage 2, 1 at stage 3)? [y/N]: n Nothing was written." in said
    )
    assert contents(county.office) == before
    said = typed("--yes", rows=rows)
    assert said.endswith("2 complaints and 2 later stages (1 at stage 2, 1 at stage 3) brought in.\n")
    said = typed("--yes", rows=rows)
    assert "0 new (0 open, 0 closed, 0 not proceeded), 4 already here, 1 rejected." in said
    assert "brought in" not in said
    assert "later stages" not in said


def test_a_file_of_later_stages_alone_is_brought_in(typed: Type) -> None:
    assert typed("--yes", rows=[ANSWERED]).endswith("1 complaint brought in.\n")
    assert typed(rows=[FURTHER], answer="y\n").endswith(
        "Bring in 1 later stage (1 at stage 2)? [y/N]: y\n1 later stage (1 at stage 2) brought in.\n"
    )


def test_nothing_is_written_by_a_dry_run(typed: Type, county: County) -> None:
    before = contents(county.office)
    assert "New later stages: 1 at stage 2." in typed("--dry-run", rows=[ANSWERED, FURTHER])
    assert contents(county.office) == before
