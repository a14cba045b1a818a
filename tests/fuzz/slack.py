"""A practice workspace that writes down what the app asks of it, so that it can be judged."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette

from bot.demo import county
from bot.practice.seed import Seed
from bot.practice.server import PracticeServer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
APP = "A0COMPLAINTS"


@dataclass(frozen=True)
class Call:
    """One call of the Web API, or of a response URL, and what was answered."""

    method: str
    given: dict[str, Any]
    status: int
    answered: str

    @property
    def error(self) -> str | None:
        """Why it was refused; None when it was taken."""
        try:
            answer = json.loads(self.answered)
        except ValueError:
            return None if self.status == 200 else self.answered
        return None if answer.get("ok") else str(answer.get("error"))

    @property
    def said(self) -> dict[str, Any]:
        """What would be shown to somebody: a message or a view."""
        view = self.given.get("view")
        return view if isinstance(view, dict) else self.given


class _Tap:
    """ASGI: hands on what comes to the Web API, and what is answered."""

    def __init__(self, app: Any, heard: list[Call]) -> None:
        self._app, self._heard = app, heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or not path.startswith(("/api/", "/response/")):
            await self._app(scope, receive, send)
            return
        asked, answered, status = bytearray(), bytearray(), 0

        async def listen() -> MutableMapping[str, Any]:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def tell(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            answered.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                method = path.removeprefix("/api/") if path.startswith("/api/") else "response_url"
                self._heard.append(Call(method, _read(bytes(asked)), status, answered.decode()))
            await send(message)

        await self._app(scope, listen, tell)


def _read(body: bytes) -> dict[str, Any]:
    if body.startswith(b"{"):
        loaded: dict[str, Any] = json.loads(body)
        return loaded
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {key: json.loads(value) if key in {"view", "blocks"} else value for key, value in form.items()}


class Slack(PracticeServer):
    """`heard` is what the app asked since it was last emptied. Takes whatever comes, however often."""

    def __init__(self, seed: Seed) -> None:
        self.heard: list[Call] = []
        super().__init__(seed)

    def _application(self) -> Starlette:
        application = super()._application()
        application.add_middleware(_Tap, heard=self.heard)
        return application

    def trigger(self, user: str) -> str:
        """What a press of this person may open a modal with."""
        return self.triggers.new(user, APP)

    def response_url(self, user: str, message: str | None = None) -> str:
        """Where a press of this person in the complaints channel may be answered; `message` is the ts of what it was on."""
        return self._urls.new(app_id=APP, user_id=user, channel_id=county.CHANNEL, message_ts=message)

    def forget(self) -> None:
        """Lets go of what was said privately, which would fill the memory of a long run."""
        self.heard.clear()
        for channel in self._workspace.channels.values():
            channel.private_to.clear()
