"""Completing a record: what was left out when the complaint was recorded is filled in later."""

from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.blocks.record import complete_form
from bot.door import Act, Door
from bot.listeners import record
from bot.listeners.rights import can
from bot.requests import Answer, Open, Pressed, Submitted
from storage import register as registry
from storage import views_complaint
from storage.office import Desk
from storage.permissions import Operation
from storage.register.details import Details
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the act and its form."""

    def completing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            facts = views_complaint.complaint(desk, press.carries.get("reference") or press.value)
            desk.require(Operation.CONDUCT)
            return Open(complete_form(record.choices(desk), facts))

    def completed(form: Submitted) -> View | None:
        details = Details(
            customer_group=form.values.one("customer_group"),
            contact_method=form.values.one("contact_method"),
            theme_ids=form.values.numbers("theme_ids"),
            correspondence_ref=form.values.text("correspondence_ref") or None,
        )
        with door.saving(form) as desk:
            registry.details.complete(desk, form.carries.get("reference", ""), details)
        return None

    door.act(
        Act(
            Action.COMPLETE,
            "Complete the record…",
            "Who complained, how it came in, themes, your reference.",
            _may_complete,
        ),
        completing,
    )
    door.form(Form.COMPLETE, completed)


def _may_complete(desk: Desk, facts: ComplaintFacts) -> bool:
    return facts.cleared_on is None and can(desk, facts, Operation.CONDUCT)
