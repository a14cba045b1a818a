"""Imports as a whole: each has a number, and everything that it brings in says so."""

from sqlalchemy import text, update
from sqlmodel import col

from storage.models import ImportRun
from storage.office import Desk
from storage.permissions import Operation

# Any fixed number will do: two imports at once must see each other's complaints.
_LOCK = 2006_1739


def mark(run: int) -> dict[str, int]:
    """What every event says of the import that it came with."""
    return {"import": run}


def one_at_a_time(desk: Desk) -> None:
    """Makes another import wait until this transaction ends, so that both cannot bring in the same complaint."""
    if desk.session.get_bind().dialect.name == "postgresql":
        desk.session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def begin(desk: Desk) -> int:
    """The number of a new import. Raises NotAllowed."""
    desk.require(Operation.IMPORT)
    run = ImportRun(started_at=desk.now, actor_id=desk.actor.person_id)
    desk.session.add(run)
    desk.session.flush()
    assert run.id is not None  # noqa: S101 - flushed
    return run.id


def count(desk: Desk, number: int, *, complaints: int = 0, stages: int = 0) -> None:
    """Adds what an import has just brought in."""
    desk.session.execute(
        update(ImportRun)
        .where(col(ImportRun.id) == number)
        .values(complaints=ImportRun.complaints + complaints, stages=ImportRun.stages + stages)
    )
