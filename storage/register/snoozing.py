"""Putting a nudge off: for some working days, with a reason, and never past the date that it is about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlmodel import col, select

from storage.database import inserting
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal, UnknownReference
from storage.models import Commitment, CommitmentEvent, Complaint, LearningAction, NudgeRecord, Remedy, Snooze, Stage
from storage.office import Desk
from storage.permissions import Operation, may
from storage.register import ledger
from storage.register.writing import reason_problem
from storage.vocabulary import CommitmentKind, EventKind

_table: Table = Snooze.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made
REASON_LENGTH = 300
MOST_DAYS = 10
_NOT_YOURS = "There is no such thing that waits for you. Your Home tab shows what does."


@dataclass(frozen=True, slots=True)
class PutOff:
    """What may be put off, until which day at the latest, and for how many working days that is."""

    subject: str
    due_on: date
    most_days: int


def offered(desk: Desk, subject: str) -> PutOff:
    """How far a nudge may be put off. Raises Refusal when it is due today or overdue; UnknownReference for what isn't theirs."""
    due_on, _complaint_id = _found(desk, subject)
    most = min(desk.calendar.days_left(desk.today, due_on), MOST_DAYS)
    if most < 1:
        raise Refusal("This is due today or overdue, so it can't be put off. Do it now, or hand it over.")
    return PutOff(subject, due_on, most)


def snooze(desk: Desk, subject: str, days: int, reason: str) -> date:
    """Leaves a person alone about one thing for some working days; returns the day on which it is said again.

    It moves no date, and is in the history with its reason. Raises FieldProblems; AlreadyDone; Refusal; UnknownReference.
    """
    most = offered(desk, subject)
    _due_on, complaint_id = _found(desk, subject)
    problems = {
        "days": None
        if 1 <= days <= most.most_days
        else f"Choose up to {most.most_days} working days: it is due on {in_words(most.due_on)}.",
        "reason": reason_problem(reason, "why it can wait", longest=REASON_LENGTH),
    }
    if wrong := {name: problem for name, problem in problems.items() if problem}:
        raise FieldProblems(wrong)
    until = desk.calendar.add(desk.today, days)
    person_id = desk.actor.person_id
    row: dict[str, Any] = {"subject": subject, "person_id": person_id, "until_on": until}
    new = inserting(desk.session, _table).values(**row).on_conflict_do_nothing()
    if desk.session.scalar(new.returning(_table.c.id)) is None:
        raise AlreadyDone(f"You have put this off until {in_words(until)} already. There is nothing to do.")
    said = {"subject": subject, "person": person_id, "until": until.isoformat()}
    if complaint_id is None:
        desk.session.add(
            CommitmentEvent(
                commitment_id=_number(subject),
                kind=CommitmentKind.SNOOZED,
                happened_on=desk.today,
                recorded_at=desk.now,
                actor_id=person_id,
                data=said,
                note=reason.strip(),
            )
        )
    else:
        complaint = desk.session.get_one(Complaint, complaint_id)
        desk.session.refresh(complaint, with_for_update={"key_share": True})
        file = ledger.opened(desk, complaint)
        text = ledger.keep_text(desk, file, "snooze", reason.strip())
        ledger.append(desk, file, EventKind.SNOOZED, on=desk.today, data=said, text=text, tell=False)
    ledger.redraw_nudges(desk, col(NudgeRecord.subject) == subject)
    return until


def _found(desk: Desk, subject: str) -> tuple[date, int | None]:
    """When it is due, and its complaint. One answer for what isn't there and for what isn't theirs."""
    kind, _, _number_of = subject.partition(":")
    found = _LOOKUPS[kind](desk, _number(subject)) if kind in _LOOKUPS else None
    if found is None:
        raise UnknownReference(_NOT_YOURS)
    return found


def _stage(desk: Desk, number: int) -> tuple[date, int | None] | None:
    row = desk.session.exec(
        select(Stage, Complaint).join(Complaint, col(Complaint.id) == col(Stage.complaint_id)).where(Stage.id == number)
    ).one_or_none()
    if row is None or not row[0].is_open:
        return None
    line = desk.teams.line(row[1].lead_team_id)
    if not may(desk.actor, Operation.SEE, team_line=line, owner_id=row[1].owner_id):
        return None
    return row[0].next_due_on, row[1].id


def _action(desk: Desk, number: int) -> tuple[date, int | None] | None:
    row = desk.session.get(LearningAction, number)
    return (row.due_on, row.complaint_id) if row and row.done_on is None and desk.actor.owns(row.owner_id) else None


def _remedy(desk: Desk, number: int) -> tuple[date, int | None] | None:
    row = desk.session.get(Remedy, number)
    return (row.due_on, row.complaint_id) if row and row.done_on is None and desk.actor.owns(row.owner_id) else None


def _commitment(desk: Desk, number: int) -> tuple[date, int | None] | None:
    row = desk.session.get(Commitment, number)
    open_still = row is not None and row.done_on is None and row.ended_on is None
    return (row.due_on, None) if row and open_still and desk.actor.owns(row.owner_id) else None


_LOOKUPS = {"stage": _stage, "action": _action, "remedy": _remedy, "commitment": _commitment}


def _number(subject: str) -> int:
    number = subject.partition(":")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
