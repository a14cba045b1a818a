"""The tracker that committees keep: its columns in their order, its status in plain English, and no cell that is a formula."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from bot import tracker
from storage.people import Who
from storage.views_commitments import CommitmentLine
from tests.bot.blocks.samples import commitment, long

DUE, DONE = date(2027, 3, 3), date(2027, 2, 1)


def line(number: int = 1, **changed: Any) -> CommitmentLine:
    values: dict[str, Any] = {
        "reference": "P-0001",
        "origin": "Scrutiny committee",
        "area": "East",
        "made_on": date(2026, 11, 23),
        "body": "Update on recording",
        "owner": Who(1, "U0MABEL", "Mabel Eastwood"),
        "due_on": DUE,
        "days_left": 70,
        "action_taken": None,
        "evidence_ref": None,
    }
    return commitment(number, **(values | changed))


def read_csv(lines: list[CommitmentLine]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(tracker.as_csv(lines).decode("utf-8-sig"), newline="")))


def test_the_columns_are_those_of_scrutiny_committees_in_their_order() -> None:
    rows = read_csv([line(action_taken="A report went out", evidence_ref="REP 3", done_on=DONE)])
    assert rows == [
        ["Reference", "Origin", "Date", "Area", "Recommendation", "Lead officer", "Action taken", "Status"],
        [
            "P-0001", "Scrutiny committee", "23 November 2026", "East", "Update on recording", "Mabel Eastwood",
            "A report went out (evidence: REP 3)", "Done, to be verified",
        ],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, "Due 3 March 2027"),
        ({"days_left": 0}, "Due 3 March 2027"),
        ({"days_left": -1}, "Overdue since 3 March 2027"),
        ({"done_on": DONE, "days_left": -1}, "Done, to be verified"),
        ({"done_on": DONE, "ended_on": DUE}, "Completed 1 February 2027"),
        ({"withdrawn": True, "ended_on": DUE}, "Withdrawn"),
        ({"withdrawn": True, "ended_on": DUE, "done_on": DONE}, "Withdrawn"),
    ],
)
def test_the_status_is_said_in_plain_english(changed: dict[str, Any], status: str) -> None:
    assert read_csv([line(**changed)])[1][-1] == status


def test_what_is_for_no_area_is_for_all_and_nobody_is_left_blank() -> None:
    row = read_csv([line(area=None, owner=None)])[1]
    assert (row[3], row[5], row[6]) == ("All areas", "", "")


NASTY = ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.org")']


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_of_a_csv_file_is_a_formula(text: str) -> None:
    row = read_csv([line(body=text, origin=text, action_taken=text, area=text)])[1]
    for cell in (row[1], row[3], row[4], row[6]):
        assert cell == f"'{text}"


@pytest.mark.parametrize("text", [*NASTY, "two\nlines", "\x00\x0b\x1f\uffff", long(500)])
def test_every_cell_of_a_workbook_is_the_text_that_was_written(text: str) -> None:
    book = load_workbook(io.BytesIO(tracker.as_xlsx([line(body=text, origin=text)])))
    sheet = book.active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "inlineStr"}
    assert sheet["E2"].value == (tracker.legible(text) or None)


def test_a_workbook_has_its_heading_fixed() -> None:
    book = load_workbook(io.BytesIO(tracker.as_xlsx([line()])))
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(tracker.COLUMNS)
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(("name", "start"), [("a.csv", b"\xef\xbb\xbf"), ("a.XLSX", b"PK")])
def test_the_kind_of_file_is_told_by_its_ending(name: str, start: bytes) -> None:
    assert (tracker.by_name(name, [line()]) or b"").startswith(start)


@pytest.mark.parametrize("name", ["a.pdf", "csv", "xlsx", "a", ""])
def test_any_other_ending_is_none(name: str) -> None:
    assert tracker.by_name(name, [line()]) is None
