"""Learning actions due in a period, by team (FIGURES.md). Done means verified, judged by the day its owner said done."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Integer, and_, case, cast, func, select
from sqlmodel import col

from storage.models import Complaint, LearningAction
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation

DEFINITION = (
    "Learning actions due in the period, by the lead team of their complaint. On time and late: verified by the complaints team, "
    "and done, as its owner said, by the day it was due or after it. Not verified yet: open, or overdue where it was not done by "
    "the day it was due. To be verified: of these, what its owner says is done"
)


@dataclass
class ActionCounts:
    """What was due. `on_time`, `late`, `open` and `overdue` add up to it; `to_verify` are some of the last two."""

    on_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0
    to_verify: int = 0

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.open + self.overdue

    def __iadd__(self, other: "ActionCounts") -> "ActionCounts":
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One team's actions."""

    team_id: int
    team: str
    counts: ActionCounts


@dataclass(frozen=True, slots=True)
class ActionTable:
    """Actions team by team and in total; the rows add up to the total. Teams without any are left out."""

    period: Period
    rows: tuple[ActionRow, ...]
    total: ActionCounts


def action_table(desk: Desk, period: Period, *, team_ids: Iterable[int] | None = None) -> ActionTable:
    """The actions due in a period, of these teams only when `team_ids` is given. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    over = col(LearningAction.verified_on).is_not(None)
    done = col(LearningAction.done_on)
    # What is said to be done is judged by the day of that, what isn't by today.
    in_time = func.coalesce(done, desk.today) <= col(LearningAction.due_on)
    rows = desk.session.execute(
        select(
            col(Complaint.lead_team_id).label("team_id"),
            *(
                cast(func.sum(case((which, 1), else_=0)), Integer).label(name)
                for name, which in (
                    ("on_time", and_(over, in_time)),
                    ("late", and_(over, ~in_time)),
                    ("open", and_(~over, in_time)),
                    ("overdue", and_(~over, ~in_time)),
                    ("to_verify", and_(~over, done.is_not(None))),
                )
            ),
        )
        .join(Complaint, col(Complaint.id) == col(LearningAction.complaint_id))
        .where(col(LearningAction.due_on).between(period.first, period.last))
        .group_by(col(Complaint.lead_team_id))
    )
    found = {row.team_id: ActionCounts(row.on_time, row.late, row.open, row.overdue, row.to_verify) for row in rows}
    wanted = None if team_ids is None else set(team_ids)
    told = tuple(
        ActionRow(team.id, team.name, found[team.id])
        for team in desk.teams
        if team.id in found and (wanted is None or team.id in wanted)
    )
    total = ActionCounts()
    for row in told:
        total += row.counts
    return ActionTable(period, told, total)
