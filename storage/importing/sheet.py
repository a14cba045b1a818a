"""A spreadsheet that can be brought in: its headings understood, its rows read one after another, as often as asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.errors import Refusal
from storage.importing.columns import BY_FIELD

Cell = str | date


class CannotRead(Refusal):
    """The file as a whole won't do; the message says why and what to do about it."""


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row's own in the file, as a spreadsheet shows it. `cells` has what is filled in, by field.

    `overflows`: something stands to the right of the last heading, so that cells may be under the wrong one.
    """

    number: int
    cells: Mapping[str, Cell]
    overflows: bool = False


@dataclass(frozen=True)
class Sheet:
    """`headings` are the file's own, by field; `ignored` those that mean nothing to the register, safe to show.
    `proposals` are those of them that come near to a column, with its name.

    `total` is how many rows there are below the headings, blank ones included; in a workbook it is what the workbook says.
    Going over it raises CannotRead when the file was changed meanwhile or is damaged further down.
    """

    name: str
    headings: Mapping[str, str]
    ignored: tuple[str, ...]
    total: int
    rows: Callable[[], Iterator[Row]] = field(repr=False)
    proposals: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return self.rows()

    def heading(self, field_name: str) -> str:
        """What people know a field by: the file's own heading, else the one we suggest."""
        return self.headings.get(field_name) or BY_FIELD[field_name].name
