"""The reading side of the Ombudsman: enquiries, decisions and remedies, on a complaint and waiting for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage import people
from storage.models import Complaint, Enquiry, Event, FreeText, Remedy
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation
from storage.register import ledger
from storage.vocabulary import EventKind, OmbudsmanDecision


@dataclass(frozen=True, slots=True)
class EnquiryLine:
    """One enquiry. `days_left` counts working days to the day the reply is due: 0 is today, negative is overdue."""

    id: int
    complaint_id: int
    reference: str
    team_id: int
    handler: Who | None
    received_on: date
    reply_due_on: date
    days_left: int
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class RemedyLine:
    """One remedy. `text` and `evidence_wanted` are None once cleared; `evidence_wanted` also when none is."""

    id: int
    complaint_id: int
    reference: str
    team_id: int
    handler: Who | None
    owner: Who | None
    text: str | None
    evidence_wanted: str | None
    wants_evidence: bool
    due_on: date
    days_left: int
    evidence_ref: str | None
    evidenced_on: date | None
    done_on: date | None
    told_on: date | None

    @property
    def is_late(self) -> bool:
        """Whether it was done after the day it was due; one that is open is judged by `days_left`."""
        return self.done_on is not None and self.done_on > self.due_on


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What the Ombudsman decided, and on which day."""

    on: date
    decision: OmbudsmanDecision


@dataclass(frozen=True, slots=True)
class OmbudsmanFacts:
    """All about one complaint at the Ombudsman, each in the order of its dates."""

    reference: str
    enquiries: tuple[EnquiryLine, ...]
    decisions: tuple[DecisionLine, ...]
    remedies: tuple[RemedyLine, ...]


def is_known(desk: Desk, complaint_id: int) -> bool:
    """Whether the Ombudsman asked or decided about a complaint, or a remedy was agreed; for the app itself."""
    return bool(desk.session.scalar(_known(), {"id": complaint_id}))


# Built once: it is asked whenever a complaint is shown.
@cache
def _known() -> Any:
    this: Any = bindparam("id")
    decided = and_(col(Event.complaint_id) == this, col(Event.kind) == EventKind.OMBUDSMAN_DECIDED)
    return select(
        or_(
            exists().where(col(Enquiry.complaint_id) == this),
            exists().where(col(Remedy.complaint_id) == this),
            exists().where(decided),
        )
    )


def of_complaint(desk: Desk, reference: str) -> OmbudsmanFacts:
    """One complaint. Raises UnknownReference when it isn't there or the person may not see it."""
    file = ledger.look(desk, reference, Operation.SEE)
    decisions = desk.session.scalars(
        select(Event)
        .where(col(Event.complaint_id) == file.id, col(Event.kind) == EventKind.OMBUDSMAN_DECIDED)
        .order_by(col(Event.happened_on), col(Event.sequence))
    )
    return OmbudsmanFacts(
        reference=file.complaint.reference,
        enquiries=tuple(_enquiries(desk, [col(Enquiry.complaint_id) == file.id])),
        decisions=tuple(DecisionLine(one.happened_on, OmbudsmanDecision(one.data["decision"])) for one in decisions),
        remedies=tuple(_remedies(desk, [col(Remedy.complaint_id) == file.id])),
    )


def remedies_of_mine(desk: Desk) -> list[RemedyLine]:
    """What this person sees to, also for whom they stand in, and has not done; the earliest due date first."""
    owners = [one for one in (desk.actor.person_id, *desk.actor.covers) if one is not None]
    return _remedies(desk, [col(Remedy.owner_id).in_(owners), col(Remedy.done_on).is_(None)])


def remedy(desk: Desk, remedy_id: int) -> RemedyLine:
    """One remedy, for the app itself. Raises LookupError when there is none of that number."""
    found = _remedies(desk, [col(Remedy.id) == remedy_id])
    if not found:
        raise LookupError(f"there is no remedy {remedy_id}")
    return found[0]


def replies_due(desk: Desk, within: int) -> dict[int, date]:
    """The nearest reply that the Ombudsman waits for, by complaint: due in at most `within` working days, or overdue."""
    rows = desk.session.execute(
        select(col(Enquiry.complaint_id), func.min(col(Enquiry.reply_due_on)).label("due_on"))
        .where(col(Enquiry.answered_on).is_(None), col(Enquiry.reply_due_on) <= desk.calendar.add(desk.today, within))
        .group_by(col(Enquiry.complaint_id))
    )
    return {row.complaint_id: row.due_on for row in rows}


def _enquiries(desk: Desk, conditions: Sequence[Any]) -> list[EnquiryLine]:
    rows = desk.session.execute(
        select(Enquiry, Complaint)
        .join(Complaint, col(Complaint.id) == col(Enquiry.complaint_id))
        .where(*conditions)
        .order_by(col(Enquiry.reply_due_on), col(Enquiry.id))
    ).all()
    who = people.everyone(desk.session, [row.Complaint.handler_id for row in rows])
    return [
        EnquiryLine(
            id=row.Enquiry.id,
            complaint_id=row.Enquiry.complaint_id,
            reference=row.Complaint.reference,
            team_id=row.Complaint.lead_team_id,
            handler=who.get(row.Complaint.handler_id),
            received_on=row.Enquiry.received_on,
            reply_due_on=row.Enquiry.reply_due_on,
            days_left=desk.calendar.days_left(desk.today, row.Enquiry.reply_due_on),
            answered_on=row.Enquiry.answered_on,
        )
        for row in rows
    ]


def _remedies(desk: Desk, conditions: Sequence[Any]) -> list[RemedyLine]:
    said, wanted = aliased(FreeText), aliased(FreeText)
    rows = desk.session.execute(
        select(Remedy, Complaint, col(said.body).label("said"), col(wanted.body).label("wanted"))
        .join(Complaint, col(Complaint.id) == col(Remedy.complaint_id))
        .join(said, col(said.id) == col(Remedy.text_id))
        .outerjoin(wanted, col(wanted.id) == col(Remedy.evidence_text_id))
        .where(*conditions)
        .order_by(col(Remedy.due_on), col(Remedy.id))
    ).all()
    who = people.everyone(
        desk.session, [one for row in rows for one in (row.Remedy.owner_id, row.Complaint.handler_id)]
    )
    return [
        RemedyLine(
            id=row.Remedy.id,
            complaint_id=row.Remedy.complaint_id,
            reference=row.Complaint.reference,
            team_id=row.Complaint.lead_team_id,
            handler=who.get(row.Complaint.handler_id),
            owner=who.get(row.Remedy.owner_id),
            text=row.said,
            evidence_wanted=row.wanted,
            wants_evidence=row.Remedy.evidence_text_id is not None,
            due_on=row.Remedy.due_on,
            days_left=desk.calendar.days_left(desk.today, row.Remedy.due_on),
            evidence_ref=row.Remedy.evidence_ref,
            evidenced_on=row.Remedy.evidenced_on,
            done_on=row.Remedy.done_on,
            told_on=row.Remedy.told_on,
        )
        for row in rows
    ]
