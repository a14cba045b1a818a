"""One row of a sheet: either a past complaint that may be brought in, or the reasons why not."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.errors import FieldProblems
from storage.importing.known import Known
from storage.importing.seen import Seen
from storage.importing.sheet import Row, Sheet
from storage.importing.values import RowProblems, Values, digest
from storage.office import Desk
from storage.register.past import UNNUMBERED, Checked, Past, check

# What retention clears of a row is in no digest that stays: whoever guesses it could make sure of it there.
_NEVER_DIGESTED = {"summary", "reference", "correspondence_ref"}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out. `reasons` name the column and what to write instead; they repeat nothing of the row."""

    row_number: int
    reasons: tuple[str, ...]


def rejected(sheet: Sheet, number: int, problems: Mapping[str, str]) -> Rejected:
    """A row left out for what is wrong with these fields of it, called by the headings that the file has for them."""
    return Rejected(number, tuple(f"{sheet.heading(field)}: {problem}" for field, problem in problems.items()))


def overflowing(row: Row) -> Rejected | None:
    """A row that has cells under no heading, so that any of them may be under the wrong one; None for all others."""
    if not row.overflows:
        return None
    return Rejected(
        row.number,
        (
            "The row has more cells than there are headings. Put quotation marks around text that has the separator in it.",
        ),
    )


class Judge:
    """Judges rows in the order of the file; by what it saw it tells the same row twice from two rows alike."""

    def __init__(self, sheet: Sheet, seen: Seen) -> None:
        self._sheet = sheet
        self._seen = seen

    def judge(self, desk: Desk, names: Known, row: Row) -> Checked | Rejected | None:
        """None for a row that stands in the file already, reference and all."""
        spread = overflowing(row)
        if spread is not None:
            return spread
        try:
            checked = check(desk, self._past(names, row))
        except (RowProblems, FieldProblems) as found:
            return rejected(self._sheet, row.number, found.problems)
        past = checked.past
        if past.reference is not None:
            same, number = self._seen.first(past.key, past.former_content, row.number)
            if number != row.number:
                return None if same else self._other_row(row.number, number)
        return checked

    def differs(self, number: int, reference: str) -> Rejected:
        """The row's reference belongs to a complaint of which the register knows something else."""
        return rejected(
            self._sheet,
            number,
            {
                "reference": f"This complaint is in the register already, as {reference}, with other details. "
                "An import adds complaints and changes none: make the change in Slack. "
                "If it is another complaint, give it a reference of its own."
            },
        )

    def _other_row(self, number: int, first: int) -> Rejected:
        return rejected(
            self._sheet,
            number,
            {
                "reference": f"Row {first} has the same reference and other details. "
                "Keep the right one, or give each complaint a reference of its own."
            },
        )

    def _past(self, names: Known, row: Row) -> Past:
        """Raises RowProblems."""
        fields = Values(names, row).complaint()
        content = digest({field: value for field, value in fields.items() if field not in _NEVER_DIGESTED})
        former = digest(fields)
        reference = fields.get("reference")
        if reference is not None:
            key = former_key = reference.upper()
        else:
            key, former_key = self._numbered(content), self._numbered(former)
        return Past(key=key, content=content, former_key=former_key, former_content=former, **fields)

    def _numbered(self, content: str) -> str:
        """What rows without a reference are known by: several that are alike are counted."""
        return f"{UNNUMBERED}{content}:{self._seen.times(content)}"
