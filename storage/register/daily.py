"""What is done once a day, by whichever process comes first."""

from datetime import date

from sqlalchemy import Table

from storage.database import inserting
from storage.models import DailyRun
from storage.office import Desk

_table: Table = DailyRun.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made


def done_today(desk: Desk, name: str) -> bool:
    """Whether this was done today (Europe/London) already."""
    day = last(desk, name)
    return day is not None and day >= desk.today


def last(desk: Desk, name: str) -> date | None:
    """The day (Europe/London) on which this was last done; None when it never was."""
    run = desk.session.get(DailyRun, name)
    return run.day if run is not None else None


def first_today(desk: Desk, name: str) -> bool:
    """Notes that this is done today; False when it was. In one transaction with what is done, it is done once or not at all."""
    new = inserting(desk.session, _table).values(name=name, day=desk.today)
    noted = new.on_conflict_do_update(
        index_elements=["name"], set_={"day": new.excluded.day}, where=_table.c.day < new.excluded.day
    )
    return desk.session.scalar(noted.returning(_table.c.name)) is not None
