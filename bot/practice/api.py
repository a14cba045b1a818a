"""The Web API at /api/METHOD: reads a call, knows the app by its token, and answers as Slack does."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.practice import api_chat, api_conversations, api_files, api_users, api_views
from bot.practice.calls import Args, Call, Method, Site
from bot.practice.errors import Json, SlackError
from bot.practice.faults import Fault, Faults
from bot.practice.rates import RateLimits
from bot.practice.transports import Transports, gone
from bot.practice.workspace import App, Workspace

METHODS: Mapping[str, Method] = (
    api_chat.METHODS | api_conversations.METHODS | api_files.METHODS | api_users.METHODS | api_views.METHODS
)


async def read_arguments(request: Request) -> Json:
    """The arguments of a call: query, form and JSON alike. Raises SlackError invalid_json or invalid_form_data."""
    given: Json = dict(request.query_params)
    body = await request.body()
    if not body:
        return given
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type == "application/json":
        try:
            values = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(values, dict):
            raise SlackError("json_not_object")
        return given | values
    try:
        return given | dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise SlackError("invalid_form_data") from None


class WebApi:
    """Answers every method of one workspace; `log` keeps the calls."""

    def __init__(
        self, *, site: Site, workspace: Workspace, faults: Faults, transports: Transports, stopping: asyncio.Event
    ) -> None:
        self._site = site
        self._workspace = workspace
        self._faults = faults
        self._transports = transports
        self._stopping = stopping
        self._rates = RateLimits(workspace.seed.rates)
        self._by_token: dict[str, tuple[App, str]] = {}
        for app in workspace.apps.values():
            self._by_token[app.seed.bot_token] = (app, "bot")
            if app.seed.app_token:
                self._by_token[app.seed.app_token] = (app, "app")
        self.log: deque[Json] = deque(maxlen=workspace.seed.calls_kept)

    async def answer(self, request: Request) -> Response:
        """The ASGI endpoint of /api/{method}."""
        name = request.path_params["method"]
        entry: Json = {
            "method": name,
            "at": self._workspace.now.isoformat(),
            "token": "none",
            "ok": False,
            "error": None,
        }
        self.log.append(entry)
        try:
            given = await _arguments(request)
        except ClientDisconnect:
            entry["error"] = "gone before it had said everything"
            return Response()
        fault = self._faults.strike(name, self._about(given))
        if fault is not None:
            entry["fault"] = fault.kind
            early = await self._strike(fault, request, entry)
            if early is not None:
                return early
        response = self._called(name, given, request.headers.get("authorization", ""), entry)
        if fault is not None and fault.kind == "accept_then_hang":
            await gone(request, self._stopping, self._workspace.seed.timing.hang)
            self._transports.cut(request)
        return response

    async def _strike(self, fault: Fault, request: Request, entry: Json) -> Response | None:
        match fault.kind:
            case "rate_limited":
                entry["error"] = "ratelimited"
                return _limited(fault.retry_after)
            case "error":
                entry["error"] = "internal_error"
                return JSONResponse({"ok": False, "error": "internal_error"}, 500)
            case "drop":
                entry["error"] = "dropped"
                self._transports.cut(request)
                return Response()
            case "slow":
                await asyncio.sleep(fault.seconds)
                return None
            case "accept_then_hang" | "answer_lost":
                return None

    def _about(self, given: Json | SlackError) -> set[str]:
        """The people and channels that a call names; a direct message concerns whoever it is with, too."""
        if isinstance(given, SlackError):
            return set()
        named = {str(given[name]) for name in ("channel", "user", "user_id") if given.get(name)}
        named.update(str(given.get("users") or "").split(","))
        channel = self._workspace.channels.get(str(given.get("channel")))
        return named | set(channel.members) if channel is not None and channel.kind == "im" else named

    def _called(self, name: str, given: Json | SlackError, authorization: str, entry: Json) -> Response:
        headers: dict[str, str] = {}
        try:
            if isinstance(given, SlackError):
                raise given
            method = METHODS.get(name)
            if method is None:
                raise SlackError("unknown_method", req_method=name)
            app = self._known(method, given, authorization, entry)
            headers["x-oauth-scopes"] = ",".join(app.seed.scopes)
            if method.scope is not None:
                headers["x-accepted-oauth-scopes"] = method.scope
            channel = given.get("channel") if method.tier == "post" else None
            wait = self._rates.take(app.id, name, method.tier, None if channel is None else str(channel))
            if wait:
                entry["error"] = "ratelimited"
                return _limited(wait)
            call = Call(self._site, self._workspace, app, Args(given))
            if method.scope is not None:
                call.allowed(method.scope)
            body = method.answer(call)
            entry["ok"] = True
            if call.key is not None:
                entry["key"] = call.key
        except SlackError as refusal:
            body = refusal.body()
            entry["error"] = refusal.code
        return JSONResponse(body, headers=headers)

    def _known(self, method: Method, given: Mapping[str, Any], authorization: str, entry: Json) -> App:
        token = authorization.removeprefix("Bearer ").strip() or str(given.get("token") or "")
        anybody = next(iter(self._workspace.apps.values()), None)
        if method.token == "none" and token not in self._by_token and anybody is not None:  # noqa: S105 - the kind of token
            return anybody
        if not token:
            raise SlackError("not_authed")
        if token not in self._by_token:
            raise SlackError("invalid_auth")
        app, kind = self._by_token[token]
        entry["token"] = kind
        if method.token not in {kind, "none"}:
            raise SlackError("not_allowed_token_type")
        return app


async def _arguments(request: Request) -> Json | SlackError:
    try:
        return await read_arguments(request)
    except SlackError as refusal:
        return refusal


def _limited(seconds: int) -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers={"Retry-After": str(seconds)})
