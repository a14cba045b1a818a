"""The same over Socket Mode, through the practice workspace: against a command that does nothing over the same socket."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo import county as demo
from bot.practice.person import Person
from bot.practice.seed import CommandSeed
from bot.practice.server import PracticeServer
from storage import schema
from tests.bench.lines import Line, at_most, percentile, within
from tests.bench.over_http import elsewhere, started
from tests.bench.registers import sqlite_at
from tests.bench.site import NOOP

PEOPLE = 100
TYPED = ("/complaint status", "/complaint mine", "/complaint help", "/complaint themes", "/complaint trend")


def measure(folder: Path) -> list[Line]:
    """From the press in the workspace to its having the answer."""
    with ExitStack() as stack:
        seed = replace(demo.workspace(), rates="off")
        app_seed = replace(seed.apps[0], commands=(*seed.apps[0].commands, CommandSeed(command=NOOP)))
        server = stack.enter_context(PracticeServer(replace(seed, apps=(app_seed,))))
        url = sqlite_at(folder, "socket")
        with Wired(settings(server.api_url, url), server.clock.now) as wired:
            schema.upgrade(wired.database)
            demo.seed(wired.office, server.clock.now())
        stack.enter_context(bot(url, server.api_url))
        hester = Person(server.url, "U0HESTER")
        hester.wait_for(lambda: hester.state()["apps"][0]["connected"])
        alone = {words: _one_at_a_time(server.url, words) for words in (*TYPED, NOOP)}
        slowest = max(TYPED, key=lambda words: alone[words])
        crowd = stack.enter_context(elsewhere())
        crowds = {words: crowd.submit(_all_at_once, server.url, words).result() for words in TYPED}
        worst = max(TYPED, key=lambda words: percentile(crowds[words], 0.99))
        nothing = percentile(crowd.submit(_all_at_once, server.url, NOOP).result(), 0.99)
    return [
        at_most(
            f"slowest command one at a time over Socket Mode ({slowest}), against one that does nothing",
            alone[slowest],
            alone[NOOP],
            5.0,
        ),
        within(
            f"p99 of {PEOPLE} people at once over Socket Mode ({worst}; of one that does nothing {nothing * 1000:.0f} ms)",
            percentile(crowds[worst], 0.99),
            0.3,
        ),
        within("slowest of all of them, of Slack's three seconds", max(map(max, crowds.values())), 3.0),
    ]


@contextmanager
def bot(url: str, api_url: str) -> Iterator[None]:
    """The measured bot in a process of its own, as a council runs it."""
    process = started("socket", url, api_url)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _one_at_a_time(url: str, words: str) -> float:
    somebody = Pressing(url)
    return percentile([somebody.asks(words) for _ in range(80)][20:], 0.5)


def _all_at_once(url: str, words: str) -> list[float]:
    times: list[float] = []
    with ThreadPoolExecutor(PEOPLE) as pool:
        for _ in range(3):
            ready = threading.Barrier(PEOPLE)

            def press(together: threading.Barrier = ready) -> float:
                somebody = Pressing(url)
                together.wait()
                return somebody.asks(words)

            times += [one.result() for one in [pool.submit(press) for _ in range(PEOPLE)]]
    return times


@dataclass
class Pressing:
    """Somebody in the workspace's page, whose browser keeps its connection."""

    url: str
    _line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        self._line.connect()

    def asks(self, words: str) -> float:
        """Seconds until the workspace has the app's answer. Raises RuntimeError unless it came in time."""
        body = json.dumps({"as": "U0HESTER", "channel": demo.CHANNEL, "text": words})
        started = time.perf_counter()
        self._line.request("POST", "/practice/say", body, {"Content-Type": "application/json"})
        answer = self._line.getresponse()
        said = json.loads(answer.read())
        took = time.perf_counter() - started
        if answer.status != 200 or "failed" in said:
            raise RuntimeError(f"{words}: {said}")
        return took
