"""The Procfile as a platform runs it: real processes of a real honcho against a practice workspace, started, used and stopped."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli.wiring import real_clock
from bot.demo import county
from bot.practice.person import Person, written
from bot.practice.seed import Timing
from bot.practice.server import PracticeServer
from storage import register
from storage.database import Database
from storage.register.organisation import PersonEntry
from tests.conftest import open_office
from tests.roads.town import joined, with_more

pytestmark = [pytest.mark.slow, pytest.mark.paired]

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
HONCHO, COMPLAINTS = str(BIN / "honcho"), str(BIN / "complaints")
PATIENCE = 30
# Platforms send SIGKILL ten seconds after SIGTERM or later; honcho itself after five.
PROMPTLY = 10
WELL = {"ok": True, "problems": [], "warnings": []}
# Several processes start at once here, on machines with other things to do; Slack's three seconds are for tests of their own.
UNHURRIED = Timing(answer=20, trigger=20)


@dataclass
class Site:
    """A folder with an environment for the app, and the workspace it belongs to."""

    folder: Path
    server: PracticeServer
    port: int
    environment: dict[str, str]

    def run(self, *arguments: str, **changed: str | None) -> "subprocess.CompletedProcess[str]":
        """Runs a command to its end; `changed` sets a variable, or takes it away with None."""
        return subprocess.run(  # noqa: S603 - the project's own commands
            arguments,
            cwd=self.folder,
            env=self.with_(**changed),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def with_(self, **changed: str | None) -> dict[str, str]:
        given = {**self.environment, **changed}
        return {name: value for name, value in given.items() if value is not None}

    def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status and answer of the web process, (0, {}) while it doesn't listen."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    @contextmanager
    def running(self, *arguments: str, **changed: str | None) -> Iterator["Running"]:
        """A process with everything below it, which are gone afterwards whatever happens."""
        log = self.folder / "output.txt"
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: S603 - as above
                arguments,
                cwd=self.folder,
                env=self.with_(**changed),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                yield Running(process, log)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    try:
                        process.wait(PROMPTLY)
                    except subprocess.TimeoutExpired:
                        os.killpg(process.pid, signal.SIGKILL)
                        process.wait()


@dataclass
class Running:
    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Asks it to stop; returns how many seconds that took."""
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return time.monotonic() - started

    def until(self, what: Callable[[], bool]) -> None:
        """Waits until something is so; a process that ended meanwhile won't make it so."""
        end = time.monotonic() + PATIENCE
        while not what():
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.said()}"
            assert time.monotonic() < end, f"waited {PATIENCE} s in vain:\n{self.said()}"
            time.sleep(0.05)


def free_port() -> int:
    """A port below those that systems hand out by themselves, so that nobody is given it before it is used."""
    while True:
        port = secrets.choice(range(20_000, 30_000))
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def opened(
    folder: Path, database_url: str, *, over: str, more: Sequence[PersonEntry] = (), timing: Timing = UNHURRIED
) -> Iterator[Site]:
    """A site that Slack reaches over "socket" or "http", with nothing of this machine's own environment.

    `more`: people beside the county's; `timing`: how long Slack waits.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}/slack/events" if over == "http" else None
    seed = replace(county.workspace(request_url=address), timing=timing)
    with PracticeServer(joined(seed, more)) as server:
        environment = {
            "PATH": f"{BIN}{os.pathsep}{os.defpath}",
            "DATABASE_URL": database_url,
            "SLACK_API_URL": server.api_url,
            "SLACK_BOT_TOKEN": county.BOT_TOKEN,
            "SLACK_SIGNING_SECRET": county.SIGNING_SECRET,
            "COMPLAINTS_CHANNEL": county.CHANNEL,
            "COMPLAINTS_MANAGERS": "U0CORA",
            "PORT": str(port),
        }
        if over == "socket":
            environment["SLACK_APP_TOKEN"] = county.APP_TOKEN
        yield Site(folder, server, port, environment)


@pytest.fixture(params=["socket", "http"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Site]:
    """A site over Socket Mode without a database yet."""
    with opened(tmp_path, f"sqlite:///{tmp_path / 'new.db'}", over="socket") as made:
        yield made


@pytest.fixture
def migrated(tmp_path: Path, sqlite_url: str) -> Iterator[Site]:
    """A site over Socket Mode with an empty register."""
    with opened(tmp_path, sqlite_url, over="socket") as made:
        yield made


def people_come(database_url: str, more: Sequence[PersonEntry] = ()) -> None:
    """The county's teams and people are entered, and more."""
    database = Database(database_url)
    with open_office(database).change(None, real_clock()) as desk:
        register.organisation.load(desk, with_more(more))
    database.close()


def lines() -> dict[str, str]:
    found = (line.partition(":") for line in (ROOT / "Procfile").read_text("utf-8").splitlines() if line.strip())
    return {name.strip(): command.strip() for name, _colon, command in found}


def honcho(site: Site, *processes: str) -> tuple[str, ...]:
    """The first of the processes gets the site's port."""
    return (
        HONCHO, "-f", str(ROOT / "Procfile"), "-d", str(site.folder), "start", "--no-colour", "-p", str(site.port),
        *processes,
    )  # fmt: skip


def connected(server: PracticeServer) -> bool:
    return bool(Person(server.url, "U0HESTER").state()["apps"][0]["connected"])


def record(server: PracticeServer) -> str:
    """Hester records a complaint in Slack; returns the card's text when it has appeared."""
    hester = Person(server.url, "U0HESTER")
    hester.command("/complaint new", channel=county.CHANNEL)
    hester.submit(
        hester.view(timeout=PATIENCE),
        {
            "lead_team_id": "First Response",
            "summary": "A reply took too long",
            "customer_group": "Parent",
            "contact_method": "Letter",
        },
    )
    said = written(hester.view()).replace("*", "")
    reference = re.search(r"(CS-\d{4}-\d{4}) is recorded", said)
    assert reference is not None, said
    hester.close(hester.view(), everything=True)
    card = hester.wait_for_message(county.CHANNEL, f"{reference[1]} for First Response", timeout=PATIENCE)
    hester.wait_for_message(county.CHANNEL, "A reply took too long", thread_ts=card["ts"], timeout=PATIENCE)
    return str(card["text"])


def transports(server: PracticeServer) -> set[str]:
    return {one["transport"] for one in Person(server.url, "U0HESTER").log()["deliveries"]}


def test_the_procfile_has_what_the_readme_says() -> None:
    assert lines() == {
        "release": "exec complaints db upgrade",
        "web": "exec complaints web",
        "bot": "exec complaints bot",
        "worker": "exec complaints worker",
    }


def test_its_processes_take_a_complaint_from_slack_back_to_slack_and_stop_when_asked(
    way: str, database_url: str, tmp_path: Path
) -> None:
    people_come(database_url)
    processes = ("web", "bot", "worker") if way == "socket" else ("web", "worker")
    with opened(tmp_path, database_url, over=way) as site:
        with site.running(*honcho(site, *processes)) as started:
            started.until(lambda: site.ask("/readyz") == (200, WELL))
            assert site.ask("/healthz") == (200, {"ok": True})
            started.until(lambda: connected(site.server))
            assert "Nobody owns it yet." in record(site.server)
            assert transports(site.server) == {way}
            assert started.stop() < PROMPTLY
            said = started.said()
        # honcho itself hands on the signal it was stopped with.
        assert started.process.returncode == 128 + signal.SIGTERM
        assert set(re.findall(r"stopped \(rc=(-?\d+)\)", said)) == {"0"}, said
        assert said.count("stopped (rc=") == len(processes)
        assert "SIGKILL" not in said
        assert "Traceback" not in said
        assert site.ask("/healthz") == (0, {})
        assert way == "http" or not connected(site.server)


def test_nobody_but_slack_is_listened_to(sqlite_url: str, tmp_path: Path) -> None:
    with opened(tmp_path, sqlite_url, over="http") as site, site.running(COMPLAINTS, "web") as started:
        started.until(lambda: site.ask("/healthz")[0] == 200)
        forged = urllib.request.Request(
            f"http://127.0.0.1:{site.port}/slack/events",
            data=b"command=%2Fcomplaint&text=mine&user_id=U0HESTER",
            headers={"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(forged, timeout=5)  # noqa: S310 - the address is the site's own
        refused.value.close()
        assert refused.value.code == 401


@pytest.mark.parametrize("process", ["web", "bot", "worker"])
def test_each_process_ends_well_when_it_is_stopped(migrated: Site, process: str) -> None:
    with migrated.running(COMPLAINTS, process) as started:
        if process == "web":
            started.until(lambda: migrated.ask("/readyz")[0] == 200)
        elif process == "bot":
            started.until(lambda: connected(migrated.server))
        else:
            started.until(lambda: "mode=worker" in started.said())
        assert started.stop() < PROMPTLY
    assert started.process.returncode == 0
    assert "Traceback" not in started.said()


@pytest.mark.parametrize(("over", "number"), [("socket", signal.SIGINT), ("http", signal.SIGTERM)])
def test_everything_in_one_process_does_the_same_and_makes_its_own_database(
    over: str, number: signal.Signals, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with opened(tmp_path, url, over=over) as site:
        with site.running(COMPLAINTS, "run") as started:
            started.until(lambda: over == "socket" or site.ask("/readyz")[0] == 200)
            started.until(lambda: connected(site.server))
            people_come(url)
            assert "Nobody owns it yet." in record(site.server)
            assert transports(site.server) == {over}
            assert started.stop(number) < PROMPTLY
        assert started.process.returncode == 0
        assert "Traceback" not in started.said()


def test_the_release_line_brings_the_database_up_to_date_and_may_run_again(bare: Site) -> None:
    released = bare.run(*honcho(bare, "release"))
    again = bare.run(HONCHO, "-d", str(bare.folder), "run", *lines()["release"].split())
    for done in (released, again):
        assert done.returncode == 0, done.stdout + done.stderr
        assert "The database is up to date." in done.stdout
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("process", ["bot", "worker"])
def test_a_process_that_starts_before_the_release_says_what_to_run(bare: Site, process: str) -> None:
    started = bare.run(COMPLAINTS, process)
    assert started.returncode == 2
    assert "Run complaints db upgrade first." in started.stderr
    assert "Traceback" not in started.stderr


def test_web_that_starts_before_the_release_says_that_it_is_not_ready(bare: Site) -> None:
    with bare.running(COMPLAINTS, "web") as started:
        started.until(lambda: bare.ask("/healthz") == (200, {"ok": True}))
        status, answer = bare.ask("/readyz")
        assert (status, answer["ok"]) == (503, False)
        assert "complaints db upgrade" in answer["problems"][0]
        assert bare.run(COMPLAINTS, "db", "upgrade").returncode == 0
        started.until(lambda: bare.ask("/readyz")[0] == 200)
        assert bare.ask("/readyz")[1]["warnings"] == ["no worker has asked yet what is due: is one running?"]


@pytest.mark.parametrize("process", ["bot", "worker"])
def test_a_process_without_a_site_of_its_own_answers_about_its_health_where_it_is_told_to(
    migrated: Site, process: str
) -> None:
    with migrated.running(COMPLAINTS, process, HEALTH_PORT=str(migrated.port)) as started:
        started.until(lambda: migrated.ask("/readyz")[0] == 200)
        assert migrated.ask("/healthz") == (200, {"ok": True})
        with urllib.request.urlopen(f"http://127.0.0.1:{migrated.port}/metrics", timeout=5) as answer:
            told = answer.read().decode()
        assert "complaints_register_up 1.0" in told
        assert ('complaints_beat_seconds_count{beat="tick"}' in told) == (process == "worker")
        assert started.stop() < PROMPTLY
    assert started.process.returncode == 0
    assert "Traceback" not in started.said()


def test_without_tokens_every_process_says_which_to_set(bare: Site) -> None:
    def start(process: str) -> "subprocess.CompletedProcess[str]":
        return bare.run(COMPLAINTS, process, SLACK_BOT_TOKEN=None, SLACK_APP_TOKEN=None, SLACK_SIGNING_SECRET=None)

    with ThreadPoolExecutor(2) as both:
        for started in both.map(start, ("run", "web", "bot", "worker")):
            assert started.returncode == 2
            for named in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "complaints doctor"):
                assert named in started.stderr
            assert "Traceback" not in started.stderr


def test_bot_without_its_own_token_names_the_other_way(bare: Site) -> None:
    started = bare.run(COMPLAINTS, "bot", SLACK_APP_TOKEN=None)
    assert started.returncode == 2
    assert "Set SLACK_APP_TOKEN for Socket Mode, or use complaints web for HTTP." in started.stderr
