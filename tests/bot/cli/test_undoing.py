"""`complaints undo-import`, as somebody types it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build, undoing
from storage import register
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.stages import ANSWERED, FURTHER, bring
from tests.storage.witness import contents

Type = Callable[..., tuple[int, str]]
OPEN = {"Reference": "K/9", "Received": "2026-11-16", "Team": "East"}


@pytest.fixture
def typed(county: County, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types at the command line; the exit code and what came of it, on one line."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(undoing, "real_clock", lambda: MONDAY)

    def type_(*words: str, answer: str | None = None) -> tuple[int, str]:
        result = CliRunner().invoke(build(), ["undo-import", *words], input=answer)
        return result.exit_code, " ".join(result.output.split())

    return type_


def test_without_an_import_there_is_nothing_to_list(typed: Type) -> None:
    code, said = typed()
    assert (code, said) == (
        0, "No import can be taken back. Imports from before this version of the app have no number.",
    )  # fmt: skip


def test_a_number_that_is_none_is_refused_and_the_list_named(typed: Type) -> None:
    assert typed("3") == (1, "There is no import 3. complaints undo-import lists those there are.")


def test_imports_are_listed_the_newest_first(typed: Type, county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, OPEN)
    bring(county.office, tmp_path, FURTHER)
    _code, said = typed()
    assert "2 │ 23 November 2026 │ 0 │ 1 │ in the register" in said
    assert said.index("│ 2 │") < said.index("│ 1 │ 23 November 2026 │ 2 │ 0 │ in the register")
    assert said.endswith("To take one back: complaints undo-import, then its number.")


def test_nothing_is_taken_back_before_somebody_has_said_yes(typed: Type, county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, FURTHER, OPEN)
    before = contents(county.office)
    code, said = typed("1", answer="n\n")
    assert code == 0
    assert said.startswith(
        "2 complaints can be taken back: nobody has worked on them since import 1. Take back 2 complaints?"
    )
    assert said.endswith("Nothing was changed.")
    assert typed("1", "--dry-run")[1] == "2 complaints can be taken back: nobody has worked on them since import 1."
    assert contents(county.office) == before


def test_what_was_worked_on_is_named_and_the_rest_is_taken_back(typed: Type, county: County, tmp_path: Path) -> None:
    bring(county.office, tmp_path, ANSWERED, OPEN)
    bring(county.office, tmp_path, FURTHER)
    with county.office.change(people.MANAGER, MONDAY) as desk:
        register.claim(desk, "CS-2026-0001")
    left = "1 complaint of it stays as it is, since somebody has worked on it: CS-2026-0001. Correct it in Slack."
    _code, said = typed("2", "--yes")
    assert said.endswith("1 later stage taken back. The file can be brought in again once it is right.")
    _code, said = typed("1", "--yes")
    assert left in said
    assert said.endswith("1 complaint taken back. The file can be brought in again once it is right.")
    assert typed("1") == (0, f"There is nothing of import 1 that can be taken back. {left}")
    assert "taken back on 23 November 2026, except 1 complaint" in typed()[1]
    assert "taken back on 23 November 2026 │" in typed()[1]
