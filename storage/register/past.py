"""A complaint that happened before the register did: what is known of it, and the rules it has to keep to be let in."""

from dataclasses import dataclass
from datetime import date

from storage.clocks import Happening, StageClock
from storage.dates import in_words
from storage.errors import FieldProblems
from storage.office import Desk
from storage.privacy import LooksIdentifying, refuse_if_identifying
from storage.procedures import Outcome
from storage.register import ledger
from storage.register.record import SUMMARY_LENGTH, correspondence_problem
from storage.vocabulary import EventKind, Finding
from storage.workdays import CalendarTooShort

LONGEST_EXTENSION_DAYS = 366


@dataclass(frozen=True, slots=True)
class Past:
    """One stage 1 complaint with its whole history. Field names are those that problems are reported under.

    `key` says which complaint it is and `content` is a digest of what is known of it, free text and references left out, so
    that bringing it in again can be recognised. The `former` two are what Part 1 kept instead: they are looked for and never
    stored. Dates are days in Europe/London. `responded_on` and `withdrawn_on` exclude each other; with neither the complaint
    is open. `recorded_on` None: nobody knows when it was first written down.
    """

    key: str
    content: str
    received_on: date
    lead_team_id: int
    procedure: str = "statutory"
    acknowledged_on: date | None = None
    recorded_on: date | None = None
    responded_on: date | None = None
    withdrawn_on: date | None = None
    outcome: Outcome | None = None
    extension_agreed_on: date | None = None
    extended_to: date | None = None
    owner_id: int | None = None
    other_team_ids: tuple[int, ...] = ()
    theme_ids: tuple[int, ...] = ()
    customer_group: str | None = None
    contact_method: str | None = None
    summary: str = ""
    reference: str | None = None
    correspondence_ref: str | None = None
    former_key: str = ""
    former_content: str = ""

    @property
    def ended_on(self) -> date | None:
        return self.responded_on or self.withdrawn_on


@dataclass(frozen=True, slots=True)
class Checked:
    """A past complaint that may be brought in, with its clock. Made by `check` alone; `bulk` takes nothing else."""

    past: Past
    clock: StageClock


def check(desk: Desk, past: Past) -> Checked:
    """Lets a past complaint in. Raises FieldProblems naming every field that won't do; no value is repeated in it.

    The ids in it must be of teams, people and themes that exist.
    """
    problems = {
        field: problem
        for field, problem in (
            ("received_on", _received_problem(desk, past)),
            ("acknowledged_on", _acknowledged_problem(desk, past)),
            ("recorded_on", _day_problem(desk, past.recorded_on, past.received_on)),
            ("responded_on", _day_problem(desk, past.responded_on, past.received_on)),
            ("withdrawn_on", _withdrawn_problem(desk, past)),
            ("outcome", _outcome_problem(past)),
            ("extension_agreed_on", _extension_agreed_problem(desk, past)),
            ("extended_to", _extended_problem(past)),
            ("lead_team_id", _team_problem(desk, past)),
            ("summary", _summary_problem(past.summary)),
            ("reference", correspondence_problem(past.reference)),
            ("correspondence_ref", correspondence_problem(past.correspondence_ref)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
    try:
        clock = ledger.replayed(desk, desk.procedures[past.procedure], 1, happenings(past))
    except CalendarTooShort as problem:
        raise FieldProblems({"received_on": str(problem)}) from problem
    return Checked(past, clock)


def happenings(past: Past) -> list[Happening]:
    """What the clock needs to know, in the order it happened."""
    found = [Happening(EventKind.RECEIVED, past.received_on)]
    if past.acknowledged_on:
        found.append(Happening(EventKind.ACKNOWLEDGED, past.acknowledged_on))
    if past.extension_agreed_on:
        found.append(Happening(EventKind.EXTENSION_APPROVED, past.extension_agreed_on, past.extended_to))
    if past.responded_on:
        found.append(Happening(EventKind.RESPONDED, past.responded_on))
    elif past.withdrawn_on:
        found.append(Happening(EventKind.NOT_PROCEEDED, past.withdrawn_on))
    return found


def _received_problem(desk: Desk, past: Past) -> str | None:
    if past.received_on > desk.today:
        return "This date is in the future. Put the day the complaint came in."
    if past.received_on < desk.calendar.first_day:
        return f"This date is before {desk.calendar.first_day.year}. Check the year."
    return None


def _day_problem(desk: Desk, day: date | None, received: date) -> str | None:
    if day is None:
        return None
    if day > desk.today:
        return "This date is in the future. Leave it blank until it has happened."
    if day < received:
        return f"This date is before the complaint was received ({in_words(received)}). Correct one of the two."
    return None


def _acknowledged_problem(desk: Desk, past: Past) -> str | None:
    problem = _day_problem(desk, past.acknowledged_on, past.received_on)
    if problem is None and past.acknowledged_on and past.ended_on and past.acknowledged_on > past.ended_on:
        return f"This date is after the complaint was closed ({in_words(past.ended_on)}). Correct one of the two."
    return problem


def _withdrawn_problem(desk: Desk, past: Past) -> str | None:
    if past.withdrawn_on and past.responded_on:
        return (
            "There is a date of response as well. Keep the date of response if an answer went out, otherwise this one."
        )
    return _day_problem(desk, past.withdrawn_on, past.received_on)


def _outcome_problem(past: Past) -> str | None:
    if past.outcome is None:
        return None
    if past.ended_on is None:
        return "There is an outcome but no date. Put the day the response went out, or leave the outcome blank."
    stopped = past.outcome.finding is Finding.NOT_PROCEEDED
    if past.withdrawn_on and not past.responded_on and not stopped:
        return (
            "This outcome goes with a response, but the complaint was stopped without one. "
            "Move the date to the column for responses, or leave the outcome blank."
        )
    if past.responded_on and stopped:
        return "This outcome means that no response went out. Move the date to the column for withdrawn complaints."
    return None


def _extension_agreed_problem(desk: Desk, past: Past) -> str | None:
    if past.extension_agreed_on is None:
        if past.extended_to is None:
            return None
        return "There is a new date but not the day it was agreed. Fill in both, or leave both blank."
    problem = _day_problem(desk, past.extension_agreed_on, past.received_on)
    if problem is None and past.ended_on and past.extension_agreed_on > past.ended_on:
        return f"This date is after the complaint was closed ({in_words(past.ended_on)}). Correct one of the two."
    return problem


def _extended_problem(past: Past) -> str | None:
    if past.extended_to is None:
        if past.extension_agreed_on is None:
            return None
        return "An extension was agreed but not until when. Fill in both, or leave both blank."
    if past.extended_to < (past.extension_agreed_on or past.received_on):
        return "The new date is before the day the extension was agreed. Correct one of the two."
    if (past.extended_to - past.received_on).days > LONGEST_EXTENSION_DAYS:
        return "The new date is more than a year after receipt. Check the year."
    return None


def _team_problem(desk: Desk, past: Past) -> str | None:
    team = desk.teams[past.lead_team_id]
    if team.opened_on is not None and past.received_on < team.opened_on:
        return (
            f"{team.name} opened on {in_words(team.opened_on)}, after this complaint was received. "
            "Put the team that had the work then."
        )
    if team.closed_on is not None and past.received_on > team.closed_on:
        return (
            f"{team.name} closed on {in_words(team.closed_on)}, before this complaint was received. "
            "Put the team that had the work then."
        )
    if past.ended_on is None and not team.is_open(desk.today):
        return (
            f"{team.name} is not open today and this complaint is not closed yet. Put the team that has its work now."
        )
    return None


def _summary_problem(summary: str) -> str | None:
    if len(summary) > SUMMARY_LENGTH:
        return f"Keep this to {SUMMARY_LENGTH:,} characters; it has {len(summary):,}. The letter itself stays in your files."
    try:
        refuse_if_identifying(summary)
    except LooksIdentifying as found:
        labels = [kind.label for kind in found.kinds]
        listed = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
        return (
            f"This text seems to hold {listed}. Take that out: write “the child”, “the parent” or a role, "
            "and leave numbers and addresses in the case system."
        )
    return None
