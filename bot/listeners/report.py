"""`/complaint report [period] [withhold small]`, and the button under the figures: a report as files, built by the worker."""

import re

from bot.blocks.message import saying
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Pressed, Say, Typed
from storage import register as registry
from storage.periods import NotAPeriod, parse
from storage.permissions import Operation

_SMALL = re.compile(r"\b(?:with(?:hold(?:ing)?|out)) small(?: numbers)?\b", re.IGNORECASE)


def register(door: Door) -> None:
    """Adds the sub-command and the button."""

    def asked(user: str, words: str) -> Answer:
        small = _SMALL.search(words)
        left = " ".join(_SMALL.sub(" ", words).split())
        with door.office.change(user, door.clock()) as desk:
            period = parse(left, desk.today)
            registry.reports.ask(desk, period, small_withheld=small is not None)
        withheld = " Numbers from 1 to 4 are withheld in it." if small else ""
        return Say(
            saying(
                f"The report of {period.label} is being built. It comes in a direct message from this app.{withheld}"
            )
        )

    def typed(command: Typed) -> Answer:
        return asked(command.user, command.words)

    def pressed(press: Pressed) -> Answer:
        try:
            return asked(press.user, press.value)
        except NotAPeriod:
            return Say(saying("That button no longer works. Type /complaint report and the period, such as 2025/26."))

    door.subcommand(
        "report",
        "[period] [withhold small]",
        "the annual report, or a month's pack, as files: `/complaint report 2025/26`",
        typed,
        needs=Operation.FIGURES,
    )
    door.action(Action.REPORT, pressed)
