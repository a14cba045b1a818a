"""Learning actions: done by their day, and then verified by somebody who neither owns them nor said that they are done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from bot.blocks import learning
from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter
from jobs.sources.past import reference, settled_by
from jobs.sources.source import Saying, Settled, Source
from jobs.staff import Staff
from jobs.why import why
from storage import views_learning
from storage.availability import covered_by
from storage.dates import london_day
from storage.ladder import SETTLED_BY, Measure, To
from storage.models import Event
from storage.office import Desk
from storage.views_learning import ActionFacts
from storage.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class _Past:
    """How often an action was sent back, and the day on which it was last said to be done."""

    sent_back: int = 0
    said_on: date | None = None


def _waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """Actions near their day or past it, and those that wait to be verified."""
    horizon = desk.calendar.add(desk.today, max(desk.ladder.furthest(Measure.ACTION), 1))
    return _matters(desk, staff, views_learning.not_over(desk, horizon))


def _these(desk: Desk, staff: Staff, ids: Sequence[int]) -> list[Matter]:
    return _matters(desk, staff, views_learning.these(desk, ids))


def _matters(desk: Desk, staff: Staff, found: Sequence[ActionFacts]) -> list[Matter]:
    past = _past(desk, {one.complaint_id for one in found})
    return [_matter(desk, staff, one, past.get(one.id, _Past())) for one in found]


def _matter(desk: Desk, staff: Staff, action: ActionFacts, past: _Past) -> Matter:
    measures: dict[Measure, int] = {}
    abouts: dict[Measure, str] = {}
    if action.done_on is None:
        measures[Measure.ACTION] = action.days_left
        # What was sent back is owed anew, and begins at the foot of the ladder.
        abouts[Measure.ACTION] = f"{action.due_on.isoformat()}/{past.sent_back}"
    elif action.verified_on is None:
        # It may have been done long before its owner said so; nobody could have verified it any earlier.
        measures[Measure.CLAIMED] = max(desk.calendar.between(past.said_on or action.done_on, desk.today), 0)
        abouts[Measure.CLAIMED] = f"{action.done_on.isoformat()}/{past.sent_back}"
    owner_id = action.owner.id if action.owner else None
    barred = {owner_id, action.done_by.id if action.done_by else None}
    verifiers = _but(staff.handler(action.handler_id), barred) or _but(staff.managers, barred)
    return Matter(
        subject=f"action:{action.id}",
        complaint_id=action.complaint_id,
        measures=measures,
        abouts=abouts,
        left=measures.get(Measure.ACTION, 0),
        recipients={
            To.OWNER: staff.owner(owner_id, action.team_id),
            # Whoever could be asked next is, rather than nobody.
            To.HANDLER: verifiers or _but(sorted(staff.team & staff.present), barred),
            To.SENIOR_MANAGER: staff.senior(action.team_id),
            To.COMPLAINTS_MANAGERS: _but(staff.managers, barred),
        },
    )


def _but(person_ids: Iterable[int], barred: Collection[int | None]) -> tuple[int, ...]:
    return tuple(one for one in person_ids if one not in barred)


def _past(desk: Desk, complaint_ids: Collection[int]) -> Mapping[int, _Past]:
    """What the history of these complaints says of each of their actions."""
    if not complaint_ids:
        return {}
    kinds = (EventKind.ACTION_DONE, EventKind.ACTION_SENT_BACK)
    events = desk.session.scalars(
        select(Event)
        .where(col(Event.complaint_id).in_(complaint_ids), col(Event.kind).in_(kinds))
        .order_by(col(Event.complaint_id), col(Event.sequence))
    )
    found: dict[int, _Past] = {}
    for event in events:
        before = found.get(event.data["action"], _Past())
        if event.kind is EventKind.ACTION_SENT_BACK:
            found[event.data["action"]] = _Past(before.sent_back + 1, before.said_on)
        else:
            found[event.data["action"]] = _Past(before.sent_back, london_day(event.recorded_at))
    return found


def _said(desk: Desk, saying: Saying) -> NudgeLine | None:
    action = next(iter(views_learning.these(desk, [saying.matter.id])), None)
    if action is None:
        return None
    owner_id = action.owner.id if action.owner else None
    because = why(desk, saying, owner_id, owner="the one who will see to it")
    if saying.measure is Measure.CLAIMED:
        return learning.action_claimed(action, because)
    mine = owner_id == saying.reader_id or owner_id in covered_by(desk.session, saying.reader_id, desk.today)
    missing = views_learning.still_missing(desk, action)
    return learning.action_due(action, because, may_do=mine, missing=missing)


def _settled(desk: Desk, line: Line, since: datetime) -> Settled | None:
    rung = desk.ladder.rung(line.rung)
    number = int(line.subject.partition(":")[2])
    return (
        settled_by(desk, line.complaint_id, SETTLED_BY[rung.measure], since, about=("action", number)) if rung else None
    )


SOURCE = Source("action", reference, _waiting, _these, _said, _settled)
