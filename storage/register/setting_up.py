"""Setting up in Slack what an org file may bring in too: who looks after complaints, teams, and who does what for them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from storage import people
from storage.errors import AlreadyDone, FieldProblems
from storage.models import Appointment, Person, Team
from storage.office import Desk
from storage.permissions import Operation
from storage.register import organisation
from storage.register.organisation import NAME_LENGTH
from storage.vocabulary import Allocation, Role

MOST_TEAMS = 200
_DASHES = "-–•*"


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team as it was typed, and the service it is part of."""

    name: str
    part_of: str | None


def begin(desk: Desk, who: str) -> None:
    """Makes somebody the first complaints manager, by Slack id; whoever calls has seen that they may.

    Raises AlreadyDone when there is one.
    """
    found = people.with_role(desk.session, [Role.COMPLAINTS_MANAGER], desk.today)
    if found:
        raise AlreadyDone(f"{found[0].name} looks after complaints here already, and can give you a role.")
    organisation.appoint(desk, [who], Role.COMPLAINTS_MANAGER)


def read_teams(text: str) -> tuple[TeamLine, ...]:
    """A team a line; dashes in front say how far down it is: one for a team of the service above, two for a team of that one.

    A line that is set in counts as one with a dash. Raises FieldProblems naming the line.
    """
    return tuple(_read(text.splitlines()))


def _read(lines: Sequence[str]) -> Iterator[TeamLine]:
    above: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        name = " ".join(bare.lstrip(_DASHES + " ").split())
        if not name:
            continue
        depth = sum(character in _DASHES for character in bare[: bare.index(name[0])]) or int(line[0].isspace())
        if depth > len(above):
            raise FieldProblems(
                {"teams": f"Line {number}: put what “{name}” is part of above it, with one dash fewer."}
            )
        if len(name) > NAME_LENGTH or not name.isprintable():
            raise FieldProblems({"teams": f"Line {number}: use at most {NAME_LENGTH} ordinary characters."})
        if name.casefold() in seen:
            raise FieldProblems({"teams": f"Line {number}: “{name}” is here twice. Take one out."})
        seen.add(name.casefold())
        if len(seen) > MOST_TEAMS:
            raise FieldProblems(
                {
                    "teams": f"Type at most {MOST_TEAMS} teams here. Whoever runs the app can enter more from a file, with "
                    "complaints org load."
                }
            )
        above = [*above[:depth], name]
        yield TeamLine(name, above[depth - 1] if depth else None)


def set_teams(desk: Desk, text: str, *, whole: bool = True) -> int:
    """Adds the teams that are new and puts each where it was typed; returns how many lines there were. Closes none.

    `whole`: all teams were there to be changed; else a known team without a dash stays part of what it is part of.

    Raises FieldProblems; Refusal for teams that would be part of themselves; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    lines = read_teams(text)
    if not lines:
        raise FieldProblems({"teams": "Type at least one team."})
    teams = {team.name.casefold(): team for team in desk.session.exec(select(Team)).all()}
    for line in lines:
        team = teams.setdefault(line.name.casefold(), Team(name=line.name, allocation=Allocation.OFFERED))
        team.name = line.name
        desk.session.add(team)
    desk.session.flush()
    for line in lines:
        if line.part_of or whole:
            teams[line.name.casefold()].parent_id = teams[line.part_of.casefold()].id if line.part_of else None
    organisation.no_circles(teams.values())
    desk.session.flush()
    desk.__dict__.pop("teams", None)
    return len(lines)


def give_role(desk: Desk, slack_ids: Collection[str], role: Role, team_id: int | None) -> None:
    """Gives a role from today on to people picked in Slack, beside what they have; their names come from Slack later.

    Raises FieldProblems; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    team_id = _team_for(desk, role, team_id)
    if not slack_ids:
        raise FieldProblems({"people": "Pick at least one person."})
    organisation.appoint(desk, slack_ids, role, team_id, from_on=desk.today)


def end_role(desk: Desk, slack_ids: Collection[str], role: Role, team_id: int | None) -> None:
    """Ends a role of these people; yesterday was their last day with it, and what began today never was.

    Raises FieldProblems naming who hasn't got it, and for the last complaints manager; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    team_id = _team_for(desk, role, team_id)
    if not slack_ids:
        raise FieldProblems({"people": "Pick at least one person."})
    held = desk.session.exec(
        select(Appointment, Person)
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(*organisation.still_held(role, team_id))
    ).all()
    theirs = [appointment for appointment, person in held if person.slack_id in slack_ids]
    if len(theirs) < len(set(slack_ids)):
        raise FieldProblems({"people": f"Not everybody you picked is {role.label} there. Pick only those who are."})
    if role is Role.COMPLAINTS_MANAGER and len(theirs) == len(held):
        raise FieldProblems({"people": "Somebody has to look after complaints: give the role to somebody else first."})
    for appointment in theirs:
        organisation.end(desk, appointment)
    desk.session.flush()


def _team_for(desk: Desk, role: Role, team_id: int | None) -> int | None:
    """The team that a role is for. Raises FieldProblems when it needs one, or there is none of that id."""
    if role not in {Role.NAMED_MANAGER, Role.SENIOR_MANAGER}:
        return None
    if team_id is None or all(team.id != team_id for team in desk.teams):
        raise FieldProblems({"team_id": f"Choose the team or service that they are {role.label} of."})
    return team_id
