"""One CSV file that is read back: table after table, numbers as numbers, nothing that is a formula."""

import csv
import io

import pytest

from bot.papers.csvs import as_csv
from bot.papers.paper import Column, Paper, Row, Table
from bot.tracker import defused, legible
from storage.figures import Mean, Share, Withheld
from tests.bot.papers import samples


def read(paper: Paper) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(paper).decode("utf-8-sig"), newline="")))


def test_tables_stand_one_after_another_with_their_definitions() -> None:
    columns = (Column("Open", "not yet closed"), Column("On time"))
    rows = (Row("East", (1234, Share(2, 3))), Row("West", (Withheld("<5"), None)))
    first = Table("Stage 1", "Team", columns, rows, Row("All", (1239, Share(0, 0))), "A note.")
    second = Table("Stage 2", "Team", (Column("Days"),), (Row("East", (Mean(10, 4),)),))
    assert read(samples.of(first, second)) == [
        ["Complaints about children’s social care"],
        ["What the register says."],
        ["Made on 3 January 2027"],
        [],
        ["Stage 1"],
        ["Team", "Open", "On time %", "On time: number", "On time: of"],
        ["East", "1234", "66.67", "2", "3"],
        ["West", "<5", "–", "–", "–"],
        ["All", "1239", "", "0", "0"],
        ["Open: not yet closed"],
        ["A note."],
        [],
        ["Stage 2"],
        ["Team", "Days"],
        ["East", "2.5"],
    ]


def test_it_begins_with_the_mark_by_which_spreadsheets_know_utf_8() -> None:
    assert as_csv(samples.paper()).startswith(b"\xef\xbb\xbfComplaints about children\xe2\x80\x99s")


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1"])
def test_no_text_is_a_formula_wherever_it_stands(text: str) -> None:
    table = Table(text, text, (Column(text, "d"),), (Row(text, (text,)),), Row(text, (text,)), text)
    rows = read(samples.paper(*samples.of(table).sections, title=text))
    quoted = f"'{text}"
    assert rows[0] == [quoted]
    assert rows[4:] == [[quoted], [quoted] * 2, [quoted] * 2, [quoted] * 2, [f"{quoted}: d"], [quoted]]


def test_every_text_comes_back_as_it_was() -> None:
    row = next(
        row for row in read(samples.nasty_paper()) if len(row) == 1 + len(samples.NASTY) and row[0] == samples.SCRIPT
    )
    wanted = [defused(legible(text)) for text in samples.NASTY]
    assert row[1:] == wanted


def test_a_number_below_nothing_stays_a_number() -> None:
    assert read(samples.of(charts=(samples.chart((-3,)),)))[-2] == ["Q1 2024/25", "-3"]
