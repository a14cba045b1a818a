"""What a restored register does about messages that Slack may have got from its earlier life."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage import outbox, register, sending
from storage.backup import Aftermath, aftermath, restored_from
from storage.database import Database
from storage.models import CouncilChange, OutboxRow
from storage.register import Response
from storage.sending import Leased
from storage.vocabulary import CouncilMatter, MessageKind, OutboxState
from tests import county as people
from tests.county import County

pytestmark = pytest.mark.slow

LATER = timedelta(days=2)


def settle(database: Database, made_at: datetime, now: datetime) -> Aftermath:
    with database.writing() as session:
        return aftermath.settle(session, made_at, now)


def put(database: Database, now: datetime, *keys: str) -> None:
    with database.writing() as session:
        for key in keys:
            outbox.put(session, key=key, kind=MessageKind.DECIDED, now=now)


def lease(database: Database, now: datetime, most: int = 20) -> list[Leased]:
    with database.writing() as session:
        return sending.lease(session, now=now, sender="a test", seconds=60, most=most)


def row(database: Database, key: str) -> dict[str, Any]:
    with database.reading() as session:
        return session.exec(select(OutboxRow).where(OutboxRow.key == key)).one().model_dump()


def test_what_waited_is_looked_for_from_the_moment_it_could_have_gone_out(database: Database, now: datetime) -> None:
    put(database, now, "a")
    assert settle(database, now + timedelta(hours=1), now + LATER) == Aftermath(waiting=1, cards=0)
    (leased,) = lease(database, now + LATER)
    assert (leased.key, leased.uncertain, leased.first_tried_at) == ("a", True, now)


def test_what_was_tried_before_is_looked_for_from_its_first_try(database: Database, now: datetime) -> None:
    put(database, now, "put off", "under way")
    put_off, _under_way = lease(database, now + timedelta(minutes=5))
    with database.writing() as session:
        until = now + timedelta(minutes=9)
        sending.postpone(session, put_off, until=until, problem="ratelimited", uncertain=False)
    assert settle(database, now + timedelta(minutes=6), now + LATER).waiting == 2
    found = {leased.key: leased for leased in lease(database, now + LATER)}
    assert {key: one.uncertain for key, one in found.items()} == {"put off": True, "under way": True}
    assert {one.first_tried_at for one in found.values()} == {now + timedelta(minutes=5)}


def test_what_is_over_stays_as_it_is(database: Database, now: datetime) -> None:
    put(database, now, "sent", "dropped", "failed")
    sent, dropped, failed = lease(database, now)
    with database.writing() as session:
        sending.sent(session, sent, now=now, channel="D1", ts="1.1")
        sending.drop(session, dropped, now=now, why="no longer needed")
        sending.fail(session, failed, now=now, problem="invalid_blocks")
    before = [row(database, key) for key in ("sent", "dropped", "failed")]
    assert settle(database, now, now + LATER) == Aftermath(waiting=0, cards=0)
    assert [row(database, key) for key in ("sent", "dropped", "failed")] == before
    assert lease(database, now + LATER) == []


def test_a_message_that_stands_and_waits_to_be_drawn_again_is_looked_for_by_nobody(
    database: Database, now: datetime
) -> None:
    put(database, now, "a")
    (leased,) = lease(database, now)
    with database.writing() as session:
        sending.sent(session, leased, now=now, channel="D1", ts="1.1")
        outbox.redraw_sent(session, select(col(OutboxRow.key)), now=now)
    assert settle(database, now, now + LATER).waiting == 0
    (again,) = lease(database, now + LATER)
    assert (again.uncertain, again.ts) == (False, "1.1")


@pytest.fixture
def posted(county: County, now: datetime) -> County:
    """Three complaints whose cards stand in the channel: one closed, two open."""
    for _ in range(3):
        county.record(now, received=date(2026, 11, 20))
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, "CS-2026-0001", Response(responded_on=now.date(), outcome="no_fault"))
    database = county.office.database
    for leased in lease(database, now):
        with database.writing() as session:
            sending.sent(session, leased, now=now, channel="C0COMPLAINTS", ts=f"1.{leased.id}")
    return county


def test_cards_of_open_complaints_are_drawn_again_one_after_the_other(posted: County, now: datetime) -> None:
    database = posted.office.database
    assert settle(database, now, now + LATER) == Aftermath(waiting=0, cards=2)
    first, second = row(database, "card:2"), row(database, "card:3")
    assert [(one["state"], one["uncertain"]) for one in (first, second)] == [(OutboxState.PENDING, False)] * 2
    assert (first["not_before"], second["not_before"]) == (now + LATER, now + LATER + timedelta(seconds=2))
    assert row(database, "card:1")["state"] is OutboxState.SENT
    assert row(database, "thread:2:1")["state"] is OutboxState.SENT


def test_that_it_was_restored_is_part_of_the_councils_history(database: Database, now: datetime) -> None:
    settle(database, now, now + LATER)
    with database.reading() as session:
        (noted,) = session.exec(select(CouncilChange)).all()
    assert (noted.matter, noted.changed_at, noted.actor_id) == (CouncilMatter.RESTORED, now + LATER, None)
    assert noted.data == {"made_at": now.isoformat()}


def test_it_is_remembered_for_a_month_and_the_oldest_backup_counts(database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert restored_from(session, now) is None
    settle(database, now, now + LATER)
    settle(database, now + timedelta(days=1), now + LATER)
    for days, since in ((2, now), (32, now), (34, None)):
        with database.reading() as session:
            assert restored_from(session, now + timedelta(days=days)) == since
