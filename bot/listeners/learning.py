"""Learning actions and notes: *Done…*, *Verified*, *Not yet…*, one action more; the note, who has read it, and the figures."""

from bot.blocks import learned, learning
from bot.blocks.message import View, saying
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners import respond
from bot.listeners.rights import can
from bot.requests import Answer, Open, Pressed, Say, Submitted, Typed, as_number
from storage import register as registry
from storage import views_complaint, views_learning
from storage.errors import AlreadyDone, FieldProblems
from storage.figures.actions import action_table
from storage.figures.notes import read_by_team
from storage.office import Desk
from storage.periods import parse
from storage.permissions import Operation
from storage.register import ledger
from storage.register.learning import NewAction
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the buttons, the forms, and the sub-command."""
    _doing(door)
    _verifying(door)
    _adding(door)
    _noting(door)
    _reading(door)


def _doing(door: Door) -> None:
    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            action = views_learning.action(desk, registry.learning.doable(desk, as_number(press.value) or 0))
            missing = views_learning.still_missing(desk, action)
            return Open(learning.done_form(action, today=desk.today, missing=missing))

    def submitted(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            registry.learning.action_done(
                desk,
                as_number(form.carries.get("action")) or 0,
                form.values.text("evidence"),
                form.values.day("done_on"),
            )
        return None

    door.action(Action.ACTION_DONE, pressed)
    door.form(Form.ACTION_DONE, submitted)


def _verifying(door: Door) -> None:
    def verified(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.learning.action_verified(desk, as_number(press.value) or 0)
        return Say(saying("Thank you. The action is recorded as verified today, and is over."))

    def sending_back(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            action = views_learning.action(desk, registry.learning.verifiable(desk, as_number(press.value) or 0))
            return Open(learning.send_back_form(action))

    def sent_back(form: Submitted) -> View | None:
        with door.saving(form) as desk:
            registry.learning.action_sent_back(
                desk, as_number(form.carries.get("action")) or 0, form.values.text("reason")
            )
        return None

    door.action(Action.ACTION_VERIFY, verified)
    door.action(Action.ACTION_SEND_BACK, sending_back)
    door.form(Form.ACTION_SEND_BACK, sent_back)


def _adding(door: Door) -> None:
    def adding(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            ledger.look(desk, press.value, Operation.WORK)
            facts = views_complaint.complaint(desk, press.value)
            return Open(learning.add_form(facts, respond.choices(desk, facts).people))

    def added(form: Submitted) -> View | None:
        new = NewAction(
            action=form.values.text("action"),
            action_owner_id=form.values.number("action_owner_id"),
            action_due_on=form.values.day("action_due_on"),
        )
        with door.saving(form) as desk:
            registry.learning.add_action(desk, form.carries.get("reference", ""), new)
        return None

    door.act(
        Act(
            Action.ADD_ACTION,
            "Add a learning action…",
            "One more thing that will be done because fault was found. Works on a closed complaint too.",
            _may_add,
        ),
        adding,
    )
    door.form(Form.ADD_ACTION, added)


def _noting(door: Door) -> None:
    def noting(press: Pressed) -> Answer:
        reference, _, stage = press.value.partition("/")
        with door.office.look(press.user, door.clock()) as desk:
            draft = views_learning.draft(desk, reference, as_number(stage))
            if draft is None:
                raise AlreadyDone(
                    "There is no learning note to write for this any more. /complaint learning lists what was shared."
                )
            return Open(learning.note_form(draft))

    def noted(form: Submitted) -> View | None:
        reference, stage = form.carries.get("reference", ""), as_number(form.carries.get("stage")) or 0
        decision = form.values.one("decision")
        if decision not in {learning.SHARE, learning.NOTHING}:
            raise FieldProblems({"decision": "Choose whether it is shared."})
        with door.saving(form) as desk:
            if decision == learning.SHARE:
                registry.notes.share_note(desk, reference, stage, form.values.text("body"))
            else:
                registry.notes.note_not_needed(desk, reference, stage, form.values.text("reason"))
        return None

    def read(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            registry.notes.note_read(desk, as_number(press.value) or 0)
        return Say(saying("Thank you. It is noted that you have read this."))

    door.act(
        Act(
            Action.NOTE,
            "Learning note…",
            "What other managers can learn from the fault that was found, or why there is nothing to share.",
            _may_note,
        ),
        noting,
    )
    door.form(Form.LEARNING_NOTE, noted)
    door.action(Action.NOTE_READ, read)


def _reading(door: Door) -> None:
    def typed(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            period = parse(command.words, desk.today)
            notes = views_learning.notes(desk, period)
            read, in_all = read_by_team(desk, [note.id for note in notes])
            return Say(learned.learned(action_table(desk, period), notes, read, in_all))

    door.subcommand(
        "learning",
        "[period]",
        "learning actions and notes, such as `/complaint learning last month`",
        typed,
        needs=Operation.FIGURES,
    )


def _may_add(desk: Desk, facts: ComplaintFacts) -> bool:
    return (
        facts.cleared_on is None
        and can(desk, facts, Operation.WORK)
        and views_learning.found_fault(desk, facts.line.complaint_id)
    )


def _may_note(desk: Desk, facts: ComplaintFacts) -> bool:
    return can(desk, facts, Operation.LEARN) and bool(views_learning.stages_without_note(desk, facts.line.complaint_id))
