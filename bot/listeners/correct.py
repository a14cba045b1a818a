"""Correcting what was recorded: the old value stays in the history."""

from bot.blocks import stages
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners.rights import can
from bot.requests import Answer, Open, Pressed, Redraw, Submitted
from storage import register as registry
from storage import views_complaint
from storage.errors import FieldProblems
from storage.office import Desk
from storage.permissions import Operation
from storage.register import corrections, issues, ledger
from storage.register.corrections import Correction
from storage.register.ledger import File
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the act, its form, and the choice that changes it."""

    def correcting(press: Pressed) -> Answer:
        reference = press.carries.get("reference") or press.value
        chosen = press.values.one("field")
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, reference, Operation.CONDUCT)
            fields = corrections.correctable(desk, file)
            # What was offered when the form was opened may have gone since.
            known = chosen if chosen in fields else None
            view = stages.correct_form(
                views_complaint.complaint(desk, reference), fields, chosen=known, choices=_choices(desk, file, known)
            )
        return Redraw(view) if chosen else Open(view)

    def corrected(form: Submitted) -> View | None:
        field = form.values.one("field")
        if field is None:
            raise FieldProblems({"field": "Choose what was wrong."})
        block = f"new_{field.replace(':', '_')}"
        day = form.values.day(block)
        new = day.isoformat() if day else form.values.one(block)
        if new is None:
            raise FieldProblems({block: "Say what it should be."})
        with door.saving(form) as desk:
            correction = Correction(field=field, new=new, reason=form.values.text("reason"))
            try:
                registry.corrections.correct(desk, form.carries.get("reference", ""), correction)
            except FieldProblems as problems:
                raise FieldProblems(
                    {block if name == "new" else name: said for name, said in problems.problems.items()}
                ) from problems
        return None

    door.act(
        Act(
            Action.CORRECT,
            "Correct what was recorded…",
            "A wrong date, outcome or team. The old value stays in the history.",
            _may_correct,
        ),
        correcting,
    )
    door.action(Action.CORRECT_FIELD, correcting)
    door.form(Form.CORRECT, corrected)


def _choices(desk: Desk, file: File, field: str | None) -> list[tuple[str, str]] | None:
    """The values that what was wrong may have; None for a day."""
    plain = corrections.plain(field) if field else None
    if plain == corrections.OUTCOME:
        return [(one.key, one.label) for one in issues.offered(file.procedure)]
    if plain == corrections.TEAM:
        return [(str(team.id), team.name) for team in desk.teams if team.is_open(desk.today)]
    return None


def _may_correct(desk: Desk, facts: ComplaintFacts) -> bool:
    return can(desk, facts, Operation.CONDUCT)
