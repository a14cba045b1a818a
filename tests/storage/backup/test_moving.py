"""A register on either engine, backed up and restored into either: nothing is lost, nothing added, nothing changed."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from storage import backup, checking, register
from storage.database import Database
from storage.models import metadata
from storage.register import NewComplaint
from tests import county as people
from tests.conftest import open_office
from tests.county import County
from tests.storage.backup import everything
from tests.storage.witness import values

pytestmark = pytest.mark.slow

LATER = timedelta(days=3)
OUTBOX = metadata.tables["outbox"].c


@pytest.fixture
def entered(county: County, now: datetime) -> County:
    everything.enter(county, now)
    return county


@pytest.fixture
def moved(entered: County, empty: Database, tmp_path: Path, now: datetime) -> Database:
    path = tmp_path / "register.zip"
    backup.write(entered.office.database, path, now)
    with backup.opened(path) as found:
        backup.restore(empty, found, now + LATER)
    return empty


def test_the_register_that_is_moved_here_has_something_in_every_table(entered: County) -> None:
    assert everything.empty_tables(entered) == set()


def test_every_row_of_every_table_is_the_same(entered: County, moved: Database, now: datetime) -> None:
    before, after = values(entered.office.database), values(moved)
    # That the register was restored is noted, and what is done to messages has tests of its own.
    noted = set(after["council_change"]) - set(before["council_change"])
    assert len(noted) == 1
    after["council_change"] = [row for row in after["council_change"] if row not in noted]
    assert before.pop("outbox") != after.pop("outbox")
    assert after == before
    assert messages(moved) == messages(entered.office.database)


def messages(database: Database) -> list[tuple[Any, ...]]:
    """Every message in those columns that nothing is done to."""
    wanted = select(
        OUTBOX.id, OUTBOX.key, OUTBOX.kind, OUTBOX.person_id, OUTBOX.complaint_id, OUTBOX.data, OUTBOX.lease,
        OUTBOX.again, OUTBOX.sent_at, OUTBOX.channel, OUTBOX.ts, OUTBOX.problem,
    )  # fmt: skip
    with database.reading() as session:
        return [tuple(row) for row in session.execute(wanted.order_by(OUTBOX.id))]


def test_the_history_agrees_and_the_seal_is_the_same(entered: County, moved: Database, now: datetime) -> None:
    with entered.office.look(None, now) as desk, open_office(moved).look(None, now) as restored:
        before, after = checking.check(desk), checking.check(restored)
    assert after == before
    assert (after.complaints, after.differences) == (8, ())


def test_what_is_recorded_next_goes_on_from_the_last(entered: County, moved: Database, now: datetime) -> None:
    said = []
    for office in (entered.office, open_office(moved)):
        with office.change(people.HANDLER, now + LATER) as desk:
            new = NewComplaint(
                received_on=now.date(), lead_team_id=entered.teams["East"], theme_ids=(1,), summary="Late"
            )
            reference = register.record(desk, new).reference
        with office.look(None, now) as desk:
            assert checking.check(desk).differences == ()
            said.append((reference, last_ids(desk.session)))
    (before, ids_before), (after, ids_after) = said
    assert before == after == "CS-2026-0009"
    assert ids_after.pop("council_change") == ids_before.pop("council_change") + 1
    assert ids_after == ids_before


def last_ids(session: Session) -> dict[str, int]:
    tables = [table for table in metadata.sorted_tables if "id" in table.c]
    return {table.name: max(session.scalars(select(table.c.id))) for table in tables}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_sqlite_keeps_each_value_just_as_the_program_writes_it(entered: County, moved: Database) -> None:
    """An instant that is only spelled otherwise reads well, and no question finds it."""
    assert stored(moved) == stored(entered.office.database)


def stored(database: Database) -> list[str]:
    """Every row as the file has it, but those of the two tables to which restoring adds."""
    with closing(sqlite3.connect(str(database.url.database))) as connection:
        lines = list(connection.iterdump())
    added_to = ('INSERT INTO "outbox"', 'INSERT INTO "council_change"')
    return sorted(line for line in lines if line.startswith("INSERT") and not line.startswith(added_to))
