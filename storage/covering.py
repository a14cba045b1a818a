"""Who can stand in for somebody, and why somebody can't. Reads only; `register.staff` records it."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import col

from storage.dates import in_words, in_words_range
from storage.models import Absence, Appointment, Person
from storage.office import Desk
from storage.people import Who
from storage.permissions import TABLE, Operation


def possible(desk: Desk, person_id: int) -> list[Who]:
    """Everybody who is here today and could see to what this person owns, by name; they may still be away later."""
    rows = desk.session.execute(
        select(col(Person.id), col(Person.slack_id), col(Person.name))
        .where(col(Person.id) != person_id, _able(desk.today, desk.today))
        .order_by(col(Person.name), col(Person.id))
    )
    return [Who(*row) for row in rows]


def why_not(desk: Desk, cover_id: int, person_id: int, first: date, last: date) -> str | None:
    """Why this person can't stand in on all of these days, both included, as far as is known; None when they can."""
    if cover_id == person_id:
        return "Choose somebody else: nobody can stand in for themselves."
    cover = desk.session.get(Person, cover_id)
    return _absent(desk, cover, max(first, desk.today), last) if cover else "Choose somebody who is in the register."


def _absent(desk: Desk, cover: Person, start: date, last: date) -> str | None:
    if cover.deactivated_at is not None:
        return f"{cover.name} is deactivated in Slack. Choose somebody who is at work."
    if cover.leaves_on is not None and cover.leaves_on < last:
        said = "left" if cover.leaves_on < desk.today else "leaves"
        return (
            f"{cover.name} {said} on {in_words(cover.leaves_on)}. Choose somebody who is here until {in_words(last)}."
        )
    away = desk.session.execute(
        select(col(Absence.from_on), col(Absence.until_on))
        .where(_away(cover.id, start, last))
        .order_by(col(Absence.from_on))
    ).first()
    if away is not None:
        return f"{cover.name} is away then too: {in_words_range(away.from_on, away.until_on)}. Choose somebody who is here."
    if desk.session.scalar(select(col(Person.id)).where(col(Person.id) == cover.id, _able(start, last))) is None:
        return f"{cover.name} has no role with which they could see to it all that time. Choose a manager or a handler."
    return None


def _able(first: date, last: date) -> ColumnElement[bool]:
    """Whether a person can work on complaints on all of these days."""
    role = exists().where(
        col(Appointment.person_id) == col(Person.id),
        col(Appointment.role).in_(list(TABLE[Operation.WORK])),
        or_(col(Appointment.from_on).is_(None), col(Appointment.from_on) <= first),
        or_(col(Appointment.until_on).is_(None), col(Appointment.until_on) >= last),
    )
    return and_(
        col(Person.deactivated_at).is_(None),
        or_(col(Person.leaves_on).is_(None), col(Person.leaves_on) >= last),
        ~exists().where(_away(col(Person.id), first, last)),
        role,
    )


def _away(person_id: Any, first: date, last: date) -> ColumnElement[bool]:
    return and_(
        col(Absence.person_id) == person_id,
        col(Absence.from_on) <= last,
        col(Absence.until_on) >= first,
        col(Absence.until_on) >= col(Absence.from_on),
    )
