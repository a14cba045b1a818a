"""Asking for a report. A worker builds it; the person who asked gets it in a direct message."""

from sqlmodel import col, select

from storage import outbox
from storage.errors import AlreadyDone, Refusal
from storage.models import ReportRequest
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation
from storage.reporting import key
from storage.vocabulary import MessageKind


def ask(desk: Desk, period: Period, *, small_withheld: bool = False) -> ReportRequest:
    """Asks for a report of a period that has begun, for the person at the desk.

    Raises AlreadyDone while the same one is being built for them; Refusal for a period that has not begun; NotAllowed.
    """
    desk.require(Operation.FIGURES)
    if desk.actor.person_id is None:
        raise Refusal(
            "A report is sent to a person in Slack; on the command line, complaints report writes it to a file."
        )
    if period.first > desk.today:
        raise Refusal(f"{period.label} has not begun. Choose a period that has.")
    waiting = select(ReportRequest).where(
        ReportRequest.person_id == desk.actor.person_id,
        ReportRequest.first_day == period.first,
        ReportRequest.last_day == period.last,
        ReportRequest.small_withheld == small_withheld,
        col(ReportRequest.done_at).is_(None),
    )
    if desk.session.exec(waiting).first() is not None:
        raise AlreadyDone(
            f"The report of {period.label} is being built already. It will be in your messages with this app."
        )
    asked = ReportRequest(
        person_id=desk.actor.person_id,
        first_day=period.first,
        last_day=period.last,
        small_withheld=small_withheld,
        asked_at=desk.now,
    )
    desk.session.add(asked)
    desk.session.flush()
    outbox.put(
        desk.session,
        key=key(asked.id or 0),
        kind=MessageKind.REPORT,
        now=desk.now,
        person_id=asked.person_id,
        data={"report": asked.id},
    )
    return asked
