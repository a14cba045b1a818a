"""Messages to be sent, once. Rows are written in the transaction that caused them and leased to one sender at a time.

pending → sending (leased until `not_before`) → sent. A sender that dies leaves its lease to run out; the row is then
`uncertain`: it may have arrived, and the next sender must look in the channel before sending it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, func, insert, or_, select, text, update
from sqlmodel import Session, col

from storage.database import dialect, inserting_in
from storage.models import Complaint, OutboxRow
from storage.vocabulary import MessageKind, OutboxState

_table: Table = OutboxRow.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made

# Spelled out as in the partial index: with bound parameters neither database can tell that the index serves.
_WAITING = text("state IN ('pending', 'sending')")
# Slack permits about fifty changes of messages a minute, and live ones must find room among them.
_REDRAWN_EVERY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Leased:
    """A row one sender holds until its lease runs out. `uncertain`: an earlier try may have reached Slack."""

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
) -> bool:
    """Adds a message unless one with this key was ever added; True when it was new.

    `key` says what, whom and when, so that the second call for the same thing does nothing. `data` carries ids and dates only.
    `not_before`: when it may go out, if that is not at once; until then it doesn't count as waiting.
    """
    then = not_before or now
    values = {
        "key": key, "kind": kind, "person_id": person_id, "complaint_id": complaint_id, "data": data or {},
        "state": OutboxState.PENDING, "created_at": then, "not_before": then, "attempts": 0, "uncertain": False, "again": False,
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
    new = inserting_in(speaks, _table).on_conflict_do_nothing(index_elements=["key"])
    # The count of rows is not told by every driver for such a statement; what it returns is.
    return new.returning(_table.c.id)


@cache
def _renewing(speaks: str) -> Any:
    new = inserting_in(speaks, _table)
    sending = _table.c.state == OutboxState.SENDING
    waiting = _table.c.state == OutboxState.PENDING
    return new.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "again": case((sending, True), else_=False),
            "state": case((sending, OutboxState.SENDING), else_=OutboxState.PENDING),
            # One that waits for its turn, or for Slack's limits, goes on waiting.
            "not_before": case((or_(sending, waiting), _table.c.not_before), else_=new.excluded.not_before),
            "created_at": case((or_(sending, waiting), _table.c.created_at), else_=new.excluded.created_at),
            "first_tried_at": case((or_(sending, waiting), _table.c.first_tried_at), else_=None),
            "attempts": case((or_(sending, waiting), _table.c.attempts), else_=0),
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
    sending = _table.c.state == OutboxState.SENDING
    then = bindparam("then", type_=_table.c.not_before.type)
    wanted = _table.c.key.in_(bindparam("keys", expanding=True))
    return (
        update(_table)
        .where(wanted, _table.c.ts.is_not(None), or_(sending, _table.c.state == OutboxState.SENT))
        .values(
            again=case((sending, True), else_=_table.c.again),
            state=case((sending, _table.c.state), else_=OutboxState.PENDING),
            not_before=case((sending, _table.c.not_before), else_=then),
            created_at=case((sending, _table.c.created_at), else_=then),
            first_tried_at=case((sending, _table.c.first_tried_at), else_=None),
            attempts=case((sending, _table.c.attempts), else_=0),
        )
    )


def redraw_slowly(session: Session, ids: Sequence[int], *, now: datetime, turn: int) -> None:
    """Asks for messages that stand in Slack to be drawn again there, one after the other so that nothing new waits behind them.

    `turn` is how many were asked for before. One that waits anyway keeps its place, and says then what holds then.
    """
    sending = _table.c.state == OutboxState.SENDING
    sent = _table.c.state == OutboxState.SENT
    then = bindparam("then", type_=_table.c.not_before.type)
    slowly = (
        update(_table)
        .where(_table.c.id == bindparam("one"))
        .values(
            again=case((sending, True), else_=_table.c.again),
            state=case((sent, OutboxState.PENDING), else_=_table.c.state),
            not_before=case((sent, then), else_=_table.c.not_before),
            created_at=case((sent, then), else_=_table.c.created_at),
            first_tried_at=case((sent, None), else_=_table.c.first_tried_at),
            attempts=case((sent, 0), else_=_table.c.attempts),
        )
    )
    rows = [{"one": row_id, "then": now + at * _REDRAWN_EVERY} for at, row_id in enumerate(ids, start=turn)]
    if rows:
        session.execute(slowly, rows)


def standing(session: Session, key: str) -> tuple[str, str] | None:
    """Channel and ts of a message that was posted; None while it has not been."""
    row = session.execute(select(_table.c.channel, _table.c.ts).where(_table.c.key == key)).first()
    return (row.channel, row.ts) if row and row.channel and row.ts else None


def forget_place(session: Session, row: "Leased") -> None:
    """Forgets where a message stood, after Slack said that it is gone: the next try posts it anew."""
    session.execute(
        update(_table).where(_table.c.id == row.id, _table.c.lease == row.lease).values(channel=None, ts=None)
    )


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a lease would find something. Costs one look in a small index."""
    return session.scalar(select(_table.c.id).where(_WAITING, _table.c.not_before <= now).limit(1)) is not None


def held_up(session: Session, kinds: Sequence[MessageKind]) -> set[int]:
    """For whom a message of these kinds waits that could not be sent when it was tried."""
    never_came = and_(_table.c.ts.is_(None), _table.c.problem.is_not(None))
    rows = session.scalars(select(_table.c.person_id).where(_WAITING, _table.c.kind.in_(kinds), never_came))
    return {person_id for person_id in rows if person_id is not None}


def came_since(session: Session, person_id: int, kinds: Sequence[MessageKind], since: datetime) -> bool:
    """Whether a message of these kinds came to a person at or after an instant, however long it had waited (up to two weeks)."""
    written = _table.c.created_at >= since - timedelta(days=14)
    came = and_(_table.c.ts.is_not(None), _table.c.sent_at >= since, _table.c.kind.in_(kinds))
    return (
        session.scalar(select(_table.c.id).where(_table.c.person_id == person_id, written, came).limit(1)) is not None
    )


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
        session.execute(insert(_table), [{**defaults, **row, **fixed} for row in rows])


def lease(session: Session, *, now: datetime, sender: str, seconds: int, most: int) -> list[Leased]:
    """Takes up to `most` rows that are due, oldest first, for `seconds`. `sender` is a token of this lease alone."""
    due = (
        select(_table.c.id)
        .where(
            _WAITING,
            _table.c.not_before <= now,
        )
        .order_by(_table.c.not_before, _table.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    if not ids:
        return []
    taken = session.execute(
        update(_table)
        .where(_table.c.id.in_(ids))
        .values(
            state=OutboxState.SENDING,
            lease=sender,
            not_before=now + timedelta(seconds=seconds),
            attempts=_table.c.attempts + 1,
            again=False,
            uncertain=case((_table.c.state == OutboxState.SENDING, True), else_=_table.c.uncertain),
            first_tried_at=func.coalesce(_table.c.first_tried_at, bindparam("tried", now, _table.c.first_tried_at.type)),
        )
        .returning(
            _table.c.id, _table.c.key, _table.c.kind, _table.c.person_id, _table.c.complaint_id, _table.c.data,
            _table.c.attempts, _table.c.uncertain, _table.c.first_tried_at,
        )
    )  # fmt: skip
    return sorted((Leased(**row._mapping, lease=sender) for row in taken), key=lambda row: row.id)


def sent(session: Session, row: Leased, *, now: datetime, channel: str, ts: str) -> bool:
    """Records what Slack returned; False when the lease had passed to another sender meanwhile.

    A row that was renewed while it was being sent is pending again at once. `sent_at` stays when it came: a message that is drawn
    again did not come again.
    """
    return _finish(
        session,
        row,
        state=_unless_renewed(OutboxState.SENT),
        not_before=now,
        again=False,
        sent_at=_came(now, _table.c.ts == ts),
        channel=channel,
        ts=ts,
        problem=None,
        uncertain=False,
    )


def postpone(session: Session, row: Leased, *, until: datetime, problem: str | None, uncertain: bool) -> bool:
    """Gives a row back for a later try. `problem` is Slack's error code or the kind of failure, never message text."""
    return _finish(session, row, state=OutboxState.PENDING, not_before=until, problem=problem, uncertain=uncertain)


def drop(session: Session, row: Leased, *, now: datetime, why: str) -> bool:
    """Closes a row that no longer needs to be said, or that another row says."""
    return _finish(
        session, row, state=_unless_renewed(OutboxState.DROPPED), not_before=now, sent_at=_came(now), problem=why
    )


def fail(session: Session, row: Leased, *, now: datetime, problem: str) -> bool:
    """Closes a row that Slack will never take as it is. It stays on record and is reported by doctor."""
    return _finish(
        session, row, state=_unless_renewed(OutboxState.FAILED), not_before=now, sent_at=_came(now), problem=problem
    )


def silence_closed(session: Session, now: datetime) -> None:
    """Drops what waits to be said about closed complaints; for a register that is filled with the past."""
    closed = select(col(Complaint.id)).where(col(Complaint.closed_on).is_not(None))
    session.execute(
        update(_table)
        .where(_table.c.state == OutboxState.PENDING, _table.c.complaint_id.in_(closed))
        .values(state=OutboxState.DROPPED, sent_at=now, problem="about the past")
    )


def backlog(session: Session, now: datetime) -> Backlog:
    """What waits now, for doctor."""
    count, oldest = session.execute(
        select(func.count(), func.min(_table.c.created_at)).where(_WAITING, _table.c.created_at <= now)
    ).one()
    problems = session.scalars(
        select(_table.c.problem)
        .where(or_(_WAITING, _table.c.state == OutboxState.FAILED), _table.c.problem.is_not(None))
        .distinct()
        .limit(5)
    )
    return Backlog(count, oldest, tuple(problems))


def _came(now: datetime, stood: ColumnElement[bool] | None = None) -> ColumnElement[Any]:
    """When a message came: now, or for one that stood in Slack before, since then."""
    stood = _table.c.ts.is_not(None) if stood is None else stood
    then = bindparam("came", now, _table.c.sent_at.type)
    return case((stood, func.coalesce(_table.c.sent_at, then)), else_=then)


def _unless_renewed(state: OutboxState) -> ColumnElement[Any]:
    """The state a row ends in; one that was renewed while it was being sent has to go out once more."""
    return case((_table.c.again, OutboxState.PENDING), else_=state)


def _finish(session: Session, row: Leased, **values: Any) -> bool:
    result = session.execute(
        update(_table)
        .where(_table.c.id == row.id, _table.c.lease == row.lease, _table.c.state == OutboxState.SENDING)
        .values(lease=None, **values)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # reason: an UPDATE's result is a CursorResult
