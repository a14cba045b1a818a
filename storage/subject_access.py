"""Everything the register holds about one complaint, for somebody who asks to see it. Reads only, and screens nothing out.

Ids are told as the names they stand for. Left out are only what locks a text to its entry in the history, and how far a sender
got with a message.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlmodel import SQLModel, col, select

from storage import people
from storage.dates import in_words
from storage.models import (
    Complaint,
    ComplaintTeam,
    ComplaintTheme,
    Enquiry,
    Event,
    FreeText,
    Issue,
    IssueFinding,
    LearningAction,
    LearningNote,
    NoteRead,
    NudgeRecord,
    OutboxRow,
    Outsider,
    Remedy,
    Request,
    Stage,
    StageAppointment,
    Theme,
)
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.vocabulary import EventKind, MessageKind

# Each section of the export: the table it comes from, what its rows belong to, and the order they are told in.
SECTIONS: dict[str, tuple[type[SQLModel], str, str]] = {
    "stages": (Stage, "complaint_id", "number"),
    "history": (Event, "complaint_id", "sequence"),
    "texts": (FreeText, "complaint_id", "id"),
    "other_teams": (ComplaintTeam, "complaint_id", "team_id"),
    "themes": (ComplaintTheme, "complaint_id", "theme_id"),
    "requests": (Request, "complaint_id", "id"),
    "issues": (Issue, "complaint_id", "number"),
    "findings": (IssueFinding, "issue_id", "stage"),
    "appointments": (StageAppointment, "stage_id", "id"),
    "enquiries": (Enquiry, "complaint_id", "id"),
    "remedies": (Remedy, "complaint_id", "id"),
    "learning_actions": (LearningAction, "complaint_id", "id"),
    "learning_notes": (LearningNote, "complaint_id", "stage"),
    "notes_read": (NoteRead, "note_id", "person_id"),
    "messages": (OutboxRow, "complaint_id", "id"),
    "nudges": (NudgeRecord, "complaint_id", "id"),
}
# What a column that holds a person makes of them.
PARTS = {
    "complaint.recorded_by_id": "recorded the complaint",
    "complaint.owner_id": "owns the complaint",
    "complaint.handler_id": "handles the complaint in the complaints team",
    "stage.owner_id": "owned a stage of the complaint",
    "event.actor_id": "made entries in its history",
    "request.asked_by_id": "asked for an extension or a pause",
    "request.decided_by_id": "decided on an extension or a pause",
    "stage_appointment.person_id": "was appointed to a stage",
    "stage_appointment.outsider_id": "was appointed to a stage",
    "remedy.owner_id": "sees to a remedy",
    "learning_action.owner_id": "sees to a learning action",
    "learning_action.done_by_id": "said that a learning action is done",
    "learning_action.verified_by_id": "verified a learning action",
    "learning_note.approved_by_id": "decided on a learning note",
    "note_read.person_id": "read a learning note",
    "outbox.person_id": "was sent messages about it",
    "nudge_record.person_id": "was reminded of it",
}
_LEFT_OUT = {"key", "lease", "attempts", "uncertain", "again", "not_before", "first_tried_at", "complaint_id"}
_OWNED = {EventKind.CLAIMED, EventKind.ALLOCATED}


def everything(desk: Desk, reference: str) -> dict[str, Any]:
    """One complaint as plain data, ready for JSON: dates as 2026-11-24, instants in UTC.

    Raises NotAllowed for anybody but the complaints team; UnknownReference.
    """
    complaint = ledger.complaint(desk, reference, Operation.CONDUCT)
    rows = {name: list(_rows(desk, complaint, name)) for name in SECTIONS}
    rows["messages"] += _redated(desk, complaint)
    names = _Names(desk, complaint, [complaint, *(row for found in rows.values() for row in found)])
    said = {name: [names.told(row) for row in found] for name, found in rows.items()}
    for row, told in zip(rows["messages"], said["messages"], strict=True):
        told["where"] = _where(row, told)
    for row, told in zip(rows["nudges"], said["nudges"], strict=True):
        told.update(_delivered(desk, row))
    return {
        "reference": complaint.reference,
        "made_on": desk.today.isoformat(),
        "cleared_on": complaint.cleared_on.isoformat() if complaint.cleared_on else None,
        "complaint": names.told(complaint) | {"procedure_title": desk.rules_of(complaint).title},
        "people": names.people(),
        **said,
    }


def _rows(desk: Desk, complaint: Complaint, section: str) -> Iterable[Any]:
    model, belongs, order = SECTIONS[section]
    found = {
        "complaint_id": [complaint.id],
        "stage_id": select(Stage.id).where(Stage.complaint_id == complaint.id),
        "issue_id": select(Issue.id).where(Issue.complaint_id == complaint.id),
        "note_id": select(LearningNote.id).where(LearningNote.complaint_id == complaint.id),
    }
    return desk.session.exec(
        select(model).where(getattr(model, belongs).in_(found[belongs])).order_by(getattr(model, order))
    ).all()


def _redated(desk: Desk, complaint: Complaint) -> list[OutboxRow]:
    """Messages about several complaints at once, whose due dates moved together."""
    rows = desk.session.exec(
        select(OutboxRow).where(OutboxRow.kind == MessageKind.REDATED, col(OutboxRow.complaint_id).is_(None))
    )
    return [row for row in rows if complaint.id in row.data.get("complaints", ())]


def _where(row: OutboxRow, told: dict[str, Any]) -> str:
    if row.person_id is not None:
        return f"a direct message to {told['person']}"
    return "the complaints channel" if row.kind is MessageKind.CARD else "the thread below its card"


def _delivered(desk: Desk, row: NudgeRecord) -> dict[str, Any]:
    sent = desk.session.exec(select(OutboxRow).where(OutboxRow.key == row.outbox_key)).one_or_none()
    return {"state": _plain(sent.state), "sent_at": _plain(sent.sent_at)} if sent else {}


class _Names:
    """What the ids in some rows stand for, and who had which part in them."""

    def __init__(self, desk: Desk, complaint: Complaint, rows: list[SQLModel]) -> None:
        parts = list(_parts(rows))
        session = desk.session
        self._cleared_on = complaint.cleared_on
        self._outcomes = {one.key: one.label for one in desk.rules_of(complaint).outcomes}
        outsiders = [person_id for table, person_id, _part in parts if table == "outsider"]
        self._names: dict[str, dict[int, Any]] = {
            "person": {
                one.id: one.name
                for one in people.everyone(session, [who for table, who, _ in parts if table == "person"]).values()
            },
            "outsider": {
                one.id or 0: one.name for one in session.exec(select(Outsider).where(col(Outsider.id).in_(outsiders)))
            },
            "team": {team.id: team.name for team in desk.teams},
            "theme": {theme.id or 0: theme.name for theme in session.exec(select(Theme))},
            "free_text": {row.id or 0: self._body(row) for row in rows if isinstance(row, FreeText)},
            "stage": {row.id or 0: row.number for row in rows if isinstance(row, Stage)},
            "issue": {row.id or 0: row.number for row in rows if isinstance(row, Issue)},
            "learning_note": {row.id or 0: row.stage for row in rows if isinstance(row, LearningNote)},
        }
        self._parts = parts

    def told(self, row: SQLModel) -> dict[str, Any]:
        """A row with names in place of ids. What was cleared says so."""
        found: dict[str, Any] = {}
        for name, target in _columns(row):
            value = getattr(row, name)
            if name in _LEFT_OUT:
                continue
            # An import goes by its number.
            if target is None or target == "import_run":
                found[name] = _plain(value)
            else:
                found[name.removesuffix("_id")] = self._names[target].get(value)
        if found.get("outcome") is not None:
            found["outcome"] = self._outcomes.get(found["outcome"], found["outcome"])
        if isinstance(row, Event):
            found |= self._carried(row)
        elif isinstance(row, FreeText):
            found["body"] = self._body(row)
        return found

    def people(self) -> list[dict[str, Any]]:
        """Everybody named, with what they have to do with the complaint."""
        found: dict[str, list[str]] = {}
        for table, who, part in self._parts:
            name = self._names[table].get(who)
            if name is not None and part not in found.setdefault(name, []):
                found[name].append(part)
        return [{"name": name, "parts": parts} for name, parts in sorted(found.items())]

    def _carried(self, event: Event) -> dict[str, Any]:
        """What an entry's data stand for: who was given it, and what was written."""
        found: dict[str, Any] = {}
        for key, table, _part in _named_in(event):
            found[key] = self._names[table].get(event.data[key])
        if isinstance(event.data.get("team"), int):
            found["team"] = self._names["team"].get(event.data["team"])
        for key, _digest in ledger.TEXTS:
            if key in event.data:
                found[key] = self._names["free_text"].get(event.data[key])
        return found

    def _body(self, text: FreeText) -> str:
        if text.body is not None:
            return text.body
        return f"cleared on {in_words(self._cleared_on)}" if self._cleared_on else "cleared"


def _parts(rows: list[SQLModel]) -> Iterator[tuple[str, int, str]]:
    """Table, id and part of everybody whom these rows name."""
    for row in rows:
        for name, target in _columns(row):
            value = getattr(row, name)
            if target in {"person", "outsider"} and value is not None:
                part = row.role.label if isinstance(row, StageAppointment) else PARTS[f"{row.__tablename__}.{name}"]
                yield target, value, part
        if isinstance(row, Event):
            yield from ((table, row.data[key], part) for key, table, part in _named_in(row))


def _named_in(event: Event) -> Iterator[tuple[str, str, str]]:
    """What of an entry's data names somebody: the key, the table its id is of, and the part they had."""
    owned = "owned the complaint" if event.kind in _OWNED else "was given work from it"
    for key, table, part in (
        ("owner", "person", owned),
        ("from", "person", owned),
        ("handler", "person", PARTS["complaint.handler_id"]),
        ("person", "person", "was appointed to a stage"),
        ("outsider", "outsider", "was appointed to a stage"),
    ):
        if isinstance(event.data.get(key), int):
            yield key, table, part


def _columns(row: SQLModel) -> Iterator[tuple[str, str | None]]:
    """Each column with the table it points at, None for those that point at nothing."""
    for column in row.__table__.columns:  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made
        yield column.name, next((key.column.table.name for key in column.foreign_keys), None)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
