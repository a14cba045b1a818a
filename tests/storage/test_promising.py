"""A promise as somebody types it: the text in quotes, date and origin in either order; nothing guessed, nothing silent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.promising import EXAMPLE, Ambiguous, Promised, Unclear, read
from storage.workdays import WorkingDays

TODAY = date(2026, 11, 23)
DUE = date(2027, 5, 23)
BODY, ORIGIN = "update on recording of complaints", "Children and Families committee"


def promised(words: str, today: date = TODAY) -> Promised:
    found = read(words, today)
    assert isinstance(found, Promised), found
    return found


def asked(words: str) -> Ambiguous:
    found = read(words, TODAY)
    assert isinstance(found, Ambiguous), found
    return found


def problem(words: str) -> str:
    found = read(words, TODAY)
    assert isinstance(found, Unclear), found
    return found.problem


@pytest.mark.parametrize(
    "words",
    [
        EXAMPLE,
        f'"{BODY}" in six months to {ORIGIN}',
        f'"{BODY}" to {ORIGIN} in six months',
        f'"{BODY}" for {ORIGIN} in six months',
        f'"{BODY}" to the {ORIGIN} in six months.',
        f"“{BODY}” in six months to {ORIGIN}",
        f"”{BODY}” in six months to {ORIGIN}",
        f"‘{BODY}’ in six months to {ORIGIN}",
        f"'{BODY}' in six months to {ORIGIN}",
        f'in six months "{BODY}" to {ORIGIN}',
        f'to {ORIGIN} "{BODY}" in six months',
        f'"{BODY}" in six months to "{ORIGIN}"',
        f'  "{BODY}"   IN SIX MONTHS   to   {ORIGIN}  ',
        f'"{BODY}", by 23 May 2027, to {ORIGIN}',
        f'"{BODY}" promised to {ORIGIN} by 23/5/2027',
    ],
)
def test_the_same_promise_is_read_however_it_is_put(words: str) -> None:
    assert promised(words) == Promised(BODY, ORIGIN, DUE)


def test_six_months_from_the_end_of_august_is_the_end_of_february() -> None:
    assert promised(EXAMPLE, date(2026, 8, 31)).due_on == date(2027, 2, 28)


def test_working_days_need_the_calendar(calendar: WorkingDays) -> None:
    words = f'"{BODY}" within ten working days to {ORIGIN}'
    assert read(words, TODAY, calendar) == Promised(BODY, ORIGIN, date(2026, 12, 7))
    assert isinstance(read(words, TODAY), Unclear)


@pytest.mark.parametrize("where", ["by <@U0MABEL|mabel>", "<@U0MABEL>", "owner <@U0MABEL|mabel>", "owner: <@U0MABEL>"])
def test_whoever_is_named_outside_the_text_owns_it(where: str) -> None:
    expected = Promised(BODY, ORIGIN, DUE, "U0MABEL")
    assert promised(f'"{BODY}" in six months to {ORIGIN} {where}') == expected
    assert promised(f'"{BODY}" {where} in six months to {ORIGIN}') == expected


def test_channels_are_named_as_people_call_them() -> None:
    assert promised(f'"see <#C012|learning>" in six months to {ORIGIN}').body == "see #learning"


def test_a_date_that_names_a_meeting_is_not_when_it_is_due() -> None:
    assert promised(f'"{BODY}" in six months to committee of 3 March 2027') == Promised(
        BODY, "committee of 3 March 2027", DUE
    )
    assert promised(f'"{BODY}" in six months to "Scrutiny, May 2027"').origin == "Scrutiny, May 2027"


def test_words_that_only_look_like_dates_stay_in_the_origin() -> None:
    assert promised(f'"{BODY}" in six months to Children in Care Council').origin == "Children in Care Council"
    assert promised(f'"{BODY}" in six months to May Street Board').origin == "May Street Board"


@pytest.mark.parametrize(
    "when", ["3/4/2027", "next Friday", "in March", "on 3 March", "by Monday 4 December 2026", "next month"]
)
@pytest.mark.parametrize("owner", ["", " by <@U0MABEL|mabel>"])
def test_each_reading_that_is_offered_is_a_promise_when_it_is_typed(when: str, owner: str) -> None:
    found = asked(f'"{BODY}" {when} to {ORIGIN}{owner}')
    assert found.readings
    for reading in found.readings:
        assert promised(reading.words) == Promised(BODY, ORIGIN, reading.due_on, "U0MABEL" if owner else None)
        assert reading.typed.startswith(f'"{BODY}" by ')
        assert reading.typed.endswith("by @mabel" if owner else ORIGIN)


def test_both_readings_of_figures_are_offered() -> None:
    assert [one.due_on for one in asked(f'"{BODY}" 3/4/2027 to {ORIGIN}').readings] == [
        date(2027, 3, 4),
        date(2027, 4, 3),
    ]


def test_a_reading_that_is_past_is_not_offered() -> None:
    assert [one.due_on for one in asked(f'"{BODY}" 11/12/2026 to {ORIGIN}').readings] == [date(2026, 12, 11)]


def test_quotes_inside_the_text_survive_being_asked_back() -> None:
    found = asked(f'“the "late" list” 3/4/2027 to {ORIGIN}')
    assert promised(found.readings[0].words).body == 'the "late" list'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"{BODY} in six months to {ORIGIN}", "Put what is promised in quotes"),
        (f'"" in six months to {ORIGIN}', "Put what is promised in quotes"),
        (f'"{BODY}"', "Say by when"),
        (f'"{BODY}" to {ORIGIN}', "Say by when"),
        (f'"{BODY}" in six months', "Say who it was promised to"),
        (f'"{BODY}" in six months to', "Say who it was promised to"),
        (f'"{BODY}" in six months {ORIGIN}', "Say who it was promised to"),
        (f'"{BODY}" on 3 March 2020 to {ORIGIN}', "3 March 2020 has passed"),
        (f'"{BODY}" 3/4/2020 to {ORIGIN}', "Give a day that is still to come"),
        (f'"{BODY}" yesterday to {ORIGIN}', "22 November 2026 has passed"),
        (f'"{BODY}" on 31 February 2027 to {ORIGIN}', "There is no 31 February 2027"),
        (f'"{BODY}" soon to {ORIGIN}', "Say which day"),
        (f'"{BODY}" in six months by 3 March 2027 to {ORIGIN}', "two dates"),
        (f'"{BODY}" in six months to {ORIGIN} by <@U012> and <@U013>', "one owner"),
        (f'"{BODY}" in six months to {ORIGIN} by @mabel', "from the list"),
        (f'"{BODY}, says <@U012>" in six months to {ORIGIN}', "Leave people out of the text"),
    ],
)
def test_what_cannot_be_understood_says_what_to_type(words: str, said: str) -> None:
    found = problem(words)
    assert said in found
    assert ORIGIN not in found.replace(EXAMPLE, "")


@given(st.text(max_size=120))
def test_whatever_is_typed_gets_an_answer(words: str) -> None:
    found = read(words, TODAY)
    assert isinstance(found, Promised | Ambiguous | Unclear)
    if isinstance(found, Unclear):
        assert found.problem.strip()
