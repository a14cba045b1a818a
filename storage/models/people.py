"""Teams, staff, their roles, and the outsiders whose independence the procedure needs."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import enumerated
from storage.vocabulary import Allocation, Connection, Role


class Team(SQLModel, table=True):
    """A team or a service area; teams open and close over time and form a tree."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=75, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="team.id")
    opened_on: date | None = None
    closed_on: date | None = None
    allocation: Allocation = enumerated(Allocation)
    fixed_manager_id: int | None = Field(default=None, foreign_key="person.id")
    channel: str | None = Field(default=None, max_length=32)


class Person(SQLModel, table=True):
    """A member of staff. Nobody else is ever in the register by name."""

    id: int | None = Field(default=None, primary_key=True)
    slack_id: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=100)
    tz: str = Field(default="Europe/London", max_length=64)
    nudge_hour: int = Field(default=9, ge=0, le=23)
    agency: bool = False
    leaves_on: date | None = None
    deactivated_at: datetime | None = None


class Appointment(SQLModel, table=True):
    """A role a person holds, for a team and all below it, or for everything when there is no team."""

    __table_args__ = (UniqueConstraint("person_id", "role", "team_id", "from_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: Role = enumerated(Role)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    from_on: date | None = None
    until_on: date | None = None


class Absence(SQLModel, table=True):
    """Days on which a member of staff is away, and who stands in. One that ended early has its `until_on` moved.

    One that never came about ends before it begins.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    from_on: date
    until_on: date = Field(index=True)
    cover_id: int | None = Field(default=None, foreign_key="person.id", index=True)


class Outsider(SQLModel, table=True):
    """Somebody from outside who investigates or sits on a panel: an adviser to the council, not a party to any complaint.

    `connection` is what they declared; only those with none may act as independent (DOMAIN.md, section 5).
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100, unique=True)
    connection: Connection = enumerated(Connection)
    retired_on: date | None = None
