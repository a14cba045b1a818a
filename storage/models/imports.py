"""What was brought in from files."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ImportRun(SQLModel, table=True):
    """One import that brought something in: how many complaints, and how many later stages. Each stage says by which it came.

    `taken_back_at` is when it was last taken back, as far as that was possible.
    """

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    started_at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    complaints: int = 0
    stages: int = 0
    taken_back_at: datetime | None = None
