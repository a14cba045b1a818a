"""Files as councils have them: read whatever their format, refused as a whole when they are not one row a team."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage.importing import CannotRead
from storage.importing.caseload import Columns, read
from storage.importing.caseload.opening import MOST_ROWS, Formula
from tests.storage.importing.caseload.shire import HEADINGS, SAMPLE, in_csv, in_workbook, lines

pytestmark = pytest.mark.slow

SECRET = "Odo Brack"  # an invented child, whose name must never be repeated


def refusal(path: Path, columns: Columns | None = None) -> str:
    with pytest.raises(CannotRead) as refused:
        read(path, columns) if columns else read(path)
    said = str(refused.value)
    assert not any(part in said for part in SECRET.split())
    return said


def pairs(path: Path, columns: Columns | None = None) -> list[tuple[object, object]]:
    found = read(path, columns) if columns else read(path)
    return [(row.team, row.cases) for row in found.rows]


def test_the_sample_has_eleven_teams_in_eleven_rows() -> None:
    extract = read(SAMPLE)
    assert extract.has_parents
    assert [row.number for row in extract.rows] == list(range(2, 13))
    assert (extract.rows[0].team, extract.rows[0].parent, extract.rows[0].cases) == ("Adoption", "Permanence", "83")
    assert not any(row.overflows for row in extract.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_that_spreadsheets_save_in_will_do(tmp_path: Path, encoding: str) -> None:
    path = in_csv(tmp_path, "TeamName,InvolvementCaseload\nCafé Quay,7\n", encoding=encoding)
    assert pairs(path) == [("Café Quay", "7")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_will_do(tmp_path: Path, separator: str) -> None:
    text = f'TeamName{separator}InvolvementCaseload\nBoston{separator}"1,234"\n'
    assert pairs(in_csv(tmp_path, text)) == [("Boston", "1,234")]


def test_blank_rows_and_titles_above_the_headings_make_no_difference(tmp_path: Path) -> None:
    text = "Caseload,\n,\n\nteam name,Involvement Caseload\n,,\nBoston,7\n\n - ,\nLincoln,8\n,\n"
    extract = read(in_csv(tmp_path, text))
    assert [(row.number, row.team, row.cases) for row in extract.rows] == [(6, "Boston", "7"), (9, "Lincoln", "8")]
    assert not extract.has_parents


def test_a_workbook_is_read_with_its_whole_numbers_and_without_working_out_formulas(tmp_path: Path) -> None:
    rows = [HEADINGS, ("Boston", "East", 299.0), ("Lincoln", "West", "=B2*2"), ("Quay", "", 8.5), (None, None, None)]
    path = in_workbook(tmp_path, [("Notes",), ("nothing",)], rows)
    assert pairs(path) == [("Boston", "299"), ("Lincoln", Formula.FORMULA), ("Quay", "8.5")]


def test_a_formula_is_one_however_the_workbook_keeps_it_and_whatever_was_saved_with_it(tmp_path: Path) -> None:
    path = in_workbook(tmp_path, [HEADINGS, ("Boston", "East", 299), ("Lincoln", "West", 0)])
    workbook = load_workbook(path)
    from openpyxl.worksheet.formula import ArrayFormula  # noqa: PLC0415 - only here

    workbook.worksheets[0]["C3"] = ArrayFormula("C3", "=SUM(C2:C2)")
    workbook.save(path)
    assert pairs(path)[1] == ("Lincoln", Formula.FORMULA)


def test_a_date_or_a_truth_in_a_workbook_is_no_number(tmp_path: Path) -> None:
    noon = datetime(2025, 3, 31, 12)  # noqa: DTZ001 - workbooks know no zones
    path = in_workbook(tmp_path, [HEADINGS, ("Boston", "East", noon), ("Lincoln", "West", True)])
    assert pairs(path) == [("Boston", "2025-03-31T12:00:00"), ("Lincoln", "True")]


def test_the_councils_own_headings_are_read_by_its_file_of_columns(tmp_path: Path) -> None:
    path = in_csv(tmp_path, "Name,Parent,Open cases\nBoston,East,7\n")
    assert pairs(path, Columns(team="name", parent="parent", cases="opencases")) == [("Boston", "7")]


def test_cells_to_the_right_of_the_last_heading_are_noticed(tmp_path: Path) -> None:
    """A comma inside a number that has no quotation marks around it."""
    found = lines(
        tmp_path, "Boston,East,1,234", "Lincoln,West,8,", headings="TeamName,TeamParentName,InvolvementCaseload,"
    )
    assert [row.overflows for row in found.rows] == [True, False]


@pytest.mark.parametrize(
    "heading", ["Child ID", "NHS number", "Date of birth", "First name", "Postcode", "Gender", "Episode ID"]
)
@pytest.mark.parametrize("also", ["TeamName,InvolvementCaseload,", "", "Team,"])
def test_a_column_about_single_children_is_refused_by_its_letter_and_heading(
    tmp_path: Path, also: str, heading: str
) -> None:
    text = f"{also}{heading}\n" + f"{'Boston,1,' if also else ''}{SECRET}\n"
    said = refusal(in_csv(tmp_path, text))
    assert said.startswith(
        f"Nothing was read: column {'ABCD'[also.count(',')]} “{heading}” seems to be about single people"
    )
    assert "Bring an extract with one row a team" in said


def test_all_columns_about_single_children_are_named_at_once(tmp_path: Path) -> None:
    path = in_workbook(tmp_path, [(*HEADINGS, "DOB", "FTE", "UPN"), ("Boston", "East", 1, SECRET, 2, SECRET)])
    assert "column D “DOB” and column F “UPN” seem to be about" in refusal(path)


def test_a_child_level_file_below_a_title_is_refused_for_its_columns(tmp_path: Path) -> None:
    assert "column B “Child DOB”" in refusal(in_csv(tmp_path, f"Open cases\n\nTeam,Child DOB\nBoston,{SECRET}\n"))


def test_a_heading_with_more_in_it_than_known_words_is_not_repeated(tmp_path: Path) -> None:
    said = refusal(in_csv(tmp_path, f"TeamName,InvolvementCaseload,Child name: {SECRET}\nBoston,1,\n"))
    assert said.startswith("Nothing was read: column C seems")


def test_a_mapping_cannot_bring_in_children_as_teams(tmp_path: Path) -> None:
    path = in_csv(tmp_path, f"First name,InvolvementCaseload\n{SECRET},1\n")
    assert "column A “First name” seems" in refusal(path, Columns(team="First name"))


def test_a_team_with_several_rows_is_refused_with_what_to_bring_instead(tmp_path: Path) -> None:
    text = f"TeamName,InvolvementCaseload\nBoston,1\n{SECRET},1\nLincoln,1\nBOSTON ,1\n{SECRET},1\n"
    said = refusal(in_csv(tmp_path, text))
    assert said.startswith(
        "Nothing was read: 2 teams stand in several rows, such as rows 2 and 5, so the file is not one row"
    )
    assert "may list single children or cases. Bring an extract with one row a team" in said
    assert "Boston" not in said


def test_blank_teams_and_totals_do_not_make_a_file_of_many_rows_a_team(tmp_path: Path) -> None:
    found = lines(tmp_path, "Boston,East,7", "Total,,7", ",,3", "Lincoln,West,8", "Total,,8", ",,4", "Grand total,,15")
    assert len(found.rows) == 7


def test_a_file_of_thousands_of_rows_is_refused_without_looking_at_them(tmp_path: Path) -> None:
    rows = [f"Team {number},,1" for number in range(MOST_ROWS + 1)]
    path = in_csv(tmp_path, "\n".join([",".join(HEADINGS), *rows]))
    assert "more than 2,000 rows, so it is not one row a team" in refusal(path)
    assert len(lines(tmp_path, *rows[:-1]).rows) == MOST_ROWS


def test_headings_that_are_missing_are_asked_for_and_nothing_of_the_file_is_repeated(tmp_path: Path) -> None:
    said = refusal(in_csv(tmp_path, f"{SECRET},12\nsomebody,7\n"))
    assert "with “TeamName” (the team’s name) and “InvolvementCaseload” (its number of open cases) in it" in said
    said = refusal(in_csv(tmp_path, "TeamName,Open cases\nBoston,7\n"))
    assert "with “InvolvementCaseload” (its number of open cases) in it. If the file calls it otherwise" in said
    assert 'cases = "Heading in the file", and name it with --columns' in said


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path) -> None:
    said = refusal(in_csv(tmp_path, "TeamName,InvolvementCaseload,Involvement caseload\nBoston,7,8\n"))
    assert said.startswith("Columns B and C are each headed “InvolvementCaseload”.")


def test_what_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    assert "There is no file of that name" in refusal(tmp_path / "absent.csv")
    assert "It is a folder" in refusal(tmp_path)
    for content, said in (
        (b"", "is empty"),
        (b"\n,,\n \n", "nothing in it but blank rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        (b"PK\x03\x04broken", "is damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "neither a CSV file nor an Excel workbook"),
        (b'TeamName,InvolvementCaseload\n"Boston,7\n' + b"x" * 200_000, "a quotation mark seems to be opened"),
    ):
        path = tmp_path / "extract"
        path.write_bytes(content)
        assert said in refusal(path)
