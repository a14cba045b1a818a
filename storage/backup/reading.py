"""Opens a backup: looks at every byte of it before anything is done with it."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from pydantic import ValidationError
from sqlalchemy import Column

from storage import schema
from storage.backup import rows
from storage.backup.manifest import FORMAT, KIND, NAME, Manifest, Part, member
from storage.errors import Refusal

_PIECE = 1 << 20
# What zipfile raises for one thing or another that is not as it was written.
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Backup:
    """A file that is whole, and what it says of itself."""

    name: str
    manifest: Manifest
    archive: ZipFile

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns, in the order in which its rows have them. Raises Refusal when it has none."""
        with self.archive.open(member(table)) as text:
            try:
                return rows.names(text.readline())
            except ValueError as problem:
                raise self.unfit(table) from problem

    def rows(self, table: str, columns: Sequence[Column[Any]]) -> Iterator[tuple[Any, ...]]:
        """One table's rows as a driver takes them. `columns`: in the order of the file. Raises Refusal for anything else."""
        read = rows.reader(columns)
        with self.archive.open(member(table)) as text:
            text.readline()
            for line in text:
                try:
                    yield read(line)
                except (ValueError, TypeError) as problem:
                    raise self.unfit(table) from problem

    def unfit(self, table: str) -> Refusal:
        """What to say when a table of the file is not one that this program's migrations make."""
        return Refusal(
            f"{self.name} can't be restored: its table {table} is not as the program's migration {self.manifest.revision} "
            "makes it. Nothing was changed. Restore it with the program it was made with."
        )


@contextmanager
def opened(file: Path, progress: Progress = lambda _done, _of: None) -> Iterator[Backup]:
    """A backup that is whole. `progress` hears how many bytes of its tables' texts, of how many, were looked at.

    Raises Refusal for a file that is not there, is no backup, is damaged or cut short, or is of a newer version.
    """
    try:
        with file.open("rb") as source, _whole(file, source) as archive:
            manifest = _manifest(file, archive)
            try:
                _looked_at(archive, manifest.tables, progress)
            except _BROKEN as problem:
                raise _damaged(file) from problem
            yield Backup(str(file), manifest, archive)
    except OSError as problem:
        raise Refusal(f"{file} can't be read: {problem.strerror}. Check its name and where it is.") from problem


def _whole(file: Path, source: IO[bytes]) -> ZipFile:
    began_well = source.read(4) == b"PK\x03\x04"
    try:
        return ZipFile(source)
    except _BROKEN as problem:
        raise (_damaged(file) if began_well else _something_else(file)) from problem


def _manifest(file: Path, archive: ZipFile) -> Manifest:
    if NAME not in archive.namelist():
        raise _something_else(file)
    try:
        manifest = Manifest.model_validate_json(archive.read(NAME))
    except ValidationError as problem:
        raise _something_else(file) from problem
    except _BROKEN as problem:
        raise _damaged(file) from problem
    if manifest.kind != KIND:
        raise _something_else(file)
    if manifest.format > FORMAT or manifest.revision not in schema.revisions():
        raise Refusal(
            f"{file} was made by a newer version of the program: migration {manifest.revision}, and this version knows them up "
            f"to {schema.revisions()[-1]}. Install that version, or a later one, and restore with it."
        )
    return manifest


def _looked_at(archive: ZipFile, parts: Sequence[Part], progress: Progress) -> None:
    """Raises one of `_BROKEN` unless everything in it is what the manifest says."""
    if sorted(archive.namelist()) != sorted([NAME, *(member(part.name) for part in parts)]):
        raise BadZipFile("other members than the manifest names")
    total = sum(one.file_size for one in archive.infolist() if one.filename != NAME)
    done = 0
    for part in parts:
        digest, lines = hashlib.sha256(), 0
        with archive.open(member(part.name)) as text:
            while piece := text.read(_PIECE):
                digest.update(piece)
                lines += piece.count(b"\n")
                done += len(piece)
                progress(done, total)
        # The first line has the columns' names.
        if (digest.hexdigest(), lines) != (part.sha256, part.rows + 1):
            raise BadZipFile("a table is not as it was written")


def _damaged(file: Path) -> Refusal:
    return Refusal(
        f"{file} is damaged or cut short, so nothing was restored. Fetch it again from where it is kept, or take an earlier one."
    )


def _something_else(file: Path) -> Refusal:
    return Refusal(f"{file} is not a backup of a register. Name a file that complaints backup wrote.")
