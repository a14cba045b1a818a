"""A workspace in memory: who is in it, what is said in it, and who must hear of a change."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.practice.channels import Channel, Message
from bot.practice.clock import Clock
from bot.practice.errors import Json
from bot.practice.feed import Feed
from bot.practice.ids import Ids, Timestamps
from bot.practice.people import User
from bot.practice.seed import AppSeed, Seed
from bot.practice.views import Views


@dataclass
class App:
    """An installed app."""

    seed: AppSeed
    bot_id: str

    @property
    def id(self) -> str:
        """Its id, `A…`."""
        return self.seed.app_id

    @property
    def bot_user(self) -> str:
        """The id of its bot user."""
        return self.seed.bot_user_id


Happened = Callable[[str, Json, Collection[str]], None]


def _nobody_listens(_kind: str, _event: Json, _members: Collection[str]) -> None:
    pass


class Workspace:
    """Everything a workspace holds. Every change goes through here, tells the page and calls `happened`.

    `happened(kind, event, members)` gets the events apps may subscribe to: the subscription's name, Slack's
    inner event, and the members of the channel it happened in. Lives on the server's event loop.
    """

    def __init__(self, seed: Seed, clock: Clock, feed: Feed) -> None:
        self.seed = seed
        self.clock = clock
        self.feed = feed
        self.ids = Ids()
        self.stamps = Timestamps()
        self.happened: Happened = _nobody_listens
        now = clock.now()
        self.views = Views(self.ids, seed.team_id)
        self.apps = {app.app_id: App(app, self.ids.new("B")) for app in seed.apps}
        self.users = {
            person.id: User.person(person, team_id=seed.team_id, domain=seed.domain, index=index, now=now)
            for index, person in enumerate(seed.people)
        }
        for app in self.apps.values():
            self.users[app.bot_user] = User.bot(app.seed, team_id=seed.team_id, bot_id=app.bot_id, now=now)
        self.channels = {
            each.id: Channel(
                id=each.id,
                name=each.name,
                kind="private" if each.private else "public",
                members=dict.fromkeys(each.members),
                topic=each.topic,
                archived=each.archived,
                creator=seed.people[0].id if seed.people else "",
                created=int(now.timestamp()),
            )
            for each in seed.channels
        }
        self._direct: dict[frozenset[str], str] = {}

    @property
    def now(self) -> datetime:
        """The workspace's present instant."""
        return self.clock.now()

    def app_of_bot(self, user_id: str) -> App | None:
        """The app whose bot user this is."""
        return next((app for app in self.apps.values() if app.bot_user == user_id), None)

    def channel_called(self, name: str) -> Channel | None:
        """The channel with this id or name (with or without #)."""
        found = self.channels.get(name)
        if found is not None:
            return found
        bare = name.removeprefix("#")
        return next((each for each in self.channels.values() if each.name == bare and each.kind != "im"), None)

    def direct(self, one: str, other: str) -> Channel:
        """The DM of two people, opened when there is none."""
        pair = frozenset((one, other))
        found = self._direct.get(pair)
        if found is not None:
            return self.channels[found]
        channel = Channel(
            id=self.ids.new("D"),
            name="",
            kind="im",
            members=dict.fromkeys((one, other)),
            created=int(self.now.timestamp()),
        )
        self._direct[pair] = channel.id
        self.channels[channel.id] = channel
        self.feed.tell("channel", pair, channel=channel.id)
        return channel

    def direct_exists(self, one: str, other: str) -> bool:
        """Whether these two have a DM."""
        return frozenset((one, other)) in self._direct

    def create_channel(self, name: str, *, private: bool, creator: str) -> Channel:
        """A new channel with its creator in it."""
        channel = Channel(
            id=self.ids.new("C"),
            name=name,
            kind="private" if private else "public",
            members={creator: None},
            creator=creator,
            created=int(self.now.timestamp()),
        )
        self.channels[channel.id] = channel
        self.feed.tell("channel", [creator], channel=channel.id)
        if not private:
            self._event("channel_created", {"channel": channel.for_api(creator)}, None)
        return channel

    def join(self, channel: Channel, user_id: str, inviter: str | None = None) -> None:
        """Put somebody into a channel."""
        channel.members[user_id] = None
        self.feed.tell("channel", channel.members, channel=channel.id)
        event: Json = {
            "user": user_id,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
            "team": self.seed.team_id,
        }
        self._event("member_joined_channel", event | ({"inviter": inviter} if inviter else {}), channel)

    def signed(self, user_id: str) -> Json:
        """Who a message is from: `user`, and for a bot user its app as well."""
        app = self.app_of_bot(user_id)
        if app is None:
            return {"user": user_id, "team": self.seed.team_id}
        return {
            "user": user_id,
            "bot_id": app.bot_id,
            "app_id": app.id,
            "team": self.seed.team_id,
            "bot_profile": {
                "id": app.bot_id,
                "app_id": app.id,
                "user_id": user_id,
                "name": app.seed.name,
                "deleted": False,
                "updated": 0,
                "team_id": self.seed.team_id,
            },
        }

    def post(self, channel: Channel, user_id: str, content: Json, metadata: Json | None = None) -> Message:
        """Say something. `content` is what the message object holds besides who and when."""
        ts = self.stamps.new(self.now)
        message = Message({"type": "message", **self.signed(user_id), "ts": ts, **content}, metadata)
        channel.add(message)
        channel.read[user_id] = ts
        thread_ts = content.get("thread_ts")
        if thread_ts in channel.messages:
            message.body["parent_user_id"] = channel.messages[thread_ts].body.get("user")
            self.feed.tell("message_changed", channel.members, channel=channel.id, ts=thread_ts)
        place: Json = {"channel": channel.id, "ts": ts} | ({"thread_ts": thread_ts} if thread_ts else {})
        self.feed.tell("message", channel.members, **place)
        self._message_event(channel, message.shown() | {"event_ts": ts})
        self._mentions(channel, message)
        return message

    def post_private(self, channel: Channel, user_id: str, only_for: str, content: Json) -> Message:
        """Say something that one person alone sees."""
        ts = self.stamps.new(self.now)
        message = Message({"type": "message", **self.signed(user_id), "ts": ts, **content}, only_for=only_for)
        channel.add_private(message)
        place: Json = {"thread_ts": content["thread_ts"]} if content.get("thread_ts") else {}
        self.feed.tell("ephemeral", [only_for], channel=channel.id, ts=ts, **place)
        return message

    def change(self, channel: Channel, message: Message, content: Json, *, edited_by: str | None) -> None:
        """Replace what a message says: keys with None are taken out. `edited_by` marks it as edited."""
        before = message.shown()
        for key, value in content.items():
            if value is None:
                message.body.pop(key, None)
            else:
                message.body[key] = value
        now_ts = self.stamps.new(self.now)
        if edited_by is not None:
            message.body["edited"] = {"user": edited_by, "ts": now_ts}
        if message.only_for is not None:
            self.feed.tell("ephemeral_changed", [message.only_for], channel=channel.id, ts=message.ts)
            return
        self.feed.tell("message_changed", channel.members, channel=channel.id, ts=message.ts)
        changed: Json = {"message": message.shown(), "previous_message": before, "hidden": True}
        self._message_event(channel, {"type": "message", "subtype": "message_changed", "ts": now_ts, **changed})

    def remove(self, channel: Channel, message: Message) -> None:
        """Delete a message, for everyone or for the one who sees it."""
        if message.only_for is not None:
            del channel.private_to[message.only_for][message.ts]
            self.feed.tell("ephemeral_deleted", [message.only_for], channel=channel.id, ts=message.ts)
            return
        channel.remove(message.ts)
        thread_ts = message.body.get("thread_ts")
        if thread_ts is not None and thread_ts != message.ts:
            self.feed.tell("message_changed", channel.members, channel=channel.id, ts=thread_ts)
        self.feed.tell("message_deleted", channel.members, channel=channel.id, ts=message.ts)
        gone: Json = {"deleted_ts": message.ts, "previous_message": message.shown(), "hidden": True}
        self._message_event(
            channel, {"type": "message", "subtype": "message_deleted", "ts": self.stamps.new(self.now), **gone}
        )

    def change_person(self, user: User, **what: Any) -> None:
        """Deactivate somebody, or change a time zone or name; apps hear user_change."""
        for key, value in what.items():
            setattr(user, key, value)
        user.updated = int(self.now.timestamp())
        self.feed.tell("people", user=user.id)
        stamp = self.stamps.new(self.now)
        shown = user.for_api(self.now, email=True)
        self._event("user_change", {"user": shown, "cache_ts": user.updated, "event_ts": stamp}, None)

    def _event(self, kind: str, event: Json, channel: Channel | None) -> None:
        stamp = {} if "event_ts" in event else {"event_ts": self.stamps.new(self.now)}
        bots = [app.bot_user for app in self.apps.values()]
        self.happened(kind, {"type": kind, **event, **stamp}, bots if channel is None else channel.members)

    def _message_event(self, channel: Channel, event: Json) -> None:
        kind = {"public": "channels", "private": "groups", "im": "im"}[channel.kind]
        sort = {"public": "channel", "private": "group", "im": "im"}[channel.kind]
        event = {"event_ts": event["ts"], **event, "channel": channel.id, "channel_type": sort}
        self.happened(f"message.{kind}", event, channel.members)

    def _mentions(self, channel: Channel, message: Message) -> None:
        if channel.kind == "im":
            return
        text = str(message.body.get("text", ""))
        for app in self.apps.values():
            if f"<@{app.bot_user}" in text and message.body.get("user") != app.bot_user:
                event = message.shown() | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
                self.happened("app_mention", event, [app.bot_user])
