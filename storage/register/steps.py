"""The dates of an investigation or a review, and the date of a response that is agreed with the complainant."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from storage.clocks import Happening, LegClock
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.register import escalation, ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind
from storage.workdays import CalendarTooShort


class StepDone(BaseModel):
    """A step, the day it happened, and, where the procedure wants one, the reason why it was late."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    step: str
    done_on: date
    reason: str = ""


def record_step(desk: Desk, reference: str, done: StepDone) -> File:
    """Records one of the steps that the procedure lists for the current stage, today or on an earlier day of it.

    A step with a time limit is reckoned from the one before it, so it can't come before that; any other may be recorded in any
    order. Raises FieldProblems; AlreadyDone when it was recorded before, or the stage has ended; Refusal while the stage was
    only asked for; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)
    if done.step not in file.rules.step_titles:
        raise FieldProblems({"step": "Choose one of the steps in the list."})
    _not_twice(desk, file, done.step)
    legs = ledger.clock(desk, file).legs
    problems = {
        field: problem
        for field, problem in (
            ("done_on", _day_problem(desk, file, legs, done)),
            ("reason", _reason_problem(file, legs, done)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
    text = ledger.keep_text(desk, file, "late_reason", done.reason) if done.reason else None
    ledger.append(desk, file, EventKind.STEP_DONE, on=done.done_on, data={"step": done.step}, text=text)
    ledger.wind(desk, file)
    return file


def agree_response_date(desk: Desk, reference: str, until: date) -> File:
    """Records the date of the response as agreed with the complainant today, in place of the one that was agreed before.

    SI 2009/309: the date is agreed with each complainant. Raises Refusal where the procedure sets the time; FieldProblems for a
    day that has passed or that no calendar reaches; AlreadyDone; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.WORK)
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)
    if not file.rules.limit.agreed:
        raise Refusal(
            "The time for this response is set by the procedure and not agreed with the complainant. Ask for an extension "
            "instead."
        )
    if until < desk.today:
        raise FieldProblems({"until": "Choose today or a later day."})
    before = [one.until for one in ledger.happenings(desk, file) if one.kind is EventKind.RESPONSE_DATE_AGREED]
    if before and before[-1] == until:
        raise AlreadyDone(
            f"{in_words(until)} is the date that was agreed already. Choose another day, or close the form."
        )
    try:
        ledger.clock(desk, file, Happening(EventKind.RESPONSE_DATE_AGREED, desk.today, until))
    except CalendarTooShort as too_short:
        raise FieldProblems({"until": str(too_short)}) from too_short
    ledger.append(desk, file, EventKind.RESPONSE_DATE_AGREED, on=desk.today, data={"until": until.isoformat()})
    ledger.wind(desk, file)
    return file


def _not_twice(desk: Desk, file: File, step: str) -> None:
    for happened in ledger.happenings(desk, file):
        if happened.kind is EventKind.STEP_DONE and happened.step == step:
            raise AlreadyDone(
                f"“{file.rules.step_titles[step]}” was recorded for {in_words(happened.on)} already. If that day is wrong, "
                "correct it: the complaints team can."
            )


def _day_problem(desk: Desk, file: File, legs: tuple[LegClock, ...], done: StepDone) -> str | None:
    if not file.stage.started_on <= done.done_on <= desk.today:
        return f"Stage {file.stage.number} began on {in_words(file.stage.started_on)}. Choose a day from then to today."
    before: LegClock | None = None
    for leg in legs:
        if leg.step == done.step and before is not None:
            if before.done_on is None:
                return f"“{leg.title}” is counted from “{before.title}”. Record the day of that first."
            if done.done_on < before.done_on:
                return (
                    f"“{before.title}” was on {in_words(before.done_on)}, and “{leg.title}” can't be before that. Choose that "
                    "day or a later one."
                )
        before = leg
    return None


def _reason_problem(file: File, legs: tuple[LegClock, ...], done: StepDone) -> str | None:
    """Lateness needs a recorded reason where the procedure says so: SI 2006/1738, "or as soon as reasonably practicable"."""
    due = next((leg.due_on for leg in legs if leg.step == done.step), None)
    wanted = any(leg.step == done.step and leg.lateness_needs_reason for leg in file.rules.legs)
    late = due is not None and done.done_on > due
    if due is not None and (done.reason or (wanted and late)):
        return reason_problem(done.reason, f"why it comes after {in_words(due)}, when it was due")
    return reason_problem(done.reason, "why") if done.reason else None
