"""Real worker processes, one of them killed between Slack's accepting a message and our recording it."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.demo import county
from jobs.delivery import opaque
from storage import outbox, register
from storage.models import OutboxRow, Person
from storage.register import NewComplaint
from storage.vocabulary import OutboxState
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow

_MANAGERS = ("U0MABEL", "U0NOOR")


def test_a_worker_killed_between_posting_and_recording_doubles_and_loses_nothing(database_url: str) -> None:
    with open_town(database_url, "socket", start=None, rates="off") as town:
        allocate(town, 4)
        watcher = town.person("U0HESTER")
        watcher.add_fault("accept_then_hang", method="chat.postMessage", share=1.0)
        first = start_worker(town, database_url)
        try:
            watcher.wait_for(lambda: posted(town) or None, timeout=20, what="a first post that nobody heard of")
        finally:
            os.kill(first.pid, signal.SIGKILL)
            first.wait(10)
        watcher.clear_faults()
        assert leased(town) > 0
        # The dead worker's leases run out; another takes over, beside one in this process.
        town.server.clock.advance(timedelta(seconds=61))
        town.delivery.run()
        second = start_worker(town, database_url)
        try:
            watcher.wait_for(lambda: all_sent(town), timeout=40, what="everything to be sent")
        finally:
            second.send_signal(signal.SIGTERM)
            second.wait(15)
        keys = posted(town)
        assert max(keys.values()) == 1, "something was posted twice"
        assert set(keys) == sent(town), "something was lost"


def allocate(town: Town, complaints: int) -> None:
    """Records and assigns complaints, each of which makes a card, lines in its thread and a message to its manager."""
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team_id = next(team.id for team in desk.teams if team.name == "First Response")
        managers = {one.slack_id: one.id or 0 for one in desk.session.exec(select(Person)).all()}
        for number in range(complaints):
            new = register.record(desk, NewComplaint(received_on=desk.today, lead_team_id=team_id))
            register.allocate(desk, new.reference, managers[_MANAGERS[number % 2]])


def start_worker(town: Town, database_url: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "SLACK_API_URL": town.server.api_url,
        "SLACK_BOT_TOKEN": county.BOT_TOKEN,
        "SLACK_APP_TOKEN": county.APP_TOKEN,
        "COMPLAINTS_CHANNEL": county.CHANNEL,
    }
    return subprocess.Popen([sys.executable, "-c", "from bot.cli import main; main()", "worker"], env=environment)


def posted(town: Town) -> Counter[str]:
    """How often each message reached the workspace, by the key in its metadata: the workspace's own log."""
    calls = town.person("U0HESTER").log()["calls"]
    return Counter(
        call["key"]["key"] for call in calls if call["method"] == "chat.postMessage" and call["ok"] and call.get("key")
    )


def sent(town: Town) -> set[str]:
    with town.wired.database.reading() as session:
        rows = session.exec(select(OutboxRow)).all()
    assert {(row.key, row.state, row.problem) for row in rows if row.state is not OutboxState.SENT} == set()
    return {opaque(row.key) for row in rows}


def leased(town: Town) -> int:
    with town.wired.database.reading() as session:
        return len(session.exec(select(OutboxRow).where(OutboxRow.state == OutboxState.SENDING)).all())


def unsent(town: Town) -> int:
    with town.wired.database.reading() as session:
        return outbox.backlog(session, town.server.clock.now()).waiting


def all_sent(town: Town) -> bool:
    """Lets this process help, on a clock that has passed every lease, until nothing waits."""
    town.delivery.run()
    return unsent(town) == 0
