"""What keeps a process from its work is told apart from what somebody should look at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.health import Checkup, Health
from storage import heartbeat, outbox
from storage.database import Database
from storage.vocabulary import MessageKind

LAST_DAY = date(2030, 12, 31)


@pytest.fixture
def checkup(database: Database, now: datetime) -> Checkup:
    """A register that somebody ticks for."""
    tick(database, now)
    return Checkup(database, lambda: now, LAST_DAY)


def tick(database: Database, when: datetime) -> None:
    with database.writing() as session:
        heartbeat.beat(session, heartbeat.TICK, when)


def wait_since(database: Database, when: datetime) -> None:
    with database.writing() as session:
        outbox.put(session, key="digest:1:2026-11-23", kind=MessageKind.DIGEST, now=when)


def test_a_register_that_is_ticked_for_is_well(checkup: Checkup) -> None:
    assert checkup.look() == Health()


@pytest.mark.parametrize(("late", "well"), [(timedelta(minutes=2), True), (timedelta(minutes=2, seconds=1), False)])
def test_a_late_tick_is_a_problem_of_the_worker_and_a_warning_anywhere_else(
    checkup: Checkup, now: datetime, late: timedelta, well: bool
) -> None:
    later = replace(checkup, clock=lambda: now + late)
    found, own = later.look(), replace(later, ticks=True).look()
    assert found == (Health() if well else Health(warnings=own.problems))
    assert own.warnings == ()
    assert well or own.problems == ("no worker has asked since 2026-11-23T09:30:00+00:00 what is due: is one running?",)


def test_the_last_tick_counts(checkup: Checkup, database: Database, now: datetime) -> None:
    tick(database, now + timedelta(minutes=10))
    assert replace(checkup, clock=lambda: now + timedelta(minutes=11)).look() == Health()


def test_before_the_first_tick_it_says_so(database: Database, now: datetime) -> None:
    assert Checkup(database, lambda: now, LAST_DAY).look().warnings == (
        "no worker has asked yet what is due: is one running?",
    )


@pytest.mark.parametrize(("minutes", "said"), [(15, 0), (16, 1)])
def test_messages_that_wait_too_long_are_told_with_their_number(
    checkup: Checkup, database: Database, now: datetime, minutes: int, said: int
) -> None:
    wait_since(database, now - timedelta(minutes=minutes))
    warnings = checkup.look().warnings
    assert len(warnings) == said
    assert not said or "1 messages wait to be sent, the oldest since 2026-11-23T09:14:00+00:00." in warnings[0]


def test_what_waits_for_its_time_does_not_wait_too_long(checkup: Checkup, database: Database, now: datetime) -> None:
    wait_since(database, now + timedelta(days=3))
    assert checkup.look() == Health()


@pytest.mark.parametrize(("last_day", "said"), [(date(2027, 11, 23), False), (date(2027, 11, 22), True)])
def test_a_calendar_that_ends_within_a_year_is_told(checkup: Checkup, last_day: date, said: bool) -> None:
    found = replace(checkup, last_day=last_day).look()
    assert [warning.startswith("the calendar reaches") for warning in found.warnings] == [True] * said


@pytest.mark.parametrize("connected", [lambda: True, lambda: False])
def test_a_socket_that_is_away_is_a_problem(checkup: Checkup, connected: Callable[[], bool]) -> None:
    problems = replace(checkup, connected=connected).look().problems
    assert problems == (() if connected() else ("Slack is not connected",))


def test_a_database_that_is_away_or_has_no_tables_is_a_problem(tmp_path: Path, now: datetime) -> None:
    away = Database(f"sqlite:///{tmp_path / 'nowhere' / 'at all.db'}")
    assert Checkup(away, lambda: now, LAST_DAY).look().problems == ("the database can't be reached",)
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert Checkup(empty, lambda: now, LAST_DAY).look().problems == (
        "migrations are missing: run complaints db upgrade",
    )
    away.close()
    empty.close()
