"""A backup is taken while others write: of one instant, without keeping anybody waiting, and whole or not at all."""

import stat
import threading
import time
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from storage import backup, schema
from storage.database import Database
from storage.errors import Refusal, RegisterAway
from storage.models import Theme
from tests.county import County
from tests.storage.tampering import tamper

pytestmark = pytest.mark.slow

RECORDED = "CS-2026-0001"


@pytest.fixture
def recorded(county: County, now: datetime) -> County:
    """A county with one complaint."""
    county.record(now, received=now.date())
    return county


def count(file: Path, table: str) -> int:
    with backup.opened(file) as found:
        return found.manifest.count(table)


def test_the_manifest_says_what_is_in_it_and_when_it_was_made(recorded: County, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "register.zip"
    made = backup.write(recorded.office.database, file, now)
    with backup.opened(file) as found:
        assert found.manifest == made
    assert (made.made_at, made.revision) == (now, schema.heads()[0])
    assert (made.count("complaint"), made.count("person"), made.count("remedy")) == (1, 9, 0)
    assert made.rows == sum(part.rows for part in made.tables)


def test_anybody_can_read_it_without_the_program(recorded: County, now: datetime, tmp_path: Path) -> None:
    backup.write(recorded.office.database, tmp_path / "register.zip", now)
    with ZipFile(tmp_path / "register.zip") as archive:
        header, *lines = archive.read("tables/complaint.jsonl").decode().splitlines()
    assert header.startswith('["id","reference",')
    (line,) = lines
    assert f'"{RECORDED}"' in line
    assert '"2026-11-23T09:30:00+00:00"' in line


def test_only_its_owner_can_read_it(recorded: County, now: datetime, tmp_path: Path) -> None:
    """From its first byte: whoever opened it before it was closed to others would go on reading."""
    modes: set[int] = set()

    def look(_done: int, _total: int) -> None:
        modes.update(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("register.zip*"))

    backup.write(recorded.office.database, tmp_path / "register.zip", now, look)
    look(0, 0)
    assert modes == {0o600}


def test_it_has_its_name_only_when_it_is_complete(recorded: County, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "register.zip"
    there: list[bool] = []
    backup.write(recorded.office.database, file, now, lambda _done, _total: there.append(file.exists()))
    assert len(there) > 30
    assert not any(there)
    assert sorted(tmp_path.glob("register*")) == [file]


def test_a_file_that_is_there_is_left_as_it_is(recorded: County, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "register.zip"
    file.write_text("last night's")
    with pytest.raises(Refusal, match=r"is there already\. Name another file, or delete it first"):
        backup.write(recorded.office.database, file, now)
    assert file.read_text() == "last night's"


def test_a_file_that_came_meanwhile_is_left_as_it_is(recorded: County, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "register.zip"

    def come(_done: int, _total: int) -> None:
        file.write_text("another's")

    with pytest.raises(Refusal, match="is there already"):
        backup.write(recorded.office.database, file, now, come)
    assert file.read_text() == "another's"
    assert list(tmp_path.glob("register*")) == [file]


def test_nothing_is_left_of_one_that_is_broken_off(recorded: County, now: datetime, tmp_path: Path) -> None:
    def broken_off(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.write(recorded.office.database, tmp_path / "register.zip", now, broken_off)
    assert list(tmp_path.glob("register*")) == []


@pytest.mark.parametrize("place", ["no/such/folder/register.zip", "register.txt/register.zip"])
def test_where_nothing_can_be_written_is_told(recorded: County, now: datetime, tmp_path: Path, place: str) -> None:
    (tmp_path / "register.txt").write_text("a file, not a folder")
    with pytest.raises(Refusal, match="can't be written"):
        backup.write(recorded.office.database, tmp_path / place, now)


def test_it_is_of_one_instant_and_keeps_nobody_waiting(recorded: County, now: datetime, tmp_path: Path) -> None:
    """Somebody records before its first row, between all others, and after the last."""
    file = tmp_path / "register.zip"
    waited: list[float] = []

    def record(_done: int, _total: int) -> None:
        began = time.monotonic()
        recorded.record(now, received=now.date())
        waited.append(time.monotonic() - began)

    backup.write(recorded.office.database, file, now, record)
    assert len(waited) > 30
    assert max(waited) < 5
    with backup.opened(file) as found:
        counts = {name: found.manifest.count(name) for name in ("complaint", "stage", "event", "outbox")}
    assert counts == {"complaint": 1, "stage": 1, "event": 1, "outbox": 2}


def test_progress_ends_with_every_row(recorded: County, now: datetime, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    made = backup.write(
        recorded.office.database,
        tmp_path / "register.zip",
        now,
        lambda done, total: heard.append((done, total)),
    )
    assert heard[-1] == (made.rows, made.rows)
    assert heard == sorted(heard)


def test_a_database_without_a_register_is_refused(empty: Database, now: datetime, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"There is no register in this database.*Check DATABASE_URL"):
        backup.write(empty, tmp_path / "register.zip", now)
    assert list(tmp_path.glob("register*")) == []


def test_a_database_of_a_newer_version_is_refused(empty: Database, now: datetime, tmp_path: Path) -> None:
    schema.upgrade(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal, match=r"newer version of the program \(migration 9999\)"):
        backup.write(empty, tmp_path / "register.zip", now)


def test_what_somebody_else_keeps_in_the_same_database_is_left_out(
    empty: Database, now: datetime, tmp_path: Path
) -> None:
    schema.upgrade(empty)
    with empty.writing() as session:
        session.execute(text("CREATE TABLE parking (id INTEGER PRIMARY KEY)"))
    made = backup.write(empty, tmp_path / "register.zip", now)
    assert "parking" not in {part.name for part in made.tables}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_can_not_be_read_is_told_and_no_backup_goes_without_it(
    recorded: County, now: datetime, tmp_path: Path
) -> None:
    tamper(recorded.office.database, "UPDATE event SET happened_on = 'yesterday'")
    with pytest.raises(Refusal, match="The table event holds something that can't be read"):
        backup.write(recorded.office.database, tmp_path / "register.zip", now)
    assert list(tmp_path.glob("register*")) == []


def test_a_database_that_is_away_is_told(now: datetime, tmp_path: Path) -> None:
    for url in ("sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/nothing"):
        away = Database(url)
        with pytest.raises(RegisterAway):
            backup.write(away, tmp_path / "register.zip", now)
        away.close()
    assert list(tmp_path.glob("register*")) == []


def test_it_is_refused_while_a_migration_runs(postgres_url: str, now: datetime, tmp_path: Path) -> None:
    database = Database(postgres_url)
    with schema.alone(database), pytest.raises(Refusal, match=r"brought up to date or restored\. Try again"):
        backup.write(database, tmp_path / "register.zip", now)
    backup.write(database, tmp_path / "register.zip", now)
    database.close()


def test_a_migration_waits_for_it_before_it_takes_a_lock(postgres_url: str, now: datetime, tmp_path: Path) -> None:
    """One that waited for a table would make everybody else wait behind it."""
    database = Database(postgres_url)
    migrating = threading.Thread(target=schema.upgrade, args=(database,))
    waiting: list[bool] = []

    def look(_done: int, _total: int) -> None:
        if not waiting:
            migrating.start()
            migrating.join(1)
        waiting.append(migrating.is_alive())

    file = tmp_path / "register.zip"
    backup.write(database, file, now, look)
    migrating.join(30)
    assert all(waiting)
    assert not migrating.is_alive()
    with database.writing() as session:
        session.add(Theme(name="Delay"))
    assert count(file, "theme") == 0
    database.close()
