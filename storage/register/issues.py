"""The issues that a complaint holds, as its statement numbers them, and what each came to at a stage."""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage.errors import FieldProblems, Refusal
from storage.models import ComplaintTheme, Issue, IssueFinding
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Outcome, Procedure
from storage.register import escalation, ledger, progress
from storage.register.ledger import File
from storage.register.progress import Answer
from storage.register.record import themes_problem
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, Finding

ISSUE_LENGTH = 1000


class NewIssue(BaseModel):
    """One thing that is complained about, in a sentence or two, and the team it is about."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    team_id: int
    text: str
    theme_id: int | None = None


class Adjudication(Answer):
    """How a stage with issues was answered: the key of an outcome for each issue, by its number."""

    findings: Mapping[int, str]


def add_issue(desk: Desk, reference: str, new: NewIssue) -> Issue:
    """Adds an issue to a complaint, numbered after those it has; every stage from now on needs a finding on it.

    Raises FieldProblems; Refusal at a stage without issues, or one that was only asked for; AlreadyDone when it has ended;
    NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)
    if not file.rules.issues:
        raise Refusal(
            f"Stage {file.stage.number} of this procedure is not answered issue by issue. Record the response as a whole."
        )
    problems = {
        field: problem
        for field, problem in (
            ("team_id", None if new.team_id in desk.teams else "Choose one of the teams in the list."),
            ("theme_id", _theme_problem(desk, file, new.theme_id)),
            ("text", reason_problem(new.text, "in a sentence what this issue is", longest=ISSUE_LENGTH)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
    text = ledger.keep_text(desk, file, "issue", new.text)
    issue = Issue(
        complaint_id=file.id,
        number=len(of(desk, file)) + 1,
        team_id=new.team_id,
        theme_id=new.theme_id,
        text_id=text.id,
    )
    desk.session.add(issue)
    desk.session.flush()
    data = {"issue": issue.id, "number": issue.number, "team": issue.team_id, "theme": issue.theme_id}
    ledger.append(desk, file, EventKind.ISSUE_ADDED, on=desk.today, data=data, text=text)
    return issue


def adjudicate(desk: Desk, reference: str, adjudication: Adjudication) -> File:
    """Closes the stage with a finding on every issue; the outcome of the whole follows from them.

    Raises FieldProblems, those of findings under `finding_field`; Refusal for a complaint without issues; AlreadyDone when the
    stage has ended; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    progress.must_be_answerable(file)
    if not file.rules.issues:
        raise Refusal(
            f"Stage {file.stage.number} of this procedure is not answered issue by issue: record the response."
        )
    issues = of(desk, file)
    if not issues:
        raise Refusal(
            f"{file.complaint.reference} has no issues yet. Add them first, or record the response as a whole."
        )
    found, problems = _judged(file, issues, adjudication.findings)
    outcome = None if problems else overall(file.procedure, found.values())
    problems |= progress.answer_problems(desk, file, adjudication, outcome)
    if outcome is None or problems:
        raise FieldProblems(problems)
    for issue in issues:
        _keep(desk, file, issue, found[issue.number], on=adjudication.responded_on)
    progress.close(desk, file, adjudication, outcome)
    return file


def of(desk: Desk, file: File) -> list[Issue]:
    """The issues of a complaint, by number."""
    found = select(Issue).where(Issue.complaint_id == file.id).order_by(col(Issue.number))
    return list(desk.session.exec(found).all())


def offered(procedure: Procedure) -> list[Outcome]:
    """What an issue can come to: the outcomes that are a finding."""
    return [
        outcome
        for outcome in procedure.outcomes
        if outcome.finding is not Finding.NOT_PROCEEDED and outcome.key != escalation.OVERTAKEN
    ]


def overall(procedure: Procedure, outcomes: Iterable[Outcome]) -> Outcome:
    """What a stage came to by what its issues came to: fault or no finding where all did, partial where some found fault.

    One outcome for every issue is that of the whole; else it is the council's first outcome with that finding.
    """
    came_to = list(dict.fromkeys(outcomes))
    if len(came_to) == 1:
        return came_to[0]
    findings = {outcome.finding for outcome in came_to}
    if len(findings) == 1:
        (finding,) = findings
    elif any(one.found_fault for one in findings):
        finding = Finding.PARTIAL
    else:
        finding = Finding.NO_FAULT
    return next(outcome for outcome in offered(procedure) if outcome.finding is finding)


def finding_field(number: int) -> str:
    """The field under which problems with the finding on an issue are reported."""
    return f"finding_{number}"


def _judged(file: File, issues: list[Issue], findings: Mapping[int, str]) -> tuple[dict[int, Outcome], dict[str, str]]:
    """The outcome of each issue by its number, and what is wrong with the findings by field."""
    choices = {outcome.key: outcome for outcome in offered(file.procedure)}
    numbers = [issue.number for issue in issues]
    found: dict[int, Outcome] = {}
    problems: dict[str, str] = {}
    for number in numbers:
        if findings.get(number) in choices:
            found[number] = choices[findings[number]]
        else:
            problems[finding_field(number)] = f"Choose what was found on issue {number}."
    for number in findings:
        if number not in numbers:
            problems[finding_field(number)] = f"There is no issue {number}. Close the form and open it again."
    return found, problems


def _keep(desk: Desk, file: File, issue: Issue, outcome: Outcome, *, on: date) -> None:
    assert issue.id is not None  # noqa: S101 - read from the database
    # A stage that was opened again may come to another finding; what it came to before is in the history.
    desk.session.merge(
        IssueFinding(issue_id=issue.id, stage=file.stage.number, outcome=outcome.key, finding=outcome.finding)
    )
    data = {"issue": issue.id, "number": issue.number, "outcome": outcome.key, "finding": outcome.finding.value}
    # The response that follows tells them all at once.
    ledger.append(desk, file, EventKind.ISSUE_FOUND, on=on, data=data, tell=False)


def _theme_problem(desk: Desk, file: File, theme_id: int | None) -> str | None:
    if theme_id is None:
        return None
    have = desk.session.exec(select(ComplaintTheme.theme_id).where(ComplaintTheme.complaint_id == file.id)).all()
    return themes_problem(desk, [theme_id], already=have)
