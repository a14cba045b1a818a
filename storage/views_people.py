"""How it stands with somebody: away, leaving, standing in; and whose days a person may set. Reads only."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from storage import availability, people
from storage.models import Absence, Appointment, Person
from storage.office import Desk
from storage.people import Who
from storage.permissions import TABLE, Operation, may
from storage.views_ownership import Held, held


@dataclass(frozen=True, slots=True)
class Days:
    """An absence, and who stands in. `begun`: it is today's."""

    from_on: date
    until_on: date
    cover: Who | None
    begun: bool


@dataclass(frozen=True, slots=True)
class StandsIn:
    """For whom somebody stands in today, until when, and what that one has to do."""

    who: Who
    until_on: date
    items: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What a person's own tab says of their days. `days_left`: working days to the last one."""

    person_id: int
    absences: tuple[Days, ...]
    leaves_on: date | None
    days_left: int
    stands_in: tuple[StandsIn, ...]
    items: int


def person_id(desk: Desk, slack_id: str) -> int:
    """The number of whoever has this Slack id; 0, which is nobody's, when they aren't in the register."""
    return desk.session.scalar(select(col(Person.id)).where(col(Person.slack_id) == slack_id)) or 0


def own(desk: Desk) -> Own:
    """How it stands with the one who asks."""
    me = desk.actor.person_id or 0
    leaves_on = desk.session.scalar(select(col(Person.leaves_on)).where(col(Person.id) == me))
    return Own(
        person_id=me,
        absences=absences(desk, me),
        leaves_on=leaves_on,
        days_left=desk.calendar.days_left(desk.today, leaves_on) if leaves_on else 0,
        stands_in=_stands_in(desk, me),
        items=len(held(desk, [me])) if leaves_on else 0,
    )


def absences(desk: Desk, person: int) -> tuple[Days, ...]:
    """Somebody's absences, today's and those to come."""
    rows = desk.session.scalars(
        select(Absence)
        .where(
            col(Absence.person_id) == person,
            col(Absence.until_on) >= desk.today,
            col(Absence.until_on) >= col(Absence.from_on),
        )
        .order_by(col(Absence.from_on))
    ).all()
    who = people.everyone(desk.session, [row.cover_id for row in rows])
    return tuple(
        Days(row.from_on, row.until_on, who.get(row.cover_id or 0), begun=row.from_on <= desk.today) for row in rows
    )


def left_alone(desk: Desk, person: int, first: date, last: date) -> list[Who]:
    """For whom somebody stands in on any of these days, on which they can't."""
    rows = desk.session.scalars(
        select(col(Absence.person_id)).where(
            col(Absence.cover_id) == person,
            col(Absence.from_on) <= last,
            col(Absence.until_on) >= first,
            col(Absence.until_on) >= desk.today,
        )
    )
    found = people.everyone(desk.session, rows)
    return sorted(found.values(), key=lambda one: one.name)


def spoken_for(desk: Desk) -> dict[str, list[Who]]:
    """Whose days this person may set beside their own, each once, by team; whoever works for every team comes first."""
    if not desk.actor.has(*TABLE[Operation.STAFF]):
        return {}
    rows = desk.session.execute(
        select(col(Person.id), col(Person.slack_id), col(Person.name), col(Appointment.team_id))
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(availability.has_standing(desk.today), availability.held_on(desk.today))
        .order_by(col(Person.name), col(Person.id))
    ).all()
    found: dict[str, list[Who]] = {}
    seen = {desk.actor.person_id}
    for row in sorted(rows, key=lambda row: row.team_id is not None):
        line = desk.teams.line(row.team_id) if row.team_id is not None else ()
        if row.id not in seen and may(desk.actor, Operation.STAFF, team_line=line):
            seen.add(row.id)
            group = desk.teams[row.team_id].name if row.team_id is not None else "Every team"
            found.setdefault(group, []).append(Who(row.id, row.slack_id, row.name))
    return found


def covering(desk: Desk, absence_id: int, cover_id: int) -> StandsIn | None:
    """What this person stands in for by an absence; None when it isn't so today, or they aren't at work themselves."""
    absence = desk.session.get(Absence, absence_id)
    if absence is None or absence.cover_id != cover_id or not absence.from_on <= desk.today <= absence.until_on:
        return None
    if not availability.can_take(desk.session, cover_id, desk.today):
        return None
    who = people.everyone(desk.session, [absence.person_id])[absence.person_id]
    return StandsIn(who, absence.until_on, tuple(held(desk, [absence.person_id])))


def _stands_in(desk: Desk, me: int) -> tuple[StandsIn, ...]:
    rows = desk.session.execute(
        select(col(Absence.person_id), col(Absence.until_on))
        .where(col(Absence.cover_id) == me, col(Absence.from_on) <= desk.today, col(Absence.until_on) >= desk.today)
        .order_by(col(Absence.until_on), col(Absence.person_id))
    ).all()
    if not rows:
        return ()
    who = people.everyone(desk.session, [row.person_id for row in rows])
    items = held(desk, list(who))
    return tuple(
        StandsIn(who[row.person_id], row.until_on, tuple(one for one in items if one.owner_id == row.person_id))
        for row in rows
    )
