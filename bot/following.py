"""What goes to Slack once a listener has answered and the acknowledgement is out: forms, replies, private messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.blocks.message import Message, View, saying
from bot.blocks.respond import shown
from bot.blocks.tables import CHART, newer
from bot.looks import Looks
from bot.requests import Picture, Send, Whisper
from bot.tls import trusted

log = structlog.get_logger()

_SLACK_SECONDS = 10
_NOT_A_MEMBER = {"not_in_channel", "channel_not_found"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is, for answers that go through Slack's Web API. `view`: the modal or Home tab they pressed in."""

    client: WebClient
    user: str
    trigger_id: str
    response_url: str | None
    looks: Looks
    view: Mapping[str, Any] | None = None

    @property
    def in_home(self) -> bool:
        return self.view is not None and self.view.get("type") == "home"


def open_view(place: Place, view: View) -> None:
    """Opens a modal, on top of one; says so where Slack won't. Raises SlackApiError when it can do neither."""
    try:
        if place.view is not None and not place.in_home:
            place.client.views_push(trigger_id=place.trigger_id, view=view)
        else:
            place.client.views_open(trigger_id=place.trigger_id, view=view)
    except SlackApiError as refused:
        if place.response_url is None:
            raise
        error = str(refused.response.get("error"))
        if "trigger" in error:
            said = "Slack took too long to open the form. Nothing was saved. Try again."
        else:
            log.warning("slack refused", what="open", error=error)
            said = f"Slack would not open the form. Nothing was saved. Tell whoever runs the complaints app, and quote {error}."
        _reply(place.response_url, Message(said))


def redraw(place: Place, view: View) -> None:
    """Draws the modal the person is in again. Raises SlackApiError."""
    if place.view is not None:
        place.client.views_update(view_id=place.view["id"], hash=place.view["hash"], view=view)


def say(place: Place, message: Message, *, replace: bool = False, picture: Picture | None = None) -> None:
    """Tells the person where they are; `replace` puts it in the place of the message they pressed in.

    A chart that this workspace doesn't take they get as a `picture` in a direct message.
    """
    if place.response_url is None:
        open_view(place, shown("Complaints", message))
        return
    for way in place.looks.ways(message):
        if _reply(place.response_url, way, replace=replace):
            place.looks.taken(message, way)
            if picture is not None and CHART in newer(message) - newer(way):
                _send_picture(place, picture)
            return


def _send_picture(place: Place, picture: Picture) -> None:
    channel = place.client.conversations_open(users=place.user)["channel"]["id"]
    place.client.files_upload_v2(
        channel=channel, filename=picture.name, title=picture.name, file=picture.draw(), alt_txt=picture.alt_text
    )


def whisper(place: Place, answer: Whisper) -> None:
    """Tells the person as a member of the channel; Slack's refusal is how the app learns that it is none."""
    try:
        whisper_to(place.client, answer.message, channel=answer.channel, user=place.user)
    except SlackApiError as refused:
        outside = refused.response.get("error") in _NOT_A_MEMBER
        say(place, answer.otherwise if outside else answer.message)


def send(place: Place, file: Send) -> None:
    """Sends a file to the person in a direct message, and tells them where they are that it is there, or that it isn't."""
    try:
        channel = place.client.conversations_open(users=place.user)["channel"]["id"]
        place.client.files_upload_v2(
            channel=channel, filename=file.name, title=file.name, file=file.content, initial_comment=file.note
        )
    except (SlackClientError, OSError) as problem:
        log.warning("slack refused", what="file", error=type(problem).__name__)
        say(place, saying("Slack did not take the file just now. Nothing is lost. Try again in a minute."))
        return
    say(place, saying(f"{file.name} is in your messages with this app."))


def whisper_to(client: WebClient, message: Message, *, channel: str, user: str, thread_ts: str | None = None) -> None:
    """Says something in a channel that one member alone sees. Raises SlackApiError."""
    client.chat_postEphemeral(
        channel=channel, user=user, text=message.text, blocks=list(message.blocks) or None, thread_ts=thread_ts
    )


def _reply(response_url: str, message: Message, *, replace: bool = False) -> bool:
    """False when Slack doesn't take these blocks, so that plainer ones may do; whatever else is wrong is logged."""
    answered = WebhookClient(response_url, timeout=_SLACK_SECONDS, ssl=trusted()).send(
        text=message.text, blocks=list(message.blocks) or None, response_type="ephemeral", replace_original=replace
    )
    # A refusal may also come with a 200, and say so in its body.
    taken = answered.status_code == HTTPStatus.OK and '"ok":false' not in answered.body.replace(" ", "")
    if not taken:
        log.warning("slack refused", what="reply", error=answered.body[:100], status=answered.status_code)
    return taken or "invalid_blocks" not in answered.body
