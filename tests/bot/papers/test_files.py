"""The kind of a file is told by its ending, and every kind holds the same."""

import csv
import io
import math
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.papers.files import ENDINGS, write
from bot.papers.paper import Cell, Chart, Column, Paper, Row, Section, Series, Table
from storage.figures import Mean, Median, Rate, Share, Withheld
from tests.bot.papers import samples

pytestmark = pytest.mark.slow

TEXTS = st.text(max_size=12) | st.sampled_from(samples.NASTY)
COUNTS = st.integers(0, 10**6)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), COUNTS, TEXTS,
    st.builds(Share, COUNTS, COUNTS), st.builds(Rate, COUNTS, COUNTS), st.builds(Mean, COUNTS, st.integers(0, 99)),
    st.builds(Median, st.none() | st.integers(0, 999).map(lambda days: days / 2)), st.builds(Withheld, TEXTS),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(st.builds(Column, TEXTS, TEXTS), max_size=4))
    row = st.builds(Row, TEXTS, st.tuples(*(CELLS for _ in columns)))
    return Table(
        draw(TEXTS),
        draw(TEXTS),
        tuple(columns),
        tuple(draw(st.lists(row, max_size=4))),
        draw(st.none() | row),
        draw(TEXTS),
    )


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    labels = draw(st.lists(TEXTS, max_size=4))
    point = st.none() | st.floats(-1000, 1000)
    series = st.builds(Series, TEXTS, st.tuples(*(point for _ in labels)))
    return Chart(
        draw(TEXTS), tuple(labels), tuple(draw(st.lists(series, max_size=3))), draw(TEXTS), lines=draw(st.booleans())
    )


PAPERS = st.builds(
    lambda tables, charts, text: Paper(
        "p", text, (text,), date(2027, 1, 3), (Section(text, (), tuple(charts), tuple(tables)),)
    ),
    st.lists(tables(), max_size=3),
    st.lists(charts(), max_size=2),
    TEXTS,
)


def in_workbook(paper: Paper) -> list[list[object]]:
    """Every row of every sheet but the first, without what is blank at its end; blank rows are left out."""
    book = load_workbook(io.BytesIO(write(paper, "xlsx") or b""))
    return [row for sheet in book.worksheets[1:] for row in map(_trimmed, sheet.iter_rows(values_only=True)) if row]


def in_csv(paper: Paper) -> list[list[object]]:
    lines = list(csv.reader(io.StringIO((write(paper, "csv") or b"").decode("utf-8-sig"), newline="")))
    rows = [_trimmed(map(_read, line)) for line in lines[2 + len(paper.about) :]]
    return [row for row in rows if row]


def _trimmed(cells: Iterable[object]) -> list[object]:
    row = list(cells)
    while row and row[-1] is None:
        row.pop()
    return row


def _read(text: str) -> object:
    """As a spreadsheet reads a cell: the quote before a formula is not part of it, and what is a number is one."""
    if text[:1] == "'" and text[1:2] in set("=+-@\t"):
        return text[1:]
    try:
        return _number(float(text))
    except ValueError:
        return text or None


def _as_read(cell: object) -> object:
    """A text that looks like a number can't be told from one in a CSV file, unless it has the quote."""
    if isinstance(cell, str) and cell[:1] not in set("=+-@\t"):
        return _read(cell)
    return _number(cell) if isinstance(cell, int | float) else cell


def _number(number: float) -> float | str:
    """Workbooks keep 16 digits; not a number is not equal to itself."""
    return float(f"{number:.16g}") if math.isfinite(number) else str(number)


@settings(max_examples=30, deadline=None)
@given(PAPERS)
def test_a_workbook_and_a_csv_file_hold_the_same(paper: Paper) -> None:
    assert in_csv(paper) == [[_as_read(cell) for cell in row] for row in in_workbook(paper)]


@settings(max_examples=30, deadline=None)
@given(PAPERS)
def test_whatever_is_in_a_paper_can_be_written_as_a_page(paper: Paper) -> None:
    assert (write(paper, "html") or b"").endswith(b"</html>")


def test_the_same_of_a_paper_that_holds_everything() -> None:
    paper = samples.nasty_paper()
    assert in_csv(paper) == [[_as_read(cell) for cell in row] for row in in_workbook(paper)]


@pytest.mark.parametrize(("ending", "start"), [("xlsx", b"PK"), ("CSV", b"\xef\xbb\xbf"), ("html", b"<!DOCTYPE html>")])
def test_the_kind_is_told_by_the_ending(ending: str, start: bytes) -> None:
    assert (write(samples.of(samples.table()), ending) or b"").startswith(start)


def test_every_ending_that_is_offered_can_be_written() -> None:
    assert ENDINGS == ("xlsx", "csv", "html")
    assert all(write(samples.paper(), ending) for ending in ENDINGS)


@pytest.mark.parametrize("ending", ["pdf", "", ".csv", "xls", "csv "])
def test_any_other_ending_is_none(ending: str) -> None:
    assert write(samples.paper(), ending) is None
