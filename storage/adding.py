"""Adding rows whose keys may be there already: two writers may both ask, and neither fails."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, SQLModel

from storage.database import inserting

_FEW = 50


def insert_if_absent(session: Session, model: type[SQLModel], values: dict[str, Any]) -> None:
    """Adds a row unless its key is there already; two writers may both ask, and neither fails."""
    add_if_absent(session, model, [values])


def add_if_absent(session: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """The same for many rows, all with the same columns."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made
    if session.get_bind().dialect.name == "postgresql" and len(rows) > _FEW:
        # One statement with a list for each column; a statement a row would take three times as long.
        lists = {name: [row[name] for row in rows] for name in rows[0]}
        columns = [func.unnest(bindparam(name, type_=postgresql.ARRAY(table.c[name].type))) for name in lists]
        adding = postgresql.insert(table).from_select(list(lists), select(*columns)).on_conflict_do_nothing()
        session.execute(adding, lists)
    else:
        session.execute(inserting(session, table).on_conflict_do_nothing(), rows)
