"""Requests that Slack didn't make, or not now, at the real server: refused, and nothing of them is done or logged."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.demo import county
from bot.practice.http_post import signature
from bot.web import LARGEST_BODY
from storage.database import Database
from tests.conftest import open_office
from tests.roads.test_procfile import COMPLAINTS, Running, Site, opened, people_come
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

SECRET = county.SIGNING_SECRET
# What would be done, and would be found in the register and in the log.
BODY = urlencode(
    {
        "command": "/complaint",
        "text": 'promise "a letter about the otter" in six months to Scrutiny',
        "user_id": "U0CORA",
        "channel_id": county.CHANNEL,
        "trigger_id": "1.1",
        "team_id": "T0PRACTICE",
    }
).encode()
FIVE_MINUTES = 5 * 60
TOO_LONG = BODY + b"&more=" + b"x" * LARGEST_BODY
Headers = dict[str, str]


def signed(body: bytes, *, secret: str = SECRET, ago: int = 0) -> Headers:
    """The headers of a request that was signed so many seconds ago."""
    stamp = str(int(time.time()) - ago)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(secret, stamp, body)}


def chunked(body: bytes, size: int = 50_000) -> bytes:
    """A body in pieces, which says nothing of its length."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@dataclass(frozen=True)
class Sent:
    """What goes over the wire after the usual headers; `length` is what it says of its length, None for nothing."""

    headers: Headers
    body: bytes
    length: int | None
    kind: str = "application/x-www-form-urlencoded"

    @property
    def bytes(self) -> bytes:
        """All of it."""
        usual = {"Host": "localhost", "Content-Type": self.kind, "Connection": "close"}
        length = {"Transfer-Encoding": "chunked"} if self.length is None else {"Content-Length": str(self.length)}
        lines = [f"{name}: {value}\r\n" for name, value in {**usual, **length, **self.headers}.items()]
        return b"POST /slack/events HTTP/1.1\r\n" + "".join(lines).encode("latin-1") + b"\r\n" + self.body


def plainly(headers: Headers, body: bytes = BODY, **more: str) -> Sent:
    return Sent(headers, body, len(body), **more)


# Made when they are sent, since they say when that is. The statuses that may come of it: a body that is longer than it says
# is a second request to whoever reads it, and what is cut off in the middle may get no answer at all.
FORGED: dict[str, tuple[Callable[[], Sent], set[int]]] = {
    "unsigned": (lambda: plainly({}), {401}),
    "signed with another secret": (lambda: plainly(signed(BODY, secret="another")), {401}),
    "changed on its way": (lambda: plainly(signed(BODY), BODY.replace(b"six", b"ten")), {401}),
    "longer than it was": (lambda: plainly(signed(BODY), BODY + b"&text=help"), {401}),
    "replayed after five minutes": (lambda: plainly(signed(BODY, ago=FIVE_MINUTES + 2)), {401}),
    "of the future": (lambda: plainly(signed(BODY, ago=-FIVE_MINUTES - 10)), {401}),
    "with a newer time than it was signed at": (
        lambda: plainly({**signed(BODY, ago=FIVE_MINUTES + 2), "X-Slack-Request-Timestamp": str(int(time.time()))}),
        {401},
    ),
    "with a time that is none": (lambda: plainly({**signed(BODY), "X-Slack-Request-Timestamp": "now"}), {401}),
    "with a signature that is none": (lambda: plainly({**signed(BODY), "X-Slack-Signature": "v0=é"}), {401}),
    "without a signature": (lambda: plainly({"X-Slack-Request-Timestamp": str(int(time.time()))}), {401}),
    "with no text in it": (lambda: plainly({}, b"\xff\xfe\x00"), {401}),
    "with JSON that is none": (lambda: plainly({}, b'{"otter": ', kind="application/json"), {401}),
    "with JSON that goes deep": (lambda: plainly({}, b"[" * 500_000, kind="application/json"), {401}),
    "with an event that is none": (lambda: plainly({}, b'{"event": {"user": 0}, "type": "event_callback"}'), {401}),
    "oversized": (lambda: plainly(signed(TOO_LONG), TOO_LONG), {413}),
    "oversized, in pieces": (lambda: Sent(signed(TOO_LONG), chunked(TOO_LONG), None), {413, 0}),
    "oversized, said to be short": (lambda: Sent(signed(TOO_LONG), TOO_LONG, len(BODY)), {401}),
    "unsigned, in pieces": (lambda: Sent({}, chunked(BODY), None), {401}),
    "of a length that is none": (lambda: Sent(signed(BODY), BODY, -1), {400}),
}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    people_come(sqlite_url)
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    with opened(tmp_path, database.url.render_as_string(), over="http") as opened_site:
        yield opened_site


@pytest.fixture
def server(site: Site) -> Iterator[Running]:
    """`complaints web`, ready."""
    with site.running(COMPLAINTS, "web") as started:
        started.until(lambda: site.ask("/readyz")[0] == 200)
        yield started


def status_of(site: Site, sent: Sent) -> int:
    """What comes back; 0 where the server hung up."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        # Where it had heard enough, what it said before may still be there.
        with suppress(OSError):
            connection.sendall(sent.bytes)
        try:
            answer = connection.recv(100)
        except OSError:
            return 0
    return int(answer.split()[1]) if answer else 0


def test_what_slack_did_not_send_now_is_refused_and_nothing_of_it_is_done(
    site: Site, server: Running, database: Database
) -> None:
    office = open_office(database)
    before = contents(office)
    for name, (make, statuses) in FORGED.items():
        assert status_of(site, make()) in statuses, name
        assert site.ask("/healthz") == (200, {"ok": True}), name
        assert contents(office) == before, name
    said = server.said()
    assert "Traceback" not in said
    assert "otter" not in said
    # The same once it is signed, whichever way it comes: it is the signature that they lacked.
    assert status_of(site, plainly(signed(BODY))) == 200
    assert contents(office) != before
    assert status_of(site, Sent(signed(BODY), chunked(BODY, 7), None)) == 200
    long = BODY + b"&more=" + b"x" * (LARGEST_BODY - len(BODY) - 10)
    assert status_of(site, Sent(signed(long), chunked(long), None)) == 200
    assert "otter" not in server.said()


def test_what_is_signed_and_cannot_be_read_is_refused(site: Site, server: Running) -> None:
    for body in (b"{", b"[" * 500_000, b'{"event": {"user": 0}, "type": "event_callback"}', b"payload=%7B"):
        assert status_of(site, plainly(signed(body), body, kind="application/json")) == 400, body[:50]
    assert "Traceback" not in server.said()


def test_a_few_requests_that_never_end_keep_nobody_from_being_answered(site: Site, server: Running) -> None:
    # As many as the server has threads would: each waits in one for the rest of its body, and granian sets that no limit.
    slow = Sent(signed(BODY), BODY[:10], len(BODY))
    held = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(10)]
    try:
        for connection in held:
            connection.sendall(slow.bytes)
        assert site.ask("/healthz") == (200, {"ok": True})
        assert status_of(site, plainly(signed(BODY))) == 200
    finally:
        for connection in held:
            connection.close()
    server.until(lambda: site.ask("/healthz")[0] == 200)
