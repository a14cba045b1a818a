"""The outbox as its senders see it: rows are leased to one at a time, and what Slack said is recorded.

pending → sending (leased until `not_before`) → sent. A sender that dies leaves its lease to run out; the row is then
`uncertain`: it may have arrived, and the next sender must look in the channel before sending it again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, and_, bindparam, case, func, select, update
from sqlmodel import Session

from storage.outbox import TABLE, WAITING
from storage.vocabulary import MessageKind, OutboxState

_THEN = bindparam("then", type_=TABLE.c.not_before.type)
_WHY = bindparam("why", type_=String)


@dataclass(frozen=True, slots=True)
class Leased:
    """A row one sender holds until its lease runs out. `uncertain`: an earlier try may have reached Slack.

    `channel` and `ts`: where the message stands already; only whoever holds the lease changes them.
    """

    id: int
    key: str
    kind: MessageKind
    person_id: int | None
    complaint_id: int | None
    data: dict[str, Any]
    attempts: int
    uncertain: bool
    first_tried_at: datetime
    lease: str
    channel: str | None = None
    ts: str | None = None

    @property
    def standing(self) -> tuple[str, str] | None:
        """Channel and ts of a message that was posted; None while it has not been."""
        return (self.channel, self.ts) if self.channel and self.ts else None


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a lease would find something. Costs one look in a small index."""
    return session.scalar(select(TABLE.c.id).where(WAITING, TABLE.c.not_before <= now).limit(1)) is not None


def lease(session: Session, *, now: datetime, sender: str, seconds: int, most: int) -> list[Leased]:
    """Takes up to `most` rows that are due, oldest first, for `seconds`. `sender` is a token of this lease alone."""
    due = (
        select(TABLE.c.id)
        .where(
            WAITING,
            TABLE.c.not_before <= now,
        )
        .order_by(TABLE.c.not_before, TABLE.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if not ids:
        return []
    taken = session.execute(
        update(TABLE)
        .where(TABLE.c.id.in_(ids))
        .values(
            state=OutboxState.SENDING,
            lease=sender,
            not_before=now + timedelta(seconds=seconds),
            attempts=TABLE.c.attempts + 1,
            again=False,
            uncertain=case((TABLE.c.state == OutboxState.SENDING, True), else_=TABLE.c.uncertain),
            first_tried_at=func.coalesce(TABLE.c.first_tried_at, bindparam("tried", now, TABLE.c.first_tried_at.type)),
        )
        .returning(
            TABLE.c.id, TABLE.c.key, TABLE.c.kind, TABLE.c.person_id, TABLE.c.complaint_id, TABLE.c.data,
            TABLE.c.attempts, TABLE.c.uncertain, TABLE.c.first_tried_at, TABLE.c.channel, TABLE.c.ts,
        )
    )  # fmt: skip
    return sorted((Leased(**row._mapping, lease=sender) for row in taken), key=lambda row: row.id)


def sent(session: Session, row: Leased, *, now: datetime, channel: str, ts: str) -> bool:
    """Records what Slack returned; False when the lease had passed to another sender meanwhile.

    A row that was renewed while it was being sent is pending again at once. `sent_at` stays when it came: a message that is drawn
    again did not come again.
    """
    return _finish(session, row, _sent(), then=now, at=channel, stands=ts)


def postpone(session: Session, row: Leased, *, until: datetime, problem: str | None, uncertain: bool) -> bool:
    """Gives a row back for a later try. `problem` is Slack's error code or the kind of failure, never message text."""
    return _finish(session, row, _postponed(), then=until, why=problem, unsure=uncertain)


def drop(session: Session, row: Leased, *, now: datetime, why: str) -> bool:
    """Closes a row that no longer needs to be said, or that another row says."""
    return _finish(session, row, _over(OutboxState.DROPPED), then=now, why=why)


def fail(session: Session, row: Leased, *, now: datetime, problem: str) -> bool:
    """Closes a row that Slack will never take as it is. It stays on record and is reported by doctor."""
    return _finish(session, row, _over(OutboxState.FAILED), then=now, why=problem)


def forget_place(session: Session, row: Leased) -> None:
    """Forgets where a message stood, after Slack said that it is gone: the next try posts it anew."""
    session.execute(update(TABLE).where(TABLE.c.id == row.id, TABLE.c.lease == row.lease).values(channel=None, ts=None))


@cache
def _sent() -> Any:
    place, ts = bindparam("at", type_=String), bindparam("stands", type_=String)
    return _finishing(
        state=_unless_renewed(OutboxState.SENT), again=False, not_before=_THEN, sent_at=_came(TABLE.c.ts == ts),
        channel=place, ts=ts, problem=None, uncertain=False,
    )  # fmt: skip


@cache
def _postponed() -> Any:
    return _finishing(
        state=OutboxState.PENDING, not_before=_THEN, problem=_WHY, uncertain=bindparam("unsure", type_=Boolean)
    )


@cache
def _over(state: OutboxState) -> Any:
    came = _came(TABLE.c.ts.is_not(None))
    return _finishing(state=_unless_renewed(state), not_before=_THEN, sent_at=came, problem=_WHY)


def _came(stood: ColumnElement[bool]) -> ColumnElement[Any]:
    """When a message came: now, or for one that stood in Slack before, since then."""
    return case((stood, func.coalesce(TABLE.c.sent_at, _THEN)), else_=_THEN)


def _unless_renewed(state: OutboxState) -> ColumnElement[Any]:
    """The state a row ends in; one that was renewed while it was being sent has to go out once more."""
    return case((TABLE.c.again, OutboxState.PENDING), else_=state)


def _finishing(**values: Any) -> Any:
    held = and_(
        TABLE.c.id == bindparam("row", type_=Integer),
        TABLE.c.lease == bindparam("by", type_=String),
        TABLE.c.state == OutboxState.SENDING,
    )
    return update(TABLE).where(held).values(lease=None, **values)


def _finish(session: Session, row: Leased, finishing: Any, **values: Any) -> bool:
    result = session.execute(finishing, {"row": row.id, "by": row.lease, **values})
    return bool(result.rowcount)  # type: ignore[attr-defined]  # reason: an UPDATE's result is a CursorResult
