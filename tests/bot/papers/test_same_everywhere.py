"""One number is the same wherever it is read: status, digest, monthly page, spreadsheet, CSV file and printed report."""

import csv
import io
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.blocks.message import Message
from bot.blocks.words import NONE, shown
from bot.listeners import status
from bot.papers.files import write
from bot.papers.pack import report
from jobs import pages
from jobs.around import Around
from jobs.staff import Staff
from storage import figures
from storage.figures import Counts, Rate, Share, TeamTable, columns
from storage.office import Desk
from storage.periods import parse
from tests import county as people
from tests.county import County
from tests.storage.test_figures import NOW, TODAY, cases, insert

pytestmark = pytest.mark.slow
Grid = Mapping[str, Mapping[str, Any]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(register_of=st.lists(cases(), max_size=25), asked=st.sampled_from(["", "last month"]))
def test_status_digest_spreadsheet_and_report_say_the_same(county: County, register_of: list[Any], asked: str) -> None:
    with county.office.change(people.HANDLER, NOW) as desk:
        undone = desk.session.begin_nested()
        insert(desk, county, register_of)
        period = parse(asked, TODAY)
        table = figures.team_table(desk, period)
        said = _grid(status.answer(desk, asked))
        assert said == _grid(_message_to_managers(desk, asked)) == _expected(table)
        paper = report(desk, period)
        files = {ending: write(paper, ending) or b"" for ending in ("xlsx", "csv", "html")}
        undone.rollback()
    anything = bool(table.total.received or table.total.closed or table.total.open or table.total.not_proceeded)
    printed = _printed(files["html"].decode())
    assert (printed is not None) == anything
    if printed is None:
        return
    raw = _raw(table)
    assert _values(_sheet(files["xlsx"]), raw) == raw
    assert _values(_lines(files["csv"]), raw) == {
        row: {name: "" if value is None else str(value) for name, value in cells.items()} for row, cells in raw.items()
    }
    for row, cells in said.items():
        if not row.startswith("Unallocated"):
            assert {name: printed[row][name] for name in cells} == cells


def _message_to_managers(desk: Desk, asked: str) -> Message:
    """The digest says the year so far, the monthly page the month before."""
    data = {"day": TODAY.isoformat(), "teams": [None], "missing": False}
    make = pages.monthly if asked else pages.digest
    return make(desk, Around(Staff(desk), None), "Sefton Hale", data)


def _expected(table: TeamTable) -> Grid:
    """What a table in Slack shows: every row of teams, the unallocated, the total, as people read it."""
    of = columns(table.total)
    found = {row.team: {one.title: shown(one.value(row.counts)) for one in of} for row in table.rows}
    waiting = {"open", "unallocated"}
    found["Unallocated (in the teams above)"] = {
        one.title: str(table.total.unallocated) if one.key in waiting else NONE for one in of
    }
    return {**found, "Total": {one.title: shown(one.value(table.total)) for one in of}}


def _grid(message: Message) -> Grid:
    (table,) = (block for block in message.blocks if block["type"] == "data_table")
    head, *rows = ([cell["text"] for cell in row] for row in table["rows"])
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


def _raw(table: TeamTable) -> Grid:
    """The counts in a spreadsheet's columns: whole numbers, and of each share its part and its whole."""
    return {
        **{row.team: dict(_counts(row.counts, table)) for row in table.rows},
        "Total": dict(_counts(table.total, table)),
    }


def _counts(counts: Counts, table: TeamTable) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for figure in columns(table.total, brief=False):
        match figure.value(counts):
            case Rate():
                raise AssertionError("nobody counted open cases here")
            case Share() as share:
                title = figure.title.removesuffix("%").rstrip()
                found += [(f"{title}: number", share.part), (f"{title}: of", share.whole)]
            case int() as value:
                found.append((figure.title, value))
    return found


def _values(found: Grid, raw: Grid) -> Grid:
    return {row: {name: found[row][name] for name in cells} for row, cells in raw.items()}


def _sheet(content: bytes) -> Grid:
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        if str(sheet["A1"].value).startswith("Stage 1 by team"):
            return _under([[cell.value for cell in row] for row in sheet.iter_rows()])
    raise AssertionError("no table by team in the workbook")


def _lines(content: bytes) -> Grid:
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    start = next(place for place, line in enumerate(lines) if line and line[0].startswith("Stage 1 by team"))
    return _under(lines[start:])


def _under(lines: Sequence[Sequence[Any]]) -> Grid:
    """The rows between the line of headings and the total."""
    start = next(place for place, line in enumerate(lines) if line and line[0] == "Team")
    found: dict[str, Mapping[str, Any]] = {}
    for line in lines[start + 1 :]:
        found[line[0]] = dict(zip(lines[start][1:], line[1:], strict=False))
        if line[0] == "Total":
            return found
    raise AssertionError("no total")


class _Tables(HTMLParser):
    """Every table of a page: its caption and its rows of texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[list[str]]]] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as the parser calls it
        if tag == "table":
            self.found.append(("", []))
        elif tag == "tr":
            self.found[-1][1].append([])
        elif tag in {"td", "th"}:
            self.found[-1][1][-1].append("")
        if tag in {"caption", "td", "th"}:
            self._within = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "caption":
            caption, rows = self.found[-1]
            self.found[-1] = (caption + data, rows)
        elif self._within:
            self.found[-1][1][-1][-1] += data


def _printed(page: str) -> Grid | None:
    tables = _Tables()
    tables.feed(page)
    for caption, (head, *rows) in tables.found:
        if ": Stage 1 by team" in caption:
            texts = [[" ".join(text.replace("\u2060", "").split()) for text in row] for row in (head, *rows)]
            return {row[0]: dict(zip(texts[0][1:], row[1:], strict=True)) for row in texts[1:]}
    return None
