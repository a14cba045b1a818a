"""The reading side of the issues that a complaint holds."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from storage.models import FreeText, Issue, IssueFinding, Theme
from storage.office import Desk
from storage.register.ledger import File


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """One issue of a complaint. `findings` are the council's own labels by the number of the stage that found them."""

    number: int
    team: str
    theme: str | None
    text: str | None
    findings: dict[int, str]


def of_complaint(desk: Desk, file: File) -> list[IssueFacts]:
    """The issues of a complaint by number, each with what it came to at every stage that found on it."""
    rows = desk.session.execute(
        select(Issue, col(Theme.name), col(FreeText.body))
        .join(FreeText, col(FreeText.id) == col(Issue.text_id))
        .outerjoin(Theme, col(Theme.id) == col(Issue.theme_id))
        .where(col(Issue.complaint_id) == file.id)
        .order_by(col(Issue.number))
    ).all()
    findings: dict[int, dict[int, str]] = {}
    for one in desk.session.scalars(
        select(IssueFinding)
        .join(Issue, col(Issue.id) == col(IssueFinding.issue_id))
        .where(col(Issue.complaint_id) == file.id)
        .order_by(col(IssueFinding.stage))
    ):
        findings.setdefault(one.issue_id, {})[one.stage] = file.procedure.outcome(one.outcome).label
    return [
        IssueFacts(
            number=row.Issue.number,
            team=desk.teams[row.Issue.team_id].name,
            theme=row.name,
            text=row.body,
            findings=findings.get(row.Issue.id, {}),
        )
        for row in rows
    ]
