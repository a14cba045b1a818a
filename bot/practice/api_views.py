"""Web API: views.* — modals and the Home tab."""

import json
from typing import Any

from bot.practice.calls import Call, Method
from bot.practice.errors import Json, SlackError
from bot.practice.limits import view_problems
from bot.practice.views import View

VIEW_BYTES = 250_000  # docs.slack.dev, views.*: view_too_large


def checked_view(view: Any, kind: str | None, *, without: frozenset[str]) -> Json:
    """A view definition. Raises SlackError view_too_large or invalid_arguments; `kind` is the type it must have."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] must provide an object [json-pointer:/view]"])
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = view_problems(view, without=without)
    if kind is not None and view.get("type") in {"modal", "home"} and view["type"] != kind:
        problems.append(f"expected type {kind} [json-pointer:/view/type]")
    if problems:
        raise SlackError("invalid_arguments", [f"[ERROR] {problem}" for problem in problems])
    return view


def _definition(call: Call, kind: str | None) -> Json:
    if call.args.text("view") is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return checked_view(call.args.structure("view"), kind, without=call.workspace.seed.without)


def _answer(call: Call, view: View) -> Json:
    call.workspace.feed.tell("home" if view.body["type"] == "home" else "view", [view.user_id], view=view.id)
    return {"ok": True, "view": view.shown()}


def open_(call: Call) -> Json:
    """views.open."""
    definition = _definition(call, "modal")
    trigger = call.site.triggers.use(call.args.need("trigger_id"), call.app.id)
    opened = call.workspace.views.open(definition, app_id=call.app.id, bot_id=call.app.bot_id, user_id=trigger.user_id)
    return _answer(call, opened)


def push(call: Call) -> Json:
    """views.push."""
    definition = _definition(call, "modal")
    trigger = call.site.triggers.use(call.args.need("trigger_id"), call.app.id)
    pushed = call.workspace.views.push(definition, app_id=call.app.id, bot_id=call.app.bot_id, user_id=trigger.user_id)
    return _answer(call, pushed)


def update(call: Call) -> Json:
    """views.update, by view_id or external_id, only at the given hash when one is given."""
    view_id, external_id = call.args.text("view_id"), call.args.text("external_id")
    if view_id is None and external_id is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    views = call.workspace.views
    view = views.find(view_id) if view_id is not None else views.find_external(call.app.id, str(external_id))
    if view is None or view.app_id != call.app.id:
        raise SlackError("not_found")
    definition = _definition(call, view.body["type"])
    _same_hash(call, view)
    return _answer(call, views.update(view, definition))


def publish(call: Call) -> Json:
    """views.publish."""
    user = call.user("user_id")
    if not call.app.seed.home:
        raise SlackError("not_enabled")
    definition = _definition(call, "home")
    before = call.workspace.views.home(call.app.id, user.id)
    if before is not None:
        _same_hash(call, before)
    published = call.workspace.views.publish(definition, app_id=call.app.id, bot_id=call.app.bot_id, user_id=user.id)
    return _answer(call, published)


def _same_hash(call: Call, view: View) -> None:
    if call.args.text("hash") not in {None, view.body["hash"]}:
        raise SlackError("hash_conflict")


METHODS = {
    "views.open": Method(open_, None, "4"),
    "views.push": Method(push, None, "4"),
    "views.update": Method(update, None, "4"),
    "views.publish": Method(publish, None, "4"),
}
