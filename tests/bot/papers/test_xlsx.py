"""A workbook that is read back: numbers are numbers, texts are texts, and its sheets are ready to be read and printed."""

import io
import re

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.papers.paper import Column, Paper, Row, Table
from bot.papers.xlsx import as_xlsx
from bot.tracker import legible
from storage.figures import Mean, Share
from tests.bot.papers import samples

pytestmark = pytest.mark.slow


def read(paper: Paper) -> Workbook:
    return load_workbook(io.BytesIO(as_xlsx(paper)))


def only(table: Table) -> Worksheet:
    return read(samples.of(table)).worksheets[1]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_first_sheet_says_what_the_paper_is_and_leads_to_each_of_the_others() -> None:
    book = read(samples.committee_paper())
    about = book.worksheets[0]
    assert about.title == "About"
    assert about["A1"].value == "Complaints about children’s social care: annual report 2026/27"
    assert [about["A3"].value, about["A4"].value] == [samples.committee_paper().about[1], "Made on 3 January 2027"]
    listed = list(about.iter_rows(min_row=7))
    assert [row[0].value for row in listed] == [sheet.title for sheet in book.worksheets[1:]]
    assert [row[0].hyperlink.location for row in listed if row[0].hyperlink] == [
        f"'{sheet.title}'!A1" for sheet in book.worksheets[1:]
    ]
    assert [cell.value for cell in listed[2]] == [
        "Received and closed by team", "Chart 2", "Received and closed by team", "Stage 1: local resolution",
    ]  # fmt: skip


def test_a_sheet_has_caption_header_rows_total_definitions_and_note() -> None:
    table = Table(
        "Stage 1", "Team", (Column("Open", "not yet closed"), Column("On time", "as a share of closed")),
        (Row("East", (1234, Share(2, 3))), Row("West", (5, None))), Row("All", (1239, Share(2, 3))), "A note.",
    )  # fmt: skip
    sheet = only(table)
    found = [[cell.value for cell in row[:5]] for row in sheet.iter_rows()]
    assert found == [
        ["Stage 1", None, None, None, None],
        ["Team", "Open", "On time %", "On time: number", "On time: of"],
        ["East", 1234, 66.67, 2, 3],
        ["West", 5, "–", "–", "–"],
        ["All", 1239, 66.67, 2, 3],
        [None] * 5,
        ["Open: not yet closed", None, None, None, None],
        ["On time: as a share of closed", None, None, None, None],
        ["A note.", None, None, None, None],
    ]
    assert [cell.font.bold for cell in sheet["A2":"E2"][0]] == [True] * 5
    assert [cell.font.bold for cell in sheet["A5":"E5"][0]] == [True] * 5
    assert not sheet["B4"].font.bold


def test_numbers_are_numbers_in_the_format_of_their_kind() -> None:
    sheet = only(
        Table("a", "b", (Column("c"), Column("d"), Column("e")), (Row("r", (1234, Mean(10, 4), Share(1, 3))),))
    )
    row = [sheet.cell(3, place) for place in range(2, 7)]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in row] == [
        (1234, "n", "#,##0"), (2.5, "n", "0.0"), (33.33, "n", "0.00"), (1, "n", "#,##0"), (3, "n", "#,##0"),
    ]  # fmt: skip
    assert isinstance(row[0].value, int)


def test_a_share_of_nothing_is_a_blank_and_two_zeros() -> None:
    sheet = only(Table("a", "b", (Column("c"),), (Row("r", (Share(0, 0),)),)))
    assert [sheet.cell(3, place).value for place in range(2, 5)] == [None, 0, 0]


def test_every_text_is_the_text_that_was_written_and_none_is_a_formula_or_an_error() -> None:
    book = read(samples.nasty_paper())
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.data_type == ("s" if isinstance(cell.value, str) else "n"), cell.coordinate
    sheet = book.worksheets[1 + len(samples.NASTY)]
    assert [cell.value for cell in sheet[3][1:]] == [legible(text) or None for text in samples.NASTY]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1"])
def test_a_text_like_a_formula_stays_a_text_when_somebody_edits_it(text: str) -> None:
    sheet = only(Table(text, text, (Column(text, text),), (Row(text, (text,)),), note=text))
    for place in ("A1", "A2", "B2", "A3", "B3", "A6"):
        cell = sheet[place]
        assert (cell.value, cell.quotePrefix) == (text, True)
    assert only(Table("plain", "a", (), ()))["A1"].quotePrefix is False


def test_names_of_sheets_are_legal_and_differ() -> None:
    long = "Complaints received in the year to 31 March"
    captions = [f"{long} 2026", f"{long} 2027", "[a]:*?/\\b", "", "About", "ABOUT"]
    book = read(samples.of(*(samples.table(1, 1, caption=caption) for caption in captions)))
    names = [sheet.title for sheet in book.worksheets]
    assert len({name.casefold() for name in names}) == len(captions) + 1
    assert not [name for name in names if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)]
    assert [sheet["A1"].value for sheet in book.worksheets[1:]] == [caption or None for caption in captions]


def test_a_sheet_is_ready_to_be_scrolled_and_printed() -> None:
    for sheet in read(samples.committee_paper()).worksheets[1:]:
        assert sheet.freeze_panes == "B3"
        assert sheet.print_title_rows == "$1:$2"
    for sheet in read(samples.committee_paper()).worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            "landscape",
            1,
            0,
        )
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_columns_are_as_wide_as_what_is_in_them_within_reason_and_words_are_wrapped() -> None:
    rows = (
        Row("Strengthening Families East", (1, "A duty manager allocates by noon. " * 9)),
        Row("B", (12_345_678_901, "-")),
    )
    sheet = only(Table("a", "Team", (Column("n"), Column("What was done")), rows))
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == [len("Strengthening Families East") + 2, len("12,345,678,901") + 2, 50]
    assert sheet["C3"].alignment.wrap_text
    assert sheet["A3"].alignment.wrap_text


def test_a_long_definition_goes_over_several_columns_and_is_high_enough() -> None:
    sheet = only(Table("a", "Team", (Column("n", "a long definition " * 30),), ()))
    (merged,) = sheet.merged_cells.ranges
    assert merged.min_row == 4
    assert merged.max_col > 2
    assert (sheet.row_dimensions[4].height or 0) >= 15 * (18 * 30 / 100)


def test_a_chart_has_a_sheet_with_its_numbers_and_its_sentence() -> None:
    sheet = read(samples.of(charts=(samples.chart((3, None, 12.5), unit="days"),))).worksheets[1]
    assert sheet.title == "Received and closed"
    assert [[cell.value for cell in row[:2]] for row in sheet.iter_rows(min_row=2, max_row=5)] == [
        ["Quarter", "Series 1 (days)"], ["Q1 2024/25", 3], ["Q2 2024/25", "–"], ["Q3 2024/25", 12.5],
    ]  # fmt: skip
    assert texts(sheet)[-1] == "More was closed than received."


def test_forty_columns_by_a_hundred_rows_are_all_there() -> None:
    sheet = read(samples.long_paper()).worksheets[1]
    shares = 2 * 8  # every fifth column is one of shares, and another of rates
    assert len([cell for cell in sheet[2] if cell.value]) == 1 + 40 + 2 * shares
    assert sheet.cell(102, 1).value == "Leaving Care, area team 100 of the county".replace(
        "Leaving Care", samples.TEAMS[99 % 8]
    )
    assert sheet.cell(103, 1).value == "All teams"


def test_a_paper_of_nothing_is_a_workbook_of_one_sheet() -> None:
    assert [sheet.title for sheet in read(samples.paper()).worksheets] == ["About"]
