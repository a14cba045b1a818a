"""One tick: asks what is due and puts it in the outbox, all in one transaction. Running it twice does nothing more."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from jobs import digests, gather, nudges
from storage import outbox, people
from storage.models import NudgeRecord, OutboxRow
from storage.office import Desk, Office
from storage.register.ledger import insert_if_absent
from storage.vocabulary import MessageKind


def tick(office: Office, now: datetime) -> int:
    """Writes what is due at `now`; returns how many messages that is. Raises RegisterAway, and then nothing was written."""
    with office.look(None, now) as desk:
        facts = gather.facts(desk)
        wanted = _nudges(desk, facts), _digests(desk, facts)
    if not any(wanted):
        return 0
    with office.change(None, now) as desk:
        return sum(_put_nudge(desk, nudge) for nudge in wanted[0]) + sum(_put_digest(desk, one) for one in wanted[1])


def _nudges(desk: Desk, facts: nudges.Facts) -> list[nudges.Nudge]:
    return nudges.due(desk.now, facts, calendar=desk.calendar, until_hour=desk.policy.nudges_until_hour)


def _digests(desk: Desk, facts: nudges.Facts) -> list[digests.Digest]:
    written = desk.session.scalars(
        select(col(OutboxRow.key)).where(
            col(OutboxRow.kind) == MessageKind.DIGEST, col(OutboxRow.created_at) >= desk.now - timedelta(days=9)
        )
    )
    return digests.due(
        desk.now,
        people.services(desk.session, desk.today),
        facts.people,
        written=written,
        calendar=desk.calendar,
        until_hour=desk.policy.nudges_until_hour,
    )


def _put_nudge(desk: Desk, nudge: nudges.Nudge) -> bool:
    new = outbox.put(
        desk.session,
        key=nudge.key,
        kind=MessageKind.NUDGE,
        now=desk.now,
        person_id=nudge.person_id,
        data={"lines": nudges.lines_to(nudge.lines)},
    )
    for line in nudge.lines if new else ():
        record: dict[str, Any] = {
            "stage_id": line.stage_id,
            "rung": line.rung,
            "about": line.about,
            "step": line.step,
            "person_id": nudge.person_id,
            "outbox_key": nudge.key,
            "day": nudge.day,
        }
        insert_if_absent(desk.session, NudgeRecord, record)
    return new


def _put_digest(desk: Desk, digest: digests.Digest) -> bool:
    return outbox.put(
        desk.session,
        key=digest.key,
        kind=MessageKind.DIGEST,
        now=desk.now,
        person_id=digest.person_id,
        data={"teams": list(digest.team_ids)},
    )
