"""The tracker of commitments as committees keep theirs: a table with fixed columns, as CSV or XLSX. Pure.

A spreadsheet takes a text that begins like a formula for one; here every cell stays the text it is.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from bot.blocks.promises import status
from storage.dates import in_words
from storage.views_commitments import CommitmentLine

COLUMNS = ("Reference", "Origin", "Date", "Area", "Recommendation", "Lead officer", "Action taken", "Status")
ALL_AREAS = "All areas"
_WIDTHS = (11, 34, 18, 24, 60, 24, 60, 26)
# What spreadsheets take for the beginning of a formula; the tab and the line's end hide one from those that look at the first.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(lines: Iterable[CommitmentLine]) -> list[tuple[str, ...]]:
    """One row a commitment, in the order of the columns."""
    return [
        (
            line.reference,
            line.origin,
            in_words(line.made_on),
            line.area or ALL_AREAS,
            line.body,
            line.owner.name if line.owner else "",
            _taken(line),
            status(line),
        )
        for line in lines
    ]


def as_csv(lines: Iterable[CommitmentLine]) -> bytes:
    """With the mark at its beginning by which spreadsheets know UTF-8. A cell that looks like a formula begins with a quote."""
    written = io.StringIO(newline="")
    sheet = csv.writer(written)
    sheet.writerow(COLUMNS)
    sheet.writerows([defused(cell) for cell in row] for row in rows(lines))
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(lines: Iterable[CommitmentLine]) -> bytes:
    """One sheet, its heading fixed while the rest is scrolled."""
    # Imported here because it takes long to import, and few ask for a spreadsheet.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = "Commitments"
    for number, row in enumerate([COLUMNS, *rows(lines)], start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = legible(text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def defused(text: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def legible(text: str) -> str:
    """A text without what the XML of a workbook can't hold."""
    return "".join(
        letter for letter in text if letter in "\n\t" or (ord(letter) >= 32 and letter not in "\ufffe\uffff")
    )


def by_name(name: str, lines: Sequence[CommitmentLine]) -> bytes | None:
    """What a file of this name holds; None when its ending is of neither kind."""
    ending = PurePath(name).suffix.casefold()
    if ending == ".csv":
        return as_csv(lines)
    return as_xlsx(lines) if ending == ".xlsx" else None


def _taken(line: CommitmentLine) -> str:
    if not line.action_taken:
        return ""
    return f"{line.action_taken} (evidence: {line.evidence_ref})" if line.evidence_ref else line.action_taken
