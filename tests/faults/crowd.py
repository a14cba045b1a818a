"""More managers than the county has, each plainly invented, and work for them."""

from sqlmodel import select

from storage import register
from storage.models import Person
from storage.register import NewComplaint
from storage.register.organisation import PersonEntry, RoleEntry
from storage.vocabulary import Role
from tests.roads.town import Town

TEAM = "First Response"


def managers(count: int) -> list[PersonEntry]:
    """As many named managers of one team."""
    role = RoleEntry(role=Role.NAMED_MANAGER, team=TEAM)
    return [
        PersonEntry(slack_id=f"U1MANAGER{number:03}", name=f"Manager {number}", roles=(role,))
        for number in range(count)
    ]


def give(town: Town, *slack_ids: str, ago: int = 0) -> list[str]:
    """Records a complaint for each of these managers, received so many working days ago; returns the references.

    Each makes a card, two lines in its thread and a message to its manager.
    """
    references = []
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team_id = next(team.id for team in desk.teams if team.name == TEAM)
        known = {one.slack_id: one.id or 0 for one in desk.session.exec(select(Person)).all()}
        received = desk.calendar.add(desk.today, -ago)
        for slack_id in slack_ids:
            new = register.record(desk, NewComplaint(received_on=received, lead_team_id=team_id))
            register.allocate(desk, new.reference, known[slack_id])
            references.append(new.reference)
    return references
