"""What a message says: text, blocks and attachments, checked as Slack checks them."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.practice.errors import Json, SlackError
from bot.practice.inputs import dressed
from bot.practice.limits import message_problems

TEXT_CUT = 40_000  # docs.slack.dev, chat.postMessage: longer text is truncated
ATTACHMENTS = 100
WITHOUT_TEXT = "This content can't be displayed."  # what Slack puts for a message of blocks alone
METADATA_BYTES = 16_000  # docs.slack.dev, Message metadata
BLOCKS_DEEP = "blocks"


def checked_blocks(blocks: Any, *, without: frozenset[str]) -> list[Json]:
    """The blocks with what Slack adds. Raises SlackError invalid_blocks or invalid_blocks_format."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    problems = message_problems(blocks, without=without)
    if problems:
        raise SlackError("invalid_blocks", [f"[ERROR] {problem}" for problem in problems])
    return dressed(blocks)


def _checked_attachments(attachments: Any, *, without: frozenset[str]) -> list[Json]:
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    fresh: list[Json] = []
    for number, each in enumerate(attachments, start=1):
        shown = {"id": number, **each}
        if BLOCKS_DEEP in each:
            shown[BLOCKS_DEEP] = checked_blocks(each[BLOCKS_DEEP], without=without)
        fresh.append(shown)
    return fresh


def message_content(given: Mapping[str, Any], *, without: frozenset[str], may_be_empty: bool = False) -> Json:
    """The text, blocks and attachments of a message from what an app sent (`text`, `blocks`, `attachments`, `markdown_text`).

    Raises SlackError: no_text, markdown_text_conflict, invalid_blocks, invalid_blocks_format, invalid_attachments,
    too_many_attachments.
    """
    text, blocks, attachments = given.get("text"), given.get("blocks"), given.get("attachments")
    markdown = given.get("markdown_text")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if text is not None and not isinstance(text, str):
        raise SlackError("invalid_arguments", ["[ERROR] must be a string [json-pointer:/text]"])
    content: Json = {"text": (text or "")[:TEXT_CUT]}
    if blocks:
        content["blocks"] = checked_blocks(blocks, without=without)
    if attachments:
        content["attachments"] = _checked_attachments(attachments, without=without)
    if not content["text"] and not may_be_empty:
        if not blocks and not attachments:
            raise SlackError("no_text")
        content["text"] = WITHOUT_TEXT if blocks else ""
    return content


def checked_metadata(metadata: Any) -> Json | None:
    """Message metadata. Raises SlackError invalid_metadata_format, invalid_metadata_schema or metadata_too_large."""
    if metadata is None or metadata == "":
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not event_type or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if len(str(payload)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": event_type, "event_payload": payload}


def key_of(metadata: Json | None) -> Json | None:
    """The event_payload of a message's metadata, which is what a test finds it by."""
    return None if metadata is None else metadata.get("event_payload")


def joined(parts: Sequence[str]) -> str:
    """Scopes or channel types as Slack writes them."""
    return ",".join(parts)
