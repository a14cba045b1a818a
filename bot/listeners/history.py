"""`/complaint history REF` and *History*: everything that happened to a complaint, in plain English."""

from bot.blocks import entries
from bot.blocks.names import Action
from bot.door import Act, Door
from bot.requests import Answer, Pressed, Say, Typed
from storage import views_history
from storage.errors import Refusal
from storage.permissions import Operation


def register(door: Door) -> None:
    """Adds the sub-command and the act."""

    def look(user: str, reference: str) -> Answer:
        with door.office.look(user, door.clock()) as desk:
            return Say(entries.history(views_history.history(desk, reference)))

    def typed(command: Typed) -> Answer:
        if not command.words:
            raise Refusal("Type the reference too, such as /complaint history CS-2026-0042.")
        return look(command.user, command.words)

    def pressed(press: Pressed) -> Answer:
        return look(press.user, press.value)

    door.subcommand(
        "history",
        "reference",
        "everything that happened to one complaint, and who recorded it",
        typed,
        needs=Operation.SEE,
    )
    door.act(
        Act(
            Action.HISTORY,
            "History",
            "Everything that happened, when, and who recorded it.",
            lambda _desk, _facts: True,
        ),
        pressed,
    )
