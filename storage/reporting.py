"""What workers have in hand of the reports that people asked for, each with one of them at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from storage import outbox
from storage.models import ReportRequest
from storage.vocabulary import MessageKind

# Longer than the largest report takes to build and to send.
LEASE = timedelta(minutes=5)
# One that could not be sent for so long is given up, and its reader told.
GIVEN_UP = timedelta(days=1)


def key(report_id: int) -> str:
    """The outbox's name of the message that says how far a report has come."""
    return f"report:{report_id}"


def waiting(session: Session, now: datetime) -> Sequence[ReportRequest]:
    """Reports that nobody has in hand, the oldest first."""
    free = or_(col(ReportRequest.lease_until).is_(None), col(ReportRequest.lease_until) < now)
    return session.exec(
        select(ReportRequest).where(col(ReportRequest.done_at).is_(None), free).order_by(col(ReportRequest.id))
    ).all()


def take(session: Session, report_id: int, now: datetime) -> bool:
    """Takes one in hand for LEASE; False when another worker was first."""
    free = or_(col(ReportRequest.lease_until).is_(None), col(ReportRequest.lease_until) < now)
    taken = session.exec(
        update(ReportRequest)
        .where(col(ReportRequest.id) == report_id, col(ReportRequest.done_at).is_(None), free)
        .values(lease_until=now + LEASE)
    )
    return bool(taken.rowcount)


def done(session: Session, report_id: int, now: datetime, problem: str | None = None) -> None:
    """Records that a report was sent, or why it could not be, and has its message say so."""
    report = session.get_one(ReportRequest, report_id)
    report.done_at, report.problem = now, problem
    outbox.renew(session, key=key(report_id), kind=MessageKind.REPORT, now=now, data={"report": report_id})
