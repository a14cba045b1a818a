"""A later stage of a complaint that went on to it before the register knew: the rules it has to keep to be let in.

They are those of `escalation` for a request of today; what that lets somebody explain, a row of a spreadsheet can't.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from storage.clocks import StageClock
from storage.dates import in_words
from storage.errors import FieldProblems
from storage.office import Desk
from storage.procedures import Procedure
from storage.register import course, escalation, ledger
from storage.register.course import Course
from storage.register.past import Checked
from storage.workdays import CalendarTooShort


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterStage(Course):
    """One stage after the first. `received_on` is the day it was asked for, `opened_on` the day it was taken on, where known.

    `content` is a digest of what is known of it, without what retention clears. `lead_team_id` and `owner_id` None: as before.
    """

    content: str
    lead_team_id: int | None = None
    opened_on: date | None = None
    contact_method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a complaint stands before a later stage is added to it: its last stage, and whose it is.

    `contents` holds, for each stage after the first, the digest of what an import brought in; empty for what no import did.
    """

    procedure: Procedure
    lead_team_id: int
    number: int
    started_on: date
    opened_on: date | None
    due_on: date
    ended_on: date | None
    is_open: bool
    outcome: str | None
    contents: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class CheckedStage:
    """A later stage that may be brought in, with its clock and its team. Made by `check` alone.

    `overtakes`: the stage before was never answered, and ends with it as late.
    """

    stage: LaterStage
    clock: StageClock
    lead_team_id: int
    overtakes: bool

    @property
    def opened_on(self) -> date | None:
        """The day it was taken on: that of the request where nobody knows better, none for a request that was refused."""
        return None if _was_refused(self.stage) else self.stage.opened_on or self.stage.received_on


def first(desk: Desk, checked: Checked) -> Standing:
    """How a complaint will stand that may come in and isn't in the register yet."""
    past = checked.past
    return Standing(
        procedure=desk.procedures[past.procedure],
        lead_team_id=past.lead_team_id,
        number=past.number,
        opened_on=past.received_on,
        contents={},
        **_stands(checked.clock, past),
    )


def after(standing: Standing, checked: CheckedStage) -> Standing:
    """How it will stand once this stage is added."""
    stage = checked.stage
    return replace(
        standing,
        lead_team_id=checked.lead_team_id,
        number=stage.number,
        opened_on=checked.opened_on,
        contents={**standing.contents, stage.number: stage.content},
        **_stands(checked.clock, stage),
    )


def check(desk: Desk, standing: Standing, stage: LaterStage) -> CheckedStage:
    """Lets a stage in that the complaint doesn't have yet. Raises FieldProblems naming every field that won't do."""
    team_id = stage.lead_team_id or standing.lead_team_id
    misplaced = _number_problem(standing, stage)
    problems = {
        field: problem
        for field, problem in (
            ("stage", misplaced),
            *course.problems(desk, stage),
            ("opened_on", _opened_problem(desk, stage)),
            ("lead_team_id", course.team_problem(desk, stage, team_id)),
        )
        if problem
    }
    if not misplaced and "received_on" not in problems:
        wrong = _request_problem(standing, stage)
        problems |= {"received_on": wrong} if wrong else {}
    if problems:
        raise FieldProblems(problems)
    try:
        clock = ledger.replayed(desk, standing.procedure, stage.number, course.happenings(stage))
    except CalendarTooShort as problem:
        raise FieldProblems({"received_on": str(problem)}) from problem
    return CheckedStage(stage, clock, team_id, overtakes=standing.is_open)


def _stands(clock: StageClock, stage: Course) -> dict[str, Any]:
    return {
        "started_on": clock.started_on,
        "due_on": clock.due_on,
        "ended_on": clock.ended_on,
        "is_open": clock.is_open,
        "outcome": stage.outcome.key if stage.outcome else None,
    }


def _was_refused(stage: LaterStage) -> bool:
    return stage.outcome is not None and stage.outcome.key == escalation.REFUSED


def _number_problem(standing: Standing, stage: LaterStage) -> str | None:
    number, last = stage.number, standing.number
    if not standing.procedure.has_stage(number):
        return f"The {standing.procedure.title} has no stage {number}. Check the number, or which procedure it was."
    if number > last + 1:
        return f"Stage {last + 1} of this complaint is not there. Bring it in as well, in a row of its own."
    if escalation.waits(standing):
        return (
            f"Stage {last} was asked for on {in_words(standing.started_on)} and is waiting. "
            "Open it or refuse it in Slack first."
        )
    if escalation.next_number(standing.procedure, standing) == last:
        return f"Stage {last} was refused, so nothing comes after it. If it was granted later, record that in Slack."
    return None


def _request_problem(standing: Standing, stage: LaterStage) -> str | None:
    """What of the stage before stands in the way of it having been asked for on that day, or None."""
    last, asked, earliest = standing.number, stage.received_on, escalation.earliest_request(standing)
    if asked < earliest and standing.is_open:
        return f"Stage {last} began only on {in_words(earliest)}. Correct one of the two days."
    if asked < earliest:
        return (
            f"Stage {last} was over only on {in_words(earliest)}. Correct one of the two days. If the complainant went on "
            f"because stage {last} had run out of time, leave out how it ended after this day: it counts as late by itself."
        )
    if escalation.has_time(standing, asked):
        left_out = standing.procedure.outcome(escalation.SKIPPED).label
        return (
            f"Stage {last} had not ended, and was due on {in_words(standing.due_on)}. Put in its row how it ended; if both sides "
            f"agreed to leave it out, that is the outcome “{left_out}”, with the day as withdrawn. "
            "If it is in the register already, do that in Slack."
        )
    return None


def _opened_problem(desk: Desk, stage: LaterStage) -> str | None:
    if stage.opened_on is not None and _was_refused(stage):
        return "This stage was refused, so it never started. Leave this blank, or correct the outcome."
    return course.in_course_problem(desk, stage, stage.opened_on)
