"""Backups and where they are restored to: what is taken, what is refused, and that there is nothing between the two."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from storage import backup, checking, schema
from storage.backup import Aftermath
from storage.database import Database
from storage.errors import Refusal, RegisterAway, RegisterFull
from storage.models import Theme
from tests.conftest import database_made, open_office
from tests.storage.backup import forged
from tests.storage.test_migration_from_part_1 import built, fill, old_rows
from tests.storage.witness import Contents, contents

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def part_1(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """What Part 1 wrote, at its last migration, beside the database that it is restored to."""
    if request.param == "sqlite":
        yield from _part_1(f"sqlite:///{tmp_path / 'part_1.db'}")
        return
    with database_made(request.getfixturevalue("postgres_server"), f"part_1_{uuid4().hex[:12]}") as url:
        yield from _part_1(url)


def _part_1(url: str) -> Iterator[Database]:
    database = Database(url)
    schema.upgrade(database, "0001")
    fill(database)
    yield database
    database.close()


@pytest.fixture
def into(database: Database) -> Database:
    """A database that is migrated and has nothing in it."""
    return database


def restore(file: Path, into: Database, now: datetime) -> Aftermath:
    with backup.opened(file) as found:
        return backup.restore(into, found, now)


def of(database: Database) -> Contents:
    return contents(open_office(database))


def refused(file: Path, into: Database, now: datetime, why: str) -> str:
    """What is said; nothing of it is in the database afterwards."""
    with pytest.raises(Refusal, match=why) as said:
        restore(file, into, now)
    assert not any(of(into).values())
    return str(said.value)


@pytest.mark.slow
def test_a_restored_database_is_built_like_a_new_one_and_waits_for_no_migration(
    file: Path, empty: Database, now: datetime, request: pytest.FixtureRequest
) -> None:
    restore(file, empty, now)
    assert schema.is_current(empty)
    schema.check(empty)
    new = Database(request.getfixturevalue("sqlite_url" if empty.is_sqlite else "postgres_url"))
    assert built(empty) == built(new)
    new.close()


@pytest.mark.parametrize("table", ["event", "council_change", "commitment_event"])
def test_the_restored_history_is_never_changed_or_deleted_either(
    file: Path, into: Database, now: datetime, table: str
) -> None:
    restore(file, into, now)
    for act in ("UPDATE {} SET data = '{{}}'", "DELETE FROM {}"):
        with (
            pytest.raises(DBAPIError, match=f"rows of {table} are never changed or deleted"),
            into.writing() as session,
        ):
            session.execute(text(act.format(table)))


# --- where to -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["0002", schema.heads()[0]])
def test_a_database_that_was_migrated_and_is_empty_takes_it(
    file: Path, empty: Database, now: datetime, revision: str
) -> None:
    schema.upgrade(empty, revision)
    restore(file, empty, now)
    assert of(empty)["complaint"]
    assert schema.is_current(empty)


def test_a_database_with_anything_in_it_is_refused_and_left_as_it_is(file: Path, into: Database, now: datetime) -> None:
    with into.writing() as session:
        session.add(Theme(name="Delay"))
    before = of(into)
    with pytest.raises(Refusal, match="has something in it already, in its table theme, so nothing was restored"):
        restore(file, into, now)
    assert of(into) == before


@pytest.mark.slow
def test_a_database_with_something_else_in_it_is_refused_too(file: Path, empty: Database, now: datetime) -> None:
    with empty.writing() as session:
        session.execute(text("CREATE TABLE parking (id INTEGER)"))
        session.execute(text("INSERT INTO parking VALUES (1)"))
    with pytest.raises(Refusal, match="in its table parking"):
        restore(file, empty, now)
    with empty.engine.connect() as connection:
        assert schema.revision_of(connection) is None


@pytest.mark.slow
def test_a_database_of_a_newer_version_is_refused(file: Path, empty: Database, now: datetime) -> None:
    schema.upgrade(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal, match=r"of a newer version of the program \(migration 9999\)"):
        restore(file, empty, now)


def test_a_second_restore_is_refused_since_the_first_is_there(file: Path, into: Database, now: datetime) -> None:
    restore(file, into, now)
    before = of(into)
    with pytest.raises(Refusal, match="has something in it already"):
        restore(file, into, now)
    assert of(into) == before


def test_a_database_that_is_away_is_told(file: Path, now: datetime) -> None:
    for url in ("sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/nothing"):
        away = Database(url)
        with pytest.raises(RegisterAway):
            restore(file, away, now)
        away.close()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_disk_that_is_full_is_told_and_nothing_is_there(file: Path, empty: Database, now: datetime) -> None:
    @event.listens_for(empty.engine, "connect")
    def small(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 120")

    with pytest.raises(RegisterFull, match="is full, so nothing was saved"):
        restore(file, empty, now)
    with empty.engine.connect() as connection:
        assert schema.revision_of(connection) is None


# --- what ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_backup_of_an_older_migration_is_restored_and_then_migrated(
    part_1: Database, empty: Database, tmp_path: Path, now: datetime
) -> None:
    old = tmp_path / "part_1.zip"
    made = backup.write(part_1, old, now)
    assert made.revision == "0001"
    schema.upgrade(empty)
    restore(old, empty, now)
    before, after = old_rows(part_1), old_rows(empty)
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        # Without types each engine spells days and instants its own way.
        if part_1.is_sqlite == empty.is_sqlite:
            assert [row.replace(".000000", "") for row in after[table]] == rows
    assert schema.is_current(empty)
    with open_office(empty).look(None, now) as desk:
        checked = checking.check(desk)
    assert (checked.complaints, checked.events, checked.differences) == (5, 15, ())


@pytest.mark.slow
def test_what_is_undone_leaves_nothing_behind_however_far_it_had_come(
    file: Path, empty: Database, now: datetime
) -> None:
    heard: list[int] = []

    def pulled_out(done: int, total: int) -> None:
        heard.append(done)
        if done > total / 2:
            raise KeyboardInterrupt

    with backup.opened(file) as found, pytest.raises(KeyboardInterrupt):
        backup.restore(empty, found, now, pulled_out)
    assert len(heard) > 10
    with empty.engine.connect() as connection:
        assert schema.revision_of(connection) is None
    restore(file, empty, now)
    assert of(empty)["complaint"]


def test_progress_ends_with_every_row(file: Path, into: Database, now: datetime) -> None:
    heard: list[tuple[int, int]] = []
    with backup.opened(file) as found:
        backup.restore(into, found, now, lambda done, total: heard.append((done, total)))
        assert heard[-1] == (found.manifest.rows, found.manifest.rows)
    assert heard == sorted(heard)


def test_a_row_that_points_nowhere_is_refused(file: Path, into: Database, now: datetime) -> None:
    def nobody(rows: list[Any]) -> None:
        rows[1][rows[0].index("person_id")] = 4711

    refused(
        forged.with_rows(file, "appointment", nobody),
        into,
        now,
        "that this database doesn't take|table appointment is not as",
    )


def test_a_word_that_is_not_in_the_vocabulary_is_refused(file: Path, into: Database, now: datetime) -> None:
    def by_lot(rows: list[Any]) -> None:
        rows[1][rows[0].index("allocation")] = "drawn by lot"

    refused(forged.with_rows(file, "team", by_lot), into, now, "that this database doesn't take")


@pytest.mark.parametrize("value", ["the 23rd", 23, ["2026-11-23"], "2026-13-01"])
def test_a_value_that_is_none_of_its_column_is_refused(
    file: Path, into: Database, now: datetime, value: object
) -> None:
    def spoil(rows: list[Any]) -> None:
        rows[1][rows[0].index("received_on")] = value

    refused(forged.with_rows(file, "complaint", spoil), into, now, "table complaint is not as")


@pytest.mark.parametrize("change", [lambda rows: rows[2].pop(), lambda rows: rows[2].append(1)])
def test_a_row_with_other_columns_is_refused(
    file: Path, into: Database, now: datetime, change: Callable[[list[Any]], object]
) -> None:
    refused(forged.with_rows(file, "person", change), into, now, "table person is not as")


@pytest.mark.parametrize("header", [["id; DROP TABLE event"], ["id"], 7])
def test_a_table_with_other_columns_is_refused(file: Path, into: Database, now: datetime, header: object) -> None:
    def renamed(rows: list[Any]) -> None:
        rows[0] = header

    refused(forged.with_rows(file, "person", renamed), into, now, "table person is not as")


def test_a_backup_that_lacks_a_table_is_refused(file: Path, into: Database, now: datetime) -> None:
    def without(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members.pop("tables/event.jsonl")
        manifest["tables"] = [part for part in manifest["tables"] if part["name"] != "event"]

    refused(forged.with_members(file, without), into, now, "table event is not as")


def test_columns_in_another_order_are_told_apart_by_their_names(file: Path, into: Database, now: datetime) -> None:
    """Migrations may have built a table anew on one engine and not on the other."""

    def turned_round(rows: list[Any]) -> None:
        for row in rows:
            row.reverse()

    restore(forged.with_rows(file, "person", turned_round), into, now)
    assert any("Mabel Eastwood" in row for row in of(into)["person"])


def test_what_does_not_fit_is_refused_without_a_word_of_what_people_wrote(
    file: Path, into: Database, now: datetime
) -> None:
    """PostgreSQL takes no zero in a text, and SQLite does."""

    def with_zero(rows: list[Any]) -> None:
        rows[1][rows[0].index("body")] = "Calls were\0not returned"

    changed = forged.with_rows(file, "free_text", with_zero)
    if into.is_sqlite:
        restore(changed, into, now)
        return
    assert "Calls" not in refused(changed, into, now, "in its table free_text that this database doesn't take")
