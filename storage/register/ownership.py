"""Who owns a complaint: offered, claimed, allocated. One named manager, from then until it is resolved."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col

from storage import availability, outbox, people
from storage.dates import in_words
from storage.errors import AlreadyOwned, NotAllowed, Refusal
from storage.models import Complaint
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation, may
from storage.register import ledger
from storage.register.ledger import File, Kept
from storage.vocabulary import Allocation, EventKind, MessageKind, Role

LONDON = ZoneInfo("Europe/London")


def claim(desk: Desk, reference: str) -> File:
    """Makes the person the owner, if nobody is yet: one compare-and-set, so that of a hundred who press exactly one wins.

    Raises AlreadyOwned saying who was first and when; Refusal for somebody who is down as away or leaves before it is due;
    NotAllowed; UnknownReference; AlreadyDone when closed.
    """
    file = ledger.find(desk, reference, Operation.SEE)
    _must_be_able_to_claim(desk, file)
    ledger.must_be_open(file)
    if file.complaint.owner_id is None:
        _must_be_here(desk, file)
    taken_in = _time_to_allocate(desk, file)
    taken = desk.session.execute(
        update(Complaint)
        .where(col(Complaint.id) == file.id, col(Complaint.owner_id).is_(None))
        .values(owner_id=desk.actor.person_id, owned_at=desk.now)
    )
    desk.session.refresh(file.complaint)
    if not taken.rowcount:  # type: ignore[attr-defined]  # reason: an UPDATE's result is a CursorResult
        raise _already_owned(desk, file)
    file.stage.owner_id = desk.actor.person_id
    file.stage.allocated_after = taken_in.get("allocated_after", file.stage.allocated_after)
    data = {"owner": desk.actor.person_id, **taken_in}
    ledger.append(desk, file, EventKind.CLAIMED, on=desk.today, data=data)
    return file


def _must_be_able_to_claim(desk: Desk, file: File) -> None:
    """Raises NotAllowed, saying who can and, to whoever gives complaints to managers, how."""
    team_id, owner_id = file.complaint.lead_team_id, file.complaint.owner_id
    line = desk.teams.line(team_id)
    if may(desk.actor, Operation.CLAIM, team_line=line, owner_id=owner_id):
        return
    if may(desk.actor, Operation.ALLOCATE, team_line=line, owner_id=owner_id):
        then = "You can give it to one of them with Assign…"
    else:
        then = people.whom_to_ask(desk.session, desk.today, desk.actor)
    raise NotAllowed(f"Managers of {desk.teams[team_id].name} can claim it. {then}")


def allocate(desk: Desk, reference: str, manager_id: int) -> Who:
    """Gives a complaint to a named manager of its team, also when somebody else has it.

    Whoever had it before is told. Raises Refusal on field `manager_id` when that person can't take it; NotAllowed;
    UnknownReference; AlreadyDone when closed.
    """
    file = ledger.find(desk, reference, Operation.ALLOCATE)
    ledger.must_be_open(file)
    chosen = able(desk, file, manager_id)
    if isinstance(chosen, str):
        raise Refusal(chosen, field="manager_id")
    before = file.complaint.owner_id
    give(desk, file, chosen, how="assigned")
    _tell_new_owner(desk, file, chosen)
    if before is not None:
        tell_previous_owner(desk, before, [file], chosen)
    return chosen


def able(desk: Desk, file: File, manager_id: int) -> Who | str:
    """The manager, when they can own this complaint until it is due; else why not, as a sentence."""
    if file.complaint.owner_id == manager_id:
        name = people.everyone(desk.session, [manager_id])[manager_id].name
        return f"{name} owns {file.complaint.reference} already. Choose somebody else, or close the form."
    why_not = availability.why_not(desk.session, manager_id, desk.today, file.stage.due_on)
    if why_not is not None:
        return why_not
    line = desk.teams.line(file.complaint.lead_team_id)
    managers = people.with_role(desk.session, [Role.NAMED_MANAGER], desk.today, team_line=line)
    chosen = next((who for who in managers if who.id == manager_id), None)
    team = desk.teams[file.complaint.lead_team_id].name
    return chosen or f"Choose a manager of {team}, whose complaint {file.complaint.reference} is."


def allocate_by_setting(desk: Desk, file: File) -> Who | None:
    """Allocates a new complaint the way its team's setting says; None when it is offered in the channel instead.

    A fixed manager who is not available, or a team with nobody to balance over, falls back to offering it.
    """
    team = desk.teams[file.complaint.lead_team_id]
    if team.allocation is Allocation.OFFERED:
        return None
    available = people.candidates(desk.session, desk.teams.line(team.id), desk.today, until=file.stage.due_on)
    if team.allocation is Allocation.FIXED:
        available = [one for one in available if one.who.id == team.fixed_manager_id]
    if not available:
        return None
    give(desk, file, available[0].who, how=team.allocation.value)
    _tell_new_owner(desk, file, available[0].who)
    return available[0].who


def who_may_have_answered(desk: Desk, team_id: int) -> list[Who]:
    """Whom the complaints team may name as the one who answered a complaint that nobody owned: whoever could have claimed it,
    also those who are away or leaving by now.
    """
    roles = [Role.NAMED_MANAGER, Role.SENIOR_MANAGER]
    return people.with_role(desk.session, roles, desk.today, team_line=desk.teams.line(team_id))


def answered(desk: Desk, file: File, manager_id: int) -> None:
    """Whoever answered a complaint that nobody owned is its owner from then on, so that the history names who stood for it.

    Nobody is told, since they know. Raises Refusal on field `answered_by_id`, also at a stage that is independent of managers.
    """
    if file.rules.posts:
        raise Refusal(
            "No manager answers this stage: it has an investigation or a panel. Clear this.", field="answered_by_id"
        )
    if file.complaint.owner_id is not None:
        raise Refusal(
            f"{file.complaint.reference} has an owner by now. Clear this, and the response is recorded as theirs.",
            field="answered_by_id",
        )
    who = next((one for one in who_may_have_answered(desk, file.complaint.lead_team_id) if one.id == manager_id), None)
    if who is None:
        raise Refusal("Choose one of the managers in the list, or clear this.", field="answered_by_id")
    give(desk, file, who, how="answered")


def release(desk: Desk, file: File) -> None:
    """Takes a complaint from an owner who can't see to it any more, so that it is offered to the team again."""
    before = file.complaint.owner_id
    file.complaint.owner_id = file.stage.owner_id = None
    file.complaint.owned_at = desk.now
    ledger.append(
        desk, file, EventKind.ALLOCATED, on=desk.today, data={"owner": None, "from": before, "how": "released"}
    )


def give(desk: Desk, file: File, owner: Who, *, how: str, note: Kept | None = None) -> None:
    """Makes somebody the owner, in the history with what was noted for them. Telling them is the caller's."""
    taken_in = _time_to_allocate(desk, file)
    file.stage.allocated_after = taken_in.get("allocated_after", file.stage.allocated_after)
    data = {"owner": owner.id, "from": file.complaint.owner_id, "how": how, **taken_in}
    before = file.complaint.owner_id
    file.complaint.owner_id = owner.id
    file.complaint.owned_at = desk.now
    file.stage.owner_id = owner.id
    ledger.append(desk, file, EventKind.ALLOCATED, on=desk.today, data=data, text=note)
    if before is not None:
        ledger.redraw_ownership(desk, before)


def tell_previous_owner(desk: Desk, person_id: int, files: list[File], owner: Who) -> None:
    """Tells whoever had these complaints that they have a new owner, once, unless they did it themselves."""
    if person_id == desk.actor.person_id:
        return
    ids = [file.id for file in files]
    outbox.put(
        desk.session,
        key=f"taken:{person_id}:{owner.id}:{ids[0]}:{files[0].complaint.changes}",
        kind=MessageKind.TAKEN_OVER,
        now=desk.now,
        person_id=person_id,
        data={
            "items": [f"complaint:{one}" for one in ids],
            "from": person_id,
            "to": owner.id,
            "by": desk.actor.person_id,
        },
    )


def _tell_new_owner(desk: Desk, file: File, owner: Who) -> None:
    if owner.id != desk.actor.person_id:
        outbox.put(
            desk.session,
            key=f"allocated:{file.id}:{file.complaint.changes}",
            kind=MessageKind.ALLOCATED,
            now=desk.now,
            person_id=owner.id,
            complaint_id=file.id,
            data={"sequence": file.complaint.changes},
        )


def _time_to_allocate(desk: Desk, file: File) -> dict[str, int]:
    """Working days from receipt to the first named manager: where councils lose days (DOMAIN.md, 4). Frozen when it happens."""
    if file.stage.number > 1 or file.complaint.owned_at is not None:
        return {}
    return {"allocated_after": max(desk.calendar.between(file.stage.started_on, desk.today), 0)}


def _must_be_here(desk: Desk, file: File) -> None:
    person_id = desk.actor.person_id
    if person_id is None or availability.can_take(desk.session, person_id, desk.today, file.stage.due_on):
        return
    if person_id in {one.person_id for one in availability.absences(desk.session, desk.today)}:
        raise Refusal(
            "You are down as away, so nobody would see to it after you claim it. If you are back, type /complaint back first."
        )
    raise Refusal(
        f"You leave before {file.complaint.reference} is due on {in_words(file.stage.due_on)}. Leave it to somebody who stays; "
        "the complaints team can assign it."
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
