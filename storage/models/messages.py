"""What goes to Slack, and what was said to whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.base import enumerated
from storage.vocabulary import MessageKind, OutboxState


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
    kind: MessageKind = enumerated(MessageKind, checked=False)
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
    """That a rung of the ladder was put to a person, so that no rung is climbed twice.

    `about` is the date or the request it was about: a new date, or a new request, begins at the foot of the ladder.
    """

    __tablename__ = "nudge_record"
    __table_args__ = (UniqueConstraint("stage_id", "rung", "about", "person_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id")
    rung: str = Field(max_length=40)
    about: str = Field(default="", max_length=20)
    step: int = 0
    person_id: int = Field(foreign_key="person.id")
    outbox_key: str = Field(max_length=120)
    day: date
