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
        Index("ix_outbox_person", "person_id", "created_at"),
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

    `subject` is what the rung was of, such as `stage:12`. `about` is the date or the request it was about: a new date, or a new
    request, begins at the foot of the ladder.
    """

    __tablename__ = "nudge_record"
    __table_args__ = (UniqueConstraint("subject", "rung", "about", "person_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=40)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    rung: str = Field(max_length=40)
    about: str = Field(default="", max_length=20)
    step: int = 0
    person_id: int = Field(foreign_key="person.id")
    outbox_key: str = Field(max_length=120, index=True)
    day: date


class Snooze(SQLModel, table=True):
    """That somebody asked not to be nudged about one thing until a day, which is never after its due date."""

    __table_args__ = (UniqueConstraint("subject", "person_id", "until_on"),)

    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=40)
    person_id: int = Field(foreign_key="person.id")
    until_on: date = Field(index=True)


class ListeningChannel(SQLModel, table=True):
    """A channel whose members agreed that the app suggests to record what reads like a complaint passed on."""

    __tablename__ = "listening_channel"

    channel: str = Field(primary_key=True, max_length=32)
    since: date
    set_by_id: int | None = Field(default=None, foreign_key="person.id")


class Suggestion(SQLModel, table=True):
    """That recording was suggested for one message: where and when, never what it said. `day` is the message's, in London.

    One a message, however often Slack delivers it; and one a person, channel and day.
    """

    __table_args__ = (UniqueConstraint("channel", "ts"), UniqueConstraint("channel", "slack_id", "day"))

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=32)
    ts: str = Field(max_length=32)
    slack_id: str = Field(max_length=32)
    day: date = Field(index=True)
    suggested_at: datetime


class SavedForm(SQLModel, table=True):
    """A form that was saved, by the SHA-256 of its name in Slack, so that no other process saves it again."""

    __tablename__ = "saved_form"

    form: str = Field(primary_key=True, max_length=64)
    saved_at: datetime = Field(index=True)


class DailyRun(SQLModel, table=True):
    """The last day on which something that is done once a day was done, by whichever process came first."""

    __tablename__ = "daily_run"

    name: str = Field(primary_key=True, max_length=40)
    day: date


class Heartbeat(SQLModel, table=True):
    """When a process last did what it does again and again, so that another can tell that it stopped."""

    name: str = Field(primary_key=True, max_length=40)
    beat_at: datetime
