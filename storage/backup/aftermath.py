"""What Slack may have that a restored register doesn't know of, because it was sent after the backup was made.

Whatever waited then is taken for sent: the sender looks for it in Slack first, and sends it only when it isn't there. So it does
for the messages of a day, a week or a month that are written anew. What the cards of open complaints say may come from what is
lost, so they are drawn again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage import outbox
from storage.models import Complaint, CouncilChange, OutboxRow, ReferenceCounter
from storage.vocabulary import CouncilMatter, MessageKind, OutboxState

# The rarest of what is sent by the calendar is the monthly page.
_REMEMBERED = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How many messages are looked for in Slack before they are sent, and how many cards are drawn again."""

    waiting: int
    cards: int


def settle(session: Session, made_at: datetime, now: datetime, last_given: tuple[int, int] | None = None) -> Aftermath:
    """Prepares a register for going on that was just restored from a backup of `made_at`; its history says so from then on.

    `last_given`: year and number of the last reference that was given since, so that none is given again.
    """
    never_came = (
        col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING]),
        col(OutboxRow.ts).is_(None),
    )
    waiting = session.scalar(select(func.count()).select_from(OutboxRow).where(*never_came)) or 0
    session.execute(
        update(OutboxRow)
        .where(*never_came)
        .values(uncertain=True, first_tried_at=func.coalesce(col(OutboxRow.first_tried_at), col(OutboxRow.created_at)))
    )
    cards = session.scalars(
        select(col(OutboxRow.id))
        .join(Complaint, col(Complaint.id) == col(OutboxRow.complaint_id))
        .where(
            col(OutboxRow.kind) == MessageKind.CARD,
            col(OutboxRow.state) == OutboxState.SENT,
            col(OutboxRow.ts).is_not(None),
            col(Complaint.closed_on).is_(None),
        )
        .order_by(col(OutboxRow.id))
    ).all()
    outbox.redraw_slowly(session, [row_id for row_id in cards if row_id], now=now, turn=0)
    data: dict[str, Any] = {"made_at": made_at.isoformat()}
    if last_given is not None:
        data["lost"] = _skipped(session, *last_given)
    session.add(CouncilChange(matter=CouncilMatter.RESTORED, changed_at=now, data=data))
    session.flush()
    return Aftermath(waiting, len(cards))


def _skipped(session: Session, year: int, last: int) -> dict[str, int]:
    """Lets the next number of a year be the one after `last`; which are left out by it."""
    counter = session.get(ReferenceCounter, year) or ReferenceCounter(year=year, last=0)
    first = counter.last + 1
    counter.last = max(counter.last, last)
    session.add(counter)
    return {"year": year, "first": first, "last": counter.last}


def numbers_lost(session: Session) -> set[tuple[int, int]]:
    """Years and numbers that were given between a backup and its restoring, whose complaints nobody has any more."""
    restored = select(col(CouncilChange.data)).where(col(CouncilChange.matter) == CouncilMatter.RESTORED)
    lost = [data["lost"] for data in session.scalars(restored) if "lost" in data]
    return {(one["year"], number) for one in lost for number in range(one["first"], one["last"] + 1)}


def restored_from(session: Session, now: datetime) -> datetime | None:
    """When the backup was made that the register was restored from in the last 31 days, the oldest of several; else None."""
    lately = select(col(CouncilChange.data)).where(
        col(CouncilChange.matter) == CouncilMatter.RESTORED, col(CouncilChange.changed_at) > now - _REMEMBERED
    )
    return min((datetime.fromisoformat(data["made_at"]) for data in session.scalars(lately)), default=None)
