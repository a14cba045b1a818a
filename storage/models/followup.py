"""What outlives a complaint: learning actions, the Ombudsman’s enquiries and remedies; and compliments."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


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
