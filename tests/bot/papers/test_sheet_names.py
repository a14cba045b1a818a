"""Names of sheets are what Excel takes, whatever captions are like."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.papers.sheet_names import sheet_names

SAME = "Complaints received in the year to March"


def test_a_caption_that_is_legal_is_the_name() -> None:
    assert sheet_names(["About", "Stage 1 by team"]) == ["About", "Stage 1 by team"]


def test_captions_that_agree_in_their_first_31_characters_get_numbers() -> None:
    assert sheet_names([f"{SAME} 2026", f"{SAME} 2027", f"{SAME} 2028"]) == [
        "Complaints received in the year", "Complaints received in the (2)", "Complaints received in the (3)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("[Open]: late*?", "Open late"),
        ("2026/27 \\ 2027/28", "2026 27 2027 28"),
        ("'quoted'", "quoted"),
        ("History", "History (2)"),
        ("///", "Table"),
        ("", "Table"),
        ("\x00\x1f", "Table"),
        ("two\nlines", "two lines"),
    ],
)
def test_what_no_name_may_have_is_left_out(caption: str, name: str) -> None:
    assert sheet_names([caption]) == [name]


def test_capitals_make_no_other_name() -> None:
    assert sheet_names(["Open", "OPEN", "about", "About"]) == ["Open", "OPEN (2)", "about", "About (2)"]


@given(
    st.lists(st.one_of(st.text(max_size=40), st.sampled_from([SAME, "a" * 31, "😀" * 31, "a" * 30 + "'b", "History"])))
)
@example(["Table", "///", "", "Table (2)", "x" * 31, "x" * 32])
@example([SAME] * 120)
def test_every_name_is_legal_and_none_is_there_twice(captions: list[str]) -> None:
    names = sheet_names(captions)
    assert len(names) == len(captions)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'"
        assert name[-1] != "'"
        assert name.casefold() != "history"
