"""*Respond…*: the outcome, the day the response went out, and what will be done when fault was found."""

from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.blocks.respond import RespondChoices, respond_form
from bot.door import Door
from bot.requests import Answer, Open, Pressed, Redraw, Submitted
from storage import people, views, views_complaint
from storage import register as registry
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.register import issues, ledger, ownership
from storage.views_complaint import ComplaintFacts
from storage.vocabulary import Role


def register(door: Door) -> None:
    """Adds the button, the form, and the outcome that changes it."""

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            facts = _workable(desk, press.value)
            return Open(respond_form(facts, choices(desk, facts), today=desk.today))

    def outcome_chosen(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            facts = _workable(desk, press.carries.get("reference", ""))
            return Redraw(
                respond_form(facts, choices(desk, facts), today=desk.today, outcome=press.values.one("outcome"))
            )

    def submitted(form: Submitted) -> View | None:
        responded_on = form.values.day("responded_on")
        outcome = form.values.one("outcome")
        if responded_on is None:
            raise FieldProblems({"responded_on": "Choose the day the response went out."})
        if outcome is None:
            raise FieldProblems({"outcome": "Choose an outcome."})
        with door.saving(form) as desk:
            registry.respond(
                desk,
                form.carries.get("reference", ""),
                registry.Response(
                    responded_on=responded_on,
                    outcome=outcome,
                    answered_by_id=form.values.number("answered_by_id"),
                    theme_ids=form.values.numbers("theme_ids"),
                    action=form.values.text("action"),
                    action_owner_id=form.values.number("action_owner_id"),
                    action_due_on=form.values.day("action_due_on"),
                    no_action_reason=form.values.text("no_action_reason"),
                    late_reason=form.values.text("late_reason"),
                ),
            )
        return None

    door.action(Action.RESPOND, pressed)
    door.action(Action.OUTCOME, outcome_chosen)
    door.form(Form.RESPOND, submitted)


def choices(desk: Desk, facts: ComplaintFacts) -> RespondChoices:
    """What the form offers: the procedure's outcomes, themes, and people who could see to an action, nearest first."""
    procedure = facts.rules
    session, today = desk.session, desk.today
    team = people.with_role(session, [Role.NAMED_MANAGER], today, team_line=desk.teams.line(facts.line.team_id))
    groups = {
        facts.line.team: team,
        "Other managers": people.with_role(session, [Role.NAMED_MANAGER], today),
        "Senior managers": people.with_role(session, [Role.SENIOR_MANAGER], today),
        "Complaints team": people.with_role(session, [Role.HANDLER, Role.COMPLAINTS_MANAGER], today),
    }
    offered: dict[str, list[tuple[str, str]]] = {}
    seen: set[int] = set()
    for label, members in groups.items():
        offered[label] = [(str(who.id), who.name) for who in members if who.id not in seen]
        seen |= {who.id for who in members}
    answerers = [] if facts.line.owner else ownership.who_may_have_answered(desk, facts.line.team_id)
    return RespondChoices(
        outcomes=[(outcome.key, outcome.label) for outcome in issues.offered(procedure)],
        themes=[(str(theme_id), name) for theme_id, name in views.themes(desk)],
        people=offered,
        finds_fault=frozenset(outcome.key for outcome in procedure.outcomes if outcome.finding.found_fault),
        answerers=tuple((str(who.id), who.name) for who in answerers),
    )


def _workable(desk: Desk, reference: str) -> ComplaintFacts:
    facts = views_complaint.complaint(desk, reference)
    owner = facts.line.owner
    desk.require(Operation.WORK, team_id=facts.line.team_id, owner_id=owner.id if owner else None)
    if not facts.line.is_open:
        raise AlreadyDone(
            f"{facts.line.reference} is closed already. Type /complaint show {facts.line.reference} to see it."
        )
    file = ledger.look(desk, reference, Operation.SEE)
    registry.progress.must_not_judge_itself(desk, file)
    registry.progress.must_be_answerable(file)
    if facts.line.by_issue:
        raise Refusal(
            f"{facts.line.reference} has issues, so it needs a finding on each. Choose More…, then Record the findings…"
        )
    return facts
