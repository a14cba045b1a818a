"""What somebody owns: open complaints, learning actions, remedies, commitments. Reads only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, literal, select
from sqlmodel import col

from storage.models import (
    IS_OPEN,
    Commitment,
    CommitmentEvent,
    Complaint,
    Event,
    FreeText,
    LearningAction,
    Remedy,
    Stage,
)
from storage.office import Desk
from storage.vocabulary import CommitmentKind, EventKind


class Kind(StrEnum):
    """What can be owned."""

    COMPLAINT = "complaint"
    ACTION = "action"
    REMEDY = "remedy"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is owned and not over. `id` is the number of its row, `reference` how people call it.

    `team_id` is the lead team of its complaint; for a commitment the area it is for, None when it is for all.
    """

    kind: Kind
    id: int
    reference: str
    owner_id: int
    team_id: int | None
    due_on: date
    complaint_id: int | None

    @property
    def name(self) -> str:
        """`CS-2026-0042`, `the action of CS-2026-0042`, `the commitment P-0003`."""
        if self.kind is Kind.COMPLAINT:
            return self.reference
        return f"the {self.kind.value} {'' if self.kind is Kind.COMMITMENT else 'of '}{self.reference}"

    @property
    def key(self) -> str:
        """`complaint:12`, for forms and buttons."""
        return f"{self.kind.value}:{self.id}"


def held(desk: Desk, person_ids: Collection[int] | None = None) -> list[Held]:
    """Everything these people own and have still to do (everybody's when None): complaints first, each kind by its due date.

    What its owner says is done waits for the complaints team, and is not here.
    """
    return [
        Held(
            Kind(row.kind),
            row.id,
            row.reference or f"P-{row.id:04d}",
            row.owner_id,
            row.team_id,
            row.due_on,
            row.complaint_id,
        )
        for query in _queries()
        for row in desk.session.execute(_of(query, person_ids))
    ]


def _queries() -> Iterable[tuple[Select, object]]:  # type: ignore[type-arg]  # reason: four tables with the same columns
    yield (
        select(
            literal(Kind.COMPLAINT.value).label("kind"), col(Complaint.id), col(Complaint.reference),
            col(Complaint.owner_id), col(Complaint.lead_team_id).label("team_id"), col(Stage.due_on),
            col(Complaint.id).label("complaint_id"),
        )
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .where(IS_OPEN, col(Complaint.owner_id).is_not(None), col(Complaint.closed_on).is_(None))
        .order_by(col(Stage.due_on), col(Complaint.id)),
        col(Complaint.owner_id),
    )  # fmt: skip
    for kind, table, over in (
        (Kind.ACTION, LearningAction, col(LearningAction.done_on)),
        (Kind.REMEDY, Remedy, col(Remedy.done_on)),
    ):
        yield (
            select(
                literal(kind.value).label("kind"), col(table.id), col(Complaint.reference), col(table.owner_id),
                col(Complaint.lead_team_id).label("team_id"), col(table.due_on), col(Complaint.id).label("complaint_id"),
            )
            .join(Complaint, col(Complaint.id) == col(table.complaint_id))
            .where(over.is_(None))
            .order_by(col(table.due_on), col(table.id)),
            col(table.owner_id),
        )  # fmt: skip
    yield (
        select(
            literal(Kind.COMMITMENT.value).label("kind"), col(Commitment.id), literal(None).label("reference"),
            col(Commitment.owner_id), col(Commitment.team_id), col(Commitment.due_on), literal(None).label("complaint_id"),
        )
        .where(col(Commitment.ended_on).is_(None), col(Commitment.done_on).is_(None))
        .order_by(col(Commitment.due_on), col(Commitment.id)),
        col(Commitment.owner_id),
    )  # fmt: skip


def _of(query: tuple[Select, object], person_ids: Collection[int] | None) -> Select:  # type: ignore[type-arg]
    found, owner = query
    return found if person_ids is None else found.where(owner.in_(person_ids))  # type: ignore[attr-defined]


def passed_on(desk: Desk, items: Collection[str], owner_id: int) -> list[tuple[Held, str | None]]:
    """Of these keys what this person owns now and has still to do, each with the note it came with."""
    found = [one for one in held(desk, [owner_id]) if one.key in items]
    notes = _notes(desk, found)
    return [(one, notes.get(one.key)) for one in found]


def _notes(desk: Desk, items: Collection[Held]) -> dict[str, str]:
    """The note of the last handover of each, by key."""
    complaint_ids = {one.complaint_id for one in items if one.complaint_id is not None}
    events = desk.session.scalars(
        select(Event)
        .where(col(Event.complaint_id).in_(complaint_ids), col(Event.kind).in_(_MOVES))
        .order_by(col(Event.sequence))
    ).all()
    texts = {event.data["text"] for event in events if "text" in event.data}
    bodies = dict(
        desk.session.execute(select(col(FreeText.id), col(FreeText.body)).where(col(FreeText.id).in_(texts))).all()
    )
    found: dict[str, str] = {}
    for event in events:
        kind = _MOVES[event.kind]
        number = event.complaint_id if kind is Kind.COMPLAINT else event.data.get(kind.value)
        found[f"{kind.value}:{number}"] = bodies.get(event.data.get("text")) or ""
    commitments = [one.id for one in items if one.kind is Kind.COMMITMENT]
    moved = select(CommitmentEvent).where(
        col(CommitmentEvent.commitment_id).in_(commitments), col(CommitmentEvent.kind) == CommitmentKind.MOVED
    )
    for made in desk.session.scalars(moved.order_by(col(CommitmentEvent.id))):
        found[f"{Kind.COMMITMENT.value}:{made.commitment_id}"] = made.note or ""
    return {key: note for key, note in found.items() if note}


_MOVES = {
    EventKind.ALLOCATED: Kind.COMPLAINT,
    EventKind.ACTION_MOVED: Kind.ACTION,
    EventKind.REMEDY_MOVED: Kind.REMEDY,
}


def names(desk: Desk, keys: Collection[str]) -> list[str]:
    """How these are called, whoever owns them and whether or not they are over."""
    wanted: dict[Kind, list[int]] = {}
    for key in keys:
        kind, _, number = key.partition(":")
        wanted.setdefault(Kind(kind), []).append(int(number))
    found = [f"the commitment P-{number:04d}" for number in wanted.get(Kind.COMMITMENT, ())]
    complaints = select(col(Complaint.reference)).where(col(Complaint.id).in_(wanted.get(Kind.COMPLAINT, ())))
    found += list(desk.session.scalars(complaints.order_by(col(Complaint.id))))
    for kind, table in ((Kind.ACTION, LearningAction), (Kind.REMEDY, Remedy)):
        of = (
            select(col(Complaint.reference))
            .join(table, col(table.complaint_id) == col(Complaint.id))
            .where(col(table.id).in_(wanted.get(kind, ())))
        )
        found += [f"the {kind.value} of {reference}" for reference in desk.session.scalars(of)]
    return found
