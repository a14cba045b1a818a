"""The next stage: asked for as a dated event, and then taken on or refused with written reasons. Never closed silently."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from storage.clocks import Happening
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.models import Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Procedure
from storage.register import ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, Finding

OVERTAKEN, SKIPPED, REFUSED = "overtaken", "skipped", "stage_refused"


class Stands(Protocol):
    """A stage as far as it decides whether the next one can be asked for."""

    @property
    def number(self) -> int: ...
    @property
    def started_on(self) -> date: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def outcome(self) -> str | None: ...


class StageRequest(BaseModel):
    """That the complainant asked for the next stage, on which day, and how. Any channel will do; no form may be demanded.

    `reason` is wanted only when the stage before is still running in time: why it is left out.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    requested_on: date
    contact_method: str | None = None
    reason: str = ""


def request_stage(desk: Desk, reference: str, asked: StageRequest) -> File:
    """Records that the complainant asked for the next stage, and starts its clock.

    A stage that has run out of time ends as overtaken, late; one still in time ends as left out by agreement. One that was
    refused comes back as asked for, to be opened or refused anew, and its clock has run since it was asked for first. Raises
    Refusal when the procedure has no next stage; AlreadyDone while a request is open; FieldProblems; NotAllowed;
    UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.SEE)
    desk.require(Operation.RECORD)
    number = next_number(file.procedure, file.stage)
    if is_waiting(file):
        raise AlreadyDone(
            f"Stage {file.stage.number} was asked for on {in_words(file.stage.started_on)} already. There is nothing to do until "
            "the complaints team opens or refuses it."
        )
    if number is None:
        raise Refusal(
            f"{file.procedure.title} has no stage {file.stage.number + 1}. The complainant may go to the Local Government and "
            "Social Care Ombudsman: record the enquiry when it comes."
        )
    problems = _day_problems(desk, file, asked)
    running = has_time(file.stage, asked.requested_on)
    if running:
        wrong = reason_problem(asked.reason, f"why stage {file.stage.number}, which still has time, is left out")
        if wrong:
            problems["reason"] = wrong
    if asked.contact_method is not None and asked.contact_method not in desk.policy.contact_methods:
        problems["contact_method"] = "Choose one from the list."
    if problems:
        raise FieldProblems(problems)
    if number == file.stage.number:
        return _bring_back(desk, file, asked)
    if file.stage.is_open:
        _leave(desk, file, asked, running=running)
    return _begin(desk, file, asked, number)


def open_stage(desk: Desk, reference: str, on: date | None = None) -> File:
    """Takes on the stage that was asked for.

    Raises AlreadyDone when there is no request waiting; FieldProblems for a day before it or in the future; NotAllowed;
    UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    _must_wait(file)
    day = on or desk.today
    if not file.stage.started_on <= day <= desk.today:
        raise FieldProblems(
            {
                "on": f"It was asked for on {in_words(file.stage.started_on)}. Choose that day or a later one, up to today."
            }
        )
    file.stage.opened_on = day
    ledger.append(desk, file, EventKind.STAGE_OPENED, on=day)
    return file


def refuse_stage(desk: Desk, reference: str, reason: str) -> File:
    """Refuses the stage that was asked for, with the reasons the complainant was given.

    The Ombudsman finds fault where a request is refused because "nothing could be added": that is for whoever decides to know,
    and the form says it. Raises AlreadyDone; FieldProblems; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    _must_wait(file)
    wrong = reason_problem(reason, "the reasons the complainant was given in writing")
    if wrong:
        raise FieldProblems({"reason": wrong})
    _end_as(desk, file, REFUSED, on=desk.today, reason=reason)
    return file


def window_ends(desk: Desk, file: File) -> date | None:
    """The last day of the time in which the next stage should be asked for; None while there is none. It refuses nothing."""
    number = next_number(file.procedure, file.stage)
    if number is None or number == file.stage.number or file.stage.ended_on is None:
        # A stage that was refused was asked for already.
        return None
    within = file.procedure.stage(number).request_within
    if within is None:
        return None
    return desk.calendar_of(file.procedure).due(file.stage.ended_on, within.working_days, desk.policy.count_from)


def overtake(desk: Desk, file: File, on: date, *, also: Mapping[str, Any] | None = None, tell: bool = True) -> None:
    """Ends a stage that ran out of time unanswered, on the day the next one was asked for; it counts as late.

    `also` is what its event says beside that.
    """
    _end_as(desk, file, OVERTAKEN, on=on, reason="", also=also, tell=tell)


def earliest_request(stage: Stands) -> date:
    """The first day on which the stage after this one can have been asked for."""
    return stage.ended_on if stage.ended_on is not None and not stage.is_open else stage.started_on


def has_time(stage: Stands, on: date) -> bool:
    """Whether the stage could still be answered in time on that day, so that it is left out only by agreement."""
    return stage.is_open and on <= stage.due_on


def next_number(procedure: Procedure, stage: Stands) -> int | None:
    """The stage that a request is for: the one after this, or this one again once it was refused; None after the last."""
    if stage.outcome == REFUSED and not stage.is_open:
        return stage.number
    return stage.number + 1 if procedure.has_stage(stage.number + 1) else None


def is_waiting(file: File) -> bool:
    """Whether the current stage was asked for and neither taken on nor refused."""
    return waits(file.stage)


def waits(stage: Stands) -> bool:
    """The same of a stage by itself."""
    return stage.opened_on is None and stage.is_open


def must_be_taken_on(file: File) -> None:
    """Raises Refusal while the current stage was only asked for."""
    if is_waiting(file):
        raise Refusal(
            f"Stage {file.stage.number} was asked for on {in_words(file.stage.started_on)}. Open it first, or refuse it with "
            "written reasons: a request can't be closed in any other way."
        )


def _must_wait(file: File) -> None:
    if not is_waiting(file):
        raise AlreadyDone(
            f"No further stage of {file.complaint.reference} waits to be opened or refused. There is nothing to do."
        )


def _day_problems(desk: Desk, file: File, asked: StageRequest) -> dict[str, str]:
    earliest = earliest_request(file.stage)
    if asked.requested_on > desk.today:
        return {"requested_on": "It can't have been asked for in the future. Choose today or an earlier day."}
    if asked.requested_on < earliest:
        return {
            "requested_on": f"Choose {in_words(earliest)} or a later day: stage {file.stage.number} was not over before."
        }
    return {}


def _leave(desk: Desk, file: File, asked: StageRequest, *, running: bool) -> None:
    """Ends the stage before. Unanswered and out of time, it counts as late; left out by agreement, as not proceeded."""
    if running:
        _end_as(desk, file, SKIPPED, on=asked.requested_on, reason=asked.reason)
    else:
        overtake(desk, file, asked.requested_on)


def _end_as(
    desk: Desk,
    file: File,
    key: str,
    *,
    on: date,
    reason: str,
    also: Mapping[str, Any] | None = None,
    tell: bool = True,
) -> None:
    outcome = file.procedure.outcome(key)
    kind = EventKind.NOT_PROCEEDED if outcome.finding is Finding.NOT_PROCEEDED else EventKind.OVERTAKEN
    if file.stage.ended_on is None:
        file.stage.outcome, file.stage.finding = outcome.key, outcome.finding
    text = ledger.keep_text(desk, file, "reason", reason) if reason else None
    data = {"outcome": outcome.key, "finding": outcome.finding.value, **(also or {})}
    ledger.end(desk, file, kind, on=on, data=data, text=text, tell=tell)


def _begin(desk: Desk, file: File, asked: StageRequest, number: int) -> File:
    clock = ledger.replayed(desk, file.procedure, number, [Happening(EventKind.STAGE_REQUESTED, asked.requested_on)])
    stage = Stage(
        complaint_id=file.id,
        number=number,
        procedure=file.complaint.procedure,
        lead_team_id=file.complaint.lead_team_id,
        owner_id=file.complaint.owner_id,
        recorded_after=desk.calendar.between(asked.requested_on, desk.today),
        contact_method=asked.contact_method,
        **ledger.columns(clock),
    )
    desk.session.add(stage)
    desk.session.flush()
    file.complaint.closed_on = None
    begun = File(file.complaint, stage, file.procedure)
    ledger.append(
        desk,
        begun,
        EventKind.STAGE_REQUESTED,
        on=asked.requested_on,
        data={"recorded_after": stage.recorded_after},
    )
    return begun


def _bring_back(desk: Desk, file: File, asked: StageRequest) -> File:
    """The refused stage waits again, as if it had not ended: being asked for twice gives nobody a new clock."""
    stage = file.stage
    stage.is_open = True
    stage.ended_on = stage.outcome = stage.finding = None
    stage.contact_method = stage.contact_method or asked.contact_method
    file.complaint.closed_on = None
    recorded_after = desk.calendar.between(asked.requested_on, desk.today)
    data = {"recorded_after": recorded_after, "again": True}
    ledger.append(desk, file, EventKind.STAGE_REQUESTED, on=asked.requested_on, data=data)
    ledger.wind(desk, file)
    return file
