"""What people do in Slack, as plain values: typed, pressed, submitted, pointed at. And what the app can answer.

Listeners are functions from one of these to an answer; they know nothing of payloads, acks or clients.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.blocks.message import Message, View
from storage.texts import storable


class Values:
    """A form's inputs by block id, whatever their kind. What was left empty is None or an empty tuple."""

    def __init__(self, state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        self._inputs = {
            block_id: next(iter(inputs.values()), {})
            for block_id, inputs in state.items()
            if isinstance(inputs, Mapping)
        }

    def text(self, name: str) -> str:
        value = self._inputs.get(name, {}).get("value")
        return storable(value).strip() if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """A chosen date; None when there is none or it isn't a date."""
        chosen = self._inputs.get(name, {}).get("selected_date")
        try:
            return date.fromisoformat(chosen) if isinstance(chosen, str) else None
        except ValueError:
            return None

    def one(self, name: str) -> str | None:
        option = self._inputs.get(name, {}).get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        return storable(value) if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        """A chosen id; None when there is none or it isn't a number."""
        return as_number(self.one(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Chosen values in order."""
        found = (option.get("value") for option in self._inputs.get(name, {}).get("selected_options") or ())
        return tuple(storable(value) for value in found if isinstance(value, str))

    def numbers(self, name: str) -> tuple[int, ...]:
        """Chosen ids in order; whatever isn't a number is left out."""
        found = (as_number(option.get("value")) for option in self._inputs.get(name, {}).get("selected_options") or ())
        return tuple(number for number in found if number is not None)

    def people(self, name: str) -> tuple[str, ...]:
        """Slack ids of people who were picked, in order, each once."""
        picked = self._inputs.get(name, {}).get("selected_users") or ()
        return tuple(dict.fromkeys(one for one in picked if isinstance(one, str) and _PERSON.fullmatch(one)))

    def conversation(self, name: str) -> str | None:
        """Slack id of a channel that was picked."""
        picked = self._inputs.get(name, {}).get("selected_conversation")
        return picked if isinstance(picked, str) and _CHANNEL.fullmatch(picked) else None


_PERSON, _CHANNEL = re.compile(r"[UW][A-Z0-9]{2,30}"), re.compile(r"[CG][A-Z0-9]{2,30}")
# docs.slack.dev, Formatting message text: a link is <address|label>; references to people, channels and groups begin with @ # !.
_LINK = re.compile(r"<(?![@#!])(?:mailto:|tel:)?([^<>|]+)(?:\|([^<>]*))?>")


def plain(text: str) -> str:
    """What somebody typed, out of Slack's markup: links as they were typed, & < > as themselves.

    People and channels stay as Slack names them: `<@U123|name>`, `<#C123|name>`.
    """
    typed = _LINK.sub(lambda link: link[2] or link[1], storable(text))
    return typed.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_number(value: object) -> int | None:
    """A whole number the database can hold, from what a button or an option carries; None for anything else."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else None


def carried(view: Mapping[str, Any] | None) -> dict[str, str]:
    """What a modal carries in its private metadata. Never trusted: the register checks every right again."""
    return unpacked((view or {}).get("private_metadata") or "")


def unpacked(value: str) -> dict[str, str]:
    """What a modal or a button carries as JSON, as texts by name; nothing when it is anything else."""
    try:
        loaded = json.loads(value or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(key): storable(str(value)) for key, value in loaded.items()} if isinstance(loaded, dict) else {}


@dataclass(frozen=True, slots=True)
class Typed:
    """`/complaint` and what came after its sub-command."""

    user: str
    words: str
    channel: str
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, or an input that calls back. `view` is the modal or Home tab it stood in, None for a message."""

    user: str
    value: str
    trigger_id: str
    view: Mapping[str, Any] | None
    values: Values
    carries: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A modal's submit. `form` names the form as it stands in Slack, which is another once it was changed there."""

    user: str
    values: Values
    carries: dict[str, str]
    form: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """An entry of a message's menu; `text` is that message's."""

    user: str
    text: str
    channel: str
    ts: str
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody wrote in a channel that the app is a member of; `thread` is the thread's ts where it was in one."""

    user: str
    channel: str
    ts: str
    text: str
    thread: str | None = None


# docs.slack.dev, message event: what a person writes has no subtype, or this one when a file is with it. Edits, joins, replies
# shown in the channel too, and what old-fashioned bots say have others.
_WRITTEN = (None, "file_share")
_PLACES = ("channel", "group")


def heard(event: Mapping[str, Any]) -> Heard | None:
    """What a member wrote in a public or private channel; None for everything else that Slack calls a message."""
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    written = event.get("subtype") in _WRITTEN and not event.get("bot_id")
    if not written or event.get("channel_type") not in _PLACES:
        return None
    if not (isinstance(user, str) and isinstance(channel, str) and isinstance(ts, str)):
        return None
    thread = event.get("thread_ts")
    return Heard(user, channel, ts, plain(str(event.get("text") or "")), thread if isinstance(thread, str) else None)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a file for who can't be shown one in a message: its name, what it says, and how it is drawn."""

    name: str
    alt_text: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the person, and nobody else. `picture` goes with it where the workspace takes no chart."""

    message: Message
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Open a modal."""

    view: View


@dataclass(frozen=True, slots=True)
class Whisper:
    """Tell the person in a channel as only its members can; `otherwise` says it when the app turns out to be none."""

    channel: str
    message: Message
    otherwise: Message


@dataclass(frozen=True, slots=True)
class Replace:
    """Put this in the place of the message whose button was pressed."""

    message: Message


@dataclass(frozen=True, slots=True)
class Redraw:
    """Draw the modal the person is in again, keeping what they typed."""

    view: View


@dataclass(frozen=True, slots=True)
class Send:
    """Send a file to the person in a direct message; `note` says what it is."""

    name: str
    content: bytes
    note: str


Answer = Say | Open | Redraw | Whisper | Replace | Send | None
