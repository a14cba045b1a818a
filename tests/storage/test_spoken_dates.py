"""Days as people say them: what is certain is that day, what can be read two ways is asked back, and nothing is guessed."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from storage.dates import in_words
from storage.spoken_dates import Said, find, read
from storage.workdays import WorkingDays

# A Monday.
TODAY = date(2026, 11, 23)


def day(year: int, month: int, number: int) -> date:
    return date(year, month, number)


def heard(words: str, today: date = TODAY, calendar: WorkingDays | None = None) -> Said:
    found = read(words, today, calendar)
    assert found is not None, words
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("in six months", day(2027, 5, 23)),
        ("in 6 months", day(2027, 5, 23)),
        ("within six months", day(2027, 5, 23)),
        ("in six months' time", day(2027, 5, 23)),
        ("in six months’ time", day(2027, 5, 23)),
        ("six months from now", day(2027, 5, 23)),
        ("In Half A Year", day(2027, 5, 23)),
        ("in 3 weeks", day(2026, 12, 14)),
        ("in a fortnight", day(2026, 12, 7)),
        ("in a year", day(2027, 11, 23)),
        ("in a year and a half", day(2028, 5, 23)),
        ("in 1 year and 3 months", day(2028, 2, 23)),
        ("in a quarter", day(2027, 2, 23)),
        ("today", TODAY),
        ("tomorrow", day(2026, 11, 24)),
        ("yesterday", day(2026, 11, 22)),
        ("on 3 March 2027", day(2027, 3, 3)),
        ("by 3rd of March, 2027", day(2027, 3, 3)),
        ("March 3 2027", day(2027, 3, 3)),
        ("by Wednesday the 3rd March 2027", day(2027, 3, 3)),
        ("3 Mar 2027", day(2027, 3, 3)),
        ("1 sept 2027", day(2027, 9, 1)),
        ("by 31/3/2027", day(2027, 3, 31)),
        ("31.3.2027", day(2027, 3, 31)),
        ("31-3-2027", day(2027, 3, 31)),
        ("by 31/3/27", day(2027, 3, 31)),
        ("4/4/2027", day(2027, 4, 4)),
        ("by 31/12", day(2026, 12, 31)),
        ("2027-03-31", day(2027, 3, 31)),
        ("2027-03-04", day(2027, 3, 4)),
        ("by the end of March 2027", day(2027, 3, 31)),
        ("end of February 2028", day(2028, 2, 29)),
        ("start of March 2027", day(2027, 3, 1)),
        ("by the end of the month", day(2026, 11, 30)),
        ("end of next month", day(2026, 12, 31)),
        ("end of the financial year", day(2027, 3, 31)),
        ("end of the calendar year", day(2026, 12, 31)),
        ("end of the quarter", day(2026, 12, 31)),
        ("on Friday 4 December", day(2026, 12, 4)),
        ("on Friday", day(2026, 11, 27)),
        ("this Friday", day(2026, 11, 27)),
        ("on 23 November", TODAY),
    ],
)
def test_what_has_one_meaning_is_that_day(words: str, expected: date) -> None:
    found = heard(words)
    assert (found.question, found.days) == (None, (expected,))


@pytest.mark.parametrize(
    ("words", "readings"),
    [
        ("3/4/2027", [day(2027, 3, 4), day(2027, 4, 3)]),
        ("by 3.4.27", [day(2027, 3, 4), day(2027, 4, 3)]),
        ("by 3/4", [day(2027, 3, 4), day(2027, 4, 3)]),
        ("11/12/2026", [day(2026, 11, 12), day(2026, 12, 11)]),
        ("next Friday", [day(2026, 11, 27), day(2026, 12, 4)]),
        ("on Monday", [TODAY, day(2026, 11, 30)]),
        ("in March", [day(2027, 3, 31)]),
        ("by March 2027", [day(2027, 3, 1), day(2027, 3, 31)]),
        ("in November", [day(2026, 11, 30)]),
        ("on 3 March", [day(2027, 3, 3)]),
        ("on 22 November", [day(2027, 11, 22)]),
        ("by 1/1", [day(2027, 1, 1)]),
        ("on 29 February", [day(2028, 2, 29)]),
        ("by the end of March", [day(2027, 3, 31)]),
        ("mid-March 2027", [day(2027, 3, 15)]),
        ("March 27", [day(2027, 3, 27), day(2027, 3, 31)]),
        ("before 3 March 2027", [day(2027, 3, 2), day(2027, 3, 3)]),
        ("in six to eight weeks", [day(2027, 1, 4), day(2027, 1, 18)]),
        ("by Monday 4 December 2026", [day(2026, 12, 4), day(2026, 12, 7)]),
        ("by the end of the year", [day(2026, 12, 31), day(2027, 3, 31)]),
        ("end of the week", [day(2026, 11, 27), day(2026, 11, 29)]),
        ("next month", [day(2026, 12, 31)]),
        ("next week", [day(2026, 12, 4)]),
    ],
)
def test_what_can_be_read_two_ways_or_names_no_day_is_asked_back_with_its_readings(
    words: str, readings: list[date]
) -> None:
    found = heard(words)
    assert found.question
    assert found.question.endswith((".", "?"))
    assert list(found.days) == readings


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("31 February 2027", "There is no 31 February 2027"),
        ("by 30 February", "There is no 30 February"),
        ("2027-13-01", "There is no month 13"),
        ("2027-02-30", "There is no 30 February 2027"),
        ("by 13/13/2027", "There is no day 13/13/2027"),
        ("in 9999 years", "too far away"),
        ("in 0 days", "no time at all"),
        ("in spring 2027", "Say which day"),
        ("in a few weeks", "Say which day"),
        ("as soon as possible", "Say which day"),
        ("in ten working days", "not here"),
        ("in three working weeks", "not here"),
    ],
)
def test_what_is_no_day_at_all_says_why_and_offers_none(words: str, why: str) -> None:
    found = heard(words)
    assert why in (found.question or "")
    assert found.days == ()


def test_working_days_are_counted_by_the_calendar(calendar: WorkingDays) -> None:
    assert heard("within ten working days", calendar=calendar).days == (day(2026, 12, 7),)
    # Christmas Day, a Friday, and the Monday that stands in for Boxing Day are none.
    assert heard("in 2 working days", day(2026, 12, 24), calendar).days == (day(2026, 12, 30),)
    assert heard("in 9999 working days", calendar=calendar).days == ()


@pytest.mark.parametrize(
    ("today", "words", "expected"),
    [
        (day(2026, 8, 31), "in six months", day(2027, 2, 28)),
        (day(2027, 8, 31), "in six months", day(2028, 2, 29)),
        (day(2027, 1, 31), "in a month", day(2027, 2, 28)),
        (day(2028, 2, 29), "in a year", day(2029, 2, 28)),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(today: date, words: str, expected: date) -> None:
    assert heard(words, today).days == (expected,)


@pytest.mark.parametrize(
    ("today", "words", "readings"),
    [
        # Said on a Wednesday, the Monday of this week is over: only the coming one can be meant.
        (day(2026, 11, 25), "next Monday", [day(2026, 11, 30)]),
        (day(2026, 11, 25), "next Friday", [day(2026, 11, 27), day(2026, 12, 4)]),
        (day(2026, 11, 28), "next Monday", [day(2026, 11, 30), day(2026, 12, 7)]),
        (day(2026, 11, 28), "this Friday", [day(2026, 12, 4), day(2026, 12, 11)]),
    ],
)
def test_which_friday_is_next_depends_on_the_day_it_is_said(today: date, words: str, readings: list[date]) -> None:
    assert list(heard(words, today).days) == readings


@pytest.mark.parametrize(
    "words", ["", "committee", "in care", "to First Response", "May Street", "Panel 3", "12", "a week"]
)
def test_what_is_no_date_is_none(words: str) -> None:
    assert read(words, TODAY) is None


def test_dates_are_found_in_a_sentence_where_they_stand() -> None:
    words = "to the panel in six months, not by 31/3/2027"
    found = find(words, TODAY)
    assert [words[one.start : one.end] for one in found] == ["in six months", "by 31/3/2027"]


@given(st.dates(TODAY, date(2090, 12, 31)))
def test_a_day_in_words_is_read_as_that_day(when: date) -> None:
    for lead in ("", "on ", "by "):
        assert heard(f"{lead}{in_words(when)}").days == (when,)
    assert heard(when.isoformat()).days == (when,)


@given(st.dates(date(2020, 1, 1), date(2080, 12, 31)), st.integers(1, 240))
def test_so_many_months_are_never_in_the_month_after(today: date, months: int) -> None:
    (found,) = heard(f"in {months} months", today).days
    assert (found.year * 12 + found.month) - (today.year * 12 + today.month) == months
    assert found == today + relativedelta(months=months)


@given(st.dates(date(2020, 1, 1), date(2080, 12, 31)), st.integers(1, 28), st.integers(1, 12))
def test_figures_are_certain_only_when_both_orders_agree_or_one_cannot_be(today: date, number: int, month: int) -> None:
    found = heard(f"{number}/{month}/2030", today)
    assert (found.question is None) == (number > 12 or number == month)
    assert date(2030, month, number) in found.days


@given(st.text(max_size=80), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_nothing_that_somebody_may_type_goes_wrong(words: str, today: date) -> None:
    for one in find(words, today):
        assert 0 <= one.start < one.end <= len(words)
        assert one.question is not None or len(one.days) == 1


@given(st.dates(date(2020, 1, 1), date(2080, 1, 1)))
def test_what_is_offered_for_a_day_without_its_year_is_still_to_come(today: date) -> None:
    before = today - timedelta(days=1)
    for words in (f"on {before.day} {in_words(before).split()[1]}", "on 29 February", "by the end of March"):
        assert all(one >= today for one in heard(words, today).days)
