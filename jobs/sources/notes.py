"""Learning notes: what all managers can learn from a stage in which fault was found, to be shared or declined by its handler."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from bot.blocks import learning
from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter
from jobs.sources.past import reference, settled_by
from jobs.sources.source import Saying, Settled, Source
from jobs.staff import Staff
from jobs.why import why
from storage import views_learning
from storage.ladder import SETTLED_BY, Measure, To
from storage.models import Complaint, Stage
from storage.office import Desk

# Older stages are past learning from: nobody is asked about them when the app is new, or was away for long.
ASKED_FOR_DAYS = 60


def _waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """Stages that ended lately with fault found, of which no note was shared or declined."""
    return _matters(desk, staff, [])


def _these(desk: Desk, staff: Staff, ids: Sequence[int]) -> list[Matter]:
    return _matters(desk, staff, [col(Stage.id).in_(ids)])


def _matters(desk: Desk, staff: Staff, conditions: Sequence[Any]) -> list[Matter]:
    query = (
        views_learning.without_note(Stage, col(Complaint.handler_id))
        .join(Complaint, col(Complaint.id) == col(Stage.complaint_id))
        .where(col(Stage.ended_on) >= desk.today - timedelta(days=ASKED_FOR_DAYS), *conditions)
    )
    return [
        Matter(
            subject=f"note:{row.Stage.id}",
            complaint_id=row.Stage.complaint_id,
            measures={Measure.UNSHARED: desk.calendar.between(row.Stage.ended_on, desk.today)},
            recipients={
                To.HANDLER: staff.handler(row.handler_id),
                To.COMPLAINTS_MANAGERS: staff.managers,
            },
        )
        for row in desk.session.execute(query)
    ]


def _said(desk: Desk, saying: Saying) -> NudgeLine | None:
    stage = desk.session.get(Stage, saying.matter.id)
    if stage is None or stage.ended_on is None:
        return None
    because = why(desk, saying, None)
    return learning.note_wanted(reference(desk, saying.line), stage.number, stage.ended_on, because)


def _settled(desk: Desk, line: Line, since: datetime) -> Settled | None:
    stage = desk.session.get(Stage, int(line.subject.partition(":")[2]))
    kinds = SETTLED_BY[Measure.UNSHARED]
    return settled_by(desk, line.complaint_id, kinds, since, about=("stage", stage.number)) if stage else None


SOURCE = Source("note", reference, _waiting, _these, _said, _settled)
