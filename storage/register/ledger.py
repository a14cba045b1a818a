"""What every change to a complaint has in common: finding it, locking it, appending to its history, telling Slack."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel, col, select

from storage import clocks, outbox
from storage.clocks import Happening
from storage.database import inserting
from storage.dates import in_words
from storage.errors import AlreadyDone, UnknownReference
from storage.models import Complaint, Event, FreeText, Stage
from storage.office import Desk
from storage.permissions import Operation, may
from storage.privacy import refuse_if_identifying
from storage.vocabulary import EventKind, MessageKind

_REFERENCE = re.compile(r"[A-Z]{1,6}-\d{4}-\d{4,6}")


@dataclass
class File:
    """A complaint on the desk, locked until the transaction ends, with its current stage."""

    complaint: Complaint
    stage: Stage

    @property
    def id(self) -> int:
        assert self.complaint.id is not None  # noqa: S101 - it was read from the database
        return self.complaint.id


def unknown(reference: str) -> UnknownReference:
    """The one answer for a reference that isn't there and for one the person may not see."""
    tidied = tidy(reference)
    # What doesn't look like a reference may be anything, also a name: it is not repeated.
    shown = (
        f"There is no complaint {tidied} that you can see."
        if _REFERENCE.fullmatch(tidied)
        else "That is not a reference."
    )
    return UnknownReference(f"{shown} References look like CS-2026-0042; type /complaint mine for the ones you own.")


def find(desk: Desk, reference: str, operation: Operation) -> File:
    """The complaint, locked. Raises UnknownReference when the person may not see it, NotAllowed when they may only see it."""
    complaint = desk.session.exec(
        select(Complaint)
        .where(Complaint.reference == tidy(reference))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if complaint is None:
        raise unknown(reference)
    line = desk.teams.line(complaint.lead_team_id)
    if not may(desk.actor, Operation.SEE, team_line=line, owner_id=complaint.owner_id):
        raise unknown(reference)
    if operation is not Operation.SEE:
        desk.require(operation, team_id=complaint.lead_team_id, owner_id=complaint.owner_id)
    return File(complaint, current_stage(desk, complaint))


def current_stage(desk: Desk, complaint: Complaint) -> Stage:
    """The latest stage of a complaint."""
    return desk.session.exec(
        select(Stage).where(Stage.complaint_id == complaint.id).order_by(col(Stage.number).desc()).limit(1)
    ).one()


def tidy(reference: str) -> str:
    """A reference as people type it, in the form it is kept: `cs 2026 42` is `CS-2026-0042`."""
    parts = reference.strip().strip("`*_").upper().replace("–", "-").replace(" ", "-").split("-")
    if len(parts) == 3 and parts[2].isdigit():
        parts[2] = parts[2].zfill(4)
    return "-".join(parts)


def append(
    desk: Desk, file: File, kind: EventKind, *, on: date, data: dict[str, Any] | None = None, tell: bool = True
) -> Event:
    """Adds one event to the history, and the rows that redraw the card and add a line to its thread.

    `on` is the day it happened (Europe/London), which may be before the day it is recorded.
    """
    file.complaint.changes += 1
    event = Event(
        complaint_id=file.id,
        sequence=file.complaint.changes,
        kind=kind,
        stage=file.stage.number,
        happened_on=on,
        recorded_at=desk.now,
        actor_id=desk.actor.person_id,
        data=data or {},
    )
    desk.session.add(event)
    if tell:
        redraw(desk, file)
        outbox.put(
            desk.session,
            key=f"thread:{file.id}:{event.sequence}",
            kind=MessageKind.THREAD,
            now=desk.now,
            complaint_id=file.id,
            data={"sequence": event.sequence},
        )
    return event


def redraw(desk: Desk, file: File) -> None:
    """Asks for the complaint's card to be drawn again from the register."""
    outbox.renew(desk.session, key=card_key(file.id), kind=MessageKind.CARD, now=desk.now, complaint_id=file.id)


def card_key(complaint_id: int) -> str:
    """The outbox key of a complaint's card."""
    return f"card:{complaint_id}"


def must_be_open(file: File) -> None:
    """Raises AlreadyDone, saying when it was closed, for a stage that has ended."""
    if file.stage.ended_on is not None:
        raise AlreadyDone(
            f"{file.complaint.reference} was closed on {in_words(file.stage.ended_on)}, so this can't be changed any more."
        )


def keep_text(desk: Desk, file: File, about: str, body: str) -> int:
    """Stores what somebody wrote, screened. Returns its id. Raises LooksIdentifying when it seems to name a person."""
    refuse_if_identifying(body)
    text = FreeText(complaint_id=file.id, about=about, body=body)
    desk.session.add(text)
    desk.session.flush()
    assert text.id is not None  # noqa: S101 - flushed
    return text.id


def wind(desk: Desk, file: File) -> None:
    """Sets the stage's dates, days and band from its events. The last step of whatever changes a clock."""
    desk.session.flush()
    events = desk.session.exec(
        select(Event).where(Event.complaint_id == file.id, Event.stage == file.stage.number)
    ).all()
    apply_clock(desk, file.stage, [happening(event) for event in events])


def apply_clock(desk: Desk, stage: Stage, happenings: Iterable[Happening]) -> None:
    """Copies what the replay says into the stage's columns."""
    clock = clocks.replay(
        happenings,
        rules=desk.procedures[stage.procedure].stage(stage.number),
        calendar=desk.calendar,
        count_from=desk.policy.count_from,
    )
    stage.started_on = clock.started_on
    stage.limit_days, stage.maximum_days = clock.limit_days, clock.maximum_days
    stage.original_due_on, stage.due_on = clock.original_due_on, clock.due_on
    stage.ended_on, stage.days_taken, stage.band = clock.ended_on, clock.days_taken, clock.band


def insert_if_absent(session: Session, model: type[SQLModel], values: dict[str, Any]) -> None:
    """Adds a row unless its key is there already; two writers may both ask, and neither fails."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made
    session.execute(inserting(session, table).values(**values).on_conflict_do_nothing())


def happening(event: Event) -> Happening:
    until = event.data.get("until")
    return Happening(event.kind, event.happened_on, date.fromisoformat(until) if until else None)
