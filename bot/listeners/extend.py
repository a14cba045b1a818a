"""Asking for more time, stopping the clock, and letting it run again."""

from bot.blocks import decisions
from bot.blocks.message import View, saying
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners.rights import at_work, can
from bot.requests import Answer, Open, Pressed, Say, Submitted
from storage import register as registry
from storage import views_complaint
from storage.clocks import StageClock
from storage.dates import in_words
from storage.errors import FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.register.requests import Extension, Pause
from storage.views_complaint import ComplaintFacts
from storage.vocabulary import Asked


def register(door: Door) -> None:
    """Adds three acts and two forms."""

    def extension(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            clock = _room(desk, ledger.look(desk, press.value, Operation.WORK))
            facts = views_complaint.complaint(desk, press.value)
        return Open(decisions.extension_form(facts, latest_on=clock.latest_on, maximum_days=clock.maximum_days))

    def extension_asked(form: Submitted) -> View | None:
        until = form.values.day("until")
        if until is None:
            raise FieldProblems({"until": "Choose the new due date."})
        with door.saving(form) as desk:
            asked = Extension(until=until, reason=form.values.text("reason"))
            registry.requests.ask_extension(desk, form.carries.get("reference", ""), asked)
        return None

    def pause(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, press.value, Operation.WORK)
            registry.requests.must_be_pausable(file)
            kinds = [(one.kind, one.title) for one in file.rules.pauses]
            return Open(decisions.pause_form(views_complaint.complaint(desk, press.value), kinds, today=desk.today))

    def pause_asked(form: Submitted) -> View | None:
        starts, until, kind = form.values.day("starts_on"), form.values.day("until"), form.values.one("kind")
        problems = {
            name: said
            for name, value, said in (
                ("kind", kind, "Choose what it waits for."),
                ("starts_on", starts, "Choose the first day that doesn't count."),
                ("until", until, "Choose the day the clock runs again."),
            )
            if value is None
        }
        if problems or starts is None or until is None or kind is None:
            raise FieldProblems(problems)
        with door.saving(form) as desk:
            asked = Pause(kind=kind, starts_on=starts, until=until, reason=form.values.text("reason"))
            registry.requests.ask_pause(desk, form.carries.get("reference", ""), asked)
        return None

    def pause_ended(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            file = registry.requests.end_pause(desk, press.value)
            said = f"The clock of {file.complaint.reference} runs again from today."
        return Say(saying(said))

    door.act(
        Act(
            Action.ASK_EXTENSION,
            "Ask for an extension…",
            "More time, with a reason and a new date. Somebody else approves it, then the complainant is told.",
            _may_extend,
        ),
        extension,
    )
    door.act(
        Act(
            Action.ASK_PAUSE,
            "Stop the clock…",
            "For one of the reasons that the procedure lists. Somebody else approves it.",
            _may_pause,
        ),
        pause,
    )
    door.act(
        Act(Action.END_PAUSE, "Let the clock run again", "Ends the pause today.", _is_paused),
        pause_ended,
    )
    door.form(Form.EXTENSION, extension_asked)
    door.form(Form.PAUSE, pause_asked)


def _room(desk: Desk, file: File) -> StageClock:
    """The clock of a stage that can still be extended. Raises Refusal, saying why, where it can't be."""
    registry.requests.must_be_extendable(desk, file)
    clock = ledger.clock(desk, file)
    if clock.latest_on <= file.stage.due_on:
        raise Refusal(
            f"It is due on {in_words(file.stage.due_on)}, which is the most there is: {clock.maximum_days} working days in all. "
            "There is no power to extend beyond that: send the response by then."
        )
    return clock


def _none_waiting(facts: ComplaintFacts, kind: Asked) -> bool:
    return not any(asked.kind is kind and asked.is_waiting for asked in facts.requests)


def _may_extend(desk: Desk, facts: ComplaintFacts) -> bool:
    if not can(desk, facts, Operation.WORK) or not at_work(facts):
        return False
    try:
        _room(desk, ledger.look(desk, facts.line.reference, Operation.WORK))
    except Refusal:
        return False
    return True


def _may_pause(desk: Desk, facts: ComplaintFacts) -> bool:
    rules = facts.rules.stage(facts.line.number)
    return (
        can(desk, facts, Operation.WORK)
        and at_work(facts)
        and bool(rules.pauses)
        and desk.today <= facts.line.due_on
        and _none_waiting(facts, Asked.PAUSE)
    )


def _is_paused(desk: Desk, facts: ComplaintFacts) -> bool:
    if not can(desk, facts, Operation.WORK) or not at_work(facts):
        return False
    return any(
        asked.kind is Asked.PAUSE and asked.granted and asked.starts_on and asked.starts_on <= desk.today < asked.until
        for asked in facts.requests
    )
