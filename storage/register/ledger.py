"""What every change to a complaint has in common: finding it, locking it, appending to its history, telling Slack."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from storage import chain, clocks, outbox, references, timeline
from storage.clocks import Happening, StageClock
from storage.dates import in_words
from storage.errors import AlreadyDone
from storage.ladder import rungs_settled_by
from storage.models import Complaint, Event, FreeText, NudgeRecord, Stage
from storage.office import Desk
from storage.permissions import Operation, may
from storage.privacy import refuse_if_identifying
from storage.procedures import Procedure, StageRules
from storage.texts import storable
from storage.vocabulary import EventKind, MessageKind

# What a stage keeps of its clock, for queries.
_COLUMNS = (
    "started_on", "counted_from", "limit_days", "maximum_days", "original_due_on", "due_on", "next_step", "next_due_on",
    "ended_on", "is_open", "days_taken", "days_net", "band",
)  # fmt: skip
# Where an event's data say which text it carries, and where its digest.
TEXTS = (("text", "digest"), ("evidence_text", "evidence_digest"))
# Older messages are out of sight; editing them would only cost calls.
NUDGES_REDRAWN_DAYS = 14


@dataclass
class File:
    """A complaint on the desk, locked until the transaction ends, with its current stage."""

    complaint: Complaint
    stage: Stage
    procedure: Procedure

    @property
    def rules(self) -> StageRules:
        """The rules of the current stage."""
        return self.procedure.stage(self.stage.number)

    @property
    def id(self) -> int:
        assert self.complaint.id is not None  # noqa: S101 - it was read from the database
        return self.complaint.id


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that was stored apart from the history, and the digest of it that the history carries."""

    id: int
    digest: str


def find(desk: Desk, reference: str, operation: Operation) -> File:
    """The complaint, locked. Raises UnknownReference when the person may not see it, NotAllowed when they may only see it."""
    return _found(desk, reference, operation, lock=True)


def look(desk: Desk, reference: str, operation: Operation) -> File:
    """The same without a lock, for whoever only wants to know; changing it would be a mistake."""
    return _found(desk, reference, operation, lock=False)


def _found(desk: Desk, reference: str, operation: Operation, *, lock: bool) -> File:
    complaint = _sought(desk, reference, operation, lock=lock)
    if complaint.taken_back_on is not None:
        raise taken_back(complaint)
    return opened(desk, complaint)


def complaint(desk: Desk, reference: str, operation: Operation) -> Complaint:
    """The complaint alone, also when its import was taken back and it has no stage. Raises UnknownReference; NotAllowed."""
    return _sought(desk, reference, operation, lock=False)


def taken_back(complaint: Complaint) -> AlreadyDone:
    """What whoever asks for a complaint is told whose import was taken back."""
    on = in_words(complaint.taken_back_on) if complaint.taken_back_on else "an earlier day"
    return AlreadyDone(
        f"{complaint.reference} came in with an import that was taken back on {on}, so it counts nowhere. If the complaint is "
        "real, it is in the register under another reference, or has to be recorded."
    )


def _sought(desk: Desk, reference: str, operation: Operation, *, lock: bool) -> Complaint:
    complaint = _one(desk, col(Complaint.reference) == references.tidy(reference), lock=lock)
    # One that came with an import goes by the council's own number too. Those without have a key in lower case, which nobody
    # can type.
    key = storable(reference).strip().upper()
    if complaint is None and key:
        complaint = _one(desk, col(Complaint.imported_key) == key, lock=lock)
    if complaint is None:
        raise references.unknown(reference)
    line = desk.teams.line(complaint.lead_team_id)
    if not may(desk.actor, Operation.SEE, team_line=line, owner_id=complaint.owner_id):
        raise references.unknown(reference)
    if operation is not Operation.SEE:
        desk.require(operation, team_id=complaint.lead_team_id, owner_id=complaint.owner_id)
    return complaint


def _one(desk: Desk, called: ColumnElement[bool], *, lock: bool) -> Complaint | None:
    query = select(Complaint).where(called)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return desk.session.exec(query).one_or_none()


def opened(desk: Desk, complaint: Complaint) -> File:
    """A complaint that is locked already, with its current stage and the rules it began under."""
    return File(complaint, current_stage(desk, complaint), desk.rules_of(complaint))


def current_stage(desk: Desk, complaint: Complaint) -> Stage:
    """The latest stage of a complaint."""
    return desk.session.exec(
        select(Stage).where(Stage.complaint_id == complaint.id).order_by(col(Stage.number).desc()).limit(1)
    ).one()


def append(
    desk: Desk,
    file: File,
    kind: EventKind,
    *,
    on: date,
    data: dict[str, Any] | None = None,
    text: Kept | None = None,
    tell: bool = True,
) -> Event:
    """Adds one event to the history, chained to the one before, and the rows that redraw the card and add to its thread.

    `on` is the day it happened (Europe/London), which may be before the day it is recorded. `text` is what somebody wrote about
    it, kept apart.
    """
    file.complaint.changes += 1
    said = dict(data or {})
    if text is not None:
        said |= {"text": text.id, "digest": text.digest}
    event = Event(
        complaint_id=file.id,
        sequence=file.complaint.changes,
        kind=kind,
        stage=file.stage.number,
        happened_on=on,
        recorded_at=desk.now,
        actor_id=desk.actor.person_id,
        data=said,
    )
    event.hash = file.complaint.head = link(file.complaint.head, file.complaint.reference, event)
    desk.session.add(event)
    if tell and _has_a_card(desk, file):
        redraw(desk, file)
        outbox.put(
            desk.session,
            key=f"thread:{file.id}:{event.sequence}",
            kind=MessageKind.THREAD,
            now=desk.now,
            complaint_id=file.id,
            data={"sequence": event.sequence},
        )
    if tell:
        rungs = rungs_settled_by(kind)
        if rungs:
            redraw_nudges(desk, and_(col(NudgeRecord.complaint_id) == file.id, col(NudgeRecord.rung).in_(rungs)))
    return event


def _has_a_card(desk: Desk, file: File) -> bool:
    """Whether the channel knows of it: of the past that was brought in closed it doesn't, and isn't told for a small change."""
    return file.stage.is_open or outbox.is_wanted(desk.session, card_key(file.id))


def link(previous: str, reference: str, event: Event) -> str:
    """The hash that an event has after one with the hash `previous`."""
    return chain.seal(
        previous,
        reference=reference,
        sequence=event.sequence,
        kind=event.kind.value,
        stage=event.stage,
        happened_on=event.happened_on,
        recorded_at=event.recorded_at,
        actor_id=event.actor_id,
        data=event.data,
    )


def redraw_nudges(desk: Desk, about: ColumnElement[bool]) -> None:
    """Asks for the nudges of the last days about something that changed to be drawn again: they may ask for what is done now."""
    since = desk.today - timedelta(days=NUDGES_REDRAWN_DAYS)
    keys = select(NudgeRecord.outbox_key).where(about, col(NudgeRecord.day) >= since)
    outbox.redraw_sent(desk.session, keys, now=desk.now)


def redraw_ownership(desk: Desk, person_id: int) -> None:
    """The same of what somebody owns, as theirs."""
    # Each team by name, since a pattern would read every record there is.
    subjects = [f"person:{person_id}/{team_id}" for team_id in (0, *(team.id for team in desk.teams))]
    redraw_nudges(desk, col(NudgeRecord.subject).in_(subjects))


def redraw(desk: Desk, file: File) -> None:
    """Asks for the complaint's card to be drawn again from the register."""
    outbox.renew(desk.session, key=card_key(file.id), kind=MessageKind.CARD, now=desk.now, complaint_id=file.id)


def card_key(complaint_id: int) -> str:
    """The outbox key of a complaint's card."""
    return f"card:{complaint_id}"


def must_be_open(file: File) -> None:
    """Raises AlreadyDone, saying when it was closed and what can still be done, for a stage that has ended."""
    if not file.stage.is_open:
        ended = file.stage.ended_on
        raise AlreadyDone(
            f"{file.complaint.reference} was closed on {in_words(ended) if ended else 'an earlier day'}. The complaints team can "
            "correct what was recorded, or open it again."
        )


def keep_text(desk: Desk, file: File, about: str, body: str) -> Kept:
    """Stores what somebody wrote, screened. Raises LooksIdentifying when it seems to name a person."""
    refuse_if_identifying(body)
    key = chain.new_key()
    text = FreeText(complaint_id=file.id, about=about, body=body, key=key)
    desk.session.add(text)
    desk.session.flush()
    assert text.id is not None  # noqa: S101 - flushed
    return Kept(text.id, chain.digest(key, body))


def clock(desk: Desk, file: File, *more: Happening) -> StageClock:
    """What the current stage's events, and `more` that is about to be recorded, say of its dates, days and band."""
    coming = [replace(one, sequence=place) for place, one in enumerate(more, start=file.complaint.changes + 1)]
    return replayed(desk, file.procedure, file.stage.number, [*happenings(desk, file), *coming])


def happenings(desk: Desk, file: File) -> list[Happening]:
    """What happened in the current stage as it is known now, corrections applied."""
    desk.session.flush()
    # What was taken back in a stage may be said at another.
    of_it = or_(col(Event.stage) == file.stage.number, col(Event.kind) == EventKind.TAKEN_BACK)
    events = timeline.standing(desk.session.exec(select(Event).where(Event.complaint_id == file.id, of_it)).all())
    return timeline.happenings(event for event in events if event.stage == file.stage.number)


def replayed(desk: Desk, procedure: Procedure, number: int, happenings: Iterable[Happening]) -> StageClock:
    """The clock of a stage by the calendar and the settings that hold now."""
    return clocks.replay(
        happenings,
        procedure=procedure,
        number=number,
        calendar=desk.calendar_of(procedure),
        counting=desk.counting,
    )


def wind(desk: Desk, file: File) -> None:
    """Sets the dates of a stage that has not ended from its events. The last step of whatever changes a clock."""
    if file.stage.ended_on is None:
        apply_clock(file.stage, clock(desk, file))


def end(
    desk: Desk,
    file: File,
    kind: EventKind,
    *,
    on: date,
    data: dict[str, Any],
    text: Kept | None = None,
    tell: bool = True,
) -> Event:
    """Ends the stage and freezes its dates, days and band; one that was opened again keeps what its first end froze."""
    if file.stage.ended_on is None:
        apply_clock(file.stage, clock(desk, file, Happening(kind, on)))
    file.stage.is_open = False
    file.complaint.closed_on = on
    file.stage.lead_team_id = file.complaint.lead_team_id
    return append(desk, file, kind, on=on, data={**data, "clock": frozen(file.stage)}, text=text, tell=tell)


def apply_clock(stage: Stage, clock: StageClock) -> None:
    """Copies what the replay says into the stage's columns."""
    for name, value in columns(clock).items():
        setattr(stage, name, value)


def columns(clock: StageClock) -> dict[str, Any]:
    """A clock as the stage's columns hold it."""
    return {name: getattr(clock, name) for name in _COLUMNS}


def columns_of(stage: Stage) -> dict[str, Any]:
    """The same of a stage as it is stored."""
    return {name: getattr(stage, name) for name in _COLUMNS}


def frozen(stage: Stage | StageClock) -> dict[str, Any]:
    """What an event that ends or corrects a stage carries, so that published figures can be checked against the history."""
    return {
        "limit": stage.limit_days,
        "maximum": stage.maximum_days,
        "original": stage.original_due_on.isoformat(),
        "due": stage.due_on.isoformat(),
        "taken": stage.days_taken,
        "net": stage.days_net,
        "band": stage.band.value if stage.band else None,
    }
