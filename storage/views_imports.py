"""The reading side of imports: which there were, and what is left of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from storage.models import ImportRun, Stage
from storage.office import Desk
from storage.permissions import Operation


@dataclass(frozen=True, slots=True)
class Run:
    """One import: what it brought in, and of how many complaints something is still there. Instants in UTC."""

    number: int
    started_at: datetime
    complaints: int
    stages: int
    still_here: int
    taken_back_at: datetime | None


def runs(desk: Desk, *, most: int = 10) -> list[Run]:
    """The last imports, the newest first. Raises NotAllowed."""
    desk.require(Operation.IMPORT)
    here = (
        select(func.count(col(Stage.complaint_id).distinct()))
        .where(col(Stage.import_id) == col(ImportRun.id))
        .correlate(ImportRun)
        .scalar_subquery()
    )
    rows = desk.session.execute(select(ImportRun, here.label("here")).order_by(col(ImportRun.id).desc()).limit(most))
    return [Run(one.id or 0, one.started_at, one.complaints, one.stages, left, one.taken_back_at) for one, left in rows]
