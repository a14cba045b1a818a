"""The rows of an extract against the register's teams: each team's open cases, or why a row is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from storage.importing import known
from storage.importing.caseload.extract import Extract, Row
from storage.importing.caseload.opening import Cell, Formula
from storage.importing.caseload.totals import is_total
from storage.importing.judging import Rejected
from storage.importing.known import Known, NotKnown
from storage.office import Desk
from storage.permissions import Operation
from storage.register.caseload import MOST_CASES
from storage.teams import TeamTree

_WHOLE = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?")
_NEGATIVE = re.compile(r"[-−–]\s*[0-9][0-9,.]*|\([0-9][0-9,.]*\)|[0-9][0-9,.]*-")
_FORMULA = "This is a formula, and formulas are not worked out here. Put its value in its place."


class NotACount(ValueError):
    """A cell that is no number of cases; the message says what to write instead, without repeating it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What an extract says. `cases` is by team id; the three lists are names of teams as the register has them.

    `elsewhere`: teams that the file puts into another service area. `doubled`: service areas that have as many cases as the teams
    below them together. `missing`: teams that were open on the day, have no team below them and no row.
    """

    cases: Mapping[int, int]
    rejected: tuple[Rejected, ...]
    elsewhere: tuple[str, ...]
    doubled: tuple[str, ...]
    missing: tuple[str, ...]


def judge(desk: Desk, extract: Extract, taken_on: date) -> Judged:
    """Each row as a team of the register, whatever it is called now, and its open cases on a day. Raises NotAllowed."""
    desk.require(Operation.ORGANISE)
    names = known.load(desk)
    cases: dict[int, int] = {}
    rejected: list[Rejected] = []
    elsewhere: list[int] = []
    for row in extract.rows:
        try:
            team_id, found = _read(names, extract, row)
        except _Wrong as wrong:
            rejected.append(Rejected(row.number, wrong.reasons))
            continue
        if team_id in cases:
            rejected.append(Rejected(row.number, (f"{extract.columns.team}: Another row has this team. Keep one.",)))
            continue
        cases[team_id] = found
        if extract.has_parents and not _is_below(desk.teams, team_id, row.parent):
            elsewhere.append(team_id)
    missing = [
        team.id
        for team in desk.teams
        if team.id not in cases and team.is_open(taken_on) and not desk.teams.is_area(team.id)
    ]
    return Judged(
        cases=cases,
        rejected=tuple(rejected),
        elsewhere=_named(desk, elsewhere),
        doubled=_named(desk, [team_id for team_id in cases if _is_sum(desk.teams, cases, team_id)]),
        missing=_named(desk, missing),
    )


def count(cell: Cell) -> int:
    """The number of cases in a cell: `83`, `83.0` or `1,234`. Raises NotACount."""
    if isinstance(cell, Formula):
        raise NotACount(_FORMULA)
    if not cell:
        raise NotACount("This is blank. Put the number of open cases, and 0 where there is none.")
    if _NEGATIVE.fullmatch(cell):
        raise NotACount("A number of open cases can't be negative.")
    if not _WHOLE.fullmatch(cell):
        raise NotACount("This is not a whole number. Write it like 83 or 1,234.")
    digits = cell.partition(".")[0].replace(",", "").lstrip("0") or "0"
    if len(digits) > len(str(MOST_CASES)) or int(digits) > MOST_CASES:
        raise NotACount(f"No team has more than {MOST_CASES:,} open cases. Check the number.")
    return int(digits)


class _Wrong(Exception):
    """What is wrong with a row."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(f"{len(reasons)} problems")
        self.reasons = reasons


def _read(names: Known, extract: Extract, row: Row) -> tuple[int, int]:
    """The team's id and its cases. Raises _Wrong."""
    if row.overflows:
        raise _Wrong(
            "The row has more cells than there are headings. Put quotation marks around what has the separator in it, such as "
            "“1,234”."
        )
    reasons = []
    team_id = cases = None
    try:
        team_id = _team(names, row.team)
    except NotKnown as problem:
        reasons.append(f"{extract.columns.team}: {problem}")
    try:
        cases = count(row.cases)
    except NotACount as problem:
        reasons.append(f"{extract.columns.cases}: {problem}")
    if team_id is None or cases is None:
        raise _Wrong(*reasons)
    return team_id, cases


def _team(names: Known, cell: Cell) -> int:
    if isinstance(cell, Formula):
        raise NotKnown(_FORMULA)
    if not cell:
        raise NotKnown("This is blank. Put the team’s name as it is in the register.")
    try:
        return names.team(cell)
    except NotKnown:
        if is_total(cell):
            raise NotKnown(
                "This looks like a row of totals. It is left out: totals are added up from the teams."
            ) from None
        raise


def _is_below(teams: TeamTree, team_id: int, parent: Cell) -> bool:
    """Whether a team is below the service area that the file names, as far as it names one."""
    if isinstance(parent, Formula) or not parent:
        return True
    area = teams.named(parent)
    return area is not None and area.id in teams.line(team_id)


def _is_sum(teams: TeamTree, cases: Mapping[int, int], team_id: int) -> bool:
    below = [cases[other] for other in teams.subtree(team_id) - {team_id} if other in cases]
    return len(below) > 1 and cases[team_id] == sum(below) > 0


def _named(desk: Desk, team_ids: list[int]) -> tuple[str, ...]:
    return tuple(desk.teams[team_id].name for team_id in team_ids)
