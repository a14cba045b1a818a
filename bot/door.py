"""The edge between Slack and the listeners: parses, calls, acknowledges, answers, and turns every failure into words.

A listener does one short transaction and returns an answer. It runs before the acknowledgement, in the server's own thread, so
that a failure can still be told where the person is looking; what calls Slack runs afterwards, in the background.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.afterwards import Afterwards
from bot.blocks.message import Message, View, safe, saying
from bot.blocks.tables import newer
from bot.following import Place
from bot.looks import Looks
from bot.meters import Interactions
from bot.once import Once
from bot.requests import Answer, Pointed, Pressed, Say, Submitted, Typed, Values, carried, plain
from bot.turn import Turn
from storage.errors import FieldProblems, Refusal
from storage.office import Desk, Office
from storage.periods import NotAPeriod
from storage.permissions import Operation
from storage.texts import storable
from storage.views_complaint import ComplaintFacts
from storage.workdays import CalendarTooShort

log = structlog.get_logger()

COMMAND = "/complaint"
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class SubCommand:
    """One thing to type after /complaint. `usage` is what follows its name. Help shows it to who may do `needs`."""

    name: str
    usage: str
    summary: str
    handle: Callable[[Typed], Answer]
    needs: Operation | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done to a complaint, as *More…* offers it. `possible` says whether this person may do it now."""

    action_id: str
    label: str
    says: str
    possible: Callable[[Desk, ComplaintFacts], bool]


@dataclass
class Door:
    """What listener modules register themselves with. `wake` tells the sender that there may be something to send.

    `meters` counts what people do and how long it takes; `turn` says how many of them are answered at once.
    `setup_code`: what whoever sets the app up has to know; nobody can when it is empty.
    """

    app: App
    office: Office
    clock: Clock
    channel: str | None
    background: Executor
    wake: Callable[[], None]
    meters: Interactions = field(default_factory=Interactions)
    setup_code: str = ""
    turn: Turn = field(default_factory=Turn)
    looks: Looks = field(init=False)
    after: Afterwards = field(init=False)
    once: Once = field(default_factory=Once)
    acts: list[Act] = field(default_factory=list)
    subcommands: dict[str, SubCommand] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.looks = Looks(self.clock)
        self.after = Afterwards(self.background, self.turn)

    def subcommand(
        self, name: str, usage: str, summary: str, handle: Callable[[Typed], Answer], *, needs: Operation | None = None
    ) -> None:
        """Adds something to type after /complaint; it appears in help by itself, for who may do what it `needs`."""
        self.subcommands[name] = SubCommand(name, usage, summary, handle, needs)

    def command(self, handle: Callable[[Typed], Answer]) -> None:
        """Listens to /complaint itself."""

        def listen(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
            words = plain(command.get("text") or "")
            typed = Typed(command["user_id"], words, command["channel_id"], command["trigger_id"])
            place = Place(client, typed.user, typed.trigger_id, command.get("response_url"), self.looks)
            with self.interaction("command", self._command_name(words), typed.user):
                answer = self._attempt(lambda: handle(typed))
                at_once = self._at_once(answer)
                if at_once is not None:
                    ack(text=at_once.text, blocks=list(at_once.blocks))
                    return
                ack()
                self.after.follow(answer, place)

        self.app.command(COMMAND)(listen)

    def act(self, act: Act, handle: Callable[[Pressed], Answer]) -> None:
        """Adds something that *More…* offers, and listens to its button."""
        self.acts.append(act)
        self.action(act.action_id, handle)

    def action(self, action_id: str, handle: Callable[[Pressed], Answer]) -> None:
        """Listens to a button, or to an input that calls back."""

        def listen(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
            view = body.get("view")
            pressed = Pressed(
                user=body["user"]["id"],
                value=storable(str(action.get("value") or "")),
                trigger_id=body.get("trigger_id", ""),
                view=view,
                values=Values(((view or body).get("state") or {}).get("values") or {}),
                carries=carried(view),
            )
            place = Place(client, pressed.user, pressed.trigger_id, body.get("response_url"), self.looks, view)
            with self.interaction("action", action_id, pressed.user):
                answer = self._attempt(lambda: handle(pressed))
                ack()
                self.after.follow(answer, place)

        self.app.action(action_id)(listen)

    def form(self, callback_id: str, handle: Callable[[Submitted], View | None]) -> None:
        """Listens to a modal's submit. The listener returns the modal to show next, or None to close it.

        Slack doesn't say whether an answer arrived: a form that is submitted again as it was gets the same answer.
        """

        def listen(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
            filled = view["state"]["values"]
            form = f"{view['id']} {view.get('hash')}"
            submitted = Submitted(body["user"]["id"], Values(filled), carried(view), form)
            with self.interaction("form", callback_id, submitted.user):
                try:
                    with self._timed():
                        following = self.once.save(form, filled, lambda: handle(submitted))
                except Exception as problem:  # noqa: BLE001 - the edge: whatever it is, the person is told in the form itself
                    ack(response_action="errors", errors=_on_fields(view, _problems(problem)))
                    return
                if following is None:
                    # A form may stand on the list of things to do that it was chosen from; both are done with.
                    ack(response_action="clear")
                else:
                    ack(response_action="update", view=following)
                # The form may have been opened from the Home tab, which shows what it changed.
                self.after.draw_home(client, submitted.user)

        self.app.view(callback_id)(listen)

    def saving(self, form: Submitted) -> AbstractContextManager[Desk]:
        """One transaction for what a form says, in which it is noted that the form was saved: no process saves it again."""
        return self.office.change(form.user, self.clock(), form=form.form)

    def message_shortcut(self, callback_id: str, handle: Callable[[Pointed], Answer]) -> None:
        """Listens to an entry of a message's menu."""

        def listen(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
            message = shortcut.get("message") or {}
            pointed = Pointed(
                shortcut["user"]["id"],
                plain(str(message.get("text") or "")),
                str((shortcut.get("channel") or {}).get("id") or ""),
                str(message.get("ts") or ""),
                shortcut["trigger_id"],
            )
            place = Place(client, pointed.user, pointed.trigger_id, shortcut.get("response_url"), self.looks)
            with self.interaction("shortcut", callback_id, pointed.user):
                answer = self._attempt(lambda: handle(pointed))
                ack()
                self.after.follow(answer, place)

        self.app.message_shortcut(callback_id)(listen)

    def _at_once(self, answer: Answer) -> Message | None:
        """What can be said in the acknowledgement; what Slack may not take goes out afterwards, where its refusal is heard."""
        if not isinstance(answer, Say):
            return None
        way = self.looks.certain(answer.message)
        if way is not None and answer.picture is not None and newer(way) != newer(answer.message):
            # The picture that stands for the chart has to be sent as well.
            return None
        return way

    def _attempt(self, act: Callable[[], Answer]) -> Answer:
        try:
            with self._timed():
                return act()
        except Exception as problem:  # noqa: BLE001 - the edge: whatever it is, the person is told
            return Say(saying(safe(explain(problem))))

    @contextmanager
    def interaction(self, kind: str, name: str, user: str) -> Iterator[None]:
        """One id in every log line of an interaction, those of what it leaves for later among them."""
        with structlog.contextvars.bound_contextvars(interaction=uuid4().hex[:8], kind=kind, name=name, user=user):
            yield

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Logs and counts how a listener ended and how long it took; inside an interaction. What it raises goes on."""
        started, outcome = time.perf_counter(), "ok"
        try:
            with self.turn.taken():
                yield
        except Exception as problem:
            outcome = type(problem).__name__
            raise
        finally:
            took = time.perf_counter() - started
            log.info("interaction", outcome=outcome, ms=round(took * 1000, 1))
            bound = structlog.contextvars.get_contextvars()
            self.meters.count(str(bound.get("kind")), str(bound.get("name")), outcome, took)
            self.wake()

    def _command_name(self, words: str) -> str:
        """The command with its sub-command, for log and meters; nothing else of what was typed."""
        first = words.split(maxsplit=1)[0].casefold() if words.strip() else ""
        return f"{COMMAND} {first}" if first in self.subcommands else COMMAND


def _problems(problem: Exception) -> dict[str, str]:
    """What went wrong with a form, by the field it belongs to; what belongs to none is under the empty name."""
    if isinstance(problem, FieldProblems):
        return problem.problems
    return {(isinstance(problem, Refusal) and problem.field) or "": explain(problem)}


def explain(problem: Exception) -> str:
    """What to tell a person about a failure. The unexpected gets a reference to quote, and its trace goes to the log."""
    if isinstance(problem, Refusal | NotAPeriod | CalendarTooShort):
        return str(problem)
    reference = uuid4().hex[:6].upper()
    log.error("unexpected", reference=reference, exc_info=problem)
    return (
        "Something went wrong on our side and nothing was saved. Try again. If it happens again, "
        f"tell the complaints manager and quote {reference}."
    )


def _on_fields(view: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, str]:
    """Problems by block id. One that belongs to no input of this form goes on its first, so that it is never lost."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    placed: dict[str, str] = {}
    for name, said in problems.items():
        place = name if name in inputs else inputs[0]
        placed[place] = f"{placed[place]} {said}" if place in placed else said
    return placed
