"""`complaints backup` and `complaints restore`, as somebody types them."""

import resource
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.models import metadata
from storage.register.record import next_reference
from tests.bot.cli.keyboard import Typed, at_the_keyboard
from tests.conftest import MONDAY, open_office
from tests.county import County
from tests.storage.tampering import tamper

pytestmark = pytest.mark.slow

WRITTEN = "Calls were not returned for three weeks."


@pytest.fixture
def typed(county: County, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Typed:
    for _ in range(2):
        county.record(now, received=date(2026, 11, 20), summary=WRITTEN)
    return at_the_keyboard(database, now, monkeypatch)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.zip"


def next_number(url: str, year: int) -> int:
    """The number that the next complaint of a year gets; it is taken."""
    database = Database(url)
    with open_office(database).change(None, MONDAY) as desk:
        found = int(next_reference(desk, year).rpartition("-")[2])
    database.close()
    return found


def flowing(said: str) -> str:
    """Without the ends of lines, which depend on how long the name of a folder is."""
    return " ".join(said.split())


def test_a_backup_says_what_is_in_it_and_how_it_has_to_be_kept(typed: Typed, file: Path) -> None:
    said = flowing(typed("backup", str(file)))
    assert "has the whole register as it was at 09:30 on 23 November 2026: 2 complaints with 2 events, " in said
    assert f" rows in {len(metadata.tables)} tables." in said
    assert "Keep it as safe as the register itself: whoever has it can read what people wrote." in said
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_restored_is_checked_and_said_in_plain_english(
    typed: Typed, file: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = next(line for line in typed("check").splitlines() if line.startswith("Seal: "))
    typed("backup", str(file))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    said = typed("restore", str(file))
    assert "The register is back as it was at 09:30 on 23 November 2026: 2 complaints with 2" in said
    assert "2 complaints with 2 events looked at: nothing differs.\n" in said
    assert f"{seal}\n" in said
    assert "What was recorded after 09:30 on 23 November 2026 is not in it" in flowing(said)
    assert (
        "4 messages waited when the backup was made. Each is looked for in Slack, and sent when it isn't there."
        in flowing(said)
    )
    assert WRITTEN not in said
    assert "nothing differs." in typed("check", "--seal", seal.removeprefix("Seal: "))


def test_no_number_that_was_given_since_is_given_again_when_the_last_is_said(
    typed: Typed, file: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("backup", str(file))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert "“17” is not a reference" in typed("restore", str(file), "--last-reference", "17", fails=True)
    said = flowing(typed("restore", str(file), "--last-reference", "cs-2026-0017"))
    assert "may get a number that one of those had" not in said
    for asked, number in (("2026", 18), ("2026", 19)):
        assert next_number(empty_url, int(asked)) == number


def test_a_second_restore_is_refused_and_says_what_to_do(typed: Typed, file: Path) -> None:
    typed("backup", str(file))
    said = flowing(typed("restore", str(file), fails=True))
    assert "has something in it already" in said
    assert "make a new database, set DATABASE_URL to it, and restore before anything else uses it." in said


def test_what_differed_when_the_backup_was_made_is_told_and_scripts_hear_of_it(
    typed: Typed, county: County, file: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(county.office.database, "UPDATE stage SET limit_days = 11 WHERE id = 1")
    typed("backup", str(file))
    monkeypatch.setenv("DATABASE_URL", empty_url)
    said = typed("restore", str(file), fails=True)
    assert "CS-2026-0001: stage 1 differs from its history" in said
    assert "this differed already when the backup was made" in flowing(said)


def test_a_file_that_is_there_or_is_none_is_told(typed: Typed, file: Path) -> None:
    assert "can't be read" in typed("restore", str(file), fails=True)
    file.write_text("a letter")
    assert "is there already. Name another file, or delete it first." in typed("backup", str(file), fails=True)
    assert "is not a backup of a register." in typed("restore", str(file), fails=True)


def test_a_database_that_is_away_is_told(typed: Typed, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert "The register can't be reached just now" in typed("backup", str(file), fails=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_that_is_full_is_told_and_nothing_is_left(typed: Typed, file: Path) -> None:
    """A limit on the size of files stands for the end of the disk: the system says so at the same place."""
    ended = subprocess.run(  # noqa: S603 - the project's own command
        [sys.executable, "-c", "from bot.cli import main; main()", "backup", str(file)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "can't be written: File too large. Nothing was kept." in flowing(ended.stderr)
    assert "Traceback" not in ended.stderr
    assert list(file.parent.glob("register*")) == []
