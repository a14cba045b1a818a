"""Who owns a complaint: offered, claimed, allocated. One named manager, from then until it is resolved."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col

from storage import outbox, people
from storage.dates import in_words
from storage.errors import AlreadyOwned, Refusal
from storage.models import Complaint
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.vocabulary import Allocation, EventKind, MessageKind

LONDON = ZoneInfo("Europe/London")


def claim(desk: Desk, reference: str) -> File:
    """Makes the person the owner, if nobody is yet: one compare-and-set, so that of a hundred who press exactly one wins.

    Raises AlreadyOwned saying who was first and when; NotAllowed; UnknownReference; AlreadyDone when closed.
    """
    file = ledger.find(desk, reference, Operation.CLAIM)
    ledger.must_be_open(file)
    taken = desk.session.execute(
        update(Complaint)
        .where(col(Complaint.id) == file.id, col(Complaint.owner_id).is_(None))
        .values(owner_id=desk.actor.person_id, owned_at=desk.now)
    )
    desk.session.refresh(file.complaint)
    if not taken.rowcount:  # type: ignore[attr-defined]  # reason: an UPDATE's result is a CursorResult
        raise _already_owned(desk, file)
    file.stage.owner_id = desk.actor.person_id
    ledger.append(desk, file, EventKind.CLAIMED, on=desk.today, data={"owner": desk.actor.person_id})
    return file


def allocate(desk: Desk, reference: str, manager_id: int) -> Who:
    """Gives a complaint to a named manager of its team, also when somebody else has it.

    Raises Refusal on field `manager_id` when that person can't take it; NotAllowed; UnknownReference; AlreadyDone when closed.
    """
    file = ledger.find(desk, reference, Operation.ALLOCATE)
    ledger.must_be_open(file)
    line = desk.teams.line(file.complaint.lead_team_id)
    chosen = next(
        (one.who for one in people.candidates(desk.session, line, desk.today) if one.who.id == manager_id), None
    )
    if chosen is None:
        raise Refusal("Choose a manager of this team who is at work now.", field="manager_id")
    if file.complaint.owner_id == manager_id:
        raise Refusal(f"{chosen.name} owns this complaint already.", field="manager_id")
    _give(desk, file, chosen, how="assigned")
    return chosen


def allocate_by_setting(desk: Desk, file: File) -> Who | None:
    """Allocates a new complaint the way its team's setting says; None when it is offered in the channel instead.

    A fixed manager who is not available, or a team with nobody to balance over, falls back to offering it.
    """
    team = desk.teams[file.complaint.lead_team_id]
    if team.allocation is Allocation.OFFERED:
        return None
    available = people.candidates(desk.session, desk.teams.line(team.id), desk.today)
    if team.allocation is Allocation.FIXED:
        available = [one for one in available if one.who.id == team.fixed_manager_id]
    if not available:
        return None
    _give(desk, file, available[0].who, how=team.allocation.value)
    return available[0].who


def _give(desk: Desk, file: File, owner: Who, *, how: str) -> None:
    before = file.complaint.owner_id
    file.complaint.owner_id = owner.id
    file.complaint.owned_at = desk.now
    file.stage.owner_id = owner.id
    event = ledger.append(
        desk, file, EventKind.ALLOCATED, on=desk.today, data={"owner": owner.id, "from": before, "how": how}
    )
    if owner.id != desk.actor.person_id:
        outbox.put(
            desk.session,
            key=f"allocated:{file.id}:{event.sequence}",
            kind=MessageKind.ALLOCATED,
            now=desk.now,
            person_id=owner.id,
            complaint_id=file.id,
            data={"sequence": event.sequence},
        )


def _already_owned(desk: Desk, file: File) -> AlreadyOwned:
    owner_id = file.complaint.owner_id
    if owner_id == desk.actor.person_id:
        return AlreadyOwned(f"You already own {file.complaint.reference}. It is on your Home tab.")
    owner = people.everyone(desk.session, [owner_id]).get(owner_id or 0)
    name = owner.name if owner else "Somebody else"
    when = f" {_moment(desk, file.complaint.owned_at)}" if file.complaint.owned_at else ""
    return AlreadyOwned(
        f"{name} was first: {file.complaint.reference} has been theirs since{when}. There is nothing to do."
    )


def _moment(desk: Desk, instant: datetime) -> str:
    local = instant.astimezone(LONDON)
    if desk.now - instant < timedelta(hours=12) and local.date() == desk.today:
        return f"{local:%H:%M} today"
    return f"{local:%H:%M} on {in_words(local.date())}"
