"""The worker as a council runs it: processes beside the one that answers people. Each does what it is told, and says so."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from multiprocessing.connection import Connection, wait

import structlog

from bot import app as bolt
from bot import collector
from bot.cli.demo import settings
from bot.cli.wiring import Wired
from jobs.delivery import Delivery
from jobs.tick import tick
from tests.patience import PATIENT

# Two of them send side by side, since a council may run as many.
WORKERS = 2
# Few at once, so that both have something to send.
BATCH, SENDERS = 6, 2
_DONE_WITHIN = 120


class Workers:
    """Several workers on one register, which do what they are told and say when it is done."""

    def __init__(self, lines: list[Connection]) -> None:
        self._lines = lines
        self._next = cycle(lines)
        self._ready = False

    def beat(self, ahead: timedelta) -> None:
        """One of them, in turn, asks what is due while the others send what waits; then all send what it found.

        `ahead` is how far the workspace's clock is ahead of the real one. Raises RuntimeError when one of them failed.
        """
        if not self._ready:
            self._all_of(set(self._lines))
            self._ready = True
        asking = next(self._next)
        for line in self._lines:
            line.send(("tick" if line is asking else "send", ahead))
        busy = set(self._lines)
        while asking in busy:
            busy -= self._first_of(busy)
        idle = set(self._lines) - busy
        for line in idle:
            line.send(("send", ahead))
        self._all_of(busy | idle)

    def _first_of(self, busy: set[Connection]) -> set[Connection]:
        """Waits until somebody is done; returns who."""
        done = {line for line in wait(list(busy), _DONE_WITHIN) if isinstance(line, Connection)}
        if not done:
            raise RuntimeError(f"a worker said nothing for {_DONE_WITHIN} s")
        for line in done:
            problem = line.recv()
            if problem:
                raise RuntimeError(f"a worker failed: {problem}")
        return done

    def _all_of(self, busy: set[Connection]) -> None:
        while busy:
            busy = busy - self._first_of(busy)


@contextmanager
def workers(api_url: str, database_url: str) -> Iterator[Workers]:
    """As many as WORKERS, on their way; they end when this does."""
    make = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        lines = []
        for _ in range(WORKERS):
            here, there = make.Pipe()
            process = make.Process(target=_work, args=(there, api_url, database_url), daemon=True)
            process.start()
            stack.callback(process.join, _DONE_WITHIN)
            stack.callback(here.close)
            there.close()
            lines.append(here)
        yield Workers(lines)


def _work(line: Connection, api_url: str, database_url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    ahead = timedelta(0)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    with Wired(settings(api_url, database_url), now, PATIENT) as wired:
        client = bolt.client(wired.settings)
        channel = wired.settings.complaints_channel
        delivery = Delivery(wired.office, client, clock=now, channel=channel, batch=BATCH, senders=SENDERS)
        collector.spare_what_stays()
        line.send(None)
        while True:
            try:
                what, ahead = line.recv()
            except EOFError:
                break
            try:
                if what == "tick":
                    tick(wired.office, now())
                else:
                    delivery.run(most_rounds=1000)
            except Exception as problem:  # noqa: BLE001 - it is told to the test, which fails with it
                line.send(repr(problem))
            else:
                line.send(None)
        delivery.close()
