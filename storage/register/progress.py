"""What moves a complaint on: acknowledged and answered."""

from datetime import date

from sqlmodel import select

from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.models import ComplaintTheme, Issue
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Outcome
from storage.register import escalation, ledger, ownership
from storage.register.learning import Lesson, learn, lesson_problems
from storage.register.ledger import File
from storage.register.record import set_themes, themes_problem
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, Finding


class Answer(Lesson):
    """What every answer has, with one outcome for the whole or a finding on each issue.

    An action, or why none is needed, is wanted when the outcome found fault, and refused otherwise. `late_reason` is wanted for
    an answer after the due date where the procedure wants a reason for that.
    """

    responded_on: date
    theme_ids: tuple[int, ...] = ()
    late_reason: str = ""


class Response(Answer):
    """How a stage was answered, with one outcome for the whole of it.

    `answered_by_id`: the manager who answered, where nobody owned the complaint; they own it from then on.
    """

    outcome: str
    answered_by_id: int | None = None


def acknowledge(desk: Desk, reference: str, on: date | None = None) -> File:
    """Records that the complaint was acknowledged, today or on an earlier day.

    Raises AlreadyDone saying when it was before, or that it is closed; FieldProblems for a day that can't be; NotAllowed;
    UnknownReference.
    """
    day = on or desk.today
    file = ledger.find(desk, reference, Operation.WORK)
    if file.stage.acknowledged_on is not None:
        raise AlreadyDone(
            f"{file.complaint.reference} was acknowledged on {in_words(file.stage.acknowledged_on)} already. "
            "There is nothing to do."
        )
    ledger.must_be_open(file)
    if not file.stage.started_on <= day <= desk.today:
        raise FieldProblems(
            {"acknowledged_on": f"Choose a day from {in_words(file.stage.started_on)}, when it came in, to today."}
        )
    file.stage.acknowledged_on = day
    ledger.append(desk, file, EventKind.ACKNOWLEDGED, on=day)
    ledger.wind(desk, file)
    return file


def respond(desk: Desk, reference: str, response: Response) -> File:
    """Closes the stage with its outcome, freezes its days and band, and records what is learned when fault was found.

    Raises FieldProblems; Refusal for a stage with issues, where each needs a finding; AlreadyDone when it is closed; NotAllowed;
    UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.WORK)
    must_not_judge_itself(desk, file)
    must_be_answerable(file)
    outcome = _outcome(file, response.outcome)
    if file.rules.issues and (outcome is None or outcome.finding is not Finding.NOT_PROCEEDED):
        _no_issues(desk, file)
    wrong = _outcome_problem(outcome)
    problems = {"outcome": wrong} if wrong else {}
    problems |= answer_problems(desk, file, response, outcome)
    if outcome is None or problems:
        raise FieldProblems(problems)
    if response.answered_by_id is not None:
        ownership.answered(desk, file, response.answered_by_id)
    close(desk, file, response, outcome)
    return file


def must_not_judge_itself(desk: Desk, file: File) -> None:
    """Raises NotAllowed for a stage with an investigation or a panel, unless the complaints team records what it came to.

    The owner is a manager of the service complained about, whom stages 2 and 3 are to be independent of (DOMAIN.md, 5).
    """
    if file.rules.posts:
        desk.require(Operation.CONDUCT, team_id=file.complaint.lead_team_id, owner_id=file.complaint.owner_id)


def must_be_answerable(file: File) -> None:
    """Raises AlreadyDone for a stage that has ended, Refusal for one that was only asked for."""
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)


def close(desk: Desk, file: File, response: Answer, outcome: Outcome) -> None:
    """Closes the stage with an answer that has no problems."""
    ended = outcome.finding is Finding.NOT_PROCEEDED
    if file.stage.ended_on is None:
        # The outcome of one that was opened again stays as published: it is corrected, never answered anew (DOMAIN.md, 4).
        file.stage.outcome, file.stage.finding = outcome.key, outcome.finding
    if response.theme_ids:
        set_themes(desk, file, response.theme_ids)
    text = ledger.keep_text(desk, file, "late_reason", response.late_reason) if response.late_reason else None
    ledger.end(
        desk,
        file,
        EventKind.NOT_PROCEEDED if ended else EventKind.RESPONDED,
        on=response.responded_on,
        data={"outcome": outcome.key, "finding": outcome.finding.value, "themes": list(response.theme_ids)},
        text=text,
    )
    if outcome.finding.found_fault:
        learn(desk, file, response, on=response.responded_on)


def _outcome(file: File, named: str) -> Outcome | None:
    try:
        return file.procedure.outcome(named)
    except KeyError:
        return None


def _outcome_problem(outcome: Outcome | None) -> str | None:
    if outcome is None:
        return "Choose one of the outcomes in the list."
    if (outcome.needs_reason and outcome.finding is Finding.NOT_PROCEEDED) or outcome.key == escalation.OVERTAKEN:
        return (
            f"“{outcome.label}” is not a response. Choose another outcome, or use More… and Close without a response…"
        )
    return None


def answer_problems(desk: Desk, file: File, response: Answer, outcome: Outcome | None) -> dict[str, str]:
    """Everything that is wrong with an answer, by field; with no outcome yet, all that can be said without one."""
    problems: dict[str, str] = {}
    if response.responded_on > desk.today:
        problems["responded_on"] = "The response can't have gone out in the future. Choose today or an earlier day."
    elif response.responded_on < file.stage.started_on:
        problems["responded_on"] = (
            f"The response can't be earlier than {in_words(file.stage.started_on)}, when this stage began. Choose that day or a "
            "later one."
        )
    if outcome is not None and outcome.finding.found_fault:
        problems |= lesson_problems(desk, response, response.responded_on)
    elif outcome is not None and (response.action or response.no_action_reason):
        unwanted = "action" if response.action else "no_action_reason"
        problems[unwanted] = (
            "A learning action goes with an outcome that found fault. Choose that outcome, or clear this."
        )
    have = desk.session.exec(select(ComplaintTheme.theme_id).where(ComplaintTheme.complaint_id == file.id)).all()
    wrong = themes_problem(desk, response.theme_ids, already=have)
    if wrong:
        problems["theme_ids"] = wrong
    wrong = _late_problem(file, response, outcome)
    if wrong:
        problems["late_reason"] = wrong
    return problems


def _late_problem(file: File, response: Answer, outcome: Outcome | None) -> str | None:
    """SI 2006/1738, stage 3: lateness needs a recorded reason; SI 2009/309: explained in writing. None when all is well."""
    answered = outcome is None or outcome.finding is not Finding.NOT_PROCEEDED
    # One that was opened again has been answered before: that answer's time is what counts.
    late = answered and file.stage.ended_on is None and response.responded_on > file.stage.due_on
    if response.late_reason or (late and file.rules.lateness_needs_reason):
        return reason_problem(
            response.late_reason,
            f"why it comes after {in_words(file.stage.due_on)}, when it was due, as the complainant was told",
        )
    return None


def _no_issues(desk: Desk, file: File) -> None:
    if desk.session.exec(select(Issue.id).where(Issue.complaint_id == file.id).limit(1)).first() is not None:
        raise Refusal(
            f"{file.complaint.reference} has issues, and each needs a finding of its own. Record the findings: the outcome "
            "follows from them."
        )
