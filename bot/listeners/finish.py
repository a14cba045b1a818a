"""Closing without a response, and opening again."""

from bot.blocks import stages
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
from storage.register import endings, ledger
from storage.register.endings import Ending
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds two acts and their forms."""

    def ending(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, press.value, Operation.WORK)
            return Open(
                stages.end_form(views_complaint.complaint(desk, press.value), endings.offered(file), today=desk.today)
            )

    def ended(form: Submitted) -> View | None:
        day, outcome = form.values.day("ended_on"), form.values.one("outcome")
        if day is None:
            raise FieldProblems({"ended_on": "Choose the day it ended."})
        if outcome is None:
            raise FieldProblems({"outcome": "Choose how it ended."})
        with door.saving(form) as desk:
            end = Ending(ended_on=day, outcome=outcome, reason=form.values.text("reason"))
            registry.endings.end_without_response(desk, form.carries.get("reference", ""), end)
        return None

    def reopening(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            return Open(stages.reopen_form(views_complaint.complaint(desk, press.value)))

    def reopened(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            registry.endings.reopen(desk, form.carries.get("reference", ""), form.values.text("reason"))
        return None

    door.act(
        Act(
            Action.END,
            "Close without a response…",
            "Withdrawn, handled informally, or refused as late or outside the procedure, with reasons.",
            _may_end,
        ),
        ending,
    )
    door.act(
        Act(
            Action.REOPEN,
            "Open it again…",
            "The clock it had goes on; what was published stays.",
            _may_reopen,
        ),
        reopening,
    )
    door.form(Form.END, ended)
    door.form(Form.REOPEN, reopened)


def _may_end(desk: Desk, facts: ComplaintFacts) -> bool:
    if not at_work(facts) or not can(desk, facts, Operation.WORK):
        return False
    # Where others than the owner investigate, only the complaints team ends it (the register says why).
    return facts.line.number == 1 or not facts.line.independent or can(desk, facts, Operation.CONDUCT)


def _may_reopen(desk: Desk, facts: ComplaintFacts) -> bool:
    return not facts.line.is_open and facts.cleared_on is None and can(desk, facts, Operation.CONDUCT)
