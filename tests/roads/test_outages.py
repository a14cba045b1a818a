"""The database really goes away while people work: they are told in Slack's own time, and it comes back by itself."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy.pool import QueuePool
from sqlmodel import SQLModel, select

from bot.demo.county import CHANNEL
from bot.practice.person import Json, Person, written
from jobs import scheduler
from storage import register
from storage.database import WITHIN_SLACKS_TIME
from storage.models import Complaint, Event, OutboxRow, Stage
from storage.register import NewComplaint
from storage.vocabulary import MessageKind
from tests.bot.practice.house import web_server
from tests.roads.server import OwnServer, forget_half_open, own_server
from tests.roads.test_workers import allocate, posted, sent, start_worker, unsent
from tests.roads.town import Town, open_town

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.filterwarnings("ignore::ResourceWarning")]

UNSURE = "The register went away just as this was being saved"
AWAY = "The register can't be reached just now, so nothing was saved"
SLACK_WAITS = 3.0
FORM = {
    "received_on": "2026-11-20",
    "lead_team_id": "First Response",
    "summary": "Nobody answered letters for three weeks",
    "customer_group": "Parent",
    "contact_method": "Letter",
}


@pytest.fixture(autouse=True)
def nothing_left_for_the_next_test() -> Iterator[None]:
    """What the driver leaves of connections that broke while they were made is collected before another test begins."""
    yield
    forget_half_open()


@pytest.fixture(scope="module")
def started() -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(prefix="complaints-outage-") as folder, own_server(Path(folder)) as server:
        yield server


@pytest.fixture
def server(started: OwnServer) -> Iterator[OwnServer]:
    """Up before each test, and after one that left it down."""
    yield started
    if not started.is_up():
        started.start()


@pytest.fixture(params=["socket", "http"])
def town(request: pytest.FixtureRequest, server: OwnServer) -> Iterator[Town]:
    """A town over either transport whose register is in the server that is going to be struck down."""
    with open_town(server.new_database(), request.param, rates="off", waits=WITHIN_SLACKS_TIME) as opened:
        yield opened


@contextmanager
def beating(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The worker's own scheduler, asking every second what is due."""
    monkeypatch.setattr(scheduler, "TICK_SECONDS", 1)
    beat = town.wired.beat()
    beat.start()
    try:
        yield
    finally:
        beat.stop()


@contextmanager
def health(town: Town) -> Iterator[Callable[[str], tuple[int, Json]]]:
    """What a platform sees: asks /healthz or /readyz of the real WSGI application over HTTP."""
    with web_server(town.wired.http(town.wired.app())) as address:

        def ask(path: str) -> tuple[int, Json]:
            try:
                with urllib.request.urlopen(address.replace("/slack/events", path), timeout=10) as answer:  # noqa: S310
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as refused:
                with refused:
                    return refused.code, json.load(refused)

        yield ask


def offer(town: Town) -> str:
    """Records a complaint for First Response, which its managers may claim; returns its reference."""
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team_id = next(team.id for team in desk.teams if team.name == "First Response")
        return register.record(desk, NewComplaint(received_on=desk.today, lead_team_id=team_id)).reference


def new_form(person: Person) -> Json:
    person.command("/complaint new", channel=CHANNEL)
    return person.view()


def in_slacks_time(act: Callable[[], Any]) -> Any:
    """Does it; the workspace itself fails what isn't acknowledged within three seconds, and this says by how much."""
    began = time.monotonic()
    answer = act()
    took = time.monotonic() - began
    assert took < SLACK_WAITS, f"it took {took:.1f} s"
    return answer


def told(person: Person, since: int) -> str:
    """The newest message that only this person sees, newer than the `since` there were."""
    seen = person.wait_for(lambda: ephemerals(person)[since:] or None, what="to be told")
    return written(seen[-1])


def ephemerals(person: Person) -> list[Json]:
    return [message for message in person.messages(CHANNEL) if message.get("ephemeral")]


def sees(person: Person, act: Callable[[], Any]) -> str:
    """What only this person is shown after an act, which Slack must have been answered for in time."""
    before = len(ephemerals(person))
    in_slacks_time(act)
    return told(person, before)


def count(town: Town, model: type[SQLModel]) -> int:
    with town.wired.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def nothing_is_half_done(town: Town) -> None:
    """Every complaint has its stage, its whole history and its card; the history is as long as the complaint says."""
    with town.wired.database.reading() as session:
        complaints = session.exec(select(Complaint)).all()
        stages = Counter(session.exec(select(Stage.complaint_id)).all())
        events = Counter(session.exec(select(Event.complaint_id)).all())
        cards = Counter(
            session.exec(select(OutboxRow.complaint_id).where(OutboxRow.kind == MessageKind.CARD)).all(),
        )
    assert {one.id: one.changes for one in complaints} == dict(events)
    assert dict(stages) == dict(cards) == {one.id: 1 for one in complaints}
    references = sorted(one.reference for one in complaints)
    assert references == [f"CS-2026-{number:04d}" for number in range(1, len(complaints) + 1)]


def everything_went_out_once(town: Town) -> None:
    keys = posted(town)
    assert max(keys.values()) == 1, "something was posted twice"
    assert set(keys) == sent(town), "something was lost"


def nothing_is_held(town: Town) -> None:
    """No connection was lent and never given back."""
    pool = town.wired.database.engine.pool
    assert isinstance(pool, QueuePool)
    deadline = time.monotonic() + 5
    while pool.checkedout() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert pool.checkedout() == 0


def working_threads() -> set[threading.Thread]:
    """The threads that the worker and the bot live by."""
    return {thread for thread in threading.enumerate() if thread.name.startswith(("APScheduler", "sender", "Thread"))}


def test_people_are_told_while_postgresql_is_down_and_everything_goes_on_by_itself(
    town: Town, server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hester, mabel, noor = town.person("U0HESTER"), town.person("U0MABEL"), town.person("U0NOOR")
    offer(town)
    with health(town) as ask, beating(town, monkeypatch):
        card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
        form = new_form(hester)
        well = (200, {"ok": True, "problems": [], "warnings": []})
        mabel.wait_for(lambda: ask("/readyz") == well, what="the first tick")
        # What is written now finds Slack closed, and waits while the register goes too.
        hester.add_fault("rate_limited", method="chat.postMessage", share=1.0)
        offer(town)
        threads = working_threads()
        server.strike_down()

        hester.clear_faults()
        assert ask("/readyz") == (503, {"ok": False, "problems": ["the database can't be reached"], "warnings": []})
        assert ask("/healthz") == (200, {"ok": True})
        assert AWAY in sees(mabel, lambda: mabel.click(card, "claim"))
        assert AWAY in sees(hester, lambda: hester.command("/complaint mine", channel=CHANNEL))
        assert AWAY in sees(hester, lambda: hester.command("/complaint new", channel=CHANNEL))
        answer = in_slacks_time(lambda: hester.submit(form, FORM))
        assert [AWAY in said for said in answer["errors"].values()] == [True]
        noor.open_home()
        assert AWAY.split(",", maxsplit=1)[0] in noor.wait_for(lambda: written(noor.home()))
        # Five working days before the response is due: a nudge for whoever it is offered to.
        town.server.clock.advance(timedelta(days=4, hours=2))
        time.sleep(2.5)
        assert ask("/readyz")[0] == 503
        assert threads <= working_threads()

        server.start()
        hester.wait_for(lambda: ask("/readyz")[0] == 200, what="the register to be back")
        mabel.wait_for_message(mabel.dm_with_app(), "you today")
        assert "You own CS-2026-0001" in sees(mabel, lambda: mabel.click(card, "claim"))
        hester.submit(hester.view(), FORM)
        assert "CS-2026-0003 is recorded" in written(hester.view()).replace("*", "")
        hester.wait_for(lambda: unsent(town) == 0, timeout=20, what="everything to go out")
        assert threads <= working_threads()
    assert count(town, Complaint) == 3
    nothing_is_half_done(town)
    everything_went_out_once(town)
    nothing_is_held(town)
    assert {state for state, _query in server.connections(town.wired.settings.database_url)} <= {"idle"}


def test_a_restart_that_nobody_noticed_costs_nobody_a_press(town: Town, server: OwnServer) -> None:
    """Every connection of the pool is dead by then."""
    hester, mabel = town.person("U0HESTER"), town.person("U0MABEL")
    offer(town)
    town.beat()
    card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
    form = new_form(hester)
    server.strike_down()
    server.start()
    assert "You own CS-2026-0001" in sees(mabel, lambda: mabel.click(card, "claim"))
    server.strike_down()
    server.start()
    assert "errors" not in in_slacks_time(lambda: hester.submit(form, FORM))
    server.strike_down()
    server.start()
    town.beat()
    nothing_is_half_done(town)
    everything_went_out_once(town)


def test_what_slack_took_while_the_register_was_away_is_not_posted_again(town: Town, server: OwnServer) -> None:
    """The register goes between the lease and the note of what Slack answered, for every sender at once."""
    allocate(town, 4)
    hester = town.person("U0HESTER")
    hester.add_fault("slow", method="chat.postMessage", share=1.0, seconds=1.0)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(town.delivery.run, most_rounds=1)
        hester.wait_for(lambda: asked_to_post(town), what="a first call to Slack")
        server.strike_down()
        assert sending.result(20) > 0
    hester.clear_faults()
    assert posted(town), "Slack took nothing meanwhile, so that nothing was tried"
    server.start()
    town.delivery.run()
    assert unsent(town) > 0, "a lease runs out by the clock, and not before"
    hester.wait_for(lambda: later(town, timedelta(seconds=61)), timeout=20, what="everything to be sent")
    everything_went_out_once(town)
    nothing_is_held(town)


def test_a_server_that_comes_and_goes_under_many_people_tells_each_of_them(
    town: Town, server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever presses is answered in time, each time, with what they asked for or with the same sentence."""
    mabel = town.person("U0MABEL")
    people = [town.person(one) for one in ("U0HESTER", "U0CORA", "U0MABEL", "U0NOOR", "U0OSCAR", "U0PIPPA", "U0FENN")]
    with beating(town, monkeypatch):
        over = threading.Event()

        def go_on(person: Person) -> int:
            acts = 0
            while not over.is_set():
                in_slacks_time(lambda: person.command("/complaint mine", channel=CHANNEL))
                record_one(person)
                acts += 1
            return acts

        with ThreadPoolExecutor(len(people)) as pool:
            busy = [pool.submit(go_on, person) for person in people]
            for _ in range(4):
                time.sleep(0.4)
                server.strike_down()
                time.sleep(0.3)
                server.start()
            time.sleep(0.5)
            over.set()
            assert all(one.result(30) > 0 for one in busy)
        mabel.wait_for(lambda: later(town, timedelta(seconds=61)), timeout=40, what="everything to go out")
    said = {written(message).split(".")[0] for person in people for message in ephemerals(person)}
    assert AWAY in said
    assert not [one for one in said if "went wrong" in one], said
    nothing_is_half_done(town)
    everything_went_out_once(town)
    nothing_is_held(town)


def test_a_worker_process_that_starts_too_early_and_outlives_two_outages_sends_everything_once(
    server: OwnServer,
) -> None:
    with open_town(server.new_database(), "socket", start=None, rates="off", waits=WITHIN_SLACKS_TIME) as town:
        hester = town.person("U0HESTER")
        allocate(town, 1)
        server.strike_down()
        worker = start_worker(town, town.wired.settings.database_url)
        try:
            for outage in (3, 1.5):
                time.sleep(outage)
                assert worker.poll() is None
                server.start()
                allocate(town, 1)
                hester.wait_for(lambda: unsent(town) == 0, timeout=20, what="everything to be sent")
                server.strike_down()
            server.start()
            assert worker.poll() is None
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(15)
        assert worker.returncode == 0
        everything_went_out_once(town)


def record_one(person: Person) -> None:
    """Fills in the form for a new complaint, if it opens, and closes whatever came of it."""
    in_slacks_time(lambda: person.command("/complaint new", channel=CHANNEL))
    deadline = time.monotonic() + 0.5
    while not person.views() and time.monotonic() < deadline:
        time.sleep(0.02)
    for form in person.views():
        answer = in_slacks_time(partial(person.submit, form, FORM))
        assert "failed" not in answer, answer
        for each in answer.get("errors", {}).values():
            assert each.startswith((AWAY, UNSURE)), each
    for form in person.views()[-1:]:
        person.close(form, everything=True)


def asked_to_post(town: Town) -> bool:
    return any(call["method"] == "chat.postMessage" for call in town.person("U0HESTER").log()["calls"])


def later(town: Town, by: timedelta) -> bool:
    """Whether everything is sent after a while more, by the worker of this town."""
    town.server.clock.advance(by)
    town.delivery.run()
    return unsent(town) == 0


@contextmanager
def write_lock_held(sqlite_url: str) -> Iterator[Callable[[], None]]:
    """Another process has the file for writing; yields what makes it let go."""
    path = sqlite_url.removeprefix("sqlite:///")
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", _HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        def let_go() -> None:
            holder.communicate("\n", timeout=10)

        try:
            yield let_go
        finally:
            holder.kill()


_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_people_are_told_while_another_process_keeps_the_file_locked(
    sqlite_url: str, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        open_town(sqlite_url, transport, rates="off", waits=WITHIN_SLACKS_TIME) as town,
        health(town) as ask,
        beating(town, monkeypatch),
    ):
        hester, mabel = town.person("U0HESTER"), town.person("U0MABEL")
        offer(town)
        card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
        form = new_form(hester)
        threads = working_threads()
        with write_lock_held(sqlite_url) as let_go:
            # All at once, beside a worker that wants to write too.
            town.server.clock.advance(timedelta(days=4, hours=2))
            with ThreadPoolExecutor(2) as pool:
                pressed = pool.submit(sees, mabel, lambda: mabel.click(card, "claim"))
                answer = pool.submit(in_slacks_time, lambda: hester.submit(form, FORM)).result()
                assert [AWAY in said for said in answer["errors"].values()] == [True]
                assert AWAY in pressed.result()
            # Who only looks isn't kept waiting.
            assert "You own no open complaint" in sees(
                hester, lambda: hester.command("/complaint mine", channel=CHANNEL)
            )
            assert ask("/readyz")[0] == ask("/healthz")[0] == 200
            let_go()
        hester.submit(hester.view(), FORM)
        assert "CS-2026-0002 is recorded" in written(hester.view()).replace("*", "")
        mabel.wait_for_message(mabel.dm_with_app(), "you today")
        assert "You own CS-2026-0001" in sees(mabel, lambda: mabel.click(card, "claim"))
        hester.wait_for(lambda: unsent(town) == 0, timeout=20, what="everything to go out")
        assert threads <= working_threads()
        assert count(town, Complaint) == 2
        nothing_is_half_done(town)
        everything_went_out_once(town)
        nothing_is_held(town)
