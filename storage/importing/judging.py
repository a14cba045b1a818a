"""One row of a sheet: either a past complaint that may be brought in, or the reasons why not."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.errors import FieldProblems
from storage.importing import cells, known, words
from storage.importing.cells import NotADate
from storage.importing.known import Known, NotKnown
from storage.importing.sheet import Row, Sheet
from storage.office import Desk
from storage.procedures import Outcome, Procedure
from storage.register.past import Checked, Past, check
from storage.vocabulary import Finding

_DAYS = (
    "received_on", "acknowledged_on", "recorded_on", "responded_on", "withdrawn_on", "extension_agreed_on", "extended_to",
)  # fmt: skip
_DIGEST_CHARACTERS = 32
# What retention clears of a row is in no digest that stays: whoever guesses it could make sure of it there.
_NEVER_DIGESTED = {"summary", "reference", "correspondence_ref"}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out. `reasons` name the column and what to write instead; they repeat nothing of the row."""

    row_number: int
    reasons: tuple[str, ...]


class RowProblems(Exception):
    """What is wrong with a row, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class Judge:
    """Judges rows in the order of the file; it remembers what it saw, to tell the same row twice from two rows alike."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._seen: dict[str, tuple[str, int]] = {}
        self._alike: dict[str, int] = {}

    def judge(self, desk: Desk, names: Known, row: Row) -> Checked | Rejected | None:
        """None for a row that stands in the file already, reference and all."""
        if row.overflows:
            return self.rejected(
                row.number,
                "The row has more cells than there are headings. Put quotation marks around text that has the separator in it.",
            )
        try:
            checked = check(desk, self._past(names, row))
        except RowProblems as found:
            return self._with_headings(row.number, found.problems)
        except FieldProblems as found:
            return self._with_headings(row.number, found.problems)
        past = checked.past
        if past.reference is not None:
            content, number = self._seen.setdefault(past.key, (past.former_content, row.number))
            if number != row.number:
                return None if content == past.former_content else self._other_row(row.number, number)
        return checked

    def rejected(self, number: int, *reasons: str) -> Rejected:
        return Rejected(number, reasons)

    def differs(self, number: int, reference: str) -> Rejected:
        """The row's reference belongs to a complaint of which the register knows something else."""
        return self._with_headings(
            number,
            {
                "reference": f"This complaint is in the register already, as {reference}, with other details. "
                "An import adds complaints and changes none: make the change in Slack. "
                "If it is another complaint, give it a reference of its own."
            },
        )

    def _other_row(self, number: int, first: int) -> Rejected:
        return self._with_headings(
            number,
            {
                "reference": f"Row {first} has the same reference and other details. "
                "Keep the right one, or give each complaint a reference of its own."
            },
        )

    def _with_headings(self, number: int, problems: dict[str, str]) -> Rejected:
        return Rejected(
            number, tuple(f"{self._sheet.heading(field)}: {problem}" for field, problem in problems.items())
        )

    def _past(self, names: Known, row: Row) -> Past:
        """Raises RowProblems."""
        values = _Values(names, row)
        fields = values.all()
        content = _digest({field: value for field, value in fields.items() if field not in _NEVER_DIGESTED})
        former = _digest(fields)
        reference = fields.get("reference")
        if reference is not None:
            key = former_key = reference.upper()
        else:
            key, former_key = self._numbered(content), self._numbered(former)
        return Past(key=key, content=content, former_key=former_key, former_content=former, **fields)

    def _numbered(self, content: str) -> str:
        """What rows without a reference are known by: several that are alike are counted."""
        at = self._alike[content] = self._alike.get(content, 0) + 1
        return f"row:{content}:{at}"


class _Values:
    """The cells of one row as values; what can't be read is collected and raised once, in RowProblems."""

    def __init__(self, names: Known, row: Row) -> None:
        self._names = names
        self._row = row
        self._problems: dict[str, str] = {}

    def all(self) -> dict[str, Any]:
        days = {field: self._day(field) for field in _DAYS if field in self._row.cells}
        if days.get("received_on") is None and "received_on" not in self._problems:
            self._problems["received_on"] = "This is blank. Put the day the complaint came in."
        procedure = self._procedure()
        self._stage()
        outcome = self._outcome(procedure)
        ended = _ended(days.pop("responded_on", None), days.pop("withdrawn_on", None), outcome, procedure)
        is_open = not ({"responded_on", "withdrawn_on"} & ended.keys()) and not self._problems
        lead = self._named("lead_team_id", self._names.team)
        if lead is None and "lead_team_id" not in self._problems:
            self._problems["lead_team_id"] = "This is blank. Put the lead team."
        found: dict[str, Any] = {
            **days,
            **ended,
            "lead_team_id": lead,
            "procedure": procedure.name if procedure else None,
            "owner_id": self._named("owner_id", lambda name: self._names.person(name, must_be_here=is_open)),
            "other_team_ids": tuple(sorted(set(self._listed("other_team_ids", self._names.team)) - {lead})),
            "theme_ids": tuple(sorted(set(self._listed("theme_ids", self._names.theme)))),
            "customer_group": self._named("customer_group", self._names.customer_group),
            "contact_method": self._named("contact_method", self._names.contact_method),
            "summary": cells.paragraph(self._row.cells.get("summary")) or None,
            "reference": self._text("reference") or None,
            "correspondence_ref": self._text("correspondence_ref") or None,
        }
        if self._problems:
            raise RowProblems(self._problems)
        return {field: value for field, value in found.items() if value is not None and value != ()}

    def _text(self, field: str) -> str:
        return cells.text(self._row.cells.get(field))

    def _day(self, field: str) -> date | None:
        if field == "withdrawn_on" and self._text(field).casefold() in words.NOT_WITHDRAWN:
            return None
        try:
            return cells.day(self._row.cells.get(field))
        except NotADate as problem:
            blank = "" if field == "received_on" else " Leave it blank while it has not happened."
            self._problems[field] = f"{problem}{blank}"
            return None

    def _named(self, field: str, find: Callable[[str], Any]) -> Any:
        written = self._text(field)
        if not written:
            return None
        try:
            return find(written)
        except NotKnown as problem:
            self._problems[field] = str(problem)
            return None

    def _listed(self, field: str, find: Callable[[str], int]) -> list[int]:
        found = []
        for written in cells.listed(self._row.cells.get(field)):
            try:
                found.append(find(written))
            except NotKnown as problem:
                self._problems[field] = str(problem)
        return found

    def _procedure(self) -> Procedure | None:
        written = self._text("procedure") or "statutory"
        try:
            return self._names.procedure(written)
        except NotKnown as problem:
            self._problems["procedure"] = str(problem)
            return None

    def _stage(self) -> None:
        if self._text("stage").casefold() not in {"", "1", "1.0", "stage 1", "stage one", "one"}:
            self._problems["stage"] = (
                "Only stage 1 can be brought in by this version; later stages come with a later version. "
                "Write 1 or leave it blank for stage 1, and leave the other rows for then."
            )

    def _outcome(self, procedure: Procedure | None) -> Outcome | None:
        if procedure is None:
            return None
        found: Outcome | None = self._named("outcome", lambda name: self._names.outcome(name, procedure))
        return found


def _ended(
    responded: date | None, withdrawn: date | None, outcome: Outcome | None, procedure: Procedure | None
) -> dict[str, Any]:
    """How it ended. A date of response beside an outcome of no response is the day it stopped; the outcome follows the day."""
    if (
        outcome is not None
        and outcome.finding is Finding.NOT_PROCEEDED
        and responded
        and withdrawn in {None, responded}
    ):
        responded, withdrawn = None, responded
    if withdrawn and responded is None and outcome is None and procedure is not None:
        outcome = known.ending(procedure, Finding.NOT_PROCEEDED)
    found = {"responded_on": responded, "withdrawn_on": withdrawn, "outcome": outcome}
    return {field: value for field, value in found.items() if value is not None}


def _digest(fields: dict[str, Any]) -> str:
    """The same for the same complaint whatever the file's format; a field that is empty makes no difference."""
    plain = {
        field: value.isoformat() if isinstance(value, date) else value.key if isinstance(value, Outcome) else value
        for field, value in fields.items()
    }
    written = json.dumps(plain, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGEST_CHARACTERS]
