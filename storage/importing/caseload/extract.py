"""A file taken for a caseload extract: its headings found, and refused as a whole when it isn't one row a team.

Nothing of a file is repeated to anybody but headings that are made of known words: in a wrong file everything may be a child's.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import get_column_letter

from storage.importing.caseload.columns import DEFAULT, HOLDS, NEEDED, Columns
from storage.importing.caseload.headings import is_about_one, showable
from storage.importing.caseload.opening import MOST_ROWS, Cell, Line, Table, tables
from storage.importing.caseload.totals import is_total
from storage.importing.sheet import CannotRead

LOOK_AT = 20  # filled rows that may stand above the headings, such as a title
_BRING = "Bring an extract with one row a team: its name, its number of open cases, and nothing about any person or single case."


@dataclass(frozen=True, slots=True)
class Row:
    """One team's row. `overflows`: something stands to the right of the last heading, so cells may be under the wrong one."""

    number: int
    team: Cell
    parent: Cell
    cases: Cell
    overflows: bool


@dataclass(frozen=True, slots=True)
class Extract:
    """One row a team, as far as a file can tell. `columns` are the headings it was read by; `has_parents`: it has that column."""

    columns: Columns
    has_parents: bool
    rows: tuple[Row, ...]


def read(path: Path, columns: Columns = DEFAULT) -> Extract:
    """The extract at `path`, CSV (comma, semicolon or tab) or XLSX: the first worksheet that has the headings.

    Raises CannotRead: what can't be opened, columns about single people, headings that are missing or there twice, teams with
    several rows.
    """
    table, headings = _found(path, columns)
    _refuse_people(headings, columns)
    places = columns.places(headings.texts)
    _refuse_missing(places, columns)
    _refuse_twice(places, columns)
    at = {field: found[0] for field, found in places.items()}
    rows = tuple(_row(table, headings, line, at) for line in table.lines if line.number > headings.number)
    _refuse_many_rows(rows, longer=table.longer)
    return Extract(columns, "parent" in at, rows)


def _found(path: Path, columns: Columns) -> tuple[Table, Line]:
    """Where the headings are: all that are needed in one row, else what looks most like headings in any way to read the file.

    That is where the most headings are that must not be there, so that those are what is said of the file; then the fullest row.
    """
    heads = [(table, line) for table in tables(path) for line in table.lines[:LOOK_AT] if any(map(_says, line.texts))]
    if not heads:
        raise CannotRead(f"{path.name} has nothing in it but blank rows. Choose the file that has the caseload in it.")
    for table, line in heads:
        if all(field in columns.places(line.texts) for field in NEEDED):
            return table, line
    return max(heads, key=lambda found: (sum(map(is_about_one, found[1].texts)), sum(map(bool, found[1].cells))))


def _says(text: str) -> bool:
    """Whether there is more in a cell than marks, such as the separators of another way to read the file."""
    return any(map(str.isalnum, text))


def _refuse_people(headings: Line, columns: Columns) -> None:
    mapped = {place for found in columns.places(headings.texts).values() for place in found}
    personal = [
        place for place, text in enumerate(headings.texts) if text and is_about_one(text, mapped=place in mapped)
    ]
    if personal:
        raise CannotRead(
            f"Nothing was read: {_and([_shown(headings, place) for place in personal])} "
            f"{'seems' if len(personal) == 1 else 'seem'} to be about single people or cases, and nothing about a child may "
            f"come into the register. {_BRING}"
        )


def _refuse_missing(places: dict[str, list[int]], columns: Columns) -> None:
    missing = [field for field in NEEDED if field not in places]
    if missing:
        wanted = _and([f"“{columns.headings[field]}” ({HOLDS[field]})" for field in missing])
        them = "it" if len(missing) == 1 else "them"
        raise CannotRead(
            f"The file has no row of headings, among the first {LOOK_AT}, with {wanted} in it. If the file calls "
            f"{them} otherwise, write that into a file, with a line such as {missing[0]} = "
            '"Heading in the file", and name it with --columns.'
        )


def _refuse_twice(places: dict[str, list[int]], columns: Columns) -> None:
    for field, found in places.items():
        if len(found) > 1:
            raise CannotRead(
                f"Columns {_and([get_column_letter(place + 1) for place in found])} are each headed "
                f"“{columns.headings[field]}”. Keep the one with {HOLDS[field]}, and delete or rename the other."
            )


def _refuse_many_rows(rows: Sequence[Row], *, longer: bool) -> None:
    if longer:
        raise CannotRead(
            f"Nothing was read: the file has more than {MOST_ROWS:,} rows, so it is not one row a team and may list single "
            f"children or cases. {_BRING}"
        )
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        if isinstance(row.team, str) and row.team and not is_total(row.team):
            numbers[row.team.casefold()].append(row.number)
    several = [found for found in numbers.values() if len(found) > 1]
    if several:
        first = several[0]
        whose = "one team stands" if len(several) == 1 else f"{len(several):,} teams stand"
        raise CannotRead(
            f"Nothing was read: {whose} in several rows, such as rows {first[0]} and {first[1]}, so the file is not one row "
            f"a team and may list single children or cases. {_BRING} If two teams share a name, give each a name of its own, "
            "here and in the register."
        )


def _row(table: Table, headings: Line, line: Line, at: dict[str, int]) -> Row:
    # Cells below no heading are what a comma inside a number makes of a row.
    last = max(place for place, text in enumerate(headings.texts) if text)
    overflows = table.ragged and any(line.cells[last + 1 :])
    parent = line.at(at["parent"]) if "parent" in at else ""
    return Row(line.number, line.at(at["team"]), parent, line.at(at["cases"]), overflows)


def _shown(headings: Line, place: int) -> str:
    letter, heading = get_column_letter(place + 1), headings.texts[place]
    return f"column {letter} “{heading}”" if showable(heading) else f"column {letter}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
