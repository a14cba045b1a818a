"""The form that puts a nudge off. Pure."""

from bot.blocks import forms, words
from bot.blocks.message import View, section
from bot.blocks.names import Form
from storage.dates import in_words
from storage.register.snoozing import REASON_LENGTH, PutOff


def form(offered: PutOff) -> View:
    """How long, and why. The due date stays what it is."""
    choices = [(str(count), f"For {words.days(count)}") for count in range(1, offered.most_days + 1)]
    return forms.modal(
        Form.SNOOZE,
        "Not now",
        [
            section(
                f"This is due on {in_words(offered.due_on)}, and that date stays. You are not nudged about it for as long as "
                "you choose. The reason goes into the history."
            ),
            forms.field("days", "How long it can wait", forms.choose(choices, placeholder="Choose")),
            forms.field("reason", "Why it can wait", forms.text(most=REASON_LENGTH, several_lines=True)),
        ],
        submit="Put off",
        carries={"subject": offered.subject},
    )
