"""`complaints commitments …`, as somebody types it."""

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build, commitments
from storage import register
from storage.register.commitments import NewCommitment
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County

Type = Callable[..., str]


@pytest.fixture
def typed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types at the command line; what came of it, which is a failure where `fails` says so."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commitments, "real_clock", lambda: MONDAY)

    def type_(*words: str, fails: bool = False) -> str:
        result = CliRunner().invoke(build(), ["commitments", *words])
        assert (result.exit_code != 0) is fails, result.output
        return result.output

    return type_


@pytest.fixture
def promised(county: County) -> None:
    """One of East that is overdue soon, and one for all areas that was withdrawn."""
    with county.office.change(people.HANDLER, MONDAY) as desk:
        for body, team in (("Update on recording.", "East"), ("=Another", None)):
            new = NewCommitment(
                body=body,
                origin="Scrutiny committee",
                due_on=date(2026, 12, 4),
                owner_id=county.people[people.MANAGER],
                team_id=county.teams[team] if team else None,
            )
            register.commitments.make(desk, new)
        register.commitments.withdraw(desk, 2, "The committee was dissolved")


def test_what_is_open_is_listed_with_its_owner_and_how_it_stands(promised: None, typed: Type) -> None:
    said = typed("list")
    assert "P-0001  Due 4 December 2026  Mabel Eastwood, for East" in said
    assert "Update on recording. Promised to Scrutiny committee." in said
    assert "P-0002" not in said
    assert "P-0002  Withdrawn  Mabel Eastwood, for all areas" in typed("list", "--all")


def test_an_empty_list_says_so(county: County, typed: Type) -> None:
    assert "No commitment is open." in typed("list")
    assert "No commitment is recorded." in typed("list", "--all")


@pytest.mark.parametrize("name", ["tracker.csv", "tracker.xlsx"])
def test_everything_is_written_to_a_new_file_for_nobody_else_to_read(
    promised: None, typed: Type, tmp_path: Path, name: str
) -> None:
    assert f"2 commitments written to {name}." in typed("export", name)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    if name.endswith("csv"):
        written = (tmp_path / name).read_text("utf-8-sig")
        assert "P-0001,Scrutiny committee,23 November 2026,East" in written
        assert "'=Another" in written


def test_an_export_never_writes_over_a_file(promised: None, typed: Type, tmp_path: Path) -> None:
    (tmp_path / "tracker.csv").write_text("mine", "utf-8")
    assert "is there already" in typed("export", "tracker.csv", fails=True)
    assert (tmp_path / "tracker.csv").read_text("utf-8") == "mine"
    assert "can't be written" in typed("export", "nowhere/tracker.csv", fails=True)


def test_a_file_of_another_kind_is_refused_in_words(promised: None, typed: Type, tmp_path: Path) -> None:
    assert "neither CSV nor XLSX" in typed("export", "tracker.pdf", fails=True)
    assert list(tmp_path.glob("tracker*")) == []
