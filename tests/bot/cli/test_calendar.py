"""`complaints calendar`, as somebody types it."""

from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.cli.keyboard import THURSDAY, Typed, at_the_keyboard, received_on_monday
from tests.county import County
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

MOVED = "CS-2026-0001 stage 1: due 17 November 2026, was 16 November 2026"


@pytest.fixture
def typed(county: County, database: Database, monkeypatch: pytest.MonkeyPatch) -> Typed:
    return at_the_keyboard(database, THURSDAY, monkeypatch)


@pytest.fixture
def reference(county: County) -> str:
    return received_on_monday(county)


def test_a_year_is_shown_with_what_was_added(typed: Typed) -> None:
    typed("calendar", "add", "2026-11-11", "Bank Holiday for the State Funeral")
    said = typed("calendar", "show", "2026")
    assert "2026-11-11 Wed  Bank Holiday for the State Funeral (added)\n2026-12-25 Fri  Christmas Day\n" in said
    assert typed("calendar", "show") == said
    assert "Choose a year among those." in typed("calendar", "show", "1999", fails=True)


def test_adding_and_removing_say_which_open_stages_got_which_date(typed: Typed, reference: str) -> None:
    assert f"  {MOVED}\n" in typed("calendar", "add", "2026-11-11", "Funeral")
    assert "No open stage has another due date." in typed("calendar", "add", "2026-11-11", "Funeral")
    assert "28 November 2026 is at a weekend, which is a day off anyway." in typed(
        "calendar", "add", "2026-11-28", "Feast"
    )
    said = typed("calendar", "remove", "2026-11-11", "Funeral")
    assert "  CS-2026-0001 stage 1: due 16 November 2026, was 17 November 2026\n" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "11/11/2026", "Funeral"), "The date has to look like 2026-12-25."),
        (("add", "2026-11-31", "Funeral"), "The date has to look like 2026-12-25."),
        (("add", "2026-11-11", " "), "The title is missing."),
        (("add", "2026-11-11", "Long " * 20), "The title has more than 75 characters."),
        (("add", "2026-11-11", "Fun\0eral"), "The title has a character in it that can't be kept; type it again."),
        (("add", "2041-11-11", "Funeral"), "11 November 2041 is outside the calendar"),
        (("remove", "2026-12-25", "Christmas"), "reg 2 of SI 2006/1738"),
    ],
)
def test_a_day_that_will_not_do_is_refused(typed: Typed, county: County, words: tuple[str, ...], said: str) -> None:
    before = contents(county.office)
    assert said in typed("calendar", *words, fails=True)
    assert contents(county.office) == before


HOLIDAYS_2026 = """\
date,title
2026-01-01,New Year's Day
2026-04-03,Good Friday
2026-04-06,Easter Monday
2026-05-08,"May Day, moved for VE Day"
2026-05-25,Spring Bank Holiday
2026-08-31,Late Summer Bank Holiday
2026-11-11,Bank Holiday for the State Funeral
2026-12-25,Christmas Day
2026-12-28,Boxing Day (substitute)
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """The holidays of 2026 with one moved and one added; Boxing Day is a Saturday and not in such lists."""
    file = tmp_path / "holidays.csv"
    file.write_text(HOLIDAYS_2026, "utf-8-sig")
    return file


NEWS = (
    "  new   2026-05-08 Fri  May Day, moved for VE Day\n"
    "  new   2026-11-11 Wed  Bank Holiday for the State Funeral\n"
    "  gone  2026-05-04 Mon  May Day\n"
)  # fmt: skip


def test_a_list_is_compared_with_the_calendar_and_asks_before_it_changes_it(
    typed: Typed, county: County, reference: str, listed: Path
) -> None:
    before = contents(county.office)
    said = typed("calendar", "load", str(listed), answer="n\n")
    assert said.startswith(NEWS)
    assert said.endswith("Nothing was changed.\n")
    assert contents(county.office) == before
    assert f"  {MOVED}\n" in typed("calendar", "load", str(listed), answer="y\n")
    assert typed("calendar", "load", str(listed)) == "The calendar says the same already, so nothing changes.\n"


def test_a_list_can_be_taken_without_asking(typed: Typed, reference: str, listed: Path) -> None:
    said = typed("calendar", "load", str(listed), "--yes")
    assert said.startswith(NEWS)
    assert f"  {MOVED}\n" in said


def test_only_the_years_in_the_file_are_compared(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(
        HOLIDAYS_2026.replace("2026-05-08", "2026-05-04").replace("2026-11-11,Bank", "2026-11-14,Bank"), "utf-8"
    )
    assert typed("calendar", "load", str(file)) == "The calendar says the same already, so nothing changes.\n"


def test_every_malformed_line_is_told_by_its_number(typed: Typed, county: County, tmp_path: Path) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(
        'date,title\n2026-01-01,New Year\n\n01/05/2026,May Day\n2026-05-25,\n2026-08-31,"Late\nSummer"\n2026-01-01,Again\n'
        "2026-12-25,Christmas Day, moved\n2026-02-30,Leap\n",
        "utf-8",
    )
    before = contents(county.office)
    assert typed("calendar", "load", str(file), "--yes", fails=True).splitlines() == [
        "line 4: the date has to look like 2026-12-25",
        "line 5: the title is missing",
        "line 8: 1 January 2026 is in the file twice",
        "line 9: there are 3 columns and not two; put a title with a comma in it in quotation marks",
        "line 10: the date has to look like 2026-12-25",
    ]
    assert contents(county.office) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the first line has to be date,title"),
        ("day;name\n2026-01-01;New Year\n", "line 1: the first line has to be date,title"),
        ("date,title\n", "line 2: there is no holiday in this file"),
        (f"date,title\n2026-12-28,{'x' * 200_000}\n", "line 2: this is no line of a CSV file"),
        ("date,title\n2041-01-01,New Year\n", "The calendar reaches from 2006 to 2030."),
    ],
)
def test_a_file_that_is_no_list_of_holidays_is_refused(typed: Typed, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(text, "utf-8")
    assert said in typed("calendar", "load", str(file), fails=True)
