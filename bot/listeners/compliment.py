"""`/complaint compliment`: praise is recorded too."""

from bot.blocks.message import View
from bot.blocks.names import Form
from bot.blocks.record import compliment_form, compliment_note
from bot.door import Door
from bot.listeners.record import choices
from bot.requests import Answer, Open, Submitted, Typed
from storage import register as registry
from storage.errors import FieldProblems
from storage.permissions import Operation


def register(door: Door) -> None:
    """Adds the sub-command and its form."""

    def typed(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            desk.require(Operation.RECORD)
            return Open(compliment_form(choices(desk), today=desk.today))

    def submitted(form: Submitted) -> View:
        received_on, team_id = form.values.day("received_on"), form.values.number("team_id")
        if received_on is None or team_id is None:
            raise FieldProblems(
                {"received_on": "Choose the day."} if received_on is None else {"team_id": "Choose a team."}
            )
        with door.saving(form) as desk:
            compliment = registry.compliments.record(
                desk,
                registry.compliments.NewCompliment(
                    received_on=received_on,
                    team_id=team_id,
                    customer_group=form.values.one("customer_group"),
                    summary=form.values.text("summary"),
                ),
            )
            return compliment_note(desk.teams[compliment.team_id].name, compliment.received_on)

    door.subcommand("compliment", "", "record a compliment", typed, needs=Operation.RECORD)
    door.form(Form.COMPLIMENT, submitted)
