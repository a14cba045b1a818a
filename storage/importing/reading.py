"""Opening a file: what it is by its first bytes, not by its name, and whether it can be read at all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from storage.importing import textfiles, workbooks
from storage.importing.columns import Named
from storage.importing.sheet import CannotRead, Row, Sheet

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


def read(path: Path, read_as: Named | None = None) -> Sheet:
    """The spreadsheet at `path`: CSV (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) or XLSX.

    `read_as`: headings that the council says stand for other fields, or for any (see `columns.read_as`).

    Raises CannotRead, saying in plain English what to change.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
        before = _state(path)
        if not start:
            raise CannotRead(f"{path.name} is empty. Choose the file that has the complaints in it.")
        if start.startswith(_OLE):
            raise CannotRead(
                f"{path.name} is an old Excel workbook (.xls) or protected by a password. "
                "Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV."
            )
        reader = workbooks.read if start.startswith(_ZIP) else textfiles.read
        sheet = reader(path, read_as or {})
    except OSError as problem:
        raise CannotRead(f"{path.name} can't be opened. {why(path)}") from problem
    return replace(sheet, rows=_unchanged(path, before, sheet.rows))


def _unchanged(path: Path, before: tuple[int, int], rows: Callable[[], Iterator[Row]]) -> Callable[[], Iterator[Row]]:
    def guarded() -> Iterator[Row]:
        try:
            if _state(path) != before:
                raise CannotRead(
                    f"{path.name} was changed while it was being read. Close it elsewhere and start again."
                )
            yield from rows()
        except OSError as problem:
            raise CannotRead(f"{path.name} can't be opened any more. {why(path)}") from problem

    return guarded


def _state(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_size


def why(path: Path) -> str:
    """What keeps a file from being opened, and what to do."""
    if path.is_dir():
        return "It is a folder: name the file inside it."
    if not path.exists():
        return "There is no file of that name: check the spelling and the folder."
    return "Check that you may read it and that no other program holds it."
