"""The complaints counter without Slack: every listener registered, pressed and submitted by calling what Slack would call."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from slack_bolt import App

from bot import listeners
from bot.blocks.message import View
from bot.door import Door
from bot.listeners.show import drawn
from storage import views_complaint
from tests.county import County

Heard = dict[tuple[str, str], Callable[..., Any]]


class _App:
    """Stands for Bolt: keeps each listener under what it listens to."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def __getattr__(self, kind: str) -> Callable[[str], Callable[[Callable[..., Any]], None]]:
        return lambda name: lambda listen: self._heard.update({(kind, name): listen})


class _Nobody(Executor):
    """What would go to Slack after an answer has nobody to go to."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        return Future()


@dataclass
class Counter:
    """A county's counter at one moment."""

    county: County
    now: datetime
    heard: Heard = field(default_factory=dict)
    forms: int = 0

    def __post_init__(self) -> None:
        self.door = Door(
            app=cast("App", _App(self.heard)),
            office=self.county.office,
            clock=lambda: self.now,
            channel=None,
            background=_Nobody(),
            wake=lambda: None,
        )
        listeners.register(self.door)

    def offered(self, who: str, reference: str) -> set[str]:
        """What *More…* offers a person on a complaint."""
        with self.county.office.look(who, self.now) as desk:
            facts = views_complaint.complaint(desk, reference)
            return {str(act.action_id) for act in self.door.acts if act.possible(desk, facts)}

    def submit(self, who: str, view: View, values: dict[str, Any]) -> dict[str, Any]:
        """Submits a modal; what is answered: its errors by field, or that it closes. Dates are given as they are chosen."""
        acked: list[dict[str, Any]] = []
        state = {name: {"input": _entry(value)} for name, value in values.items()}
        self.forms += 1
        submitted = {**view, "id": f"V{self.forms}", "hash": "1.0", "state": {"values": state}}
        listen = self.heard["view", str(view["callback_id"])]
        listen(lambda **answer: acked.append(answer), {"user": {"id": who}}, submitted, None)
        return acked[0]

    def home(self, who: str) -> View:
        """Somebody's Home tab."""
        assert self.door.after.home is not None
        return self.door.after.home(who)

    def screen(self, who: str, reference: str) -> set[str]:
        """The buttons that somebody's screen of a complaint has."""
        with self.county.office.look(who, self.now) as desk:
            return buttons(drawn(desk, reference).blocks)


def buttons(drawn: Any) -> set[str]:
    """The action ids of every button in something that is drawn."""
    if isinstance(drawn, dict):
        own = {str(drawn["action_id"])} if drawn.get("type") == "button" else set()
        return own.union(*(buttons(value) for value in drawn.values()))
    if isinstance(drawn, list | tuple):
        return set().union(*(buttons(value) for value in drawn))
    return set()


def inputs(view: View) -> dict[str, bool]:
    """The inputs of a modal by block id, each with whether it may be left empty."""
    return {block["block_id"]: block["optional"] for block in view["blocks"] if block["type"] == "input"}


def said(drawn: Any) -> str:
    """Everything written in something that is drawn."""
    return json.dumps(drawn, ensure_ascii=False)


def _entry(value: Any) -> dict[str, Any]:
    if isinstance(value, tuple):
        return {"selected_option": {"value": value[0]}}
    if len(value) == 10 and value[4] == value[7] == "-":
        return {"selected_date": value}
    return {"value": value}
