"""Bringing in many past complaints at once, with their history: an import's door to the register.

Rows go in by the hundred in a handful of statements. What is stored is what the other doors would have stored.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlmodel import SQLModel, col

from storage import chain, outbox, people
from storage.models import Complaint, ComplaintTeam, ComplaintTheme, Event, FreeText, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.register import course, imports
from storage.register.ledger import card_key, columns
from storage.register.past import Checked, Past
from storage.register.record import take_references
from storage.vocabulary import EventKind, MessageKind, Role

_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Here:
    """A complaint that an import brought in before: its reference in the register, and the digest of what was known."""

    reference: str
    content: str


def already_here(desk: Desk, keys: Collection[str]) -> dict[str, Here]:
    """Which of these import keys the register has. The digest is empty for a complaint whose history was not imported."""
    if not keys:
        return {}
    # A subquery and not a join: PostgreSQL, before it has statistics, would read the whole history for every batch.
    received = (
        select(col(Event.data))
        .where(col(Event.complaint_id) == col(Complaint.id), col(Event.sequence) == 1)
        .correlate(Complaint)
        .scalar_subquery()
    )
    rows = desk.session.execute(
        select(col(Complaint.imported_key), col(Complaint.reference), received.label("received")).where(
            col(Complaint.imported_key).in_(keys)
        )
    )
    return {row.imported_key: Here(row.reference, (row.received or {}).get("content", "")) for row in rows}


def bring_in(desk: Desk, complaints: Sequence[Checked], run: int) -> list[str]:
    """Writes these complaints of this import, whose keys must be new, and returns their references in the same order.

    Open ones ask for their card, so that they can be claimed; closed ones say nothing to anybody. Raises NotAllowed.
    """
    desk.require(Operation.IMPORT)
    if not complaints:
        return []
    references = _references(desk, complaints)
    texts = _texts(complaints)
    handlers = followers(desk) if any(one.past.ended_on is None for one in complaints) else []
    histories = [_history(desk, one, run) for one in complaints]
    rows = [
        _complaint(desk, one.past, reference, len(history), handlers)
        for one, reference, history in zip(complaints, references, histories, strict=True)
    ]
    for row, history in zip(rows, histories, strict=True):
        # Nobody knows when the matter of a past complaint was: the history says that too.
        history[0]["data"] |= {"handler": row["handler_id"], "matter": None}
    ids = _insert_returning(desk, Complaint, rows)
    keys = [chain.new_key() for _ in texts]
    text_ids = _insert_returning(
        desk,
        FreeText,
        [
            {"complaint_id": ids[at], "about": "summary", "body": body, "key": key}
            for (at, body), key in zip(texts, keys, strict=True)
        ],
    )
    for (at, body), key, text_id in zip(texts, keys, text_ids, strict=True):
        histories[at][0]["data"] |= {"text": text_id, "digest": chain.digest(key, body)}
    _chain(desk, ids, references, histories)
    with_ids = list(zip(ids, complaints, histories, strict=True))
    _insert(desk, Stage, [_stage(desk, complaint_id, one, run) for complaint_id, one, _ in with_ids])
    _insert(
        desk,
        Event,
        [{"complaint_id": complaint_id, **event} for complaint_id, _, events in with_ids for event in events],
    )
    _insert(
        desk,
        ComplaintTeam,
        [{"complaint_id": one_id, "team_id": team} for one_id, one, _ in with_ids for team in one.past.other_team_ids],
    )
    _insert(
        desk,
        ComplaintTheme,
        [{"complaint_id": one_id, "theme_id": theme} for one_id, one, _ in with_ids for theme in one.past.theme_ids],
    )
    outbox.put_many(
        desk.session,
        [_card(one_id) for one_id, one, _events in with_ids if one.past.ended_on is None],
        desk.now,
    )
    return references


def _references(desk: Desk, complaints: Sequence[Checked]) -> list[str]:
    """One block of numbers a year, taken in the order of the years so that two writers never wait for each other."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(complaints):
        places[one.past.received_on.year].append(at)
    found = [""] * len(complaints)
    for year in sorted(places):
        for at, reference in zip(places[year], take_references(desk, year, len(places[year])), strict=True):
            found[at] = reference
    return found


def _texts(complaints: Sequence[Checked]) -> list[tuple[int, str]]:
    return [(at, one.past.summary) for at, one in enumerate(complaints) if one.past.summary]


def followers(desk: Desk) -> list[int]:
    """Who may follow what is still open: handlers, the one with the least to do first; else complaints managers."""
    first = people.handler_with_least(desk.session, desk.today)
    if first is None:
        return []
    for role in (Role.HANDLER, Role.COMPLAINTS_MANAGER):
        ids = [who.id for who in people.with_role(desk.session, [role], desk.today)]
        if first.id in ids:
            at = ids.index(first.id)
            return ids[at:] + ids[:at]
    return [first.id]


def _complaint(desk: Desk, past: Past, reference: str, changes: int, handlers: list[int]) -> dict[str, Any]:
    handler = None
    if past.ended_on is None and handlers:
        handler = handlers[0]
        handlers.append(handlers.pop(0))
    return {
        "reference": reference,
        "imported_key": past.key,
        "procedure": past.procedure,
        "procedure_version": desk.procedures[past.procedure].version,
        "received_on": past.received_on,
        "recorded_at": _recorded_at(desk, past),
        "recorded_by_id": desk.actor.person_id,
        "lead_team_id": past.lead_team_id,
        "customer_group": past.customer_group,
        "contact_method": past.contact_method,
        "correspondence_ref": past.correspondence_ref or past.reference,
        "owner_id": past.owner_id,
        "handler_id": handler,
        "owned_at": desk.now if past.owner_id is not None else None,
        "closed_on": past.ended_on,
        "changes": changes,
        "head": "",
        "held": False,
    }


def _chain(desk: Desk, ids: list[int], references: list[str], histories: list[list[dict[str, Any]]]) -> None:
    """Gives every event its hash and every complaint the last of them."""
    heads = []
    for complaint_id, reference, events in zip(ids, references, histories, strict=True):
        head = ""
        for event in events:
            head = event["hash"] = chain.seal(head, reference=reference, **{**event, "kind": event["kind"].value})
        heads.append({"one": complaint_id, "last": head})
    table = _table(Complaint)
    desk.session.execute(
        update(table).where(table.c.id == bindparam("one")).values(head=bindparam("last")),
        heads,
        execution_options={"synchronize_session": False},
    )


def _stage(desk: Desk, complaint_id: int, one: Checked, run: int) -> dict[str, Any]:
    past, clock = one.past, one.clock
    return {
        "complaint_id": complaint_id,
        "number": 1,
        "procedure": past.procedure,
        "lead_team_id": past.lead_team_id,
        "owner_id": past.owner_id,
        "recorded_after": course.recorded_after(desk, past),
        "opened_on": past.received_on,
        "acknowledged_on": past.acknowledged_on,
        **columns(clock),
        "outcome": past.outcome.key if past.outcome else None,
        "finding": past.outcome.finding if past.outcome else None,
        "import_id": run,
    }


def _history(desk: Desk, one: Checked, run: int) -> list[dict[str, Any]]:
    """Every event of a complaint, in the order it happened, without its complaint's id."""
    past = one.past
    received = {
        "team": past.lead_team_id,
        "procedure": past.procedure,
        "version": desk.procedures[past.procedure].version,
        "recorded_after": course.recorded_after(desk, past),
        "content": past.content,
    }
    happened: list[tuple[EventKind, date, dict[str, Any]]] = [(EventKind.RECEIVED, past.received_on, received)]
    if past.owner_id is not None:
        # Nobody knows when it was given to the owner: `how` tells the time to allocate to leave it out.
        given = {"owner": past.owner_id, "from": None, "how": "imported"}
        happened.append((EventKind.ALLOCATED, past.received_on, given))
    happened += course.history(past, one.clock, themes=past.theme_ids)
    happened.sort(key=lambda event: event[1])
    return [
        {
            "sequence": sequence,
            "kind": kind,
            "stage": 1,
            "happened_on": on,
            "recorded_at": _recorded_at(desk, past) if kind is EventKind.RECEIVED else desk.now,
            "actor_id": desk.actor.person_id,
            "data": {**data, **imports.mark(run)},
        }
        for sequence, (kind, on, data) in enumerate(happened, start=1)
    ]


def _recorded_at(desk: Desk, past: Past) -> datetime:
    return min(datetime.combine(past.recorded_on, _NOON), desk.now) if past.recorded_on else desk.now


def _card(complaint_id: int) -> dict[str, Any]:
    return {"key": card_key(complaint_id), "kind": MessageKind.CARD, "complaint_id": complaint_id}


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made
    return table


def _insert(desk: Desk, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    if rows:
        desk.session.execute(insert(_table(model)), rows)


def _insert_returning(desk: Desk, model: type[SQLModel], rows: list[dict[str, Any]]) -> list[int]:
    """The new ids, in the order of the rows."""
    if not rows:
        return []
    table = _table(model)
    return list(desk.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))
