from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.dates import in_words
from storage.importing import cells
from storage.importing.cells import NotADate


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-03", "2026/01/03", "2026-1-3", "2026-01-03T00:00:00", "2026-01-03 09:15:00Z", "03/01/2026", "3/1/2026",
        "3-1-2026", "03.01.2026", "03/01/26", "03/01/2026 14:30", "3 Jan 2026", "3 January 2026", "3rd January 2026",
        "Saturday 3 January 2026", "Sat, 3 JAN 2026", "03-Jan-26", "3 January, 2026", "46025", "46025.5",
        "  3\u00a0Jan 2026\u200b ",
    ],
)  # fmt: skip
def test_dates_are_understood_in_the_ways_councils_write_them(written: str) -> None:
    assert cells.day(written) == date(2026, 1, 3)


@pytest.mark.parametrize("written", ["", " ", "-", "–", "n/a", "N/A", "nil", "\u200b"])
def test_marks_for_nothing_are_an_empty_cell(written: str) -> None:
    assert cells.day(written) is None
    assert cells.text(written) == ""
    assert cells.paragraph(written) == ""


@pytest.mark.parametrize("written", ["31/02/2026", "12/31/2025", "2026-13-01", "00/01/2026", "32 Jan 2026", "1/1/0000"])
def test_days_that_do_not_exist_are_no_dates(written: str) -> None:
    with pytest.raises(NotADate, match="There is no such day"):
        cells.day(written)


@pytest.mark.parametrize(
    "written", ["yes", "open", "last week", "3 Foo 2026", "99999", "12345", "2026", "#REF!", "١/١/٢٠٢٦"]
)
def test_other_text_is_no_date_and_is_not_repeated(written: str) -> None:
    with pytest.raises(NotADate) as refused:
        cells.day(written)
    assert written not in str(refused.value).replace("31/12/2025 or 2025-12-31", "")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_comes_back_from_every_way_of_writing_it(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    for written in (day.isoformat(), f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%y}", in_words(day), serial):
        assert cells.day(written) == day


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_nothing_or_refused(written: str) -> None:
    with suppress(NotADate):
        assert cells.day(written) is None or isinstance(cells.day(written), date)


def test_a_list_is_split_at_semicolons_and_has_each_part_once() -> None:
    assert cells.listed(" Delay;  delay ; ;Staff\nconduct;") == ["delay", "Staff conduct"]


def test_a_paragraph_keeps_its_lines_and_loses_what_cannot_be_seen() -> None:
    assert cells.paragraph(" Calls were\x00 not\u200b  returned.\r\nTwice. ") == "Calls were not returned.\nTwice."
