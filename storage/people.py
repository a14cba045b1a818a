"""Who people are: their roles, and who may be given what. Reads only; `register.organisation` changes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlmodel import Session, col

from storage.availability import covered_by, free, has_standing, held_on
from storage.errors import NotAllowed
from storage.models import Appointment, Complaint, Person
from storage.permissions import Standing
from storage.vocabulary import Role

_ROLES_ARE_YOURS = "Type /complaint setup to see who has which role, and to change it."


@dataclass(frozen=True, slots=True)
class Who:
    """A member of staff as other rooms see one."""

    id: int
    slack_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could own a complaint, and how many open ones they own now."""

    who: Who
    open_complaints: int


def standing(session: Session, slack_id: str, today: date) -> Standing:
    """The person with this Slack id and the roles they hold today. Raises NotAllowed when they have none."""
    rows = session.execute(_roles(today), {"who": slack_id}).all()
    if not rows:
        raise NotAllowed(
            f"You don't have a role in the complaints register, so there is nothing here for you yet. "
            f"{whom_to_ask(session, today)}"
        )
    return Standing(
        rows[0].id,
        rows[0].name,
        tuple((row.role, row.team_id) for row in rows),
        covers=covered_by(session, rows[0].id, today),
    )


# Asked before anything else that anybody does; building it took longer than asking.
@lru_cache(maxsize=8)
def _roles(today: date) -> Any:
    return (
        select(col(Person.id), col(Person.name), col(Appointment.role), col(Appointment.team_id))
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(col(Person.slack_id) == bindparam("who"), has_standing(today), held_on(today))
    )


def whom_to_ask(
    session: Session, today: date, reader: Standing | None = None, *, otherwise: str = _ROLES_ARE_YOURS
) -> str:
    """One sentence naming who can help; it names at most two people, and never the one who reads it.

    `otherwise` is said to the only complaints manager, who has nobody to ask.
    """
    rows = session.execute(
        select(col(Person.id), col(Person.name))
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(col(Appointment.role) == Role.COMPLAINTS_MANAGER, has_standing(today), held_on(today))
        .distinct()
        .order_by(col(Person.name), col(Person.id))
        .limit(3)
    ).all()
    names = [row.name for row in rows if reader is None or row.id != reader.person_id][:2]
    if names:
        return f"Ask {' or '.join(names)}, who can change this or say who does it."
    return otherwise if rows else "Ask whoever runs the complaints app to give somebody the role of complaints manager."


def everyone(session: Session, ids: Iterable[int | None]) -> dict[int, Who]:
    """These people by id; unknown ids and None are left out."""
    wanted = {person_id for person_id in ids if person_id is not None}
    if not wanted:
        return {}
    return {row.id: Who(*row) for row in session.execute(_these(), {"ids": list(wanted)})}


# Built once: it is part of nearly everything that is shown, and building it took longer than asking.
@cache
def _these() -> Any:
    wanted = col(Person.id).in_(bindparam("ids", expanding=True))
    return select(col(Person.id), col(Person.slack_id), col(Person.name)).where(wanted)


def candidates(
    session: Session, team_line: Iterable[int], today: date, *, until: date | None = None
) -> list[Candidate]:
    """Named managers of a team who can take work today, fewest open complaints first, then by name.

    `team_line` is the team and all above it. Left out: who is away, deactivated, has left, or leaves before `until`.
    """
    open_count = (
        select(func.count())
        .select_from(Complaint)
        .where(col(Complaint.owner_id) == col(Person.id), col(Complaint.closed_on).is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(col(Person.id), col(Person.slack_id), col(Person.name), open_count.label("open"))
        .where(
            free(today, until),
            col(Person.id).in_(
                select(col(Appointment.person_id)).where(
                    col(Appointment.role) == Role.NAMED_MANAGER, _covers(team_line), held_on(today)
                )
            ),
        )
        .order_by("open", col(Person.name), col(Person.id))
    )
    return [Candidate(Who(row.id, row.slack_id, row.name), row.open) for row in rows]


def with_role(
    session: Session,
    roles: Iterable[Role],
    today: date,
    *,
    team_line: Iterable[int] | None = None,
    to_work: bool = False,
) -> list[Who]:
    """People who hold one of the roles today, for this team when `team_line` is given; by name.

    `to_work`: only those who can be given work, so nobody who is away.
    """
    conditions = [col(Appointment.role).in_(list(roles)), held_on(today)]
    if team_line is not None:
        conditions.append(_covers(team_line))
    rows = session.execute(
        select(col(Person.id), col(Person.slack_id), col(Person.name))
        .where(
            free(today) if to_work else has_standing(today),
            col(Person.id).in_(select(col(Appointment.person_id)).where(*conditions)),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return [Who(*row) for row in rows]


def roles_held(session: Session, today: date) -> list[tuple[int, Role, int | None]]:
    """Every role that is held today by somebody who has not left: person, role, and the team it is for; by the person's name."""
    rows = session.execute(
        select(col(Appointment.person_id), col(Appointment.role), col(Appointment.team_id))
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(has_standing(today), held_on(today))
        .order_by(col(Person.name), col(Person.id), col(Appointment.id))
    )
    return [(row.person_id, row.role, row.team_id) for row in rows]


def senior_manager(session: Session, team_line: tuple[int, ...], today: date) -> Who | None:
    """The senior manager nearest up the line from a team; None when no senior manager is over it."""
    rows = session.execute(_seniors(today), {"line": list(team_line)}).all()
    if not rows:
        return None
    nearest = min(rows, key=lambda row: team_line.index(row.team_id) if row.team_id in team_line else len(team_line))
    return Who(nearest.id, nearest.slack_id, nearest.name)


@lru_cache(maxsize=4)
def _seniors(today: date) -> Any:
    line = or_(col(Appointment.team_id).is_(None), col(Appointment.team_id).in_(bindparam("line", expanding=True)))
    return (
        select(col(Person.id), col(Person.slack_id), col(Person.name), col(Appointment.team_id))
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(has_standing(today), col(Appointment.role) == Role.SENIOR_MANAGER, line, held_on(today))
        .order_by(col(Person.name), col(Person.id))
    )


def services(session: Session, today: date, role: Role = Role.SENIOR_MANAGER) -> dict[int, list[int]]:
    """The teams that each senior manager (or named manager) is over today, by person's id."""
    rows = session.execute(
        select(col(Appointment.person_id), col(Appointment.team_id))
        .where(col(Appointment.role) == role, col(Appointment.team_id).is_not(None), held_on(today))
        .order_by(col(Appointment.person_id), col(Appointment.id))
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.team_id)
    return found


def handler_with_least(session: Session, today: date) -> Who | None:
    """The handler with the fewest open complaints, else a complaints manager, else None."""
    for role in (Role.HANDLER, Role.COMPLAINTS_MANAGER):
        open_count = (
            select(func.count())
            .select_from(Complaint)
            .where(col(Complaint.handler_id) == col(Person.id), col(Complaint.closed_on).is_(None))
            .scalar_subquery()
        )
        row = session.execute(
            select(col(Person.id), col(Person.slack_id), col(Person.name))
            .where(
                free(today),
                col(Person.id).in_(
                    select(col(Appointment.person_id)).where(col(Appointment.role) == role, held_on(today))
                ),
            )
            .order_by(open_count, col(Person.name), col(Person.id))
            .limit(1)
        ).first()
        if row is not None:
            return Who(*row)
    return None


def _covers(team_line: Iterable[int]) -> ColumnElement[bool]:
    return or_(col(Appointment.team_id).is_(None), col(Appointment.team_id).in_(list(team_line)))
