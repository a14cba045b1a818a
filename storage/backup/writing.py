"""Writes a backup: everything as of one instant, read in one transaction while others go on writing."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, Table, func, select

from storage import schema
from storage.backup import files, rows
from storage.backup.manifest import NAME, Manifest, Part, member
from storage.backup.tables import ours
from storage.database import Database
from storage.errors import Refusal

_BATCH = 1_000

Progress = Callable[[int, int], None]


def write(database: Database, file: Path, now: datetime, progress: Progress = lambda _done, _of: None) -> Manifest:
    """Writes a new file, readable by its owner alone. `progress` hears how many rows of how many are in it.

    Nobody waits for it but a migration. Raises Refusal for a file that is there already or can't be written, and where there is
    no register; RegisterAway.
    """
    with files.new(file) as target, schema.unchanged(database), database.reading() as session:
        connection = session.connection()
        revision = _revision(connection)
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            parts = tuple(_written(connection, archive, progress))
            manifest = Manifest(made_at=now, revision=revision, tables=parts)
            archive.writestr(NAME, manifest.model_dump_json(indent=2))
    return manifest


def _revision(connection: Connection) -> str:
    revision = schema.revision_of(connection)
    if revision is None:
        raise Refusal("There is no register in this database, so nothing was written. Check DATABASE_URL.")
    if revision not in schema.revisions():
        raise Refusal(
            f"This database is of a newer version of the program (migration {revision}). Use that version to back it up."
        )
    return revision


def _written(connection: Connection, archive: ZipFile, progress: Progress) -> Iterator[Part]:
    tables = ours(connection)
    total = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    done = 0
    for table in tables:
        digest, count = hashlib.sha256(), 0
        # How large it gets is not known before, and a large one needs zip's larger form.
        with archive.open(member(table.name), "w", force_zip64=True) as text:
            for piece, many in _pieces(connection, table):
                digest.update(piece)
                text.write(piece)
                count += many
                progress(done + count, total)
        done += count
        yield Part(name=table.name, rows=count, sha256=digest.hexdigest())


def _pieces(connection: Connection, table: Table) -> Iterator[tuple[bytes, int]]:
    """A table's text piece by piece, and how many rows are in each: they come as they are fetched, never all at once."""
    yield rows.header(table.columns), 0
    wanted = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
    try:
        with connection.execute(wanted) as found:
            for batch in found.partitions():
                yield b"".join(rows.line(row) for row in batch), len(batch)
    except ValueError as problem:
        raise Refusal(
            f"The table {table.name} holds something that can't be read, so no backup was made. complaints check says more."
        ) from problem
