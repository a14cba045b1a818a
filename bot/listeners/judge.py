"""The issues of a complaint, and the findings on each of them that close an investigation."""

from bot.blocks import investigation
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Act, Door
from bot.listeners import respond
from bot.listeners.record import open_teams
from bot.listeners.rights import at_work, can
from bot.requests import Answer, Open, Pressed, Submitted
from storage import register as registry
from storage import views, views_complaint, views_issues
from storage.errors import FieldProblems
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.issues import Adjudication, NewIssue, finding_field, offered
from storage.views_complaint import ComplaintFacts


def register(door: Door) -> None:
    """Adds the acts and their forms."""

    def adding(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, press.value, Operation.CONDUCT)
            number = len(registry.issues.of(desk, file)) + 1
            themes = [(str(theme_id), name) for theme_id, name in views.themes(desk)]
            return Open(
                investigation.issue_form(views_complaint.complaint(desk, press.value), number, open_teams(desk), themes)
            )

    def added(form: Submitted) -> View | None:
        team_id = form.values.number("team_id")
        if team_id is None:
            raise FieldProblems({"team_id": "Choose the team this issue is about."})
        with door.saving(form) as desk:
            new = NewIssue(team_id=team_id, text=form.values.text("text"), theme_id=form.values.number("theme_id"))
            registry.issues.add_issue(desk, form.carries.get("reference", ""), new)
        return None

    def judging(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            file = ledger.look(desk, press.value, Operation.CONDUCT)
            registry.progress.must_be_answerable(file)
            facts = views_complaint.complaint(desk, press.value)
            return Open(
                investigation.adjudicate_form(
                    facts,
                    views_issues.of_complaint(desk, file),
                    [(outcome.key, outcome.label) for outcome in offered(file.procedure)],
                    respond.choices(desk, facts).people,
                    today=desk.today,
                )
            )

    def judged(form: Submitted) -> View | None:
        day = form.values.day("responded_on")
        if day is None:
            raise FieldProblems({"responded_on": "Choose the day the response went out."})
        reference = form.carries.get("reference", "")
        with door.saving(form) as desk:
            file = ledger.find(desk, reference, Operation.CONDUCT)
            chosen = {
                issue.number: form.values.one(finding_field(issue.number)) for issue in registry.issues.of(desk, file)
            }
            registry.issues.adjudicate(
                desk,
                reference,
                Adjudication(
                    responded_on=day,
                    findings={number: key for number, key in chosen.items() if key is not None},
                    action=form.values.text("action"),
                    action_owner_id=form.values.number("action_owner_id"),
                    action_due_on=form.values.day("action_due_on"),
                    no_action_reason=form.values.text("no_action_reason"),
                    late_reason=form.values.text("late_reason"),
                ),
            )
        return None

    door.act(
        Act(
            Action.ADD_ISSUE,
            "Add an issue…",
            "One complaint holds several; each has its team, its theme and its own finding.",
            _may_add,
        ),
        adding,
    )
    door.act(
        Act(
            Action.ADJUDICATE,
            "Record the findings…",
            "A finding on every issue closes the stage.",
            _may_judge,
        ),
        judging,
    )
    door.form(Form.ISSUE, added)
    door.form(Form.ADJUDICATE, judged)


def _may_add(desk: Desk, facts: ComplaintFacts) -> bool:
    return at_work(facts) and facts.rules.stage(facts.line.number).issues and can(desk, facts, Operation.CONDUCT)


def _may_judge(desk: Desk, facts: ComplaintFacts) -> bool:
    return facts.line.by_issue and _may_add(desk, facts)
