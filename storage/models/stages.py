"""Stages, who investigates them, what was asked for in them, and what each issue came to."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.models.base import enumerated
from storage.procedures import StageRole
from storage.vocabulary import Asked, Band, Finding

# Word for word as in the indexes of what is open and what nobody was told, which SQLite takes for nothing else (sqlite.org,
# Partial Indexes): asked for otherwise, the few that are would be looked for in all that ever were.
IS_OPEN = text("stage.is_open")
IS_GRANTED = text("request.granted")


class Stage(SQLModel, table=True):
    """One stage of one complaint: the unit every figure counts.

    Its dates, days and band are frozen when it ends, also when it is opened again: `is_open` says whether there is work to do.
    `started_on` is the day of receipt or of the request; `opened_on` when a requested stage was taken on. `recorded_after` and
    `allocated_after` are working days from receipt to the recording and to the first named manager.
    `next_due_on` is the date of the next thing due: a step such as the panel, else the response. `import_id`: with which import
    it came.
    """

    __table_args__ = (
        UniqueConstraint("complaint_id", "number"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        CheckConstraint("(band IS NULL) = (days_taken IS NULL)", name="band_with_days"),
        CheckConstraint("band IS NULL OR ended_on IS NOT NULL", name="band_when_ended"),
        # Counting costs what the period holds, not what history holds: each index is led by the date it is asked by, and has
        # all that is counted, so that the rows themselves are not read.
        Index("ix_stage_started", "started_on", "lead_team_id", "procedure", "number", "recorded_after",
              "allocated_after", "complaint_id"),
        Index(
            "ix_stage_ended", "ended_on", "lead_team_id", "procedure", "number", "outcome", "band", "days_taken",
            "days_net",
            sqlite_where=text("ended_on IS NOT NULL"), postgresql_where=text("ended_on IS NOT NULL"),
        ),
        Index(
            "ix_stage_open", "lead_team_id", "due_on", "owner_id", "procedure", "number", "complaint_id",
            sqlite_where=text("is_open"), postgresql_where=text("is_open"),
        ),
        Index(
            "ix_stage_imported", "import_id", "complaint_id",
            sqlite_where=text("import_id IS NOT NULL"), postgresql_where=text("import_id IS NOT NULL"),
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
    allocated_after: int | None = None
    opened_on: date | None = None
    contact_method: str | None = Field(default=None, max_length=75)
    acknowledged_on: date | None = None
    counted_from: date
    limit_days: int
    maximum_days: int
    original_due_on: date
    due_on: date
    next_step: str | None = Field(default=None, max_length=40)
    next_due_on: date
    is_open: bool = True
    ended_on: date | None = None
    days_taken: int | None = None
    days_net: int | None = None
    band: Band | None = enumerated(Band, nullable=True)
    outcome: str | None = Field(default=None, max_length=40)
    finding: Finding | None = enumerated(Finding, nullable=True)
    import_id: int | None = Field(default=None, foreign_key="import_run.id")


class StageAppointment(SQLModel, table=True):
    """Somebody appointed to a stage: a member of staff or an outsider, until they stand down."""

    __tablename__ = "stage_appointment"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (outsider_id IS NULL)", name="one_of_them"),)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    role: StageRole = enumerated(StageRole)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    outsider_id: int | None = Field(default=None, foreign_key="outsider.id")
    appointed_on: date
    stood_down_on: date | None = None


class Request(SQLModel, table=True):
    """An extension or a pause that somebody asked for, and what somebody else decided.

    `until` is the new date, or the day the clock runs again after a pause.
    """

    __table_args__ = (
        Index(
            "ix_request_open", "stage_id",
            sqlite_where=text("decided_on IS NULL"), postgresql_where=text("decided_on IS NULL"),
        ),
        Index(
            "ix_request_untold", "stage_id",
            sqlite_where=text("granted AND told_on IS NULL"), postgresql_where=text("granted AND told_on IS NULL"),
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="two_people"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    stage_id: int = Field(foreign_key="stage.id")
    kind: Asked = enumerated(Asked)
    pause: str | None = Field(default=None, max_length=40)
    starts_on: date | None = None
    until: date
    text_id: int = Field(foreign_key="free_text.id")
    asked_by_id: int | None = Field(default=None, foreign_key="person.id")
    asked_on: date
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_on: date | None = None
    granted: bool | None = None
    told_on: date | None = None


class Issue(SQLModel, table=True):
    """One of the things a complaint holds, as the statement of complaint numbers them."""

    __table_args__ = (UniqueConstraint("complaint_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    number: int = Field(ge=1)
    team_id: int = Field(foreign_key="team.id")
    theme_id: int | None = Field(default=None, foreign_key="theme.id")
    text_id: int = Field(foreign_key="free_text.id")


class IssueFinding(SQLModel, table=True):
    """What one issue came to at one stage."""

    __tablename__ = "issue_finding"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    stage: int = Field(primary_key=True)
    outcome: str = Field(max_length=40)
    finding: Finding = enumerated(Finding)
