"""What a button records as of today, recorded as of the day it happened: days off and visits come between."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.blocks import earlier
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners import escalate, ombudsman
from bot.listeners.rights import at_work, can
from bot.requests import Answer, Open, Pressed, Submitted
from storage import register as registry
from storage import views_complaint
from storage.errors import AlreadyDone, FieldProblems
from storage.office import Desk
from storage.permissions import Operation
from storage.views_complaint import ComplaintFacts


@dataclass(frozen=True, slots=True)
class _What:
    """One act: how *More…* offers it, what its form says above the day, who may, and what is recorded."""

    action: Action
    label: str
    says: str
    asks: str
    possible: Callable[[Desk, ComplaintFacts], bool]
    record: Callable[[Desk, ComplaintFacts, date], object]


def register(door: Door) -> None:
    """Adds an act for each of them, and one form."""
    by_action = {one.action.value: one for one in _ALL}

    def opens(what: _What) -> Callable[[Pressed], Answer]:
        def pressed(press: Pressed) -> Answer:
            with door.office.look(press.user, door.clock()) as desk:
                facts = views_complaint.complaint(desk, press.value)
                if not what.possible(desk, facts):
                    raise AlreadyDone(f"That can't be recorded of {facts.line.reference} just now. Open More… again.")
                return Open(earlier.form(facts, what.action.value, what.asks, today=desk.today))

        return pressed

    def recorded(form: Submitted) -> View | None:
        day, what = form.values.day("on"), by_action.get(form.carries.get("what", ""))
        if day is None or what is None:
            raise FieldProblems({"on": "Choose the day."})
        with door.saving(form) as desk:
            try:
                what.record(desk, views_complaint.complaint(desk, form.carries.get("reference", "")), day)
            except FieldProblems as wrong:
                # Each of them calls its day by a name of its own.
                raise FieldProblems({"on": str(wrong)}) from wrong
        return None

    for one in _ALL:
        door.act(Act(one.action, one.label, one.says, one.possible), opens(one))
    door.form(Form.EARLIER, recorded)


def _unacknowledged(desk: Desk, facts: ComplaintFacts) -> bool:
    wanted = facts.rules.stage(facts.line.number).acknowledged and facts.line.acknowledged_on is None
    return wanted and at_work(facts) and can(desk, facts, Operation.WORK)


def _untold(desk: Desk, facts: ComplaintFacts) -> bool:
    return any(one.is_untold for one in facts.requests) and can(desk, facts, Operation.WORK)


def _tell(desk: Desk, facts: ComplaintFacts, day: date) -> object:
    untold = next((one for one in facts.requests if one.is_untold), None)
    if untold is None:
        raise AlreadyDone(f"The complainant of {facts.line.reference} was told already. There is nothing to do.")
    return registry.requests.complainant_told(desk, untold.id, day)


def _answer(desk: Desk, facts: ComplaintFacts, day: date) -> object:
    return registry.ombudsman.enquiry_answered(desk, ombudsman.oldest_open(desk, facts.line.reference).id, day)


_ALL = (
    _What(
        Action.ACKNOWLEDGED_EARLIER,
        "It was acknowledged earlier…",
        "Records the day the complainant was told that it had come in, where that was not today.",
        "When was the complainant told that it had come in?",
        _unacknowledged,
        lambda desk, facts, day: registry.acknowledge(desk, facts.line.reference, day),
    ),
    _What(
        Action.OPENED_EARLIER,
        "The stage was opened earlier…",
        "Records the day the stage that was asked for was taken on, where that was not today.",
        "When was the stage that was asked for taken on?",
        escalate.may_open,
        lambda desk, facts, day: registry.escalation.open_stage(desk, facts.line.reference, day),
    ),
    _What(
        Action.TOLD_EARLIER,
        "The complainant was told earlier…",
        "Records the day the complainant was told of what was approved, where that was not today.",
        "When was the complainant told of what was approved?",
        _untold,
        _tell,
    ),
    _What(
        Action.ANSWERED_EARLIER,
        "The Ombudsman was answered earlier…",
        "Records the day the reply to the oldest open enquiry went out, where that was not today.",
        "When did the reply to the oldest open enquiry go out?",
        ombudsman.may_answer,
        _answer,
    ),
)
