"""Claiming and marking outbox rows on PostgreSQL, against a bare loop in psycopg, and against two well-known job queues."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from uuid import uuid4

import procrastinate
import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import PsycopgDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode
from sqlalchemy import insert, make_url

from storage import schema, sending
from storage.database import Database
from storage.outbox import TABLE
from storage.vocabulary import MessageKind, OutboxState
from tests.bench.lines import Line, at_least
from tests.bench.registers import NOW

ROWS, BATCH = 4_000, 40


def measure(new_postgres: Callable[[], str]) -> list[Line]:
    """Rows a second of one process and of two; each row is taken in a batch and marked by itself, as the sender does."""
    rates = {"ours": 0.0, "bare": 0.0, "two": 0.0}
    for _ in range(3):
        rates["ours"] = max(rates["ours"], _rate(new_postgres(), ours, 1))
        rates["bare"] = max(rates["bare"], _rate(new_postgres(), bare, 1))
        rates["two"] = max(rates["two"], _rate(new_postgres(), ours, 2))
    lines = [
        at_least("outbox rows claimed and marked, against bare psycopg", rates["ours"], rates["bare"], 0.5),
        at_least("the same by two processes, against by one", rates["two"], rates["ours"], 1.3),
    ]
    for name, queue in (("procrastinate", procrastinate_rate), ("pgqueuer", pgqueuer_rate)):
        lines.append(at_least(f"outbox rows, against jobs of {name}", rates["ours"], queue(new_postgres()), 1.0))
    return lines


def _rate(url: str, work: Callable[[str], int], processes: int) -> float:
    database = Database(url)
    schema.upgrade(database)
    with database.writing() as session:
        session.execute(insert(TABLE), [_row(number) for number in range(ROWS)])
    database.close()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        # They have started and connected before the time is taken.
        list(pool.map(_ready, [url] * processes))
        started = time.perf_counter()
        done = sum(pool.map(work, [url] * processes))
        took = time.perf_counter() - started
    assert done == ROWS, (done, work)
    return ROWS / took


def _ready(url: str) -> None:
    time.sleep(0.5)


def _row(number: int) -> dict[str, object]:
    return {
        "key": f"nudge:{number}", "kind": MessageKind.NUDGE, "data": {}, "state": OutboxState.PENDING, "created_at": NOW,
        "not_before": NOW, "attempts": 0, "uncertain": False, "again": False,
    }  # fmt: skip


def ours(url: str) -> int:
    """Leases and marks as `jobs.delivery` does, without the call in between; returns how many."""
    database, done = Database(url), 0
    while True:
        with database.writing() as session:
            rows = sending.lease(session, now=NOW, sender=uuid4().hex, seconds=60, most=BATCH)
        if not rows:
            database.close()
            return done
        for row in rows:
            with database.writing() as session:
                sending.sent(session, row, now=NOW, channel="C1", ts="1.1")
        done += len(rows)


_TAKE = """
UPDATE outbox SET state = 'sending', lease = %s, not_before = %s, attempts = attempts + 1 WHERE id IN (
    SELECT id FROM outbox WHERE state IN ('pending', 'sending') AND not_before <= %s ORDER BY not_before, id LIMIT %s
    FOR UPDATE SKIP LOCKED) RETURNING id, key, kind, person_id, complaint_id, data, attempts, channel, ts
"""
_MARK = "UPDATE outbox SET state = 'sent', sent_at = %s, channel = %s, ts = %s WHERE id = %s AND lease = %s"


def bare(url: str) -> int:
    """The same by hand: nothing but the driver."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    done, until = 0, NOW + timedelta(seconds=60)
    with psycopg.connect(address) as connection:
        while True:
            lease = uuid4().hex
            rows = connection.execute(_TAKE, (lease, until, NOW, BATCH)).fetchall()
            connection.commit()
            if not rows:
                return done
            for row in rows:
                connection.execute(_MARK, (NOW, "C1", "1.1", row[0], lease))
                connection.commit()
            done += len(rows)


def procrastinate_rate(url: str) -> float:
    """Jobs a second of its own worker, in one process."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def run() -> float:
        app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))
        done: list[int] = []

        @app.task(name="send")  # type: ignore[untyped-decorator]  # reason: as below
        async def send(number: int) -> None:
            done.append(number)

        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            await send.batch_defer_async(*({"number": number} for number in range(ROWS)))
            started = time.perf_counter()
            await app.run_worker_async(wait=False, concurrency=BATCH, install_signal_handlers=False)
            took = time.perf_counter() - started
        assert len(done) == ROWS
        return ROWS / took

    return asyncio.run(run())


def pgqueuer_rate(url: str) -> float:
    """Jobs a second of its own worker, in one process."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def run() -> float:
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            driver = PsycopgDriver(connection)
            queries, done = Queries(driver), 0
            await queries.install()
            await queries.enqueue(["send"] * ROWS, [b"{}"] * ROWS, [0] * ROWS)
            queue = PgQueuer(driver)

            @queue.entrypoint("send")  # type: ignore[untyped-decorator]  # reason: as far as checking without it can tell
            async def send(_job: Job) -> None:
                nonlocal done
                done += 1

            started = time.perf_counter()
            await queue.run(dequeue_timeout=timedelta(seconds=1), batch_size=BATCH, mode=QueueExecutionMode.drain)
            took = time.perf_counter() - started
        assert done == ROWS
        return ROWS / took

    return asyncio.run(run())
