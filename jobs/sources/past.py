"""What ended the need for a nudge, from the history of a complaint."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from jobs.nudges import Line
from jobs.sources.source import Settled
from storage import people
from storage.models import Complaint, Event
from storage.office import Desk
from storage.vocabulary import EventKind

# What a message says of each; anything else is "done".
_WHAT: Mapping[EventKind, str] = {
    EventKind.CLAIMED: "claimed",
    EventKind.ALLOCATED: "given a new owner",
    EventKind.ACKNOWLEDGED: "acknowledged",
    EventKind.EXTENSION_APPROVED: "extension approved",
    EventKind.EXTENSION_REFUSED: "extension refused",
    EventKind.PAUSED: "paused",
    EventKind.PAUSE_REFUSED: "pause refused",
    EventKind.RESPONSE_DATE_AGREED: "new date agreed",
    EventKind.STAGE_OPENED: "opened",
    EventKind.NOT_PROCEEDED: "closed",
    EventKind.ACTION_MOVED: "given a new owner",
    EventKind.REMEDY_MOVED: "given a new owner",
    EventKind.ACTION_VERIFIED: "verified",
    EventKind.ACTION_SENT_BACK: "sent back",
    EventKind.NOTE_SHARED: "shared",
    EventKind.NOTE_NOT_NEEDED: "declined",
}


def reference(desk: Desk, line: Line) -> str:
    """The reference of the complaint that a line is about."""
    found = desk.session.get(Complaint, line.complaint_id)
    return found.reference if found else line.subject


def settled_by(
    desk: Desk,
    complaint_id: int | None,
    kinds: Sequence[EventKind],
    since: datetime,
    *,
    about: tuple[str, int] | None = None,
) -> Settled | None:
    """The last event of these kinds recorded since; of one thing only when `about` is its key in the data and its number."""
    found = desk.session.scalars(
        select(Event)
        .where(col(Event.complaint_id) == complaint_id, col(Event.kind).in_(kinds), col(Event.recorded_at) >= since)
        .order_by(col(Event.sequence).desc())
    )
    event = next((one for one in found if about is None or one.data.get(about[0]) == about[1]), None)
    if event is None:
        return None
    who = people.everyone(desk.session, [event.actor_id]).get(event.actor_id or 0)
    return Settled(_WHAT.get(event.kind, "done"), who, event.recorded_at)
