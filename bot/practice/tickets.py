"""Things that are handed out and used up: trigger ids and response URLs. Their lives are real time, as at Slack."""

import secrets
import time
from dataclasses import dataclass

from bot.practice.errors import SlackError
from bot.practice.seed import Timing

USES = 5  # docs.slack.dev, response_url: five times within 30 minutes


@dataclass
class Trigger:
    """What a trigger_id stands for: whose press it was, in which app, in which open modal if any."""

    user_id: str
    app_id: str
    born: float
    used: bool = False


class Triggers:
    """Trigger ids: once, within three seconds."""

    def __init__(self, timing: Timing) -> None:
        self._life = timing.trigger
        self._known: dict[str, Trigger] = {}

    def new(self, user_id: str, app_id: str) -> str:
        """A new trigger_id for a press of `user_id`."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._known[trigger_id] = Trigger(user_id, app_id, time.monotonic())
        return trigger_id

    def use(self, trigger_id: str, app_id: str) -> Trigger:
        """Use it up. Raises SlackError: invalid_trigger_id, expired_trigger_id or exchanged_trigger_id."""
        trigger = self._known.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self._life:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class ResponseUrl:
    """Where an app may answer a press: the channel, the person, and the message the press was on."""

    app_id: str
    user_id: str
    channel_id: str
    born: float
    message_ts: str | None = None
    ephemeral: bool = False
    uses: int = 0


class ResponseUrls:
    """Response URLs: five uses in thirty minutes."""

    def __init__(self, timing: Timing, base: str) -> None:
        self._life = timing.response_url
        self._base = base
        self._known: dict[str, ResponseUrl] = {}

    def new(
        self, *, app_id: str, user_id: str, channel_id: str, message_ts: str | None = None, ephemeral: bool = False
    ) -> str:
        """A new URL for one press."""
        key = secrets.token_urlsafe(18)
        self._known[key] = ResponseUrl(app_id, user_id, channel_id, time.monotonic(), message_ts, ephemeral)
        return f"{self._base}/response/{key}"

    def use(self, key: str) -> ResponseUrl:
        """Use it once. Raises SlackError: expired_url or used_url."""
        found = self._known.get(key)
        if found is None or time.monotonic() - found.born > self._life:
            raise SlackError("expired_url")
        if found.uses >= USES:
            raise SlackError("used_url")
        found.uses += 1
        return found
