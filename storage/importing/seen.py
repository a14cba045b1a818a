"""What a file has had so far, however long it is: beyond the first rows on disk, and nothing in it that can be read."""

import hashlib
import sqlite3
from typing import Self

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE named (name BLOB PRIMARY KEY, content BLOB NOT NULL, row INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE alike (content BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
"""


class Seen:
    """The rows of one file. Has to be closed."""

    def __init__(self) -> None:
        # sqlite.org, "Temporary Databases": a file of its own that goes with the connection.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def first(self, name: str, content: str, row: int) -> tuple[bool, int]:
        """The first row of this name, which may be this one, and whether it had the same content."""
        named, said = _digest(name), _digest(content)
        self._kept.execute("INSERT INTO named VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (named, said, row))
        found, first = self._kept.execute("SELECT content, row FROM named WHERE name = ?", (named,)).fetchone()
        return found == said, first

    def times(self, content: str) -> int:
        """How often a row of this content has come, this time counted."""
        times: int = self._kept.execute(
            "INSERT INTO alike VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
            (_digest(content),),
        ).fetchone()[0]
        return times


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
