"""A complaint's whole history as a message: one sentence for each entry, the oldest first. Pure."""

from collections.abc import Iterable, Iterator

from bot.blocks import words
from bot.blocks.history import sentence
from bot.blocks.message import Message, clip, context, safe, section
from storage.dates import in_words
from storage.views_history import Entry, History, Names

# Slack takes fifty blocks in a message, and what an ephemeral answer carries has to stay small.
_MOST_SECTIONS = 40
_SECTION = 2800
_TEXT = 30_000


def history(found: History) -> Message:
    """Everything that happened, with who recorded it and when. The newest are kept when it is too long for a message."""
    lines = [_line(entry, found.names) for entry in found.entries]
    opening = (
        f"History of {found.reference}: {len(lines)} {'entry' if len(lines) == 1 else 'entries'}, the oldest first"
    )
    paragraphs = list(_paragraphs(lines))
    hidden = len(paragraphs) - _MOST_SECTIONS
    blocks = [section(f"*{opening}*")]
    if hidden > 0:
        blocks.append(
            context(
                "The oldest entries are left out here. Whoever runs the app can print them all, with complaints history."
            )
        )
    blocks += [section(paragraph) for paragraph in paragraphs[-_MOST_SECTIONS:]]
    return Message(clip("\n".join([opening, *lines]), _TEXT), blocks)


def _line(entry: Entry, names: Names) -> str:
    said = f"{entry.sequence}. *{in_words(entry.happened_on)}*  {safe(clip(sentence(entry, names), 1500))}"
    late = entry.recorded_at.date() != entry.happened_on
    return f"{said} _Recorded {words.clock(entry.recorded_at)}._" if late else said


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Lines put together as far as a block holds them."""
    held: list[str] = []
    for line in lines:
        if held and sum(len(one) + 1 for one in held) + len(line) > _SECTION:
            yield "\n".join(held)
            held = []
        held.append(line)
    if held:
        yield "\n".join(held)
