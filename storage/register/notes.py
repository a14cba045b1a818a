"""Learning notes: what all managers can learn from a stage in which fault was found, naming nobody; and who has read them."""

import re

from sqlalchemy import Table
from sqlmodel import col, select

from storage import outbox
from storage.database import inserting
from storage.dates import in_words, london_day
from storage.errors import AlreadyDone, FieldProblems, Refusal, UnknownReference
from storage.models import LearningNote, NoteRead, Person, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, MessageKind

NOTE_LENGTH = 1500
_read: Table = NoteRead.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made


def share_note(desk: Desk, reference: str, stage: int, body: str) -> LearningNote:
    """Shares what can be learned from a stage with all managers, in words that the complaints team has approved.

    `body` names no complaint and nobody, and stays when the complaint's own texts are cleared. Raises FieldProblems; AlreadyDone
    when it was shared or declined before; Refusal where no fault was found; NotAllowed; UnknownReference.
    """
    file = _wanted(desk, reference, stage)
    text = body.strip()
    _refuse(
        body=reason_problem(text, "what other managers can learn from this", longest=NOTE_LENGTH)
        or _named(desk, file, text)
    )
    kept = ledger.keep_text(desk, file, "note", text)
    note = _noted(desk, file, stage, text)
    ledger.append(desk, file, EventKind.NOTE_SHARED, on=desk.today, data={"note": note.id, "stage": stage}, text=kept)
    outbox.put(desk.session, key=note_key(note.id or 0), kind=MessageKind.NOTE, now=desk.now, data={"note": note.id})
    return note


def note_not_needed(desk: Desk, reference: str, stage: int, reason: str) -> LearningNote:
    """Records that a stage in which fault was found has nothing that other managers could learn from. Raises as above."""
    file = _wanted(desk, reference, stage)
    _refuse(reason=reason_problem(reason, "why there is nothing to share"))
    kept = ledger.keep_text(desk, file, "no_note", reason.strip())
    note = _noted(desk, file, stage, None)
    ledger.append(
        desk, file, EventKind.NOTE_NOT_NEEDED, on=desk.today, data={"note": note.id, "stage": stage}, text=kept
    )
    return note


def note_read(desk: Desk, note_id: int) -> LearningNote:
    """Records that this person says they have read a note, and asks for the note to be drawn again.

    By everybody with a role. Raises AlreadyDone saying since when; UnknownReference.
    """
    note = desk.session.get(LearningNote, note_id)
    if note is None or note.body is None or desk.actor.person_id is None:
        raise UnknownReference("There is no such learning note. /complaint learning lists them.")
    values = {"note_id": note_id, "person_id": desk.actor.person_id, "read_at": desk.now}
    new = inserting(desk.session, _read).values(**values).on_conflict_do_nothing()
    if desk.session.scalar(new.returning(_read.c.note_id)) is None:
        before = desk.session.get_one(NoteRead, (note_id, desk.actor.person_id))
        raise AlreadyDone(
            f"You said on {in_words(london_day(before.read_at))} that you have read this. There is nothing to do."
        )
    outbox.renew(desk.session, key=note_key(note_id), kind=MessageKind.NOTE, now=desk.now, data={"note": note_id})
    return note


def note_key(note_id: int) -> str:
    """The outbox key of a note's message."""
    return f"note:{note_id}"


def _wanted(desk: Desk, reference: str, number: int) -> File:
    """A complaint, locked, with a stage of this number that has ended with fault found and has no note yet."""
    file = ledger.find(desk, reference, Operation.LEARN)
    stage = desk.session.exec(select(Stage).where(Stage.complaint_id == file.id, Stage.number == number)).one_or_none()
    note = desk.session.exec(
        select(LearningNote).where(LearningNote.complaint_id == file.id, LearningNote.stage == number)
    ).one_or_none()
    if note is not None:
        did = "was shared" if note.body is not None else "was found not to be needed"
        raise AlreadyDone(
            f"The learning note of {file.complaint.reference}, stage {number}, {did} on {in_words(note.approved_on)} already. "
            "There is nothing to do."
        )
    if stage is None or stage.is_open or stage.finding is None or not stage.finding.found_fault:
        raise Refusal(
            f"Stage {number} of {file.complaint.reference} has not ended with fault found, so there is no learning note to "
            "write. If its outcome is wrong, correct that first."
        )
    return file


def _noted(desk: Desk, file: File, stage: int, body: str | None) -> LearningNote:
    note = LearningNote(
        complaint_id=file.id, stage=stage, body=body, approved_by_id=desk.actor.person_id, approved_on=desk.today
    )
    desk.session.add(note)
    desk.session.flush()
    return note


def references(desk: Desk, reference: str) -> re.Pattern[str]:
    """What finds references in a text: any with the council's letters, and this one's number without them."""
    prefix, number = re.escape(desk.policy.reference_prefix), re.escape(reference.partition("-")[2])
    return re.compile(rf"\b{prefix}[- –]?\d{{4}}[- –]\d{{1,6}}\b|\b{number}\b", re.IGNORECASE)


def _named(desk: Desk, file: File, body: str) -> str | None:
    """What in a note would tell whose complaint it was; the screen has looked for everything else."""
    if references(desk, file.complaint.reference).search(body):
        return "Take out the reference: everybody reads this, and it has to say nothing of whose complaint it was."
    said = body.casefold()
    # A name of one word may be any word.
    names = (name for name in desk.session.exec(select(col(Person.name))) if " " in name.strip())
    if any(re.search(rf"\b{re.escape(name.casefold())}\b", said) for name in names):
        return "Take out the names of members of staff: say what was done, and not by whom."
    return None


def _refuse(**found: str | None) -> None:
    """Raises FieldProblems when any field has one."""
    problems = {field: wrong for field, wrong in found.items() if wrong}
    if problems:
        raise FieldProblems(problems)
