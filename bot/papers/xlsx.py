"""A paper as a workbook: a sheet about it, then one for every chart and table, with numbers to reckon with."""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from bot.papers.flat import Flat, Raw, flattened
from bot.papers.paper import Paper
from bot.papers.sheet_names import sheet_names
from bot.tracker import defused, legible
from storage.dates import in_words

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT = "About"
_FORMATS = ("#,##0", "0.0", "0.00")
_HEADER = 2
# In widths of a digit.
_FIRST, _OTHERS, _PROSE = (12, 44), (9, 50), 90
_LINE = 15.0


def as_xlsx(paper: Paper) -> bytes:
    """Every text stays the text it is: no cell is a formula."""
    # Imported here because it takes long to import, and few ask for a spreadsheet.
    from openpyxl import Workbook  # noqa: PLC0415

    flats = flattened(paper)
    names = sheet_names([ABOUT, *(flat.caption for flat in flats)])
    book = Workbook()
    book.properties.title = legible(paper.title)
    book.properties.creator = ""
    book.remove(book.worksheets[0])
    about = book.create_sheet(names[0])
    _about(about, paper, flats, names[1:])
    for flat, name in zip(flats, names[1:], strict=True):
        _Sheet(book, name).fill(flat)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _about(sheet: "Worksheet", paper: Paper, flats: Sequence[Flat], names: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as above
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415 - as above

    wrapped = Alignment(wrap_text=True, vertical="top")
    bold, link = Font(bold=True), Font(color="1D70B8", underline="single")
    _put(_cell(sheet, 1, 1), legible(paper.title)).font = Font(bold=True, size=16)
    row = 2
    for text in (*map(legible, paper.about), f"Made on {in_words(paper.made_on)}"):
        _across(sheet, row, 4, _PROSE + 30, text)
        row += 1
    row += 1
    for place, title in enumerate(("Sheet", "", "What it shows", "Part"), start=1):
        _put(_cell(sheet, row, place), title).font = bold
    for flat, name in zip(flats, names, strict=True):
        row += 1
        for place, text in enumerate((name, flat.label, flat.caption, flat.section), start=1):
            _put(_cell(sheet, row, place), text).alignment = wrapped
        first = _cell(sheet, row, 1)
        quoted = name.replace("'", "''")
        first.hyperlink = Hyperlink(ref=first.coordinate, location=f"'{quoted}'!A1")
        first.font = link
    for letter, width in zip("ABCD", (32, 10, 48, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    _for_print(sheet)


class _Sheet:
    """One table; the looks of its cells are made once, since there are thousands of them."""

    def __init__(self, book: "Workbook", name: str) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415 - as above

        self.sheet: Worksheet = book.create_sheet(name)
        self.words = Alignment(wrap_text=True, vertical="top")
        self.numbers = Alignment(horizontal="right", vertical="top", wrap_text=True)
        self.bold = Font(bold=True)
        self.title = Font(bold=True, size=14)
        self.head = PatternFill("solid", fgColor="E8EDF2")
        self.over = Border(top=Side(style="thin"))

    def fill(self, flat: Flat) -> None:
        sheet = self.sheet
        _put(_cell(sheet, 1, 1), flat.caption).font = self.title
        for place, title in enumerate(flat.headings, start=1):
            cell = _put(_cell(sheet, _HEADER, place), title)
            cell.font, cell.fill = self.bold, self.head
            cell.alignment = self.words if place == 1 else self.numbers
        row = _HEADER
        for values in flat.rows:
            row += 1
            self._write(row, values)
        if flat.total:
            row += 1
            for cell in self._write(row, flat.total):
                cell.font, cell.border = self.bold, self.over
        widths = _widths(flat)
        for place, width in enumerate(widths, start=1):
            sheet.column_dimensions[_cell(sheet, 1, place).column_letter].width = width
        row += 1
        for text in (*flat.definitions, flat.note):
            if text:
                row += 1
                _across(sheet, row, *_room(widths), text)
        sheet.freeze_panes = _cell(sheet, _HEADER + 1, 2)
        sheet.print_title_rows = f"1:{_HEADER}"
        _for_print(sheet)

    def _write(self, row: int, values: Sequence[Raw]) -> list["Cell"]:
        cells: list[Cell] = []
        for place, raw in enumerate(values, start=1):
            cell = _cell(self.sheet, row, place)
            if isinstance(raw.value, str):
                _put(cell, raw.value)
            elif raw.value is not None:
                cell.value = raw.value
                cell.number_format = _FORMATS[raw.decimals]
            prose = place == 1 or (isinstance(raw.value, str) and len(raw.value) > _OTHERS[0])
            cell.alignment = self.words if prose else self.numbers
            cells.append(cell)
        return cells


def _cell(sheet: "Worksheet", row: int, place: int) -> "Cell":
    """One that no merged cell has swallowed: merging comes last."""
    return cast("Cell", sheet.cell(row, place))


def _put(cell: "Cell", text: str) -> "Cell":
    """A text that is a text, even when somebody edits the cell later."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = defused(text) != text
    return cell


def _across(sheet: "Worksheet", row: int, columns: int, room: int, text: str) -> None:
    """A text over several columns. Programs fit no height to those, so it is reckoned from how wide they are together."""
    from openpyxl.styles import Alignment  # noqa: PLC0415 - as above

    _put(_cell(sheet, row, 1), text).alignment = Alignment(wrap_text=True, vertical="top")
    if columns > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    lines = sum(max(1, math.ceil(len(line) * 1.1 / room)) for line in text.split("\n"))
    sheet.row_dimensions[row].height = _LINE * lines


def _widths(flat: Flat) -> list[int]:
    """As wide as what is in them, but no wider than what reads well wrapped. A heading may be broken between words."""
    rows = (*flat.rows, *([flat.total] if flat.total else []))
    columns = zip(flat.headings, *(map(_said, row) for row in rows), strict=True)
    widths: list[int] = []
    for heading, *texts in columns:
        least, most = _OTHERS if widths else _FIRST
        longest = max(map(len, (*heading.split(), *texts)), default=0) + 2
        widths.append(min(max(longest, least), most))
    return widths


def _said(raw: Raw) -> str:
    if raw.value is None or isinstance(raw.value, str):
        return raw.value or ""
    return f"{raw.value:,.{raw.decimals}f}"


def _room(widths: Sequence[int]) -> tuple[int, int]:
    """How many columns a line of prose goes over, and how wide they are together."""
    columns, room = 0, 0
    while room < _PROSE:
        room += widths[columns] if columns < len(widths) else 8
        columns += 1
    return columns, room


def _for_print(sheet: "Worksheet") -> None:
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415 - as above

    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    footer = sheet.oddFooter
    assert footer is not None  # noqa: S101 - a new sheet has one
    footer.center.text = "&A, page &P of &N"
