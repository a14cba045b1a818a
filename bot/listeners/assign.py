"""*Assign…*: the complaints team gives a complaint to a manager of its team."""

from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.blocks.respond import assign_form
from bot.door import Door
from bot.requests import Answer, Open, Pressed, Submitted
from storage import people, views_complaint
from storage import register as registry
from storage.errors import FieldProblems
from storage.permissions import Operation


def register(door: Door) -> None:
    """Adds the button and its form."""

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            facts = views_complaint.complaint(desk, press.value)
            desk.require(Operation.ALLOCATE, team_id=facts.line.team_id)
            line = desk.teams.line(facts.line.team_id)
            return Open(assign_form(facts, people.candidates(desk.session, line, desk.today, until=facts.line.due_on)))

    def submitted(form: Submitted) -> View | None:
        manager_id = form.values.number("manager_id")
        if manager_id is None:
            raise FieldProblems({"manager_id": "Choose who will own it."})
        with door.saving(form) as desk:
            registry.allocate(desk, form.carries.get("reference", ""), manager_id)
        return None

    door.action(Action.ASSIGN, pressed)
    door.form(Form.ASSIGN, submitted)
