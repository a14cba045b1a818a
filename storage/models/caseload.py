"""How many cases each team had open on a day, as the council's own case system counted them."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Caseload(SQLModel, table=True):
    """One team's open cases on a day. A snapshot is all rows of that day, and another one of the same day takes its place.

    Numbers of cases, and nothing about any of them.
    """

    __table_args__ = (CheckConstraint("cases BETWEEN 0 AND 99999", name="a_number_of_cases"),)

    # The day comes first in the key: figures ask for a day, or for the last one of a period.
    taken_on: date = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    cases: int
