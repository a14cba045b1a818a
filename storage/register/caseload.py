"""Snapshots of the caseload: how many cases each team had open on a day, from the council's case system."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import col, delete, select

from storage.database import dialect
from storage.dates import in_words
from storage.errors import Refusal
from storage.models import Caseload, CouncilChange
from storage.office import Desk
from storage.permissions import Operation
from storage.vocabulary import CouncilMatter

MOST_CASES = 99_999
# Any fixed number will do: two snapshots of one day must not be mixed.
_LOCK = 2006_1740


@dataclass(frozen=True, slots=True)
class Change:
    """What a snapshot changes: open cases by team id `before`, which is empty where the day had no snapshot, and `after`."""

    taken_on: date
    before: Mapping[int, int]
    after: Mapping[int, int]

    @property
    def is_news(self) -> bool:
        return self.before != self.after

    @property
    def replaces(self) -> bool:
        """Whether there is a snapshot of this day that says something else."""
        return bool(self.before) and self.is_news


def compare(desk: Desk, taken_on: date, cases: Mapping[int, int]) -> Change:
    """What `take` would change; nothing is written. Raises Refusal as `take` does, but not for a snapshot without a team."""
    desk.require(Operation.ORGANISE)
    _refuse_day(desk, taken_on)
    for team_id, count in cases.items():
        if team_id not in desk.teams:
            raise Refusal("One of the teams is not in the register.")
        if not 0 <= count <= MOST_CASES:
            raise Refusal(f"A number of open cases is from 0 to {MOST_CASES:,}.")
    kept = select(Caseload.team_id, Caseload.cases).where(Caseload.taken_on == taken_on)
    return Change(taken_on, before=dict(desk.session.exec(kept).all()), after=dict(cases))


def take(desk: Desk, taken_on: date, cases: Mapping[int, int]) -> Change:
    """Keeps how many cases each team (by id) had open on a day, in the place of what was kept of that day; what changed by it.

    The same numbers again change nothing. Old and new numbers stay in the council's history. Raises Refusal for a day in the
    future or outside the calendar, a snapshot without a team, a team that isn't in the register or a number that is no count;
    NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    if not cases:
        raise Refusal("There is no team in this snapshot. Bring at least one.")
    if dialect(desk.session) == "postgresql":
        desk.session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    change = compare(desk, taken_on, cases)
    if not change.is_news:
        return change
    desk.session.execute(delete(Caseload).where(col(Caseload.taken_on) == taken_on))
    desk.session.add_all(Caseload(taken_on=taken_on, team_id=team_id, cases=count) for team_id, count in cases.items())
    data = {"taken_on": taken_on.isoformat(), "old": _written(change.before), "new": _written(change.after)}
    desk.session.add(
        CouncilChange(matter=CouncilMatter.CASELOAD, changed_at=desk.now, actor_id=desk.actor.person_id, data=data)
    )
    desk.session.flush()
    return change


def _refuse_day(desk: Desk, taken_on: date) -> None:
    if taken_on > desk.today:
        raise Refusal(
            f"{in_words(taken_on)} is in the future. Give the day on which the cases were counted.", field="taken_on"
        )
    first, last = desk.calendar.first_day, desk.calendar.last_day
    if not first <= taken_on <= last:
        raise Refusal(
            f"{in_words(taken_on)} is outside the calendar, which reaches from {in_words(first)} to {in_words(last)}. "
            "Check that the year is right.",
            field="taken_on",
        )


def _written(cases: Mapping[int, int]) -> dict[str, int]:
    """As JSON keeps it, whose keys are text."""
    return {str(team_id): count for team_id, count in sorted(cases.items())}
