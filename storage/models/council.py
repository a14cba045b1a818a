"""What belongs to the council as a whole: settings, its calendar, its procedures, and the history of all three."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from storage.models.base import enumerated
from storage.vocabulary import CouncilMatter


class ReferenceCounter(SQLModel, table=True):
    """The last number given in each year's references."""

    __tablename__ = "reference_counter"

    year: int = Field(primary_key=True)
    last: int


class Setting(SQLModel, table=True):
    """What a council has set otherwise than the default in `policy`."""

    key: str = Field(primary_key=True, max_length=60)
    value: Any = Field(sa_column=Column(JSON, nullable=False))


class CalendarChange(SQLModel, table=True):
    """A bank holiday that came, or went, after the shipped list was made."""

    __tablename__ = "calendar_change"

    day: date = Field(primary_key=True)
    is_holiday: bool
    title: str = Field(max_length=75)


class ProcedureVersion(SQLModel, table=True):
    """A procedure as it was when complaints began under it. `current`: the one that new complaints begin under."""

    __tablename__ = "procedure_version"

    name: str = Field(primary_key=True, max_length=40)
    version: str = Field(primary_key=True, max_length=20)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    current: bool = False


class CouncilChange(SQLModel, table=True):
    """One change of a setting, the calendar or a procedure, one run of retention, or one restoring. Never changed or deleted."""

    __tablename__ = "council_change"

    id: int | None = Field(default=None, primary_key=True)
    matter: CouncilMatter = enumerated(CouncilMatter, checked=False)
    changed_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
