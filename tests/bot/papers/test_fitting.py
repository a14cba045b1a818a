"""On paper every column is there once, in its order, and no part is wider than the paper."""

from hypothesis import given
from hypothesis import strategies as st

from bot.papers.fitting import parts

COLUMN = st.lists(st.text(alphabet="abc ", max_size=60), min_size=1, max_size=4)


def test_what_fits_is_one_part() -> None:
    assert parts(["East", "West"], [["Open", "1"], ["Closed", "2"]]) == [range(2)]
    assert parts([], []) == [range(0)]


def test_parts_are_about_as_wide_as_each_other() -> None:
    assert parts(["East"], [["Acknowledged"]] * 14) == [range(5), range(5, 10), range(10, 14)]


def test_long_names_of_rows_leave_less_room_for_columns() -> None:
    columns = [["Acknowledged"]] * 6
    assert len(parts(["East"], columns)) == 1
    assert len(parts(["Strengthening Families in the East"], columns)) == 2


def test_sentences_get_room_to_be_read() -> None:
    assert len(parts(["East"], [["word " * 30]] * 4)) == 2
    assert len(parts(["East"], [["word"] * 30] * 4)) == 1


@given(st.lists(st.text(max_size=50), max_size=4), st.lists(COLUMN, max_size=40))
def test_every_column_is_in_one_part_in_its_order(headings: list[str], columns: list[list[str]]) -> None:
    found = parts(headings, columns)
    assert [at for part in found for at in part] == list(range(len(columns)))
    assert all(found) or not columns
