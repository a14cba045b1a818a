"""The edge between Slack and the listeners: parses, calls, acknowledges, answers, and turns every failure into words.

A listener does one short transaction and returns an answer. It runs before the acknowledgement, in the server's own thread, so
that a failure can still be told where the person is looking; what calls Slack runs afterwards, in the background.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.message import Message, View, safe, saying
from bot.blocks.tables import newer
from bot.following import Place, open_view, redraw, say, send, whisper, whisper_to
from bot.looks import Looks
from bot.requests import (
    Answer,
    Heard,
    Open,
    Pointed,
    Pressed,
    Redraw,
    Replace,
    Say,
    Send,
    Submitted,
    Typed,
    Values,
    Whisper,
    carried,
    heard,
    plain,
)
from storage.errors import FieldProblems, Refusal
from storage.office import Desk, Office
from storage.periods import NotAPeriod
from storage.views import ComplaintFacts
from storage.workdays import CalendarTooShort

log = structlog.get_logger()

COMMAND = "/complaint"
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class SubCommand:
    """One thing to type after /complaint. `usage` is what follows its name; `who` says whose it is, for help."""

    name: str
    usage: str
    summary: str
    handle: Callable[[Typed], Answer]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done to a complaint, as *More…* offers it. `possible` says whether this person may do it now."""

    action_id: str
    label: str
    says: str
    possible: Callable[[Desk, ComplaintFacts], bool]


@dataclass
class Door:
    """What listener modules register themselves with. `wake` tells the sender that there may be something to send."""

    app: App
    office: Office
    clock: Clock
    channel: str | None
    background: Executor
    wake: Callable[[], None]
    home: Callable[[str], View] | None = None
    looks: Looks = field(init=False)
    acts: list[Act] = field(default_factory=list)
    subcommands: dict[str, SubCommand] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.looks = Looks(self.clock)

    def subcommand(self, name: str, usage: str, summary: str, handle: Callable[[Typed], Answer]) -> None:
        """Adds something to type after /complaint; it appears in help by itself."""
        self.subcommands[name] = SubCommand(name, usage, summary, handle)

    def command(self, handle: Callable[[Typed], Answer]) -> None:
        """Listens to /complaint itself."""

        def listen(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
            words = plain(command.get("text") or "")
            typed = Typed(command["user_id"], words, command["channel_id"], command["trigger_id"])
            answer = self._attempt("command", COMMAND, typed.user, lambda: handle(typed))
            # What Slack may not take is sent afterwards, where its refusal can be heard.
            if isinstance(answer, Say) and not newer(answer.message):
                ack(text=answer.message.text, blocks=list(answer.message.blocks))
                return
            ack()
            self._follow_up(
                answer, Place(client, typed.user, typed.trigger_id, command.get("response_url"), self.looks)
            )

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
                value=str(action.get("value") or ""),
                trigger_id=body.get("trigger_id", ""),
                view=view,
                values=Values(((view or body).get("state") or {}).get("values") or {}),
                carries=carried(view),
            )
            answer = self._attempt("action", action_id, pressed.user, lambda: handle(pressed))
            ack()
            self._follow_up(
                answer, Place(client, pressed.user, pressed.trigger_id, body.get("response_url"), self.looks, view)
            )

        self.app.action(action_id)(listen)

    def form(self, callback_id: str, handle: Callable[[Submitted], View | None]) -> None:
        """Listens to a modal's submit. The listener returns the modal to show next, or None to close it."""

        def listen(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
            submitted = Submitted(body["user"]["id"], Values(view["state"]["values"]), carried(view))
            with self._interaction("form", callback_id, submitted.user) as entry:
                try:
                    following = handle(submitted)
                except Exception as problem:  # noqa: BLE001 - the edge: whatever it is, the person is told in the form itself
                    entry["outcome"] = type(problem).__name__
                    ack(response_action="errors", errors=_on_fields(view, _problems(problem)))
                    return
            if following is None:
                # A form may stand on the list of things to do that it was chosen from; both are done with.
                ack(response_action="clear")
            else:
                ack(response_action="update", view=following)
            # The form may have been opened from the Home tab, which shows what it changed.
            self._later("home", lambda: self._publish_home(client, submitted.user))

        self.app.view(callback_id)(listen)

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
            answer = self._attempt("shortcut", callback_id, pointed.user, lambda: handle(pointed))
            ack()
            self._follow_up(
                answer, Place(client, pointed.user, pointed.trigger_id, shortcut.get("response_url"), self.looks)
            )

        self.app.message_shortcut(callback_id)(listen)

    def home_opened(self) -> None:
        """Draws the Home tab whenever somebody opens it."""

        def listen(event: dict[str, Any], client: WebClient) -> None:
            if event.get("tab", "home") == "home":
                self._later("home", lambda: self._publish_home(client, event["user"]))

        self.app.event("app_home_opened")(listen)

    def user_changed(self, handle: Callable[[Mapping[str, Any]], bool]) -> None:
        """Listens to changes of anybody's account; `handle` says whether that changed anything here.

        Nothing is caught: what is not acknowledged Slack sends again.
        """

        def listen(event: dict[str, Any]) -> None:
            if handle(event.get("user") or {}):
                self.wake()

        self.app.event("user_change")(listen)

    def message_heard(self, handle: Callable[[Heard], Message | None]) -> None:
        """Listens to what people write in channels that the app is a member of; what is returned, its author alone sees.

        Nothing that was written is logged, nor that it was: not even by what went wrong with it.
        """

        def listen(event: dict[str, Any], client: WebClient) -> None:
            said = heard(event)
            if said is None:
                return
            try:
                answer = handle(said)
            except Refusal:
                # Who may not record is not bothered; and a suggestion that can't be made just now is not worth another try.
                return
            except Exception as problem:  # noqa: BLE001 - the edge: Slack would only deliver it again; a trace might quote it
                log.error("a message could not be looked at", error=type(problem).__name__)
                return
            if answer is not None:
                channel, user, thread = said.channel, said.user, said.thread
                self._later("suggest", lambda: whisper_to(client, answer, channel=channel, user=user, thread_ts=thread))

        self.app.event("message")(listen)

    def _attempt(self, kind: str, name: str, user: str, act: Callable[[], Answer]) -> Answer:
        with self._interaction(kind, name, user) as entry:
            try:
                return act()
            except Exception as problem:  # noqa: BLE001 - the edge: whatever it is, the person is told
                entry["outcome"] = type(problem).__name__
                return Say(saying(safe(explain(problem))))

    @contextmanager
    def _interaction(self, kind: str, name: str, user: str) -> Iterator[dict[str, str]]:
        """One id in every log line of an interaction; how it ended and how long it took in its last."""
        started = time.perf_counter()
        entry = {"outcome": "ok"}
        with structlog.contextvars.bound_contextvars(interaction=uuid4().hex[:8], kind=kind, name=name, user=user):
            try:
                yield entry
            finally:
                log.info("interaction", **entry, ms=round((time.perf_counter() - started) * 1000, 1))
                self.wake()

    def _follow_up(self, answer: Answer, place: Place) -> None:
        """What has to go through Slack's Web API once the acknowledgement is out."""
        if isinstance(answer, Open):
            view = answer.view
            self._later("open", lambda: open_view(place, view))
        elif isinstance(answer, Redraw):
            view = answer.view
            self._later("redraw", lambda: redraw(place, view))
        elif isinstance(answer, Say):
            said = answer
            self._later("say", lambda: say(place, said.message, picture=said.picture))
        elif isinstance(answer, Replace):
            message = answer.message
            self._later("replace", lambda: say(place, message, replace=True))
        elif isinstance(answer, Whisper):
            whispered = answer
            self._later("whisper", lambda: whisper(place, whispered))
        elif isinstance(answer, Send):
            file = answer
            self._later("send", lambda: send(place, file))
        if place.in_home and not isinstance(answer, Open):
            self._later("home", lambda: self._publish_home(place.client, place.user))

    def _publish_home(self, client: WebClient, user: str) -> None:
        if self.home is not None:
            client.views_publish(user_id=user, view=self.home(user))

    def _later(self, what: str, act: Callable[[], object]) -> None:
        def run() -> None:
            try:
                act()
            except SlackApiError as refused:
                log.warning("slack refused", what=what, error=refused.response.get("error"))
            except (SlackClientError, OSError) as problem:
                log.warning("slack could not be reached", what=what, error=type(problem).__name__)
            except Exception:
                log.exception("background work failed", what=what)

        self.background.submit(run)


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
        "Something went wrong on our side and nothing was saved. Please try again; if it happens again, "
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
