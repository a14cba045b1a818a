"""What a message is before it is sent: plain text that reads well alone, and blocks that add to it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.privacy import defuse

Block = dict[str, Any]
View = dict[str, Any]

SECTION_LENGTH = 3000
BUTTON_LENGTH = 75
MESSAGE_BLOCKS = 50


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what notifications and screen readers say; it must make sense without the blocks."""

    text: str
    blocks: Sequence[Block] = ()

    def followed_by(self, other: "Message") -> "Message":
        """Both in one message, as far as Slack's fifty blocks go; the text has all."""
        blocks = [*self.blocks, {"type": "divider"}, *other.blocks]
        return Message(f"{self.text}\n\n{other.text}", blocks[:MESSAGE_BLOCKS])


def saying(text: str) -> Message:
    """A message that is one paragraph, already safe in Slack's markup."""
    return Message(text, [section(text)])


def clip(text: str, length: int) -> str:
    """At most `length` characters, ending in an ellipsis when something was left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def safe(text: str) -> str:
    """Text from people or the register, made harmless in Slack's markup."""
    return defuse(text)


def section(text: str, *, fields: Sequence[str] = (), accessory: Block | None = None) -> Block:
    """A paragraph in Slack's markup; at most ten short fields in two columns below it."""
    block: Block = {"type": "section"}
    if text:
        block["text"] = {"type": "mrkdwn", "text": clip(text, SECTION_LENGTH)}
    if fields:
        block["fields"] = [{"type": "mrkdwn", "text": clip(field, 2000)} for field in fields[:10]]
    if accessory:
        block["accessory"] = accessory
    return block


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def context(*texts: str) -> Block:
    """Small print, at most ten pieces."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": clip(text, 3000)} for text in texts[:10]]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": list(elements)}
    if block_id:
        block["block_id"] = block_id
    return block


def button(text: str, action_id: str, value: str, *, style: str | None = None, describe: str | None = None) -> Block:
    """A button. `describe` is what a screen reader says when the label alone would not tell which complaint is meant."""
    element: Block = {"type": "button", "text": plain(text, BUTTON_LENGTH), "action_id": action_id, "value": value}
    if style:
        element["style"] = style
    if describe:
        element["accessibility_label"] = clip(describe, 75)
    return element


def plain(text: str, length: int) -> Block:
    return {"type": "plain_text", "text": clip(text, length), "emoji": False}


def mention(slack_id: str) -> str:
    return f"<@{slack_id}>"
