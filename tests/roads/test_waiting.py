"""Waits that add up, a commit whose answer is lost, and readiness meanwhile."""

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import Session, select

from storage.database import WITHIN_SLACKS_TIME, Database
from storage.errors import RegisterAway
from storage.models import Complaint, ReferenceCounter
from tests.roads.server import OwnServer, forget_half_open, own_server
from tests.roads.test_outages import FORM, SLACK_WAITS, new_form
from tests.roads.town import open_town

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(autouse=True)
def nothing_left_for_the_next_test() -> Iterator[None]:
    """What the driver leaves of connections that broke while they were made is collected before another test begins."""
    yield
    forget_half_open()


@pytest.fixture(scope="module")
def started() -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(prefix="complaints-waiting-") as folder, own_server(Path(folder)) as server:
        yield server


class Line:
    """A TCP line to a server. `lose_commit`: the next COMMIT arrives, its answer doesn't."""

    def __init__(self, port: int) -> None:
        self.lose_commit = False
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._all: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        for one in self._all:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._all += [near, far]
                lost = threading.Event()
                threading.Thread(target=self._up, args=(near, far, lost), daemon=True).start()
                threading.Thread(target=self._down, args=(far, near, lost), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while data := near.recv(65536):
                if self.lose_commit and b"COMMIT\0" in data:
                    self.lose_commit = False
                    lost.set()
                    far.sendall(data)
                    time.sleep(0.2)
                    near.shutdown(socket.SHUT_RDWR)
                    break
                far.sendall(data)
            far.shutdown(socket.SHUT_RDWR)

    def _down(self, far: socket.socket, near: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while data := far.recv(65536):
                if not lost.is_set():
                    near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)


@contextmanager
def line(server: OwnServer) -> Iterator[tuple[Line, str]]:
    made = Line(server.port)
    try:
        yield made, make_url(server.new_database()).set(port=made.port).render_as_string(hide_password=False)
    finally:
        made.cut()


def test_a_commit_whose_answer_is_lost_is_not_said_to_have_saved_nothing(started: OwnServer) -> None:
    with line(started) as (to, url), open_town(url, "http", rates="off", waits=WITHIN_SLACKS_TIME) as town:
        hester = town.person("U0HESTER")
        form = new_form(hester)
        to.lose_commit = True
        said = " ".join(hester.submit(form, FORM)["errors"].values())
        with town.wired.database.reading() as session:
            assert session.exec(select(Complaint.reference)).all() == ["CS-2026-0001"]
        assert "nothing was saved" not in said


@pytest.mark.parametrize("people", [2, 5, 40])
def test_many_who_wait_for_the_same_row_are_all_told_within_slacks_three_seconds(
    database_url: str, people: int
) -> None:
    database = Database(database_url)
    with database.writing() as session:
        session.add(ReferenceCounter(year=2026, last=0))

    def wait(_number: int) -> float:
        began = time.monotonic()
        with pytest.raises(RegisterAway), database.writing() as session:
            _lock(session)
        return time.monotonic() - began

    holder = Database(database_url)
    with holder.writing() as held:
        _lock(held)
        with ThreadPoolExecutor(people) as pool:
            slowest = max(pool.map(wait, range(people)))
    holder.close()
    database.close()
    assert slowest < SLACK_WAITS - 0.3


def test_readiness_is_an_answer_at_any_moment_of_an_outage(started: OwnServer) -> None:
    with open_town(started.new_database(), "http", rates="off", waits=WITHIN_SLACKS_TIME) as town:
        over = threading.Event()
        with ThreadPoolExecutor(4) as pool:
            asking = [
                pool.submit(_ask_until, over, lambda: list(town.wired.checkup().look().problems)) for _ in range(4)
            ]
            for _ in range(10):
                time.sleep(0.15)
                started.strike_down()
                started.start()
            over.set()
            assert all(one.result(10) for one in asking)


def _ask_until(over: threading.Event, ask: Callable[[], list[str]]) -> int:
    asked = 0
    while not over.is_set():
        ask()
        asked += 1
    return asked


def _lock(session: Session) -> None:
    session.exec(select(ReferenceCounter).with_for_update()).one().last += 1
    session.flush()
