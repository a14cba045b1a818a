"""Complaints and their history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.base import enumerated
from storage.vocabulary import EventKind


class Theme(SQLModel, table=True):
    """What a complaint can be about."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=75, unique=True)
    retired_on: date | None = None


class Complaint(SQLModel, table=True):
    """What queries need of a complaint beside its events; kept by the register in the same transaction.

    `changes` and `head` are the number and the hash of its last event. `held`: a legal hold keeps retention away.
    `taken_back_on`: it came with an import that was taken back, and has no stage any more.
    """

    __table_args__ = (
        # What somebody has now, and not all that they ever had.
        *(
            Index(name, column, sqlite_where=text("closed_on IS NULL"), postgresql_where=text("closed_on IS NULL"))
            for name, column in (("ix_complaint_owned", "owner_id"), ("ix_complaint_handled", "handler_id"))
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(max_length=20, unique=True)
    imported_key: str | None = Field(default=None, max_length=64, unique=True)
    procedure: str = Field(max_length=40)
    procedure_version: str = Field(max_length=20)
    received_on: date
    matter_on: date | None = None
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    lead_team_id: int = Field(foreign_key="team.id")
    customer_group: str | None = Field(default=None, max_length=75)
    contact_method: str | None = Field(default=None, max_length=75)
    correspondence_ref: str | None = Field(default=None, max_length=40)
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    handler_id: int | None = Field(default=None, foreign_key="person.id")
    owned_at: datetime | None = None
    closed_on: date | None = None
    changes: int = 0
    head: str = Field(default="", max_length=64)
    held: bool = False
    cleared_on: date | None = None
    taken_back_on: date | None = None


class ComplaintTeam(SQLModel, table=True):
    """Other teams involved, beside the lead team."""

    __tablename__ = "complaint_team"

    complaint_id: int = Field(foreign_key="complaint.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)


class ComplaintTheme(SQLModel, table=True):
    __tablename__ = "complaint_theme"

    complaint_id: int = Field(foreign_key="complaint.id", primary_key=True)
    theme_id: int = Field(foreign_key="theme.id", primary_key=True)


class Event(SQLModel, table=True):
    """Something that happened to a complaint. The database itself refuses to change or delete one.

    `data` carries ids, keys and dates, and a keyed digest in place of free text. `hash` covers all of it and the event before.
    """

    __table_args__ = (
        UniqueConstraint("complaint_id", "sequence"),
        # The decisions of a year are few among all events.
        Index(
            "ix_event_ombudsman", "happened_on",
            sqlite_where=text("kind = 'ombudsman_decided'"), postgresql_where=text("kind = 'ombudsman_decided'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    sequence: int
    kind: EventKind = enumerated(EventKind, checked=False)
    stage: int
    happened_on: date
    recorded_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    hash: str = Field(default="", max_length=64)


class FreeText(SQLModel, table=True):
    """What people wrote, apart from the events so that retention can clear it and leave the history whole.

    `key` is the text's own and goes when the text does: what is left of it in the history can then be guessed by nobody.
    """

    __tablename__ = "free_text"

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    about: str = Field(max_length=20)
    body: str | None = Field(default=None, max_length=3000)
    key: str | None = Field(default=None, max_length=64)
