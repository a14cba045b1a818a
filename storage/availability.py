"""Who is at work: away, covered for, leaving, gone. Reads only; `register.staff` changes them.

Nobody is given work while away, when they leave before it is due, when deactivated or without a role.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, func, or_, select
from sqlmodel import Session, col

from storage.dates import in_words, london_day
from storage.models import Absence, Appointment, Person


@dataclass(frozen=True, slots=True)
class Away:
    """Days off, both included, and who stands in meanwhile."""

    person_id: int
    from_on: date
    until_on: date
    cover_id: int | None


# The same conditions are part of most queries of a day, and building one took as long as asking.
@lru_cache(maxsize=8)
def has_standing(today: date) -> ColumnElement[bool]:
    """Whether a person has neither left nor been deactivated."""
    return and_(
        col(Person.deactivated_at).is_(None), or_(col(Person.leaves_on).is_(None), col(Person.leaves_on) >= today)
    )


@lru_cache(maxsize=8)
def held_on(today: date) -> ColumnElement[bool]:
    """Whether an appointment is held on a day."""
    return and_(
        or_(col(Appointment.from_on).is_(None), col(Appointment.from_on) <= today),
        or_(col(Appointment.until_on).is_(None), col(Appointment.until_on) >= today),
    )


@lru_cache(maxsize=64)
def free(today: date, until: date | None = None) -> ColumnElement[bool]:
    """Whether a person can be given work that is due on `until`: here today, with a role, and not gone before it is due."""
    away = exists().where(
        col(Absence.person_id) == col(Person.id), col(Absence.from_on) <= today, col(Absence.until_on) >= today
    )
    role = exists().where(col(Appointment.person_id) == col(Person.id), held_on(today))
    last = max(until or today, today)
    return and_(has_standing(today), or_(col(Person.leaves_on).is_(None), col(Person.leaves_on) >= last), ~away, role)


def can_take(session: Session, person_id: int, today: date, until: date | None = None) -> bool:
    """Whether this person can be given work that is due on `until`."""
    return session.scalar(select(col(Person.id)).where(col(Person.id) == person_id, free(today, until))) is not None


def all_free(session: Session, today: date, until: date | None = None) -> list[int]:
    """Everybody who can be given work that is due on `until`."""
    return list(session.scalars(select(col(Person.id)).where(free(today, until))))


def why_not(session: Session, person_id: int, today: date, until: date | None = None) -> str | None:
    """Why this person can't be given work that is due on `until`, as a sentence; None when they can."""
    if can_take(session, person_id, today, until):
        return None
    person = session.get(Person, person_id)
    if person is None:
        return "Choose somebody who is in the register."
    if person.deactivated_at is not None:
        return f"{person.name} is deactivated in Slack. Choose somebody who is at work."
    if person.leaves_on is not None and person.leaves_on < max(until or today, today):
        gone = person.leaves_on < today
        said = "left on" if gone else "leaves on"
        before = "" if gone else ", before this is due"
        return f"{person.name} {said} {in_words(person.leaves_on)}{before}. Choose somebody who stays."
    away = next((one for one in absences(session, today) if one.person_id == person_id), None)
    if away is not None:
        return f"{person.name} is away until {in_words(away.until_on)}. Choose somebody who is at work now."
    return f"{person.name} has no role in the complaints register now. Choose somebody who has one."


def absences(session: Session, today: date) -> list[Away]:
    """Everybody who is away today."""
    rows = session.execute(
        select(col(Absence.person_id), col(Absence.from_on), col(Absence.until_on), col(Absence.cover_id))
        .where(col(Absence.until_on) >= today, col(Absence.from_on) <= today)
        .order_by(col(Absence.person_id), col(Absence.id))
    )
    return [Away(*row) for row in rows]


def covered_by(session: Session, person_id: int, today: date) -> frozenset[int]:
    """For whom this person stands in today."""
    return frozenset(session.scalars(_covered(), {"who": person_id, "today": today}))


@cache
def _covered() -> Any:
    today = bindparam("today", type_=Date)
    return select(col(Absence.person_id)).where(
        col(Absence.cover_id) == bindparam("who"), col(Absence.from_on) <= today, col(Absence.until_on) >= today
    )


def gone(session: Session, today: date, person_ids: Iterable[int]) -> dict[int, date]:
    """Of these people, those who can't see to anything any more, and the first day on which they couldn't.

    Deactivated in Slack, past their last day, or without a role.
    """
    role = exists().where(col(Appointment.person_id) == col(Person.id), held_on(today))
    ended = (
        select(func.max(col(Appointment.until_on)))
        .where(col(Appointment.person_id) == col(Person.id), col(Appointment.until_on) < today)
        .scalar_subquery()
    )
    rows = session.execute(
        select(col(Person.id), col(Person.deactivated_at), col(Person.leaves_on), ended.label("ended")).where(
            col(Person.id).in_(list(person_ids)), or_(~has_standing(today), ~role)
        )
    )
    found: dict[int, date] = {}
    for row in rows:
        days = []
        if row.deactivated_at is not None:
            days.append(london_day(row.deactivated_at))
        if row.leaves_on is not None and row.leaves_on < today:
            days.append(row.leaves_on + timedelta(days=1))
        if not days:
            days.append(row.ended + timedelta(days=1) if row.ended else today)
        found[row.id] = min(days)
    return found
