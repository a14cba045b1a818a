"""Socket Mode: an app's WebSocket connections, and what is sent over them and acknowledged."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.practice.errors import Json, SlackError

MOST = 10  # docs.slack.dev, Socket Mode: up to ten connections an app
LIFE = 3600  # seconds a connection lasts, as the hello message says


class Link:
    """One connection."""

    def __init__(self, websocket: WebSocket, app_id: str) -> None:
        self.websocket = websocket
        self.app_id = app_id
        self.greeted = False

    async def send(self, message: Json) -> None:
        """Send one message. Raises OSError or RuntimeError when the connection is gone."""
        await self.websocket.send_text(json.dumps(message))


class Links:
    """Every open Socket Mode connection; each payload goes to one of its app's, in turn."""

    def __init__(self, *, cut: Callable[[WebSocket], None], changed: Callable[[], None]) -> None:
        """`cut(websocket)` breaks a connection without a farewell; `changed()` is called as they come and go."""
        self._cut = cut
        self._changed = changed
        self._tickets: dict[str, str] = {}
        self._open: dict[str, list[Link]] = {}  # an app that was ever connected keeps its list, empty or not
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    def ticket(self, app_id: str) -> str:
        """A ticket for one new connection. Raises SlackError too_many_websockets at ten."""
        if self.count(app_id) >= MOST:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = app_id
        return ticket

    def count(self, app_id: str) -> int:
        """How many connections an app has."""
        return len(self._open.get(app_id, ()))

    def ever(self, app_id: str) -> bool:
        """Whether an app has or had a connection, and may come back."""
        return app_id in self._open

    async def serve(self, websocket: WebSocket) -> None:
        """Greet a new connection and take its acknowledgements until it ends."""
        app_id = self._tickets.pop(websocket.path_params["ticket"], None)
        if app_id is None or self.count(app_id) >= MOST:
            await websocket.close(4000)
            return
        await websocket.accept()
        link = Link(websocket, app_id)
        links = self._open.setdefault(app_id, [])
        links.append(link)
        self._changed()
        try:
            await link.send(
                {
                    "type": "hello",
                    "num_connections": len(links),
                    "debug_info": {
                        "host": "applink-practice",
                        "build_number": 1,
                        "approximate_connection_time": LIFE,
                    },
                    "connection_info": {"app_id": app_id},
                }
            )
            while True:
                self._acknowledged(await websocket.receive_text())
        except (WebSocketDisconnect, OSError, RuntimeError):
            pass  # gone: the app opens a new one
        finally:
            if link in links:
                links.remove(link)
            self._changed()

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        waiting = self._waiting.get(str(message.get("envelope_id")))
        if waiting is not None and not waiting.done():
            payload = message.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    async def ask(self, app_id: str, kind: str, payload: Json, *, accepts: bool, wait: float, **extra: object) -> Json:
        """Send an envelope over one connection and wait for its acknowledgement; returns the payload that came with it.

        Raises TimeoutError after `wait` seconds, ConnectionError when no connection takes it.
        """
        envelope = str(uuid.uuid4())
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = answer
        message: Json = {
            "envelope_id": envelope,
            "type": kind,
            "accepts_response_payload": accepts,
            "payload": payload,
            **extra,
        }
        try:
            await self._send(app_id, message)
            return await asyncio.wait_for(answer, wait)
        finally:
            del self._waiting[envelope]

    async def _send(self, app_id: str, message: Json) -> None:
        links = self._open.get(app_id, [])
        for _ in range(len(links)):
            link = links.pop(0)
            links.append(link)
            try:
                await link.send(message)
            except (OSError, RuntimeError):
                continue
            return
        msg = "no connection is open"
        raise ConnectionError(msg)

    def drop(self) -> int:
        """Break every connection now, as a network does; returns how many there were."""
        links = [link for each in self._open.values() for link in each]
        for each in self._open.values():
            each.clear()
        for link in links:
            self._cut(link.websocket)
        self._changed()
        return len(links)

    async def disconnect(self, reason: str) -> None:
        """Tell every connection that it will end: `warning`, or `refresh_requested`, and then it is closed."""
        for link in [link for each in self._open.values() for link in each]:
            await link.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-practice"}})
            if reason != "warning":
                self._open[link.app_id].remove(link)
                await link.websocket.close()
