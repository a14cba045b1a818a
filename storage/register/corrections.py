"""Setting right what was recorded: an appended event that names the old value, the new one and the reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage import timeline
from storage.clocks import Happening, StageClock
from storage.dates import in_words
from storage.errors import FieldProblems
from storage.models import Event, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.register import issues, ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import EventKind, Finding
from storage.workdays import CalendarTooShort

OUTCOME, TEAM = "outcome", "lead_team"
_DATES = {
    timeline.RECEIVED: "the day it was received",
    timeline.ACKNOWLEDGED: "the day it was acknowledged",
    timeline.ENDED: "the day it was closed",
}
_OF_A_STAGE = re.compile(r"(\d+):(.+)")


class Correction(BaseModel):
    """One wrong value and what it should have been: a date (2026-11-24), an outcome's key, or a team's id, as text.

    `stage` None is the current one. `field` may name an earlier one itself, as the keys of `correctable` do: 1:ended_on.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    field: str
    new: str
    reason: str
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One stage as it is recorded, with the stages before and after it, where there are such."""

    file: File
    events: list[Event]
    before: Stage | None
    after: Stage | None

    @property
    def stage(self) -> Stage:
        return self.file.stage

    @property
    def is_current(self) -> bool:
        return self.after is None


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something with a day that a corrected day has to keep its place beside. `what` is how a sentence names that day."""

    what: str
    on: date


def plain(field: str) -> str:
    """A key of `correctable` without the stage that it may begin with."""
    return _parted(field)[1]


def correctable(desk: Desk, file: File) -> dict[str, str]:
    """What can be corrected: field and what it is called, with the value it has now.

    The current stage's fields come first; those of earlier stages have the stage before them, in the key and in words.
    """
    found: dict[str, str] = {}
    for recorded in reversed(_recorded(desk, file)):
        number = recorded.stage.number
        for field, label, old in _fields(recorded):
            shown = f"{label} ({_shown(desk, file, field, old)})"
            if recorded.is_current:
                found[field] = shown
            else:
                found[f"{number}:{field}"] = f"stage {number}: {shown}"
    return found


def correct(desk: Desk, reference: str, correction: Correction) -> File:
    """Records what was wrong and sets the stage right, also when it is closed; its clock is reckoned anew where that moves it.

    Raises FieldProblems naming what won't do; NotAllowed; UnknownReference.
    """
    named, field = _parted(correction.field)
    current = ledger.find(desk, reference, Operation.CONDUCT)
    number = named or correction.stage or current.stage.number
    recorded = next((one for one in _recorded(desk, current) if one.stage.number == number), None)
    problems: dict[str, str] = {}
    wrong = reason_problem(correction.reason, "what was wrong and how you know")
    if wrong:
        problems["reason"] = wrong
    found = {name: old for name, _label, old in _fields(recorded)} if recorded else {}
    if recorded is None or field not in found:
        raise FieldProblems({"field": "Choose what to correct."} | problems)
    problem = _problem(desk, recorded, field, correction.new)
    if problem is None and correction.new == found[field]:
        problem = "That is what is recorded already. Change it, or close the form."
    is_date = field not in {OUTCOME, TEAM}
    data: dict[str, Any] = {"field": field, "old": found[field], "new": correction.new, "is_date": is_date}
    clock: StageClock | None = None
    if problem is None and is_date:
        try:
            clock = _moved(desk, recorded, data)
        except CalendarTooShort as too_short:
            problem = str(too_short)
    if problem:
        problems["new"] = problem
    if problems:
        raise FieldProblems(problems)
    file = recorded.file
    text = ledger.keep_text(desk, file, "correction", correction.reason)
    _apply(recorded, field, correction.new)
    if clock is not None:
        ledger.apply_clock(file.stage, clock)
    if file.stage.ended_on is not None:
        data["clock"] = ledger.frozen(file.stage)
    ledger.append(desk, file, EventKind.CORRECTED, on=desk.today, data=data, text=text)
    return file


def _parted(field: str) -> tuple[int | None, str]:
    """The stage that a field names, if it does, and the field."""
    named = _OF_A_STAGE.fullmatch(field)
    return (int(named[1]), named[2]) if named else (None, field)


def _recorded(desk: Desk, file: File) -> list[_Recorded]:
    """Every stage of a complaint by number, the current one last."""
    desk.session.flush()
    stages = desk.session.exec(select(Stage).where(Stage.complaint_id == file.id).order_by(col(Stage.number))).all()
    history = desk.session.exec(select(Event).where(Event.complaint_id == file.id).order_by(col(Event.sequence))).all()
    return [
        _Recorded(
            file=file if stage.number == file.stage.number else File(file.complaint, stage, file.procedure),
            events=[event for event in timeline.standing(history) if event.stage == stage.number],
            before=before,
            after=after,
        )
        for before, stage, after in zip([None, *stages], stages, [*stages[1:], None], strict=False)
    ]


def _fields(recorded: _Recorded) -> list[tuple[str, str, str]]:
    stage = recorded.stage
    found = [(timeline.RECEIVED, _started(stage), stage.started_on.isoformat())]
    if stage.acknowledged_on is not None:
        found.append((timeline.ACKNOWLEDGED, _DATES[timeline.ACKNOWLEDGED], stage.acknowledged_on.isoformat()))
    for happening in timeline.happenings(recorded.events):
        if happening.kind is EventKind.STEP_DONE and happening.step:
            what = _step_day(recorded, happening.step)
            found.append((timeline.step_field(happening.step), what, happening.on.isoformat()))
    if stage.ended_on is not None:
        found.append((timeline.ENDED, _DATES[timeline.ENDED], stage.ended_on.isoformat()))
    if stage.outcome is not None and stage.finding is not Finding.NOT_PROCEEDED:
        found.append((OUTCOME, "the outcome", stage.outcome))
    if recorded.is_current:
        found.append((TEAM, "the lead team", str(recorded.file.complaint.lead_team_id)))
    return found


def _started(stage: Stage) -> str:
    return _DATES[timeline.RECEIVED] if stage.number == 1 else f"the day stage {stage.number} was asked for"


def _step_day(recorded: _Recorded, step: str) -> str:
    return f"the day of “{recorded.file.rules.step_titles.get(step, step)}”"


def _shown(desk: Desk, file: File, field: str, value: str) -> str:
    if field == OUTCOME:
        return file.procedure.outcome(value).label
    return desk.teams[int(value)].name if field == TEAM else in_words(date.fromisoformat(value))


def _problem(desk: Desk, recorded: _Recorded, field: str, new: str) -> str | None:
    if field == OUTCOME:
        offered = {outcome.key for outcome in issues.offered(recorded.file.procedure)}
        return None if new in offered else "Choose one of the outcomes in the list."
    if field == TEAM:
        known = new.isascii() and new.isdigit() and int(new) in desk.teams
        return None if known else "Choose one of the teams in the list."
    return _date_problem(desk, recorded, field, new)


def _date_problem(desk: Desk, recorded: _Recorded, field: str, new: str) -> str | None:
    try:
        day = date.fromisoformat(new)
    except ValueError:
        return "Choose a day."
    if day > desk.today:
        return "Choose today or an earlier day."
    if day < desk.calendar.first_day:
        return "The calendar begins later. Check the year."
    earlier = max(_earlier(recorded, field), key=lambda mark: mark.on, default=None)
    if earlier is not None and day < earlier.on:
        return f"That is before {earlier.what}, {in_words(earlier.on)}. If that is wrong too, correct it first."
    later = min(_later(recorded, field), key=lambda mark: mark.on, default=None)
    if later is not None and day > later.on:
        return f"That is after {later.what}, {in_words(later.on)}. If that is wrong too, correct it first."
    return None


def _earlier(recorded: _Recorded, field: str) -> Iterator[_Mark]:
    """What came before the day of this field."""
    stage, before = recorded.stage, recorded.before
    if field == timeline.RECEIVED:
        if before is not None:
            over = before.ended_on or before.started_on
            yield _Mark(f"the day stage {before.number} was over", over)
        return
    yield _Mark(_started(stage), stage.started_on)
    happened = timeline.happenings(recorded.events)
    if field == timeline.ENDED:
        end = timeline.counting_end(recorded.events)
        yield from (
            _Mark(_called(recorded, one), one.on)
            for one in happened
            if one.kind in {EventKind.ACKNOWLEDGED, EventKind.STEP_DONE} and end and one.sequence < end.sequence
        )
    else:
        yield from _steps(recorded, happened, _legs_beside(recorded, field)[0])


def _later(recorded: _Recorded, field: str) -> Iterator[_Mark]:
    """What came after it."""
    stage, after = recorded.stage, recorded.after
    happened = timeline.happenings(recorded.events)
    if field == timeline.RECEIVED:
        if stage.number > 1 and stage.opened_on is not None:
            yield _Mark(f"the day stage {stage.number} was opened", stage.opened_on)
        yield from (
            _Mark(_called(recorded, one), one.on)
            for one in happened
            if one.kind in {EventKind.ACKNOWLEDGED, EventKind.STEP_DONE} or one.kind.ends
        )
    elif field == timeline.ENDED:
        if after is not None:
            yield _Mark(_started(after), after.started_on)
    else:
        end = _end_after(recorded, happened, field)
        if end is not None:
            yield _Mark(_called(recorded, end), end.on)
        yield from _steps(recorded, happened, _legs_beside(recorded, field)[1])


def _called(recorded: _Recorded, happened: Happening) -> str:
    if happened.kind is EventKind.STEP_DONE:
        return _step_day(recorded, happened.step or "")
    return _DATES[timeline.ENDED if happened.kind.ends else timeline.ACKNOWLEDGED]


def _end_after(recorded: _Recorded, happened: Sequence[Happening], field: str) -> Happening | None:
    """The end that this day may not come after: the one that counts, or for what was done after it, the last one."""
    place = next((one.sequence for one in happened if _field(one) == field), 0)
    counts = timeline.counting_end(recorded.events)
    if recorded.stage.ended_on is None or counts is None:
        return None
    if place < counts.sequence:
        return next(one for one in happened if one.sequence == counts.sequence)
    last = [one for one in happened if one.kind.ends][-1]
    return last if last.sequence > place and not recorded.stage.is_open else None


def _field(happened: Happening) -> str | None:
    if happened.kind is EventKind.ACKNOWLEDGED:
        return timeline.ACKNOWLEDGED
    return timeline.step_field(happened.step or "") if happened.kind is EventKind.STEP_DONE else None


def _legs_beside(recorded: _Recorded, field: str) -> tuple[list[str], list[str]]:
    """The steps that come before and after this one, which have an order only where each is reckoned from the one before."""
    legs, step = [leg.step for leg in recorded.file.rules.legs], timeline.step_of(field)
    if step not in legs:
        return [], []
    place = legs.index(step)
    return legs[:place], legs[place + 1 :]


def _steps(recorded: _Recorded, happened: Sequence[Happening], steps: Sequence[str]) -> Iterator[_Mark]:
    for one in happened:
        if one.kind is EventKind.STEP_DONE and one.step in steps:
            yield _Mark(_called(recorded, one), one.on)


def _moved(desk: Desk, recorded: _Recorded, data: dict[str, Any]) -> StageClock | None:
    """The stage's clock with the correction; None where a stage that has ended keeps what was frozen.

    Both are replayed by the calendar and the settings of today, which may not be those that the stage was closed under: what
    differs between them is the correction's doing, and nothing else is a reason to touch what was published.
    """
    stage, complaint = recorded.stage, recorded.file.complaint
    coming = Event(
        complaint_id=recorded.file.id,
        sequence=complaint.changes + 1,
        kind=EventKind.CORRECTED,
        stage=stage.number,
        happened_on=desk.today,
        recorded_at=desk.now,
        data=data,
    )
    without, corrected = (
        ledger.replayed(desk, recorded.file.procedure, stage.number, timeline.happenings(events))
        for events in (recorded.events, [*recorded.events, coming])
    )
    same = ledger.columns(without) == ledger.columns(corrected)
    return None if same and stage.ended_on is not None else corrected


def _apply(recorded: _Recorded, field: str, new: str) -> None:
    """Sets what no clock says."""
    stage, complaint = recorded.stage, recorded.file.complaint
    if field == OUTCOME:
        outcome = recorded.file.procedure.outcome(new)
        stage.outcome, stage.finding = outcome.key, outcome.finding
    elif field == TEAM:
        stage.lead_team_id = complaint.lead_team_id = int(new)
    elif field == timeline.ACKNOWLEDGED:
        stage.acknowledged_on = date.fromisoformat(new)
    elif field == timeline.RECEIVED and stage.number == 1:
        complaint.received_on = date.fromisoformat(new)
    elif field == timeline.ENDED and recorded.is_current and not stage.is_open:
        # A second answer, after the stage was opened again, has closed the complaint on a day of its own.
        ends = [event for event in recorded.events if event.kind.ends]
        if timeline.counting_end(recorded.events) is ends[-1]:
            complaint.closed_on = date.fromisoformat(new)
