"""What tests of refusals share: proof that nothing was changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from sqlalchemy import select

from storage.errors import Refusal
from storage.models import metadata
from storage.office import Desk, Office
from storage.permissions import Operation
from storage.register import ledger
from storage.vocabulary import EventKind

Contents = dict[str, list[str]]


def contents(office: Office) -> Contents:
    """Every row of every table, so that what was refused can be shown to have left no trace."""
    with office.database.reading() as session:
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


def at(text: str) -> datetime:
    """An instant in UTC from `2026-11-23 09:30`."""
    return datetime.fromisoformat(f"{text}+00:00")
