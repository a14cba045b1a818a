"""Workers and bots as processes on a clock of the test's own, to be killed like any other process."""

import logging
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.context import SpawnProcess
from typing import Any, Literal

import structlog

from bot.cli.demo import settings
from bot.cli.serve import asked_to_stop, wait_for
from bot.cli.wiring import Wired
from tests.patience import PATIENT

Kind = Literal["worker", "bot"]
_STARTS_WITHIN = _STOPS_WITHIN = 60


class Fleet:
    """Processes of each kind. Their clocks are as far ahead of the real one as `ahead` says, in seconds, at any moment."""

    def __init__(self, api_url: str, database_url: str, ahead: timedelta) -> None:
        self._make = multiprocessing.get_context("spawn")
        self._where = (api_url, database_url)
        self.ahead: Any = self._make.Value("d", ahead.total_seconds())
        self._up: dict[SpawnProcess, Any] = {}
        self.workers: list[SpawnProcess] = []
        self.bots: list[SpawnProcess] = []

    def start(self, kind: Kind, many: int = 1) -> None:
        """Starts more of a kind."""
        for _ in range(many):
            up = self._make.Event()
            process = self._make.Process(target=_work, args=(kind, self.ahead, up, *self._where), daemon=True)
            process.start()
            self._up[process] = up
            (self.workers if kind == "worker" else self.bots).append(process)

    def kill_worker(self, which: int) -> None:
        """Kills one of the workers as the system does when memory runs out: it finishes nothing."""
        process = self.workers.pop(which % len(self.workers))
        process.kill()
        process.join(_STOPS_WITHIN)

    def stop(self) -> list[int | None]:
        """Asks all to stop, as a platform does; their exit codes."""
        every = [*self.workers, *self.bots]
        for process in every:
            self._up[process].wait(_STARTS_WITHIN)
            process.terminate()
        for process in every:
            process.join(_STOPS_WITHIN)
        self.workers, self.bots = [], []
        return [process.exitcode for process in every]


@contextmanager
def fleet(api_url: str, database_url: str, ahead: timedelta) -> Iterator[Fleet]:
    """A fleet without a ship; whatever is left of it at the end is killed."""
    made = Fleet(api_url, database_url, ahead)
    try:
        yield made
    finally:
        for process in (*made.workers, *made.bots):
            process.kill()
            process.join(_STOPS_WITHIN)


def _work(kind: Kind, ahead: Any, up: Any, api_url: str, database_url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = asked_to_stop()

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=ahead.value)

    with Wired(settings(api_url, database_url), now, PATIENT) as wired:
        if kind == "worker":
            beat = wired.beat()
            beat.start()
            up.set()
            wait_for(stop)
            beat.stop()
        else:
            socket = wired.socket(wired.app())
            socket.connect()
            up.set()
            wait_for(stop)
            socket.finish()
