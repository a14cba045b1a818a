"""Reports that people asked for, which the worker builds and sends them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class ReportRequest(SQLModel, table=True):
    """One report: of which days, with small numbers withheld or not, and how far it has come.

    `lease_until` is until when a worker has it in hand; `problem` why it could not be built, in plain English.
    """

    __tablename__ = "report_request"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="a_period"),
        Index("ix_report_waiting", "id", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    first_day: date
    last_day: date
    small_withheld: bool = False
    asked_at: datetime
    lease_until: datetime | None = None
    done_at: datetime | None = None
    problem: str | None = Field(default=None, max_length=300)
