"""`/complaint themes [period]`: what complaints are about, across teams, and the wider actions that hang on a theme."""

from collections.abc import Hashable
from dataclasses import replace

from bot.blocks import promises
from bot.blocks import themes as drawing
from bot.blocks.names import Action
from bot.door import Door
from bot.listeners.promise import choices
from bot.listeners.status import drawn
from bot.requests import Answer, Open, Pressed, Say, Typed
from storage import views
from storage.errors import Refusal
from storage.figures.themes import theme_table
from storage.office import Desk
from storage.periods import parse
from storage.permissions import Operation
from storage.register import promising_rules


def register(door: Door) -> None:
    """Adds the sub-command, and the button that opens the form of a commitment with its theme chosen."""

    def typed(command: Typed) -> Answer:
        return drawn(door, "themes", command, answer, rights)

    def widening(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            promising_rules.must_widen(desk)
            named = [(str(theme_id), name) for theme_id, name in views.themes(desk)]
            if not named:
                raise Refusal(
                    "There is no theme yet, and a wider action needs one. Ask the complaints manager to have themes added."
                )
            return Open(promises.promise_form(replace(choices(desk), themes=named, theme=press.value)))

    door.subcommand(
        "themes",
        "[period]",
        "what complaints are about, across teams, with the year before",
        typed,
        needs=Operation.FIGURES,
    )
    door.action(Action.WIDER, widening)


def answer(desk: Desk, words: str) -> Say:
    """The themes of a period. Raises NotAllowed, NotAPeriod."""
    table = theme_table(desk, parse(words, desk.today), procedure=next(iter(desk.procedures)))
    return Say(drawing.themes(table, may_widen=promising_rules.gives(desk)))


def rights(desk: Desk) -> Hashable:
    """What of a person's rights their answer depends on."""
    return desk.may(Operation.FIGURES), promising_rules.gives(desk)
