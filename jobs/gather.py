"""Reads from the register what `nudges.due` needs to know."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam, or_, select
from sqlmodel import col

from jobs import sources
from jobs.nudges import Facts, Recipient, Said, sending_day
from jobs.staff import Staff
from storage import outbox
from storage.models import NudgeRecord, OutboxRow, Person, Snooze
from storage.office import Desk
from storage.vocabulary import MessageKind

# What a person gets at most one of a working day.
SCHEDULED = (MessageKind.NUDGE, MessageKind.DIGEST, MessageKind.MONTHLY)
_LONGEST_HELD_UP = timedelta(days=14)
_AT_ONCE = 500


def facts(desk: Desk) -> Facts | None:
    """What may have to be said, people who may be written to, and what was said and written before.

    None when nobody can be written to now: at night, on days off, and when all have had the day's message. Most ticks are such.
    """
    staff = Staff(desk)
    people = _recipients(desk, staff)
    written = _written(desk, people)
    days = ((one, sending_day(desk.now, one, desk.calendar, desk.policy.nudges_until_hour)) for one in people.values())
    if all(day is None or (one.person_id, day) in written for one, day in days):
        return None
    matters = sources.waiting(desk, staff)
    return Facts(
        matters=matters,
        people=people,
        said=_said(desk, [matter.subject for matter in matters]),
        written=written,
        snoozed=_snoozed(desk),
    )


def _recipients(desk: Desk, staff: Staff) -> dict[int, Recipient]:
    """Nobody who is away, has left, is deactivated or has no role is written to."""
    rows = desk.session.execute(select(col(Person.id), col(Person.tz), col(Person.nudge_hour)))
    return {row.id: Recipient(*row) for row in rows if row.id in staff.present}


def _said(desk: Desk, subjects: Iterable[str]) -> frozenset[Said]:
    asked = select(
        col(NudgeRecord.subject),
        col(NudgeRecord.rung),
        col(NudgeRecord.about),
        col(NudgeRecord.step),
        col(NudgeRecord.person_id),
    )
    said: set[Said] = set()
    for among in _among(desk, list(subjects)):
        said.update(tuple(row) for row in desk.session.execute(asked.where(among)))
    return frozenset(said)


def _among(desk: Desk, subjects: list[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions that take all of these together: to PostgreSQL as one list, to SQLite some hundred at a time."""
    if desk.session.get_bind().dialect.name == "postgresql":
        yield col(NudgeRecord.subject) == any_(bindparam("subjects", subjects, type_=ARRAY(String)))
        return
    for start in range(0, len(subjects), _AT_ONCE):
        yield col(NudgeRecord.subject).in_(subjects[start : start + _AT_ONCE])


def _written(desk: Desk, people: Mapping[int, Recipient]) -> frozenset[tuple[int, date]]:
    """Who has had a message on which of the last days; two days back covers every time zone.

    One that Slack took late counts on the day it came as well. While one is held up, there is no other.
    """
    since, oldest = desk.now - timedelta(days=2), desk.now - _LONGEST_HELD_UP
    recent = or_(col(OutboxRow.created_at) >= since, col(OutboxRow.sent_at) >= since)
    rows = desk.session.execute(
        select(col(OutboxRow.person_id), col(OutboxRow.data), col(OutboxRow.sent_at), col(OutboxRow.ts))
        # By person, which an index serves: else every message there ever was is read at every tick.
        .where(col(OutboxRow.person_id).in_(people), col(OutboxRow.created_at) >= oldest)
        .where(col(OutboxRow.kind).in_(SCHEDULED), recent)
    ).all()
    on_its_day = {(row.person_id, date.fromisoformat(row.data["day"])) for row in rows if "day" in row.data}
    came = {
        (row.person_id, row.sent_at.astimezone(ZoneInfo(people[row.person_id].tz)).date())
        for row in rows
        if row.ts and row.sent_at
    }
    days = [desk.today + timedelta(days=shift) for shift in (-1, 0, 1)]
    waits = {(person_id, day) for person_id in outbox.held_up(desk.session, SCHEDULED) for day in days}
    return frozenset(on_its_day | came | waits)


def _snoozed(desk: Desk) -> frozenset[tuple[str, int]]:
    rows = desk.session.execute(
        select(col(Snooze.subject), col(Snooze.person_id)).where(col(Snooze.until_on) > desk.today)
    )
    return frozenset((row.subject, row.person_id) for row in rows)
