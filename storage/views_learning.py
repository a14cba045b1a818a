"""The reading side of learning: actions as their owners and the complaints team see them, and notes that all managers read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage import people
from storage.figures.notes import Readers, readers
from storage.models import (
    Complaint,
    ComplaintTheme,
    Event,
    FreeText,
    LearningAction,
    LearningNote,
    Person,
    Stage,
    Theme,
)
from storage.office import Desk
from storage.people import Who
from storage.periods import Period
from storage.permissions import Operation
from storage.register import learning, ledger
from storage.register.learning import FAULT
from storage.register.notes import references
from storage.vocabulary import EventKind

MOST_ACTIONS_IN_A_DRAFT = 3


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One learning action. Texts are None once cleared; `evidence` also while nobody said what was done.

    `days_left` counts working days to the day it is due: 0 is today, negative is overdue.
    """

    id: int
    complaint_id: int
    reference: str
    team_id: int
    handler_id: int | None
    text: str | None
    owner: Who | None
    due_on: date
    days_left: int
    done_on: date | None
    done_by: Who | None
    evidence: str | None
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a learning note can be made from; nothing in it names the complaint, a team or a member of staff."""

    reference: str
    stage: int
    themes: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A learning note that was shared, and who of all managers has read it."""

    id: int
    body: str
    shared_on: date
    readers: Readers


def action(desk: Desk, action_id: int) -> ActionFacts:
    """One action, for its owner, whoever stands in, or the complaints team. Raises UnknownReference."""
    learning.find(desk, action_id)
    (found,) = these(desk, [action_id])
    return found


def these(desk: Desk, action_ids: Iterable[int]) -> list[ActionFacts]:
    """The actions with these numbers, for the app itself; those that aren't there are left out."""
    return _actions(desk, [col(LearningAction.id).in_(list(action_ids))])


def not_over(desk: Desk, until: date) -> list[ActionFacts]:
    """Actions due by `until` that are not done, and those that wait to be verified; for the app itself."""
    done = col(LearningAction.done_on).is_not(None)
    return _actions(desk, [col(LearningAction.verified_on).is_(None), done | (col(LearningAction.due_on) <= until)])


def to_verify(desk: Desk, complaint_id: int | None = None) -> list[ActionFacts]:
    """What this person can verify, of one complaint or of all; the longest done first. Nothing for who may not verify."""
    if not desk.actor.sees_all:
        return []
    conditions: list[Any] = [col(LearningAction.verified_on).is_(None), col(LearningAction.done_on).is_not(None)]
    if complaint_id is not None:
        conditions.append(col(LearningAction.complaint_id) == complaint_id)
    own = desk.actor.person_id
    found = [
        one
        for one in _actions(desk, conditions)
        if own is None or own not in {who.id for who in (one.owner, one.done_by) if who is not None}
    ]
    return sorted(found, key=lambda one: (one.done_on or date.max, one.id))


def still_missing(desk: Desk, action: ActionFacts) -> str | None:
    """Why an action was last given back to its owner, while it is theirs to do; None when it never was, or once cleared."""
    if action.done_on is not None:
        return None
    events = desk.session.scalars(
        select(Event)
        .where(col(Event.complaint_id) == action.complaint_id, col(Event.kind) == EventKind.ACTION_SENT_BACK)
        .order_by(col(Event.sequence).desc())
    )
    last = next((event for event in events if event.data["action"] == action.id), None)
    return (
        desk.session.scalar(select(col(FreeText.body)).where(col(FreeText.id) == last.data["text"])) if last else None
    )


def found_fault(desk: Desk, complaint_id: int) -> bool:
    """Whether fault was found at any stage of a complaint."""
    return learning.found_fault(desk, complaint_id)


def stages_without_note(desk: Desk, complaint_id: int) -> list[int]:
    """The numbers of this complaint's stages that ended with fault found and have no learning note, the earliest first."""
    return list(desk.session.scalars(without_note(col(Stage.number)).where(col(Stage.complaint_id) == complaint_id)))


def without_note(*columns: Any) -> Any:
    """A query of stages that ended with fault found, for which nobody has shared or declined a learning note."""
    note = select(col(LearningNote.id)).where(
        col(LearningNote.complaint_id) == col(Stage.complaint_id), col(LearningNote.stage) == col(Stage.number)
    )
    return (
        select(*columns)
        .where(col(Stage.is_open).is_(False), col(Stage.finding).in_(FAULT), ~note.exists())
        .order_by(col(Stage.ended_on), col(Stage.id))
    )


def draft(desk: Desk, reference: str, stage: int | None = None) -> Draft | None:
    """What the note of a stage can be made from, by default of the earliest that has none; None where no note is wanted.

    Raises NotAllowed; UnknownReference.
    """
    file = ledger.look(desk, reference, Operation.LEARN)
    wanting = stages_without_note(desk, file.id)
    if not wanting or (stage is not None and stage not in wanting):
        return None
    themes = desk.session.scalars(
        select(col(Theme.name))
        .join(ComplaintTheme, col(ComplaintTheme.theme_id) == col(Theme.id))
        .where(col(ComplaintTheme.complaint_id) == file.id)
        .order_by(col(Theme.name))
    )
    texts = [one.text for one in _actions(desk, [col(LearningAction.complaint_id) == file.id]) if one.text]
    return Draft(
        reference=file.complaint.reference,
        stage=wanting[0] if stage is None else stage,
        themes=tuple(themes),
        actions=tuple(_nameless(desk, file.complaint.reference, texts[:MOST_ACTIONS_IN_A_DRAFT])),
    )


def note(desk: Desk, note_id: int) -> NoteFacts | None:
    """One note that was shared; None when there is none."""
    return next(iter(_notes(desk, [col(LearningNote.id) == note_id])), None)


def notes(desk: Desk, period: Period) -> list[NoteFacts]:
    """The notes that were shared in a period, the newest first. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    return _notes(desk, [col(LearningNote.approved_on).between(period.first, period.last)])


def _notes(desk: Desk, conditions: Sequence[Any]) -> list[NoteFacts]:
    rows = desk.session.execute(
        select(col(LearningNote.id), col(LearningNote.body), col(LearningNote.approved_on))
        .where(*conditions, col(LearningNote.body).is_not(None))
        .order_by(col(LearningNote.approved_on).desc(), col(LearningNote.id).desc())
    ).all()
    read = readers(desk, [row.id for row in rows])
    return [NoteFacts(row.id, row.body, row.approved_on, read[row.id]) for row in rows]


def _actions(desk: Desk, conditions: Sequence[Any]) -> list[ActionFacts]:
    said, evidence = aliased(FreeText), aliased(FreeText)
    rows = desk.session.execute(
        select(LearningAction, Complaint, col(said.body).label("said"), col(evidence.body).label("evidence"))
        .join(Complaint, col(Complaint.id) == col(LearningAction.complaint_id))
        .join(said, col(said.id) == col(LearningAction.text_id))
        .outerjoin(evidence, col(evidence.id) == col(LearningAction.evidence_text_id))
        .where(*conditions)
        .order_by(col(LearningAction.due_on), col(LearningAction.id))
    ).all()
    wanted = [one for row in rows for one in (row.LearningAction.owner_id, row.LearningAction.done_by_id)]
    who = people.everyone(desk.session, wanted)
    return [
        ActionFacts(
            id=row.LearningAction.id,
            complaint_id=row.Complaint.id,
            reference=row.Complaint.reference,
            team_id=row.Complaint.lead_team_id,
            handler_id=row.Complaint.handler_id,
            text=row.said,
            owner=who.get(row.LearningAction.owner_id),
            due_on=row.LearningAction.due_on,
            days_left=desk.calendar.days_left(desk.today, row.LearningAction.due_on),
            done_on=row.LearningAction.done_on,
            done_by=who.get(row.LearningAction.done_by_id or 0),
            evidence=row.evidence,
            verified_on=row.LearningAction.verified_on,
        )
        for row in rows
    ]


def _nameless(desk: Desk, reference: str, texts: Iterable[str]) -> Iterable[str]:
    """Texts without what would tell whose complaint it was: references, names of teams and of members of staff."""
    teams = _any_of(team.name for team in desk.teams)
    staff = _any_of(desk.session.scalars(select(col(Person.name))))
    numbers = references(desk, reference)
    for text in texts:
        said = numbers.sub("the complaint", text)
        said = teams.sub("the team", said)
        yield staff.sub("a member of staff", said)


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """What finds any of these names as whole words, as they are written; nothing when there are none."""
    longest_first = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    found = "|".join(re.escape(name) for name in longest_first) or r"(?!)"
    return re.compile(rf"\b(?:[Tt]he )?(?:{found})(?: [Tt]eam)?\b")
