"""Small spreadsheets for tests."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from storage import importing
from storage.importing import Counts, Preview, Sheet
from storage.office import Office
from tests.conftest import MONDAY


def quiet(_done: int, _total: int) -> None:
    """A progress that nobody watches."""


def sheet(folder: Path, text: str, *, name: str = "complaints.csv", encoding: str = "utf-8") -> Sheet:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return importing.read(path)


def table(folder: Path, headings: Sequence[str], *rows: Sequence[str]) -> Sheet:
    """A CSV of rows with quotation marks around everything."""
    lines = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in (headings, *rows)]
    return sheet(folder, "\r\n".join(lines) + "\r\n")


def counted(counts: Counts) -> dict[str, Any]:
    """What became of the rows; which import it was only one that was written can say."""
    return {name: value for name, value in vars(counts).items() if name != "run"}


def tried(office: Office, found: Sheet) -> Preview:
    with office.look(None, MONDAY) as desk:
        return importing.check(desk, found, progress=quiet)


def reasons(office: Office, found: Sheet) -> dict[int, tuple[str, ...]]:
    return {rejected.row_number: rejected.reasons for rejected in tried(office, found).rejected}
