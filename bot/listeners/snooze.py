"""*Not now…*: a nudge is put off for some working days, with a reason."""

from bot.blocks import snooze
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Door
from bot.requests import Answer, Open, Pressed, Submitted
from storage import register as registry
from storage.errors import FieldProblems


def register(door: Door) -> None:
    """Adds the button of each line and its form."""

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            return Open(snooze.form(registry.snoozing.offered(desk, press.value)))

    def submitted(form: Submitted) -> View | None:
        days = form.values.number("days")
        if days is None:
            raise FieldProblems({"days": "Choose how long it can wait."})
        with door.saving(form) as desk:
            registry.snoozing.snooze(desk, form.carries.get("subject", ""), days, form.values.text("reason"))
        return None

    door.action(Action.SNOOZE, pressed)
    door.form(Form.SNOOZE, submitted)
