"""The next stage: that it was asked for, and whether it is opened or refused."""

from bot.blocks import stages
from bot.blocks.message import View, saying
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners.rights import can, waits
from bot.requests import Answer, Open, Pressed, Say, Submitted
from storage import register as registry
from storage import views_complaint
from storage.errors import FieldProblems
from storage.office import Desk
from storage.permissions import TABLE, Operation
from storage.register import ledger
from storage.register.escalation import StageRequest
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the acts and their forms."""

    def requesting(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            facts = views_complaint.complaint(desk, press.value)
            ended = registry.escalation.window_ends(desk, ledger.look(desk, press.value, Operation.SEE))
            return Open(stages.request_form(facts, desk.policy.contact_methods, today=desk.today, window_ends=ended))

    def requested(form: Submitted) -> View | None:
        day = form.values.day("requested_on")
        if day is None:
            raise FieldProblems({"requested_on": "Choose the day the complainant asked."})
        with door.saving(form) as desk:
            asked = StageRequest(
                requested_on=day,
                contact_method=form.values.one("contact_method"),
                reason=form.values.text("reason"),
            )
            registry.escalation.request_stage(desk, form.carries.get("reference", ""), asked)
        return None

    def opened(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.escalation.open_stage(desk, press.value)
            facts = views_complaint.complaint(desk, press.value)
        return Say(saying(stages.opened(facts)))

    def refusing(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            return Open(stages.refuse_stage_form(views_complaint.complaint(desk, press.value)))

    def refused(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            registry.escalation.refuse_stage(desk, form.carries.get("reference", ""), form.values.text("reason"))
        return None

    door.act(
        Act(
            Action.REQUEST_STAGE,
            "The complainant wants the next stage…",
            "Record the day they asked, in whatever way. It is then opened, or refused with reasons; nothing else ends it.",
            _may_request,
        ),
        requesting,
    )
    door.act(
        Act(
            Action.OPEN_STAGE,
            "Open the stage that was asked for",
            "The complainant gets the stage. Its clock has run since the day they asked.",
            may_open,
        ),
        opened,
    )
    door.act(
        Act(
            Action.REFUSE_STAGE,
            "Refuse the stage that was asked for…",
            "With written reasons. Not because “nothing could be added”.",
            may_open,
        ),
        refusing,
    )
    door.form(Form.REQUEST_STAGE, requested)
    door.form(Form.REFUSE_STAGE, refused)


def _may_request(desk: Desk, facts: ComplaintFacts) -> bool:
    return facts.next_stage is not None and not waits(facts) and desk.actor.has(*TABLE[Operation.RECORD])


def may_open(desk: Desk, facts: ComplaintFacts) -> bool:
    """Whether a stage waits that this person may take on."""
    return waits(facts) and can(desk, facts, Operation.CONDUCT)
