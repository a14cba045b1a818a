"""One call of the Web API: its arguments, and what a method may use to answer it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from bot.practice.channels import Channel, Message
from bot.practice.errors import Json, SlackError
from bot.practice.files import Files
from bot.practice.links import Links
from bot.practice.people import User
from bot.practice.tickets import Triggers
from bot.practice.workspace import App, Workspace

Tier = Literal["1", "2", "3", "4", "post", "special"]
_NO = {"", "0", "false", "False"}
PAGE_MOST = 1000


class Args:
    """The arguments of a call, however they were sent: a form's texts or JSON's values."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        """A text; None when left out or empty."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        return value if isinstance(value, str) else str(value)

    def need(self, name: str) -> str:
        """A text that must be given. Raises SlackError invalid_arguments."""
        value = self.text(name)
        if value is None:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no: JSON's, or a form's 1 and true."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else str(value) not in _NO

    def number(self, name: str, default: int) -> int:
        """A whole number. Raises SlackError invalid_arguments."""
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", [f"[ERROR] must be a number [json-pointer:/{name}]"]) from None

    def structure(self, name: str) -> Any:
        """A list or object, which forms send as JSON text; the text itself when it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return None if value == "" else value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def names(self, name: str) -> list[str]:
        """A list of texts: JSON's list, or a text with commas."""
        value = self.structure(name)
        if value is None:
            return []
        return (
            [str(each) for each in value]
            if isinstance(value, list)
            else [part.strip() for part in str(value).split(",")]
        )

    def message(self) -> Json:
        """What a message is made of."""
        return {
            "text": self.values.get("text"),
            "markdown_text": self.text("markdown_text"),
            "blocks": self.structure("blocks"),
            "attachments": self.structure("attachments"),
        }


class Site(Protocol):
    """What methods reach beyond the workspace itself."""

    url: str
    triggers: Triggers
    links: Links
    files: Files


@dataclass
class Call:
    """A call by an app that was recognised by its token."""

    site: Site
    workspace: Workspace
    app: App
    args: Args
    key: Json | None = field(default=None)

    def allowed(self, *scopes: str) -> None:
        """Refuse unless the app has one of these scopes. Raises SlackError missing_scope."""
        granted = self.app.seed.scopes
        if not any(scope in granted for scope in scopes):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(granted))

    def has(self, scope: str) -> bool:
        """Whether the app has this scope."""
        return scope in self.app.seed.scopes

    def reading(self, channel: Channel, what: Literal["read", "history"]) -> None:
        """Refuse unless the app may read about channels of this kind. Raises SlackError missing_scope."""
        self.allowed({"public": "channels", "private": "groups", "im": "im"}[channel.kind] + ":" + what)

    def is_member(self, channel: Channel) -> bool:
        """Whether the app's bot user is in the channel."""
        return self.app.bot_user in channel.members

    def channel(self, name: str = "channel") -> Channel:
        """The channel an argument names, if the app can see it. Raises SlackError channel_not_found."""
        found = self.workspace.channel_called(self.args.need(name))
        if found is None or (found.kind != "public" and not self.is_member(found)):
            raise SlackError("channel_not_found")
        return found

    def joined_channel(self, name: str = "channel") -> Channel:
        """A channel the app is in. Raises SlackError channel_not_found or not_in_channel."""
        found = self.channel(name)
        if not self.is_member(found):
            raise SlackError("not_in_channel")
        return found

    def user(self, name: str = "user") -> User:
        """The person an argument names. Raises SlackError user_not_found."""
        found = self.workspace.users.get(self.args.need(name))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """The message an argument names. Raises SlackError message_not_found."""
        found = channel.messages.get(self.args.need(name))
        if found is None or found.body.get("subtype") == "tombstone":
            raise SlackError("message_not_found")
        return found

    def page(self, default: int) -> tuple[int, int]:
        """Start and length of the page asked for by cursor and limit. Raises SlackError invalid_cursor."""
        limit = self.args.number("limit", default) or default
        if limit < 0:
            raise SlackError("invalid_limit")
        cursor = self.args.text("cursor")
        if cursor is None:
            return 0, min(limit, PAGE_MOST)
        if not cursor.startswith("next:") or not cursor.removeprefix("next:").isdigit():
            raise SlackError("invalid_cursor")
        return int(cursor.removeprefix("next:")), min(limit, PAGE_MOST)

    def cut(self, name: str, everything: list[Json], default: int) -> Json:
        """One page of a list, with the cursor to the next."""
        start, limit = self.page(default)
        end = start + limit
        cursor = f"next:{end}" if end < len(everything) else ""
        return {"ok": True, name: everything[start:end], "response_metadata": {"next_cursor": cursor}}


class Method(NamedTuple):
    """A method of the Web API: what answers it, the scope it always needs, its rate limit, the kind of token."""

    answer: Callable[[Call], Json]
    scope: str | None = None
    tier: Tier = "3"
    token: Literal["bot", "app", "none"] = "bot"  # noqa: S105 - the kind of token, not a token
