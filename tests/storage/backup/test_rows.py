"""Rows as lines: what comes back is what went in, whatever it is."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, String

from storage.backup import rows

pytestmark = pytest.mark.slow

COLUMNS: list[Column[Any]] = [
    Column("id", Integer), Column("name", String), Column("held", Boolean), Column("day", Date),
    Column("at", DateTime), Column("data", JSON),
]  # fmt: skip
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
written = st.tuples(
    st.integers(-(2**63), 2**63 - 1), st.text() | st.none(), st.booleans() | st.none(), st.dates() | st.none(),
    st.datetimes(timezones=st.just(UTC)) | st.none(), documents,
)  # fmt: skip


@given(written)
def test_a_row_comes_back_as_it_was(row: tuple[Any, ...]) -> None:
    line = rows.line(row)
    assert line.count(b"\n") == 1
    assert rows.reader(COLUMNS)(line) == row


def test_a_line_says_days_and_instants_as_everybody_reads_them() -> None:
    at = datetime(2026, 7, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    line = rows.line([7, "Nobody’s letter\n", True, date(2026, 7, 1), at, {"b": 1, "a": None}])
    assert json.loads(line) == [
        7, "Nobody’s letter\n", True, "2026-07-01", "2026-07-01T08:30:00+00:00", {"b": 1, "a": None},
    ]  # fmt: skip


def test_what_sqlite_keeps_without_a_zone_is_utc() -> None:
    assert rows.line([datetime(2026, 7, 1, 8, 30)]) == b'["2026-07-01T08:30:00+00:00"]\n'  # noqa: DTZ001 - as SQLite has it


def test_a_column_of_another_kind_is_noticed_before_anything_is_written() -> None:
    with pytest.raises(TypeError, match="picture"):
        rows.header([Column("picture", LargeBinary)])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", "Expecting value"),
        (b'[1,"a",true', "delimiter"),
        (b"\xff\n", "decode"),
        (b"7", "not a row"),
        (b"{}", "not a row"),
        (b"[1]", "shorter"),
        (b"[1,2,3,null,null,6,7]", "longer"),
        (b'[1,"a",true,"tomorrow",null,{}]', "isoformat"),
    ],
)
def test_what_is_no_row_of_these_columns_is_refused(line: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        rows.reader(COLUMNS)(line)


@pytest.mark.parametrize("header", [b"7", b"{}", b"[1]", b'"id"'])
def test_what_is_no_list_of_names_is_refused(header: bytes) -> None:
    with pytest.raises(ValueError, match="not the names of columns"):
        rows.names(header)
