"""The reading side: what screens show of complaints, as frozen facts. Nothing here changes anything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlmodel import col

from storage import people, references
from storage.models import (
    IS_OPEN,
    Complaint,
    Event,
    FreeText,
    Issue,
    LearningAction,
    Stage,
    Theme,
)  # fmt: skip
from storage.office import Desk
from storage.people import Who
from storage.permissions import TABLE, Operation, Reach
from storage.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class StageLine:
    """One complaint in a list. `days_left` counts working days to the due date: 0 is today, negative is overdue.

    `waits`: the stage was asked for and is neither open nor refused. `independent`: it has an investigation or a panel, so that
    only the complaints team records its answer. `by_issue`: the answer is a finding on each issue. `next_step`: the next dated
    step before the response, due on `next_due_on`; without one that is the due date.
    """

    complaint_id: int
    stage_id: int
    reference: str
    team: str
    team_id: int
    number: int
    stage_title: str
    received_on: date
    started_on: date
    due_on: date
    days_left: int
    owner: Who | None
    acknowledged_on: date | None
    is_open: bool
    ended_on: date | None
    outcome: str | None
    next_due_on: date
    next_step: str | None = None
    waits: bool = False
    independent: bool = False
    by_issue: bool = False


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A learning action in a list. `done_on` is what its owner says, `verified_on` when somebody else saw that it was."""

    id: int
    reference: str
    text: str | None
    owner: Who | None
    due_on: date
    days_left: int
    done_on: date | None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """Open complaints and learning actions of people somebody stands in for."""

    lines: tuple[StageLine, ...] = ()
    promised: tuple[ActionLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.promised)


NOBODYS = Covered()


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One entry of a complaint's history."""

    sequence: int
    kind: EventKind
    happened_on: date
    recorded_at: datetime
    actor: Who | None
    data: dict[str, Any]


def line_by_id(desk: Desk, complaint_id: int) -> StageLine:
    """What a list says of one complaint's latest stage, for the app itself. Raises UnknownReference."""
    found = _lines(desk, latest().where(col(Complaint.id) == complaint_id))
    if not found:
        raise references.unknown(str(complaint_id))
    return found[0]


def event(desk: Desk, complaint_id: int, sequence: int) -> EventFacts:
    """One entry of a complaint's history. Raises LookupError when there is none of that number."""
    row = desk.session.execute(
        select(Event).where(col(Event.complaint_id) == complaint_id, col(Event.sequence) == sequence)
    ).scalar_one_or_none()
    if row is None:
        raise LookupError(f"complaint {complaint_id} has no event {sequence}")
    who = people.everyone(desk.session, [row.actor_id]).get(row.actor_id or 0)
    return EventFacts(row.sequence, row.kind, row.happened_on, row.recorded_at, who, row.data)


def text(desk: Desk, text_id: int) -> str | None:
    """What was written, or None once cleared."""
    return desk.session.scalar(select(col(FreeText.body)).where(col(FreeText.id) == text_id))


def owned(desk: Desk, person_id: int) -> list[StageLine]:
    """Open complaints this person owns, the earliest due date first."""
    return _lines(desk, _open().where(col(Complaint.owner_id) == person_id, col(Complaint.closed_on).is_(None)))


def covered(desk: Desk) -> Covered:
    """What this person sees to for whom they stand in today, the earliest due date first."""
    absent = sorted(desk.actor.covers)
    lines = [line for one in absent for line in owned(desk, one)]
    promised = [action for one in absent for action in actions_owned(desk, one)]
    return Covered(
        tuple(sorted(lines, key=lambda line: (line.due_on, line.complaint_id))),
        tuple(sorted(promised, key=lambda action: (action.due_on, action.id))),
    )


def still_open(desk: Desk, complaint_ids: Collection[int]) -> list[StageLine]:
    """Those of these complaints that are open, the earliest due date first; for the app itself."""
    return _lines(desk, _open().where(col(Complaint.id).in_(complaint_ids)))


def unallocated(desk: Desk) -> list[StageLine]:
    """Open complaints without a named manager that this person may see, the earliest due date first."""
    query = _open().where(col(Complaint.owner_id).is_(None))
    if not desk.actor.sees_all:
        query = query.where(col(Complaint.lead_team_id).in_(_own_teams(desk)))
    return _lines(desk, query)


def overdue(desk: Desk) -> list[StageLine]:
    """Open complaints whose due date has passed, the longest overdue first; for the app itself."""
    return _lines(desk, _open().where(col(Stage.due_on) < desk.today))


def count_open(desk: Desk) -> int:
    """How many complaints are open in all."""
    return desk.session.scalar(select(func.count()).select_from(Stage).where(IS_OPEN)) or 0


def actions_owned(desk: Desk, person_id: int) -> list[ActionLine]:
    """What this person promised and has not done, the earliest due date first."""
    return actions_where(desk, [col(LearningAction.owner_id) == person_id, col(LearningAction.done_on).is_(None)])


def themes(desk: Desk) -> list[tuple[int, str]]:
    """Themes that can be chosen today, by name."""
    rows = desk.session.execute(
        select(col(Theme.id), col(Theme.name))
        .where(or_(col(Theme.retired_on).is_(None), col(Theme.retired_on) > desk.today))
        .order_by(col(Theme.name))
    )
    return [(row.id, row.name) for row in rows]


def _own_teams(desk: Desk) -> set[int]:
    """Teams whose complaints the person may claim or see by their role for the team."""
    found: set[int] = set()
    for role, team_id in desk.actor.roles:
        if TABLE[Operation.SEE].get(role) in {Reach.OWN_TEAMS, Reach.OWN_OR_TEAMS}:
            found |= {team.id for team in desk.teams} if team_id is None else desk.teams.subtree(team_id)
    return found


def latest() -> Select[Complaint, Stage]:
    """One complaint, which the caller chooses, with its latest stage."""
    return (
        select(Complaint, Stage)
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .order_by(col(Stage.number).desc())
        .limit(1)
    )


def _open() -> Select[Complaint, Stage]:
    return (
        select(Complaint, Stage)
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .where(IS_OPEN)
        .order_by(col(Stage.due_on), col(Complaint.id))
    )


def _lines(desk: Desk, query: Select[Complaint, Stage]) -> list[StageLine]:
    rows = desk.session.execute(query).all()
    owners = people.everyone(desk.session, [row.Complaint.owner_id for row in rows])
    with_issues = with_issues_of(desk, [row.Complaint.id for row in rows])
    return [
        line_of(desk, row.Complaint, row.Stage, owners.get(row.Complaint.owner_id), with_issues=with_issues)
        for row in rows
    ]


def with_issues_of(desk: Desk, complaint_ids: Collection[int]) -> set[int]:
    """Which of these complaints hold issues."""
    if not complaint_ids:
        return set()
    found = select(col(Issue.complaint_id)).where(col(Issue.complaint_id).in_(complaint_ids)).distinct()
    return set(desk.session.scalars(found))


def line_of(
    desk: Desk, found: Complaint, stage: Stage, owner: Who | None, *, with_issues: Collection[int]
) -> StageLine:
    """What a list says of one stage. `with_issues`: the complaints that hold issues (see `with_issues_of`)."""
    procedure = desk.rules_of(found)
    rules = procedure.stage(stage.number)
    assert found.id is not None  # noqa: S101 - read from the database
    assert stage.id is not None  # noqa: S101 - read from the database
    return StageLine(
        complaint_id=found.id,
        stage_id=stage.id,
        reference=found.reference,
        team=desk.teams[found.lead_team_id].name,
        team_id=found.lead_team_id,
        number=stage.number,
        stage_title=rules.title,
        received_on=found.received_on,
        started_on=stage.started_on,
        due_on=stage.due_on,
        days_left=desk.calendar_of(procedure).days_left(desk.today, stage.due_on),
        owner=owner,
        acknowledged_on=stage.acknowledged_on,
        is_open=stage.is_open,
        ended_on=stage.ended_on,
        outcome=procedure.outcome(stage.outcome).label if stage.outcome else None,
        next_due_on=stage.next_due_on,
        next_step=rules.step_titles.get(stage.next_step or ""),
        waits=stage.is_open and stage.opened_on is None,
        independent=bool(rules.posts),
        by_issue=rules.issues and found.id in with_issues,
    )


def actions_where(desk: Desk, conditions: Sequence[Any]) -> list[ActionLine]:
    """Learning actions that fit these conditions, the earliest due date first, whoever may see them."""
    rows = desk.session.execute(
        select(LearningAction, col(Complaint.reference), col(FreeText.body))
        .join(Complaint, col(Complaint.id) == col(LearningAction.complaint_id))
        .join(FreeText, col(FreeText.id) == col(LearningAction.text_id))
        .where(*conditions)
        .order_by(col(LearningAction.due_on), col(LearningAction.id))
    ).all()
    owners = people.everyone(desk.session, [row.LearningAction.owner_id for row in rows])
    return [
        ActionLine(
            id=row.LearningAction.id,
            reference=row.reference,
            text=row.body,
            owner=owners.get(row.LearningAction.owner_id),
            due_on=row.LearningAction.due_on,
            days_left=desk.calendar.days_left(desk.today, row.LearningAction.due_on),
            done_on=row.LearningAction.done_on,
            verified_on=row.LearningAction.verified_on,
        )
        for row in rows
    ]
