"""What people do outside of modals: say something, give a command, press, choose, use a shortcut, open Home."""

import re
import time
from collections.abc import Mapping
from typing import Any

from bot.practice import payloads
from bot.practice.channels import Channel, Message
from bot.practice.delivery import Answer, Delivery
from bot.practice.errors import Json, PageError, SlackError
from bot.practice.events import Events
from bot.practice.inputs import HOLDERS, find, initial_state, offered, refused
from bot.practice.people import User
from bot.practice.responding import reply, says_something
from bot.practice.seed import CommandSeed
from bot.practice.tickets import ResponseUrls, Triggers
from bot.practice.typed import in_command, in_message
from bot.practice.views import View
from bot.practice.workspace import App, Workspace

_INVITED = re.compile(r"/invite +@([\w.-]*\w) *")


class Acts:
    """Carries out what a person does, and waits for the app's answer as long as Slack does."""

    def __init__(
        self, workspace: Workspace, delivery: Delivery, events: Events, triggers: Triggers, urls: ResponseUrls
    ) -> None:
        self.workspace = workspace
        self.delivery = delivery
        self.triggers = triggers
        self._events = events
        self._urls = urls
        self._entered: dict[tuple[str, str, str], Json] = {}

    def person(self, user_id: str) -> User:
        """Who acts. Raises PageError: unknown, a bot, or deactivated."""
        user = self.workspace.users.get(user_id)
        if user is None or user.is_bot:
            raise PageError("user_not_found", f"There is nobody with the id {user_id} to act as.", 404)
        return user

    def active(self, user_id: str) -> User:
        """Who acts, and still has an account. Raises PageError."""
        user = self.person(user_id)
        if user.deleted:
            raise PageError("account_inactive", f"The account of {user.real_name} is deactivated.", 403)
        return user

    def channel(self, user: User, channel_id: str) -> Channel:
        """A channel the person is in. Raises PageError."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or user.id not in channel.members:
            raise PageError(
                "channel_not_found", f"{user.real_name} is not in that conversation. Choose another one.", 404
            )
        return channel

    def message(self, user: User, channel: Channel, ts: str) -> Message:
        """A message the person sees, one only visible to them included. Raises PageError."""
        message = channel.messages.get(ts) or channel.find_private(user.id, ts)
        if message is None:
            raise PageError("message_not_found", "That message is gone.", 404)
        return message

    async def say(self, user: User, channel: Channel, text: str, thread_ts: str | None) -> Json:
        """A message, or a command when it starts with a slash."""
        if self._is_read_only(channel):
            raise PageError("restricted_action", "Sending messages to this app has been turned off.")
        if text.startswith("/invite"):
            return self._invite(user, channel, text)
        if text.startswith("/"):
            return await self._command(user, channel, text, in_thread=thread_ts is not None)
        if not text.strip():
            raise PageError("no_text", "Write something first.")
        if channel.archived:
            raise PageError("is_archived", "This channel is archived.")
        content: Json = {"text": in_message(self.workspace, text), "client_msg_id": self.workspace.ids.new("")}
        if thread_ts is not None:
            content["thread_ts"] = self.message(user, channel, thread_ts).body.get("thread_ts", thread_ts)
        return {"ok": True, "ts": self.workspace.post(channel, user.id, content).ts}

    def _is_read_only(self, channel: Channel) -> bool:
        """Whether it is an app's Messages tab that its manifest keeps people from writing in."""
        apps = (self.workspace.app_of_bot(one) for one in channel.members) if channel.kind == "im" else ()
        return any(app is not None and app.seed.read_only for app in apps)

    async def _command(self, user: User, channel: Channel, text: str, *, in_thread: bool) -> Json:
        name, _, rest = text.partition(" ")
        found = self._offered(name)
        if found is None:
            failed = f"{name} is not a valid command. Everything that starts with a slash is taken as a command."
            return self._failed(user, channel, failed)
        if in_thread:
            return self._failed(user, channel, f"{name} is not supported in threads. Sorry!")
        app, offer = found
        url = self._urls.new(app_id=app.id, user_id=user.id, channel_id=channel.id)
        rest = rest.strip()
        payload = payloads.command(
            self.workspace,
            app,
            user,
            channel,
            name=name,
            text=in_command(self.workspace, rest) if offer.should_escape else rest,
            response_url=url,
            trigger=self.triggers.new(user.id, app.id),
        )
        answer = await self.delivery.ask(app, "slash_commands", payload)
        if answer.outcome != "ok":
            return self._failed(user, channel, f'{name} failed with the error "{answer.code}"')
        if not says_something(answer.payload):
            return {"ok": True}
        try:
            shown = reply(self.workspace, app, channel, user.id, answer.payload)
        except SlackError as refusal:
            return self._failed(user, channel, f'{name} failed with the error "{refusal.code}"')
        return {"ok": True, "shown": shown.body["text"]}

    def _invite(self, user: User, channel: Channel, text: str) -> Json:
        """Slack's own command that puts somebody, or an app, into the channel."""
        wanted = _INVITED.fullmatch(text)
        invited = next((one for one in self.workspace.users.values() if wanted and one.name == wanted[1]), None)
        if invited is None or channel.kind == "im":
            return self._failed(user, channel, "Nobody was invited. Type /invite and somebody's @name in a channel.")
        if invited.id in channel.members:
            return self._failed(user, channel, f"{invited.real_name} is already in this channel.")
        self.workspace.join(channel, invited.id, user.id)
        return {"ok": True}

    def _offered(self, name: str) -> tuple[App, CommandSeed] | None:
        return next(
            (
                (app, offer)
                for app in self.workspace.apps.values()
                for offer in app.seed.commands
                if offer.command == name
            ),
            None,
        )

    def _failed(self, user: User, channel: Channel, text: str) -> Json:
        self.workspace.feed.tell("command_failed", [user.id], channel=channel.id, text=text)
        return {"ok": True, "failed": text}

    async def press_message(
        self, user: User, channel: Channel, message: Message, *, given: Mapping[str, Any], state: Mapping[str, Any]
    ) -> Json:
        """Press or choose something in a message."""
        app = self._app_of(message)
        blocks = [*message.body.get("blocks", ())]
        for attachment in message.body.get("attachments", ()):
            blocks += attachment.get("blocks", ())
        block, element = self._element(blocks, given)
        place = (user.id, channel.id, message.ts)
        values = initial_state(blocks, self._entered.get(place))
        _enter(values, state)
        _choose(values, block, element, given)
        self._entered[place] = values
        ephemeral = message.only_for is not None
        url = self._urls.new(
            app_id=app.id, user_id=user.id, channel_id=channel.id, message_ts=message.ts, ephemeral=ephemeral
        )
        where = payloads.place_of(channel, message) | {"response_url": url, "state": {"values": values}}
        return self._pressed(user, await self._press(user, app, where, found=(block, element), given=given))

    async def press_view(self, user: User, view: View, given: Mapping[str, Any], state: Mapping[str, Any]) -> Json:
        """Press or choose something in a modal or Home; `state` is what the inputs hold now."""
        block, element = self._element(view.body["blocks"], given)
        view.enter(state)
        _choose(view.body["state"]["values"], block, element, given)
        app = self.workspace.apps[view.app_id]
        return self._pressed(
            user, await self._press(user, app, payloads.place_in(view), found=(block, element), given=given)
        )

    async def _press(
        self, user: User, app: App, where: Json, *, found: tuple[Json, Json], given: Mapping[str, Any]
    ) -> Answer:
        block, element = found
        payload = payloads.common(self.workspace, app, user, "block_actions") | where
        payload["trigger_id"] = self.triggers.new(user.id, app.id)
        payload["actions"] = [payloads.action(element, block["block_id"], given, f"{time.time():.6f}")]
        return await self.delivery.ask(app, "interactive", payload)

    def _pressed(self, user: User, answer: Answer) -> Json:
        if answer.outcome == "ok":
            return {"ok": True}
        text = "The app did not answer in time." if answer.outcome == "timeout" else "The app could not be reached."
        self.workspace.feed.tell("command_failed", [user.id], text=text)
        return {"ok": True, "failed": text}

    def _app_of(self, message: Message) -> App:
        app = self.workspace.apps.get(str(message.body.get("app_id")))
        if app is None:
            raise PageError("not_an_app", "That message is not from an app.")
        return app

    def _element(self, blocks: list[Json], given: Mapping[str, Any]) -> tuple[Json, Json]:
        found = find(blocks, given.get("block_id"), str(given.get("action_id")))
        if found is None:
            raise PageError("action_not_found", "That button or field is no longer there.", 404)
        _block, element = found
        problem = refused(element, given)
        chosen = given.get("selected_option")
        if element["type"] == "overflow" and offered(element, (chosen or {}).get("value", "")) is None:
            problem = f"{chosen!r} is not offered"
        if problem is not None:
            raise PageError("bad_value", f"That value can’t be chosen: {problem}.")
        return found

    async def suggest(self, user: User, app: App, where: Json, *, found: tuple[Json, Json], typed: str) -> Json:
        """What an external select offers for what was typed so far."""
        block, element = found
        payload = payloads.common(self.workspace, app, user, "block_suggestion") | where
        payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
        answer = await self.delivery.ask(app, "interactive", payload)
        return {"ok": True} | {
            key: answer.payload.get(key, []) for key in ("options", "option_groups") if key in answer.payload
        }

    async def message_shortcut(self, user: User, channel: Channel, message: Message, callback_id: str) -> Json:
        """A shortcut of a message."""
        app = self._offering(callback_id, "message")
        url = self._urls.new(app_id=app.id, user_id=user.id, channel_id=channel.id, message_ts=message.ts)
        payload = payloads.common(self.workspace, app, user, "message_action") | {
            "action_ts": f"{time.time():.6f}",
            "callback_id": callback_id,
            "trigger_id": self.triggers.new(user.id, app.id),
            "response_url": url,
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": payloads.channel_name(channel)},
            "message": message.shown(),
        }
        return self._pressed(user, await self.delivery.ask(app, "interactive", payload))

    async def global_shortcut(self, user: User, callback_id: str) -> Json:
        """A shortcut from anywhere."""
        app = self._offering(callback_id, "global")
        payload = payloads.common(self.workspace, app, user, "shortcut") | {
            "action_ts": f"{time.time():.6f}",
            "callback_id": callback_id,
            "trigger_id": self.triggers.new(user.id, app.id),
        }
        return self._pressed(user, await self.delivery.ask(app, "interactive", payload))

    def _offering(self, callback_id: str, kind: str) -> App:
        for app in self.workspace.apps.values():
            if any((each.callback_id, each.type) == (callback_id, kind) for each in app.seed.shortcuts):
                return app
        raise PageError("shortcut_not_found", f"No app offers the shortcut {callback_id}.", 404)

    def open_home(self, user: User, app_id: str | None) -> Json:
        """Open an app's Home tab; the app hears app_home_opened."""
        apps = self.workspace.apps
        app = apps.get(app_id) if app_id is not None else next(iter(apps.values()), None)
        if app is None or not app.seed.home:
            raise PageError("no_home", "That app has no Home tab.", 404)
        view = self.workspace.views.home(app.id, user.id)
        channel = self.workspace.direct(app.bot_user, user.id)
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self.workspace.stamps.new(self.workspace.now),
        }
        if view is not None:
            event["view"] = view.shown()
        if "app_home_opened" in app.seed.bot_events:
            self._events.send(app, event)
        return {"ok": True, "home": None if view is None else view.for_page()}


def _enter(values: Json, state: Mapping[str, Any]) -> None:
    for block_id, entries in state.items():
        for action_id, entry in entries.items():
            if action_id in values.get(block_id, {}):
                values[block_id][action_id] = dict(entry)


def _choose(values: Json, block: Json, element: Json, given: Mapping[str, Any]) -> None:
    holder = HOLDERS.get(element["type"])
    if holder is not None:
        entry = {"type": element["type"], holder.key: given.get(holder.key, holder.empty)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
