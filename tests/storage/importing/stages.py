"""What tests of later stages share: sheets with a row a stage, and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from storage import checking, importing
from storage.importing import Outcome, Sheet
from storage.models import Complaint, Event, Stage
from storage.office import Office
from storage.vocabulary import EventKind
from tests.conftest import MONDAY
from tests.storage.importing.helpers import quiet, table

HEADINGS = (
    "Reference", "Stage", "Received", "Team", "Responded", "Outcome", "Withdrawn", "Owner", "Stage started", "Acknowledged",
    "Recorded", "How received", "Extension agreed on", "Extended to", "Procedure",
)  # fmt: skip
# Received on Monday 3 February 2020 and answered five working days later; due on Monday 17 February.
ANSWERED = {"Reference": "K/1", "Received": "2020-02-03", "Team": "East", "Responded": "2020-02-10"}
UNANSWERED = {"Reference": "K/1", "Received": "2020-02-03", "Team": "East"}
# Stage 2, asked for on Monday 2 March 2020; 25 working days end on Monday 6 April.
FURTHER = {
    "Reference": "K/1", "Stage": "2", "Received": "2020-03-02", "Team": "East", "Responded": "2020-04-03", "Outcome": "Upheld",
}  # fmt: skip
# Stage 3, asked for three weeks after that.
PANEL = {"Reference": "K/1", "Stage": "3", "Received": "2020-04-24", "Team": "East", "Responded": "2020-06-30"}


def stages_sheet(folder: Path, *rows: dict[str, str]) -> Sheet:
    return table(folder, HEADINGS, *([row.get(heading, "") for heading in HEADINGS] for row in rows))


def bring(office: Office, folder: Path, *rows: dict[str, str], now: datetime = MONDAY, batch: int = 500) -> Outcome:
    """Brings these rows in, all of which have to be good."""
    outcome = importing.bring_in(office, stages_sheet(folder, *rows), now, progress=quiet, batch=batch)
    assert outcome.rejected == []
    return outcome


def stages_of(office: Office, reference: str = "CS-2020-0001") -> list[Stage]:
    """The stages of a complaint, the first first."""
    with office.look(None, MONDAY) as desk:
        found = select(Stage).join(Complaint, col(Complaint.id) == col(Stage.complaint_id))
        return list(desk.session.exec(found.where(Complaint.reference == reference).order_by(col(Stage.number))).all())


def complaint_of(office: Office, reference: str = "CS-2020-0001") -> Complaint:
    with office.look(None, MONDAY) as desk:
        return desk.session.exec(select(Complaint).where(Complaint.reference == reference)).one()


def events_of(office: Office, reference: str = "CS-2020-0001", *, stage: int = 2) -> list[Event]:
    """What the history tells of one stage, in the order it was recorded."""
    with office.look(None, MONDAY) as desk:
        found = select(Event).join(Complaint, col(Complaint.id) == col(Event.complaint_id))
        found = found.where(Complaint.reference == reference, Event.stage == stage).order_by(col(Event.sequence))
        return list(desk.session.exec(found).all())


def kinds(events: Sequence[Event]) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.happened_on.isoformat()) for event in events]


def is_clean(office: Office, now: datetime = MONDAY) -> bool:
    """Whether everything comes out of the events again."""
    with office.look(None, now) as desk:
        found = checking.check(desk).differences
    assert found == ()
    return True
