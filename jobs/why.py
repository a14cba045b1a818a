"""Why somebody is told of something: because of what they are, or because they stand in for somebody."""

from jobs.sources.source import Saying
from storage import people
from storage.availability import absences
from storage.dates import in_words
from storage.ladder import To
from storage.office import Desk
from storage.vocabulary import Role


def why(desk: Desk, saying: Saying, owner_id: int | None, *, owner: str = "the owner") -> str:
    """Completes "You get this because you are …", as plain text. `owner` is what an owner of this is called."""
    if saying.line.to is To.COMPLAINTS_MANAGERS and not _is_complaints_manager(desk, saying.reader_id):
        return f"standing in for {To.COMPLAINTS_MANAGERS.value}"
    if saying.line.to is not To.OWNER:
        return saying.line.to.value
    if owner_id is None or saying.reader_id == owner_id:
        return owner
    found = people.everyone(desk.session, [owner_id]).get(owner_id)
    name = found.name if found else "the owner"
    away = next((one for one in absences(desk.session, desk.today) if one.person_id == owner_id), None)
    if away is None:
        return f"a manager above {name}, who owns it and can't see to it any more"
    until = in_words(away.until_on)
    if away.cover_id == saying.reader_id:
        return f"standing in for {name} until {until}"
    return f"a manager above {name}, who owns it and is away until {until} with nobody standing in"


def _is_complaints_manager(desk: Desk, person_id: int) -> bool:
    return any(who.id == person_id for who in people.with_role(desk.session, [Role.COMPLAINTS_MANAGER], desk.today))
