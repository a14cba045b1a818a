"""Rows as lines of text, the same whichever engine they come from. Pure.

A line is a JSON array in the order of the columns; the first line of a table has their names. A day is `2026-11-23`, an instant
`2026-11-23T09:30:00+00:00`, always in UTC.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, String

_PLAIN = (Boolean, Integer, String)


def header(columns: Iterable[Column[Any]]) -> bytes:
    """The first line. Raises TypeError for a column of a kind that no line can hold."""
    found = list(columns)
    for column in found:
        if not isinstance(column.type, (*_PLAIN, Date, DateTime, JSON)):
            raise TypeError(f"{column} is of a kind that a backup doesn't know: {column.type}")
    return line([column.name for column in found])


def names(header: bytes) -> list[str]:
    """The names of the columns in a first line. Raises ValueError for something else."""
    found = json.loads(header)
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise ValueError("not the names of columns")
    return found


def line(values: Sequence[Any]) -> bytes:
    """One row as it is written; only ASCII, so that whatever a database holds can be written down."""
    return _ENCODER.encode(list(values)).encode("ascii") + b"\n"


def reader(columns: Sequence[Column[Any]]) -> Callable[[bytes], tuple[Any, ...]]:
    """What makes a line a row again, as a driver takes it. Raises ValueError for a line that is not a row of these columns."""
    made = [_made(column) for column in columns]

    def read(written: bytes) -> tuple[Any, ...]:
        values = json.loads(written)
        if not isinstance(values, list):
            raise ValueError("not a row")
        return tuple(
            value if make is None or value is None else make(value) for make, value in zip(made, values, strict=True)
        )

    return read


def _written(value: object) -> str:
    if isinstance(value, datetime):
        # SQLite keeps an instant in UTC and doesn't say so.
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is of a kind that a backup doesn't know")


# Made once: json.dumps would make one for each row.
_ENCODER = json.JSONEncoder(default=_written, separators=(",", ":"))


def _made(column: Column[Any]) -> Callable[[Any], Any] | None:
    # DateTime and Date are siblings in SQLAlchemy, unlike their values.
    if isinstance(column.type, DateTime):
        return lambda value: datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(column.type, Date):
        return date.fromisoformat
    return None
