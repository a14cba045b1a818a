"""How one stage went that was over, or had begun, before the register knew of it; and what can't be right about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.clocks import Happening, StageClock
from storage.dates import in_words
from storage.office import Desk
from storage.procedures import Outcome
from storage.register import escalation, ledger
from storage.vocabulary import EventKind, Finding

LONGEST_EXTENSION_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One stage from its beginning to its end. Field names are those that problems are reported under.

    Dates are days in Europe/London. `received_on` is the day it began: of receipt, or for a later stage of the request.
    `responded_on` and `withdrawn_on` exclude each other; with neither the stage is open. `recorded_on` None: nobody knows when it
    was first written down.
    """

    received_on: date
    number: int = 1
    acknowledged_on: date | None = None
    recorded_on: date | None = None
    responded_on: date | None = None
    withdrawn_on: date | None = None
    outcome: Outcome | None = None
    extension_agreed_on: date | None = None
    extended_to: date | None = None
    owner_id: int | None = None

    @property
    def ended_on(self) -> date | None:
        return self.responded_on or self.withdrawn_on

    @property
    def end(self) -> EventKind:
        """With what it ended, if it did: an outcome of no answer in time is that the next stage overtook it."""
        if self.responded_on is None:
            return EventKind.NOT_PROCEEDED
        overtaken = self.outcome is not None and self.outcome.key == escalation.OVERTAKEN
        return EventKind.OVERTAKEN if overtaken else EventKind.RESPONDED


def happenings(course: Course) -> list[Happening]:
    """What the clock needs to know, in the order it happened."""
    start = EventKind.RECEIVED if course.number == 1 else EventKind.STAGE_REQUESTED
    found = [Happening(start, course.received_on)]
    if course.acknowledged_on:
        found.append(Happening(EventKind.ACKNOWLEDGED, course.acknowledged_on))
    if course.extension_agreed_on:
        found.append(Happening(EventKind.EXTENSION_APPROVED, course.extension_agreed_on, course.extended_to))
    if course.ended_on:
        found.append(Happening(course.end, course.ended_on))
    return found


def history(
    course: Course, clock: StageClock, *, themes: Sequence[int] = ()
) -> list[tuple[EventKind, date, dict[str, Any]]]:
    """The events after its beginning, each with its day and its data. `themes` are those that its end names."""
    found: list[tuple[EventKind, date, dict[str, Any]]] = []
    if course.acknowledged_on:
        found.append((EventKind.ACKNOWLEDGED, course.acknowledged_on, {}))
    if course.extension_agreed_on and course.extended_to:
        until = {"until": course.extended_to.isoformat()}
        found.append((EventKind.EXTENSION_APPROVED, course.extension_agreed_on, until))
    if course.ended_on:
        ended = {
            "outcome": course.outcome.key if course.outcome else None,
            "finding": course.outcome.finding.value if course.outcome else None,
            "themes": list(themes),
            "clock": ledger.frozen(clock),
        }
        found.append((course.end, course.ended_on, ended))
    return found


def recorded_after(desk: Desk, course: Course) -> int | None:
    """Working days from its beginning until it was first written down; None where nobody knows."""
    return desk.calendar.between(course.received_on, course.recorded_on) if course.recorded_on else None


def problems(desk: Desk, course: Course) -> Iterator[tuple[str, str | None]]:
    """Each field with what is wrong with it, or None. No value is repeated but days of the course itself."""
    yield "received_on", _received_problem(desk, course)
    yield "acknowledged_on", in_course_problem(desk, course, course.acknowledged_on)
    yield "recorded_on", _day_problem(desk, course, course.recorded_on)
    yield "responded_on", _day_problem(desk, course, course.responded_on)
    yield "withdrawn_on", _withdrawn_problem(desk, course)
    yield "outcome", _outcome_problem(course)
    yield "extension_agreed_on", _extension_agreed_problem(desk, course)
    yield "extended_to", _extended_problem(course)


def team_problem(desk: Desk, course: Course, team_id: int) -> str | None:
    """What is wrong with a team having had this stage, or None."""
    team = desk.teams[team_id]
    began = "this complaint was received" if course.number == 1 else "this stage was asked for"
    if team.opened_on is not None and course.received_on < team.opened_on:
        return f"{team.name} opened on {in_words(team.opened_on)}, after {began}. Put the team that had the work then."
    if team.closed_on is not None and course.received_on > team.closed_on:
        return f"{team.name} closed on {in_words(team.closed_on)}, before {began}. Put the team that had the work then."
    if course.ended_on is None and not team.is_open(desk.today):
        return (
            f"{team.name} is not open today and this complaint is not closed yet. Put the team that has its work now."
        )
    return None


def in_course_problem(desk: Desk, course: Course, day: date | None) -> str | None:
    """What is wrong with something having happened in the stage on a day, or None."""
    problem = _day_problem(desk, course, day)
    if problem is None and day and course.ended_on and day > course.ended_on:
        return f"This date is after {_it(course)} was closed ({in_words(course.ended_on)}). Correct one of the two."
    return problem


def _it(course: Course) -> str:
    return "the complaint" if course.number == 1 else f"stage {course.number}"


def _received_problem(desk: Desk, course: Course) -> str | None:
    if course.received_on > desk.today:
        what = "the complaint came in" if course.number == 1 else f"{_it(course)} was asked for"
        return f"This date is in the future. Put the day {what}."
    if course.received_on < desk.calendar.first_day:
        return f"This date is before {desk.calendar.first_day.year}. Check the year."
    return None


def _day_problem(desk: Desk, course: Course, day: date | None) -> str | None:
    if day is None:
        return None
    if day > desk.today:
        return "This date is in the future. Leave it blank until it has happened."
    if day < course.received_on:
        began = "was received" if course.number == 1 else "was asked for"
        return f"This date is before {_it(course)} {began} ({in_words(course.received_on)}). Correct one of the two."
    return None


def _withdrawn_problem(desk: Desk, course: Course) -> str | None:
    if course.withdrawn_on and course.responded_on:
        return (
            "There is a date of response as well. Keep the date of response if an answer went out, otherwise this one."
        )
    return _day_problem(desk, course, course.withdrawn_on)


def _outcome_problem(course: Course) -> str | None:
    if course.outcome is None:
        return None
    if course.ended_on is None:
        return "There is an outcome but no date. Put the day the response went out, or leave the outcome blank."
    stopped = course.outcome.finding is Finding.NOT_PROCEEDED
    if course.withdrawn_on and not course.responded_on and not stopped:
        return (
            f"This outcome goes with a response, but {_it(course)} was stopped without one. "
            "Move the date to the column for responses, or leave the outcome blank."
        )
    if course.responded_on and stopped:
        return "This outcome means that no response went out. Move the date to the column for withdrawn complaints."
    return None


def _extension_agreed_problem(desk: Desk, course: Course) -> str | None:
    if course.extension_agreed_on is None:
        if course.extended_to is None:
            return None
        return "There is a new date but not the day it was agreed. Fill in both, or leave both blank."
    return in_course_problem(desk, course, course.extension_agreed_on)


def _extended_problem(course: Course) -> str | None:
    if course.extended_to is None:
        if course.extension_agreed_on is None:
            return None
        return "An extension was agreed but not until when. Fill in both, or leave both blank."
    if course.extended_to < (course.extension_agreed_on or course.received_on):
        return "The new date is before the day the extension was agreed. Correct one of the two."
    if (course.extended_to - course.received_on).days > LONGEST_EXTENSION_DAYS:
        began = "receipt" if course.number == 1 else "the stage was asked for"
        return f"The new date is more than a year after {began}. Check the year."
    return None
