"""What this person may do to this complaint, for lists and buttons; the register checks it again when it is done."""

from storage.office import Desk
from storage.permissions import Operation, may
from storage.views_complaint import ComplaintFacts


def can(desk: Desk, facts: ComplaintFacts, operation: Operation) -> bool:
    """Whether their role allows it for this complaint's team and owner."""
    return may(
        desk.actor,
        operation,
        team_line=desk.teams.line(facts.line.team_id),
        owner_id=facts.line.owner.id if facts.line.owner else None,
    )


def at_work(facts: ComplaintFacts) -> bool:
    """Whether the stage is open and was taken on."""
    return facts.line.is_open and facts.opened_on is not None


def waits(facts: ComplaintFacts) -> bool:
    """Whether a further stage was asked for and is neither open nor refused."""
    return facts.line.is_open and facts.opened_on is None
