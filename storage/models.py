"""The register's tables. Rules that need more than one row live in `register`; those of one row are CHECK constraints here."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, MetaData, UniqueConstraint, text
from sqlalchemy import Enum as SAEnum
from sqlmodel import Field, SQLModel

from storage.vocabulary import Allocation, Band, EventKind, Finding, MessageKind, OutboxState, Role

# Constraints need names before the first model loads, or Alembic can't alter them on SQLite.
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def enumerated(kind: type[StrEnum], *, nullable: bool = False) -> Any:
    """A text column that holds one of `kind`'s values, held to them by the database itself."""
    stored = SAEnum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )
    return Field(default=None if nullable else ..., sa_column=Column(stored, nullable=nullable))


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


class Theme(SQLModel, table=True):
    """What a complaint can be about."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=75, unique=True)
    retired_on: date | None = None


class Complaint(SQLModel, table=True):
    """What queries need of a complaint beside its events; kept by the register in the same transaction."""

    __table_args__ = (
        Index(
            "ix_complaint_handled", "handler_id",
            sqlite_where=text("closed_on IS NULL"), postgresql_where=text("closed_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    imported_key: str | None = Field(default=None, max_length=64, unique=True)
    procedure: str = Field(max_length=40)
    procedure_version: str = Field(max_length=20)
    received_on: date
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    lead_team_id: int = Field(foreign_key="team.id")
    customer_group: str | None = Field(default=None, max_length=75)
    contact_method: str | None = Field(default=None, max_length=75)
    correspondence_ref: str | None = Field(default=None, max_length=40)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    handler_id: int | None = Field(default=None, foreign_key="person.id")
    owned_at: datetime | None = None
    acknowledged_on: date | None = None
    closed_on: date | None = None
    changes: int = 0


class ComplaintTeam(SQLModel, table=True):
    """Other teams involved, beside the lead team."""

    __tablename__ = "complaint_team"

    complaint_id: int = Field(foreign_key="complaint.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)


class ComplaintTheme(SQLModel, table=True):
    __tablename__ = "complaint_theme"

    complaint_id: int = Field(foreign_key="complaint.id", primary_key=True)
    theme_id: int = Field(foreign_key="theme.id", primary_key=True)


class Stage(SQLModel, table=True):
    """One stage of one complaint: the unit every figure counts. Frozen once `ended_on` is set."""

    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        CheckConstraint("(band IS NULL) = (days_taken IS NULL)", name="band_with_days"),
        CheckConstraint("band IS NULL OR ended_on IS NOT NULL", name="band_when_ended"),
        # Counting costs what the period holds, not what history holds: each index is led by the date it is asked by.
        Index("ix_stage_started", "started_on", "lead_team_id", "procedure", "number", "recorded_after"),
        Index(
            "ix_stage_ended", "ended_on", "lead_team_id", "procedure", "number", "outcome", "band", "days_taken",
            sqlite_where=text("ended_on IS NOT NULL"), postgresql_where=text("ended_on IS NOT NULL"),
        ),
        Index(
            "ix_stage_open", "lead_team_id", "due_on", "owner_id", "procedure", "number",
            sqlite_where=text("ended_on IS NULL"), postgresql_where=text("ended_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int = Field(ge=1)
    procedure: str = Field(max_length=40)
    lead_team_id: int = Field(foreign_key="team.id")
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    started_on: date
    recorded_after: int | None = None
    limit_days: int
    maximum_days: int
    original_due_on: date
    due_on: date
    ended_on: date | None = None
    days_taken: int | None = None
    band: Band | None = enumerated(Band, nullable=True)
    outcome: str | None = Field(default=None, max_length=40)
    finding: Finding | None = enumerated(Finding, nullable=True)


class Event(SQLModel, table=True):
    """Something that happened to a complaint. Appended, never changed. `data` carries ids, keys and dates, no free text."""

    __table_args__ = (UniqueConstraint("complaint_id", "sequence"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    sequence: int
    kind: EventKind = enumerated(EventKind)
    stage: int
    happened_on: date
    recorded_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class FreeText(SQLModel, table=True):
    """What people wrote, apart from the events so that retention can clear it and leave the history whole."""

    __tablename__ = "free_text"

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    about: str = Field(max_length=20)
    body: str | None = Field(default=None, max_length=3000)


class LearningAction(SQLModel, table=True):
    """Something the department will do because fault was found; outlives its complaint."""

    __tablename__ = "learning_action"
    __table_args__ = (
        Index(
            "ix_learning_action_open", "owner_id", "due_on",
            sqlite_where=text("done_on IS NULL"), postgresql_where=text("done_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    text_id: int = Field(foreign_key="free_text.id")
    owner_id: int = Field(foreign_key="person.id")
    due_on: date
    done_on: date | None = None


class Compliment(SQLModel, table=True):
    """Praise: recorded and counted in the same annual report, no clock."""

    id: int | None = Field(default=None, primary_key=True)
    received_on: date = Field(index=True)
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    team_id: int = Field(foreign_key="team.id")
    customer_group: str | None = Field(default=None, max_length=75)
    body: str | None = Field(default=None, max_length=3000)


class OutboxRow(SQLModel, table=True):
    """A message to be sent once, written in the transaction that caused it.

    A complaint's card is one row that is sent again whenever the complaint changes; `channel` and `ts` say where it stands.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting", "not_before", "id",
            sqlite_where=text("state IN ('pending', 'sending')"), postgresql_where=text("state IN ('pending', 'sending')"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    kind: MessageKind = enumerated(MessageKind)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: OutboxState = enumerated(OutboxState)
    created_at: datetime
    not_before: datetime
    lease: str | None = Field(default=None, max_length=40)
    attempts: int = 0
    uncertain: bool = False
    again: bool = False
    first_tried_at: datetime | None = None
    sent_at: datetime | None = None
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    problem: str | None = Field(default=None, max_length=200)


class NudgeRecord(SQLModel, table=True):
    """That a rung of the ladder was put to a person, so that no rung is climbed twice."""

    __tablename__ = "nudge_record"
    __table_args__ = (UniqueConstraint("stage_id", "rung", "person_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id")
    rung: str = Field(max_length=40)
    step: int = 0
    person_id: int = Field(foreign_key="person.id")
    outbox_key: str = Field(max_length=120)
    day: date


class ReferenceCounter(SQLModel, table=True):
    """The last number given in each year's references."""

    __tablename__ = "reference_counter"

    year: int = Field(primary_key=True)
    last: int


class Setting(SQLModel, table=True):
    """What a council has set otherwise than the default in `policy`."""

    key: str = Field(primary_key=True, max_length=60)
    value: Any = Field(sa_column=Column(JSON, nullable=False))
