"""What tests of changes to the whole council share: complaints that are open while the calendar or the rules change."""

from datetime import date, datetime

from sqlmodel import col, select

from storage import checking, register
from storage.models import Complaint, Event, OutboxRow, Stage
from storage.office import Office
from storage.register import NewComplaint, council
from storage.register.council import Redated
from storage.vocabulary import EventKind, MessageKind
from tests import county as people
from tests.county import County

RECEIVED = date(2026, 11, 2)
DUE = date(2026, 11, 16)
# A Wednesday in the middle of the ten days, announced late, as 19 September 2022 was.
HOLIDAY = date(2026, 11, 11)
TITLE = "Bank Holiday for the State Funeral"


def record(county: County, now: datetime, procedure: str = "statutory") -> str:
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"], procedure=procedure)
        return register.record(desk, new).reference


def add(office: Office, now: datetime, *days: date) -> list[Redated]:
    with office.change(people.COMPLAINTS_MANAGER, now) as desk:
        return council.change_calendar(desk, added=dict.fromkeys(days, TITLE), removed={})


def remove(office: Office, now: datetime, *days: date) -> list[Redated]:
    with office.change(people.COMPLAINTS_MANAGER, now) as desk:
        return council.change_calendar(desk, added={}, removed=dict.fromkeys(days, TITLE))


def set_to(office: Office, now: datetime, key: str, value: object) -> list[Redated]:
    with office.change(people.COMPLAINTS_MANAGER, now) as desk:
        return council.change_setting(desk, key, value)


def stages(office: Office, now: datetime) -> dict[tuple[str, int], Stage]:
    with office.look(None, now) as desk:
        rows = desk.session.exec(select(Complaint, Stage).join(Stage, col(Stage.complaint_id) == Complaint.id)).all()
    return {(complaint.reference, stage.number): stage for complaint, stage in rows}


def redated(office: Office, now: datetime) -> list[Event]:
    with office.look(None, now) as desk:
        return list(
            desk.session.exec(select(Event).where(Event.kind == EventKind.REDATED).order_by(col(Event.id))).all()
        )


def told(office: Office, now: datetime) -> list[OutboxRow]:
    with office.look(None, now) as desk:
        query = select(OutboxRow).where(OutboxRow.kind == MessageKind.REDATED).order_by(col(OutboxRow.id))
        return list(desk.session.exec(query).all())


def assert_well(office: Office, now: datetime) -> None:
    with office.look(None, now) as desk:
        assert checking.check(desk).differences == ()
