"""Running stages 2 and 3: appointing people, standing them down, recording dates, agreeing a response date."""

from collections.abc import Sequence

from bot.blocks import investigation
from bot.blocks.forms import Groups
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners.rights import at_work, can
from bot.requests import Answer, Open, Pressed, Redraw, Submitted, as_number
from storage import register as registry
from storage import views_complaint, views_investigation
from storage.errors import FieldProblems, Refusal
from storage.independence import Holder
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import StageRole
from storage.register import ledger
from storage.register.posts import NewAppointment
from storage.register.steps import StepDone
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the acts and their forms."""

    def appointing(press: Pressed) -> Answer:
        reference = press.carries.get("reference") or press.value
        chosen = press.values.one("role")
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, reference, Operation.CONDUCT)
            _offering(file.rules.posts, f"Nobody is appointed at stage {file.stage.number} of this procedure.")
            people = _people(desk, StageRole(chosen)) if chosen in set(StageRole) else {}
            view = investigation.appoint_form(
                views_complaint.complaint(desk, reference), file.rules.posts, people, chosen=chosen, today=desk.today
            )
        return Redraw(view) if chosen else Open(view)

    def appointed(form: Submitted) -> View | None:
        role, who, day = form.values.one("role"), _holder(form.values.one("who")), form.values.day("appointed_on")
        if role not in set(StageRole) or who is None or day is None:
            raise FieldProblems({"role": "Choose a post, who is appointed, and since when."})
        with door.saving(form) as desk:
            new = NewAppointment(role=StageRole(role), who=who, appointed_on=day)
            registry.posts.appoint(desk, form.carries.get("reference", ""), new)
        return None

    def standing_down(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.CONDUCT)
            held = [
                post for post in views_investigation.investigation(desk, press.value).held if not post.stood_down_on
            ]
            _offering(held, "Nobody holds a post of this stage now.")
            return Open(
                investigation.stand_down_form(views_complaint.complaint(desk, press.value), held, today=desk.today)
            )

    def stood_down(form: Submitted) -> View | None:
        appointment = form.values.number("appointment")
        with door.saving(form) as desk:
            registry.posts.stand_down(desk, appointment or 0, form.values.day("on"))
        return None

    def stepping(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, press.value, Operation.CONDUCT)
            steps = [(step.step, step.title) for step in _steps_left(desk, press.value)]
            _offering(steps, f"Stage {file.stage.number} has no date that is still to be recorded.")
            view = investigation.step_form(
                views_complaint.complaint(desk, press.value),
                steps,
                today=desk.today,
                late_matters=any(leg.lateness_needs_reason for leg in file.rules.legs),
            )
        return Open(view)

    def stepped(form: Submitted) -> View | None:
        step, day = form.values.one("step"), form.values.day("done_on")
        if step is None or day is None:
            raise FieldProblems({"step": "Choose what was done."} if step is None else {"done_on": "Choose the day."})
        with door.saving(form) as desk:
            done = StepDone(step=step, done_on=day, reason=form.values.text("reason"))
            registry.steps.record_step(desk, form.carries.get("reference", ""), done)
        return None

    for act, handle in (
        (APPOINT, appointing),
        (STAND_DOWN, standing_down),
        (STEP, stepping),
    ):
        door.act(act, handle)
    door.action(Action.APPOINT_ROLE, appointing)
    door.form(Form.APPOINT, appointed)
    door.form(Form.STAND_DOWN, stood_down)
    door.form(Form.STEP, stepped)


def _offering(choices: Sequence[object], otherwise: str) -> None:
    """Raises Refusal where nothing is left to choose: the list of things to do stays open while others move a complaint on."""
    if not choices:
        raise Refusal(f"{otherwise} Close this and press More… again: it lists what can be done now.")


def _people(desk: Desk, role: StageRole) -> Groups:
    """Everybody in the register who could hold such a post; the rules of independence are told when one is chosen."""
    staff = [(f"p{who.person_id}", name) for who, name in views_investigation.everybody(desk, role) if who.person_id]
    outsiders = [
        (f"o{who.outsider_id}", name) for who, name in views_investigation.everybody(desk, role) if who.outsider_id
    ]
    return {"From outside": outsiders, "Staff": staff}


def _holder(value: str | None) -> Holder | None:
    number = as_number(value[1:]) if value else None
    if value is None or number is None:
        return None
    return Holder(person_id=number) if value[0] == "p" else Holder(outsider_id=number)


def _steps_left(desk: Desk, reference: str) -> list[views_investigation.StepFacts]:
    return [step for step in views_investigation.investigation(desk, reference).steps if step.done_on is None]


def _may_appoint(desk: Desk, facts: ComplaintFacts) -> bool:
    return at_work(facts) and bool(facts.rules.stage(facts.line.number).posts) and can(desk, facts, Operation.CONDUCT)


def _may_stand_down(desk: Desk, facts: ComplaintFacts) -> bool:
    if not _may_appoint(desk, facts):
        return False
    return any(not post.stood_down_on for post in views_investigation.investigation(desk, facts.line.reference).held)


def _may_step(desk: Desk, facts: ComplaintFacts) -> bool:
    return at_work(facts) and can(desk, facts, Operation.CONDUCT) and bool(_steps_left(desk, facts.line.reference))


APPOINT = Act(
    Action.APPOINT,
    "Appoint somebody…",
    "Investigating officer, independent person, adjudicating officer or panel, by the rules of independence.",
    _may_appoint,
)
STAND_DOWN = Act(Action.STAND_DOWN, "Somebody stands down…", "Their post is empty from then on.", _may_stand_down)
STEP = Act(
    Action.STEP,
    "Record a date…",
    "Statement agreed, investigation commenced, report received, panel met, adjudicated.",
    _may_step,
)
