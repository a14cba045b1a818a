"""Agreeing the date of the response with the complainant, where the procedure leaves it to them."""

from bot.blocks import investigation
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners.rights import at_work, can
from bot.requests import Answer, Open, Pressed, Submitted
from storage import register as registry
from storage import views_complaint
from storage.errors import FieldProblems
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the act and its form."""

    def agreeing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.WORK)
            return Open(investigation.agree_form(views_complaint.complaint(desk, press.value)))

    def agreed(form: Submitted) -> View | None:
        until = form.values.day("until")
        if until is None:
            raise FieldProblems({"until": "Choose the day that was agreed."})
        with door.saving(form) as desk:
            registry.steps.agree_response_date(desk, form.carries.get("reference", ""), until)
        return None

    door.act(
        Act(
            Action.AGREE_DATE,
            "Agree a response date…",
            "The day by which the complainant was promised a response; it may be agreed anew.",
            _may_agree,
        ),
        agreeing,
    )
    door.form(Form.AGREE_DATE, agreed)


def _may_agree(desk: Desk, facts: ComplaintFacts) -> bool:
    return at_work(facts) and facts.rules.stage(facts.line.number).limit.agreed and can(desk, facts, Operation.WORK)
