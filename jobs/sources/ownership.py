"""What is owned by people who leave, are gone, or are away with nobody standing in: handed over before, escalated after.

Nothing is without a living owner for longer than one working day without a senior manager being told. A matter is everything
that one person owns of one team; what comes to it later is said anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlmodel import col

from bot.blocks import people as drawn
from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter, urgency
from jobs.sources.source import Saying, Settled, Source
from jobs.staff import Staff
from jobs.why import why
from storage import availability, people, views_risk
from storage.availability import Away
from storage.dates import london_day
from storage.ladder import Measure, To
from storage.models import Appointment, CommitmentEvent, CouncilChange, Event, Person
from storage.office import Desk
from storage.views_risk import AtRisk, Risk
from storage.vocabulary import CommitmentKind, CouncilMatter, EventKind

LONDON = ZoneInfo("Europe/London")
_MOVES = (EventKind.ALLOCATED, EventKind.ACTION_MOVED, EventKind.REMEDY_MOVED)


def _waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """Of everybody who leaves within the ladder's furthest rung, is gone or moved, or is away with nobody standing in."""
    last = desk.calendar.add(desk.today, max(desk.ladder.furthest(Measure.LEAVES), 1))
    role = exists().where(col(Appointment.person_id) == col(Person.id), availability.held_on(desk.today))
    troubled = select(col(Person.id)).where(
        or_(~availability.has_standing(desk.today), col(Person.leaves_on) <= last, ~role)
    )
    uncovered = {one for one in staff.away if not staff.reach(one)}
    found = {*desk.session.scalars(troubled), *uncovered, *views_risk.moved(desk)}
    return _these(desk, staff, sorted(found))


def _these(desk: Desk, staff: Staff, person_ids: Sequence[int]) -> list[Matter]:
    found = [part for one in (views_risk.of(desk, person_ids) if person_ids else ()) for part in _by_team(one)]
    came = views_risk.came(desk, [item for one in found for item in one.items if one.risks])
    covers = {one.away.cover_id for one in found if one.away is not None and one.away.cover_id is not None}
    gone = availability.gone(desk.session, desk.today, covers) if covers else {}
    alone = {one.who.id: _alone_since(staff, one.away, gone) for one in found if one.away is not None}
    return [_matter(desk, staff, one, came, alone.get(one.who.id)) for one in found]


def _alone_since(staff: Staff, away: Away, gone: Mapping[int, date]) -> date:
    """Since when nobody stands in: the first day of the absence, or on which whoever stood in couldn't any more."""
    missing = staff.away.get(away.cover_id or 0)
    days = [gone.get(away.cover_id or 0), missing.from_on if missing else None]
    return max(away.from_on, min((day for day in days if day is not None), default=away.from_on))


def _by_team(one: AtRisk) -> Iterator[AtRisk]:
    for team_id in sorted({item.team_id or 0 for item in one.items}):
        yield replace(one, items=tuple(item for item in one.items if (item.team_id or 0) == team_id))


def _matter(desk: Desk, staff: Staff, one: AtRisk, came: Mapping[str, datetime], alone_since: date | None) -> Matter:
    team_id, person_id = one.items[0].team_id, one.who.id
    newest = max((came[item.key] for item in one.items if item.key in came), default=None)
    measures: dict[Measure, int] = {}
    abouts: dict[Measure, str] = {}
    if Risk.LEAVES in one.risks and one.leaves_on is not None:
        measures[Measure.LEAVES], abouts[Measure.LEAVES] = one.days_left, one.leaves_on.isoformat()
    for measure, since in (
        (Measure.ORPHANED, _gone_since(desk, one, newest)),
        (Measure.UNCOVERED, alone_since),
        (Measure.MOVED, one.moved.get(team_id or 0)),
    ):
        if since is not None:
            measures[measure] = max(desk.calendar.between(since, desk.today), 0)
            abouts[measure] = _about(one, since, newest)
    return Matter(
        subject=f"person:{person_id}/{team_id or 0}",
        complaint_id=None,
        measures=measures,
        abouts=abouts,
        left=min(desk.calendar.days_left(desk.today, item.due_on) for item in one.items),
        recipients={
            To.OWNER: staff.owner(person_id, team_id),
            # Nobody is the one above themselves.
            To.SENIOR_MANAGER: tuple(who for who in staff.senior(team_id) if who != person_id) or staff.managers,
            To.COMPLAINTS_MANAGERS: staff.managers,
        },
    )


def _about(one: AtRisk, since: date, newest: datetime | None) -> str:
    """The day it began; or the moment at which something came since then, so that it is said anew."""
    began = datetime.combine(since, time(), LONDON)
    if one.deactivated_at is not None and london_day(one.deactivated_at) == since:
        began = one.deactivated_at
    return since.isoformat() if newest is None or newest < began else f"{newest:%Y-%m-%dT%H:%M:%S}"


def _gone_since(desk: Desk, one: AtRisk, newest: datetime | None) -> date | None:
    """The first day without a living owner. Whose roles left no trace were never here: since their work came to them."""
    if one.since != desk.today or one.deactivated_at is not None or newest is None:
        return one.since
    ended = exists().where(
        col(Appointment.person_id) == one.who.id, col(Appointment.until_on) == desk.today - timedelta(days=1)
    )
    left = one.leaves_on is not None and one.leaves_on < desk.today
    return one.since if left or desk.session.scalar(select(ended)) else london_day(newest)


def _said(desk: Desk, saying: Saying) -> NudgeLine | None:
    team_id = int(saying.matter.subject.partition("/")[2])
    parts = [part for one in views_risk.of(desk, [saying.matter.id]) for part in _by_team(one)]
    one = next((part for part in parts if (part.items[0].team_id or 0) == team_id), None)
    if one is None:
        return None
    reason = why(desk, saying, one.who.id)
    late = urgency(saying.measure, saying.matter) < 0
    if saying.measure is Measure.LEAVES:
        return drawn.leaves_line(one, reason, own=saying.reader_id == one.who.id)
    if saying.measure is Measure.ORPHANED:
        return drawn.gone_line(one, reason, overdue=late)
    if saying.measure is Measure.MOVED:
        return drawn.moved_line(one, reason, own=saying.reader_id == one.who.id)
    return drawn.uncovered_line(one, reason, overdue=late)


def _name(desk: Desk, line: Line) -> str:
    found = people.everyone(desk.session, [_owner_id(line)]).get(_owner_id(line))
    return found.name if found else line.subject


def _settled(desk: Desk, line: Line, since: datetime) -> Settled | None:
    """Who handed it over last; else who said that the owner stays, is back, or is stood in for."""
    owner = _owner_id(line)
    events = select(Event).where(col(Event.kind).in_(_MOVES), col(Event.recorded_at) >= since)
    moved = select(CommitmentEvent).where(
        col(CommitmentEvent.kind) == CommitmentKind.MOVED, col(CommitmentEvent.recorded_at) >= since
    )
    found = [
        (one.recorded_at, one.actor_id, "handed over")
        for one in (*desk.session.scalars(events), *desk.session.scalars(moved))
        if one.data.get("from") == owner
    ]
    if not found:
        said = select(CouncilChange).where(
            col(CouncilChange.matter) == CouncilMatter.PEOPLE, col(CouncilChange.changed_at) >= since
        )
        found = [
            (one.changed_at, one.actor_id, "put right")
            for one in desk.session.scalars(said)
            if one.data.get("person") == owner
        ]
    if not found:
        return None
    at, actor_id, what = max(found, key=lambda one: one[0])
    return Settled(what, people.everyone(desk.session, [actor_id]).get(actor_id or 0), at)


def _owner_id(line: Line) -> int:
    return int(line.subject.partition(":")[2].partition("/")[0])


SOURCE = Source("person", _name, _waiting, _these, _said, _settled)
