"""Somebody with the database's password who changes what was recorded and covers their tracks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage import checking
from storage.database import Database
from storage.models import Complaint, Event
from storage.office import Office
from storage.register import ledger

_TRIGGERS = {
    True: "SELECT 'DROP TRIGGER ' || name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'",
    False: "SELECT 'DROP TRIGGER ' || tgname || ' ON event', pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE tgrelid = 'event'::regclass AND NOT tgisinternal",
}


def what_if(office: Office, now: datetime, *statements: str) -> str:
    """What the check says, a difference a line, after these statements, which are then undone."""
    with office.change(None, now) as desk:
        _run(desk.session, statements, is_sqlite=office.database.is_sqlite)
        found = checking.check(desk).differences
        desk.session.rollback()
    return "\n".join(f"{one.reference}: {one.what}" for one in found)


def tamper(database: Database, *statements: str) -> None:
    """Takes the triggers off, runs the statements, and puts the triggers back. `:a`, `:b` and `:c` are the first complaints."""
    with database.writing() as session:
        _run(session, statements, is_sqlite=database.is_sqlite)


def _run(session: Session, statements: Sequence[str], *, is_sqlite: bool) -> None:
    ids = dict(zip("abc", session.exec(select(Complaint.id).order_by(col(Complaint.id))).all(), strict=False))
    triggers = session.execute(text(_TRIGGERS[is_sqlite])).all()
    assert triggers
    for drop, _make in triggers:
        session.execute(text(drop))
    for statement in statements:
        prepared = text(statement)
        wanted = {name: value for name, value in ids.items() if name in prepared._bindparams}
        assert session.execute(prepared, wanted).rowcount, statement  # type: ignore[attr-defined]  # reason: a CursorResult
    for _drop, make in triggers:
        session.execute(text(make))


def forge(office: Office, reference: str, sequence: int, column: str, value: str) -> None:
    """Changes one event and reckons every hash after it anew, as somebody would who has read this code."""
    tamper(
        office.database,
        f"UPDATE event SET {column} = {value} WHERE sequence = {sequence} AND complaint_id = "  # noqa: S608 - a test's own
        f"(SELECT id FROM complaint WHERE reference = '{reference}')",
    )
    with office.database.reading() as session:
        links = _links(session, reference)
    tamper(
        office.database,
        *(f"UPDATE event SET hash = '{link}' WHERE id = {event_id}" for event_id, link in links),  # noqa: S608
        f"UPDATE complaint SET head = '{links[-1][1]}' WHERE reference = '{reference}'",  # noqa: S608
    )


def _links(session: Session, reference: str) -> Sequence[tuple[int, str]]:
    complaint = session.exec(select(Complaint).where(Complaint.reference == reference)).one()
    events = session.exec(
        select(Event).where(Event.complaint_id == complaint.id).order_by(col(Event.sequence))
    ).all()  # fmt: skip
    found: list[tuple[int, str]] = []
    for event in events:
        found.append((event.id or 0, ledger.link(found[-1][1] if found else "", reference, event)))
    return found
