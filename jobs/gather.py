"""Reads from the register what `nudges.due` needs to know."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from jobs.ladder import LADDER, Measure, To
from jobs.nudges import Facts, OpenStage, Recipient, Said
from storage import people, views_investigation, views_ombudsman
from storage.dates import london_day
from storage.models import Complaint, NudgeRecord, OutboxRow, Person, Request, Stage
from storage.office import Desk
from storage.register import requests
from storage.vocabulary import Asked, MessageKind, Role

_FURTHEST = max(rung.days for rung in LADDER if rung.measure is Measure.LEFT)


def facts(desk: Desk) -> Facts:
    """Open stages that a rung may concern, people who may be written to, and what was said and written before."""
    stages = open_stages(desk)
    stage_ids = [stage.stage_id for stage in stages]
    return Facts(
        stages=stages,
        people=_recipients(desk),
        said=_said(desk, stage_ids),
        written=_written(desk),
    )


def open_stages(desk: Desk, complaint_ids: Iterable[int] | None = None) -> list[OpenStage]:
    """Open stages without an owner or near their next date, and those where something waits; or all of these complaints.

    A closed complaint is here by its last stage while the Ombudsman waits for a reply.
    """
    replies = views_ombudsman.replies_due(desk, _FURTHEST)
    last = (
        select(func.max(col(Stage.id)))
        .where(col(Stage.complaint_id).in_(list(replies)))
        .group_by(col(Stage.complaint_id))
    )
    query = (
        select(Stage, Complaint)
        .join(Complaint, col(Complaint.id) == col(Stage.complaint_id))
        .where(or_(col(Stage.is_open).is_(True), col(Stage.id).in_(last)))
    )
    if complaint_ids is None:
        horizon = desk.calendar.add(desk.today, _FURTHEST)
        waiting = select(col(Request.stage_id)).where(
            or_(col(Request.decided_on).is_(None), and_(col(Request.granted).is_(True), col(Request.told_on).is_(None)))
        )
        query = query.where(
            or_(
                col(Complaint.owner_id).is_(None),
                col(Stage.next_due_on) <= horizon,
                # A further stage has posts to fill, and each of them a gap.
                col(Stage.number) > 1,
                col(Stage.id).in_(waiting),
                col(Stage.id).in_(last),
            )
        )
    else:
        query = query.where(col(Stage.complaint_id).in_(list(complaint_ids)))

    @cache
    def team_managers(team_id: int) -> tuple[int, ...]:
        line = desk.teams.line(team_id)
        found = people.with_role(desk.session, [Role.NAMED_MANAGER], desk.today, team_line=line)
        return tuple(who.id for who in found)

    @cache
    def senior(team_id: int) -> tuple[int, ...]:
        who = people.senior_manager(desk.session, desk.teams.line(team_id), desk.today)
        return (who.id,) if who else ()

    @cache
    def deciders(team_id: int) -> tuple[int, ...]:
        return tuple(who.id for who in requests.deciders(desk, team_id))

    managers = tuple(who.id for who in people.with_role(desk.session, [Role.COMPLAINTS_MANAGER], desk.today))
    team = {who.id for who in people.with_role(desk.session, [Role.HANDLER, Role.COMPLAINTS_MANAGER], desk.today)}
    rows = desk.session.execute(query).all()
    asked = _asked(desk, [row.Stage.id for row in rows])
    gaps = _gaps(desk)
    found = []
    for stage, complaint in rows:
        requested = asked.get(stage.id, [])
        others, abouts = _others(desk, stage, requested, gaps.get(stage.id))
        reply = replies.get(stage.complaint_id)
        if reply is not None:
            others[Measure.REPLY] = desk.calendar.days_left(desk.today, reply)
            abouts[Measure.REPLY] = reply.isoformat()
        undecided = {one.asked_by_id for one in requested if one.decided_on is None}
        found.append(
            OpenStage(
                stage_id=stage.id,
                complaint_id=complaint.id,
                waiting=max(desk.calendar.between(_recorded_on(complaint), desk.today), 0),
                left=desk.calendar.days_left(desk.today, stage.next_due_on),
                owned=complaint.owner_id is not None,
                recipients={
                    To.OWNER: (complaint.owner_id,) if complaint.owner_id else (),
                    To.HANDLER: (complaint.handler_id,) if complaint.handler_id else managers,
                    To.TEAM_MANAGERS: team_managers(complaint.lead_team_id),
                    # A team without a senior manager must not be a place where escalation ends.
                    To.SENIOR_MANAGER: senior(complaint.lead_team_id) or managers,
                    To.COMPLAINTS_MANAGERS: managers,
                    # Whoever asked can't decide.
                    To.DECIDERS: tuple(one for one in deciders(complaint.lead_team_id) if one not in undecided),
                    To.ASKER: _tellers(complaint, requested, team) or managers,
                },
                others=others,
                abouts=abouts,
                is_open=stage.is_open,
            )
        )
    return found


def _asked(desk: Desk, stage_ids: list[int]) -> dict[int, list[Request]]:
    """What was asked for in these stages and is not done with, by stage."""
    rows = desk.session.scalars(
        select(Request)
        .where(
            col(Request.stage_id).in_(stage_ids),
            or_(
                col(Request.decided_on).is_(None), and_(col(Request.granted).is_(True), col(Request.told_on).is_(None))
            ),
        )
        .order_by(col(Request.stage_id), col(Request.id))
    )
    return {stage_id: list(found) for stage_id, found in groupby(rows, key=lambda one: one.stage_id)}


def _gaps(desk: Desk) -> dict[int, int]:
    """Working days for which the emptiest post of a stage has been empty, by stage; only those empty for too long."""
    found: dict[int, int] = {}
    for gap in views_investigation.gaps(desk):
        found[gap.stage_id] = max(found.get(gap.stage_id, 0), gap.days_empty)
    return found


def _others(
    desk: Desk, stage: Stage, asked: list[Request], gap: int | None
) -> tuple[dict[Measure, int], dict[Measure, str]]:
    """The measures of what waits in a stage, and what each is about."""
    found: dict[Measure, int] = {}
    abouts = {Measure.LEFT: stage.next_due_on.isoformat()}
    # An extension that nobody decided in time has lapsed: a decision now would come too late.
    undecided = [
        one
        for one in asked
        if one.decided_on is None and (one.kind is not Asked.EXTENSION or desk.today <= stage.due_on)
    ]
    untold = [one for one in asked if one.decided_on is not None]
    if undecided:
        found[Measure.ASKED] = desk.calendar.between(undecided[0].asked_on, desk.today)
        abouts[Measure.ASKED] = str(undecided[0].id)
    if untold and untold[0].decided_on is not None:
        found[Measure.UNTOLD] = desk.calendar.between(untold[0].decided_on, desk.today)
        abouts[Measure.UNTOLD] = str(untold[0].id)
    if stage.opened_on is None:
        found[Measure.REQUESTED] = desk.calendar.between(stage.started_on, desk.today)
    elif gap is not None:
        found[Measure.EMPTY] = gap
    return found, abouts


def _tellers(complaint: Complaint, asked: list[Request], team: set[int]) -> tuple[int, ...]:
    """Who tells the complainant: whoever asked, while they may still work on it; else its owner; else its handler."""
    untold = (one.asked_by_id for one in asked if one.decided_on is not None)
    able = tuple(one for one in untold if one is not None and (one == complaint.owner_id or one in team))
    owner = (complaint.owner_id,) if complaint.owner_id else ()
    return able[:1] or owner or ((complaint.handler_id,) if complaint.handler_id else ())


def _recorded_on(complaint: Complaint) -> date:
    """Waiting for an owner begins when there was something to claim: a back-dated complaint has not been ignored yet."""
    return london_day(complaint.recorded_at)


def _recipients(desk: Desk) -> dict[int, Recipient]:
    rows = desk.session.execute(
        select(col(Person.id), col(Person.tz), col(Person.nudge_hour)).where(
            col(Person.deactivated_at).is_(None),
            or_(col(Person.leaves_on).is_(None), col(Person.leaves_on) >= desk.today),
        )
    )
    return {row.id: Recipient(*row) for row in rows}


def _said(desk: Desk, stage_ids: list[int]) -> frozenset[Said]:
    said: set[Said] = set()
    for start in range(0, len(stage_ids), 500):
        rows = desk.session.execute(
            select(
                col(NudgeRecord.stage_id),
                col(NudgeRecord.rung),
                col(NudgeRecord.about),
                col(NudgeRecord.step),
                col(NudgeRecord.person_id),
            ).where(col(NudgeRecord.stage_id).in_(stage_ids[start : start + 500]))
        )
        said |= {(row.stage_id, row.rung, row.about, row.step, row.person_id) for row in rows}
    return frozenset(said)


def _written(desk: Desk) -> frozenset[tuple[int, date]]:
    """Who has had a nudge on which of the last days; two days back covers every time zone."""
    rows = desk.session.execute(
        select(col(OutboxRow.person_id), col(OutboxRow.key)).where(
            col(OutboxRow.kind) == MessageKind.NUDGE, col(OutboxRow.created_at) >= desk.now - timedelta(days=2)
        )
    )
    return frozenset((row.person_id, date.fromisoformat(row.key.rsplit(":", 1)[1])) for row in rows)
