"""What happens in Slack by itself: the app's Home tab is opened, accounts change, people write, the app is added somewhere."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.blocks.message import Message
from bot.door import Door
from bot.following import whisper_to
from bot.requests import Heard, heard
from storage.errors import Refusal

log = structlog.get_logger()


def home_opened(door: Door) -> None:
    """Draws the Home tab whenever somebody opens it."""

    def listen(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab", "home") == "home":
            with door.interaction("event", "app_home_opened", event["user"]):
                door.after.draw_home(client, event["user"])

    door.app.event("app_home_opened")(listen)


def user_changed(door: Door, handle: Callable[[Mapping[str, Any]], bool]) -> None:
    """Listens to changes of anybody's account; `handle` says whether that changed anything here.

    Nothing is caught: what is not acknowledged Slack sends again.
    """

    def listen(event: dict[str, Any]) -> None:
        if handle(event.get("user") or {}):
            door.wake()

    door.app.event("user_change")(listen)


def joined(door: Door, handle: Callable[[str, str], Message | None]) -> None:
    """Says something in a channel when the app itself is added to it; `handle` gets the channel and the event's id.

    Nothing is caught: what is not acknowledged Slack sends again.
    """

    def listen(event: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
        us = [one.get("user_id") for one in body.get("authorizations") or ()]
        if event.get("user") not in us:
            return
        channel = str(event.get("channel") or "")
        with door.interaction("event", "member_joined_channel", str(event["user"])):
            said = handle(channel, str(body.get("event_id")))
            if said is not None:
                text, blocks = said.text, list(said.blocks)
                door.after.later("joined", lambda: client.chat_postMessage(channel=channel, text=text, blocks=blocks))

    door.app.event("member_joined_channel")(listen)


def message_heard(door: Door, handle: Callable[[Heard], Message | None]) -> None:
    """Listens to what people write in channels that the app is a member of; what is returned, its author alone sees.

    Nothing that was written is logged, nor that it was: not even by what went wrong with it.
    """

    def listen(event: dict[str, Any], client: WebClient) -> None:
        said = heard(event)
        if said is None:
            return
        try:
            answer = handle(said)
        except Refusal:
            # Who may not record is not bothered; and a suggestion that can't be made just now is not worth another try.
            return
        except Exception as problem:  # noqa: BLE001 - the edge: Slack would only deliver it again; a trace might quote it
            log.error("a message could not be looked at", error=type(problem).__name__)
            return
        if answer is not None:
            channel, user, thread = said.channel, said.user, said.thread
            door.after.later(
                "suggest", lambda: whisper_to(client, answer, channel=channel, user=user, thread_ts=thread)
            )

    door.app.event("message")(listen)
