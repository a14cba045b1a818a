"""The form for what is recorded later than it happened. Pure."""

from datetime import date

from bot.blocks import forms
from bot.blocks.message import View, safe, section
from bot.blocks.names import Form
from storage.views_complaint import ComplaintFacts


def form(facts: ComplaintFacts, what: str, said: str, *, today: date) -> View:
    """Asks for the day. `what` is which of the acts it is, `said` the sentence above the day."""
    line = facts.line
    return forms.modal(
        Form.EARLIER,
        "On an earlier day",
        [
            section(f"*{line.reference}* for {safe(line.team)}. {said}"),
            forms.field("on", "The day it happened", forms.day(today)),
        ],
        submit="Record",
        carries={"reference": line.reference, "what": what},
    )
