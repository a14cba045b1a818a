"""What stands in Slack in place of a message whose text was cleared, or whose complaint is none. Pure."""

from datetime import date

from bot.blocks.message import Message, safe, saying
from storage.dates import in_words


def cleared(reference: str, on: date) -> Message:
    """Says that something stood here, when it was cleared and why."""
    return saying(f"{safe(reference)}: this was cleared on {in_words(on)} under the council's retention rule.")


def taken_back(reference: str, on: date) -> Message:
    """The same of a complaint that came with an import that was taken back."""
    return saying(
        f"{safe(reference)}: this came with an import that was taken back on {in_words(on)}. It needs nothing from you."
    )
