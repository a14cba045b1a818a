"""Praise: recorded and counted in the annual report beside complaints, with no clock."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from storage.errors import FieldProblems
from storage.models import Compliment
from storage.office import Desk
from storage.permissions import Operation
from storage.register.record import list_problem, received_problem, summary_problem


class NewCompliment(BaseModel):
    """What is known of a compliment; field names are those that problems are reported under."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    received_on: date
    team_id: int
    customer_group: str | None = None
    summary: str = ""


def record(desk: Desk, new: NewCompliment) -> Compliment:
    """Records a compliment. Raises NotAllowed; FieldProblems."""
    desk.require(Operation.RECORD)
    problems = {
        field: problem
        for field, problem in (
            ("received_on", received_problem(desk, new.received_on)),
            ("team_id", None if new.team_id in desk.teams else "Choose one of the teams in the list."),
            ("customer_group", list_problem(new.customer_group, desk.policy.customer_groups)),
            ("summary", summary_problem(new.summary)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
    compliment = Compliment(
        received_on=new.received_on,
        recorded_at=desk.now,
        recorded_by_id=desk.actor.person_id,
        team_id=new.team_id,
        customer_group=new.customer_group,
        body=new.summary or None,
    )
    desk.session.add(compliment)
    desk.session.flush()
    return compliment
