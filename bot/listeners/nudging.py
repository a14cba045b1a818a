"""`/complaint nudges`, `sent` and `hour`: the rules of nudging, what one was sent and why, and from which hour."""

from bot.blocks import nudging
from bot.blocks.message import View, saying
from bot.blocks.names import Action, Form
from bot.door import Door
from bot.mentions import mentions
from bot.requests import Answer, Open, Pressed, Say, Submitted, Typed
from storage import register as registry
from storage import views_sent
from storage.errors import FieldProblems, Refusal
from storage.ladder import Change
from storage.permissions import Operation
from storage.register.handover import person_named


def register(door: Door) -> None:
    """Adds three sub-commands, and the form in which a complaints manager changes a rung."""

    def shown(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            may_change = desk.may(Operation.ORGANISE)
            return Say(nudging.ladder(desk.ladder, desk.policy.ladder, may_change=may_change))

    def sent(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            named = mentions(command.words).slack_ids
            if not named:
                return Say(nudging.sent(views_sent.sent(desk, desk.actor.person_id or 0)))
            # What others are sent is theirs; the complaints team answers for it.
            desk.require(Operation.ORGANISE)
            person = person_named(desk, named[0])
            return Say(nudging.sent(views_sent.sent(desk, person.id or 0), whose=person.name))

    def hour(command: Typed) -> Answer:
        typed = command.words.strip().lower().removesuffix(":00").removesuffix("am")
        if not typed.isascii() or not typed.isdigit() or len(typed) > 2:
            raise Refusal("Type the hour from which you want to be written to, for example: /complaint hour 8")
        with door.office.change(command.user, door.clock()) as desk:
            chosen = registry.nudging.set_hour(desk, int(typed))
        return Say(saying(f"From now on you are nudged from {chosen:02d}:00 of your own day."))

    def changing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            desk.require(Operation.ORGANISE)
            return Open(nudging.rung_form())

    def changed(form: Submitted) -> View | None:
        name = form.values.one("rung")
        if name is None:
            raise FieldProblems({"rung": "Choose a rule."})
        change = Change(
            days=_number(form, "days", lowest=-60),
            every=_number(form, "every", lowest=1),
            off=form.values.one("off") == "off",
        )
        with door.saving(form) as desk:
            registry.nudging.change_rung(desk, name, change)
        return None

    door.subcommand("nudges", "", "when you are nudged, and by which rules", shown, needs=Operation.SEE)
    door.subcommand("sent", "", "what you were sent in the last 2 weeks, and why", sent, needs=Operation.SEE)
    door.subcommand("hour", "8", "from which hour of your day you are nudged", hour, needs=Operation.SEE)
    door.action(Action.RUNG, changing)
    door.form(Form.RUNG, changed)


def _number(form: Submitted, name: str, *, lowest: int) -> int | None:
    """A whole number from `lowest` to 60 that was typed; None for an empty field."""
    typed = form.values.text(name).replace("−", "-")
    if not typed:
        return None
    try:
        number = int(typed)
    except ValueError:
        number = lowest - 1
    if not lowest <= number <= 60:
        raise FieldProblems({name: f"Type a whole number from {lowest} to 60."})
    return number
