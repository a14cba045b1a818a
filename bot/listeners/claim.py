"""*Claim*: the first manager to press it owns the complaint."""

from bot.blocks import words
from bot.blocks.message import saying
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Pressed, Say
from storage import register as registry


def register(door: Door) -> None:
    """Adds the button."""

    def pressed(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            file = registry.claim(desk, press.value)
            stage = file.stage
            left = desk.calendar.days_left(desk.today, stage.due_on)
            next_step = "Acknowledge it, then record" if file.stage.acknowledged_on is None else "Record"
        said = (
            f"You own {file.complaint.reference} until it is resolved. The response is due {words.due(stage.due_on, left)}. "
            f"{next_step} the response with the buttons on the card or on your Home tab."
        )
        return Say(saying(said))

    door.action(Action.CLAIM, pressed)
