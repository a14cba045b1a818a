"""What people type for a reporting period, what it means, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.dates import in_words, in_words_range, london_day
from storage.periods import EXAMPLES, NotAPeriod, Period, parse, split_period

TODAY = date(2026, 11, 24)  # a Tuesday


def span(text: str, today: date = TODAY) -> str:
    period = parse(text, today)
    return f"{period.first} {period.last}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "2026-04-01 2026-11-24"),
        ("  ", "2026-04-01 2026-11-24"),
        ("today", "2026-11-24 2026-11-24"),
        ("Yesterday", "2026-11-23 2026-11-23"),
        ("this week", "2026-11-23 2026-11-29"),
        ("last week", "2026-11-16 2026-11-22"),
        ("this month", "2026-11-01 2026-11-30"),
        ("LAST   Month.", "2026-10-01 2026-10-31"),
        ("for the last month", "2026-10-01 2026-10-31"),
        ("this quarter", "2026-10-01 2026-12-31"),
        ("previous quarter", "2026-07-01 2026-09-30"),
        ("this year", "2026-04-01 2027-03-31"),
        ("last financial year", "2025-04-01 2026-03-31"),
        ("year to date", "2026-04-01 2026-11-24"),
        ("month to date", "2026-11-01 2026-11-24"),
        ("last 7 days", "2026-11-18 2026-11-24"),
        ("last 2 weeks", "2026-11-09 2026-11-22"),
        ("last 3 months", "2026-08-01 2026-10-31"),
        ("last twelve months", "2025-11-01 2026-10-31"),
        ("past 1 month", "2026-10-01 2026-10-31"),
        ("last 2 quarters", "2026-04-01 2026-09-30"),
        ("last 3 years", "2023-04-01 2026-03-31"),
        ("Q1", "2026-04-01 2026-06-30"),
        ("q4", "2027-01-01 2027-03-31"),
        ("Q2 2026/27", "2026-07-01 2026-09-30"),
        ("2025-26 Q4", "2026-01-01 2026-03-31"),
        ("2017/18", "2017-04-01 2018-03-31"),
        ("2017-18", "2017-04-01 2018-03-31"),
        ("2017–18", "2017-04-01 2018-03-31"),
        ("2017/2018", "2017-04-01 2018-03-31"),
        ("FY 2017 / 18", "2017-04-01 2018-03-31"),
        ("2099/00", "2099-04-01 2100-03-31"),
        ("2010/11", "2010-04-01 2011-03-31"),
        ("2026-11", "2026-11-01 2026-11-30"),
        ("2026-02", "2026-02-01 2026-02-28"),
        ("November 2026", "2026-11-01 2026-11-30"),
        ("Sept 2026", "2026-09-01 2026-09-30"),
        ("november", "2026-11-01 2026-11-30"),
        ("in Dec", "2025-12-01 2025-12-31"),
        ("2027-01-03", "2027-01-03 2027-01-03"),
        ("3 January 2027", "2027-01-03 2027-01-03"),
        ("3rd Jan, 2027", "2027-01-03 2027-01-03"),
        ("03/01/2027", "2027-01-03 2027-01-03"),
        ("3.1.2027", "2027-01-03 2027-01-03"),
        ("29 February 2024", "2024-02-29 2024-02-29"),
        ("from 1 April 2022 to 31 March 2023", "2022-04-01 2023-03-31"),
        ("2022-04-01 to 3 Jan 2023", "2022-04-01 2023-01-03"),
        ("between 01/04/2022 and 02/04/2022", "2022-04-01 2022-04-02"),
        ("1 April 2022 – 30 June 2022", "2022-04-01 2022-06-30"),
        ("1 April 2022–30 June 2022", "2022-04-01 2022-06-30"),
        ("2022-04-01–2022-06-30", "2022-04-01 2022-06-30"),
        ("2017–18 to 2019–20", "2017-04-01 2020-03-31"),
        ("1 to 20 November 2026", "2026-11-01 2026-11-20"),
        ("1 April to 30 June 2025", "2025-04-01 2025-06-30"),
        ("April to June 2025", "2025-04-01 2025-06-30"),
        ("April to June", "2026-04-01 2026-06-30"),
        ("from Q1 to Q2", "2026-04-01 2026-09-30"),
        ("1 April 2026 to today", "2026-04-01 2026-11-24"),
        ("since 1 April 2025", "2025-04-01 2026-11-24"),
        ("since last month", "2026-10-01 2026-11-24"),
        ("from 1 April 2025", "2025-04-01 2026-11-24"),
        ("since today", "2026-11-24 2026-11-24"),
    ],
)
def test_what_people_type_is_understood(text: str, expected: str) -> None:
    assert span(text) == expected


@pytest.mark.parametrize(
    ("today", "year", "quarter"),
    [
        (date(2027, 3, 31), "2026-04-01 2027-03-31", "2027-01-01 2027-03-31"),
        (date(2027, 4, 1), "2027-04-01 2028-03-31", "2027-04-01 2027-06-30"),
        (date(2027, 1, 1), "2026-04-01 2027-03-31", "2027-01-01 2027-03-31"),
    ],
)
def test_the_year_turns_on_the_first_of_april(today: date, year: str, quarter: str) -> None:
    assert span("this year", today) == year
    assert span("this quarter", today) == quarter


def test_a_month_without_a_year_has_begun_even_on_its_first_day() -> None:
    assert span("December", date(2026, 12, 1)) == "2026-12-01 2026-12-31"
    assert span("December", date(2026, 11, 30)) == "2025-12-01 2025-12-31"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31 November 2026", "There is no 31 November 2026."),
        ("29/02/2025", "There is no 29 February 2025."),
        ("2026-11-31", "There is no 31 November 2026."),
        ("11/24/2026", "There is no month 24: type the day first"),
        ("0 May 2026", "There is no 0 May 2026."),
        ("1 April 2026 to 31 June 2026", "There is no 31 June 2026."),
        ("30 June 2026 to 1 April 2026", "30 June 2026 is after 1 April 2026: type the earlier date first."),
        ("November to February", "1 November 2026 is after 28 February 2026"),
        ("since 25 November 2026", "25 November 2026 has not come yet."),
        ("05/06", "“05/06” could mean more than one date"),
        ("05/06/26", "“05/06/26” needs a year of four digits."),
        ("5th june", "5 June needs a year."),
        ("April 2025 to June", "June needs a year."),
        ("1 April 2025 to 5 June", "5 June needs a year."),
        ("2017", "“2017” could be two years"),
        ("2010-11", "“2010-11” could be a year or a month: type “2010/11” or “November 2010”."),
        ("2017/19", "“2017/19” is not a financial year"),
        ("2017/2017", "“2017/2017” is not a financial year"),
        ("2026/11", "“2026/11” is not a financial year"),
        ("Q2 2026", "“q2 2026” needs a financial year, as in Q2 2026/27."),
        ("last 0 months", "“last 0 months” has no days in it."),
        ("last 999 years", "A period lies within the years 2006 to 2100."),
        ("2005/06", "A period lies within the years 2006 to 2100."),
        ("31 December 2005", "A period lies within the years 2006 to 2100."),
        ("2100/01", "A period lies within the years 2006 to 2100."),
        ("January 2101", "A period lies within the years 2006 to 2100."),
        ("0000-01-01", "A period lies within the years 2006 to 2100."),
    ],
)
def test_what_cannot_be_a_period_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(NotAPeriod) as refused:
        parse(text, TODAY)
    assert str(refused.value).startswith(says)
    assert str(refused.value).endswith(EXAMPLES)
    assert refused.value.understood


@pytest.mark.parametrize(
    "text",
    [
        "First Response",
        "compared with",
        "Q5",
        "last",
        "the",
        "in",
        "...",
        "–",
        "to",
        "since",
        "last two",
        "20 26",
        "٣/١/٢٠٢٧",
    ],
)
def test_what_is_no_period_at_all_is_refused(text: str) -> None:
    with pytest.raises(NotAPeriod, match="not a period") as refused:
        parse(text, TODAY)
    assert not refused.value.understood


def test_the_examples_in_an_error_are_periods() -> None:
    examples = EXAMPLES.split("“")[1:]
    assert len(examples) == 3
    for text in examples:
        parse(text.split("”")[0], TODAY)


def test_an_error_echoes_neither_mentions_nor_links_nor_markup_nor_much() -> None:
    with pytest.raises(NotAPeriod) as refused:
        parse("<@U0123> <!here> *x* _y_ `z` ~s~ &lt; http://evil.example/" + "\u202e" + "w" * 50, TODAY)
    shown = str(refused.value).removesuffix(EXAMPLES)
    assert not set(shown) & set("<>@!*_`~&;:\u202e")
    assert len(shown) < 70


@pytest.mark.parametrize(
    ("text", "label", "earlier"),
    [
        ("", "1 April 2026 to 24 November 2026", "1 April 2025 to 24 November 2025"),
        ("this month", "November 2026", "November 2025"),
        ("Q4 2025/26", "Q4 2025/26", "Q4 2024/25"),
        ("2017/18", "2017/18", "2016/17"),
        ("1 April 2022 to 31 March 2023", "2022/23", "2021/22"),
        ("last 12 months", "1 November 2025 to 31 October 2026", "1 November 2024 to 31 October 2025"),
        ("today", "24 November 2026", "24 November 2025"),
        ("29 February 2024", "29 February 2024", "28 February 2023"),
        ("February 2024", "February 2024", "February 2023"),
        ("February 2025", "February 2025", "February 2024"),
        (
            "1 January 2025 to 28 February 2025",
            "1 January 2025 to 28 February 2025",
            "1 January 2024 to 29 February 2024",
        ),
        (
            "2 February 2025 to 28 February 2025",
            "2 February 2025 to 28 February 2025",
            "2 February 2024 to 28 February 2024",
        ),
        ("29 February 2024 to 3 March 2024", "29 February 2024 to 3 March 2024", "28 February 2023 to 3 March 2023"),
    ],
)
def test_a_period_and_the_one_a_year_earlier_say_which_they_are(text: str, label: str, earlier: str) -> None:
    period = parse(text, TODAY)
    assert period.label == label
    assert period.year_earlier().label == earlier
    assert parse(earlier, TODAY) == period.year_earlier()


def test_a_period_contains_both_its_ends_and_nothing_beyond() -> None:
    month = parse("November 2026", TODAY)
    inside = [month.contains(day) for day in (date(2026, 10, 31), month.first, month.last, date(2026, 12, 1))]
    assert inside == [False, True, True, False]
    assert month.days == 30


# ---- team and period together

LAST_MONTH = "October 2026"


@pytest.mark.parametrize(
    ("words", "team", "label"),
    [
        ("", "", None),
        ("First Response", "First Response", None),
        ("last month", "", LAST_MONTH),
        ("First Response last month", "First Response", LAST_MONTH),
        ("last month First Response", "First Response", LAST_MONTH),
        ("2022/23 East", "East", "2022/23"),
        ("East 2022/23", "East", "2022/23"),
        ("last month for East", "East", LAST_MONTH),
        ("East for last month", "East", LAST_MONTH),
        ("East - last month", "East", LAST_MONTH),
        ("Children in Care for the last 12 months", "Children in Care", "1 November 2025 to 31 October 2026"),
        ("from 1 May 2026 to 30 June 2026 Children in Care", "Children in Care", "1 May 2026 to 30 June 2026"),
        ("Fostering and Adoption 1 May 2026 – 30 June 2026", "Fostering and Adoption", "1 May 2026 to 30 June 2026"),
        ("East to West last month", "East to West", LAST_MONTH),
        ("May Street", "May Street", None),
        ("March Team", "March Team", None),
        ("2 May Street", "2 May Street", None),
        ("May Street last month", "May Street", LAST_MONTH),
        ("last month May Street", "May Street", LAST_MONTH),
        ("Q2 2026/27 March Team", "March Team", "Q2 2026/27"),
        ("May Street November", "May Street", "November 2026"),
        ("May Street May", "May Street", "May 2026"),
        ("March Team March 2026", "March Team", "March 2026"),
        ("East November", "East", "November 2026"),
        ("in November East", "East", "November 2026"),
        ("November East", "November East", None),
        ("May 2026 Street", "Street", "May 2026"),
        ("May", "", "May 2026"),
        ("Team 2 November 2026", "Team", "2 November 2026"),
        ("Children in March", "Children", "March 2026"),
    ],
)
def test_team_and_period_are_told_apart_in_either_order(words: str, team: str, label: str | None) -> None:
    found, period = split_period(words, TODAY)
    assert (found, period.label if period else None) == (team, label)


@pytest.mark.parametrize(
    ("words", "team", "label"),
    [
        ("November East", "East", "November 2026"),
        ("May Street", "May Street", None),
        ("Team 2 November 2026", "Team 2", "November 2026"),
        ("Children in March", "Children in March", None),
        ("Children in March in March", "Children in March", "March 2026"),
        ("Class of 2017", "Class of 2017", None),
        ("Class of 2017 2022/23", "Class of 2017", "2022/23"),
        ("Nobody last month", "Nobody", LAST_MONTH),
        ("last month", "", LAST_MONTH),
    ],
)
def test_knowing_the_teams_settles_what_could_be_read_two_ways(words: str, team: str, label: str | None) -> None:
    teams = {"East", "May Street", "Team 2", "Children in March", "Class of 2017"}
    found, period = split_period(words, TODAY, is_team=teams.__contains__)
    assert (found, period.label if period else None) == (team, label)


@pytest.mark.parametrize(
    "words", ["East 31 November 2026", "31 November 2026 East", "East 05/06", "East 2005/06", "East 2 May"]
)
def test_a_wrong_date_beside_a_team_is_an_error_and_not_part_of_the_name(words: str) -> None:
    with pytest.raises(NotAPeriod) as refused:
        split_period(words, TODAY)
    assert refused.value.understood


def test_splitting_a_very_long_text_ends_quickly_and_keeps_it_whole() -> None:
    assert split_period("May Street " * 400, TODAY) == (("May Street " * 400).strip(), None)


# ---- for any text, on any day

days = st.dates(date(2007, 4, 1), date(2100, 12, 31))
todays = st.dates(date(2008, 4, 1), date(2099, 12, 31))
PIECES = [
    *("this", "last", "past", "from", "to", "since", "until", "between", "and", "-", "–", "/", ".", ",", "the", "in"),
    *(
        "q1",
        "Q4",
        "quarter",
        "year",
        "month",
        "week",
        "days",
        "financial",
        "today",
        "yesterday",
        "date",
        "2017/18",
        "2017-18",
    ),
    *(
        "2026-11",
        "2010-11",
        "2026",
        "0000",
        "9999",
        "99",
        "31",
        "30",
        "1",
        "29th",
        "november",
        "may",
        "sept",
        "feb",
        "three",
        "0",
    ),
]
texts = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
    st.builds(
        "last {} {}".format, st.integers(0, 999), st.sampled_from(["days", "weeks", "months", "quarters", "years"])
    ),
    st.builds("{}{}{}".format, st.integers(0, 9999), st.sampled_from("-/."), st.integers(0, 9999)),
    st.builds(
        "{0}{3}{1}{3}{2}".format, st.integers(0, 40), st.integers(0, 20), st.integers(0, 9999), st.sampled_from("-/.")
    ),
    st.builds("{} to {}".format, days, days),
    st.builds("since {}".format, days),
    days.map(str),
)


@given(text=texts, today=todays, later=todays)
@example(text="Q4", today=TODAY, later=date(2008, 4, 1))
@example(text="last 12 months", today=TODAY, later=date(2008, 4, 1))
@example(text="this week", today=TODAY, later=date(2008, 4, 1))
@example(text="2099/00", today=TODAY, later=date(2008, 4, 1))
def test_any_text_is_a_period_whose_label_means_the_same_on_any_day_or_is_refused(
    text: str, today: date, later: date
) -> None:
    try:
        period = parse(text, today)
    except NotAPeriod:
        return
    assert period.first <= period.last
    assert parse(period.label, later) == period
    assert parse(period.label.upper(), later) == period
    earlier = period.year_earlier()
    assert earlier == Period.of(earlier.first, earlier.last)
    assert (earlier.first.year, earlier.last.year) == (period.first.year - 1, period.last.year - 1)


@given(words=texts, today=todays)
def test_splitting_any_text_loses_no_team_and_raises_nothing_but_its_error(words: str, today: date) -> None:
    try:
        team, period = split_period(words, today)
    except NotAPeriod:
        return
    assert team in " ".join(words.split())
    assert period is not None or team == " ".join(words.split())


@given(first=days, length=st.integers(0, 900))
def test_every_range_of_days_comes_back_from_its_label(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2100, 12, 31))
    period = Period.of(first, last)
    assert parse(period.label, TODAY) == period
    assert parse(in_words_range(first, last), TODAY) == period


# ---- dates in words


def test_a_date_is_written_as_gov_uk_writes_it() -> None:
    assert in_words(date(2027, 1, 3)) == "3 January 2027"
    assert in_words_range(date(2022, 4, 1), date(2023, 3, 31)) == "1 April 2022 to 31 March 2023"
    assert in_words_range(date(2027, 1, 3), date(2027, 1, 3)) == "3 January 2027"


def test_an_instant_belongs_to_the_day_it_is_in_london() -> None:
    assert london_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert london_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == date(2026, 11, 30)


def test_an_instant_without_a_time_zone_belongs_to_no_day() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        london_day(datetime(2026, 6, 30, 23, 30))  # noqa: DTZ001 - the point of the test
