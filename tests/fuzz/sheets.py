"""Spreadsheets and text files as people have them, and as nobody should: cells, headings, encodings, broken bytes."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from storage.importing import TEMPLATE_COLUMNS
from tests.fuzz import words, world

_DATES = (
    "2026-11-02", "02/11/2026", "2/11/26", "2 Nov 2026", "46328", "46328.5", "31/02/2026", "2026-11-02 10:00", "tomorrow", "-",
    "n/a", "1/1/1900", "99/99/9999", "²/¹/2026", "١/١/٢٠٢٦", "2027-11-02", "0", "-1", "9" * 30, "2026-11-23", "1 Sept 2026",
)  # fmt: skip
_TEAMS = ("First Response", "first  response", "Children in Care", "Fostering and Adoption")
# What may stand in each column; anything else is drawn from these of other columns, or is harm.
_RIGHT: dict[str, tuple[str, ...]] = {
    "received_on": ("2026-11-02", "02/11/2026", "2 Nov 2026", "46328", "2026-11-02 10:00"),
    "acknowledged_on": ("", "2026-11-03", "3/11/26"),
    "recorded_on": ("", "2026-11-03"),
    "responded_on": ("", "", "2026-11-10"),
    "withdrawn_on": ("", "", "no"),
    "extension_agreed_on": ("",),
    "extended_to": ("",),
    "lead_team_id": _TEAMS,
    "owner_id": ("", "Mabel Eastwood", "U0MABEL"),
    "other_team_ids": ("", "Strengthening Families East", "Strengthening Families East; Strengthening Families West"),
    "outcome": ("", "No fault", "fault", "Upheld"),
    "customer_group": ("", "Parent", "parent"),
    "contact_method": ("", "Letter", "E-mail"),
    "theme_ids": ("", "Delay", "Delay; Communication", "delay;delay"),
    "procedure": ("", "statutory", "corporate"),
    "stage": ("", "1", "Stage 1", "2", "Stage 3"),
    "opened_on": ("", "", "2026-11-09"),
    "reference": ("A1", "A2", "A3", "A4", "A5", "A6", "a1", ""),
    "correspondence_ref": ("", "REC 1", "REC/2"),
    "summary": words.PLAIN,
}
_WRONG = (
    "Nowhere", "u0mabel", "Nobody", ";", "partially upheld", "Withdrawn by the complainant", "Mother", "Pigeon", "none", "2",
    "CS-2026-0012", *_DATES,
)  # fmt: skip
_HEADINGS = tuple(column.name for column in TEMPLATE_COLUMNS)
_OTHER_HEADINGS = (
    "Notes",
    "Child name",
    "=1+1",
    "<!channel>",
    "Date received",
    "",
    "Ref",
    "team",
    "x" * 300,
    "Postcode",
    "\x00",
)
# What XML can't hold no workbook holds either.
_NOT_XML = str.maketrans("", "", "\ufffe\uffff")


@dataclass(frozen=True)
class File:
    """A file's bytes and its ending; `rows` is how many rows it was made of."""

    content: bytes
    ending: str
    rows: int


@cache
def cell(field: str) -> SearchStrategy[str]:
    """A cell of a column, with what belongs there."""
    return st.sampled_from(_RIGHT[field])


@cache
def wrong() -> SearchStrategy[str]:
    """A cell with what belongs elsewhere or nowhere."""
    return st.one_of(st.sampled_from(_WRONG), words.harm(), words.written())


@cache
def _value() -> SearchStrategy[Any]:
    """What a workbook's cell can be besides a text."""
    days = st.sampled_from((date(2026, 11, 2), date(1900, 1, 1), date(9999, 12, 31)))
    return st.one_of(
        st.none(), st.integers(-(10**20), 10**20), st.floats(), st.booleans(), days, st.just(timedelta(days=4))
    )


@cache
def _spoiled(cells: int) -> SearchStrategy[tuple[int, ...]]:
    return st.one_of(st.just(()), st.just(()), st.tuples(st.integers(0, cells - 1)), st.just(tuple(range(cells))))


@st.composite
def rows(draw: DrawFn) -> list[list[str]]:
    """A table: a row of headings, which may have a title above it, and some rows."""
    fields = [column.field for column in TEMPLATE_COLUMNS]
    chosen = draw(st.lists(st.sampled_from(range(len(fields))), min_size=1, max_size=8, unique=True))
    needed = [fields.index("received_on"), fields.index("lead_team_id")]
    places = list(dict.fromkeys([*(needed if draw(st.integers(0, 9)) else []), *chosen]))
    headings = [_HEADINGS[place] for place in places]
    if not draw(st.integers(0, 5)):
        headings[draw(st.integers(0, len(headings) - 1))] = draw(st.sampled_from(_OTHER_HEADINGS))
    title = [[draw(words.written())]] if not draw(st.integers(0, 9)) else []
    body = []
    for _ in range(draw(st.integers(1, 12))):
        row = [draw(cell(fields[place])) for place in places]
        # One row in two is as it should be, the next has one cell that isn't, the next has nothing but those.
        for place in draw(_spoiled(len(row))):
            row[place] = draw(wrong())
        if not draw(st.integers(0, 15)):
            row = draw(st.sampled_from((row[:-1], [*row, "more"], [], ["", *row])))
        body.append(row)
    return [*title, headings, *body]


@st.composite
def caseload(draw: DrawFn) -> list[list[str]]:
    """An extract with one row a team."""
    headings = list(
        draw(
            st.sampled_from(
                (("TeamName", "InvolvementCaseload"), ("TeamName", "TeamParentName", "InvolvementCaseload"))
            )
        )
    )
    if not draw(st.integers(0, 7)):
        headings[0] = draw(st.sampled_from((*_OTHER_HEADINGS, "NHS number", "Child", "InvolvementCaseload")))
    count = st.one_of(
        st.integers(0, 200).map(str),
        st.sampled_from(("1,234", "-3", "(4)", "83.0", "", "=1+1", "²", "9" * 40, "１２", "1e3")),
    )
    name = st.one_of(st.sampled_from((*world.TEAMS, "Total", "")), words.written())
    body = []
    for team in draw(st.lists(st.sampled_from(world.TEAMS), min_size=1, max_size=6, unique=True)):
        row = [team, *(["Localities"] if len(headings) > 2 else []), str(draw(st.integers(0, 200)))]
        for place in draw(_spoiled(len(row))):
            row[place] = draw(count if place == len(row) - 1 else name)
        body.append(row)
    return [headings, *body]


@st.composite
def file(draw: DrawFn, table: SearchStrategy[list[list[str]]]) -> File:
    """A table as a file, now and then a damaged one."""
    made = draw(table)
    if not draw(st.integers(0, 3)):
        return File(_damaged(draw, _workbook(draw, made)), "xlsx", len(made) - 1)
    separator = draw(st.sampled_from((",", ",", ";", "\t")))
    written = io.StringIO(newline="")
    quoting: Literal[0, 1] = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    csv.writer(written, delimiter=separator, quoting=quoting).writerows(made)
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le", "latin-1")))
    return File(_damaged(draw, written.getvalue().encode(encoding, "replace")), "csv", len(made) - 1)


def _damaged(draw: DrawFn, content: bytes) -> bytes:
    if draw(st.integers(0, 11)):
        return content
    broken = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        # A workbook says when it was saved, so that its length isn't always the same.
        at = draw(st.integers(0, 1_000_000)) * max(len(broken) - 1, 0) // 1_000_000
        match draw(st.integers(0, 3)):
            case 0:
                broken[at:] = b""
            case 1:
                broken += draw(st.binary(max_size=30))
            case 2:
                broken[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case _:
                start = draw(st.sampled_from((b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x00\x00", b'"')))
                broken[: draw(st.integers(0, 8))] = start
    return bytes(broken)


def _workbook(draw: DrawFn, table: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = draw(st.sampled_from(("Complaints", "'=1+1", "Sheet <1>")))
    for number, row in enumerate(table, start=1):
        for place, text in enumerate(row, start=1):
            value: Any = ILLEGAL_CHARACTERS_RE.sub("", text.encode(errors="ignore").decode()).translate(_NOT_XML)[
                :32_000
            ]
            if number > 1 and not draw(st.integers(0, 12)):
                value = draw(_value())
            sheet.cell(number, place).value = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
