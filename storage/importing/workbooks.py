"""Excel workbooks (.xlsx), read row by row without loading them; formulas count by the value they were saved with."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from storage.importing import layout
from storage.importing.columns import Named
from storage.importing.layout import LOOK_AT, Layout
from storage.importing.sheet import CannotRead, Cell, Row, Sheet

_WIDEST = 200  # columns; formatting can make a sheet look 16,384 wide


def read(path: Path, read_as: Named) -> Sheet:
    """The first worksheet with the headings that are needed, else the one that comes nearest. Raises CannotRead."""
    with _opened(path) as workbook:
        candidates = [
            (sheet.title, sheet.max_row, layout.find(islice(_values(sheet), LOOK_AT), read_as))
            for sheet in workbook.worksheets
        ]
    title, last_row, best = max(
        candidates, key=lambda one: one[2].score if one[2] else (False, -1), default=("", None, None)
    )
    if best is None:
        raise CannotRead(f"{path.name} has nothing in it. Choose the file that has the complaints in it.")
    best.refuse_unless_usable()

    def rows() -> Iterator[Row]:
        return _rows(path, title, best)

    return Sheet(path.name, best.headings(), best.ignored(), max((last_row or 0) - best.row, 0), rows, best.proposals())


def _rows(path: Path, title: str, found: Layout) -> Iterator[Row]:
    fields = found.fields
    with _opened(path) as workbook:
        for number, values in enumerate(_values(workbook[title]), start=1):
            if number > found.row and (row := found.row_of(number, values, fields, ragged=False)) is not None:
                yield row


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out (styles, drop-down lists) is nothing to us
            workbook = load_workbook(path, read_only=True, data_only=True)
    except OSError:
        raise
    except Exception as problem:  # a damaged file makes openpyxl raise whatever its parsers raise
        raise _damaged(path) from problem
    with closing(workbook):
        try:
            yield workbook
        except (OSError, CannotRead):
            raise
        except Exception as problem:
            raise _damaged(path) from problem


def _damaged(path: Path) -> CannotRead:
    return CannotRead(
        f"{path.name} is not an Excel workbook (.xlsx), or is damaged. Open it in Excel and save it again as .xlsx or CSV."
    )


def _values(sheet: Any) -> Iterator[Sequence[Cell | None]]:
    # The size a workbook claims may be wrong, and would cut rows off.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=_WIDEST, values_only=True)
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a date beyond the calendar arrives as text and is rejected with its row
            values = next(rows, None)
        if values is None:
            return
        yield [_cell(value) for value in values]


def _cell(value: object) -> Cell | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
