"""TOML that nobody would write by hand, and that is refused as any other mistake in a file is."""

import tomllib

import pytest

from storage import tomls
from storage.importing import caseload
from storage.procedures import BrokenProcedure, parse


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 3000, "a = " + "{a=" * 1000, "a = " + "9" * 5000, "a = [", "a = 1\na = 2"]
)
def test_what_cannot_be_read_is_no_toml_whatever_keeps_it_from_being_read(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomls.loads(text)
    with pytest.raises(BrokenProcedure, match="This is not TOML"):
        parse(text)
    with pytest.raises(caseload.BrokenColumns, match="is not TOML"):
        caseload.parse(text)


def test_what_can_be_read_is() -> None:
    assert tomls.loads('a = [[1, "b"]]') == {"a": [[1, "b"]]}
