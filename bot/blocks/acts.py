"""*More…*: everything this person can do to a complaint now, each with a sentence on what it means. Pure."""

from collections.abc import Sequence

from bot.blocks import forms, words
from bot.blocks.message import Block, View, button, context, safe, section
from bot.blocks.names import Form
from storage.dates import in_words
from storage.views_complaint import ComplaintFacts

# label, action id, what it means
Offered = tuple[str, str, str]


def more(facts: ComplaintFacts, offered: Sequence[Offered]) -> View:
    """The list to choose from. Most open a form of their own; three act at once, as they say."""
    line = facts.line
    state = (
        f"due {words.due(line.due_on, line.days_left)}"
        if line.is_open
        else f"closed on {in_words(line.ended_on)}"
        if line.ended_on
        else "closed"
    )
    blocks: list[Block] = [
        section(
            f"*{line.reference}*  ·  {safe(line.team)}  ·  Stage {line.number}, {safe(line.stage_title.lower())}, {state}"
        )
    ]
    for label, action_id, says in offered:
        blocks.append(
            section(
                f"*{safe(label)}*\n{safe(says)}",
                accessory=button("Choose", action_id, line.reference, describe=f"{label} for {line.reference}"),
            )
        )
    if not offered:
        blocks.append(
            context("There is nothing more that you can do with this complaint. The complaints team can help.")
        )
    return forms.modal(Form.NOTE, "More to do", blocks, close="Close", carries={"reference": line.reference})
