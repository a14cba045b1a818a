"""Finding the row of headings, which may stand below a title, and refusing a table that must not or cannot be read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from openpyxl.utils import get_column_letter

from storage.importing import cells
from storage.importing.columns import BY_FIELD, NEEDED, Named, is_personal, named, plain, proposed
from storage.importing.sheet import CannotRead, Cell, Row
from storage.privacy import screen

LOOK_AT = 20  # rows that may stand above the headings, titles and blank ones included
_HEADING_LENGTH = 40
_SHOWABLE = re.compile(r"[^\W\d_][\w '’()/&.,?:-]*")


@dataclass(frozen=True)
class Layout:
    """Where the headings are, and what stands below each. `row` counts from 1; positions count from 0."""

    row: int
    texts: tuple[str, ...]
    read_as: Named = field(default_factory=dict)

    @cached_property
    def fields(self) -> dict[int, str]:
        """Position → field, for every heading that is understood."""
        found = ((at, self._field(heading)) for at, heading in enumerate(self.texts))
        return {at: name for at, name in found if name is not None}

    def _field(self, heading: str) -> str | None:
        if plain(heading) in self.read_as:
            return self.read_as[plain(heading)]
        column = named(heading)
        return column.field if column is not None else None

    @property
    def score(self) -> tuple[bool, int]:
        """How much it looks like the row of headings; more is better."""
        fields = set(self.fields.values())
        return all(column.field in fields for column in NEEDED), len(fields)

    def headings(self) -> dict[str, str]:
        return {name: self.texts[at] for at, name in self.fields.items()}

    def proposals(self) -> tuple[tuple[str, str], ...]:
        """Headings that mean nothing to us but come near to a column that the file lacks, each with that column's name."""
        there = set(self.fields.values())
        found = ((heading, proposed(heading)) for at, heading in enumerate(self.texts) if at not in self.fields)
        return tuple(
            (heading, column.name)
            for heading, column in found
            if column is not None and column.field not in there and _is_showable(heading)
        )

    def ignored(self) -> tuple[str, ...]:
        fields = self.fields
        return tuple(self._shown(at) for at, heading in enumerate(self.texts) if heading and at not in fields)

    def row_of(self, number: int, values: Sequence[Cell | None], fields: dict[int, str], *, ragged: bool) -> Row | None:
        """The row as fields, or None when nothing is filled in. `ragged`: the file says where cells end only by counting."""
        filled = {}
        for at, name in fields.items():
            value = values[at] if at < len(values) else None
            if value is not None and value != "":
                filled[name] = value
        overflows = ragged and any(cells.text(value) for value in values[len(self.texts) :])
        if not overflows and not any(cells.text(value) for value in filled.values()):
            return None
        return Row(number, filled, overflows)

    def refuse_unless_usable(self) -> None:
        """Raises CannotRead: personal data, the same column twice, or a needed column missing."""
        self._refuse_personal()
        self._refuse_twice()
        self._refuse_unfound()
        fields = set(self.fields.values())
        missing = [f"“{column.name}” ({column.holds})" for column in NEEDED if column.field not in fields]
        if missing:
            raise CannotRead(
                f"The file needs {_and(missing)}. {self._found()} {self._perhaps()}"
                "Add or rename the heading, or type complaints import --columns to see every heading that is understood."
            )

    def _perhaps(self) -> str:
        said = [f'--as "{heading}={name}"' for heading, name in self.proposals()]
        return f"Perhaps {_and(said)}. " if said else ""

    def _refuse_personal(self) -> None:
        fields = self.fields
        personal = [at for at, heading in enumerate(self.texts) if at not in fields and is_personal(heading)]
        if personal:
            one = len(personal) == 1
            raise CannotRead(
                f"Nothing was read: {_and([self._shown(at) for at in personal])} {'seems' if one else 'seem'} to hold personal "
                f"data, and no name, contact detail or number of a person may enter the register. Delete "
                f"{'this column' if one else 'these columns'} from a copy of the file and bring that in. "
                "If the column names a member of staff, call it owner. If it only says who somebody is to the child, such as "
                "Parent, call it customer group."
            )

    def _refuse_twice(self) -> None:
        places: dict[str, list[int]] = {}
        for at, name in self.fields.items():
            places.setdefault(name, []).append(at)
        for name, at_all in places.items():
            if len(at_all) > 1:
                raise CannotRead(
                    f"{_and([self._shown(at) for at in at_all])} are both read as “{BY_FIELD[name].name}” "
                    f"({BY_FIELD[name].holds}). Keep one, and delete or rename the other."
                )

    def _refuse_unfound(self) -> None:
        """What --as names has to be there, or a slip in it would leave a column out without a word."""
        here = {plain(heading) for heading in self.texts}
        unfound = [BY_FIELD[name].name for heading, name in self.read_as.items() if heading not in here]
        if unfound:
            raise CannotRead(
                f"--as names a heading for {_and([f'“{name}”' for name in unfound])} that isn't there. {self._found()} Write "
                "the heading as it is in the file."
            )

    def _found(self) -> str:
        known = len(self.fields)
        # A row of which nothing is understood may be no headings at all but somebody's data: it isn't repeated.
        shown = [
            self._shown(at) for at, heading in enumerate(self.texts) if heading and (at in self.fields or known > 1)
        ]
        if not shown:
            return f"No headings that are understood stand in the first {LOOK_AT} rows."
        return f"Found in row {self.row}: {_and(shown)}."

    def _shown(self, at: int) -> str:
        heading, letter = self.texts[at], get_column_letter(at + 1)
        return f"column {letter} “{heading}”" if _is_showable(heading) else f"column {letter}"


def _is_showable(heading: str) -> bool:
    return len(heading) <= _HEADING_LENGTH and bool(_SHOWABLE.fullmatch(heading)) and not screen(heading)


def find(rows: Iterable[Sequence[Cell | None]], read_as: Named) -> Layout | None:
    """The first of these rows that looks most like headings; None when there is no filled row. Look at `LOOK_AT` at most."""
    best: Layout | None = None
    for number, values in enumerate(rows, start=1):
        layout = Layout(number, tuple(cells.text(value) for value in values), read_as)
        if any(map(plain, layout.texts)) and (best is None or layout.score > best.score):
            best = layout
    return best


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
