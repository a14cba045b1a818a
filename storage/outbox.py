"""Messages to be sent, once: rows are written in the transaction that caused them. `sending` is the side of who sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Table, and_, bindparam, case, func, insert, or_, select, text, update
from sqlmodel import Session, col

from storage.database import dialect, inserting_in
from storage.models import Complaint, OutboxRow
from storage.vocabulary import MessageKind, OutboxState

TABLE: Table = OutboxRow.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made

# Spelled out as in the partial index: with bound parameters neither database can tell that the index serves.
WAITING = text("state IN ('pending', 'sending')")
# Slack permits about fifty changes of messages a minute, and live ones must find room among them.
_REDRAWN_EVERY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What still waits: how many rows, since when the oldest, and what the last try was told (no message text)."""

    waiting: int
    oldest: datetime | None
    problems: tuple[str, ...]


def put(
    session: Session,
    *,
    key: str,
    kind: MessageKind,
    now: datetime,
    person_id: int | None = None,
    complaint_id: int | None = None,
    data: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    maybe_since: datetime | None = None,
) -> bool:
    """Adds a message unless one with this key was ever added; True when it was new.

    `key` says what, whom and when, so that the second call for the same thing does nothing. `data` carries ids and dates only.
    `not_before`: when it may go out, if that is not at once; until then it doesn't count as waiting. `maybe_since`: Slack may
    have it already, from then or later, and is looked through before it is sent.
    """
    then = not_before or now
    values = {
        "key": key, "kind": kind, "person_id": person_id, "complaint_id": complaint_id, "data": data or {},
        "state": OutboxState.PENDING, "created_at": then, "not_before": then, "attempts": 0, "again": False,
        "uncertain": maybe_since is not None, "first_tried_at": maybe_since,
    }  # fmt: skip
    return session.scalar(_putting(dialect(session)), values) is not None


def renew(
    session: Session,
    *,
    key: str,
    kind: MessageKind,
    now: datetime,
    complaint_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Adds a message that is kept up to date in Slack, or asks for it to be drawn again where it stands.

    One row a complaint, so that two senders can never both post its card. A change that comes while it is being sent makes it
    go out once more.
    """
    values = {
        "key": key, "kind": kind, "complaint_id": complaint_id, "data": data or {}, "state": OutboxState.PENDING,
        "created_at": now, "not_before": now, "attempts": 0, "uncertain": False, "again": False,
    }  # fmt: skip
    session.execute(_renewing(dialect(session)), values)


# Building a statement took longer than running it, and every change of a complaint needs several: each is built once.
@cache
def _putting(speaks: str) -> Any:
    new = inserting_in(speaks, TABLE).on_conflict_do_nothing(index_elements=["key"])
    # The count of rows is not told by every driver for such a statement; what it returns is.
    return new.returning(TABLE.c.id)


@cache
def _renewing(speaks: str) -> Any:
    new = inserting_in(speaks, TABLE)
    sending = TABLE.c.state == OutboxState.SENDING
    waiting = TABLE.c.state == OutboxState.PENDING
    return new.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "again": case((sending, True), else_=False),
            "state": case((sending, OutboxState.SENDING), else_=OutboxState.PENDING),
            # One that waits for its turn, or for Slack's limits, goes on waiting.
            "not_before": case((or_(sending, waiting), TABLE.c.not_before), else_=new.excluded.not_before),
            "created_at": case((or_(sending, waiting), TABLE.c.created_at), else_=new.excluded.created_at),
            "first_tried_at": case((or_(sending, waiting), TABLE.c.first_tried_at), else_=None),
            "attempts": case((or_(sending, waiting), TABLE.c.attempts), else_=0),
        },
    )


def redraw_sent(session: Session, keys: Any, *, now: datetime) -> None:
    """Asks for messages that stand in Slack to be drawn again there. One that was never posted, or that waits, is left alone."""
    found = session.scalars(keys).all()
    # Most changes have no nudge to put right, and then this costs one look.
    if found:
        session.execute(_redrawing(), {"keys": found, "then": now})


@cache
def _redrawing() -> Any:
    sending = TABLE.c.state == OutboxState.SENDING
    then = bindparam("then", type_=TABLE.c.not_before.type)
    wanted = TABLE.c.key.in_(bindparam("keys", expanding=True))
    return (
        update(TABLE)
        .where(wanted, TABLE.c.ts.is_not(None), or_(sending, TABLE.c.state == OutboxState.SENT))
        .values(
            again=case((sending, True), else_=TABLE.c.again),
            state=case((sending, TABLE.c.state), else_=OutboxState.PENDING),
            not_before=case((sending, TABLE.c.not_before), else_=then),
            created_at=case((sending, TABLE.c.created_at), else_=then),
            first_tried_at=case((sending, TABLE.c.first_tried_at), else_=None),
            attempts=case((sending, TABLE.c.attempts), else_=0),
        )
    )


def redraw_slowly(session: Session, ids: Sequence[int], *, now: datetime, turn: int) -> None:
    """Asks for messages that stand in Slack to be drawn again there, one after the other so that nothing new waits behind them.

    `turn` is how many were asked for before. One that waits anyway keeps its place, and says then what holds then.
    """
    sending = TABLE.c.state == OutboxState.SENDING
    sent = TABLE.c.state == OutboxState.SENT
    then = bindparam("then", type_=TABLE.c.not_before.type)
    slowly = (
        update(TABLE)
        .where(TABLE.c.id == bindparam("one"))
        .values(
            again=case((sending, True), else_=TABLE.c.again),
            state=case((sent, OutboxState.PENDING), else_=TABLE.c.state),
            not_before=case((sent, then), else_=TABLE.c.not_before),
            created_at=case((sent, then), else_=TABLE.c.created_at),
            first_tried_at=case((sent, None), else_=TABLE.c.first_tried_at),
            attempts=case((sent, 0), else_=TABLE.c.attempts),
        )
    )
    rows = [{"one": row_id, "then": now + at * _REDRAWN_EVERY} for at, row_id in enumerate(ids, start=turn)]
    if rows:
        session.execute(slowly, rows)


def standing(session: Session, key: str) -> tuple[str, str] | None:
    """Channel and ts of a message that was posted; None while it has not been."""
    row = session.execute(select(TABLE.c.channel, TABLE.c.ts).where(TABLE.c.key == key)).first()
    return (row.channel, row.ts) if row and row.channel and row.ts else None


def is_wanted(session: Session, key: str) -> bool:
    """Whether a message was posted, or still waits to be; not one that was never asked for, or dropped before it went out."""
    row = session.execute(select(TABLE.c.state, TABLE.c.ts).where(TABLE.c.key == key)).first()
    return row is not None and (row.ts is not None or row.state != OutboxState.DROPPED)


def held_up(session: Session, kinds: Sequence[MessageKind]) -> set[int]:
    """For whom a message of these kinds waits that could not be sent when it was tried."""
    never_came = and_(TABLE.c.ts.is_(None), TABLE.c.problem.is_not(None))
    rows = session.scalars(select(TABLE.c.person_id).where(WAITING, TABLE.c.kind.in_(kinds), never_came))
    return {person_id for person_id in rows if person_id is not None}


def came_since(session: Session, person_id: int, kinds: Sequence[MessageKind], since: datetime, now: datetime) -> bool:
    """Whether a message of these kinds came to a person from an instant until now, however long it had waited (up to two weeks).

    What came while the clock was ahead, and was put right since, is no message of today.
    """
    written = TABLE.c.created_at >= since - timedelta(days=14)
    came = and_(TABLE.c.ts.is_not(None), TABLE.c.sent_at.between(since, now), TABLE.c.kind.in_(kinds))
    return session.scalar(select(TABLE.c.id).where(TABLE.c.person_id == person_id, written, came).limit(1)) is not None


def put_many(session: Session, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Adds rows whose keys are known to be new, in one statement; for imports. Raises IntegrityError when one is not."""
    defaults: dict[str, Any] = {
        "person_id": None,
        "complaint_id": None,
        "data": {},
        "attempts": 0,
        "uncertain": False,
        "again": False,
    }
    fixed = {"state": OutboxState.PENDING, "created_at": now, "not_before": now}
    if rows:
        session.execute(insert(TABLE), [{**defaults, **row, **fixed} for row in rows])


def silence_closed(session: Session, now: datetime) -> None:
    """Drops what waits to be said about closed complaints; for a register that is filled with the past."""
    closed = select(col(Complaint.id)).where(col(Complaint.closed_on).is_not(None))
    session.execute(
        update(TABLE)
        .where(TABLE.c.state == OutboxState.PENDING, TABLE.c.complaint_id.in_(closed))
        .values(state=OutboxState.DROPPED, sent_at=now, problem="about the past")
    )


def silence(session: Session, keys: Sequence[str], now: datetime) -> None:
    """Drops those of these messages that were never posted; for what was asked for while a past was half brought in."""
    if keys:
        session.execute(
            update(TABLE)
            .where(TABLE.c.key.in_(keys), TABLE.c.state == OutboxState.PENDING, TABLE.c.ts.is_(None))
            .values(state=OutboxState.DROPPED, sent_at=now, problem="about the past")
        )


def backlog(session: Session, now: datetime) -> Backlog:
    """What waits now, for doctor."""
    count, oldest = session.execute(
        select(func.count(), func.min(TABLE.c.created_at)).where(WAITING, TABLE.c.created_at <= now)
    ).one()
    problems = session.scalars(
        select(TABLE.c.problem)
        .where(or_(WAITING, TABLE.c.state == OutboxState.FAILED), TABLE.c.problem.is_not(None))
        .distinct()
        .limit(5)
    )
    return Backlog(count, oldest, tuple(problems))
