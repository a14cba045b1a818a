"""Teams, people, roles, outsiders and themes: what `complaints org load` brings in, checked as a whole before it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy import ColumnElement
from sqlmodel import col, select

from storage.adding import insert_if_absent
from storage.errors import Refusal
from storage.models import Appointment, Outsider, Person, Team, Theme
from storage.office import Desk
from storage.permissions import Operation
from storage.policy import Label
from storage.register import staff
from storage.vocabulary import Allocation, Connection, Role

# As long as a choice in Slack may be.
NAME_LENGTH = 75


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _printable(cls, value: object) -> object:
        texts = value if isinstance(value, list | tuple) else (value,)
        if any(isinstance(text, str) and not text.isprintable() for text in texts):
            raise ValueError("has a character that can't be printed in it; type it again")
        return value


class TeamEntry(_Entry):
    """A team or service area. `fixed_manager` is a Slack id, wanted when `allocation` is fixed."""

    name: str = Field(min_length=1, max_length=NAME_LENGTH)
    part_of: str | None = None
    allocation: Allocation = Allocation.OFFERED
    fixed_manager: str | None = None
    channel: str | None = Field(default=None, pattern=r"^[CG][A-Z0-9]{2,}$")
    opened: date | None = None
    closed: date | None = None

    @model_validator(mode="after")
    def _fixed_needs_a_manager(self) -> "TeamEntry":
        if (self.allocation is Allocation.FIXED) != (self.fixed_manager is not None):
            raise ValueError('fixed_manager goes with allocation = "fixed", and the other way round')
        if self.opened and self.closed and self.closed < self.opened:
            raise ValueError("closed is before opened")
        return self


class RoleEntry(_Entry):
    """A role for one team and all below it; without a team, for everything."""

    role: Role
    team: str | None = None

    @model_validator(mode="after")
    def _team_where_it_counts(self) -> "RoleEntry":
        if self.role in {Role.NAMED_MANAGER, Role.SENIOR_MANAGER} and self.team is None:
            raise ValueError(f"a {self.role.label} needs a team")
        if self.role not in {Role.NAMED_MANAGER, Role.SENIOR_MANAGER} and self.team is not None:
            raise ValueError(f"a {self.role.label} works for every team: leave team out")
        return self


@cache
def _zones() -> frozenset[str]:
    """Every time zone's name; looked up once, since it reads a whole folder."""
    return frozenset(available_timezones())


class PersonEntry(_Entry):
    """A member of staff, known by Slack id. `leaves` is the last day at work, or "never" to take one back."""

    slack_id: str = Field(pattern=r"^[UW][A-Z0-9]{2,}$")
    name: str = Field(min_length=1, max_length=100)
    tz: str = "Europe/London"
    nudge_hour: int = Field(default=9, ge=0, le=23)
    agency: bool = False
    leaves: date | None = None
    roles: tuple[RoleEntry, ...] = ()

    @field_validator("leaves", mode="before")
    @classmethod
    def _never(cls, value: object) -> object:
        # TOML has no null.
        return None if value == "never" else value

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in _zones():
            raise ValueError("use a time zone's name such as Europe/London")
        return value


class OutsiderEntry(_Entry):
    """Somebody from outside who may be appointed, and the connection with the council that they declared.

    `retired` is the day from which they are not available any more.
    """

    name: str = Field(min_length=1, max_length=100)
    connection: Connection
    retired: date | None = None


class Organisation(_Entry):
    """A whole org file. Raises pydantic's ValidationError, which carries the place of each problem.

    `retired_themes` are not offered any more; what they were said of keeps them.
    """

    teams: tuple[TeamEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
    outsiders: tuple[OutsiderEntry, ...] = ()
    themes: tuple[Label, ...] = ()
    retired_themes: tuple[Label, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "Organisation":
        for what, names in (
            ("team", [team.name.casefold() for team in self.teams]),
            ("person", [person.slack_id for person in self.people]),
            ("outsider", [outsider.name.casefold() for outsider in self.outsiders]),
        ):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"the same {what} is here twice: {', '.join(sorted(twice))}")
        both = {name.casefold() for name in self.themes} & {name.casefold() for name in self.retired_themes}
        if both:
            raise ValueError(f"themes and retired_themes both have {', '.join(sorted(both))}")
        return self


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of each the file brought in or confirmed."""

    teams: int
    people: int
    roles: int
    themes: int
    outsiders: int = 0


def load(desk: Desk, organisation: Organisation) -> Loaded:
    """Adds and updates; removes nobody. A listed person's roles become exactly those listed: others end yesterday.

    What the file doesn't say of a person (time zone, hour, agency, last day) stays as the person, Slack or an earlier file said
    it. Somebody from outside who isn't listed stays as they are, until a file says since when they are retired. Running it again
    changes nothing. Raises Refusal naming a team, parent or manager that neither file nor register has;
    NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    people = {person.slack_id: person for person in desk.session.exec(select(Person)).all()}
    moved: list[tuple[Person, date | None]] = []
    for entry in organisation.people:
        new = Person(slack_id=entry.slack_id, name=entry.name)
        person = people.setdefault(entry.slack_id, new)
        left_on = person.leaves_on
        _update_person(person, entry)
        desk.session.add(person)
        if person.leaves_on != left_on:
            moved.append((person, left_on))
    teams = {team.name.casefold(): team for team in desk.session.exec(select(Team)).all()}
    for team_entry in organisation.teams:
        team = teams.setdefault(
            team_entry.name.casefold(), Team(name=team_entry.name, allocation=team_entry.allocation)
        )
        desk.session.add(team)
    desk.session.flush()
    for person, left_on in moved:
        staff.last_day_moved(desk, person, left_on)
    for team_entry in organisation.teams:
        _update_team(teams[team_entry.name.casefold()], team_entry, teams, people)
    no_circles(teams.values())
    desk.session.flush()
    roles = sum(_set_roles(desk, people[entry.slack_id], entry, teams) for entry in organisation.people)
    _set_outsiders(desk, organisation.outsiders)
    _add_themes(desk, organisation.themes)
    _retire_themes(desk, organisation.retired_themes)
    desk.__dict__.pop("teams", None)
    return Loaded(
        teams=len(organisation.teams),
        people=len(organisation.people),
        roles=roles,
        themes=len(organisation.themes),
        outsiders=len(organisation.outsiders),
    )


def appoint(
    desk: Desk, slack_ids: Iterable[str], role: Role, team_id: int | None = None, from_on: date | None = None
) -> None:
    """Makes sure that these people hold a role, for one team or for everything, from a day on or as if always.

    Someone new is entered under their Slack id until `org load` or Slack says their name.
    """
    for slack_id in slack_ids:
        person = desk.session.exec(select(Person).where(Person.slack_id == slack_id)).one_or_none()
        if person is None:
            # Two processes that start together both find nobody; the second waits here and then finds the first's.
            new = {"slack_id": slack_id, "name": slack_id, "tz": "Europe/London", "nudge_hour": 9, "agency": False}
            insert_if_absent(desk.session, Person, new)
        person = desk.session.exec(select(Person).where(Person.slack_id == slack_id).with_for_update()).one()
        held = desk.session.exec(
            select(Appointment).where(
                Appointment.person_id == person.id,
                *still_held(role, team_id),
            )
        ).first()
        if held is None:
            assert person.id is not None  # noqa: S101 - flushed
            desk.session.add(Appointment(person_id=person.id, role=role, team_id=team_id, from_on=from_on))
            desk.session.flush()


def still_held(role: Role, team_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions for appointments to a role, for a team or for everything, of which no end is known."""
    return (
        col(Appointment.role) == role,
        col(Appointment.team_id).is_(None) if team_id is None else col(Appointment.team_id) == team_id,
        col(Appointment.until_on).is_(None),
    )


def end(desk: Desk, appointment: Appointment) -> None:
    """Ends what somebody was appointed to: yesterday was the last day, and what began today never was."""
    if appointment.from_on == desk.today:
        desk.session.delete(appointment)
    else:
        appointment.until_on = desk.today - timedelta(days=1)


def _update_person(person: Person, entry: PersonEntry) -> None:
    person.name = entry.name
    known = {"tz": "tz", "nudge_hour": "nudge_hour", "agency": "agency", "leaves": "leaves_on"}
    for said, kept in known.items():
        if said in entry.model_fields_set:
            setattr(person, kept, getattr(entry, said))


def _update_team(team: Team, entry: TeamEntry, teams: dict[str, Team], people: dict[str, Person]) -> None:
    if entry.part_of is not None and entry.part_of.casefold() not in teams:
        raise Refusal(
            f"{entry.name} is part of {entry.part_of}, but no team of that name is in the file or the register. "
            "Add it, or correct the name."
        )
    if entry.fixed_manager is not None and entry.fixed_manager not in people:
        raise Refusal(f"{entry.name} has {entry.fixed_manager} as its manager, who is not among the people. Add them.")
    team.parent_id = teams[entry.part_of.casefold()].id if entry.part_of else None
    team.allocation = entry.allocation
    team.fixed_manager_id = people[entry.fixed_manager].id if entry.fixed_manager else None
    team.channel = entry.channel
    team.opened_on, team.closed_on = entry.opened, entry.closed


def no_circles(teams: Iterable[Team]) -> None:
    """Raises Refusal when a team would be part of itself."""
    parents = {team.id: team.parent_id for team in teams}
    names = {team.id: team.name for team in teams}
    for start in parents:
        seen, current = set(), start
        while current is not None:
            if current in seen:
                raise Refusal(f"{names[start]} would be part of itself. Check part_of of the teams above it.")
            seen.add(current)
            current = parents[current]


def _set_roles(desk: Desk, person: Person, entry: PersonEntry, teams: dict[str, Team]) -> int:
    wanted: set[tuple[Role, int | None]] = set()
    for role in entry.roles:
        if role.team is not None and role.team.casefold() not in teams:
            raise Refusal(
                f"{entry.name} is {role.role.label} of {role.team}, but there is no team of that name. Add it, or correct the "
                "name."
            )
        wanted.add((role.role, teams[role.team.casefold()].id if role.team else None))
    held = desk.session.exec(
        select(Appointment).where(Appointment.person_id == person.id, col(Appointment.until_on).is_(None))
    ).all()
    for appointment in held:
        key = (appointment.role, appointment.team_id)
        if key in wanted:
            wanted.discard(key)
        else:
            end(desk, appointment)
    assert person.id is not None  # noqa: S101 - flushed
    for role_held, team_id in sorted(wanted, key=str):
        desk.session.add(Appointment(person_id=person.id, role=role_held, team_id=team_id, from_on=desk.today))
    return len(entry.roles)


def _set_outsiders(desk: Desk, entries: Iterable[OutsiderEntry]) -> None:
    known = {outsider.name.casefold(): outsider for outsider in desk.session.exec(select(Outsider)).all()}
    for entry in entries:
        outsider = known.get(entry.name.casefold()) or Outsider(name=entry.name, connection=entry.connection)
        outsider.name, outsider.connection, outsider.retired_on = entry.name, entry.connection, entry.retired
        desk.session.add(outsider)


def _add_themes(desk: Desk, themes: Iterable[str]) -> None:
    """Enters those that are new, and takes back into use those that were retired."""
    known = {theme.name.casefold(): theme for theme in desk.session.exec(select(Theme)).all()}
    for name in themes:
        theme = known.setdefault(name.casefold(), Theme(name=name))
        theme.retired_on = None
        desk.session.add(theme)


def _retire_themes(desk: Desk, themes: Iterable[str]) -> None:
    """From today on nobody is offered them. Raises Refusal for one that isn't in the register."""
    known = {theme.name.casefold(): theme for theme in desk.session.exec(select(Theme)).all()}
    for name in themes:
        theme = known.get(name.casefold())
        if theme is None:
            raise Refusal(f"There is no theme called {name} that could be retired. Correct the name, or leave it out.")
        if theme.retired_on is None or theme.retired_on > desk.today:
            theme.retired_on = desk.today
