"""Mapping: headings are found whatever their case and spaces, and a file of columns says what is wrong with it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.importing.caseload import DEFAULT, BrokenColumns, Columns, parse
from storage.importing.caseload.columns import HOLDS, plain

headings = st.text(st.sampled_from(string.ascii_letters + string.digits + " %()&/-é"), min_size=1, max_size=30).filter(
    lambda heading: bool(heading.strip())
)


@st.composite
def mapped_rows(draw: st.DrawFn) -> tuple[Columns, list[str], dict[str, int]]:
    """Columns, a row of headings written another way and in any order, and where each field stands in it."""
    different = draw(st.lists(headings, min_size=3, max_size=9, unique_by=plain))
    columns = Columns(team=different[0], parent=different[1], cases=different[2])
    present = draw(st.sets(st.sampled_from(list(HOLDS))))
    shown = [*(columns.headings[field] for field in present), *different[3:]]
    order = draw(st.permutations(shown))
    where = {field: order.index(columns.headings[field]) for field in present}
    return columns, [draw(written(heading)) for heading in order], where


@st.composite
def written(draw: st.DrawFn, heading: str) -> str:
    """The heading as another export may write it: other letters large, spaces elsewhere."""
    letters = (
        draw(st.sampled_from((letter.upper(), letter.lower(), f"{letter} ", f" {letter}"))) for letter in heading
    )
    return "".join(letters)


@given(mapped_rows())
def test_every_heading_is_found_where_it_stands_whatever_its_case_and_spaces(
    case: tuple[Columns, list[str], dict[str, int]],
) -> None:
    columns, row, where = case
    assert columns.places(row) == {field: [place] for field, place in where.items()}


@given(headings, headings)
def test_only_case_and_spaces_make_no_difference(one: str, other: str) -> None:
    """Against a definition of its own: letters and marks in order, without spaces, all small."""
    same = [mark.lower() for mark in one if mark != " "] == [mark.lower() for mark in other if mark != " "]
    assert (plain(one) == plain(other)) is same


def test_a_percentage_is_not_the_count_of_the_same_name() -> None:
    assert Columns(cases="Cases").places(["Team", "Cases %"]) == {}


def test_a_heading_that_stands_twice_is_found_twice() -> None:
    assert DEFAULT.places(["TeamName", "x", "team name"]) == {"team": [0, 2]}


def test_a_file_of_columns_may_say_one_heading_and_leave_the_others() -> None:
    columns = parse('cases = " Open cases "\n')
    assert columns.headings == {"team": "TeamName", "parent": "TeamParentName", "cases": "Open cases"}
    assert parse("") == DEFAULT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases = Open cases", "The file of columns is not TOML"),
        ('case = "Open cases"', "case is not a known name here; the names are team, parent and cases"),
        ("cases = 7", "cases has to be a heading in quotation marks"),
        ('team = " "', "team is empty"),
        (f'team = "{"x" * 101}"', "team is too long for a heading"),
        ('team = "Open cases"\ncases = "OPENCASES"', "team, parent and cases each need a heading of their own"),
        ('team = "TeamParentName"', "team, parent and cases each need a heading of their own"),
    ],
)
def test_a_file_of_columns_that_will_not_do_says_why(text: str, said: str) -> None:
    with pytest.raises(BrokenColumns) as refused:
        parse(text)
    assert said in str(refused.value)
    assert "Value error" not in str(refused.value)
