"""*More…*: a list of what this person can do to a complaint now."""

from bot.blocks import acts
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Open, Pressed
from storage import views_complaint


def register(door: Door) -> None:
    """Adds the button; what it offers is whatever other listeners added as an act."""

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            facts = views_complaint.complaint(desk, press.value)
            offered = [(act.label, act.action_id, act.says) for act in door.acts if act.possible(desk, facts)]
        return Open(acts.more(facts, offered))

    door.action(Action.MORE, pressed)
