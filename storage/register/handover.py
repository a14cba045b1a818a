"""Handing over: what one person owns goes to another, all of it or some, in one transaction and with a note for each.

Work is never put on somebody who is away, leaves before it is due, is deactivated or has no role.
"""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from storage import availability, outbox, people
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal
from storage.models import Commitment, CommitmentEvent, Complaint, LearningAction, NudgeRecord, Person, Remedy
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation, may
from storage.register import ledger, ownership
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.views_ownership import Held, Kind, held
from storage.vocabulary import CommitmentKind, EventKind, MessageKind

NOTE_LENGTH = 500
_NOTHING = "There is nothing of theirs that you may hand over."


@dataclass(frozen=True)
class Handover:
    """Who gives what to whom. `keys` are `Held.key`s, None for everything the person may hand over; `notes` are by key.

    `note` goes with each that has none of its own.
    """

    from_id: int
    to_id: int
    keys: Sequence[str] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was handed over, and to whom."""

    items: tuple[Held, ...]
    to: Who


def movable(desk: Desk, from_id: int, team_ids: frozenset[int] | None = None) -> list[Held]:
    """What somebody owns that this person may hand over: their own, their service's, or all; of these teams when given."""
    return [
        one
        for one in held(desk, [from_id])
        if _may(desk, one) and (team_ids is None or (one.team_id is not None and one.team_id in team_ids))
    ]


def hand_over(desk: Desk, asked: Handover) -> Moved:
    """Moves it all or nothing, and tells the new owner once, and the one who had it.

    Raises FieldProblems naming what won't do (`to_id`, `keys`, `note:KEY`, `note`); AlreadyDone when somebody else was quicker;
    NotAllowed when there is nothing of that person that this one may hand over.
    """
    offered = {one.key: one for one in movable(desk, asked.from_id)}
    if not offered:
        raise NotAllowed(f"{_NOTHING} {people.whom_to_ask(desk.session, desk.today, desk.actor)}")
    wanted = list(offered) if asked.keys is None else list(dict.fromkeys(asked.keys))
    if not wanted:
        raise FieldProblems({"keys": "Choose at least one thing to hand over."})
    _must_be_there(wanted, offered)
    items = [offered[key] for key in wanted]
    to = people.everyone(desk.session, [asked.to_id]).get(asked.to_id)
    if to is None or asked.to_id == asked.from_id:
        raise FieldProblems({"to_id": "Choose somebody else, who is in the register."})
    _refuse(_note_problems(asked, wanted))
    files = _files(desk, items)
    # What somebody else was just seeing to is over now, or is another's.
    _must_be_there(wanted, {one.key for one in held(desk, [asked.from_id])})
    refused = [why for one in items if (why := _why_not(desk, one, asked.to_id, files))]
    if refused:
        raise FieldProblems({"to_id": " ".join(dict.fromkeys(refused[:3]))})
    for one in items:
        _move(desk, one, to, files, asked.notes.get(one.key, "").strip() or asked.note.strip())
    ledger.redraw_ownership(desk, asked.from_id)
    _tell(desk, asked.from_id, to, items)
    return Moved(tuple(items), to)


def eligible(desk: Desk, items: Sequence[Held]) -> list[tuple[Who, int]]:
    """Everybody who can take all of this, and how many open complaints each owns now, the fewest first."""
    last = max(one.due_on for one in items)
    complaints = [one for one in items if one.kind is Kind.COMPLAINT]
    found: dict[int, tuple[Who, int]] | None = None
    for team_id in sorted({one.team_id for one in complaints if one.team_id is not None}):
        line = desk.teams.line(team_id)
        here = {
            one.who.id: (one.who, one.open_complaints)
            for one in people.candidates(desk.session, line, desk.today, until=last)
        }
        found = here if found is None else {who: found[who] for who in found if who in here}
    if found is None:
        able = availability.all_free(desk.session, desk.today, last)
        found = {who.id: (who, 0) for who in people.everyone(desk.session, able).values()}
    owners = {one.owner_id for one in items}
    return sorted(
        (one for person_id, one in found.items() if person_id not in owners), key=lambda one: (one[1], one[0].name)
    )


def _may(desk: Desk, one: Held) -> bool:
    line = desk.teams.line(one.team_id) if one.team_id is not None else ()
    return may(desk.actor, Operation.HAND_OVER, team_line=line, owner_id=one.owner_id)


def _why_not(desk: Desk, one: Held, to_id: int, files: Mapping[int, File]) -> str | None:
    if one.kind is Kind.COMPLAINT:
        found = ownership.able(desk, files[one.id], to_id)
        return found if isinstance(found, str) else None
    return availability.why_not(desk.session, to_id, desk.today, one.due_on)


def _must_be_there(wanted: Collection[str], there: Container[str]) -> None:
    if any(key not in there for key in wanted):
        raise AlreadyDone(
            "Some of this is done, or has another owner, since you opened the form. Close it and look again."
        )


def _note_problems(asked: Handover, wanted: Sequence[str]) -> dict[str, str]:
    notes = {f"note:{key}": asked.notes.get(key, "").strip() for key in wanted} | {"note": asked.note.strip()}
    problems = {
        name: reason_problem(note, "what the new owner has to know", longest=NOTE_LENGTH)
        for name, note in notes.items()
        if note
    }
    return {name: problem for name, problem in problems.items() if problem}


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise FieldProblems(problems)


def _files(desk: Desk, items: Sequence[Held]) -> dict[int, File]:
    """The complaints concerned. They and the commitments are locked in the order of their numbers: two who hand over at once
    must not block each other.
    """
    ids = sorted({one.complaint_id for one in items if one.complaint_id is not None})
    query = select(Complaint).where(col(Complaint.id).in_(ids)).order_by(col(Complaint.id))
    locked = desk.session.exec(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).all()  # fmt: skip
    numbers = [one.id for one in items if one.kind is Kind.COMMITMENT]
    commitments = select(col(Commitment.id)).where(col(Commitment.id).in_(numbers)).order_by(col(Commitment.id))
    if numbers:
        desk.session.exec(commitments.with_for_update(key_share=True)).all()
    return {file.id: file for file in (ledger.opened(desk, complaint) for complaint in locked)}


def _move(desk: Desk, one: Held, to: Who, files: Mapping[int, File], note: str) -> None:
    if one.kind is Kind.COMMITMENT:
        _move_commitment(desk, one, to, note)
        return
    file = files[one.complaint_id or 0]
    kept = ledger.keep_text(desk, file, "handover", note) if note else None
    if one.kind is Kind.COMPLAINT:
        _must_still_be(file.complaint.owner_id, one)
        ownership.give(desk, file, to, how="handover", note=kept)
        return
    row: LearningAction | Remedy = (
        desk.session.get_one(LearningAction, one.id, populate_existing=True)
        if one.kind is Kind.ACTION
        else desk.session.get_one(Remedy, one.id, populate_existing=True)
    )
    _must_still_be(row.owner_id, one)
    row.owner_id = to.id
    kind = EventKind.ACTION_MOVED if one.kind is Kind.ACTION else EventKind.REMEDY_MOVED
    data = {one.kind.value: one.id, "owner": to.id, "from": one.owner_id}
    ledger.append(desk, file, kind, on=desk.today, data=data, text=kept)


def _move_commitment(desk: Desk, one: Held, to: Who, note: str) -> None:
    commitment = desk.session.exec(
        select(Commitment).where(Commitment.id == one.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    _must_still_be(commitment.owner_id, one)
    commitment.owner_id = to.id
    desk.session.add(
        CommitmentEvent(
            commitment_id=one.id,
            kind=CommitmentKind.MOVED,
            happened_on=desk.today,
            recorded_at=desk.now,
            actor_id=desk.actor.person_id,
            data={"owner": to.id, "from": one.owner_id},
            note=note or None,
        )
    )
    ledger.redraw_nudges(desk, col(NudgeRecord.subject) == f"commitment:{one.id}")


def _must_still_be(owner_id: int | None, one: Held) -> None:
    if owner_id != one.owner_id:
        raise AlreadyDone(
            f"{one.name[:1].upper()}{one.name[1:]} has another owner since. Close the form and look again."
        )


def _tell(desk: Desk, from_id: int, to: Who, items: Sequence[Held]) -> None:
    """One message for the new owner however much it is, one for who had it before; nobody is told what they did themselves."""
    data = {
        "items": [one.key for one in items],
        "from": from_id,
        "to": to.id,
        "by": desk.actor.person_id,
    }
    moment = desk.now.isoformat(timespec="milliseconds")
    gone = availability.gone(desk.session, desk.today, [from_id])
    for kind, person_id in ((MessageKind.HANDED_OVER, to.id), (MessageKind.TAKEN_OVER, from_id)):
        if person_id != desk.actor.person_id and person_id not in gone:
            key = f"{kind.value}:{person_id}:{from_id}:{to.id}:{moment}"
            outbox.put(desk.session, key=key, kind=kind, now=desk.now, person_id=person_id, data=data)


def person_named(desk: Desk, slack_id: str) -> Person:
    """The person of the register with this Slack id. Raises Refusal when there is none."""
    found = desk.session.exec(select(Person).where(Person.slack_id == slack_id)).one_or_none()
    if found is None:
        raise Refusal("That person is not in the complaints register, so they own nothing here. Pick somebody else.")
    return found
