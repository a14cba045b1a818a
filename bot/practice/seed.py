"""What a practice workspace starts with: people, channels and the apps installed in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Rates = Literal["real", "off"] | float

# What an app needs in this workspace to do everything its server can do.
EVERY_SCOPE = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
)


@dataclass(frozen=True, kw_only=True)
class PersonSeed:
    """A person of the workspace. `tz` is a time-zone name; `email` is made from the name when left out."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/London"
    email: str = ""
    is_admin: bool = False
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class ChannelSeed:
    """A channel; `members` are the ids of people and of bot users."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    private: bool = False
    topic: str = ""
    archived: bool = False


@dataclass(frozen=True, kw_only=True)
class CommandSeed:
    """A slash command, with its leading slash. `should_escape` turns @names into `<@U…|name>` as Slack does."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True, kw_only=True)
class ShortcutSeed:
    """A shortcut of a message or a global one."""

    name: str
    callback_id: str
    type: Literal["message", "global"] = "message"
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class AppSeed:
    """An installed app: its tokens, what it offers and what it may do.

    Without `request_url` the app is reached over Socket Mode only; with it over signed HTTP whenever no socket is open.
    """

    app_id: str
    name: str
    bot_user_id: str
    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    request_url: str | None = None
    commands: tuple[CommandSeed, ...] = ()
    shortcuts: tuple[ShortcutSeed, ...] = ()
    home: bool = True
    read_only: bool = False
    scopes: tuple[str, ...] = EVERY_SCOPE
    bot_events: tuple[str, ...] = ()

    @classmethod
    def from_manifest(
        cls,
        manifest: Mapping[str, Any],
        *,
        app_id: str,
        bot_user_id: str,
        bot_token: str,
        app_token: str = "",
        signing_secret: str = "",
        request_url: str | None = None,
    ) -> "AppSeed":
        """Read a Slack app manifest (version 1 or 2): name, commands, shortcuts, Home and Messages tab, scopes, bot events.

        The manifest's own request URL is left aside: where the app really listens is said by `request_url`.
        Raises KeyError when the manifest has no display name. Source: docs.slack.dev, App manifest reference.
        """
        features = manifest.get("features", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())
        events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ())
        return cls(
            app_id=app_id,
            name=features.get("bot_user", {}).get("display_name") or manifest["display_information"]["name"],
            bot_user_id=bot_user_id,
            bot_token=bot_token,
            app_token=app_token,
            signing_secret=signing_secret,
            request_url=request_url,
            commands=tuple(
                CommandSeed(
                    command=each["command"],
                    description=each.get("description", ""),
                    usage_hint=each.get("usage_hint", ""),
                    should_escape=bool(each.get("should_escape", False)),
                )
                for each in features.get("slash_commands", ())
            ),
            shortcuts=tuple(
                ShortcutSeed(
                    name=each["name"],
                    callback_id=each["callback_id"],
                    type=each["type"],
                    description=each.get("description", ""),
                )
                for each in features.get("shortcuts", ())
            ),
            home=bool(features.get("app_home", {}).get("home_tab_enabled", False)),
            read_only=bool(features.get("app_home", {}).get("messages_tab_read_only_enabled", False)),
            scopes=tuple(scopes),
            bot_events=tuple(events),
        )


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The clocks of the transport, in seconds of real time. The defaults are Slack's; tests shorten them.

    `answer` is for commands, actions, submissions and options; `trigger` the life of a trigger_id; `event_retries` the
    waits before the second, third and fourth delivery of an event.
    """

    answer: float = 3.0
    trigger: float = 3.0
    response_url: float = 30 * 60.0
    event_retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    hang: float = 120.0


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A whole workspace at its start. `rates` is "real", "off" or a factor (2.0 allows twice as many calls).

    `without` names kinds of block that are answered with invalid_blocks, as in workspaces that have not got them yet.
    `start` is the clock's first instant (aware), the present one when None. `calls_kept`: how many of the last calls the log has.
    """

    name: str
    people: tuple[PersonSeed, ...]
    channels: tuple[ChannelSeed, ...] = ()
    apps: tuple[AppSeed, ...] = ()
    team_id: str = "T0PRACTICE"
    domain: str = "practice"
    start: datetime | None = None
    rates: Rates = "real"
    without: frozenset[str] = frozenset()
    timing: Timing = field(default_factory=Timing)
    calls_kept: int = 10_000
