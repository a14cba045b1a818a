"""The page's own API under /practice: what a person sees and does. For the loopback address only, without passwords."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.practice import payloads
from bot.practice.acts import Acts
from bot.practice.api import WebApi
from bot.practice.errors import Json, PageError
from bot.practice.faults import Faults
from bot.practice.guide import Guide
from bot.practice.inputs import find
from bot.practice.links import Links
from bot.practice.modals import Modals
from bot.practice.people import User
from bot.practice.views import View
from bot.practice.workspace import App, Workspace

MESSAGES_MOST = 500
IDLE = 15.0  # seconds of silence after which the stream sends a comment line
Handler = Callable[[Request], Awaitable[Response]]


class Page:
    """The routes of the page's API."""

    def __init__(
        self,
        *,
        workspace: Workspace,
        acts: Acts,
        modals: Modals,
        api: WebApi,
        faults: Faults,
        links: Links,
        guide: Callable[[], Guide | None],
    ) -> None:
        self._workspace = workspace
        self._acts = acts
        self._modals = modals
        self._api = api
        self._faults = faults
        self._links = links
        self._guide = guide

    def routes(self) -> list[Route]:
        """Every route."""
        posts: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "say": self._say,
            "act": self._act,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "home": self._home,
            "dm": self._dm,
            "options": self._options,
            "read": self._read,
            "clock": self._clock,
            "person": self._person,
            "faults/sockets": self._drop_sockets,
        }
        return [
            Route("/practice/state", _guarded(self._state)),
            Route("/practice/messages", _guarded(self._messages)),
            Route("/practice/events", _guarded(self._events)),
            Route("/practice/log", _guarded(self._log)),
            Route("/practice/guide", _guarded(self._guided), methods=["GET", "POST"]),
            Route("/practice/faults", _guarded(self._fault), methods=["GET", "POST", "DELETE"]),
            *(Route(f"/practice/{name}", _posted(act), methods=["POST"]) for name, act in posts.items()),
        ]

    def _me(self, request: Request) -> User:
        return self._acts.person(request.query_params.get("as", ""))

    def _anyone(self) -> User:
        """Whom a page acts as that does not know anybody yet: the first person with an account."""
        for user in self._workspace.users.values():
            if not user.is_bot and not user.deleted:
                return user
        raise PageError("user_not_found", "There is nobody in this workspace.", 404)

    async def _state(self, request: Request) -> Response:
        workspace = self._workspace
        me = self._me(request) if request.query_params.get("as") else self._anyone()
        apps = list(workspace.apps.values())
        home = workspace.views.home(apps[0].id, me.id) if apps else None
        return JSONResponse(
            {
                "ok": True,
                "workspace": {"name": workspace.seed.name},
                "me": me.for_page(),
                "users": [user.for_page() for user in workspace.users.values()],
                "channels": [each.for_page(me.id) for each in workspace.channels.values() if me.id in each.members],
                "apps": [self._shown_app(app) for app in apps],
                "clock": self._shown_clock(),
                "home": None if home is None else home.for_page(),
                "views": [view.for_page() for view in workspace.views.stack(me.id)],
                "seq": workspace.feed.seq,
            }
        )

    def _shown_clock(self) -> Json:
        clock = self._workspace.clock
        return {"now": clock.now().isoformat(), "moved_seconds": clock.moved_seconds}

    def _shown_app(self, app: App) -> Json:
        def shortcuts(kind: str) -> list[Json]:
            return [
                {"name": each.name, "callback_id": each.callback_id} for each in app.seed.shortcuts if each.type == kind
            ]

        return {
            "id": app.id,
            "name": app.seed.name,
            "bot_user_id": app.bot_user,
            "connected": self._acts.delivery.reachable(app),
            "home": app.seed.home,
            "read_only": app.seed.read_only,
            "commands": [
                {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
                for each in app.seed.commands
            ],
            "message_shortcuts": shortcuts("message"),
            "global_shortcuts": shortcuts("global"),
        }

    async def _messages(self, request: Request) -> Response:
        me, asked = self._me(request), request.query_params
        channel = self._acts.channel(me, asked.get("channel", ""))
        limit = min(max(1, _whole(asked.get("limit", "100"), "limit")), MESSAGES_MOST)
        shown, more = channel.seen_by(me.id, thread_ts=asked.get("thread_ts"), before=asked.get("before"), limit=limit)
        return JSONResponse({"ok": True, "messages": shown, "has_more": more})

    async def _events(self, request: Request) -> Response:
        me = self._me(request)
        after = _whole(request.query_params.get("after", str(self._workspace.feed.seq)), "after")

        async def stream() -> AsyncIterator[str]:
            yield ": connected\n\n"
            async for notice in self._workspace.feed.listen(me.id, after, idle=IDLE):
                yield ": still here\n\n" if notice is None else f"data: {json.dumps(notice)}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})

    async def _log(self, _request: Request) -> Response:
        return JSONResponse({"ok": True, "calls": list(self._api.log), "deliveries": list(self._acts.delivery.log)})

    async def _guided(self, request: Request) -> Response:
        guide = self._guide()
        if guide is None:
            return JSONResponse({"ok": True, "guide": None})
        if request.method == "POST":
            await asyncio.to_thread(guide.press, _text(await _body(request), "press"))
        return JSONResponse({"ok": True, "guide": await asyncio.to_thread(guide.shown)})

    async def _fault(self, request: Request) -> Response:
        if request.method == "POST":
            self._faults.add(await _body(request))
        elif request.method == "DELETE":
            self._faults.clear()
        return JSONResponse({"ok": True, "faults": [fault.for_page() for fault in self._faults.on]})

    async def _say(self, given: Json) -> Json:
        user = self._acts.active(_text(given, "as"))
        channel = self._acts.channel(user, _text(given, "channel"))
        return await self._acts.say(user, channel, _text(given, "text"), given.get("thread_ts"))

    async def _act(self, given: Json) -> Json:
        user = self._acts.active(_text(given, "as"))
        container, action = _object(given, "container"), _object(given, "action")
        state = (given.get("state") or {}).get("values") or {}
        if container.get("type") == "view":
            view = self._modals.open_view(user, _text(container, "view_id"))
            return await self._acts.press_view(user, view, action, state)
        channel = self._acts.channel(user, _text(container, "channel"))
        message = self._acts.message(user, channel, _text(container, "ts"))
        return await self._acts.press_message(user, channel, message, given=action, state=state)

    async def _submit(self, given: Json) -> Json:
        user = self._acts.active(_text(given, "as"))
        view = self._modals.open_view(user, _text(given, "view_id"), on_top=True)
        return await self._modals.submit(user, view, given.get("values") or {})

    async def _close(self, given: Json) -> Json:
        user = self._acts.person(_text(given, "as"))
        view = self._modals.open_view(user, _text(given, "view_id"))
        if view.body["type"] != "modal":
            raise PageError("not_a_modal", "The Home tab can’t be closed.")
        return await self._modals.close(user, view, everything=bool(given.get("all")))

    async def _shortcut(self, given: Json) -> Json:
        user, callback_id = self._acts.active(_text(given, "as")), _text(given, "callback_id")
        if not given.get("channel"):
            return await self._acts.global_shortcut(user, callback_id)
        channel = self._acts.channel(user, _text(given, "channel"))
        message = self._acts.message(user, channel, _text(given, "ts"))
        return await self._acts.message_shortcut(user, channel, message, callback_id)

    async def _home(self, given: Json) -> Json:
        return self._acts.open_home(self._acts.active(_text(given, "as")), given.get("app"))

    async def _dm(self, given: Json) -> Json:
        user, other = self._acts.active(_text(given, "as")), _text(given, "user")
        if other not in self._workspace.users:
            raise PageError("user_not_found", f"There is nobody with the id {other}.", 404)
        channel = self._workspace.direct(user.id, other)
        return {"ok": True, "channel": channel.id}

    async def _options(self, given: Json) -> Json:
        user, container = self._acts.active(_text(given, "as")), _object(given, "container")
        view: View | None = None
        if container.get("type") == "view":
            view = self._modals.open_view(user, _text(container, "view_id"))
            blocks, where, app = view.body["blocks"], payloads.place_in(view), self._workspace.apps[view.app_id]
        else:
            channel = self._acts.channel(user, _text(container, "channel"))
            message = self._acts.message(user, channel, _text(container, "ts"))
            blocks, where = message.body.get("blocks", []), payloads.place_of(channel, message)
            app = self._workspace.apps[message.body["app_id"]]
        found = find(blocks, given.get("block_id"), _text(given, "action_id"))
        if found is None:
            raise PageError("action_not_found", "That field is no longer there.", 404)
        return await self._acts.suggest(user, app, where, found=found, typed=str(given.get("value", "")))

    async def _read(self, given: Json) -> Json:
        user = self._acts.person(_text(given, "as"))
        channel = self._acts.channel(user, _text(given, "channel"))
        if channel.order:
            channel.read[user.id] = channel.order[-1]
        self._workspace.feed.tell("channel", [user.id], channel=channel.id)
        return {"ok": True}

    async def _clock(self, given: Json) -> Json:
        clock = self._workspace.clock
        try:
            if "to" in given:
                clock.to(datetime.fromisoformat(str(given["to"])))
            else:
                clock.advance(timedelta(seconds=float(given["advance_seconds"])))
        except KeyError:
            raise PageError("bad_clock", "Say advance_seconds or to.") from None
        except (ValueError, TypeError, OverflowError) as refusal:
            raise PageError("bad_clock", f"The clock can’t be moved so: {refusal}.") from None
        return {"ok": True, "clock": self._shown_clock()}

    async def _person(self, given: Json) -> Json:
        user = self._acts.person(_text(given, "user"))
        change: Json = {}
        if "deleted" in given:
            change["deleted"] = bool(given["deleted"])
        if "tz" in given:
            try:
                ZoneInfo(str(given["tz"]))
            except (ZoneInfoNotFoundError, ValueError):
                raise PageError("bad_time_zone", f"There is no time zone {given['tz']}.") from None
            change["tz"] = str(given["tz"])
        if not change:
            raise PageError("nothing_to_change", "Say deleted or tz.")
        self._workspace.change_person(user, **change)
        return {"ok": True, "user": user.for_page()}

    async def _drop_sockets(self, given: Json) -> Json:
        reason = given.get("reason")
        if reason in {"warning", "refresh_requested"}:
            await self._links.disconnect(str(reason))
            return {"ok": True}
        return {"ok": True, "dropped": self._links.drop()}


async def _body(request: Request) -> Json:
    raw = await request.body()
    try:
        given: Any = json.loads(raw or b"{}")
    except ValueError:
        raise PageError("bad_json", "The body is not JSON.") from None
    if not isinstance(given, dict):
        raise PageError("bad_json", "The body is not a JSON object.")
    return given


def _guarded(handler: Handler) -> Handler:
    """Turn a PageError into its answer."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except PageError as refusal:
            body = {"ok": False, "error": refusal.code, "message": refusal.message}
            return JSONResponse(body, refusal.status)

    return answer


def _posted(act: Callable[[Json], Awaitable[Json]]) -> Handler:
    async def handle(request: Request) -> Response:
        return JSONResponse(await act(await _body(request)))

    return _guarded(handle)


def _text(given: Json, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise PageError("missing", f"Say {name}.")
    return value


def _object(given: Json, name: str) -> Json:
    value = given.get(name)
    if not isinstance(value, dict):
        raise PageError("missing", f"Say {name}.")
    return value


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise PageError("bad_number", f"{name} is a whole number.") from None
