"""All that is shown of one complaint, as frozen facts. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlmodel import col

from storage import people, references, views, views_requests
from storage.models import Complaint, ComplaintTeam, ComplaintTheme, FreeText, LearningAction, Request, Stage, Theme
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation, may
from storage.procedures import Procedure
from storage.register import ledger
from storage.register.escalation import next_number
from storage.register.record import is_old
from storage.views import ActionLine, StageLine
from storage.views_requests import RequestFacts
from storage.vocabulary import Band, Finding


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """All that the screens of one complaint show. `summary` is None when none was written or retention cleared it."""

    line: StageLine
    procedure: str
    rules: Procedure
    procedure_title: str
    others: tuple[str, ...]
    handler: Who | None
    senior: Who | None
    customer_group: str | None
    contact_method: str | None
    correspondence_ref: str | None
    themes: tuple[str, ...]
    theme_ids: tuple[int, ...]
    summary: str | None
    recorded_at: datetime
    recorded_after: int | None
    recorded_late: bool
    original_due_on: date
    days_taken: int | None
    limit_days: int
    band: Band | None
    finding: Finding | None
    actions: tuple[ActionLine, ...]
    opened_on: date | None
    next_number: int | None
    next_stage: str | None
    requests: tuple[RequestFacts, ...]
    days_net: int | None
    held: bool
    matter_is_old: bool
    cleared_on: date | None
    channel: str | None


def complaint(desk: Desk, reference: str) -> ComplaintFacts:
    """One complaint. Raises UnknownReference when it isn't there or the person may not see it."""
    row = desk.session.execute(_named(), {"name": references.tidy(reference)}).first()
    if row is None:
        found = ledger.complaint(desk, reference, Operation.SEE)
        if found.taken_back_on is not None:
            raise ledger.taken_back(found)
        return complaint_by_id(desk, found.id or 0)
    if not may(
        desk.actor,
        Operation.SEE,
        team_line=desk.teams.line(row.Complaint.lead_team_id),
        owner_id=row.Complaint.owner_id,
    ):
        raise references.unknown(reference)
    return _facts(desk, row.Complaint, row.Stage)


def complaint_by_id(desk: Desk, complaint_id: int) -> ComplaintFacts:
    """The same by id, for the app itself. Raises UnknownReference."""
    row = desk.session.execute(_numbered(), {"id": complaint_id}).first()
    if row is None:
        raise references.unknown(str(complaint_id))
    return _facts(desk, row.Complaint, row.Stage)


def _facts(desk: Desk, found: Complaint, stage: Stage) -> ComplaintFacts:
    rules = desk.rules_of(found)
    with_issues = views.with_issues_of(desk, [found.id or 0]) if rules.stage(stage.number).issues else ()
    who = people.everyone(desk.session, [found.owner_id, found.handler_id])
    this = {"id": found.id}
    there = desk.session.execute(_there(), this).one()
    themes_here = desk.session.execute(_themes(), this).all() if there.themes else ()
    others = desk.session.scalars(_other_teams(), this) if there.others else ()
    following = next_number(rules, stage)
    line = desk.teams.line(found.lead_team_id)
    senior = desk.moment.once(
        ("senior", line, desk.today), lambda: people.senior_manager(desk.session, line, desk.today)
    )
    return ComplaintFacts(
        line=views.line_of(desk, found, stage, who.get(found.owner_id or 0), with_issues=with_issues),
        procedure=found.procedure,
        rules=rules,
        procedure_title=rules.title,
        others=tuple(sorted(desk.teams[team_id].name for team_id in others)),
        handler=who.get(found.handler_id or 0),
        senior=senior,
        customer_group=found.customer_group,
        contact_method=found.contact_method,
        correspondence_ref=found.correspondence_ref,
        themes=tuple(row.name for row in themes_here),
        theme_ids=tuple(row.id for row in themes_here),
        summary=there.summary,
        recorded_at=found.recorded_at,
        recorded_after=stage.recorded_after,
        recorded_late=stage.recorded_after is not None and stage.recorded_after > desk.policy.late_recording_days,
        original_due_on=stage.original_due_on,
        days_taken=stage.days_taken,
        limit_days=stage.limit_days,
        band=stage.band,
        finding=stage.finding,
        actions=tuple(views.actions_where(desk, [col(LearningAction.complaint_id) == found.id]))
        if there.actions
        else (),
        opened_on=stage.opened_on,
        next_number=following,
        next_stage=rules.stage(following).title if following is not None else None,
        requests=tuple(views_requests.of_stage(desk, stage.id)) if there.requests and stage.id else (),
        days_net=stage.days_net,
        held=found.held,
        matter_is_old=is_old(desk, found.matter_on, found.received_on),
        cleared_on=found.cleared_on,
        channel=desk.teams[found.lead_team_id].channel,
    )


# Built once: every card, screen and message of a complaint asks them, and building them took longer than asking.
@cache
def _named() -> Any:
    return views.latest().where(col(Complaint.reference) == bindparam("name"))


@cache
def _numbered() -> Any:
    return views.latest().where(col(Complaint.id) == bindparam("id"))


@cache
def _themes() -> Any:
    return (
        select(col(Theme.id), col(Theme.name))
        .join(ComplaintTheme, col(ComplaintTheme.theme_id) == col(Theme.id))
        .where(col(ComplaintTheme.complaint_id) == bindparam("id"))
        .order_by(col(Theme.name))
    )


@cache
def _other_teams() -> Any:
    return select(col(ComplaintTeam.team_id)).where(col(ComplaintTeam.complaint_id) == bindparam("id"))


# Most complaints have little of this, and one look says what.
@cache
def _there() -> Any:
    this: Any = bindparam("id")
    mine = (col(FreeText.complaint_id) == this, col(FreeText.about) == "summary")
    summary = select(col(FreeText.body)).where(*mine).limit(1)
    return select(
        summary.scalar_subquery().label("summary"),
        exists().where(col(ComplaintTheme.complaint_id) == this).label("themes"),
        exists().where(col(ComplaintTeam.complaint_id) == this).label("others"),
        exists().where(col(LearningAction.complaint_id) == this).label("actions"),
        exists().where(col(Request.complaint_id) == this).label("requests"),
    )
