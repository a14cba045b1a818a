"""What people do in modals: submit and close them, and what an app answers to that."""

from collections.abc import Mapping
from typing import Any

from bot.practice import payloads
from bot.practice.acts import Acts
from bot.practice.api_views import checked_view
from bot.practice.delivery import Answer
from bot.practice.errors import Json, PageError, SlackError
from bot.practice.inputs import elements, find, form_problems, refused
from bot.practice.people import User
from bot.practice.views import View
from bot.practice.workspace import App

TROUBLE = "We had some trouble connecting. Try again?"  # what Slack shows when an app fails at a submission


class Modals:
    """Carries out submissions and closings."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._workspace = acts.workspace

    def open_view(self, user: User, view_id: str, *, on_top: bool = False) -> View:
        """An open modal of this person (the top one), or a Home published for them. Raises PageError."""
        view = self._workspace.views.find(view_id)
        if view is None or view.user_id != user.id:
            raise PageError("view_not_found", "That form is no longer open.", 404)
        if on_top and self._workspace.views.stack(user.id)[-1:] != [view]:
            raise PageError("view_not_on_top", "Another form lies over this one.")
        return view

    async def submit(self, user: User, view: View, values: Mapping[str, Any]) -> Json:
        """Submit the top modal with what was entered. Field errors come back under `errors`, the app's and Slack's own."""
        if view.body["type"] != "modal" or view.body["submit"] is None:
            raise PageError("no_submit", "That form has nothing to submit.")
        self._check(view, values)
        view.enter(values)
        view.errors, view.notice = form_problems(view.body["blocks"], view.body["state"]["values"]), ""
        if view.errors:
            return self._told(user, {"ok": True, "errors": dict(view.errors)})
        app = self._workspace.apps[view.app_id]
        payload = payloads.common(self._workspace, app, user, "view_submission") | {
            "trigger_id": self._acts.triggers.new(user.id, app.id),
            "view": view.shown(),
            "response_urls": [],
        }
        answer = await self._acts.delivery.ask(app, "interactive", payload)
        return self._told(user, self._answered(app, view, answer))

    def _check(self, view: View, values: Mapping[str, Any]) -> None:
        for block_id, entries in values.items():
            for action_id, entry in entries.items():
                found = find(view.body["blocks"], block_id, action_id)
                problem = "there is no such field" if found is None else refused(found[1], entry)
                if problem is not None:
                    raise PageError("bad_value", f"{block_id}/{action_id}: {problem}.")

    def _told(self, user: User, answer: Json) -> Json:
        self._workspace.feed.tell("view", [user.id])
        return answer

    def _answered(self, app: App, view: View, answer: Answer) -> Json:
        """Do what the app's response_action says: errors, update, push, clear, or close this view."""
        if answer.outcome != "ok":
            view.notice = TROUBLE
            return {"ok": True, "view": view.for_page(), "failed": TROUBLE}
        if not self._workspace.views.is_open(view):  # the app closed or replaced it meanwhile
            return {"ok": True, "closed": True}
        try:
            return {"ok": True} | self._acted(app, view, answer)
        except SlackError as refusal:
            view.notice = TROUBLE
            reasons = "; ".join([refusal.code, *refusal.messages])
            return {"ok": True, "view": view.for_page(), "failed": f"{TROUBLE} ({reasons})"}

    def _acted(self, app: App, view: View, answer: Answer) -> Json:
        views = self._workspace.views
        match answer.payload.get("response_action"):
            case None | "clear" as action:
                views.close(view, everything=action == "clear")
                return {"closed": True}
            case "errors":
                view.errors = _field_errors(view, answer.payload.get("errors"))
                return {"errors": dict(view.errors)}
            case "update":
                return {"view": views.update(view, self._given(answer)).for_page()}
            case "push":
                definition = self._given(answer)
                pushed = views.push(definition, app_id=app.id, bot_id=app.bot_id, user_id=view.user_id)
                return {"view": pushed.for_page()}
            case other:
                raise SlackError("invalid_response_action", [str(other)])

    def _given(self, answer: Answer) -> Json:
        return checked_view(answer.payload.get("view"), "modal", without=self._workspace.seed.without)

    async def close(self, user: User, view: View, *, everything: bool) -> Json:
        """Close a modal, or all; the app hears view_closed for those that asked for it."""
        closed = self._workspace.views.close(view, everything=everything)
        self._workspace.feed.tell("view", [user.id], view=view.id)
        for each in closed:
            if not each.body["notify_on_close"]:
                continue
            app = self._workspace.apps[each.app_id]
            payload = payloads.common(self._workspace, app, user, "view_closed") | {
                "view": each.shown(),
                "is_cleared": everything or bool(each.body["clear_on_close"]),
            }
            await self._acts.delivery.ask(app, "interactive", payload)
        return {"ok": True, "closed": True}


def _field_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block, _element in elements(view.body["blocks"]) if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_errors")
    unknown = [block_id for block_id in errors if block_id not in inputs]
    if unknown:
        raise SlackError("invalid_errors", [f"no input block {unknown[0]}"])
    return {str(block_id): str(text) for block_id, text in errors.items()}
