"""How a stage ends without a response, is opened again, or is set right: each with its reason, nothing ever undone."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from storage import availability, outbox
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.register import escalation, ledger, ownership
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, Finding, MessageKind

# These are what requests for a further stage end in; `escalation` writes them.
_NOT_OFFERED = {escalation.OVERTAKEN, escalation.SKIPPED, escalation.REFUSED}


class Ending(BaseModel):
    """That a stage did not go on to a response: withdrawn, handled informally, or refused by a reasoned decision."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    ended_on: date
    outcome: str
    reason: str = ""


def offered(file: File) -> list[tuple[str, str]]:
    """The ways in which the current stage may end without a response, as key and label."""
    return [
        (outcome.key, outcome.label)
        for outcome in file.procedure.outcomes
        if outcome.finding is Finding.NOT_PROCEEDED and outcome.key not in _NOT_OFFERED
    ]


def end_without_response(desk: Desk, reference: str, ending: Ending) -> File:
    """Ends the stage. A refusal (late, out of scope) is a decision of the complaints team with its reasons, never a rule.

    Raises FieldProblems; AlreadyDone when it has ended; Refusal for a request for a further stage, which is opened or refused;
    NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.WORK)
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)
    problems: dict[str, str] = {}
    if not file.stage.started_on <= ending.ended_on <= desk.today:
        problems["ended_on"] = f"Choose a day from {in_words(file.stage.started_on)} to today."
    if ending.outcome not in dict(offered(file)):
        problems["outcome"] = "Choose one of the ways in the list."
        raise FieldProblems(problems)
    outcome = file.procedure.outcome(ending.outcome)
    asked_for = file.stage.number > 1
    if outcome.needs_reason or (asked_for and file.rules.posts):
        desk.require(Operation.CONDUCT, team_id=file.complaint.lead_team_id, owner_id=file.complaint.owner_id)
    # A stage that the complainant asked for never ends without its reasons on record (DOMAIN.md, 4).
    if outcome.needs_reason or asked_for or ending.reason:
        wrong = reason_problem(ending.reason, "the reasons for the decision, as the complainant was told")
        if wrong:
            problems["reason"] = wrong
    if problems:
        raise FieldProblems(problems)
    if file.stage.ended_on is None:
        file.stage.outcome, file.stage.finding = outcome.key, outcome.finding
    text = ledger.keep_text(desk, file, "reason", ending.reason) if ending.reason else None
    ledger.end(
        desk,
        file,
        EventKind.NOT_PROCEEDED,
        on=ending.ended_on,
        data={"outcome": outcome.key, "finding": outcome.finding.value},
        text=text,
    )
    return file


def reopen(desk: Desk, reference: str, reason: str) -> File:
    """Opens a closed complaint again, with the clock and the due date it had: what its first closure froze stays as published.

    Raises AlreadyDone when it is open; FieldProblems without a reason; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    if file.stage.is_open:
        raise AlreadyDone(f"{file.complaint.reference} is open already. There is nothing to do.")
    if file.complaint.cleared_on is not None:
        raise Refusal(
            f"{file.complaint.reference} was cleared on {in_words(file.complaint.cleared_on)}: record a new complaint."
        )
    wrong = reason_problem(reason, "why it has to be looked at again")
    if wrong:
        raise FieldProblems({"reason": wrong})
    if file.stage.opened_on is None:
        file.stage.opened_on = desk.today
    file.stage.is_open = True
    file.complaint.closed_on = None
    text = ledger.keep_text(desk, file, "reason", reason)
    event = ledger.append(desk, file, EventKind.REOPENED, on=desk.today, text=text)
    if file.stage.finding is Finding.NOT_PROCEEDED:
        # It was never answered: its clock runs on, and it counts when it is.
        file.stage.ended_on = file.stage.outcome = file.stage.finding = None
        ledger.wind(desk, file)
    owner_id = file.complaint.owner_id
    if owner_id is not None and owner_id in availability.gone(desk.session, desk.today, [owner_id]):
        # Whoever owned it then may be gone: it is offered to the team rather than left with nobody.
        ownership.release(desk, file)
    elif owner_id is not None and owner_id != desk.actor.person_id:
        outbox.put(
            desk.session,
            key=f"allocated:{file.id}:{event.sequence}",
            kind=MessageKind.ALLOCATED,
            now=desk.now,
            person_id=owner_id,
            complaint_id=file.id,
            data={"sequence": event.sequence},
        )
    return file
