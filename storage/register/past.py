"""A complaint that happened before the register did: what is known of it, and the rules it has to keep to be let in."""

from dataclasses import dataclass

from storage.clocks import StageClock
from storage.errors import FieldProblems
from storage.office import Desk
from storage.privacy import LooksIdentifying, refuse_if_identifying
from storage.register import course, ledger
from storage.register.course import Course
from storage.register.record import SUMMARY_LENGTH, correspondence_problem
from storage.workdays import CalendarTooShort

# What the key of a complaint begins with that has no number of the council's own.
UNNUMBERED = "row:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past(Course):
    """One complaint with its whole stage 1. Field names are those that problems are reported under.

    `key` says which complaint it is and `content` is a digest of what is known of it, free text and references left out, so
    that bringing it in again can be recognised. The `former` two are what Part 1 kept instead: they are looked for and never
    stored.
    """

    key: str
    content: str
    lead_team_id: int
    procedure: str = "statutory"
    other_team_ids: tuple[int, ...] = ()
    theme_ids: tuple[int, ...] = ()
    customer_group: str | None = None
    contact_method: str | None = None
    summary: str = ""
    reference: str | None = None
    correspondence_ref: str | None = None
    former_key: str = ""
    former_content: str = ""


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
            *course.problems(desk, past),
            ("lead_team_id", course.team_problem(desk, past, past.lead_team_id)),
            ("summary", _summary_problem(past.summary)),
            ("reference", correspondence_problem(past.reference)),
            ("correspondence_ref", correspondence_problem(past.correspondence_ref)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
    try:
        clock = ledger.replayed(desk, desk.procedures[past.procedure], 1, course.happenings(past))
    except CalendarTooShort as problem:
        raise FieldProblems({"received_on": str(problem)}) from problem
    return Checked(past, clock)


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
