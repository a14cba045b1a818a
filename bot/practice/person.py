"""Somebody in a practice workspace, for tests and demonstrations: says, presses, fills in, and sees what is there."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any, TypeVar
from urllib.parse import urlencode

from bot.practice.inputs import HOLDERS, elements, find, offered, options, refused

Json = dict[str, Any]
Value = str | int | float | bool | date | clock_time | datetime | Sequence[str] | None
T = TypeVar("T")
PATIENCE = 10.0
_PAUSE = 0.02


class PersonError(AssertionError):
    """What a person wanted to do could not be done; says why and what was there instead."""


class Person:
    """Acts as one person over the page's API of a practice server."""

    def __init__(self, server_url: str, user_id: str, *, timeout: float = 30.0) -> None:
        """`server_url` is the server's address, `timeout` the seconds one call may take."""
        self.id = user_id
        self._url = server_url.rstrip("/")
        self._timeout = timeout

    def _call(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> Json:
        request = urllib.request.Request(  # noqa: S310 - the address is the practice server's own
            f"{self._url}/practice/{path}",
            method=method,
            data=None if given is None else json.dumps(given).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310 - as above
                answer: Json = json.load(response)
        except urllib.error.HTTPError as refusal:
            with refusal:
                body = refusal.read().decode("utf-8", "replace")
            try:
                message = json.loads(body)["message"]
            except (ValueError, KeyError):
                message = body[:300]
            raise PersonError(message) from None
        return answer

    def _get(self, path: str, **asked: str | None) -> Json:
        return self._call("GET", f"{path}?{urlencode({k: v for k, v in asked.items() if v is not None})}")

    def _post(self, path: str, **given: Any) -> Json:
        return self._call("POST", path, {"as": self.id, **{k: v for k, v in given.items() if v is not None}})

    def state(self) -> Json:
        """Everything the page shows at its start."""
        return self._get("state", **{"as": self.id})

    def channel(self, name: str) -> str:
        """The id of a channel this person is in, by its name. Raises PersonError."""
        channels = self.state()["channels"]
        for each in channels:
            if each["name"] == name.removeprefix("#") or each["id"] == name:
                return str(each["id"])
        known = ", ".join(each["name"] or each["id"] for each in channels)
        msg = f"{self.id} is in no channel {name}, only in {known}"
        raise PersonError(msg)

    def say(self, text: str, *, channel: str, thread_ts: str | None = None) -> str:
        """Say something in a channel (id or name) and return its timestamp."""
        return str(self._post("say", channel=self.channel(channel), text=text, thread_ts=thread_ts)["ts"])

    def command(self, text: str, *, channel: str, may_fail: bool = False) -> Json:
        """Give a slash command and wait for its acknowledgement: `shown`, or `failed` with `may_fail`.

        Raises PersonError when it failed.
        """
        answer = self._post("say", channel=self.channel(channel), text=text)
        return _worked(answer, text, may_fail=may_fail)

    def messages(self, channel: str, *, thread_ts: str | None = None, limit: int = 100) -> list[Json]:
        """The newest messages of a channel (id or name), oldest first, those only visible to this person included."""
        asked = {"as": self.id, "channel": self.channel(channel), "thread_ts": thread_ts, "limit": str(limit)}
        shown: list[Json] = self._get("messages", **asked)["messages"]
        for message in shown:
            message["channel"] = asked["channel"]
        return shown

    def dm_with_app(self, bot_user_id: str | None = None) -> str:
        """The id of this person's DM with an app (the first one when not named)."""
        return self.dm_with(bot_user_id or str(self.state()["apps"][0]["bot_user_id"]))

    def dm_with(self, user_id: str) -> str:
        """The id of this person's DM with somebody."""
        return str(self._post("dm", user=user_id)["channel"])

    def views(self) -> list[Json]:
        """The open modals, the top one last."""
        views: list[Json] = self.state()["views"]
        return views

    def view(self, *, timeout: float = PATIENCE) -> Json:
        """The modal on top, waited for. Raises PersonError when none opens."""
        return self.wait_for(lambda: next(reversed(self.views()), None), timeout=timeout, what="a modal to open")

    def open_home(self, app: str | None = None) -> None:
        """Open an app's Home tab."""
        self._post("home", app=app)

    def home(self, *, timeout: float = PATIENCE) -> Json:
        """The Home that was published for this person, waited for."""
        return self.wait_for(lambda: self.state()["home"], timeout=timeout, what="a Home tab")

    def click(
        self, where: Json, action_id: str, *, block_id: str | None = None, value: str | None = None,
        values: Mapping[str, Value] | None = None, may_fail: bool = False,
    ) -> Json:  # fmt: skip
        """Press a button in a message or view.

        `value` picks one of several buttons with the same action_id; `values` are what the form holds meanwhile.
        Raises PersonError when there is no such button, or the app fails to answer.
        """
        found = [
            (block, element)
            for block, element in elements(_blocks(where))
            if element.get("action_id") == action_id
            and block_id in {None, block["block_id"]}
            and value in {None, element.get("value")}
        ]
        if not found:
            raise PersonError(_missing(where, action_id))
        block, element = found[0]
        return self._act(
            where,
            {"type": element["type"], "action_id": action_id, "block_id": block["block_id"]},
            values,
            may_fail=may_fail,
        )

    def choose(
        self, where: Json, action_id: str, chosen: Value, *, block_id: str | None = None,
        values: Mapping[str, Value] | None = None, may_fail: bool = False,
    ) -> Json:  # fmt: skip
        """Choose in a select, overflow menu, date picker or the like of a message or view; see `submit` for values."""
        found = find(_blocks(where), block_id, action_id)
        if found is None:
            raise PersonError(_missing(where, action_id))
        block, element = found
        if element["type"] == "overflow":
            entry: Json = {"selected_option": _option(element, str(chosen))}
        else:
            entry = self._entry(where, block, element, chosen)
        action = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"], **entry}
        return self._act(where, action, values, may_fail=may_fail)

    def _act(self, where: Json, action: Json, values: Mapping[str, Value] | None, *, may_fail: bool) -> Json:
        state = None if values is None else {"values": self.filled(where, values)}
        answer = self._post("act", container=_container(where), action=action, state=state)
        return _worked(answer, str(action["action_id"]), may_fail=may_fail)

    def filled(self, view: Json, values: Mapping[str, Value]) -> Json:
        """`state.values` of a view after entering `values`: block_id or action_id to a text, number, date, time, the
        value of an option, a user or channel id, or a list of those; None empties.

        Raises PersonError for a field that is not there and for a value that it does not offer.
        """
        state: Json = json.loads(json.dumps(view.get("state", {}).get("values", {})))
        for name, value in values.items():
            found = next(
                (
                    (block, element)
                    for block, element in elements(_blocks(view))
                    if name in {block["block_id"], element.get("action_id")} and element["type"] in HOLDERS
                ),
                None,
            )
            if found is None:
                raise PersonError(_missing(view, name))
            block, element = found
            state.setdefault(block["block_id"], {})[element["action_id"]] = self._entry(view, block, element, value)
        return state

    def _entry(self, where: Json, block: Json, element: Json, value: Value) -> Json:
        holder = HOLDERS[element["type"]]
        entry: Json = {"type": element["type"], holder.key: holder.empty}
        if value is None:
            return entry
        texts = [_written(each) for each in value] if isinstance(value, (list, tuple)) else [_written(value)]
        if holder.key in {"selected_option", "selected_options"}:
            chosen: list[Any] = [self._offer(where, block, element, text) for text in texts]
        else:
            chosen = list(texts)
        if element["type"] == "datetimepicker":
            chosen = [int(value.timestamp()) if isinstance(value, datetime) else int(texts[0])]
        entry[holder.key] = chosen if isinstance(holder.empty, list) else chosen[0]
        problem = refused(element, entry)
        if problem is not None:
            msg = f"{block['block_id']}/{element['action_id']}: {problem}"
            raise PersonError(msg)
        return entry

    def _offer(self, where: Json, block: Json, element: Json, text: str) -> Json:
        if not element["type"].endswith("external_select"):
            return _option(element, text)
        found = self.suggestions(where, element["action_id"], text, block_id=block["block_id"])
        return _option({"options": found}, text)

    def suggestions(self, where: Json, action_id: str, typed: str, *, block_id: str | None = None) -> list[Json]:
        """What an external select offers for what was typed."""
        found = find(_blocks(where), block_id, action_id)
        if found is None:
            raise PersonError(_missing(where, action_id))
        answer = self._post(
            "options", container=_container(where), block_id=found[0]["block_id"], action_id=action_id, value=typed
        )
        return options(answer)

    def submit(self, view: Json, values: Mapping[str, Value] | None = None) -> Json:
        """Submit a modal: `errors` by block_id, or `closed`, or the `view` that came. See `filled` for the values."""
        return self._post("submit", view_id=view["id"], values=self.filled(view, values or {}))

    def close(self, view: Json, *, everything: bool = False) -> None:
        """Close a modal, or all of them."""
        self._post("close", view_id=view["id"], all=everything)

    def shortcut(self, callback_id: str, *, message: Json | None = None, may_fail: bool = False) -> Json:
        """Use a shortcut of a message (from `messages`), or a global one."""
        place = {} if message is None else {"channel": message["channel"], "ts": message["ts"]}
        return _worked(self._post("shortcut", callback_id=callback_id, **place), callback_id, may_fail=may_fail)

    def read(self, channel: str) -> None:
        """Mark a channel as read."""
        self._post("read", channel=self.channel(channel))

    def wait_for(self, look: Callable[[], T | None], *, timeout: float = PATIENCE, what: str = "it") -> T:
        """Look again and again until something true is seen, and return it. Raises PersonError after `timeout` s."""
        end = time.monotonic() + timeout
        while True:
            seen = look()
            if seen:
                return seen
            if time.monotonic() > end:
                msg = f"{self.id} waited {timeout} s for {what}; last seen: {seen!r}"
                raise PersonError(msg)
            time.sleep(_PAUSE)

    def wait_for_message(
        self, channel: str, text: str, *, thread_ts: str | None = None, timeout: float = PATIENCE
    ) -> Json:
        """The newest message of a channel with `text` somewhere in it, blocks included; waited for."""

        def look() -> Json | None:
            shown = self.messages(channel, thread_ts=thread_ts)
            return next((message for message in reversed(shown) if text in written(message)), None)

        return self.wait_for(look, timeout=timeout, what=f"a message with {text!r} in {channel}")

    def move_clock(self, by: timedelta | None = None, *, to: datetime | None = None) -> None:
        """Move the workspace's clock forward."""
        self._post(
            "clock",
            advance_seconds=None if by is None else by.total_seconds(),
            to=None if to is None else to.isoformat(),
        )

    def guide(self) -> Json:
        """What the guide beside the workspace shows."""
        guide: Json = self._get("guide")["guide"]
        return guide

    def press_guide(self, name: str) -> Json:
        """Press something in the guide, and see what it shows then. Raises PersonError in the guide's own words."""
        guide: Json = self._post("guide", press=name)["guide"]
        return guide

    def deactivate(self, user_id: str, *, deleted: bool = True) -> None:
        """Deactivate somebody's account, or give it back."""
        self._post("person", user=user_id, deleted=deleted)

    def move_to(self, user_id: str, tz: str) -> None:
        """Put somebody into another time zone."""
        self._post("person", user=user_id, tz=tz)

    def add_fault(self, kind: str, *, method: str = "*", **more: float | str) -> None:
        """Order a fault: see the page's API."""
        self._post("faults", kind=kind, method=method, **more)

    def clear_faults(self) -> None:
        """End every fault."""
        self._call("DELETE", "faults")

    def drop_sockets(self, reason: str | None = None) -> None:
        """Break every Socket Mode connection, or end them with a `warning` or `refresh_requested`."""
        self._post("faults/sockets", reason=reason)

    def log(self) -> Json:
        """What happened: `calls` of the Web API and `deliveries` to apps."""
        return self._get("log")


def written(thing: Json) -> str:
    """Every text a person reads in a message or view, in order."""
    texts: list[str] = [str(thing.get("text", ""))] if isinstance(thing.get("text"), str) else []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for value in node.values():
                if isinstance(value, str):
                    texts.append(value)
                else:
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk([thing.get("title"), _blocks(thing), thing.get("attachments", [])])
    return "\n".join(texts)


def _worked(answer: Json, what: str, *, may_fail: bool) -> Json:
    if "failed" in answer and not may_fail:
        msg = f"{what}: {answer['failed']}"
        raise PersonError(msg)
    return answer


def _blocks(where: Json) -> list[Json]:
    blocks: list[Json] = list(where.get("blocks", []))
    for attachment in where.get("attachments", []):
        blocks += attachment.get("blocks", [])
    return blocks


def _container(where: Json) -> Json:
    if "private_metadata" in where:
        return {"type": "view", "view_id": where["id"]}
    kind = "message_ephemeral" if where.get("ephemeral") else "message"
    return {"type": kind, "channel": where["channel"], "ts": where["ts"]}


def _missing(where: Json, name: str) -> str:
    known = ", ".join(f"{block['block_id']}/{element.get('action_id')}" for block, element in elements(_blocks(where)))
    return f"there is no {name} here, only {known or 'nothing to press or fill in'}"


def _option(element: Json, value: str) -> Json:
    """The option with this value, or else with this text."""
    found = offered(element, value) or next(
        (option for option in options(element) if option["text"]["text"] == value), None
    )
    if found is None:
        known = ", ".join(str(option.get("value")) for option in options(element))
        msg = f"{value!r} is not offered, only {known}"
        raise PersonError(msg)
    return found


def _written(value: Any) -> str:
    if isinstance(value, clock_time):
        return value.strftime("%H:%M")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return str(value)
