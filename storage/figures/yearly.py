"""What the yearly report counts besides stages: who complained and how, compliments, and the Ombudsman (DOMAIN.md, section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from storage.models import Complaint, Compliment, Enquiry, Event, Stage
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation
from storage.vocabulary import EventKind, OmbudsmanDecision


@dataclass(frozen=True, slots=True)
class Groups:
    """Complaints received by who made them and by how they came in; None is what was not recorded, or has been cleared since."""

    customers: Mapping[str | None, int]
    methods: Mapping[str | None, int]


def groups(desk: Desk, period: Period, *, procedure: str = "statutory") -> Groups:
    """Of the complaints whose first stage began in the period. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    rows = desk.session.execute(
        select(col(Complaint.customer_group), col(Complaint.contact_method), func.count())
        .select_from(Stage)
        .join(Complaint, col(Complaint.id) == col(Stage.complaint_id))
        .where(
            col(Stage.started_on).between(period.first, period.last),
            col(Stage.procedure) == procedure,
            col(Stage.number) == 1,
        )
        .group_by(col(Complaint.customer_group), col(Complaint.contact_method))
    ).all()
    customers: dict[str | None, int] = {}
    methods: dict[str | None, int] = {}
    for customer, method, count in rows:
        customers[customer] = customers.get(customer, 0) + count
        methods[method] = methods.get(method, 0) + count
    return Groups(customers, methods)


def compliments(desk: Desk, period: Period) -> dict[int, int]:
    """Compliments received in the period, by team. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    rows = desk.session.execute(
        select(col(Compliment.team_id), func.count().label("n"))
        .where(col(Compliment.received_on).between(period.first, period.last))
        .group_by(col(Compliment.team_id))
    )
    return {row.team_id: row.n for row in rows}


@dataclass(frozen=True, slots=True)
class Ombudsman:
    """Enquiries that came from the Ombudsman in a period, and what was decided in it, whenever it had begun."""

    enquiries: int
    decided: Mapping[OmbudsmanDecision, int]

    @property
    def investigated(self) -> int:
        """Those decided after an investigation."""
        return self.decided.get(OmbudsmanDecision.FAULT, 0) + self.decided.get(OmbudsmanDecision.NO_FAULT, 0)


def ombudsman(desk: Desk, period: Period) -> Ombudsman:
    """What the Ombudsman asked and decided. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    asked = desk.session.scalar(
        select(func.count()).select_from(Enquiry).where(col(Enquiry.received_on).between(period.first, period.last))
    )
    decided: dict[OmbudsmanDecision, int] = {}
    for event in desk.session.scalars(
        select(Event).where(
            col(Event.kind) == EventKind.OMBUDSMAN_DECIDED, col(Event.happened_on).between(period.first, period.last)
        )
    ):
        decision = OmbudsmanDecision(event.data["decision"])
        decided[decision] = decided.get(decision, 0) + 1
    return Ombudsman(asked or 0, decided)
