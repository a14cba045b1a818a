"""One tick: asks what is due and puts it in the outbox, all in one transaction. Running it twice does nothing more.

A person gets at most one of these messages a working day: what the day has beside the nudge, the nudge goes into.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from jobs import digests, gather, monthly, nudges
from jobs.nudges import Nudge
from storage import outbox, people, views_monthly
from storage.adding import add_if_absent
from storage.backup import restored_from
from storage.models import NudgeRecord, OutboxRow
from storage.office import Desk, Office
from storage.vocabulary import MessageKind


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message for one person on one of their days, with the lines of that day's nudge."""

    key: str
    kind: MessageKind
    person_id: int
    day: date
    data: dict[str, Any]
    lines: tuple[nudges.Line, ...] = ()


def tick(office: Office, now: datetime) -> int:
    """Writes what is due at `now`; returns how many messages that is. Raises RegisterAway, and then nothing was written."""
    with office.look(None, now) as desk:
        facts = gather.facts(desk)
        if facts is None:
            return 0
        wanted = list(_together(_beside(desk, facts), _nudges(desk, facts), facts.written))
    if not wanted:
        return 0
    with office.change(None, now) as desk:
        # What an earlier life of the register sent today, this week or this month, a restored one doesn't know of.
        since = restored_from(desk.session, now)
        return sum(_put(desk, one, since) for one in wanted)


def _nudges(desk: Desk, facts: nudges.Facts) -> list[Nudge]:
    until = desk.policy.nudges_until_hour
    return nudges.due(desk.now, facts, calendar=desk.calendar, until_hour=until, ladder=desk.ladder)


def _beside(desk: Desk, facts: nudges.Facts) -> Iterable[Dispatch]:
    """What a day may have beside the nudge, what is rarer first: that day's other one goes out on the next working day."""
    yield from _monthly(desk, facts)
    seniors = people.services(desk.session, desk.today)
    possible = {digests.key_of(person_id, day) for person_id in seniors for day in _days(desk)}
    for one in digests.due(
        desk.now,
        seniors,
        facts.people,
        written=_already(desk, possible),
        calendar=desk.calendar,
        until_hour=desk.policy.nudges_until_hour,
    ):
        yield Dispatch(one.key, MessageKind.DIGEST, one.person_id, one.day, {"teams": list(one.team_ids)})


def _monthly(desk: Desk, facts: nudges.Facts) -> Iterable[Dispatch]:
    days = _days(desk)
    if not any(monthly.in_season(day, desk.calendar) for day in days):
        return
    pages = views_monthly.pages(desk)
    possible = {monthly.key_of(person_id, day) for person_id in pages for day in days}
    for one in monthly.due(
        desk.now,
        pages,
        facts.people,
        written=_already(desk, possible),
        calendar=desk.calendar,
        until_hour=desk.policy.nudges_until_hour,
    ):
        data = {"teams": list(one.page.team_ids), "missing": one.page.missing}
        yield Dispatch(one.key, MessageKind.MONTHLY, one.person_id, one.day, data)


def _already(desk: Desk, keys: Iterable[str]) -> set[str]:
    """Which of these keys are in the outbox; each is one look by its index, however much was sent before."""
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), 500):
        query = select(col(OutboxRow.key)).where(col(OutboxRow.key).in_(wanted[start : start + 500]))
        found |= set(desk.session.scalars(query))
    return found


def _days(desk: Desk) -> list[date]:
    """Which day it may be somewhere on Earth."""
    return [desk.today + timedelta(days=shift) for shift in (-1, 0, 1)]


def _together(
    beside: Iterable[Dispatch], due: Iterable[Nudge], written: frozenset[tuple[int, date]]
) -> Iterable[Dispatch]:
    lines = {(nudge.person_id, nudge.day): nudge for nudge in due}
    taken = set(written)
    for one in beside:
        place = (one.person_id, one.day)
        if place not in taken:
            taken.add(place)
            nudge = lines.pop(place, None)
            yield Dispatch(one.key, one.kind, one.person_id, one.day, one.data, nudge.lines if nudge else ())
    for nudge in lines.values():
        yield Dispatch(nudge.key, MessageKind.NUDGE, nudge.person_id, nudge.day, {}, nudge.lines)


def _put(desk: Desk, one: Dispatch, maybe_since: datetime | None) -> bool:
    written = {"day": one.day.isoformat(), "at": desk.now.isoformat(), "lines": nudges.lines_to(one.lines)}
    new = outbox.put(
        desk.session,
        key=one.key,
        kind=one.kind,
        now=desk.now,
        person_id=one.person_id,
        data={**one.data, **written},
        maybe_since=maybe_since,
    )
    if new and one.lines:
        add_if_absent(desk.session, NudgeRecord, [_record(one, line) for line in one.lines])
    return new


def _record(one: Dispatch, line: nudges.Line) -> dict[str, Any]:
    return {
        "subject": line.subject,
        "complaint_id": line.complaint_id,
        "rung": line.rung,
        "about": line.about,
        "step": line.step,
        "person_id": one.person_id,
        "outbox_key": one.key,
        "day": one.day,
    }
