"""Days as people type them in Slack: what is read, and what is asked back."""

from datetime import date

import pytest

from storage.day_reading import Days, read_day, read_days
from storage.errors import Refusal

# A Monday.
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("31 January 2027", date(2027, 1, 31)),
        ("31st of January 2027", date(2027, 1, 31)),
        ("January 31", date(2027, 1, 31)),
        ("31 jan", date(2027, 1, 31)),
        ("31/1/27", date(2027, 1, 31)),
        ("31.01.2027", date(2027, 1, 31)),
        ("2027-01-31", date(2027, 1, 31)),
        ("in two weeks", date(2026, 12, 7)),
        ("  Tuesday   1 December ", date(2026, 12, 1)),
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 24)),
        ("Friday", date(2026, 11, 27)),
        ("monday", date(2026, 11, 30)),
        ("23 November", TODAY),
    ],
)
def test_a_day_is_read_the_day_before_the_month(typed: str, expected: date) -> None:
    assert read_day(typed, TODAY) == expected


@pytest.mark.parametrize("typed", ["3/4/2027", "1-12-2026"])
def test_figures_that_could_be_two_days_are_asked_back(typed: str) -> None:
    with pytest.raises(Refusal, match=r"can be read in two ways.*the month as a word"):
        read_day(typed, TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "", "5", "5th", "May 2027", "next Friday", "31 November 2026", "2026-13-01", "10:30", "1 Dec 2026 10:30", "soon",
        "20261231", "12/12", "1-12 December", "@noor", "1 December 12 December", "0 January 2027",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_and_says_how_one_is_typed(typed: str) -> None:
    with pytest.raises(Refusal, match="31 January 2027"):
        read_day(typed, TODAY)


def test_a_weekday_that_is_not_that_days_is_pointed_out() -> None:
    with pytest.raises(Refusal, match="1 December 2026 is a Tuesday"):
        read_day("Monday 1 December", TODAY)


@pytest.mark.parametrize("typed", ["22 November", "30 June", "29 February"])
def test_a_day_without_a_year_that_is_far_away_is_asked_back(typed: str) -> None:
    with pytest.raises(Refusal, match="the year too"):
        read_day(typed, TODAY)
    assert read_day("30 June 2027", TODAY) == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("1 December to 12 December", date(2026, 12, 1), date(2026, 12, 12)),
        ("from 1 Dec 2026 until 12 Dec 2026", date(2026, 12, 1), date(2026, 12, 12)),
        ("1-12 December", date(2026, 12, 1), date(2026, 12, 12)),
        ("1 to 12 December 2026", date(2026, 12, 1), date(2026, 12, 12)),
        ("20 December – 5 January", date(2026, 12, 20), date(2027, 1, 5)),
        ("20 November to 4 December", date(2026, 11, 20), date(2026, 12, 4)),
        ("until 12 December", TODAY, date(2026, 12, 12)),
        ("today to Friday", TODAY, date(2026, 11, 27)),
        ("tomorrow", date(2026, 11, 24), date(2026, 11, 24)),
    ],
)
def test_two_days_make_a_range_and_one_day_is_a_range_of_itself(typed: str, first: date, last: date) -> None:
    assert read_days(typed, TODAY) == Days(first, last)


@pytest.mark.parametrize(
    "typed", ["", "12 to 1 December", "to", "1 December to 5 December to 9 December", "1 December to"]
)
def test_what_is_no_range_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="31 January 2027"):
        read_days(typed, TODAY)
