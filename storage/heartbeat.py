"""When a process last did its round, for others to see that it lives. One row each, changed in place."""

from datetime import datetime

from sqlalchemy import Table, select
from sqlmodel import Session

from storage.database import inserting
from storage.models import Heartbeat

TICK = "tick"
_table: Table = Heartbeat.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made


def beat(session: Session, name: str, now: datetime) -> None:
    """Notes that it was done at `now`, an aware instant."""
    new = inserting(session, _table).values(name=name, beat_at=now)
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"beat_at": new.excluded.beat_at}))


def last(session: Session, name: str) -> datetime | None:
    """When it was last done; None when it never was."""
    return session.scalar(select(_table.c.beat_at).where(_table.c.name == name))
