import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage.database import Database
from storage.errors import RegisterAway
from storage.models import FreeText, ReferenceCounter, Setting, Theme


def add_theme(database: Database, name: str) -> None:
    with database.writing() as session:
        session.add(Theme(name=name))


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(Theme.name)).all())


def impatient(url: str) -> Database:
    """A database whose writers wait for a tenth of a second."""
    database = Database(url)

    @event.listens_for(database.engine, "connect")
    def shorten(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 100")

    return database


def test_what_is_written_is_read_again(database: Database) -> None:
    add_theme(database, "Delay")
    assert names(database) == ["Delay"]


def test_a_transaction_is_undone_whole_when_anything_is_raised(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.add(Theme(name="Delay"))
        session.flush()
        session.add(Setting(key="due_soon_days", value=4))
        session.flush()
        _ = 1 / 0
    assert names(database) == []


def test_a_broken_rule_of_the_database_is_not_mistaken_for_a_database_that_is_away(database: Database) -> None:
    add_theme(database, "Delay")
    with pytest.raises(IntegrityError):
        add_theme(database, "Delay")
    add_theme(database, "Communication")
    assert names(database) == ["Communication", "Delay"]


def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO appointment (person_id, role) VALUES (9001, 'viewer')"))


def test_a_word_that_is_not_in_the_vocabulary_is_refused_by_the_database_itself(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO team (name, allocation) VALUES ('East', 'drawn by lot')"))


def test_two_writers_lose_no_update(database: Database) -> None:
    """Each reads, thinks and writes; with a lock on the row on PostgreSQL and on the whole file on SQLite."""
    with database.writing() as session:
        session.add(ReferenceCounter(year=2026, last=0))

    def raise_it(_: int) -> None:
        with database.writing() as session:
            counter = session.exec(select(ReferenceCounter).with_for_update()).one()
            counter.last += 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(raise_it, range(30)))
    with database.reading() as session:
        assert session.exec(select(ReferenceCounter.last)).one() == 30


def test_a_look_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    """A report asks several questions; they must not be answered from different moments."""
    with database.reading() as session:
        before = session.exec(select(Theme.name)).all()
        add_theme(database, "Delay")
        assert session.exec(select(Theme.name)).all() == before
    assert names(database) == ["Delay"]


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as session:
        session.add(Theme(name="Delay"))
        session.flush()
        assert names(database) == []


def test_a_server_that_refuses_connections_is_away() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(RegisterAway, match="nothing was saved"):
        database.ping()
    with pytest.raises(RegisterAway), database.writing() as session:
        session.add(Theme(name="Delay"))
    database.close()


def test_a_password_is_not_in_what_people_are_told() -> None:
    database = Database("postgres://nobody:a-secret@127.0.0.1:1/nothing")
    with pytest.raises(RegisterAway) as away:
        database.ping()
    assert "a-secret" not in str(away.value)
    assert database.url.drivername == "postgresql+psycopg"
    database.close()


def test_a_connection_that_breaks_is_away_and_the_next_one_works(postgres_url: str) -> None:
    database = Database(postgres_url)
    with pytest.raises(RegisterAway), database.writing() as session:
        session.add(Theme(name="Delay"))
        session.flush()
        victim = session.scalar(text("SELECT pg_backend_pid()"))
        with database.writing() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
        session.add(Theme(name="Communication"))
        session.flush()
    assert names(database) == []
    database.close()


def test_a_file_that_another_program_keeps_locked_is_away(sqlite_url: str) -> None:
    database = impatient(sqlite_url)
    hog = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")
    with pytest.raises(RegisterAway, match="Try again"):
        add_theme(database, "Delay")
    assert names(database) == []
    hog.execute("ROLLBACK")
    hog.close()
    add_theme(database, "Delay")
    assert names(database) == ["Delay"]
    database.close()


def test_a_writer_waits_for_another_that_is_quick(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    began = threading.Event()

    def quick() -> None:
        with database.writing() as session:
            session.add(Theme(name="Delay"))
            session.flush()
            began.set()
            time.sleep(0.1)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(quick)
        assert began.wait(5)
        add_theme(database, "Communication")
        waiting.result(5)
    assert names(database) == ["Communication", "Delay"]
    database.close()


@pytest.mark.slow
@pytest.mark.alone
def test_a_row_that_stays_locked_is_told_within_slacks_three_seconds(database_url: str) -> None:
    """On both engines: a listener that waits without end can't answer the person who pressed."""
    database = Database(database_url)
    with database.writing() as session:
        session.add(ReferenceCounter(year=2026, last=0))
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing() as session:
            lock(session)
            held.set()
            let_go.wait(8)

    def wait() -> str:
        try:
            with database.writing() as session:
                lock(session)
        except RegisterAway:
            return "told"
        return "waited"

    with ThreadPoolExecutor(2) as pool:
        holding = pool.submit(hold)
        assert held.wait(5)
        waiting = pool.submit(wait)
        began = time.monotonic()
        while not waiting.done() and time.monotonic() - began < 3:
            time.sleep(0.05)
        in_time = waiting.done()
        let_go.set()
        holding.result(5)
        assert waiting.result(5) == "told"
    database.close()
    assert in_time


def lock(session: Session) -> None:
    session.exec(select(ReferenceCounter).with_for_update()).one().last += 1
    session.flush()


def test_an_error_of_the_database_does_not_carry_what_people_wrote(database: Database) -> None:
    """It goes into the log as it stands, and the log holds no free text."""
    with pytest.raises(IntegrityError) as refused, database.writing() as session:
        session.add(FreeText(complaint_id=9_001, about="summary", body="Calls were not returned"))
    assert "Calls were not returned" not in str(refused.value)
