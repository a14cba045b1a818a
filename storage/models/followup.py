"""What outlives a complaint: learning actions, the Ombudsman’s enquiries and remedies; and compliments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.base import enumerated
from storage.vocabulary import CommitmentKind


class LearningAction(SQLModel, table=True):
    """Something the department will do because fault was found; outlives its complaint.

    `done_on` is what its owner says; it is over when somebody of the complaints team has seen to it, on `verified_on`. One that
    was done before anybody verified has that day there too, and nobody who did.
    """

    __tablename__ = "learning_action"
    __table_args__ = (
        Index(
            "ix_learning_action_open", "owner_id", "due_on",
            sqlite_where=text("verified_on IS NULL"), postgresql_where=text("verified_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    text_id: int = Field(foreign_key="free_text.id")
    owner_id: int = Field(foreign_key="person.id")
    due_on: date = Field(index=True)
    done_on: date | None = None
    done_by_id: int | None = Field(default=None, foreign_key="person.id")
    evidence_text_id: int | None = Field(default=None, foreign_key="free_text.id")
    verified_on: date | None = None
    verified_by_id: int | None = Field(default=None, foreign_key="person.id")


class LearningNote(SQLModel, table=True):
    """What all managers can learn from a stage in which fault was found; or, without `body`, that there is nothing to share.

    It names nobody and no complaint: an approved note goes to a channel that everybody reads.
    """

    __tablename__ = "learning_note"
    __table_args__ = (UniqueConstraint("complaint_id", "stage"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    stage: int
    body: str | None = Field(default=None, max_length=1500)
    approved_by_id: int | None = Field(default=None, foreign_key="person.id")
    approved_on: date = Field(index=True)


class NoteRead(SQLModel, table=True):
    """That somebody says they have read a learning note."""

    __tablename__ = "note_read"

    note_id: int = Field(foreign_key="learning_note.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    read_at: datetime


class Enquiry(SQLModel, table=True):
    """A question from the Ombudsman, and when the reply is due and went out."""

    __table_args__ = (
        Index(
            "ix_enquiry_open", "reply_due_on",
            sqlite_where=text("answered_on IS NULL"), postgresql_where=text("answered_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    received_on: date
    reply_due_on: date
    answered_on: date | None = None


class Remedy(SQLModel, table=True):
    """What the council agreed to do for the complainant; outlives the closure of its complaint."""

    __table_args__ = (
        Index(
            "ix_remedy_open", "owner_id", "due_on",
            sqlite_where=text("done_on IS NULL"), postgresql_where=text("done_on IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    text_id: int = Field(foreign_key="free_text.id")
    evidence_text_id: int | None = Field(default=None, foreign_key="free_text.id")
    owner_id: int = Field(foreign_key="person.id")
    due_on: date
    done_on: date | None = None
    evidence_ref: str | None = Field(default=None, max_length=40)
    evidenced_on: date | None = None
    told_on: date | None = None


class Compliment(SQLModel, table=True):
    """Praise: recorded and counted in the same annual report, no clock."""

    id: int | None = Field(default=None, primary_key=True)
    received_on: date = Field(index=True)
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    team_id: int = Field(foreign_key="team.id")
    customer_group: str | None = Field(default=None, max_length=75)
    body: str | None = Field(default=None, max_length=3000)


class Commitment(SQLModel, table=True):
    """A promise: to a committee or somebody else (`origin`), or a wider action that hangs on a theme.

    `done_on` is what its owner says; it is over when it was verified, or withdrawn with a reason. Nothing in it is about anybody.
    """

    __table_args__ = (
        Index(
            "ix_commitment_open", "owner_id", "due_on",
            sqlite_where=text("ended_on IS NULL"), postgresql_where=text("ended_on IS NULL"),
        ),
        CheckConstraint("ended_on IS NULL OR verified_by_id IS NOT NULL OR withdrawn", name="ended_for_a_reason"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    origin: str = Field(max_length=100)
    theme_id: int | None = Field(default=None, foreign_key="theme.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    made_on: date
    recorded_at: datetime
    body: str = Field(max_length=500)
    owner_id: int = Field(foreign_key="person.id")
    due_on: date
    done_on: date | None = None
    action_taken: str | None = Field(default=None, max_length=1000)
    evidence_ref: str | None = Field(default=None, max_length=40)
    ended_on: date | None = None
    verified_by_id: int | None = Field(default=None, foreign_key="person.id")
    withdrawn: bool = False


class CommitmentEvent(SQLModel, table=True):
    """Something that happened to a commitment. The database itself refuses to change or delete one."""

    __tablename__ = "commitment_event"

    id: int | None = Field(default=None, primary_key=True)
    commitment_id: int = Field(foreign_key="commitment.id", index=True)
    kind: CommitmentKind = enumerated(CommitmentKind, checked=False)
    happened_on: date
    recorded_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    note: str | None = Field(default=None, max_length=1000)
