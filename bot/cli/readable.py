"""One complaint's export as plain English, for people. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.blocks import history as telling
from bot.blocks import words
from storage.dates import in_words
from storage.texts import inert
from storage.views_history import Entry, History
from storage.vocabulary import MessageKind

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
_KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
_TITLES = {
    "stages": "Stages",
    "requests": "Extensions and pauses asked for",
    "issues": "What the complaint holds, point by point",
    "findings": "What each point came to",
    "appointments": "Who was appointed",
    "enquiries": "Enquiries from the Ombudsman",
    "remedies": "Remedies agreed with the Ombudsman",
    "learning_actions": "Learning actions",
    "learning_notes": "Learning notes",
    "notes_read": "Who has read its learning notes",
}
MESSAGES = {
    MessageKind.CARD: "The complaint's card",
    MessageKind.THREAD: "A line about the complaint",
    MessageKind.ALLOCATED: "That the complaint was given to them",
    MessageKind.NUDGE: "A reminder",
    MessageKind.DIGEST: "A digest",
    MessageKind.DECISION_WANTED: "That a decision was wanted",
    MessageKind.DECIDED: "What was decided",
    MessageKind.REDATED: "That due dates moved",
    MessageKind.NOTE: "A learning note",
    MessageKind.HANDED_OVER: "That work was handed over to them",
    MessageKind.TAKEN_OVER: "That work was handed over from them",
    MessageKind.COVERING: "That they stand in for somebody",
    MessageKind.MONTHLY: "A monthly page",
    MessageKind.REPORT: "A report they asked for",
}


def readable(found: Mapping[str, Any], history: History) -> str:
    """The whole export, from `subject_access.everything`, as text with headings. `history` is of the same complaint."""
    lines = [
        f"Everything the complaints register holds about {found['reference']}",
        f"Made on {_said(found['made_on'])}.",
    ]
    if found["cleared_on"]:
        lines.append(
            f"On {_said(found['cleared_on'])}, under the council's retention rule, what people had written about it was cleared, "
            "and so were who complained, how it came in and the correspondence reference. Nobody can bring them back."
        )
    about = [f"Other team: {one['team']}" for one in found["other_teams"]]
    about += [f"Theme: {one['theme']}" for one in found["themes"]]
    lines += _section("The complaint", [*_fields(found["complaint"]), *about])
    lines += _section("People", [f"{one['name']}: {'; '.join(one['parts'])}" for one in found["people"]])
    lines += _section("What happened, in order", [_entry(one, history) for one in history.entries])
    lines += _section("What people wrote", [f"About {_label(one['about'])}: {one['body']}" for one in found["texts"]])
    for name, title in _TITLES.items():
        lines += _section(title, list(_numbered(found[name])))
    messages = [*(_message(one) for one in found["messages"]), *(_nudge(one) for one in found["nudges"])]
    lines += _section("Messages about it in Slack", messages)
    return inert("\n".join(lines)) + "\n"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, "-" * len(title), *(lines or ["None."])]


def _fields(row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value is not None and name not in {"id", "head", "changes"}:
            yield f"{_label(name).capitalize()}: {_said(value)}"


def _numbered(rows: list[dict[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        yield f"{number}. " + "; ".join(_fields(row))


def _entry(entry: Entry, history: History) -> str:
    said = telling.sentence(entry, history.names)
    when = f"{entry.sequence}. {in_words(entry.happened_on)}, stage {entry.stage}"
    return f"{when}: {said} Recorded at {words.clock(entry.recorded_at)}."


def _message(row: Mapping[str, Any]) -> str:
    what = MESSAGES.get(MessageKind(row["kind"]), "A message")
    sent = f"{row['state']} at {_said(row['sent_at'])}" if row["sent_at"] else row["state"]
    return f"{what}, to {row['where']}: asked for at {_said(row['created_at'])}, {sent}."


def _nudge(row: Mapping[str, Any]) -> str:
    return f"A reminder ({_label(row['rung'])}), to {row['person']} on {_said(row['day'])}: {row.get('state', 'not known')}."


def _label(name: str) -> str:
    return name.replace("_", " ").removesuffix(" on").removesuffix(" at")


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if _DAY.fullmatch(text):
        return in_words(date.fromisoformat(text))
    if _INSTANT.fullmatch(text):
        return words.clock(datetime.fromisoformat(text))
    return text.replace("_", " ") if _KEY.fullmatch(text) else text
