"""Brings what happens in the workspace to the apps that subscribed to it."""

import asyncio
from collections.abc import Collection

from bot.practice.delivery import Delivery
from bot.practice.errors import Json
from bot.practice.workspace import App, Workspace

# A bot user hears of messages only where it is a member; these concern it wherever it is.
_ANYWHERE = {"app_home_opened", "user_change", "team_join", "app_mention", "channel_created"}


class Events:
    """One for a workspace; every delivery is a task of its own on the event loop."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._tasks: set[asyncio.Task[None]] = set()

    def happened(self, kind: str, event: Json, members: Collection[str]) -> None:
        """Deliver an event to every app that subscribed to `kind` and may hear of it."""
        for app in self._workspace.apps.values():
            if kind in app.seed.bot_events and (kind in _ANYWHERE or app.bot_user in members):
                self.send(app, event)

    def send(self, app: App, event: Json) -> None:
        """Deliver an event to one app."""
        if not self._delivery.expects(app):
            return
        seed, now = self._workspace.seed, self._workspace.now
        payload: Json = {
            "token": "practice",
            "team_id": seed.team_id,
            "context_team_id": seed.team_id,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self._workspace.ids.new("Ev"),
            "event_time": int(now.timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": seed.team_id,
                    "user_id": app.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{self._workspace.ids.new('')}",
        }
        task = asyncio.get_running_loop().create_task(self._delivery.event(app, payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Give up what has not been delivered."""
        for task in self._tasks:
            task.cancel()
