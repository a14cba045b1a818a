"""What no database holds, out of what people send and out of the words on a command line."""

import pytest

from storage.texts import storable, storing_problem


@pytest.mark.parametrize("text", ["a\0b", "a\ud83db", "\udcffab", "\udc00a\ud800b"])
def test_what_cannot_be_kept_is_left_out_or_told(text: str) -> None:
    assert storable(text) == "ab"
    assert storing_problem(text) == "There is a character in it that can't be kept. Type it again."


@pytest.mark.parametrize("text", ["", "ab", "ä\n\t👪\u202e"])
def test_whatever_else_there_is_is_kept(text: str) -> None:
    assert storable(text) == text
    assert storing_problem(text) is None
