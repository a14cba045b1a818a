"""A process that is asked to stop while somebody waits for its answer gives that answer first."""

import json
import signal
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.cli.wiring import real_clock
from bot.demo import county
from bot.practice.person import Person
from storage import views_complaint
from storage.database import Database
from storage.register import NewComplaint, record
from tests.conftest import open_office
from tests.roads.test_outages import write_lock_held
from tests.roads.test_procfile import COMPLAINTS, Site, connected, opened, people_come

pytestmark = [pytest.mark.slow, pytest.mark.paired]


def offer(url: str) -> str:
    """A complaint that Mabel may claim; its reference."""
    database = Database(url)
    with open_office(database).change("U0HESTER", real_clock()) as desk:
        team_id = next(team.id for team in desk.teams if team.name == "First Response")
        reference = record(desk, NewComplaint(received_on=desk.today, lead_team_id=team_id)).reference
    database.close()
    return reference


def owner(url: str, reference: str) -> str | None:
    database = Database(url)
    with open_office(database).look(None, real_clock()) as desk:
        found = views_complaint.complaint(desk, reference).line.owner
    database.close()
    return found.slack_id if found else None


def press_claim(site: Site, reference: str) -> int:
    """Mabel's press as Slack sends it, signed; the status of the answer."""
    payload = {
        "type": "block_actions", "user": {"id": "U0MABEL"}, "team": {"id": "T0"}, "trigger_id": "1.2.3",
        "actions": [{"type": "button", "action_id": "claim", "block_id": "b", "value": reference}],
    }  # fmt: skip
    body = urllib.parse.urlencode({"payload": json.dumps(payload)})
    now = str(int(time.time()))
    signature = SignatureVerifier(county.SIGNING_SECRET).generate_signature(timestamp=now, body=body)
    asked = urllib.request.Request(
        f"http://127.0.0.1:{site.port}/slack/events",
        data=body.encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": str(signature),
        },
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - the address is the site's own
        return int(answer.status)


def test_web_answers_what_it_holds(tmp_path: Path, sqlite_url: str) -> None:
    people_come(sqlite_url)
    reference = offer(sqlite_url)
    with opened(tmp_path, sqlite_url, over="http") as site, site.running(COMPLAINTS, "web") as started:
        started.until(lambda: site.ask("/readyz")[0] == 200)
        with write_lock_held(sqlite_url) as let_go, ThreadPoolExecutor(1) as pool:
            pressed = pool.submit(press_claim, site, reference)
            time.sleep(0.2)
            started.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            assert not pressed.done()
            let_go()
            assert pressed.result() == 200
        assert started.process.wait(10) == 0
        assert "Traceback" not in started.said()
    assert owner(sqlite_url, reference) == "U0MABEL"


def test_bot_answers_what_it_holds(tmp_path: Path, sqlite_url: str) -> None:
    people_come(sqlite_url)
    reference = offer(sqlite_url)
    with opened(tmp_path, sqlite_url, over="socket") as site, site.running(COMPLAINTS, "bot") as started:
        started.until(lambda: connected(site.server))
        mabel = Person(site.server.url, "U0MABEL")
        with write_lock_held(sqlite_url) as let_go, ThreadPoolExecutor(1) as pool:
            asked = pool.submit(mabel.command, f"/complaint show {reference}", channel=county.CHANNEL)
            asked.result()
            card = mabel.wait_for_message(county.CHANNEL, reference)
            pressed = pool.submit(mabel.click, card, "claim")
            time.sleep(0.3)
            started.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            let_go()
            pressed.result()
        assert started.process.wait(10) == 0
        assert "Traceback" not in started.said()
    assert owner(sqlite_url, reference) == "U0MABEL"
