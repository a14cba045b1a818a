"""Modals and Home tabs: each person's stack of open modals, and the Home each app published for them."""

import copy
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.practice.errors import Json, SlackError
from bot.practice.ids import Ids
from bot.practice.inputs import dressed, initial_state

STACK = 3  # docs.slack.dev, Modals: a stack holds up to three views


@dataclass
class View:
    """An open modal or a published Home. `errors` and `notice` are what the page shows on it."""

    body: Json
    app_id: str
    user_id: str
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""

    @property
    def id(self) -> str:
        """Its id, `V…`."""
        return str(self.body["id"])

    def shown(self) -> Json:
        """Slack's view object."""
        return copy.deepcopy(self.body)

    def for_page(self) -> Json:
        """The view object with the page's additions."""
        extra: Json = {"errors": dict(self.errors)} if self.errors else {}
        return self.shown() | extra | ({"notify": self.notice} if self.notice else {})

    def enter(self, values: Mapping[str, Any]) -> None:
        """Take over what a person entered (`state.values`); ids that the view lacks are ignored."""
        current = self.body["state"]["values"]
        for block_id, entries in values.items():
            for action_id, entry in entries.items():
                if action_id in current.get(block_id, {}):
                    current[block_id][action_id] = dict(entry)


def new_hash() -> str:
    """A view's hash: changes with each version of it."""
    return f"{int(time.time())}.{secrets.token_hex(4)}"


class Views:
    """Every open modal and every published Home of a workspace."""

    def __init__(self, ids: Ids, team_id: str) -> None:
        self._ids = ids
        self._team_id = team_id
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[tuple[str, str], View] = {}

    def stack(self, user_id: str) -> list[View]:
        """The open modals of a person, the top one last."""
        return list(self._stacks.get(user_id, []))

    def home(self, app_id: str, user_id: str) -> View | None:
        """What an app published as Home for a person."""
        return self._homes.get((app_id, user_id))

    def find(self, view_id: str) -> View | None:
        """The open modal or Home with this id."""
        everything = [*(view for stack in self._stacks.values() for view in stack), *self._homes.values()]
        return next((view for view in everything if view.id == view_id), None)

    def find_external(self, app_id: str, external_id: str) -> View | None:
        """The open modal or Home of an app with this external_id."""
        everything = [*(view for stack in self._stacks.values() for view in stack), *self._homes.values()]
        wanted = (app_id, external_id)
        return next((view for view in everything if (view.app_id, view.body["external_id"]) == wanted), None)

    def _make(self, definition: Json, *, app_id: str, bot_id: str, user_id: str) -> View:
        blocks = dressed(definition["blocks"])
        external_id = definition.get("external_id", "")
        if external_id and self.find_external(app_id, external_id) is not None:
            raise SlackError("duplicate_external_id")
        view_id = self._ids.new("V")
        body: Json = {
            "id": view_id,
            "team_id": self._team_id,
            "type": definition["type"],
            "blocks": blocks,
            "private_metadata": definition.get("private_metadata", ""),
            "callback_id": definition.get("callback_id", ""),
            "state": {"values": initial_state(blocks)},
            "hash": new_hash(),
            "title": definition.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
            "clear_on_close": definition.get("clear_on_close", False),
            "notify_on_close": definition.get("notify_on_close", False),
            "close": definition.get("close"),
            "submit": definition.get("submit"),
            "previous_view_id": None,
            "root_view_id": view_id,
            "app_id": app_id,
            "external_id": external_id,
            "app_installed_team_id": self._team_id,
            "bot_id": bot_id,
        }
        return View(body, app_id, user_id)

    def open(self, definition: Json, *, app_id: str, bot_id: str, user_id: str) -> View:
        """Open a modal in place of whatever this person had open."""
        view = self._make(definition, app_id=app_id, bot_id=bot_id, user_id=user_id)
        self._stacks[user_id] = [view]
        return view

    def push(self, definition: Json, *, app_id: str, bot_id: str, user_id: str) -> View:
        """Put a modal on top of the open ones. Raises SlackError push_limit_reached, or not_found when none is open."""
        stack = self._stacks.get(user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        view = self._make(definition, app_id=app_id, bot_id=bot_id, user_id=user_id)
        view.body |= {"previous_view_id": stack[-1].id, "root_view_id": stack[0].id}
        stack.append(view)
        return view

    def update(self, view: View, definition: Json) -> View:
        """Replace the content of a view; what was entered under the same ids stays."""
        blocks = dressed(definition["blocks"])
        view.body |= {
            "blocks": blocks,
            "private_metadata": definition.get("private_metadata", ""),
            "callback_id": definition.get("callback_id", ""),
            "state": {"values": initial_state(blocks, view.body["state"]["values"])},
            "hash": new_hash(),
            "title": definition.get("title", view.body["title"]),
            "clear_on_close": definition.get("clear_on_close", False),
            "notify_on_close": definition.get("notify_on_close", False),
            "close": definition.get("close"),
            "submit": definition.get("submit"),
            "external_id": definition.get("external_id", view.body["external_id"]),
        }
        view.errors, view.notice = {}, ""
        return view

    def publish(self, definition: Json, *, app_id: str, bot_id: str, user_id: str) -> View:
        """Publish an app's Home for a person, in place of the one before."""
        before = self._homes.get((app_id, user_id))
        if before is not None:
            return self.update(before, definition)
        view = self._make(definition, app_id=app_id, bot_id=bot_id, user_id=user_id)
        self._homes[app_id, user_id] = view
        return view

    def close(self, view: View, *, everything: bool = False) -> list[View]:
        """Close a modal (with those above it), or the whole stack; returns those closed, the top one first."""
        stack = self._stacks.get(view.user_id, [])
        place = 0 if everything or view.body["clear_on_close"] else stack.index(view)
        closed = stack[place:][::-1]
        del stack[place:]
        return closed

    def is_open(self, view: View) -> bool:
        """Whether this modal is open, or this Home the published one."""
        return view in self._stacks.get(view.user_id, []) or view in self._homes.values()
