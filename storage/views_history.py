"""The reading side of a complaint's history: its entries, what was written with each, and the names of whom they are about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from storage import people
from storage.models import Event, FreeText, Outsider
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Procedure
from storage.register import ledger
from storage.vocabulary import EventKind

# What an event's data call the ids of members of staff in them.
_STAFF = ("owner", "from", "person")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a history. `texts` holds what was written with it, by its name in `data`; None once it was cleared."""

    sequence: int
    kind: EventKind
    stage: int
    happened_on: date
    recorded_at: datetime
    actor_id: int | None
    data: Mapping[str, Any]
    texts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in a history stand for. `rules` is the procedure the complaint began under."""

    staff: Mapping[int, str]
    outsiders: Mapping[int, str]
    teams: Mapping[int, str]
    rules: Procedure


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to one complaint, in the order it was recorded."""

    reference: str
    entries: tuple[Entry, ...]
    names: Names


def history(desk: Desk, reference: str) -> History:
    """A complaint's history. Raises UnknownReference when it isn't there or the person may not see it."""
    complaint = ledger.complaint(desk, reference, Operation.SEE)
    events = desk.session.exec(
        select(Event).where(Event.complaint_id == complaint.id).order_by(col(Event.sequence))
    ).all()  # fmt: skip
    return History(complaint.reference, tuple(_entries(desk, events)), _names(desk, desk.rules_of(complaint), events))


def entry(desk: Desk, complaint_id: int, sequence: int, rules: Procedure) -> tuple[Entry, Names]:
    """One entry, for the app itself, which has checked who may know. Raises LookupError when there is none of that number."""
    event = desk.session.exec(
        select(Event).where(Event.complaint_id == complaint_id, Event.sequence == sequence)
    ).one_or_none()
    if event is None:
        raise LookupError(f"complaint {complaint_id} has no event {sequence}")
    (found,) = _entries(desk, [event])
    return found, _names(desk, rules, [event])


def _entries(desk: Desk, events: Sequence[Event]) -> Iterable[Entry]:
    named = [name for name, _digest in ledger.TEXTS]
    ids = {event.data[name] for event in events for name in named if name in event.data}
    written = select(FreeText.id, FreeText.body).where(col(FreeText.id).in_(ids))
    bodies = dict(desk.session.exec(written).all()) if ids else {}
    for event in events:
        yield Entry(
            sequence=event.sequence,
            kind=event.kind,
            stage=event.stage,
            happened_on=event.happened_on,
            recorded_at=event.recorded_at,
            actor_id=event.actor_id,
            data=event.data,
            texts={name: bodies.get(event.data[name]) for name in named if name in event.data},
        )


def _names(desk: Desk, rules: Procedure, events: Sequence[Event]) -> Names:
    staff = [event.actor_id for event in events] + [event.data.get(name) for event in events for name in _STAFF]
    outsiders = {event.data.get("outsider") for event in events} - {None}
    known = select(Outsider.id, Outsider.name).where(col(Outsider.id).in_(outsiders))
    rows = desk.session.exec(known).all() if outsiders else ()
    return Names(
        staff={one.id: one.name for one in people.everyone(desk.session, staff).values()},
        outsiders={outsider_id: name for outsider_id, name in rows if outsider_id is not None},
        teams={team.id: team.name for team in desk.teams},
        rules=rules,
    )
