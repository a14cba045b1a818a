"""What people do in Slack, as plain values: typed, pressed, submitted, pointed at. And what the app can answer.

Listeners are functions from one of these to an answer; they know nothing of payloads, acks or clients.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.blocks.message import Message, View


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
        # PostgreSQL can't hold a NUL, and nobody means one.
        return value.replace("\0", "").strip() if isinstance(value, str) else ""

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
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        """A chosen id; None when there is none or it isn't a number."""
        return as_number(self.one(name))

    def numbers(self, name: str) -> tuple[int, ...]:
        """Chosen ids in order; whatever isn't a number is left out."""
        found = (as_number(option.get("value")) for option in self._inputs.get(name, {}).get("selected_options") or ())
        return tuple(number for number in found if number is not None)


def as_number(value: object) -> int | None:
    """A whole number the database can hold, from what a button or an option carries; None for anything else."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else None


def carried(view: Mapping[str, Any] | None) -> dict[str, str]:
    """What a modal carries in its private metadata. Never trusted: the register checks every right again."""
    try:
        loaded = json.loads((view or {}).get("private_metadata") or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in loaded.items()} if isinstance(loaded, dict) else {}


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
    user: str
    values: Values
    carries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pointed:
    """An entry of a message's menu; `text` is that message's."""

    user: str
    text: str
    channel: str
    ts: str
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the person, and nobody else."""

    message: Message


@dataclass(frozen=True, slots=True)
class Open:
    """Open a modal."""

    view: View


@dataclass(frozen=True, slots=True)
class Redraw:
    """Draw the modal the person is in again, keeping what they typed."""

    view: View


Answer = Say | Open | Redraw | None
