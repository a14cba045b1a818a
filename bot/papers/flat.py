"""A paper's tables and charts in raw columns, as spreadsheets hold them: numbers to reckon with, never texts of numbers. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.blocks.words import NONE
from bot.papers.paper import Cell, Chart, Column, Paper, Row, Section, Table
from bot.tracker import legible
from storage.figures import Mean, Median, Rate, Share, Withheld


@dataclass(frozen=True, slots=True)
class Raw:
    """What one cell of a spreadsheet holds, None for a blank one, and with how many decimals a number is shown."""

    value: int | float | str | None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Flat:
    """A table in raw columns. `label` is what it is called in every kind of file: Table 1, Chart 2."""

    label: str
    caption: str
    section: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Raw, ...], ...]
    total: tuple[Raw, ...] | None
    definitions: tuple[str, ...]
    note: str


def flattened(paper: Paper) -> list[Flat]:
    """Every chart and table in the order of reading: in a section the charts come first."""
    found: list[Flat] = []
    charts = tables = 0
    for section in _walk(paper.sections):
        for chart in section.charts:
            charts += 1
            found.append(_of_chart(chart, f"Chart {charts}", section))
        for table in section.tables:
            tables += 1
            found.append(_of_table(table, f"Table {tables}", section))
    return found


def by_column(table: Table) -> list[list[Cell]]:
    """The cells of each column, that of the total among them. Raises ValueError when a row has more or fewer than columns."""
    columns: list[list[Cell]] = [[] for _ in table.columns]
    for row in (*table.rows, *([table.total] if table.total else [])):
        for column, cell in zip(columns, row.cells, strict=True):
            column.append(cell)
    return columns


def _walk(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _walk(section.sections)


def _of_table(table: Table, label: str, section: Section) -> Flat:
    every = [*table.rows, *([table.total] if table.total else [])]
    split = [
        any(isinstance(cell, Share | Rate) for cell in cells)
        for cells in zip(*(row.cells for row in every), strict=True)
    ] or [False] * len(table.columns)
    titles = [title for column, three in zip(table.columns, split, strict=True) for title in _titles(column, three)]
    return Flat(
        label=label,
        caption=legible(table.caption),
        section=legible(section.heading),
        headings=(legible(table.first), *titles),
        rows=tuple(_row(row, split) for row in table.rows),
        total=_row(table.total, split) if table.total else None,
        definitions=tuple(legible(f"{title}: {definition}") for title, definition in table.definitions()),
        note=legible(table.note),
    )


def _titles(column: Column, three: bool) -> tuple[str, ...]:
    title = legible(column.title)
    return (f"{title.removesuffix('%').rstrip()} %", f"{title}: number", f"{title}: of") if three else (title,)


def _row(row: Row, split: list[bool]) -> tuple[Raw, ...]:
    cells = [raw for cell, three in zip(row.cells, split, strict=True) for raw in _cells(cell, three)]
    return (Raw(legible(row.heading)), *cells)


def _cells(cell: Cell, three: bool) -> tuple[Raw, ...]:
    """One or three raw cells. In a column of shares any other number stands under *number*, and a text in all three."""
    match cell:
        case Share() | Rate():
            hundredths = (20000 * cell.part + cell.whole) // (2 * cell.whole) if cell.whole else None
            percent = Raw(None if hundredths is None else hundredths / 100, 2)
            return (percent, Raw(cell.part), Raw(cell.whole))
        case Withheld() | str() | None:
            raw = Raw(_text(cell))
            return (raw, raw, raw) if three else (raw,)
        case Mean() | Median():
            raw = Raw(NONE) if cell.value is None else Raw(cell.value, 1)
        case _:
            raw = Raw(cell)
    return (Raw(None), raw, Raw(None)) if three else (raw,)


def _text(cell: Withheld | str | None) -> str:
    if cell is None:
        return NONE
    return legible(cell if isinstance(cell, str) else cell.shown)


def _of_chart(chart: Chart, label: str, section: Section) -> Flat:
    unit = f" ({chart.unit})" if chart.unit else ""
    return Flat(
        label=label,
        caption=legible(chart.title),
        section=legible(section.heading),
        headings=(legible(chart.first), *(legible(f"{series.name}{unit}") for series in chart.series)),
        rows=tuple(
            (Raw(legible(name)), *map(_point, points))
            for name, *points in zip(chart.labels, *(series.points for series in chart.series), strict=True)
        ),
        total=None,
        definitions=(),
        note=legible(chart.text),
    )


def _point(point: float | None) -> Raw:
    if point is None:
        return Raw(NONE)
    return Raw(int(point)) if point == int(point) else Raw(point, 1)
