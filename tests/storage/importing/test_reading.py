from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from storage import importing
from storage.importing import CannotRead, Sheet
from tests.storage.importing.helpers import sheet, table

GOOD = "Reference;Date received;Team\r\nA/1;03/01/2026;East\r\n"


def _cells(found: Sheet) -> list[dict[str, object]]:
    return [dict(row.cells) for row in found]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_in_the_ways_spreadsheets_save_it(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = (["Reference", "Date received", "Team", "Summary"], ["A/1", "2026-01-03", "East", "Café"])
    text = "\n".join(separator.join(line) for line in lines)
    found = sheet(tmp_path, text, encoding=encoding)
    assert _cells(found) == [
        {"reference": "A/1", "received_on": "2026-01-03", "lead_team_id": "East", "summary": "Café"}
    ]
    assert found.total == 1


def test_headings_may_stand_below_a_title_and_rows_keep_their_numbers_in_the_file(tmp_path: Path) -> None:
    found = sheet(tmp_path, "sep=;\nComplaints 2025/26\n\nDate received;Team\n\n03/01/2026;East\n;\n04/01/2026;West\n")
    assert [row.number for row in found] == [6, 8]


def test_a_sheet_can_be_gone_over_again(tmp_path: Path) -> None:
    found = sheet(tmp_path, GOOD)
    assert _cells(found) == _cells(found) != []


def test_headings_that_mean_nothing_are_named_once(tmp_path: Path) -> None:
    found = table(tmp_path, ["Received", "Team", "Days taken", "Ward 12345678"], ["2026-01-03", "East", "9", "x"])
    assert found.ignored == ("column C “Days taken”", "column D “Ward 12345678”")


@pytest.mark.parametrize("heading", ["Child", "Child's name", "DOB", "Home postcode", "Email", "NHS number", "UPN"])
def test_a_file_with_a_column_of_personal_data_is_refused_whole(tmp_path: Path, heading: str) -> None:
    with pytest.raises(
        CannotRead, match=r"Nothing was read: column C .*seems to hold personal data.*Delete this column"
    ):
        table(tmp_path, ["Received", "Team", heading], ["2026-01-03", "East", "x"])


def test_a_missing_column_is_named_with_those_that_were_found(tmp_path: Path) -> None:
    with pytest.raises(
        CannotRead, match=r"needs “team” .*Found in row 1: column A “Date received” and column B “Outcome”"
    ):
        table(tmp_path, ["Date received", "Outcome"], ["2026-01-03", "Upheld"])


def test_a_row_that_is_no_row_of_headings_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(CannotRead) as refused:
        table(tmp_path, ["2026-01-03", "Quillon Marsh"], ["2026-01-04", "Quillon Marsh"])
    assert "Quillon" not in str(refused.value)
    assert "“received”" in str(refused.value)
    assert "“team”" in str(refused.value)


def test_two_columns_for_the_same_thing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        CannotRead, match=r"column C “Date closed” and column D “Date responded” are both read as “responded”"
    ):
        table(tmp_path, ["Received", "Team", "Date closed", "Date responded"], ["2026-01-03", "East", "", ""])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n , ,\n", "nothing in it but blank rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "old Excel workbook"),
        (b"PK\x03\x04 and then nothing", "is not an Excel workbook"),
        (b"\x7fELF\x00\x00\x00", "neither a CSV file nor an Excel workbook"),
        (b"%PDF-1.4\nhello", "needs “received”"),
        (b'Received,Team\n"' + b"x" * 200_000, "quotation mark"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused_plainly(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CannotRead, match=said):
        importing.read(path)


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="There is no file of that name"):
        importing.read(tmp_path / "nowhere.csv")
    with pytest.raises(CannotRead, match="It is a folder"):
        importing.read(tmp_path)


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    found = sheet(tmp_path, GOOD)
    (tmp_path / "complaints.csv").write_text(GOOD + "A/2;04/01/2026;East\n", "utf-8")
    with pytest.raises(CannotRead, match="was changed while it was being read"):
        list(found)


def test_a_workbook_is_read_from_the_first_sheet_that_has_the_headings(tmp_path: Path) -> None:
    workbook = Workbook()
    first = workbook.active
    assert first is not None
    first.append(["How to fill this in"])
    second = workbook.create_sheet("Complaints")
    second.append(["Complaints of the year"])
    second.append(["Ref", "Received", "Team", "Stage", "Closed"])
    second.append([1234, datetime(2026, 1, 3, 0, 0), "East", 1.0, date(2026, 1, 9)])  # noqa: DTZ001 - a workbook has no zone
    second.append([None, None, None, None, None])
    second.append(["A/2", 46025, "West", None, "3 Feb 2026"])
    path = tmp_path / "complaints.xlsx"
    workbook.save(path)
    found = importing.read(path)
    assert [row.number for row in found] == [3, 5]
    assert _cells(found) == [
        {"reference": "1234", "received_on": date(2026, 1, 3), "lead_team_id": "East", "stage": "1",
         "responded_on": date(2026, 1, 9)},
        {"reference": "A/2", "received_on": "46025", "lead_team_id": "West", "responded_on": "3 Feb 2026"},
    ]  # fmt: skip


def test_a_date_beyond_the_calendar_in_a_workbook_is_left_to_its_row(tmp_path: Path) -> None:
    workbook = Workbook()
    first = workbook.active
    assert first is not None
    first.append(["Received", "Team"])
    first.append([99_999_999, "East"])
    first["A2"].number_format = "dd/mm/yyyy"
    path = tmp_path / "complaints.xlsx"
    workbook.save(path)
    assert [row.cells["received_on"] for row in importing.read(path)] == ["#VALUE!"]
