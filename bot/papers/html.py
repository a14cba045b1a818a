"""A paper as one page that needs nothing else: read on a screen or a phone, by a screen reader, or printed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.blocks.words import NONE, shown
from bot.papers.drawing import NARROW, WIDE
from bot.papers.drawing.scale import Scale
from bot.papers.drawing.svg import as_svg
from bot.papers.fitting import parts
from bot.papers.flat import by_column
from bot.papers.paper import Cell, Chart, Column, Paper, Row, Section, Table
from bot.tracker import legible
from storage.dates import in_words
from storage.figures import Withheld

if TYPE_CHECKING:
    from jinja2 import Template

# A word longer than this is broken, so that it makes no column, and no page, wider than what it is read on.
_LONG, _BREAK_EVERY = 24, 12
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table as the page shows it. `parts` is which of its columns go side by side on paper."""

    name: str
    label: str
    caption: str
    first: str
    titles: list[str]
    numeric: list[bool]
    rows: list[tuple[str, list[str]]]
    total: tuple[str, list[str]] | None
    definitions: list[tuple[str, str]]
    note: str
    parts: list[range]


@dataclass(frozen=True, slots=True)
class _Figure:
    """A chart, drawn for two widths, and its numbers."""

    label: str
    title: str
    text: str
    wide: Markup
    narrow: Markup
    numbers: _Grid


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    level: int
    heading: str
    text: tuple[str, ...]
    charts: list[_Figure]
    tables: list[_Grid]
    parts: list["_Part"]


def as_html(paper: Paper) -> str:
    """The whole page."""
    return _template().render(
        title=paper.title,
        about=paper.about,
        made_on=in_words(paper.made_on),
        parts=_Numbered().parts(paper.sections),
    )


@dataclass(slots=True)
class _Numbered:
    """Counts charts and tables in the order of reading, as in the other kinds of files."""

    charts: int = 0
    tables: int = 0
    names: Iterator[int] = field(default_factory=lambda: count(1))

    def parts(self, sections: Sequence[Section], level: int = 2) -> list[_Part]:
        return [
            _Part(
                name=f"part-{next(self.names)}",
                level=min(level, _DEEPEST),
                heading=section.heading,
                text=section.text,
                charts=[self._figure(chart) for chart in section.charts],
                tables=[self._grid(table) for table in section.tables],
                parts=self.parts(section.sections, level + 1),
            )
            for section in sections
        ]

    def _figure(self, chart: Chart) -> _Figure:
        self.charts += 1
        name, label = f"chart-{self.charts}", f"Chart {self.charts}"
        return _Figure(
            label=label,
            title=chart.title,
            text=chart.text,
            wide=as_svg(chart, WIDE, f"{name}-wide", label),
            narrow=as_svg(chart, NARROW, f"{name}-narrow", label),
            numbers=_grid(_numbers(chart), f"{name}-numbers", f"Numbers of chart {self.charts}"),
        )

    def _grid(self, table: Table) -> _Grid:
        self.tables += 1
        return _grid(table, f"table-{self.tables}", f"Table {self.tables}")


def _grid(table: Table, name: str, label: str) -> _Grid:
    columns = by_column(table)
    texts = [[column.title, *map(_said, cells)] for column, cells in zip(table.columns, columns, strict=True)]
    return _Grid(
        name=name,
        label=label,
        caption=table.caption,
        first=table.first,
        titles=[column.title for column in table.columns],
        numeric=[not any(isinstance(cell, str) for cell in cells) for cells in columns],
        rows=[(row.heading, [_said(cell) for cell in row.cells]) for row in table.rows],
        total=(table.total.heading, [_said(cell) for cell in table.total.cells]) if table.total else None,
        definitions=table.definitions(),
        note=table.note,
        parts=parts([row.heading for row in table.rows], texts),
    )


def _said(cell: Cell) -> str:
    if cell is None:
        return NONE
    return cell if isinstance(cell, str) else shown(cell)


def _numbers(chart: Chart) -> Table:
    """The points as counts are said; `Withheld` is the value whose text is free."""
    scale = Scale.over((point for series in chart.series for point in series.points if point is not None), chart.unit)
    unit = f" ({chart.unit})" if chart.unit not in {"", "%"} else ""
    return Table(
        caption=chart.title,
        first=chart.first,
        columns=tuple(Column(f"{series.name}{unit}") for series in chart.series),
        rows=tuple(
            Row(label, tuple(None if point is None else Withheld(scale.said(point)) for point in points))
            for label, *points in zip(chart.labels, *(series.points for series in chart.series), strict=True)
        ),
    )


def _kept_together(text: str) -> Markup:
    """`62 % (5 of 8)` may be broken before the bracket and nowhere else."""
    return Markup(" ").join(Markup("<span>{}</span>").format(part) for part in re.split(r" (?=\()", legible(text)))


def _breakable(text: str) -> Markup:
    """A text with places where words may be broken that are longer than any word."""
    pieces: list[str] = []
    for word in re.split(r"(\s+)", legible(text)):
        cut = (
            [word[at : at + _BREAK_EVERY] for at in range(0, len(word), _BREAK_EVERY)] if len(word) > _LONG else [word]
        )
        pieces.append(Markup("<wbr>").join(cut))
    return Markup("").join(pieces)


def _named(text: str) -> Markup:
    """What a heading says; one without words can't be heard."""
    return _breakable(text) if legible(text).strip() else escape(NONE)


@cache
def _template() -> "Template":
    # Imported here since few ask for a page.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("bot.papers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"breakable": _breakable, "named": _named, "kept_together": _kept_together}
    return environment.get_template("paper.html")
