"""`/complaint leaving`: the last day at work, and what has to be handed over before."""

from datetime import date

from bot.blocks import people
from bot.blocks.message import Message, View
from bot.blocks.names import Action, Form
from bot.blocks.respond import shown
from bot.door import Door
from bot.mentions import mentions
from bot.requests import Answer, Open, Pressed, Say, Submitted, Typed, as_number
from storage import views_people
from storage.dates import london_day
from storage.day_reading import read_day
from storage.errors import Refusal
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation
from storage.register import staff
from storage.views_ownership import held

_HOW = "Type /complaint leaving and the last day at work, such as 31 January 2027. For somebody else put @name before the day."


def register(door: Door) -> None:
    """Adds the sub-command, the button and the form."""

    def typed(command: Typed) -> Answer:
        named = mentions(command.words)
        if named.unread or len(named.slack_ids) > 1:
            raise Refusal(
                f"It is not clear who is meant. Pick one person from the list that Slack offers after @. {_HOW}"
            )
        if not named.rest:
            with door.office.look(command.user, door.clock()) as desk:
                return Open(_form(desk, _meant(desk, *named.slack_ids)))
        last_day = None if named.rest.casefold() == "never" else read_day(named.rest, london_day(door.clock()))
        with door.office.change(command.user, door.clock()) as desk:
            return Say(_recorded(desk, _meant(desk, *named.slack_ids), last_day))

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            return Open(_form(desk, as_number(press.value) or desk.actor.person_id or 0))

    def submitted(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            whose = as_number(form.carries.get("person")) or form.values.number("person_id") or desk.actor.person_id
            return shown("Leaving", _recorded(desk, whose or 0, form.values.day("last_day")))

    door.subcommand(
        "leaving",
        "[@person] [last day or never]",
        "the last day at work, and what to hand over",
        typed,
        needs=Operation.SEE,
    )
    door.action(Action.LEAVING, pressed)
    door.form(Form.LEAVING, submitted)


def _form(desk: Desk, whose: int) -> View:
    person = staff.must_speak_for(desk, whose)
    own = whose == desk.actor.person_id
    return people.leaving_form(
        views_people.spoken_for(desk) if own else {},
        last_day=person.leaves_on,
        who=None if own else Who(whose, person.slack_id, person.name),
    )


def _recorded(desk: Desk, whose: int, last_day: date | None) -> Message:
    person = staff.leaving(desk, whose, last_day)
    who, own = Who(whose, person.slack_id, person.name), whose == desk.actor.person_id
    return people.left(who, last_day, held(desk, [whose]), own=own) if last_day else people.stays(who, own=own)


def _meant(desk: Desk, slack_id: str | None = None) -> int:
    """Whose last day: that of the one named, else one's own."""
    return (desk.actor.person_id or 0) if slack_id is None else views_people.person_id(desk, slack_id)
