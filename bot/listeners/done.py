"""*Done*: a learning action was carried out."""

from bot.blocks.message import saying
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Pressed, Say, as_number
from storage import register as registry


def register(door: Door) -> None:
    """Adds the button."""

    def pressed(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.action_done(desk, as_number(press.value) or 0)
        said = "Thank you. The action is recorded as done today."
        return Say(saying(said))

    door.action(Action.ACTION_DONE, pressed)
