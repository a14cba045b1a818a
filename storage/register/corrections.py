"""Setting right what was recorded: an appended event that names the old value, the new one and the reason."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from storage import timeline
from storage.dates import in_words
from storage.errors import FieldProblems
from storage.models import Event
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, Finding

OUTCOME, TEAM = "outcome", "lead_team"
_DATES = {
    timeline.RECEIVED: "the day it was received",
    timeline.ACKNOWLEDGED: "the day it was acknowledged",
    timeline.ENDED: "the day it was closed",
}


class Correction(BaseModel):
    """One wrong value and what it should have been: a date (2026-11-24), an outcome's key, or a team's id, as text."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    field: str
    new: str
    reason: str


def correctable(desk: Desk, file: File) -> dict[str, str]:
    """What can be corrected on the current stage: field and what it is called, with the value it has now."""
    return {field: f"{label} ({_shown(desk, file, field, old)})" for field, label, old in _fields(desk, file)}


def correct(desk: Desk, reference: str, correction: Correction) -> File:
    """Records what was wrong and sets the complaint right, also when it is closed; its clock is reckoned anew.

    Raises FieldProblems naming what won't do; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    found = {field: old for field, _label, old in _fields(desk, file)}
    problems: dict[str, str] = {}
    wrong = reason_problem(correction.reason, "what was wrong and how you know")
    if wrong:
        problems["reason"] = wrong
    if correction.field not in found:
        raise FieldProblems({"field": "Choose what to correct."} | problems)
    old = found[correction.field]
    is_date = correction.field not in {OUTCOME, TEAM}
    problem = (
        _date_problem(desk, file, correction)
        if is_date
        else _outcome_problem(file, correction.new)
        if correction.field == OUTCOME
        else _team_problem(desk, correction.new)
    )
    if problem is None and correction.new == old:
        problem = "That is what is recorded already."
    if problem:
        problems["new"] = problem
    if problems:
        raise FieldProblems(problems)
    text = ledger.keep_text(desk, file, "correction", correction.reason)
    data: dict[str, Any] = {"field": correction.field, "old": old, "new": correction.new, "is_date": is_date}
    _apply(desk, file, correction, data)
    if file.stage.ended_on is not None:
        data["clock"] = ledger.frozen(file.stage)
    ledger.append(desk, file, EventKind.CORRECTED, on=desk.today, data=data, text=text)
    return file


def _fields(desk: Desk, file: File) -> list[tuple[str, str, str]]:
    stage = file.stage
    started = _DATES[timeline.RECEIVED] if stage.number == 1 else f"the day stage {stage.number} was asked for"
    found = [(timeline.RECEIVED, started, stage.started_on.isoformat())]
    if stage.acknowledged_on is not None:
        found.append((timeline.ACKNOWLEDGED, _DATES[timeline.ACKNOWLEDGED], stage.acknowledged_on.isoformat()))
    titles = file.rules.step_titles
    for happening in timeline.happenings(_events(desk, file)):
        if happening.kind is EventKind.STEP_DONE and happening.step:
            title = titles.get(happening.step, happening.step)
            found.append((timeline.step_field(happening.step), f"the day of “{title}”", happening.on.isoformat()))
    if stage.ended_on is not None:
        found.append((timeline.ENDED, _DATES[timeline.ENDED], stage.ended_on.isoformat()))
    if stage.outcome is not None and stage.finding is not Finding.NOT_PROCEEDED:
        found.append((OUTCOME, "the outcome", stage.outcome))
    found.append((TEAM, "the lead team", str(file.complaint.lead_team_id)))
    return found


def _shown(desk: Desk, file: File, field: str, value: str) -> str:
    if field == OUTCOME:
        return file.procedure.outcome(value).label
    return desk.teams[int(value)].name if field == TEAM else in_words(date.fromisoformat(value))


def _events(desk: Desk, file: File) -> list[Event]:
    desk.session.flush()
    return list(
        desk.session.exec(select(Event).where(Event.complaint_id == file.id, Event.stage == file.stage.number)).all()
    )


def _date_problem(desk: Desk, file: File, correction: Correction) -> str | None:
    try:
        day = date.fromisoformat(correction.new)
    except ValueError:
        return "Choose a day."
    if day > desk.today:
        return "Choose today or an earlier day."
    if correction.field == timeline.RECEIVED:
        later = [one for one in (file.stage.acknowledged_on, file.stage.ended_on) if one is not None and one < day]
        if later:
            return f"That is after what followed it on {in_words(min(later))}. Correct that first."
        return "The calendar begins later. Check the year." if day < desk.calendar.first_day else None
    if day < file.stage.started_on:
        return f"The stage began on {in_words(file.stage.started_on)}; this can't be earlier."
    return None


def _outcome_problem(file: File, new: str) -> str | None:
    proceeded = {outcome.key for outcome in file.procedure.outcomes if outcome.finding is not Finding.NOT_PROCEEDED}
    return None if new in proceeded else "Choose one of the outcomes in the list."


def _team_problem(desk: Desk, new: str) -> str | None:
    if not new.isascii() or not new.isdigit() or int(new) not in desk.teams:
        return "Choose one of the teams in the list."
    return None


def _apply(desk: Desk, file: File, correction: Correction, data: dict[str, Any]) -> None:
    stage, complaint = file.stage, file.complaint
    if correction.field == OUTCOME:
        outcome = file.procedure.outcome(correction.new)
        stage.outcome, stage.finding = outcome.key, outcome.finding
        return
    if correction.field == TEAM:
        stage.lead_team_id = complaint.lead_team_id = int(correction.new)
        return
    day = date.fromisoformat(correction.new)
    if correction.field == timeline.RECEIVED:
        if stage.number == 1:
            complaint.received_on = day
    elif correction.field == timeline.ACKNOWLEDGED:
        stage.acknowledged_on = day
    elif correction.field == timeline.ENDED and complaint.closed_on == stage.ended_on:
        # A second answer, after the stage was opened again, has closed the complaint on a day of its own.
        complaint.closed_on = day
    coming = Event(
        complaint_id=file.id,
        sequence=complaint.changes + 1,
        kind=EventKind.CORRECTED,
        stage=stage.number,
        happened_on=desk.today,
        recorded_at=desk.now,
        data=data,
    )
    clock = ledger.replayed(desk, file.procedure, stage.number, timeline.happenings([*_events(desk, file), coming]))
    ledger.apply_clock(stage, clock)
