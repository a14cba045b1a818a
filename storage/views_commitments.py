"""The reading side of commitments: mine, the open ones, and all there are for the tracker. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from storage import people
from storage.errors import NotAllowed, UnknownReference
from storage.models import Commitment, CommitmentEvent
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation
from storage.register import promising_rules as rules
from storage.vocabulary import CommitmentKind, Role


class Standing(StrEnum):
    """How a commitment stands."""

    DUE = "due"
    OVERDUE = "overdue"
    CLAIMED = "claimed"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """One commitment, and what the person who looks may do with it now.

    `area` None is for all areas. `days_left` counts working days to the due date: 0 is today, negative is overdue. `sent_back` is
    how often it was given back to its owner, `missing` why, the last time, while it is theirs to do.
    """

    id: int
    reference: str
    origin: str
    theme_id: int | None
    team_id: int | None
    area: str | None
    made_on: date
    body: str
    owner_id: int
    owner: Who | None
    due_on: date
    days_left: int
    done_on: date | None
    done_by_id: int | None
    action_taken: str | None
    evidence_ref: str | None
    ended_on: date | None
    withdrawn: bool
    sent_back: int
    missing: str | None
    can_finish: bool
    can_verify: bool
    can_redate: bool
    can_withdraw: bool

    @property
    def standing(self) -> Standing:
        if self.withdrawn:
            return Standing.WITHDRAWN
        if self.ended_on is not None:
            return Standing.COMPLETED
        if self.done_on is not None:
            return Standing.CLAIMED
        return Standing.OVERDUE if self.days_left < 0 else Standing.DUE


@dataclass(frozen=True, slots=True)
class Happened:
    """What the events of one commitment add up to, as far as lists need it."""

    done_by_id: int | None = None
    sent_back: int = 0
    missing: str | None = None


def mine(desk: Desk) -> list[CommitmentLine]:
    """What this person has to see to, also for whom they stand in, and has not said to be done; the earliest due date first."""
    owners = [one for one in (desk.actor.person_id, *desk.actor.covers) if one is not None]
    return _lines(desk, _OPEN & col(Commitment.done_on).is_(None) & col(Commitment.owner_id).in_(owners))


def to_verify(desk: Desk) -> list[CommitmentLine]:
    """What this person can verify; the earliest due date first. Nothing for who may not verify."""
    if not desk.actor.sees_all:
        return []
    return [one for one in _lines(desk, _OPEN & col(Commitment.done_on).is_not(None)) if one.can_verify]


def sees_all(desk: Desk) -> bool:
    """Whether this person may see commitments of others: the complaints team and senior managers may."""
    return desk.actor.sees_all or desk.actor.has(Role.SENIOR_MANAGER)


def must_have_a_list(desk: Desk) -> None:
    """Raises NotAllowed for who can neither own commitments nor see those of others."""
    if not desk.may(Operation.PROMISE):
        whom = people.whom_to_ask(desk.session, desk.today, desk.actor)
        raise NotAllowed(f"You can't see commitments with the role you have. {whom}")


def every_open(desk: Desk) -> list[CommitmentLine]:
    """All that are not over, the earliest due date first; for the complaints team and senior managers. Raises NotAllowed."""
    _require_all(desk)
    return _lines(desk, _OPEN)


def every(desk: Desk) -> list[CommitmentLine]:
    """All there have ever been, in the order of their references. Raises NotAllowed."""
    _require_all(desk)
    return sorted(_lines(desk, None), key=lambda one: one.id)


def one(desk: Desk, commitment_id: int) -> CommitmentLine:
    """A commitment. Raises UnknownReference also when this person neither owns it nor may see those of others."""
    found = _lines(desk, col(Commitment.id) == commitment_id)
    if not found or not (sees_all(desk) or desk.actor.owns(found[0].owner_id)):
        raise UnknownReference("There is no such commitment that you can see. /complaint promises lists yours.")
    return found[0]


def these(desk: Desk, commitment_ids: Collection[int]) -> list[CommitmentLine]:
    """These commitments, for the app itself."""
    return _lines(desk, col(Commitment.id).in_(list(commitment_ids)))


def waiting(desk: Desk, until: date) -> list[CommitmentLine]:
    """Those due by a day or overdue, and those that nobody has verified, for the app itself. Reads only what is open."""
    return _lines(desk, _OPEN & (col(Commitment.done_on).is_not(None) | (col(Commitment.due_on) <= until)))


_OPEN: ColumnElement[bool] = col(Commitment.ended_on).is_(None)


def _require_all(desk: Desk) -> None:
    if not sees_all(desk):
        whom = people.whom_to_ask(desk.session, desk.today, desk.actor)
        raise NotAllowed(f"Only the complaints team and senior managers see everybody's commitments. {whom}")


def _lines(desk: Desk, condition: ColumnElement[bool] | None) -> list[CommitmentLine]:
    query = select(Commitment).order_by(col(Commitment.due_on), col(Commitment.id))
    rows = desk.session.scalars(query if condition is None else query.where(condition)).all()
    who = people.everyone(desk.session, [row.owner_id for row in rows])
    # What is over has no use for its history in a list.
    happened = _happened(desk, [row.id for row in rows if row.id is not None and row.ended_on is None])
    return [_line(desk, row, who, happened.get(row.id or 0, Happened())) for row in rows]


def _line(desk: Desk, row: Commitment, who: Mapping[int, Who], happened: Happened) -> CommitmentLine:
    number = row.id or 0
    still, claimed = row.ended_on is None, row.done_on is not None
    return CommitmentLine(
        id=number,
        reference=rules.reference_of(number),
        origin=row.origin,
        theme_id=row.theme_id,
        team_id=row.team_id,
        area=desk.teams[row.team_id].name if row.team_id is not None else None,
        made_on=row.made_on,
        body=row.body,
        owner_id=row.owner_id,
        owner=who.get(row.owner_id),
        due_on=row.due_on,
        days_left=desk.calendar.days_left(desk.today, row.due_on),
        done_on=row.done_on,
        done_by_id=happened.done_by_id if claimed else None,
        action_taken=row.action_taken,
        evidence_ref=row.evidence_ref,
        ended_on=row.ended_on,
        withdrawn=row.withdrawn,
        sent_back=happened.sent_back,
        missing=None if claimed else happened.missing,
        can_finish=still and not claimed and desk.actor.owns(row.owner_id),
        can_verify=still and claimed and rules.may_verify(desk, row, happened.done_by_id),
        can_redate=still and not claimed and rules.may_redate(desk, row),
        can_withdraw=still and rules.may_withdraw(desk),
    )


def _happened(desk: Desk, commitment_ids: Collection[int]) -> dict[int, Happened]:
    if not commitment_ids:
        return {}
    events = desk.session.scalars(
        select(CommitmentEvent)
        .where(
            col(CommitmentEvent.commitment_id).in_(list(commitment_ids)),
            col(CommitmentEvent.kind).in_((CommitmentKind.DONE, CommitmentKind.SENT_BACK)),
        )
        .order_by(col(CommitmentEvent.id))
    )
    found: dict[int, Happened] = {}
    for event in events:
        before = found.get(event.commitment_id, Happened())
        found[event.commitment_id] = (
            Happened(event.actor_id, before.sent_back, before.missing)
            if event.kind is CommitmentKind.DONE
            else Happened(before.done_by_id, before.sent_back + 1, event.note)
        )
    return found


def areas(desk: Desk) -> dict[str, list[tuple[int, str]]]:
    """Teams and service areas that a commitment can be for, each service area with what is below it."""
    found: dict[str, list[tuple[int, str]]] = {}
    for team in desk.teams:
        if team.is_open(desk.today):
            found.setdefault(desk.teams[desk.teams.line(team.id)[-1]].name, []).append((team.id, team.name))
    return found


def owners(desk: Desk) -> dict[str, list[tuple[int, str]]]:
    """People who can be given a commitment today, the complaints team first; empty for who may only take it themselves."""
    if not rules.gives(desk):
        return {}
    groups = {
        "Complaints team": (Role.HANDLER, Role.COMPLAINTS_MANAGER),
        "Senior managers": (Role.SENIOR_MANAGER,),
        "Managers": (Role.NAMED_MANAGER,),
    }
    found: dict[str, list[tuple[int, str]]] = {}
    seen: set[int] = set()
    for label, roles in groups.items():
        here = people.with_role(desk.session, roles, desk.today, to_work=True)
        found[label] = [(who.id, who.name) for who in here if who.id not in seen]
        seen |= {who.id for who in here}
    return found
