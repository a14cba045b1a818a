"""*Acknowledge*: records that the complainant was told today that the complaint has come in."""

from bot.blocks.message import saying
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Pressed, Say
from storage import register as registry


def register(door: Door) -> None:
    """Adds the button."""

    def pressed(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            file = registry.acknowledge(desk, press.value)
        said = f"{file.complaint.reference} is recorded as acknowledged today."
        return Say(saying(said))

    door.action(Action.ACKNOWLEDGE, pressed)
