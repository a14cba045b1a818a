"""What the app sent to a person, so that “what did I get, and why?” can be answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from storage.models import Complaint, OutboxRow, Person
from storage.office import Desk
from storage.vocabulary import MessageKind, OutboxState


@dataclass(frozen=True, slots=True)
class SentLine:
    """One line of a nudge: what it was of, which rung of the ladder, and for whom the rung is."""

    reference: str
    rung: str
    to: str


@dataclass(frozen=True, slots=True)
class SentFacts:
    """One message. `arrived` is when Slack took it, None while it waits; `problem` why it waits, or why it was not sent."""

    kind: MessageKind
    written_at: datetime
    arrived: datetime | None
    state: OutboxState
    problem: str | None
    lines: tuple[SentLine, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """The newest first; `hour` is from when in the day the person is written to."""

    hour: int
    until_hour: int
    messages: tuple[SentFacts, ...]


def sent(desk: Desk, person_id: int, *, days: int = 14, most: int = 10) -> Sent:
    """What a person was sent in the last days, at most so many."""
    rows = desk.session.scalars(
        select(OutboxRow)
        .where(col(OutboxRow.person_id) == person_id, col(OutboxRow.created_at) >= desk.now - timedelta(days=days))
        .order_by(col(OutboxRow.created_at).desc(), col(OutboxRow.id).desc())
        .limit(most)
    ).all()
    ids = {line.get("complaint") for row in rows for line in row.data.get("lines", ())} | {
        row.complaint_id for row in rows
    }
    found = select(col(Complaint.id), col(Complaint.reference)).where(col(Complaint.id).in_(ids - {None}))
    references = {row.id: row.reference for row in desk.session.execute(found)}
    person = desk.session.get_one(Person, person_id)
    return Sent(person.nudge_hour, desk.policy.nudges_until_hour, tuple(_facts(row, references) for row in rows))


def _facts(row: OutboxRow, references: dict[int, str]) -> SentFacts:
    lines = [_line(line, references) for line in row.data.get("lines", ())]
    if not lines and row.complaint_id is not None:
        lines = [SentLine(references.get(row.complaint_id, ""), "", "")]
    return SentFacts(
        kind=row.kind,
        written_at=datetime.fromisoformat(row.data["at"]) if "at" in row.data else row.created_at,
        arrived=row.sent_at if row.ts else None,
        state=row.state,
        problem=row.problem,
        lines=tuple(lines),
    )


def _line(line: dict[str, Any], references: dict[int, str]) -> SentLine:
    number = line.get("complaint")
    reference = references.get(number, "") if number is not None else _named(str(line.get("subject", "")))
    return SentLine(reference, str(line["rung"]), str(line["to"]))


def _named(subject: str) -> str:
    kind, _, number = subject.partition(":")
    return f"P-{int(number):04d}" if kind == "commitment" and number.isdigit() else ""
