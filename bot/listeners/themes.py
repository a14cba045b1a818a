"""`/complaint themes [period]`: what complaints are about, across teams, and the wider actions that hang on a theme."""

from dataclasses import replace

from bot.blocks import promises
from bot.blocks import themes as drawing
from bot.blocks.names import Action
from bot.door import Door
from bot.listeners.promise import choices
from bot.requests import Answer, Open, Pressed, Say, Typed
from storage import views
from storage.errors import Refusal
from storage.figures.themes import theme_table
from storage.periods import parse
from storage.register import promising_rules


def register(door: Door) -> None:
    """Adds the sub-command, and the button that opens the form of a commitment with its theme chosen."""

    def typed(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            first = next(iter(desk.procedures))
            table = theme_table(desk, parse(command.words, desk.today), procedure=first)
            return Say(drawing.themes(table, may_widen=promising_rules.gives(desk)))

    def widening(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            promising_rules.must_widen(desk)
            named = [(str(theme_id), name) for theme_id, name in views.themes(desk)]
            if not named:
                raise Refusal(
                    "There is no theme yet that a wider action could hang on. The complaints manager can add one."
                )
            return Open(promises.promise_form(replace(choices(desk), themes=named, theme=press.value)))

    door.subcommand("themes", "[period]", "what complaints are about, across teams, with the year before", typed)
    door.action(Action.WIDER, widening)
