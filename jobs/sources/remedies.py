"""Remedies: carried out by their day, and the complainant told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlmodel import col

from bot.blocks import ombudsman
from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter
from jobs.sources.past import reference, settled_by
from jobs.sources.source import Saying, Settled, Source
from jobs.staff import Staff
from jobs.why import why
from storage import views_ombudsman
from storage.ladder import SETTLED_BY, Measure, To
from storage.models import Complaint, Remedy
from storage.office import Desk


def _waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """Remedies near their day or past it, and those done of which the complainant has not been told."""
    horizon = desk.calendar.add(desk.today, max(desk.ladder.furthest(Measure.REMEDY), 1))
    still = col(Remedy.done_on).is_(None)
    return _matters(
        desk,
        staff,
        _remedies().where(or_(still & (col(Remedy.due_on) <= horizon), ~still & col(Remedy.told_on).is_(None))),
    )


def _these(desk: Desk, staff: Staff, ids: Sequence[int]) -> list[Matter]:
    return _matters(desk, staff, _remedies().where(col(Remedy.id).in_(ids)))


def _remedies() -> Select[Remedy, Complaint]:
    return select(Remedy, Complaint).join(Complaint, col(Complaint.id) == col(Remedy.complaint_id))


def _matters(desk: Desk, staff: Staff, query: Select[Remedy, Complaint]) -> list[Matter]:
    return [
        _matter(desk, staff, row.Remedy, row.Complaint) for row in desk.session.execute(query.order_by(col(Remedy.id)))
    ]


def _matter(desk: Desk, staff: Staff, remedy: Remedy, complaint: Complaint) -> Matter:
    measures: dict[Measure, int] = {}
    if remedy.done_on is None:
        measures[Measure.REMEDY] = desk.calendar.days_left(desk.today, remedy.due_on)
    elif remedy.told_on is None:
        measures[Measure.REMEDY_UNTOLD] = desk.calendar.between(remedy.done_on, desk.today)
    team_id = complaint.lead_team_id
    return Matter(
        subject=f"remedy:{remedy.id}",
        complaint_id=complaint.id,
        measures=measures,
        abouts={Measure.REMEDY: remedy.due_on.isoformat()},
        left=measures.get(Measure.REMEDY, 0),
        recipients={
            To.OWNER: staff.owner(remedy.owner_id, team_id),
            To.HANDLER: staff.handler(complaint.handler_id),
            To.SENIOR_MANAGER: staff.senior(team_id),
            To.COMPLAINTS_MANAGERS: staff.managers,
        },
    )


def _said(desk: Desk, saying: Saying) -> NudgeLine | None:
    remedy = views_ombudsman.remedy(desk, saying.matter.id)
    # Its owner need not be able to see the complaint, so nothing here shows it.
    return NudgeLine(
        name=remedy.reference,
        said=f"remedy: {ombudsman.sentence(remedy)}",
        why=why(desk, saying, remedy.owner.id if remedy.owner else None, owner="the one who sees to it"),
        buttons=ombudsman.left_to_do(remedy, may_tell=saying.line.to is To.HANDLER),
        overdue=remedy.done_on is None and remedy.days_left < 0,
    )


def _settled(desk: Desk, line: Line, since: datetime) -> Settled | None:
    kinds = (*SETTLED_BY[Measure.REMEDY], *SETTLED_BY[Measure.REMEDY_UNTOLD])
    number = int(line.subject.partition(":")[2])
    return settled_by(desk, line.complaint_id, kinds, since, about=("remedy", number))


SOURCE = Source("remedy", reference, _waiting, _these, _said, _settled)
