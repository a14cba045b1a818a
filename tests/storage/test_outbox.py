import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from storage import outbox, sending
from storage.database import Database
from storage.models import OutboxRow
from storage.sending import Leased
from storage.vocabulary import MessageKind, OutboxState
from tests.county import County


def put(database: Database, *keys: str, now: datetime) -> list[bool]:
    with database.writing() as session:
        return [
            outbox.put(session, key=key, kind=MessageKind.NUDGE, now=now, data={"day": "2026-11-23"}) for key in keys
        ]


def lease(
    database: Database, now: datetime, *, sender: str = "first", seconds: int = 60, most: int = 10
) -> list[Leased]:
    with database.writing() as session:
        return sending.lease(session, now=now, sender=sender, seconds=seconds, most=most)


def row_of(database: Database, key: str) -> OutboxRow:
    with database.reading() as session:
        return session.exec(select(OutboxRow).where(OutboxRow.key == key)).one()


def test_putting_the_same_key_twice_is_one_row(database: Database, now: datetime) -> None:
    assert put(database, "a", "a", now=now) == [True, False]
    assert put(database, "a", now=now + timedelta(days=1)) == [False]
    assert row_of(database, "a").created_at == now


def test_a_key_that_was_sent_is_never_put_again(database: Database, now: datetime) -> None:
    put(database, "a", now=now)
    (row,) = lease(database, now)
    with database.writing() as session:
        assert sending.sent(session, row, now=now, channel="C1", ts="1.1")
    assert put(database, "a", now=now) == [False]
    assert lease(database, now + timedelta(days=1)) == []


def test_what_caused_a_message_and_the_message_are_undone_together(database: Database, now: datetime) -> None:
    class ChangedMindError(Exception):
        pass

    with pytest.raises(ChangedMindError), database.writing() as session:
        outbox.put(session, key="a", kind=MessageKind.NUDGE, now=now)
        raise ChangedMindError
    assert lease(database, now) == []


def test_two_who_put_the_same_key_at_once_yield_one_row(database: Database, now: datetime) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: put(database, "a", now=now)[0], range(12)))
    assert answers.count(True) == 1


def test_a_leased_row_carries_what_was_put(database: Database, county: County, now: datetime) -> None:
    person = next(iter(county.people.values()))
    with database.writing() as session:
        outbox.put(
            session, key="a", kind=MessageKind.DIGEST, now=now, person_id=person, data={"days": ["2026-11-23"], "n": 3}
        )
    (row,) = lease(database, now, sender="me")
    assert (row.key, row.kind, row.person_id, row.complaint_id) == ("a", MessageKind.DIGEST, person, None)
    assert row.data == {"days": ["2026-11-23"], "n": 3}
    assert (row.attempts, row.uncertain, row.first_tried_at, row.lease) == (1, False, now, "me")


def test_rows_are_taken_oldest_first_and_no_more_than_asked_for(database: Database, now: datetime) -> None:
    put(database, "late", now=now)
    put(database, "early", now=now - timedelta(hours=1))
    put(database, "tomorrow", now=now + timedelta(days=1))
    assert [row.key for row in lease(database, now, most=1)] == ["early"]
    assert [row.key for row in lease(database, now)] == ["late"]
    assert lease(database, now) == []


def test_a_lease_belongs_to_one_sender_until_it_runs_out(database: Database, now: datetime) -> None:
    put(database, "a", now=now)
    assert len(lease(database, now, seconds=60)) == 1
    assert lease(database, now + timedelta(seconds=59), sender="second") == []
    assert len(lease(database, now + timedelta(seconds=60), sender="second")) == 1


def test_a_lease_that_ran_out_leaves_the_row_uncertain(database: Database, now: datetime) -> None:
    put(database, "a", now=now)
    lease(database, now)
    (again,) = lease(database, now + timedelta(minutes=2), sender="second")
    assert (again.uncertain, again.attempts, again.first_tried_at) == (True, 2, now)


@pytest.mark.parametrize("ending", ["sent", "postpone", "drop", "fail"])
def test_whoever_lost_the_lease_can_finish_nothing(database: Database, now: datetime, ending: str) -> None:
    put(database, "a", now=now)
    (lost,) = lease(database, now)
    later = now + timedelta(minutes=2)
    lease(database, later, sender="second")
    with database.writing() as session:
        assert finish(ending, session, lost, now=later) is False
    row = row_of(database, "a")
    assert (row.state, row.lease, row.channel, row.problem) == (OutboxState.SENDING, "second", None, None)


@pytest.mark.parametrize("ending", ["sent", "postpone", "drop", "fail"])
def test_a_row_is_finished_once(database: Database, now: datetime, ending: str) -> None:
    put(database, "a", now=now)
    (row,) = lease(database, now)
    with database.writing() as session:
        assert finish(ending, session, row, now=now) is True
        assert finish("sent", session, row, now=now) is False


def finish(ending: str, session: Any, row: Leased, *, now: datetime) -> bool:
    if ending == "sent":
        return sending.sent(session, row, now=now, channel="C1", ts="1.1")
    if ending == "postpone":
        return sending.postpone(session, row, until=now + timedelta(minutes=5), problem="ratelimited", uncertain=False)
    if ending == "drop":
        return sending.drop(session, row, now=now, why="moved since")
    return sending.fail(session, row, now=now, problem="channel_not_found")


def test_what_slack_returned_is_kept(database: Database, now: datetime) -> None:
    put(database, "a", now=now)
    lease(database, now)
    (again,) = lease(database, now + timedelta(minutes=2), sender="second")
    with database.writing() as session:
        sending.sent(session, again, now=now, channel="C1", ts="1.1")
    row = row_of(database, "a")
    assert (row.state, row.sent_at, row.channel, row.ts) == (OutboxState.SENT, now, "C1", "1.1")
    assert (row.lease, row.uncertain, row.problem) == (None, False, None)


def test_a_postponed_row_waits_for_its_time(database: Database, now: datetime) -> None:
    put(database, "a", now=now)
    (row,) = lease(database, now)
    with database.writing() as session:
        sending.postpone(session, row, until=now + timedelta(minutes=5), problem="ratelimited", uncertain=True)
    assert row_of(database, "a").problem == "ratelimited"
    assert lease(database, now + timedelta(minutes=4)) == []
    (again,) = lease(database, now + timedelta(minutes=5))
    assert (again.attempts, again.uncertain) == (2, True)


def test_dropped_and_failed_rows_are_never_taken_again(database: Database, now: datetime) -> None:
    put(database, "dropped", "failed", now=now)
    dropped, failed = lease(database, now)
    with database.writing() as session:
        sending.drop(session, dropped, now=now, why="moved since")
        sending.fail(session, failed, now=now, problem="channel_not_found")
    assert lease(database, now + timedelta(days=30)) == []
    assert row_of(database, "dropped").state is OutboxState.DROPPED
    assert row_of(database, "failed").state is OutboxState.FAILED


def test_the_backlog_is_what_waits_and_why(database: Database, now: datetime) -> None:
    put(database, "old", "failed", now=now - timedelta(hours=2))
    put(database, "new", now=now)
    put(database, "tomorrow", now=now + timedelta(days=1))
    old, failed = lease(database, now - timedelta(hours=1), most=2)
    with database.writing() as session:
        sending.postpone(session, old, until=now, problem="ratelimited", uncertain=False)
        sending.fail(session, failed, now=now, problem="channel_not_found")
    with database.reading() as session:
        found = outbox.backlog(session, now)
    assert (found.waiting, found.oldest) == (2, now - timedelta(hours=2))
    assert sorted(found.problems) == ["channel_not_found", "ratelimited"]


def test_an_empty_backlog_has_no_oldest(database: Database, now: datetime) -> None:
    with database.reading() as session:
        assert outbox.backlog(session, now) == outbox.Backlog(0, None, ())


def test_many_senders_share_the_rows_and_none_is_taken_twice(database: Database, now: datetime) -> None:
    put(database, *(f"row {number}" for number in range(40)), now=now)

    def send(number: int) -> list[str]:
        return [row.key for row in lease(database, now, sender=f"sender {number}", most=4)]

    with ThreadPoolExecutor(6) as pool:
        taken = [key for keys in pool.map(send, range(16)) for key in keys]
    assert sorted(taken) == sorted(f"row {number}" for number in range(40))


def test_on_postgresql_a_second_sender_steps_past_rows_that_are_just_being_taken(
    postgres_url: str, now: datetime
) -> None:
    database = Database(postgres_url)
    put(database, "a", "b", now=now)
    with database.writing() as slow:
        assert [row.key for row in sending.lease(slow, now=now, sender="slow", seconds=60, most=1)] == ["a"]
        assert [row.key for row in lease(database, now, sender="quick")] == ["b"]
    database.close()


def test_on_sqlite_a_second_sender_waits_and_gets_the_rest(sqlite_url: str, now: datetime) -> None:
    database = Database(sqlite_url)
    put(database, "a", "b", now=now)
    began = threading.Event()

    def quick() -> list[str]:
        began.set()
        return [row.key for row in lease(database, now, sender="quick")]

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as slow:
            taken = sending.lease(slow, now=now, sender="slow", seconds=60, most=1)
            waiting = pool.submit(quick)
            assert began.wait(5)
        assert [row.key for row in taken] == ["a"]
        assert waiting.result(5) == ["b"]
    database.close()


@pytest.mark.parametrize("asked", ["lease", "anything_due"])
def test_looking_for_what_is_due_reads_what_waits_and_not_what_was_ever_sent(
    sqlite_url: str, now: datetime, asked: str
) -> None:
    """The partial index serves only a query that spells its condition out: a bound parameter can be anything."""
    database = Database(sqlite_url)
    statements: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, parameters))

    with database.writing() as session:
        if asked == "lease":
            sending.lease(session, now=now, sender="me", seconds=60, most=10)
        else:
            sending.anything_due(session, now)
        statement, parameters = statements[0]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "ix_outbox_waiting" in str(plan)
    database.close()


# --- a message that is kept up to date ------------------------------------------------------------------------------


@pytest.fixture
def complaint_id(county: County, now: datetime) -> int:
    """A complaint whose own card and thread have been sent long ago."""
    county.record(now - timedelta(days=9), received=now.date() - timedelta(days=9))
    database, then = county.office.database, now - timedelta(days=8)
    with database.writing() as session:
        for row in sending.lease(session, now=then, sender="then", seconds=60, most=99):
            sending.sent(session, row, now=then, channel="C1", ts="1.1")
        return session.exec(select(OutboxRow.complaint_id)).first() or 0


def renew(database: Database, complaint_id: int, now: datetime) -> None:
    with database.writing() as session:
        outbox.renew(session, key="the card", kind=MessageKind.CARD, now=now, complaint_id=complaint_id)


def test_renewing_is_one_row_however_often(database: Database, complaint_id: int, now: datetime) -> None:
    for minute in range(3):
        renew(database, complaint_id, now + timedelta(minutes=minute))
    (row,) = lease(database, now + timedelta(hours=1))
    assert row.key == "the card"


def test_a_renewed_message_goes_out_again_where_it_stands(database: Database, complaint_id: int, now: datetime) -> None:
    renew(database, complaint_id, now)
    (row,) = lease(database, now)
    with database.writing() as session:
        sending.sent(session, row, now=now, channel="C1", ts="1.2")
    renew(database, complaint_id, now + timedelta(hours=1))
    (again,) = lease(database, now + timedelta(hours=1))
    assert (again.id, again.attempts, again.uncertain) == (row.id, 1, False)
    with database.reading() as session:
        assert outbox.standing(session, "the card") == ("C1", "1.2")


def test_what_was_never_posted_can_be_silenced_and_what_stands_cannot(
    database: Database, complaint_id: int, now: datetime
) -> None:
    renew(database, complaint_id, now)
    put(database, "another", now=now)
    with database.writing() as session:
        outbox.silence(session, [], now)
        outbox.silence(session, ["the card"], now)
    assert (row_of(database, "the card").state, row_of(database, "another").state) == (
        OutboxState.DROPPED, OutboxState.PENDING,
    )  # fmt: skip
    later = now + timedelta(hours=1)
    renew(database, complaint_id, later)
    with database.writing() as session:
        for row in sending.lease(session, now=later, sender="first", seconds=60, most=9):
            sending.sent(session, row, now=later, channel="C1", ts="1.2")
    renew(database, complaint_id, later + timedelta(hours=1))
    with database.writing() as session:
        outbox.silence(session, ["the card"], later)
    assert row_of(database, "the card").state is OutboxState.PENDING


def test_a_message_renewed_while_it_is_sent_goes_out_once_more(
    database: Database, complaint_id: int, now: datetime
) -> None:
    renew(database, complaint_id, now)
    (row,) = lease(database, now)
    renew(database, complaint_id, now)
    assert lease(database, now) == []
    with database.writing() as session:
        assert sending.sent(session, row, now=now, channel="C1", ts="1.2")
    (again,) = lease(database, now, sender="second")
    with database.writing() as session:
        assert sending.sent(session, again, now=now, channel="C1", ts="1.2")
    assert lease(database, now + timedelta(days=1)) == []


def test_a_change_that_came_before_the_lease_is_sent_once_and_not_twice(
    database: Database, complaint_id: int, now: datetime
) -> None:
    """What is drawn after leasing shows every change before it, so that only a later change needs another drawing."""
    renew(database, complaint_id, now)
    (row,) = lease(database, now)
    renew(database, complaint_id, now)
    with database.writing() as session:
        sending.postpone(session, row, until=now, problem="ratelimited", uncertain=False)
    (again,) = lease(database, now, sender="second")
    with database.writing() as session:
        sending.sent(session, again, now=now, channel="C1", ts="1.2")
    assert lease(database, now + timedelta(days=1)) == []


@pytest.mark.parametrize("ending", ["drop", "fail"])
def test_a_change_that_came_while_sending_failed_is_not_lost(
    database: Database, complaint_id: int, now: datetime, ending: str
) -> None:
    renew(database, complaint_id, now)
    (row,) = lease(database, now)
    renew(database, complaint_id, now)
    with database.writing() as session:
        finish(ending, session, row, now=now)
    assert [row.key for row in lease(database, now, sender="second")] == ["the card"]


def test_a_message_that_was_deleted_in_slack_has_no_place_any_more(
    database: Database, complaint_id: int, now: datetime
) -> None:
    renew(database, complaint_id, now)
    (row,) = lease(database, now)
    with database.writing() as session:
        sending.sent(session, row, now=now, channel="C1", ts="1.2")
    renew(database, complaint_id, now)
    (again,) = lease(database, now, sender="second")
    with database.writing() as session:
        sending.forget_place(session, again)
    with database.reading() as session:
        assert outbox.standing(session, "the card") is None


def test_when_it_came_stays_when_it_is_drawn_again_and_when_that_fails(
    database: Database, complaint_id: int, now: datetime
) -> None:
    renew(database, complaint_id, now)
    for later, ts in ((0, "1.1"), (5, "1.1")):
        (row,) = lease(database, now + timedelta(hours=later))
        with database.writing() as session:
            sending.sent(session, row, now=now + timedelta(hours=later), channel="C1", ts=ts)
        assert row_of(database, "the card").sent_at == now
        renew(database, complaint_id, now + timedelta(hours=5))
    (row,) = lease(database, now + timedelta(hours=6))
    with database.writing() as session:
        sending.drop(session, row, now=now + timedelta(hours=6), why="message_not_found")
    assert row_of(database, "the card").sent_at == now
    renew(database, complaint_id, now + timedelta(hours=7))
    (row,) = lease(database, now + timedelta(hours=7))
    with database.writing() as session:
        sending.sent(session, row, now=now + timedelta(hours=7), channel="C1", ts="1.2")
    assert row_of(database, "the card").sent_at == now + timedelta(hours=7)


def test_a_message_that_may_have_come_before_is_looked_for_when_it_is_first_sent(
    database: Database, now: datetime
) -> None:
    since = now - timedelta(days=2)
    with database.writing() as session:
        for key, maybe in (("maybe", since), ("never", None)):
            outbox.put(session, key=key, kind=MessageKind.NUDGE, now=now, maybe_since=maybe)
    found = {row.key: (row.uncertain, row.first_tried_at) for row in lease(database, now)}
    assert found == {"maybe": (True, since), "never": (False, now)}
