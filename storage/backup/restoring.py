"""Brings a backup into an empty database, in one transaction: all of it or nothing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, exists, insert, literal, select, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from storage import schema
from storage.backup import aftermath
from storage.backup.aftermath import Aftermath
from storage.backup.reading import Backup, Progress
from storage.backup.tables import ours, there
from storage.database import Database, away
from storage.errors import Refusal

_BATCH = 1_000


def restore(
    database: Database,
    backup: Backup,
    now: datetime,
    progress: Progress = lambda _done, _of: None,
    *,
    last_given: tuple[int, int] | None = None,
) -> Aftermath:
    """Fills a database that is empty, and brings it up to date. `progress` hears how many rows of how many are in.

    `last_given`: year and number of the last reference that was given since the backup was made, when that is known.

    A backup of an older migration is restored to that one first, and then migrated as its own database would have been. Raises
    Refusal for a database with anything in it and for rows that it doesn't take; RegisterAway. Then nothing was changed.
    """
    with _in_words(backup), schema.alone(database) as connection:
        _must_be_empty(connection)
        schema.go_to(connection, backup.manifest.revision)
        _fill(connection, backup, progress)
        schema.go_to(connection, schema.revisions()[-1])
        with Session(connection) as session:
            found = aftermath.settle(session, backup.manifest.made_at, now, last_given)
            session.commit()
        if not database.is_sqlite:
            # Its planner takes a table for empty until it was counted.
            connection.execute(text("ANALYZE"))
    return found


def _must_be_empty(connection: Connection) -> None:
    tables = there(connection)
    if tables and connection.dialect.name == "postgresql":
        # Else somebody could write between the look and the end.
        connection.execute(
            text(f"LOCK TABLE {', '.join(_quoted(connection, one.name) for one in tables)} IN EXCLUSIVE MODE")
        )
    for table in tables:
        if connection.scalar(select(exists(select(literal(1)).select_from(table)))):
            raise Refusal(
                f"The database has something in it already, in its table {table.name}, so nothing was restored. Stop the app, "
                "make a new database, set DATABASE_URL to it, and restore before anything else uses it."
            )
    revision = schema.revision_of(connection)
    if revision is not None and revision not in schema.revisions():
        raise Refusal(
            f"The database is of a newer version of the program (migration {revision}), so nothing was restored. Restore with "
            "that version, or into a new database."
        )


def _fill(connection: Connection, backup: Backup, progress: Progress) -> None:
    tables = ours(connection)
    named = {part.name for part in backup.manifest.tables}
    for name in sorted(named ^ {table.name for table in tables}):
        raise backup.unfit(name)
    done, total = 0, backup.manifest.rows
    for table in tables:
        names = backup.columns(table.name)
        if set(names) != set(table.columns.keys()):
            raise backup.unfit(table.name)
        columns = [table.columns[name] for name in names]
        put = _copy if connection.dialect.name == "postgresql" else _insert
        for many in put(connection, backup, table, columns):
            done += many
            progress(done, total)
    if connection.dialect.name == "postgresql":
        _go_on_counting(connection, tables)
    else:
        for name, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1):
            raise backup.unfit(name)


def _insert(connection: Connection, backup: Backup, table: Table, columns: Sequence[Column[Any]]) -> Iterator[int]:
    names = [column.name for column in columns]
    rows = backup.rows(table.name, columns)
    while batch := [dict(zip(names, row, strict=True)) for row in islice(rows, _BATCH)]:
        connection.execute(insert(table), batch)
        yield len(batch)


def _copy(connection: Connection, backup: Backup, table: Table, columns: Sequence[Column[Any]]) -> Iterator[int]:
    """In one statement, at whose end PostgreSQL looks at foreign keys: a team may come before the one it is part of."""
    names = ", ".join(_quoted(connection, column.name) for column in columns)
    documents = {at for at, column in enumerate(columns) if isinstance(column.type, JSON)}
    driver: Any = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi
    try:
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {_quoted(connection, table.name)} ({names}) FROM STDIN") as copy,
        ):
            rows = backup.rows(table.name, columns)
            while batch := list(islice(rows, _BATCH)):
                for row in batch:
                    copy.write_row([json.dumps(one) if at in documents else one for at, one in enumerate(row)])
                yield len(batch)
    except errors.OperationalError as problem:
        raise away(problem) from problem
    except errors.Error as problem:
        raise _not_taken(backup, f"in its table {table.name}") from problem


def _go_on_counting(connection: Connection, tables: Sequence[Table]) -> None:
    """Ids go on after the last one, as SQLite's do by themselves."""
    for table in tables:
        for column in table.primary_key:
            of = {"of": _quoted(connection, table.name), "column": column.name}
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:of, :column)"), of)
            last = connection.scalar(select(column).order_by(column.desc()).limit(1))
            if sequence is not None and last is not None:
                connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _not_taken(backup: Backup, where: str) -> Refusal:
    return Refusal(
        f"{backup.name} has something {where} that this database doesn't take, so nothing was restored. Restore it into a "
        "database of the kind it was made from, and tell whoever looks after the program."
    )


@contextmanager
def _in_words(backup: Backup) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as problem:
        raise away(problem) from problem
    except SQLAlchemyError as problem:
        raise _not_taken(backup, "in it") from problem
