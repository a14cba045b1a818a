"""Recording a complaint: its reference, its clock, and its first step towards a named manager."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, or_, update
from sqlmodel import col, select

from storage import people, references
from storage.adding import insert_if_absent
from storage.clocks import Happening
from storage.errors import FieldProblems, Refusal
from storage.models import Complaint, ComplaintTeam, ComplaintTheme, ReferenceCounter, Stage, Theme
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Procedure
from storage.register import ledger, ownership
from storage.register.ledger import File
from storage.register.writing import identifying_problem
from storage.vocabulary import EventKind, Role
from storage.workdays import CalendarTooShort

SUMMARY_LENGTH = 1000
_CORRESPONDENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_\-]{0,39}")


class NewComplaint(BaseModel):
    """What is known when a complaint is recorded. Field names are those that problems are reported under."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    received_on: date
    lead_team_id: int
    procedure: str = "statutory"
    other_team_ids: tuple[int, ...] = ()
    customer_group: str | None = None
    contact_method: str | None = None
    theme_ids: tuple[int, ...] = ()
    summary: str = ""
    correspondence_ref: str | None = None
    matter_on: date | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """`recorded_after` is in working days after receipt; `owner` is None while the complaint is offered to the team."""

    reference: str
    due_on: date
    days_left: int
    recorded_after: int
    recorded_late: bool
    team: str
    owner: people.Who | None
    matter_is_old: bool = False


def record(desk: Desk, new: NewComplaint) -> Recorded:
    """Records a complaint and starts stage 1 on the day of receipt.

    Raises NotAllowed; FieldProblems naming every input that won't do.
    """
    desk.require(Operation.RECORD)
    _check(desk, new)
    recorded_after = desk.calendar.between(new.received_on, desk.today)
    procedure = desk.procedures[new.procedure]
    complaint = Complaint(
        reference=next_reference(desk, new.received_on.year),
        procedure=new.procedure,
        procedure_version=procedure.version,
        received_on=new.received_on,
        matter_on=new.matter_on,
        recorded_at=desk.now,
        recorded_by_id=desk.actor.person_id,
        lead_team_id=new.lead_team_id,
        customer_group=new.customer_group,
        contact_method=new.contact_method,
        correspondence_ref=new.correspondence_ref or None,
        handler_id=_handler(desk),
    )
    desk.session.add(complaint)
    desk.session.flush()
    file = File(complaint, open_stage(desk, complaint, procedure, recorded_after=recorded_after), procedure)
    for team_id in dict.fromkeys(new.other_team_ids):
        desk.session.add(ComplaintTeam(complaint_id=file.id, team_id=team_id))
    set_themes(desk, file, new.theme_ids)
    data = {
        "team": new.lead_team_id,
        "procedure": new.procedure,
        "version": procedure.version,
        "recorded_after": recorded_after,
        "handler": complaint.handler_id,
        "matter": new.matter_on.isoformat() if new.matter_on else None,
    }
    text = ledger.keep_text(desk, file, "summary", new.summary) if new.summary else None
    ledger.append(desk, file, EventKind.RECEIVED, on=new.received_on, data=data, text=text)
    owner = ownership.allocate_by_setting(desk, file)
    return Recorded(
        reference=complaint.reference,
        due_on=file.stage.due_on,
        days_left=desk.calendar.days_left(desk.today, file.stage.due_on),
        recorded_after=recorded_after,
        recorded_late=recorded_after > desk.policy.late_recording_days,
        team=desk.teams[new.lead_team_id].name,
        owner=owner,
        matter_is_old=is_old(desk, new.matter_on, new.received_on),
    )


def is_old(desk: Desk, matter_on: date | None, received_on: date) -> bool:
    """Whether the matter lies so far back that the complaint may be refused as late, by a decision and never by rule.

    DOMAIN.md, section 4: over 12 months, a setting.
    """
    return matter_on is not None and matter_on + relativedelta(months=desk.policy.late_complaint_months) < received_on


def next_reference(desk: Desk, year: int) -> str:
    """The next reference of a year, such as CS-2026-0042."""
    return take_references(desk, year, 1)[0]


def take_references(desk: Desk, year: int, count: int) -> list[str]:
    """The next `count` references of a year. Safe among many writers: the counter's row is locked."""
    raised = (
        update(ReferenceCounter)
        .where(col(ReferenceCounter.year) == year)
        .values(last=ReferenceCounter.last + count)
        .returning(col(ReferenceCounter.last))
    )
    last = desk.session.scalar(raised)
    if last is None:
        insert_if_absent(desk.session, ReferenceCounter, {"year": year, "last": 0})
        last = desk.session.execute(raised).scalar_one()
    prefix = desk.policy.reference_prefix
    return [f"{prefix}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]


def last_given(reference: str) -> tuple[int, int]:
    """Year and number of a reference that was given. Raises Refusal for what is none."""
    tidied = references.tidy(reference)
    if not references.REFERENCE.fullmatch(tidied):
        raise Refusal(f"“{reference}” is not a reference. Write the last one that was given, such as CS-2026-0042.")
    _prefix, year, number = tidied.split("-")
    return int(year), int(number)


def open_stage(desk: Desk, complaint: Complaint, procedure: Procedure, *, recorded_after: int) -> Stage:
    """Opens stage 1 with the clock running from receipt."""
    clock = ledger.replayed(desk, procedure, 1, [Happening(EventKind.RECEIVED, complaint.received_on)])
    assert complaint.id is not None  # noqa: S101 - flushed
    stage = Stage(
        complaint_id=complaint.id,
        number=1,
        procedure=complaint.procedure,
        lead_team_id=complaint.lead_team_id,
        recorded_after=recorded_after,
        opened_on=complaint.received_on,
        **ledger.columns(clock),
    )
    desk.session.add(stage)
    return stage


def _handler(desk: Desk) -> int | None:
    """Whoever records it when they are of the complaints team, else the handler with the least to do."""
    if desk.actor.person_id is not None and desk.actor.has(Role.HANDLER, Role.COMPLAINTS_MANAGER):
        return desk.actor.person_id
    least = people.handler_with_least(desk.session, desk.today)
    return least.id if least else None


def _check(desk: Desk, new: NewComplaint) -> None:
    problems = {
        field: problem
        for field, problem in (
            ("received_on", received_problem(desk, new.received_on, new.procedure)),
            ("matter_on", _matter_problem(new)),
            ("lead_team_id", _team_problem(desk, new)),
            ("other_team_ids", _others_problem(desk, new)),
            ("procedure", None if new.procedure in desk.procedures else "Choose one of the procedures in the list."),
            ("theme_ids", themes_problem(desk, new.theme_ids)),
            ("customer_group", list_problem(new.customer_group, desk.policy.customer_groups)),
            ("contact_method", list_problem(new.contact_method, desk.policy.contact_methods)),
            ("summary", summary_problem(new.summary)),
            ("correspondence_ref", correspondence_problem(new.correspondence_ref)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)


def received_problem(desk: Desk, received_on: date, procedure: str | None = None) -> str | None:
    """What is wrong with a date of receipt, or None. Any past date the calendar covers will do: back-dating is allowed.

    With a `procedure`, the calendar has to reach the last day to which its first stage can run.
    """
    if received_on > desk.today:
        return "The date received can't be in the future. Choose today or an earlier day."
    if received_on < desk.calendar.first_day:
        return f"The date received is before {desk.calendar.first_day.year}. Check the year."
    try:
        if procedure in desk.procedures:
            ledger.replayed(desk, desk.procedures[procedure], 1, [Happening(EventKind.RECEIVED, received_on)])
    except CalendarTooShort as too_short:
        return str(too_short)
    return None


def summary_problem(summary: str) -> str | None:
    """What is wrong with a short text, or None. The text itself is never repeated."""
    if len(summary) > SUMMARY_LENGTH:
        return f"Keep this to {SUMMARY_LENGTH:,} characters; it has {len(summary):,}. The letter itself stays in your files."
    return identifying_problem(summary)


def correspondence_problem(reference: str | None) -> str | None:
    """What is wrong with the council's own reference for the correspondence, or None."""
    if not reference:
        return None
    if not _CORRESPONDENCE.fullmatch(reference):
        return "Use letters, digits, spaces and . / - _ only, at most 40 of them."
    return identifying_problem(reference)


def _matter_problem(new: NewComplaint) -> str | None:
    if new.matter_on is not None and new.matter_on > new.received_on:
        return (
            "The matter can't have happened after the complaint about it. Choose an earlier day, or leave this empty."
        )
    return None


def _team_problem(desk: Desk, new: NewComplaint) -> str | None:
    if new.lead_team_id not in desk.teams:
        return "Choose one of the teams in the list."
    team = desk.teams[new.lead_team_id]
    if not team.is_open(desk.today):
        return f"{team.name} is not open today. Choose the team that has its work now."
    return None


def _others_problem(desk: Desk, new: NewComplaint) -> str | None:
    if any(team_id not in desk.teams for team_id in new.other_team_ids):
        return "Choose from the teams in the list."
    if new.lead_team_id in new.other_team_ids:
        return "The lead team is already involved. Take it out here, or choose another lead team."
    return None


def set_themes(desk: Desk, file: File, theme_ids: Iterable[int]) -> None:
    """Gives a complaint these themes and no others."""
    desk.session.exec(delete(ComplaintTheme).where(col(ComplaintTheme.complaint_id) == file.id))
    for theme_id in dict.fromkeys(theme_ids):
        desk.session.add(ComplaintTheme(complaint_id=file.id, theme_id=theme_id))


def themes_problem(desk: Desk, theme_ids: Iterable[int], *, already: Iterable[int] = ()) -> str | None:
    """What is wrong with the themes chosen, or None. One that has been retired may stay where it is `already`."""
    new = set(theme_ids) - set(already)
    if not new:
        return None
    offered = select(Theme.id).where(
        col(Theme.id).in_(new), or_(col(Theme.retired_on).is_(None), col(Theme.retired_on) > desk.today)
    )
    return None if set(desk.session.exec(offered).all()) >= new else "Choose from the themes in the list."


def list_problem(chosen: str | None, offered: tuple[str, ...]) -> str | None:
    """What is wrong with a choice from a council's list, or None. Nobody screens these, so nothing else may be stored."""
    return None if chosen is None or chosen in offered else "Choose one from the list."
