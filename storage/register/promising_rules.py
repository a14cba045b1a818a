"""Who may do what with which commitment, and what is wrong with one that is about to be recorded.

One answer for what isn't there and what isn't theirs, or guessing numbers would tell how many there are.
"""

from datetime import date

from sqlmodel import col, select

from storage import availability, people
from storage.dates import in_words
from storage.errors import AlreadyDone, NotAllowed, Refusal, UnknownReference
from storage.models import Appointment, Commitment, CommitmentEvent
from storage.office import Desk
from storage.permissions import Operation
from storage.register.writing import reason_problem
from storage.vocabulary import CommitmentKind, Role

BODY_LENGTH = 500
ORIGIN_LENGTH = 100
_NOT_YOURS = "There is no such commitment that you can change. /complaint promises lists yours."


def reference_of(commitment_id: int) -> str:
    """`P-0003`, how people call a commitment."""
    return f"P-{commitment_id:04d}"


def finishable(desk: Desk, commitment_id: int, *, lock: bool = False) -> Commitment:
    """One that this person owns, or stands in for, and has still to do. Raises AlreadyDone; UnknownReference for anybody else."""
    commitment = _found(desk, commitment_id, lock=lock)
    if commitment is None or not desk.actor.owns(commitment.owner_id):
        raise UnknownReference("There is no such commitment that you own. /complaint promises lists yours.")
    _must_be_open(commitment)
    if commitment.done_on is not None:
        raise AlreadyDone(
            f"{reference_of(commitment_id)} was marked as done on {in_words(commitment.done_on)} already. The complaints team "
            "verifies it; there is nothing for you to do."
        )
    return commitment


def verifiable(desk: Desk, commitment_id: int, *, lock: bool = False) -> Commitment:
    """One that its owner says is done, for somebody else of the complaints team.

    Raises AlreadyDone; Refusal before its owner said so, and for its owner; NotAllowed; UnknownReference.
    """
    desk.require(Operation.LEARN)
    commitment = _found(desk, commitment_id, lock=lock)
    if commitment is None:
        raise UnknownReference(_NOT_YOURS)
    _must_be_open(commitment)
    reference = reference_of(commitment_id)
    if commitment.done_on is None:
        due_on = in_words(commitment.due_on)
        raise Refusal(
            f"The owner of {reference} has not said that it is done. It is due on {due_on}. There is nothing to verify yet."
        )
    said_by = desk.session.exec(
        select(CommitmentEvent.actor_id)
        .where(CommitmentEvent.commitment_id == commitment_id, CommitmentEvent.kind == CommitmentKind.DONE)
        .order_by(col(CommitmentEvent.id).desc())
        .limit(1)
    ).first()
    if not may_verify(desk, commitment, said_by):
        raise Refusal(f"You see to {reference} yourself, so somebody else of the complaints team has to verify it.")
    return commitment


def redatable(desk: Desk, commitment_id: int, *, lock: bool = False) -> Commitment:
    """One whose date the complaints team, or a senior manager of its service, may move.

    Raises AlreadyDone once it was marked as done or is over; NotAllowed; UnknownReference.
    """
    if not gives(desk):
        raise not_allowed(desk, "Only the complaints team and senior managers can change when a commitment is due.")
    commitment = _found(desk, commitment_id, lock=lock)
    if commitment is None or not may_redate(desk, commitment):
        raise UnknownReference(_NOT_YOURS)
    _must_be_open(commitment)
    if commitment.done_on is not None:
        raise AlreadyDone(
            f"{reference_of(commitment_id)} was marked as done, so its date stays as it is. There is nothing to do."
        )
    return commitment


def withdrawable(desk: Desk, commitment_id: int, *, lock: bool = False) -> Commitment:
    """One that is not over, for the complaints team. Raises AlreadyDone; NotAllowed; UnknownReference."""
    if not may_withdraw(desk):
        raise not_allowed(desk, "Only the complaints team can withdraw a commitment.")
    commitment = _found(desk, commitment_id, lock=lock)
    if commitment is None:
        raise UnknownReference(_NOT_YOURS)
    _must_be_open(commitment)
    return commitment


def changeable(desk: Desk, commitment_id: int) -> Commitment:
    """One that this person may move or withdraw. Raises as `redatable` does."""
    return (withdrawable if may_withdraw(desk) else redatable)(desk, commitment_id)


def _found(desk: Desk, commitment_id: int, *, lock: bool) -> Commitment | None:
    """A commitment, `lock`ed until the transaction ends for who is about to change it; None when there is no such number."""
    query = select(Commitment).where(Commitment.id == commitment_id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return desk.session.exec(query).one_or_none()


def _must_be_open(commitment: Commitment) -> None:
    if commitment.ended_on is not None:
        what = "was withdrawn" if commitment.withdrawn else "was verified as done"
        raise AlreadyDone(
            f"{reference_of(commitment.id or 0)} {what} on {in_words(commitment.ended_on)} already. There is nothing to do."
        )


def gives(desk: Desk) -> bool:
    """Whether this person may give a commitment to somebody else, or add a wider action: the complaints team, senior managers."""
    return desk.actor.sees_all or desk.actor.has(Role.SENIOR_MANAGER)


def may_redate(desk: Desk, commitment: Commitment) -> bool:
    """Whether this person may change when it is due. A senior manager may for their own service, and for what is for no area."""
    if desk.actor.sees_all:
        return True
    line = desk.teams.line(commitment.team_id) if commitment.team_id is not None else None
    return any(
        role is Role.SENIOR_MANAGER and (team_id is None or line is None or team_id in line)
        for role, team_id in desk.actor.roles
    )


def may_withdraw(desk: Desk) -> bool:
    """Whether this person may withdraw commitments: the complaints team may."""
    return desk.actor.sees_all


def may_verify(desk: Desk, commitment: Commitment, said_done_by: int | None) -> bool:
    """Whether this person, who is of the complaints team, is somebody else than its owner and than who said it is done."""
    mine = desk.actor.owns(commitment.owner_id) or desk.actor.person_id in (None, said_done_by)
    return desk.actor.sees_all and not mine


def must_widen(desk: Desk) -> None:
    """Raises NotAllowed unless this person may add a wider action to a theme."""
    if not gives(desk):
        raise not_allowed(desk, "Only the complaints team and senior managers can add a wider action.")


def not_allowed(desk: Desk, what: str) -> NotAllowed:
    """The refusal, with whom to ask."""
    return NotAllowed(f"{what} {people.whom_to_ask(desk.session, desk.today, desk.actor)}")


def wording_problems(body: str, origin: str) -> dict[str, str]:
    """What is wrong with the words of a commitment, by field; empty when nothing is."""
    found = {
        "body": reason_problem(body, "what was promised", longest=BODY_LENGTH),
        "origin": reason_problem(origin, "who it was promised to", longest=ORIGIN_LENGTH),
    }
    return {field: problem for field, problem in found.items() if problem}


def owner_problem(desk: Desk, owner_id: int, due_on: date) -> str | None:
    """Why this person can't own it; only some may give it to anybody but themselves."""
    if owner_id != desk.actor.person_id and not gives(desk):
        return (
            "Only the complaints team and senior managers can give a commitment to somebody else. Leave it to yourself."
        )
    return availability.why_not(desk.session, owner_id, desk.today, due_on)


def area_problem(desk: Desk, team_id: int | None) -> str | None:
    """Why it can't be for this area; None is for all of them."""
    if team_id is None or (team_id in desk.teams and desk.teams[team_id].is_open(desk.today)):
        return None
    return "Choose one of the areas in the list, or leave it empty."


def due_problem(desk: Desk, due_on: date) -> str | None:
    """Why it can't be due on this day."""
    last = desk.calendar.last_day
    if due_on < desk.today:
        return f"{in_words(due_on)} has passed. Choose today or a later day."
    return None if due_on <= last else f"The calendar reaches to {in_words(last)}. Check the year."


def only_area(desk: Desk, person_id: int) -> int | None:
    """The one team or service area that somebody manages; None when they manage none or several."""
    query = (
        select(Appointment.team_id)
        .where(
            Appointment.person_id == person_id,
            col(Appointment.role).in_((Role.NAMED_MANAGER, Role.SENIOR_MANAGER)),
            col(Appointment.team_id).is_not(None),
            availability.held_on(desk.today),
        )
        .distinct()
    )
    areas = [area for area in desk.session.exec(query) if area is not None and desk.teams[area].is_open(desk.today)]
    return areas[0] if len(areas) == 1 else None
