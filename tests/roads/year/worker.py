"""The worker as a council runs it: processes beside the one that answers people. Each does what it is told, and says so."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle
from multiprocessing.connection import Connection

import structlog

from bot import app as bolt
from bot.cli.demo import settings
from bot.cli.wiring import Wired
from jobs.delivery import Delivery
from jobs.tick import tick
from tests.patience import PATIENT

# Two of them send side by side, since a council may run as many.
WORKERS = 2
# Few at once, so that both have something to send.
BATCH, SENDERS = 6, 2
_STARTS_WITHIN = 60
_DONE_WITHIN = 120


class Workers:
    """Several workers on one register. `beat` takes how far the workspace's clock is ahead of the real one."""

    def __init__(self, lines: list[Connection]) -> None:
        self._lines = lines
        self._next = cycle(lines)

    def beat(self, ahead: timedelta) -> None:
        """One of them, in turn, asks what is due; then all send what waits. Raises RuntimeError when one of them failed."""
        self._told([next(self._next)], "tick", ahead)
        self._told(self._lines, "send", ahead)

    def _told(self, lines: list[Connection], what: str, ahead: timedelta) -> None:
        for line in lines:
            line.send((what, ahead))
        for line in lines:
            _heard(line, _DONE_WITHIN)


@contextmanager
def workers(api_url: str, database_url: str) -> Iterator[Workers]:
    """As many as WORKERS, ready; they end when this does."""
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
        for line in lines:
            _heard(line, _STARTS_WITHIN)
        yield Workers(lines)


def _heard(line: Connection, seconds: float) -> None:
    if not line.poll(seconds):
        raise RuntimeError(f"a worker said nothing for {seconds} s")
    problem = line.recv()
    if problem:
        raise RuntimeError(f"a worker failed: {problem}")


def _work(line: Connection, api_url: str, database_url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    ahead = timedelta(0)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    with Wired(settings(api_url, database_url), now, PATIENT) as wired:
        client = bolt.client(wired.settings)
        channel = wired.settings.complaints_channel
        delivery = Delivery(wired.office, client, clock=now, channel=channel, batch=BATCH, senders=SENDERS)
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
