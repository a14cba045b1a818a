"""Bradford's published totals, brought in by the command line and read back through /complaint status."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.demo.county import CHANNEL
from bot.practice.person import written
from tests.roads.town import open_town
from tests.storage.importing import bradford

pytestmark = pytest.mark.slow


def test_bradfords_published_totals_come_back_from_status(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    org = tmp_path / "org.toml"
    org.write_text("\n".join(f'[[teams]]\nname = "{team}"' for team in bradford.teams()), "utf-8")
    file = tmp_path / "bradford.csv"
    bradford.write_csv(file)
    command = CliRunner()
    loaded = command.invoke(build(), ["org", "load", str(org)])
    assert loaded.exit_code == 0, loaded.output
    dry = command.invoke(build(), ["import", str(file), "--dry-run"])
    assert "0 rejected" in dry.output
    brought = command.invoke(build(), ["import", str(file), "--yes"])
    assert brought.exit_code == 0, brought.output
    again = command.invoke(build(), ["import", str(file), "--yes"])
    assert "0 new" in again.output
    with open_town(database_url, "socket") as town:
        hester = town.person("U0HESTER")
        hester.command("/complaint status 2022/23", channel=CHANNEL)
        said = written(hester.wait_for_message(CHANNEL, "2022/23"))
        assert "369 received, 326 closed, on time 39 % (127 of 326)" in said
        assert "363 received, 272 closed, on time 60 %" in said
        hester.command("/complaint status 2021/22", channel=CHANNEL)
        said = written(hester.wait_for_message(CHANNEL, "Stage 1 complaints, 2021/22"))
        assert "363 received, 272 closed, on time 60 %" in said


def test_the_headings_understood_can_be_listed_and_a_missing_file_says_what_to_type() -> None:
    command = CliRunner()
    listed = command.invoke(build(), ["import", "--columns"])
    assert listed.exit_code == 0
    assert "received (needed)" in listed.output
    nothing = command.invoke(build(), ["import"])
    assert nothing.exit_code == 1
    assert "Name the file too" in nothing.output
