"""The cells of one row as values: dates, the register's teams, people and words. What can't be read is collected."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from storage.importing import cells, known, words
from storage.importing.cells import NotADate
from storage.importing.known import Known, NotKnown
from storage.importing.sheet import Row
from storage.procedures import Outcome, Procedure
from storage.vocabulary import Finding

_DAYS = (
    "received_on", "acknowledged_on", "recorded_on", "responded_on", "withdrawn_on", "extension_agreed_on", "extended_to",
)  # fmt: skip
_DIGEST_CHARACTERS = 32


_ORDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_STAGE = re.compile(rf"(?:stage ?)?(?:([1-9])(?:\.0)?|({'|'.join(_ORDINALS)}))")


class RowProblems(Exception):
    """What is wrong with a row, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def stage_number(row: Row) -> int | None:
    """Which stage a row is about: 1 when it doesn't say, None when what it says is no number of a stage."""
    written = cells.text(row.cells.get("stage"))
    return _stage_number(written.casefold()) if written else 1


@lru_cache(maxsize=256)
def _stage_number(written: str) -> int | None:
    found = _STAGE.fullmatch(written)
    if found is None:
        return None
    return int(found[1]) if found[1] else _ORDINALS.index(found[2]) + 1


class Values:
    """The cells of one row as values; what can't be read is collected and raised once, in RowProblems.

    A field that is blank is in no answer.
    """

    def __init__(self, names: Known, row: Row) -> None:
        self._names = names
        self._row = row
        self._problems: dict[str, str] = {}

    def complaint(self) -> dict[str, Any]:
        """Everything of a complaint with its stage 1. Raises RowProblems."""
        days = self._days(_DAYS, "the complaint came in")
        procedure = self._procedure()
        if stage_number(self._row) is None:
            self._problems["stage"] = "Write the number of the stage, such as 2. Blank means stage 1."
        ended = self._ended(days, procedure)
        is_open = self._is_open(ended)
        lead = self._named("lead_team_id", self._names.team)
        if lead is None and "lead_team_id" not in self._problems:
            self._problems["lead_team_id"] = "This is blank. Put the lead team."
        found: dict[str, Any] = {
            **days,
            **ended,
            "lead_team_id": lead,
            "procedure": procedure.name if procedure else None,
            "owner_id": self._owner(must_be_here=is_open),
            "other_team_ids": tuple(sorted(set(self._listed("other_team_ids", self._names.team)) - {lead})),
            "theme_ids": tuple(sorted(set(self._listed("theme_ids", self._names.theme)))),
            "customer_group": self._named("customer_group", self._names.customer_group),
            "contact_method": self._named("contact_method", self._names.contact_method),
            "summary": cells.paragraph(self._row.cells.get("summary")) or None,
            "reference": self._text("reference") or None,
            "correspondence_ref": self._text("correspondence_ref") or None,
        }
        return self._filled(found)

    def later_stage(self, of: Procedure | None) -> dict[str, Any]:
        """What a row says of a later stage; the rest of it is its complaint's and stands in the row of stage 1.

        `of` is the complaint's procedure; None where the complaint is not known. Raises RowProblems.
        """
        days = self._days((*_DAYS, "opened_on"), "this stage was asked for")
        procedure = self._procedure() if of is None or self._text("procedure") else of
        if of is not None and procedure is not None and procedure.name != of.name:
            self._problems["procedure"] = f"This complaint goes by the {of.title}. Write that, or leave this blank."
        ended = self._ended(days, of or procedure)
        is_open = self._is_open(ended)
        found: dict[str, Any] = {
            **days,
            **ended,
            "lead_team_id": self._named("lead_team_id", self._names.team),
            "owner_id": self._owner(must_be_here=is_open),
            "contact_method": self._named("contact_method", self._names.contact_method),
        }
        return self._filled(found)

    def _filled(self, found: dict[str, Any]) -> dict[str, Any]:
        if self._problems:
            raise RowProblems(self._problems)
        return {field: value for field, value in found.items() if value is not None and value != ()}

    def _days(self, fields: tuple[str, ...], began: str) -> dict[str, date | None]:
        days = {field: self._day(field) for field in fields if field in self._row.cells}
        if days.get("received_on") is None and "received_on" not in self._problems:
            self._problems["received_on"] = f"This is blank. Put the day {began}."
        return days

    def _ended(self, days: dict[str, date | None], procedure: Procedure | None) -> dict[str, Any]:
        """How it ended; takes those days off the others."""
        outcome = self._outcome(procedure)
        return _ended(days.pop("responded_on", None), days.pop("withdrawn_on", None), outcome, procedure)

    def _is_open(self, ended: dict[str, Any]) -> bool:
        """Whether it is open for certain: where days can't be read, nobody is told that its owner has left."""
        return not ({"responded_on", "withdrawn_on"} & ended.keys()) and not self._problems

    def _owner(self, *, must_be_here: bool) -> int | None:
        found: int | None = self._named("owner_id", lambda name: self._names.person(name, must_be_here=must_be_here))
        return found

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


def digest(fields: dict[str, Any]) -> str:
    """The same for the same complaint whatever the file's format; a field that is empty makes no difference."""
    plain = {
        field: value.isoformat() if isinstance(value, date) else value.key if isinstance(value, Outcome) else value
        for field, value in fields.items()
    }
    written = json.dumps(plain, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGEST_CHARACTERS]
