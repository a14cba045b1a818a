"""What was worked out of the register holds until anybody commits anything, and never a moment longer."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import heartbeat
from storage.database import Database
from storage.remembering import Memory


@pytest.fixture
def other(database_url: str) -> Iterator[Database]:
    """Another process, as far as the database can tell."""
    opened = Database(database_url)
    yield opened
    opened.close()


def write(database: Database, when: datetime) -> None:
    with database.writing() as session:
        heartbeat.beat(session, heartbeat.TICK, when)


def counted() -> Callable[[], int]:
    made = 0

    def make() -> int:
        nonlocal made
        made += 1
        return made

    return make


def test_while_nothing_is_committed_it_is_worked_out_once(database: Database) -> None:
    memory, make = Memory(database.state), counted()
    assert [memory.moment().once("a", make) for _ in range(3)] == [1, 1, 1]
    assert memory.moment().once("b", make) == 2


@pytest.mark.parametrize("whose", ["own", "another's"])
def test_any_commit_ends_it(database: Database, other: Database, now: datetime, whose: str) -> None:
    memory, make = Memory(database.state), counted()
    assert memory.moment().once("a", make) == 1
    write(database if whose == "own" else other, now)
    assert memory.moment().once("a", make) == 2
    assert memory.moment().once("a", make) == 2


def test_what_is_rolled_back_or_not_committed_yet_shows_nothing_new(
    database: Database, other: Database, now: datetime
) -> None:
    def seen() -> datetime | None:
        with database.reading() as session:
            return heartbeat.last(session, heartbeat.TICK)

    memory = Memory(database.state)
    assert memory.moment().once("a", seen) is None
    with other.writing() as session:
        heartbeat.beat(session, heartbeat.TICK, now)
        session.flush()
        assert memory.moment().once("a", seen) is None
    assert memory.moment().once("a", seen) == now


def test_what_was_read_of_an_older_moment_is_not_taken_for_a_newer_one(
    database: Database, other: Database, now: datetime
) -> None:
    """Somebody looks, somebody else commits, and then the first works out what it saw."""
    memory = Memory(database.state)
    moment = memory.moment()
    with database.reading() as session:
        seen = heartbeat.last(session, heartbeat.TICK)
        write(other, now)
        assert moment.once("a", lambda: seen) is None
    assert memory.moment().once("a", lambda: now) == now


def test_what_fails_is_tried_again_by_everybody_and_not_kept(database: Database) -> None:
    memory, tried = Memory(database.state), []

    def fail() -> int:
        tried.append(1)
        raise LookupError

    for _ in range(3):
        with pytest.raises(LookupError):
            memory.moment().once("a", fail)
    assert len(tried) == 3
    assert memory.moment().once("b", counted()) == 1


def test_who_asks_for_what_is_being_worked_out_waits_for_it(database: Database) -> None:
    memory, make, going = Memory(database.state), counted(), threading.Event()
    moment = memory.moment()

    def slow() -> int:
        going.wait(10)
        return make()

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(moment.once, "a", slow) for _ in range(8)]
        going.set()
        assert {one.result(10) for one in asked} == {1}


def test_no_more_is_kept_than_there_is_room_for(database: Database) -> None:
    memory, make = Memory(database.state, most=2), counted()
    moment = memory.moment()
    assert [moment.once(key, make) for key in "abab"] == [1, 2, 1, 2]
    assert [moment.once(key, make) for key in "cbca"] == [3, 2, 3, 4]


def test_a_database_that_is_away_is_asked_each_time_and_remembered_again_when_it_is_back(postgres_url: str) -> None:
    database, make = Database(postgres_url), counted()
    memory = Memory(database.state)
    assert memory.moment().once("a", make) == 1
    with database.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE '%%pg_current_snapshot()%%' AND pid <> pg_backend_pid()"
        )
    assert database.state() is None
    assert [memory.moment().once("a", make) for _ in range(2)] == [1, 1]
    database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["own", "other", "look"]), max_size=12))
def test_whatever_is_written_by_whom_what_is_told_is_what_is_there(
    database: Database, other: Database, now: datetime, steps: list[str]
) -> None:
    def seen() -> datetime | None:
        with database.reading() as session:
            return heartbeat.last(session, heartbeat.TICK)

    memory = Memory(database.state)
    for number, step in enumerate(steps):
        if step == "look":
            assert memory.moment().once("a", seen) == seen()
        else:
            write(database if step == "own" else other, now + timedelta(seconds=number))
