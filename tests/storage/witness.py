"""What tests of refusals share: proof that nothing was changed."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache

import pytest
from sqlalchemy import Table, TextClause, select, text

from storage.database import Database
from storage.errors import Refusal
from storage.models import metadata
from storage.office import Desk, Office
from storage.permissions import Operation
from storage.register import ledger
from storage.vocabulary import EventKind

Contents = dict[str, list[str]]


def contents(office: Office) -> Contents:
    """Every row of every table, so that what was refused can be shown to have left no trace."""
    found: Contents = defaultdict(list)
    with office.database.reading() as session:
        for table, row in session.execute(_every_row(office.database.is_sqlite)):
            found[table].append(row)
    return {table.name: sorted(found[table.name]) for table in metadata.sorted_tables}


@cache
def _every_row(is_sqlite: bool) -> TextClause:
    """One question for all of them, since this is asked before and after each refusal that is tested."""
    quoted = "quote" if is_sqlite else "quote_nullable"

    def row(table: Table) -> str:
        return " || ', ' || ".join(f'{quoted}("{one.name}")' for one in table.columns)

    tables = (f"SELECT '{one.name}', {row(one)} FROM \"{one.name}\"" for one in metadata.sorted_tables)  # noqa: S608 - our own
    return text(" UNION ALL ".join(tables))


def values(database: Database) -> Contents:
    """The same as Python has it, so that it can be held against what a database of the other kind keeps."""
    with database.reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in metadata.sorted_tables
        }


@contextmanager
def refused(
    office: Office, kind: type[Refusal] = Refusal, match: str | None = None
) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Whatever happens inside is refused in this way, and no row anywhere differs afterwards."""
    before = contents(office)
    with pytest.raises(kind, match=match) as caught:
        yield caught
    assert contents(office) == before


def agree_extension(desk: Desk, reference: str, *, on: date, until: date) -> None:
    """An extension as imports write it, until people have a button for it."""
    file = ledger.find(desk, reference, Operation.SEE)
    ledger.append(desk, file, EventKind.EXTENSION_APPROVED, on=on, data={"until": until.isoformat()})
    ledger.wind(desk, file)


def at(moment: str) -> datetime:
    """An instant in UTC from `2026-11-23 09:30`."""
    return datetime.fromisoformat(f"{moment}+00:00")
