"""Ownership at risk: of people who are gone, away with nobody standing in, leaving, moved, overloaded or from an agency.

The number of queries is the same however many people there are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from storage import availability, people
from storage.availability import Away
from storage.dates import london_day
from storage.models import Appointment, CommitmentEvent, Complaint, Event, Person
from storage.office import Desk
from storage.people import Who
from storage.permissions import TABLE, Operation, Reach
from storage.views_ownership import Held, Kind, held
from storage.vocabulary import CommitmentKind, EventKind

# With these something comes to its owner, or comes back to them.
_COMES: Mapping[EventKind, Kind] = {
    EventKind.ALLOCATED: Kind.COMPLAINT,
    EventKind.CLAIMED: Kind.COMPLAINT,
    EventKind.REOPENED: Kind.COMPLAINT,
    EventKind.STAGE_REQUESTED: Kind.COMPLAINT,
    EventKind.ACTION_ADDED: Kind.ACTION,
    EventKind.ACTION_MOVED: Kind.ACTION,
    EventKind.ACTION_SENT_BACK: Kind.ACTION,
    EventKind.REMEDY_AGREED: Kind.REMEDY,
    EventKind.REMEDY_MOVED: Kind.REMEDY,
}
_COMMITMENT_COMES = (CommitmentKind.MADE, CommitmentKind.MOVED, CommitmentKind.SENT_BACK)


class Risk(StrEnum):
    """Why ownership is at risk, the most urgent first."""

    GONE = "gone"
    UNCOVERED = "uncovered"
    LEAVES = "leaves"
    MOVED = "moved"
    OVERLOADED = "overloaded"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Somebody who owns something, and why that is at risk. `items` is what the reader may know of, `open_complaints` counts all.

    `since` is the first day they were gone, `days_left` the working days to their last day, `away` their absence of today with
    nobody standing in. `moved` is since when they have had no role in the team of a complaint of theirs, by that team.
    """

    who: Who
    risks: tuple[Risk, ...]
    items: tuple[Held, ...]
    open_complaints: int
    since: date | None
    deactivated_at: datetime | None
    leaves_on: date | None
    days_left: int
    away: Away | None
    moved: Mapping[int, date]


def at_risk(desk: Desk) -> list[AtRisk]:
    """What is at risk in the service of a senior manager, or anywhere for the complaints team; nothing for anybody else."""
    scope = _scope(desk)
    if scope is not None and not scope:
        return []
    found = []
    for one in of(desk):
        seen = tuple(item for item in one.items if scope is None or item.team_id in scope)
        if one.risks and seen:
            found.append(replace(one, items=seen))
    return sorted(found, key=_urgency)


def of(desk: Desk, person_ids: Collection[int] | None = None) -> list[AtRisk]:
    """How it stands with everybody who owns something, of these people or all; `risks` is empty where nothing is at risk."""
    items: dict[int, list[Held]] = {}
    for one in held(desk, person_ids):
        items.setdefault(one.owner_id, []).append(one)
    if not items:
        return []
    persons = desk.session.scalars(select(Person).where(col(Person.id).in_(list(items))).order_by(col(Person.id))).all()
    gone = availability.gone(desk.session, desk.today, items)
    away, gone_on = uncovered(desk), moved(desk, list(items))
    return [
        _judged(
            desk,
            person,
            items[person.id or 0],
            since=gone.get(person.id or 0),
            away=away.get(person.id or 0),
            moved=gone_on.get(person.id or 0, {}),
        )
        for person in persons
    ]


def uncovered(desk: Desk) -> dict[int, Away]:
    """Who is away today and has nobody at work who stands in."""
    away = availability.absences(desk.session, desk.today)
    here = set(availability.all_free(desk.session, desk.today)) if away else set()
    return {one.person_id: one for one in away if one.cover_id not in here}


def came(desk: Desk, items: Collection[Held]) -> dict[str, datetime]:
    """When each of these last came to its owner, or came back to them, by key."""
    found: dict[str, datetime] = {}
    complaints = {one.complaint_id for one in items if one.complaint_id is not None}
    events = select(Event).where(col(Event.complaint_id).in_(complaints), col(Event.kind).in_(list(_COMES)))
    for event in desk.session.scalars(events.order_by(col(Event.recorded_at))) if complaints else ():
        kind = _COMES[event.kind]
        number = event.complaint_id if kind is Kind.COMPLAINT else event.data.get(kind.value)
        found[f"{kind.value}:{number}"] = event.recorded_at
    commitments = {one.id for one in items if one.kind is Kind.COMMITMENT}
    made = select(CommitmentEvent).where(
        col(CommitmentEvent.commitment_id).in_(commitments), col(CommitmentEvent.kind).in_(_COMMITMENT_COMES)
    )
    for one in desk.session.scalars(made.order_by(col(CommitmentEvent.recorded_at))) if commitments else ():
        found[f"{Kind.COMMITMENT.value}:{one.commitment_id}"] = one.recorded_at
    return {item.key: found[item.key] for item in items if item.key in found}


def _scope(desk: Desk) -> Collection[int] | None:
    """The teams that the reader looks after; None for all."""
    if desk.actor.sees_all:
        return None
    roles = {role for role, reach in TABLE[Operation.STAFF].items() if reach is Reach.OWN_TEAMS}
    teams = [team_id for role, team_id in desk.actor.roles if role in roles and team_id is not None]
    return frozenset().union(*(desk.teams.subtree(team_id) for team_id in teams))


def _judged(
    desk: Desk, person: Person, items: list[Held], *, since: date | None, away: Away | None, moved: Mapping[int, date]
) -> AtRisk:
    complaints = sum(one.kind is Kind.COMPLAINT for one in items)
    leaves = person.leaves_on if since is None else None
    absence = away if since is None else None
    reasons = {
        Risk.GONE: since is not None,
        Risk.UNCOVERED: absence is not None,
        Risk.LEAVES: leaves is not None,
        Risk.MOVED: bool(moved) and since is None,
        Risk.OVERLOADED: complaints >= desk.policy.overloaded_from,
        Risk.AGENCY: person.agency,
    }
    return AtRisk(
        who=people.Who(person.id or 0, person.slack_id, person.name),
        risks=tuple(risk for risk, holds in reasons.items() if holds),
        items=tuple(items),
        open_complaints=complaints,
        since=since,
        deactivated_at=person.deactivated_at,
        leaves_on=person.leaves_on,
        days_left=desk.calendar.days_left(desk.today, leaves) if leaves else 0,
        away=absence,
        moved=moved if since is None else {},
    )


def moved(desk: Desk, person_ids: Collection[int] | None = None) -> dict[int, dict[int, date]]:
    """Who owns open complaints of a team for which they have no role any more, and since when for each team.

    For somebody who never had one there, as when the complaint was found to be another team's, since they have owned it.
    """
    query = select(
        col(Complaint.id), col(Complaint.owner_id), col(Complaint.lead_team_id), col(Complaint.owned_at)
    ).where(col(Complaint.owner_id).is_not(None), col(Complaint.closed_on).is_(None))
    if person_ids is not None:
        query = query.where(col(Complaint.owner_id).in_(person_ids))
    owned = {
        (row.owner_id, row.lead_team_id): london_day(row.owned_at) if row.owned_at else desk.today
        # Put in order here: asked to, SQLite walks through all complaints in that order instead of those that are open.
        for row in sorted(desk.session.execute(query), key=lambda row: row.id, reverse=True)
    }
    owners = {owner for owner, _team in owned}
    roles = (
        desk.session.scalars(select(Appointment).where(col(Appointment.person_id).in_(owners))).all() if owned else ()
    )
    found: dict[int, dict[int, date]] = {}
    for (owner, team_id), since in sorted(owned.items()):
        line = {None, *desk.teams.line(team_id)}
        theirs = [one for one in roles if one.person_id == owner and one.team_id in line]
        if any(one.until_on is None or one.until_on >= desk.today for one in theirs):
            continue
        ended = [one.until_on + timedelta(days=1) for one in theirs if one.until_on is not None]
        found.setdefault(owner, {})[team_id] = max(ended, default=since)
    return found


def _urgency(one: AtRisk) -> tuple[int, date, str]:
    order = list(Risk)
    return order.index(one.risks[0]), one.since or one.leaves_on or date.max, one.who.name
