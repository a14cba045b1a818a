"""A small spreadsheet as plain rows, whatever they mean: every way in which a file may be read, for others to choose from."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from storage.importing import cells, reading, textfiles
from storage.importing.sheet import CannotRead

MOST_ROWS = 2000  # a council has some dozens of teams
_WIDEST = 200  # columns; formatting can make a sheet look 16,384 wide
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Formula(Enum):
    """In the place of a formula: its value would have to be worked out, and what was saved with it may be old."""

    FORMULA = "a formula"


Cell = str | Formula


@dataclass(frozen=True, slots=True)
class Line:
    """A row in which something is filled in; `number` is its own in the file, as a spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, place: int) -> Cell:
        """The cell at a place counted from 0; nothing to the right of the last."""
        return self.cells[place] if place < len(self.cells) else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells as headings; a formula is none."""
        return tuple("" if isinstance(cell, Formula) else cell for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """The filled rows of a worksheet, or of a CSV file as one separator parts it.

    `longer`: there are more than `MOST_ROWS`, and these are the first. `ragged`: the file says where cells end only by counting.
    """

    lines: tuple[Line, ...]
    longer: bool
    ragged: bool


def tables(path: Path) -> list[Table]:
    """The file at `path`, CSV or XLSX, in every way it can be read. Raises CannotRead, saying what to change."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
        if not start:
            raise CannotRead(f"{path.name} is empty. Choose the file that has the caseload in it.")
        if start.startswith(_OLE):
            raise CannotRead(
                f"{path.name} is an old Excel workbook (.xls) or protected by a password. "
                "Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV."
            )
        return _of_workbook(path) if start.startswith(_ZIP) else _of_text(path)
    except OSError as problem:
        raise CannotRead(f"{path.name} can't be opened. {reading.why(path)}") from problem


def _of_text(path: Path) -> list[Table]:
    encoding = textfiles.encoding_of(path)
    return [_table(textfiles.records(path, encoding, separator), ragged=True) for separator in textfiles.SEPARATORS]


def _of_workbook(path: Path) -> list[Table]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out (styles, drop-down lists) is nothing to us
            with closing(load_workbook(path, read_only=True)) as workbook:
                return [_table(_rows(sheet), ragged=False) for sheet in workbook.worksheets]
    except OSError:
        raise
    except Exception as problem:  # a damaged file makes openpyxl raise whatever its parsers raise
        raise CannotRead(
            f"{path.name} is not an Excel workbook (.xlsx), or is damaged. "
            "Open it in Excel and save it again as .xlsx or CSV."
        ) from problem


def _rows(sheet: Any) -> Iterator[list[Cell]]:
    # The size a workbook claims may be wrong, and would cut rows off.
    sheet.reset_dimensions()
    # Without a number of columns, or each of a million rows that are only formatted would be filled up with empty cells.
    for row in sheet.iter_rows():
        yield [Formula.FORMULA if cell.data_type == "f" else _plain(cell.value) for cell in row[:_WIDEST]]


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _table(rows: Iterable[Sequence[Cell]], *, ragged: bool) -> Table:
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        plain = tuple(cell if isinstance(cell, Formula) else cells.text(cell) for cell in row)
        if not any(plain):
            continue
        if len(lines) > MOST_ROWS:
            return Table(tuple(lines), longer=True, ragged=ragged)
        lines.append(Line(number, plain))
    return Table(tuple(lines), longer=False, ragged=ragged)
