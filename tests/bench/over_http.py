"""Commands over signed HTTP: against a command that does nothing in the same server, and with a hundred people at once."""

import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from slack_sdk.signature import SignatureVerifier

from bot.demo import county as demo
from bot.practice.server import PracticeServer
from tests import county as people
from tests.bench.lines import Line, at_least, at_most, percentile, within
from tests.bench.registers import NOW, aged, sqlite_at
from tests.bench.site import NOOP

HISTORY, PEOPLE, SECONDS = 100_000, 100, 4.0
# What people type; forms that Slack has to open are answered as soon as Slack is asked to.
TYPED = (
    "status 2026/27", "mine", "show CS-2026-0001", "history CS-2026-0001", "trend", "compare", "themes", "promises", "sent",
    "help", "new",
)  # fmt: skip


def measure(folder: Path) -> list[Line]:
    """The answer counts when it has come back; what follows it goes to an address that takes everything, as Slack would."""
    url = sqlite_at(folder, "site")
    with ExitStack() as stack:
        register = stack.enter_context(aged(url, HISTORY))
        register.county.record(NOW, received=NOW.date())
        response_url = stack.enter_context(answered_to())
        slack = stack.enter_context(PracticeServer(demo.workspace()))
        port = stack.enter_context(site(url, slack.api_url))
        lines = []
        for many in (1, 16):
            ours, nothing = rates(port, "status 2026/27", response_url, many)
            said = f"/complaint status, {HISTORY:,} stages, {many} at a time, against a command that does nothing"
            lines.append(at_least(said, ours, nothing, 0.5))
        alone = {words: one_at_a_time(port, words, response_url) for words in (*TYPED, NOOP)}
        slowest = max(TYPED, key=lambda words: alone[words])
        said = f"slowest command one at a time over HTTP ({slowest}), against one that does nothing"
        lines.append(at_most(said, alone[slowest], alone[NOOP], 5.0))
        crowd = stack.enter_context(elsewhere())
        crowds = {words: crowd.submit(all_at_once, port, words, response_url).result() for words in TYPED}
        worst = max(TYPED, key=lambda words: percentile(crowds[words], 0.99))
        nothing = percentile(crowd.submit(all_at_once, port, NOOP, response_url).result(), 0.99)
        said = f"p99 of {PEOPLE} people at once over HTTP ({worst}; of one that does nothing {nothing * 1000:.0f} ms)"
        lines.append(within(said, percentile(crowds[worst], 0.99), 0.3))
        lines.append(within("slowest of all of them, of Slack's three seconds", max(map(max, crowds.values())), 3.0))
    return lines


def elsewhere() -> ProcessPoolExecutor:
    """A process of its own for a crowd, which must not slow down the workspace that it presses in."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def rates(port: int, words: str, response_url: str, many: int) -> tuple[float, float]:
    """Answers a second of a command and of one that does nothing, in turn, from so many connections."""
    ours = nothing = 0.0
    for _ in range(3):
        ours = max(ours, _rate(port, words, response_url, many))
        nothing = max(nothing, _rate(port, NOOP, response_url, many))
    return ours, nothing


def _rate(port: int, words: str, response_url: str, many: int) -> float:
    end = time.perf_counter() + SECONDS

    def ask() -> int:
        asking, done = Asking(port), 0
        while time.perf_counter() < end:
            asking.ask(words, response_url)
            done += 1
        return done

    with ThreadPoolExecutor(many) as pool:
        done = sum(one.result() for one in [pool.submit(ask) for _ in range(many)])
    return done / SECONDS


def one_at_a_time(port: int, words: str, response_url: str) -> float:
    """Seconds of an answer, the median of many."""
    asking = Asking(port)
    times = [asking.ask(words, response_url) for _ in range(120)]
    return percentile(times[20:], 0.5)


def all_at_once(port: int, words: str, response_url: str) -> list[float]:
    """Seconds that each of a hundred waits who press at the same moment, five times over."""
    times: list[float] = []
    with ThreadPoolExecutor(PEOPLE) as pool:
        for _ in range(5):
            ready = threading.Barrier(PEOPLE)

            def press(together: threading.Barrier = ready) -> float:
                asking = Asking(port)
                together.wait()
                return asking.ask(words, response_url)

            times += [one.result() for one in [pool.submit(press) for _ in range(PEOPLE)]]
    return times


@dataclass
class Asking:
    """Somebody with a connection of their own."""

    port: int
    _line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self._line.connect()

    def ask(self, words: str, response_url: str) -> float:
        """Seconds until the answer is there. Raises RuntimeError unless it is a good one."""
        command, text = (words, "") if words == NOOP else ("/complaint", words)
        body = urllib.parse.urlencode(
            {
                "command": command, "text": text, "user_id": people.HANDLER, "channel_id": demo.CHANNEL, "team_id": "T0",
                "trigger_id": "1.2.3", "response_url": response_url,
            }
        )  # fmt: skip
        now = str(int(time.time()))
        signature = str(SignatureVerifier(demo.SIGNING_SECRET).generate_signature(timestamp=now, body=body))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": signature,
        }
        started = time.perf_counter()
        self._line.request("POST", "/slack/events", body, headers)
        answer = self._line.getresponse()
        answer.read()
        took = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{words}: {answer.status}")
        return took


def started(what: str, url: str, api_url: str, port: int = 0) -> subprocess.Popen[bytes]:
    """The measured process, on its way: `web` at this port, or `socket`."""
    environment = {
        **os.environ, "DATABASE_URL": url, "PORT": str(port), "SLACK_BOT_TOKEN": demo.BOT_TOKEN,
        "SLACK_APP_TOKEN": demo.APP_TOKEN, "SLACK_SIGNING_SECRET": demo.SIGNING_SECRET, "SLACK_API_URL": api_url,
        "PYTHONPATH": str(Path.cwd()), "COMPLAINTS_CHANNEL": demo.CHANNEL,
    }  # fmt: skip
    return subprocess.Popen(  # noqa: S603 - a module of ours
        [sys.executable, "-m", "tests.bench.site", what],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def site(url: str, api_url: str) -> Iterator[int]:
    """The measured site in a process of its own; its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    process = started("web", url, api_url, port)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                Asking(port)._line.close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


class _Takes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass


@contextmanager
def answered_to() -> Iterator[str]:
    """An address that takes whatever is posted to it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Takes)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/response"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
