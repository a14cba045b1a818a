"""Brings commands, presses and events to an app, over a socket or signed HTTP, and takes its answer."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import h11

from bot.practice.errors import Json
from bot.practice.faults import Faults
from bot.practice.http_post import HttpAnswer, post
from bot.practice.links import Links
from bot.practice.seed import Timing
from bot.practice.workspace import App

Outcome = Literal["ok", "timeout", "failed", "unreachable"]
Kind = Literal["slash_commands", "interactive", "events_api"]
_FORM = "application/x-www-form-urlencoded"
KEPT = 5000


@dataclass(frozen=True)
class Answer:
    """How an app answered: in time, late, with an error, or not at all; and what it said."""

    outcome: Outcome
    payload: Json

    @property
    def code(self) -> str:
        """The error that Slack shows for a command that failed."""
        return "operation_timeout" if self.outcome == "timeout" else "dispatch_failed"


class Delivery:
    """One for a workspace. `log` keeps what was delivered and how it went."""

    def __init__(self, links: Links, timing: Timing, faults: Faults) -> None:
        self._links = links
        self._timing = timing
        self._faults = faults
        self.log: deque[Json] = deque(maxlen=KEPT)

    def reachable(self, app: App) -> bool:
        """Whether the app has a socket open or a request URL."""
        return bool(self._links.count(app.id) or app.seed.request_url)

    def expects(self, app: App) -> bool:
        """Whether the app is reachable, or was and may be again."""
        return bool(self._links.ever(app.id) or app.seed.request_url)

    async def ask(self, app: App, kind: Kind, payload: Json) -> Answer:
        """Deliver a command or a press, once, and wait for the answer as long as Slack does."""
        label = str(payload.get("type", payload.get("command", kind)))
        if not self.reachable(app):
            self.log.append({"type": label, "transport": "none", "ms": 0, "outcome": "unreachable"})
            return Answer("unreachable", {})
        if self._links.count(app.id):
            return await self._timed(label, "socket", self._by_socket(app, kind, payload))
        return await self._timed(label, "http", self._by_http(app, kind, payload))

    async def event(self, app: App, payload: Json) -> None:
        """Deliver an event, and again when it was not answered in time, up to three times more."""
        label = payload["event"]["type"]
        reason = ""
        for attempt, pause in enumerate((0.0, *self._timing.event_retries)):
            await asyncio.sleep(pause)
            if self._links.count(app.id):
                extra = {"retry_attempt": attempt, "retry_reason": reason}
                answer = await self._timed(label, "socket", self._by_socket(app, "events_api", payload, **extra))
            elif app.seed.request_url:
                retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
                answer = await self._timed(label, "http", self._by_http(app, "events_api", payload, retry))
            else:
                answer = Answer("unreachable", {})
            if answer.outcome == "ok" or answer.payload.get("no_retry"):
                return
            reason = {"timeout": "http_timeout", "unreachable": "connection_failed"}.get(answer.outcome, "http_error")

    async def verify(self, app: App, challenge: str) -> bool:
        """Send url_verification to the request URL, as Slack does when it is saved; whether the app gave it back."""
        body: Json = {"token": "practice", "challenge": challenge, "type": "url_verification"}
        answer = await self._timed("url_verification", "http", self._by_http(app, "events_api", body))
        return challenge in {answer.payload.get("challenge"), answer.payload.get("text")}

    async def _timed(self, label: str, transport: str, asking: Awaitable[Answer]) -> Answer:
        started = time.monotonic()
        try:
            answer = await asking
        except TimeoutError:
            answer = Answer("timeout", {})
        except (OSError, h11.RemoteProtocolError):
            answer = Answer("unreachable", {})
        if answer.outcome == "ok" and self._faults.lost(label):
            answer = Answer("unreachable", {})
        ms = round((time.monotonic() - started) * 1000, 1)
        self.log.append({"type": label, "transport": transport, "ms": ms, "outcome": answer.outcome})
        return answer

    async def _by_socket(self, app: App, kind: Kind, payload: Json, **extra: object) -> Answer:
        accepts = kind == "slash_commands" or payload.get("type") in {"view_submission", "block_suggestion"}
        answer = await self._links.ask(app.id, kind, payload, accepts=accepts, wait=self._timing.answer, **extra)
        return Answer("ok", answer if accepts else {})

    async def _by_http(self, app: App, kind: Kind, payload: Json, headers: dict[str, str] | None = None) -> Answer:
        match kind:
            case "slash_commands":
                body, content_type = urlencode(payload).encode(), _FORM
            case "interactive":
                body, content_type = urlencode({"payload": json.dumps(payload)}).encode(), _FORM
            case "events_api":
                body, content_type = json.dumps(payload).encode(), "application/json"
        sending = post(
            str(app.seed.request_url),
            body,
            content_type=content_type,
            secret=app.seed.signing_secret,
            headers=headers or {},
        )
        return _read(await asyncio.wait_for(sending, self._timing.answer))


def _read(answer: HttpAnswer) -> Answer:
    if answer.status != 200:
        return Answer("failed", {"no_retry": answer.headers.get("x-slack-no-retry") == "1"})
    text = answer.body.decode("utf-8", "replace")
    if "json" in answer.headers.get("content-type", ""):
        try:
            payload = json.loads(text or "{}")
        except ValueError:
            return Answer("failed", {})
        return Answer("ok", payload if isinstance(payload, dict) else {})
    return Answer("ok", {"text": text} if text.strip() else {})
