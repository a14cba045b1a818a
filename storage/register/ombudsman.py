"""A complaint at the Ombudsman: enquiries, decisions, and the remedies agreed, which outlive the closure of their complaint.

DOMAIN.md, section 4: enquiry received, reply due, decision, and each remedy with its owner, due date, evidence and the day the
complainant was told. Nothing here touches a stage's clock, and all of it works on closed complaints too.
"""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage import availability
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal, UnknownReference
from storage.models import Complaint, Enquiry, Event, Remedy
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.register.record import correspondence_problem
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, OmbudsmanDecision

REMEDY_LENGTH = 500
_NO_ENQUIRY = "There is no such enquiry that you can answer. /complaint show and the reference shows what is open."
# One answer for both, or guessing numbers would tell how many there are.
_NO_REMEDY = "There is no such remedy that you own. The complaints team can see to others."


class NewRemedy(BaseModel):
    """What the council agreed to do, who sees to it and by when; `evidence_wanted` is what the Ombudsman asks to be shown."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    text: str
    owner_id: int
    due_on: date
    evidence_wanted: str = ""
    agreed_on: date | None = None


def enquiry_received(desk: Desk, reference: str, received_on: date, reply_due_on: date) -> Enquiry:
    """Records an enquiry and the day its reply is due, which the Ombudsman sets for each.

    Raises FieldProblems; AlreadyDone for one that waits with the same dates; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    _refuse(
        received_on=_day_problem(desk, file, received_on),
        reply_due_on=_due_problem(desk, reply_due_on, received_on, "the enquiry came in"),
    )
    same = select(Enquiry).where(
        Enquiry.complaint_id == file.id,
        Enquiry.received_on == received_on,
        Enquiry.reply_due_on == reply_due_on,
        col(Enquiry.answered_on).is_(None),
    )
    if desk.session.exec(same).first() is not None:
        raise AlreadyDone(
            f"The enquiry of {in_words(received_on)} is recorded already, with a reply due on {in_words(reply_due_on)}. "
            "There is nothing to do."
        )
    enquiry = Enquiry(complaint_id=file.id, received_on=received_on, reply_due_on=reply_due_on)
    desk.session.add(enquiry)
    desk.session.flush()
    ledger.append(
        desk,
        file,
        EventKind.ENQUIRY_RECEIVED,
        on=received_on,
        data={"enquiry": enquiry.id, "reply_due": reply_due_on.isoformat()},
    )
    return enquiry


def enquiry_answered(desk: Desk, enquiry_id: int, on: date | None = None) -> Enquiry:
    """Records the day the reply went to the Ombudsman, today or earlier.

    Raises AlreadyDone; FieldProblems; NotAllowed; UnknownReference also for an enquiry the person may not see.
    """
    enquiry = desk.session.get(Enquiry, enquiry_id)
    complaint = desk.session.get(Complaint, enquiry.complaint_id) if enquiry else None
    if enquiry is None or complaint is None:
        raise UnknownReference(_NO_ENQUIRY)
    try:
        file = ledger.find(desk, complaint.reference, Operation.CONDUCT)
    except UnknownReference as hidden:
        raise UnknownReference(_NO_ENQUIRY) from hidden
    desk.session.refresh(enquiry)
    if enquiry.answered_on is not None:
        raise AlreadyDone(
            f"This enquiry was answered on {in_words(enquiry.answered_on)} already. There is nothing to do."
        )
    day = on or desk.today
    if not enquiry.received_on <= day <= desk.today:
        raise FieldProblems(
            {"on": f"It came in on {in_words(enquiry.received_on)}. Choose that day or a later one, up to today."}
        )
    enquiry.answered_on = day
    ledger.append(desk, file, EventKind.ENQUIRY_ANSWERED, on=day, data={"enquiry": enquiry_id})
    return enquiry


def decided(desk: Desk, reference: str, on: date, outcome: OmbudsmanDecision) -> File:
    """Records what the Ombudsman decided. There may be several, since a complaint can come back.

    Raises FieldProblems; AlreadyDone for the same decision of the same day; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    _refuse(on=_day_problem(desk, file, on))
    before = desk.session.exec(
        select(Event).where(Event.complaint_id == file.id, Event.kind == EventKind.OMBUDSMAN_DECIDED)
    ).all()
    if any(event.happened_on == on and event.data.get("decision") == outcome.value for event in before):
        raise AlreadyDone(f"The decision of {in_words(on)} is recorded already. There is nothing to do.")
    ledger.append(desk, file, EventKind.OMBUDSMAN_DECIDED, on=on, data={"decision": outcome.value})
    return file


def remedy_agreed(desk: Desk, reference: str, remedy: NewRemedy) -> Remedy:
    """Records a remedy with its owner, who need not be able to see the complaint, and the day it is due.

    Raises FieldProblems naming what won't do; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    agreed_on = remedy.agreed_on or desk.today
    evidence = remedy.evidence_wanted
    _refuse(
        text=reason_problem(remedy.text, "what the council will do", longest=REMEDY_LENGTH),
        evidence_wanted=reason_problem(evidence, "what is wanted", longest=REMEDY_LENGTH) if evidence else None,
        owner_id=availability.why_not(desk.session, remedy.owner_id, desk.today, remedy.due_on),
        agreed_on=_day_problem(desk, file, agreed_on),
        due_on=_due_problem(desk, remedy.due_on, agreed_on, "it was agreed"),
    )
    text = ledger.keep_text(desk, file, "remedy", remedy.text)
    wanted = ledger.keep_text(desk, file, "evidence", evidence) if evidence else None
    made = Remedy(
        complaint_id=file.id,
        text_id=text.id,
        evidence_text_id=wanted.id if wanted else None,
        owner_id=remedy.owner_id,
        due_on=remedy.due_on,
    )
    desk.session.add(made)
    desk.session.flush()
    data: dict[str, Any] = {"remedy": made.id, "owner": made.owner_id, "due": made.due_on.isoformat()}
    if wanted is not None:
        data |= {"evidence_text": wanted.id, "evidence_digest": wanted.digest}
    ledger.append(desk, file, EventKind.REMEDY_AGREED, on=agreed_on, data=data, text=text)
    return made


def remedy_evidenced(desk: Desk, remedy_id: int, evidence_ref: str, on: date | None = None) -> Remedy:
    """Records where the council keeps the evidence; later evidence takes its place until the remedy is done.

    By its owner or the complaints team. `evidence_ref` is the council's own reference, never a person's. Raises AlreadyDone;
    FieldProblems; UnknownReference also for anybody else.
    """
    remedy, file = _acting(desk, remedy_id)
    _must_not_be_done(remedy)
    given, day = evidence_ref.strip(), on or desk.today
    if given and given == remedy.evidence_ref:
        raise AlreadyDone("This evidence is recorded already. There is nothing to do.")
    _refuse(
        evidence_ref=correspondence_problem(given)
        if given
        else "Give the council's own reference, under which it is kept.",
        on=_day_problem(desk, file, day),
    )
    remedy.evidence_ref, remedy.evidenced_on = given, day
    # Kept like a text, so that the history holds each one and retention can still clear them all.
    kept = ledger.keep_text(desk, file, "evidence_ref", given)
    ledger.append(desk, file, EventKind.REMEDY_EVIDENCED, on=day, data={"remedy": remedy_id}, text=kept)
    return remedy


def remedy_done(desk: Desk, remedy_id: int, on: date | None = None) -> Remedy:
    """Records that the remedy was carried out, by its owner or the complaints team; not before the evidence wanted is recorded.

    Raises AlreadyDone; Refusal without the evidence; FieldProblems; UnknownReference also for anybody else.
    """
    remedy, file = _acting(desk, remedy_id)
    _must_not_be_done(remedy)
    if remedy.evidence_text_id is not None and remedy.evidenced_on is None:
        raise Refusal(
            "The Ombudsman wants evidence of this remedy. Record first where it is kept, then mark it as done."
        )
    day = on or desk.today
    _refuse(on=_day_problem(desk, file, day))
    remedy.done_on = day
    ledger.append(desk, file, EventKind.REMEDY_DONE, on=day, data={"remedy": remedy_id})
    return remedy


def remedy_told(desk: Desk, remedy_id: int, on: date | None = None) -> Remedy:
    """Records the day the complainant was told of the remedy. Raises AlreadyDone; FieldProblems; NotAllowed; UnknownReference."""
    remedy, file = _acting(desk, remedy_id)
    desk.require(Operation.CONDUCT, team_id=file.complaint.lead_team_id, owner_id=file.complaint.owner_id)
    if remedy.told_on is not None:
        raise AlreadyDone(f"The complainant was told on {in_words(remedy.told_on)} already. There is nothing to do.")
    day = on or desk.today
    _refuse(told_on=_day_problem(desk, file, day))
    remedy.told_on = day
    ledger.append(desk, file, EventKind.COMPLAINANT_TOLD, on=day, data={"remedy": remedy_id})
    return remedy


def _acting(desk: Desk, remedy_id: int) -> tuple[Remedy, File]:
    """A remedy and its complaint, both locked, for its owner or the complaints team."""
    remedy = desk.session.get(Remedy, remedy_id)
    complaint = desk.session.get(Complaint, remedy.complaint_id) if remedy else None
    if remedy is None or complaint is None or (not desk.actor.owns(remedy.owner_id) and not desk.actor.sees_all):
        raise UnknownReference(_NO_REMEDY)
    # The owner may be somebody who can't otherwise see the complaint; acting on the remedy shows them nothing more.
    desk.session.refresh(complaint, with_for_update={"key_share": True})
    desk.session.refresh(remedy)
    return remedy, ledger.opened(desk, complaint)


def _must_not_be_done(remedy: Remedy) -> None:
    if remedy.done_on is not None:
        raise AlreadyDone(
            f"This remedy was marked as done on {in_words(remedy.done_on)} already. There is nothing to do."
        )


def _refuse(**found: str | None) -> None:
    """Raises FieldProblems when any field has one."""
    problems = {field: wrong for field, wrong in found.items() if wrong}
    if problems:
        raise FieldProblems(problems)


def _day_problem(desk: Desk, file: File, day: date) -> str | None:
    """Anything about the Ombudsman happens after the complaint came in, and is recorded once it has happened."""
    if file.complaint.received_on <= day <= desk.today:
        return None
    return f"Choose a day from {in_words(file.complaint.received_on)}, when the complaint came in, to today."


def _due_problem(desk: Desk, due_on: date, earliest: date, what: str) -> str | None:
    last = desk.calendar.last_day
    if due_on < earliest:
        return f"Choose the day {what} or a later one."
    return None if due_on <= last else f"The calendar reaches to {in_words(last)}. Check the year."
