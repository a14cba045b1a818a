"""Answers to a press: in the acknowledgement of a command, and at a response URL."""

from collections.abc import Mapping
from typing import Any

from bot.practice.channels import Channel, Message
from bot.practice.content import checked_metadata, message_content
from bot.practice.errors import Json, SlackError
from bot.practice.tickets import ResponseUrl
from bot.practice.workspace import App, Workspace

_SAYS = ("text", "blocks", "attachments", "markdown_text")


def reply(workspace: Workspace, app: App, channel: Channel, user_id: str, given: Mapping[str, Any]) -> Message:
    """Answer in `channel`: to `user_id` alone unless response_type is in_channel. Raises SlackError for bad content."""
    content = message_content(given, without=workspace.seed.without)
    thread_ts = given.get("thread_ts")
    if isinstance(thread_ts, str) and thread_ts in channel.messages:
        content["thread_ts"] = channel.messages[thread_ts].body.get("thread_ts", thread_ts)
    if given.get("response_type") == "in_channel":
        metadata = checked_metadata(given.get("metadata"))
        return workspace.post(channel, app.bot_user, content, metadata)
    return workspace.post_private(channel, app.bot_user, user_id, content)


def respond(workspace: Workspace, url: ResponseUrl, given: Mapping[str, Any]) -> None:
    """What a POST to a response URL does: answer, replace the message the press was on, or delete it.

    Raises SlackError for bad content, or channel_not_found and message_not_found when what it was about is gone.
    """
    app, channel = workspace.apps[url.app_id], workspace.channels.get(url.channel_id)
    if channel is None:
        raise SlackError("channel_not_found")
    delete, replace = given.get("delete_original") is True, given.get("replace_original") is True
    if not delete and not replace:
        reply(workspace, app, channel, url.user_id, given)
        return
    original = _original(channel, url)
    if original is None or original.body.get("user") != app.bot_user:
        raise SlackError("message_not_found")
    if delete:
        workspace.remove(channel, original)
        return
    fresh: Json = dict.fromkeys(("blocks", "attachments")) | message_content(given, without=workspace.seed.without)
    workspace.change(channel, original, fresh, edited_by=None if fresh["blocks"] else app.bot_user)


def _original(channel: Channel, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    if url.ephemeral:
        return channel.find_private(url.user_id, url.message_ts)
    return channel.messages.get(url.message_ts)


def says_something(given: Mapping[str, Any]) -> bool:
    """Whether an acknowledgement carries a message."""
    return any(given.get(name) for name in _SAYS)
