"""What the rows beside a complaint should hold by its events alone: requests, posts, issues, what outlives it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeGuard

from storage import chain
from storage.dates import london_day
from storage.models import (
    Enquiry,
    Event,
    FreeText,
    Issue,
    IssueFinding,
    LearningAction,
    LearningNote,
    Remedy,
    Request,
    Stage,
    StageAppointment,
)
from storage.procedures import StageRole
from storage.vocabulary import Asked, EventKind, Finding

Row = Request | Remedy | Enquiry | LearningAction | LearningNote | StageAppointment | Issue | IssueFinding
# What kind of row, its id, and the stage where one has a row for each.
_Key = tuple[str, int, int]

_CALLED: dict[type[Row], str] = {
    Request: "request",
    StageAppointment: "appointment",
    Issue: "issue",
    IssueFinding: "finding on issue",
    LearningAction: "learning action",
    LearningNote: "learning note",
    Enquiry: "enquiry",
    Remedy: "remedy",
}
# What is told as different without saying how: nothing that retention clears is ever repeated.
_CLEARABLE = {"evidence_ref", "body"}


def differences(
    history: Iterable[Event], stages: Iterable[Stage], texts: Iterable[FreeText], rows: Iterable[Row]
) -> Iterator[str]:
    """Says in words where a row is not as the history says, or is there for one of the two only. In the order of recording."""
    replay = _Replay({stage.number: stage.id for stage in stages}, {text.id or 0: text for text in texts})
    for event in history:
        replay.hear(event)
    here = {_key(row): row for row in rows}
    for key, expected in replay.rows.items():
        if key not in here:
            yield f"{_named(key)} is gone"
            continue
        wrong = [_told(here[key], name, value) for name, value in expected.items() if getattr(here[key], name) != value]
        if wrong:
            yield f"{_named(key)} differs from its history: {', '.join(wrong)}"
    yield from (f"{_named(key)} is not in its history" for key in here if key not in replay.rows)


class _Replay:
    """The rows as events make and change them. A column that an event of its time said nothing of is left unknown."""

    def __init__(self, stages: Mapping[int, int | None], texts: Mapping[int, FreeText]) -> None:
        self.rows: dict[_Key, dict[str, Any]] = {}
        self._stages, self._texts = stages, texts

    def hear(self, event: Event) -> None:
        if event.kind is EventKind.RESUMED:
            self._resume(event)
        elif event.kind in _CHANGES:
            model, named, said = _CHANGES[event.kind]
            self._change(model, named, event, said(event))
        elif event.kind is EventKind.COMPLAINANT_TOLD:
            for model, named in ((Request, "request"), (Remedy, "remedy")):
                self._change(model, named, event, {"told_on": event.happened_on})

    def _change(self, model: type[Row], named: str, event: Event, said: dict[str, Any]) -> None:
        # An extension that was imported was never asked for here, and has no row.
        if named not in event.data:
            return
        key = _CALLED[model], event.data[named], event.stage if model is IssueFinding else 0
        row = self.rows.setdefault(key, {})
        row |= said
        if event.kind in _AT_A_STAGE and event.stage in self._stages:
            row["stage_id"] = self._stages[event.stage]
        if event.kind is EventKind.REMEDY_EVIDENCED:
            self._evidence(row, event)
        elif event.kind is EventKind.NOTE_SHARED:
            self._note(row, event)

    def _evidence(self, row: dict[str, Any], event: Event) -> None:
        """The reference is kept as a text and cleared with it. A text that is not the one that was written says nothing of it."""
        row.pop("evidence_ref", None)
        text = self._texts.get(event.data.get("text", 0))
        if text is not None and text.body is None:
            row["evidence_ref"] = None
        elif self._is_as_written(text, event):
            row["evidence_ref"] = text.body

    def _note(self, row: dict[str, Any], event: Event) -> None:
        """A note names nobody and stays when the text it was written as is cleared; from then on nothing says what it was."""
        text = self._texts.get(event.data.get("text", 0))
        if self._is_as_written(text, event):
            row["body"] = text.body

    def _is_as_written(self, text: FreeText | None, event: Event) -> TypeGuard[FreeText]:
        if text is None or text.body is None or text.key is None:
            return False
        said: str = event.data["digest"]
        return chain.digest(text.key, text.body) == said

    def _resume(self, event: Event) -> None:
        """A pause that ran on that day ended with it."""
        for row in self.rows.values():
            if (
                row.get("kind") is Asked.PAUSE
                and row.get("granted")
                and row.get("stage_id") == self._stages.get(event.stage)
                and row["starts_on"] <= event.happened_on < row["until"]
            ):
                row["until"] = event.happened_on


def _asked(event: Event) -> dict[str, Any]:
    data = event.data
    return {
        "kind": Asked(data["asked"]),
        "pause": data.get("pause"),
        "starts_on": _day(data.get("starts")),
        "asked_by_id": event.actor_id,
        "asked_on": event.happened_on,
        "decided_by_id": None,
        "decided_on": None,
        "granted": None,
        "told_on": None,
        **_given(event, text_id="text"),
        **_days(event, until="asked_until"),
    }


def _decided(event: Event) -> dict[str, Any]:
    """A pause happened from its first day, whenever it was agreed: it is the day of recording that it was decided on."""
    granted = event.kind in {EventKind.EXTENSION_APPROVED, EventKind.PAUSED}
    decided = {"granted": granted, "decided_by_id": event.actor_id, "decided_on": london_day(event.recorded_at)}
    return decided | _days(event, until="until")


def _appointed(event: Event) -> dict[str, Any]:
    return {
        "role": StageRole(event.data["role"]),
        "appointed_on": event.happened_on,
        "stood_down_on": None,
        **_given(event, person_id="person", outsider_id="outsider"),
    }


def _issue(event: Event) -> dict[str, Any]:
    return _given(event, number="number", team_id="team", theme_id="theme", text_id="text")


def _found(event: Event) -> dict[str, Any]:
    return {"outcome": event.data["outcome"], "finding": Finding(event.data["finding"])}


def _action(event: Event) -> dict[str, Any]:
    return {**_NOT_DONE, **_given(event, owner_id="owner", text_id="text"), **_days(event, due_on="due")}


def _action_done(event: Event) -> dict[str, Any]:
    """Before anybody wrote what was done, nobody verified either: an action was over when its owner said so."""
    if "text" not in event.data:
        return {"done_on": event.happened_on, "verified_on": event.happened_on}
    return {
        "done_on": event.happened_on,
        "done_by_id": event.actor_id,
        "verified_on": None,
        **_given(event, evidence_text_id="text"),
    }


def _verified(event: Event) -> dict[str, Any]:
    return {"verified_on": event.happened_on, "verified_by_id": event.actor_id}


def _note(event: Event) -> dict[str, Any]:
    noted = {"approved_on": event.happened_on, "approved_by_id": event.actor_id}
    declined = {"body": None} if event.kind is EventKind.NOTE_NOT_NEEDED else {}
    return noted | declined | _given(event, stage="stage")


def _remedy(event: Event) -> dict[str, Any]:
    nothing_yet = dict.fromkeys(("evidence_text_id", "evidence_ref", "evidenced_on", "done_on", "told_on"))
    said = _given(event, owner_id="owner", text_id="text", evidence_text_id="evidence_text")
    return nothing_yet | said | _days(event, due_on="due")


def _enquiry(event: Event) -> dict[str, Any]:
    return {"received_on": event.happened_on, "answered_on": None, **_days(event, reply_due_on="reply_due")}


def _on(column: str) -> Callable[[Event], dict[str, Any]]:
    return lambda event: {column: event.happened_on}


_NOT_DONE = dict.fromkeys(("done_on", "done_by_id", "evidence_text_id", "verified_on", "verified_by_id"))
# The events that make a row at a stage, which the row then belongs to.
_AT_A_STAGE = {EventKind.EXTENSION_ASKED, EventKind.PAUSE_ASKED, EventKind.APPOINTED}
# What each kind of event says of which row: the row's table, the key that its id has in the event, and its columns.
_CHANGES: dict[EventKind, tuple[type[Row], str, Callable[[Event], dict[str, Any]]]] = {
    EventKind.EXTENSION_ASKED: (Request, "request", _asked),
    EventKind.PAUSE_ASKED: (Request, "request", _asked),
    EventKind.EXTENSION_APPROVED: (Request, "request", _decided),
    EventKind.EXTENSION_REFUSED: (Request, "request", _decided),
    EventKind.PAUSED: (Request, "request", _decided),
    EventKind.PAUSE_REFUSED: (Request, "request", _decided),
    EventKind.APPOINTED: (StageAppointment, "appointment", _appointed),
    EventKind.STOOD_DOWN: (StageAppointment, "appointment", _on("stood_down_on")),
    EventKind.ISSUE_ADDED: (Issue, "issue", _issue),
    EventKind.ISSUE_FOUND: (IssueFinding, "issue", _found),
    EventKind.ACTION_ADDED: (LearningAction, "action", _action),
    EventKind.ACTION_DONE: (LearningAction, "action", _action_done),
    EventKind.ACTION_VERIFIED: (LearningAction, "action", _verified),
    EventKind.ACTION_SENT_BACK: (LearningAction, "action", lambda _event: dict(_NOT_DONE)),
    EventKind.NOTE_SHARED: (LearningNote, "note", _note),
    EventKind.NOTE_NOT_NEEDED: (LearningNote, "note", _note),
    EventKind.ACTION_MOVED: (LearningAction, "action", lambda event: _given(event, owner_id="owner")),
    EventKind.ENQUIRY_RECEIVED: (Enquiry, "enquiry", _enquiry),
    EventKind.ENQUIRY_ANSWERED: (Enquiry, "enquiry", _on("answered_on")),
    EventKind.REMEDY_AGREED: (Remedy, "remedy", _remedy),
    EventKind.REMEDY_EVIDENCED: (Remedy, "remedy", _on("evidenced_on")),
    EventKind.REMEDY_DONE: (Remedy, "remedy", _on("done_on")),
    EventKind.REMEDY_MOVED: (Remedy, "remedy", lambda event: _given(event, owner_id="owner")),
}


def _given(event: Event, **columns: str) -> dict[str, Any]:
    """Of these columns those that the event says something of, under its own key for each."""
    return {column: event.data[key] for column, key in columns.items() if key in event.data}


def _days(event: Event, **columns: str) -> dict[str, Any]:
    """The same of dates."""
    return {column: _day(value) for column, value in _given(event, **columns).items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _key(row: Row) -> _Key:
    if isinstance(row, IssueFinding):
        return _CALLED[IssueFinding], row.issue_id, row.stage
    return _CALLED[type(row)], row.id or 0, 0


def _named(key: _Key) -> str:
    called, number, stage = key
    return f"{called} {number} at stage {stage}" if stage else f"{called} {number}"


def _told(row: Row, name: str, expected: Any) -> str:
    if name in _CLEARABLE:
        return f"{name} is not the one that was recorded"
    return f"{name} is {getattr(row, name)}, was {expected}"
