"""Channels and DMs with their messages, threads and what is only visible to one person."""

import bisect
from dataclasses import dataclass, field
from typing import Literal

from bot.practice.errors import Json

Kind = Literal["public", "private", "im"]
TOMBSTONE = "This message was deleted."


@dataclass
class Message:
    """A message: Slack's object, its metadata kept apart, and who alone sees it when it is ephemeral."""

    body: Json
    metadata: Json | None = None
    only_for: str | None = None

    @property
    def ts(self) -> str:
        """Its timestamp, which is its id in the channel."""
        return str(self.body["ts"])

    def shown(self, *, metadata: bool = False) -> Json:
        """A copy of the object, with the metadata when asked for."""
        return self.body | ({"metadata": self.metadata} if metadata and self.metadata is not None else {})


@dataclass
class Channel:
    """A conversation of any kind. `order` lists what the channel itself shows, oldest first; `threads` the replies."""

    id: str
    name: str
    kind: Kind
    members: dict[str, None] = field(default_factory=dict)
    topic: str = ""
    archived: bool = False
    creator: str = ""
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)
    private_to: dict[str, dict[str, Message]] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Put in a new message, the newest of the channel. A reply is counted at its parent."""
        self.messages[message.ts] = message
        parent = message.body.get("thread_ts")
        if parent is None or parent == message.ts or message.body.get("subtype") == "thread_broadcast":
            self.order.append(message.ts)
        if parent is not None and parent != message.ts:
            self.threads.setdefault(parent, []).append(message.ts)
            self._count_replies(parent)

    def remove(self, ts: str) -> Message:
        """Take a message out; a parent with replies leaves a tombstone."""
        message = self.messages[ts]
        if self.threads.get(ts):
            kept = {key: message.body[key] for key in ("thread_ts", "reply_count") if key in message.body}
            self.messages[ts] = Message(
                {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": TOMBSTONE, "hidden": True}
                | kept
                | {"ts": ts}
            )
            return message
        del self.messages[ts]
        place = bisect.bisect_left(self.order, ts)
        if place < len(self.order) and self.order[place] == ts:
            del self.order[place]
        parent = message.body.get("thread_ts")
        if parent is not None and parent in self.threads:
            self.threads[parent].remove(ts)
            self._count_replies(parent)
        return message

    def _count_replies(self, parent: str) -> None:
        root, replies = self.messages.get(parent), self.threads[parent]
        if root is None:
            return
        if not replies:
            for key in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
                root.body.pop(key, None)
            return
        users = list(dict.fromkeys(str(self.messages[ts].body.get("user")) for ts in replies))
        root.body |= {
            "thread_ts": parent,
            "reply_count": len(replies),
            "reply_users": users[:5],
            "reply_users_count": len(users),
            "latest_reply": replies[-1],
        }

    def add_private(self, message: Message) -> None:
        """Put in a message that one person alone sees."""
        self.private_to.setdefault(str(message.only_for), {})[message.ts] = message

    def find_private(self, person: str, ts: str) -> Message | None:
        """The ephemeral message of `person` at `ts`."""
        return self.private_to.get(person, {}).get(ts)

    def unread(self, person: str) -> int:
        """How many messages of the channel `person` has not read."""
        return len(self.order) - bisect.bisect_right(self.order, self.read.get(person, "0"))

    def seen_by(self, person: str, *, thread_ts: str | None, before: str | None, limit: int) -> tuple[list[Json], bool]:
        """The newest `limit` messages before `before`, oldest first, with what only `person` sees; and whether more are."""
        if thread_ts is None:
            line = self.order
        else:
            line = [thread_ts, *self.threads.get(thread_ts, [])] if thread_ts in self.messages else []
        end = len(line) if before is None else bisect.bisect_left(line, before)
        start = max(0, end - limit)
        shown = [self.messages[ts].shown() for ts in line[start:end]]
        oldest = line[start] if start else "0"
        shown += [
            message.body | {"ephemeral": True}
            for ts, message in self.private_to.get(person, {}).items()
            if message.body.get("thread_ts") == thread_ts and oldest <= ts and (before is None or ts < before)
        ]
        shown.sort(key=lambda body: str(body["ts"]))
        return shown, start > 0

    def other(self, person: str) -> str:
        """In a DM, the id of whom `person` talks with (oneself in one's own DM)."""
        return next((member for member in self.members if member != person), person)

    def for_page(self, person: str) -> Json:
        """The short form the page uses, as `person` sees it."""
        shown: Json = {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "topic": self.topic,
            "unread": self.unread(person),
        }
        return shown | ({"user": self.other(person)} if self.kind == "im" else {})

    def for_api(self, viewer: str) -> Json:
        """Slack's conversation object, as the bot user `viewer` gets it."""
        base: Json = {"id": self.id, "created": self.created, "is_archived": self.archived, "updated": 0}
        if self.kind == "im":
            return base | {
                "is_im": True,
                "is_org_shared": False,
                "user": self.other(viewer),
                "is_user_deleted": False,
                "priority": 0,
            }
        return base | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "private",
            "is_general": self.name == "general",
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "is_member": viewer in self.members,
            "creator": self.creator,
            "num_members": len(self.members),
            "topic": {"value": self.topic, "creator": self.creator if self.topic else "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }
