"""A backup that is taken while people record, claim and answer, restored into the other engine; and what a killed one leaves.

Every process is a real one; the people are threads that go through the real register with Slack's own patience.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.demo import county
from storage import importing, register, schema, sending
from storage.database import Database
from storage.models import Complaint, Event, Stage
from storage.office import Office
from storage.register import NewComplaint, Response
from storage.vocabulary import EventKind
from tests.conftest import MONDAY, database_made, open_office
from tests.storage.importing.helpers import quiet

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.soak]

# So many that whoever waited for a backup of them would have to be told to try again.
ROWS = 10_000
# As many as keep one core of two busy, which leaves the other to the backup.
PEOPLE = 2
_BETWEEN = 0.02
# Who waits for a lock for 0.9 seconds is told to try again, which fails the test by itself; the rest is the machine.
MOST_SECONDS = 1.0
PATIENCE = 120
HANDLER, MANAGER = "U0HESTER", "U0MABEL"


@dataclass(frozen=True)
class Act:
    """Something that somebody did, and that the register said was saved: when they asked, and when they were told."""

    reference: str
    kind: EventKind
    asked: float
    told: float


@dataclass
class People:
    """They record, claim and answer until it is over, and a worker sends beside them."""

    office: Office
    team_id: int
    acts: list[Act] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def work(self, who: int) -> int:
        number = 0
        while not self.over.is_set():
            number += 1
            self._live(
                f"Calls were not returned, the family says for the {number}th time, and {who} others say the same"
            )
        return number

    def send(self) -> int:
        sent = 0
        while not self.over.is_set():
            with self.office.database.writing() as session:
                rows = sending.lease(session, now=MONDAY, sender=f"worker {sent}", seconds=60, most=5)
                for row in rows:
                    sending.sent(session, row, now=MONDAY, channel="C1", ts=f"{row.id}.1")
            sent += len(rows)
            time.sleep(_BETWEEN)
        return sent

    def _live(self, summary: str) -> None:
        new = NewComplaint(received_on=MONDAY.date(), lead_team_id=self.team_id, summary=summary)
        answer = Response(responded_on=MONDAY.date(), outcome="no_fault")
        with self._doing(EventKind.RECEIVED) as said, self.office.change(HANDLER, MONDAY) as desk:
            said += [register.record(desk, new).reference]
        (reference,) = said
        with self._doing(EventKind.CLAIMED, reference), self.office.change(MANAGER, MONDAY) as desk:
            register.claim(desk, reference)
        with self._doing(EventKind.RESPONDED, reference), self.office.change(MANAGER, MONDAY) as desk:
            register.respond(desk, reference, answer)

    @contextmanager
    def _doing(self, kind: EventKind, *known: str) -> Iterator[list[str]]:
        """Notes what was done under the reference that is known, or is said inside."""
        said, asked = list(known), time.monotonic()
        yield said
        self.acts.append(Act(said[0], kind, asked, time.monotonic()))
        time.sleep(_BETWEEN)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with thousands of complaints."""
    folder = tmp_path_factory.mktemp("load")
    lines = [f"K/{number},2026-11-16,First Response,Calls were not returned {number}" for number in range(ROWS)]
    sheet = folder / "complaints.csv"
    sheet.write_text("\n".join(["Reference,Received,Team,Summary", *lines]) + "\n", "utf-8")
    database = Database(f"sqlite:///{folder / 'source.db'}")
    schema.upgrade(database)
    office = open_office(database)
    with office.change(None, MONDAY - timedelta(days=400)) as desk:
        register.organisation.load(desk, county.organisation())
    assert importing.bring_in(office, importing.read(sheet), MONDAY, progress=quiet).new == ROWS
    database.close()
    return folder / "source.db"


@pytest.fixture(scope="module")
def kept(source: Path) -> Path:
    """Its backup."""
    file = source.with_name("kept.zip")
    ended(start(f"sqlite:///{source}", "backup", str(file)))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def filled_url(request: pytest.FixtureRequest, source: Path, kept: Path, tmp_path: Path) -> Iterator[str]:
    """A database with thousands of complaints."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(source, tmp_path / 'filled.db')}"
        return
    with database_made(request.getfixturevalue("postgres_server"), f"filled_{uuid4().hex[:12]}") as url:
        ended(start(url, "restore", str(kept)))
        yield url


@pytest.fixture
def other_url(filled_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the other engine."""
    if filled_url.startswith("sqlite"):
        with database_made(request.getfixturevalue("postgres_server"), f"other_{uuid4().hex[:12]}") as url:
            yield url
        return
    yield f"sqlite:///{tmp_path / 'other.db'}"


def start(url: str, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - the project's own command
        [sys.executable, "-c", "from bot.cli import main; main()", *words],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> str:
    """What a command printed that ended well."""
    said, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said + complained
    return said


def test_a_backup_taken_under_load_is_whole_and_nobody_waited_for_it(
    filled_url: str, other_url: str, tmp_path: Path
) -> None:
    database, file = Database(filled_url), tmp_path / "register.zip"
    with open_office(database).look(None, MONDAY) as desk:
        team_id = next(team.id for team in desk.teams if team.name == "First Response")
    people = People(open_office(database), team_id)
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        working = [pool.submit(people.work, number) for number in range(PEOPLE)] + [pool.submit(people.send)]
        time.sleep(1)
        began = time.monotonic()
        backing_up = start(filled_url, "backup", str(file))
        try:
            ended(backing_up)
            over = time.monotonic()
            time.sleep(0.5)
        finally:
            people.over.set()
        assert all(one.result(10) for one in working)
    assert sum(began < act.told < over for act in people.acts) > 20
    assert max(act.told - act.asked for act in people.acts) < MOST_SECONDS
    ended(start(other_url, "restore", str(file)))
    assert "nothing differs." in ended(start(other_url, "check"))
    other = Database(other_url)
    before, after = histories(database), histories(other)
    nothing_is_missing(people.acts, after, began)
    everything_is_whole(other, before, after)
    database.close()
    other.close()


History = list[tuple[str, str]]


def histories(database: Database) -> dict[str, History]:
    """Kind and hash of each event, by complaint and in order."""
    found: dict[str, History] = {}
    with database.reading() as session:
        events = select(Complaint.reference, Event.kind, Event.hash).join(
            Event, col(Event.complaint_id) == col(Complaint.id)
        )
        for reference, kind, link in session.exec(events.order_by(col(Event.id))):
            found.setdefault(reference, []).append((kind, link))
    return found


def nothing_is_missing(acts: list[Act], after: dict[str, History], began: float) -> None:
    """What was saved before the backup began is in it, and so is what was saved before something was asked for that is in it."""
    there = {(reference, kind) for reference, history in after.items() for kind, _link in history}
    inside = [act for act in acts if (act.reference, act.kind) in there]
    instant = max(began, *(act.asked for act in inside))
    missing = [act for act in acts if act.told < instant and (act.reference, act.kind) not in there]
    assert missing == []
    assert 0 < len(inside) < len(acts), "the backup was taken before or after everything"


def everything_is_whole(database: Database, before: dict[str, History], after: dict[str, History]) -> None:
    """No complaint without its stage and its first event, and no history that is not how the real one began."""
    with database.reading() as session:
        references = set(session.exec(select(Complaint.reference)))
        staged = set(
            session.exec(select(Complaint.reference).join(Stage, col(Stage.complaint_id) == col(Complaint.id)))
        )
    assert references == staged == set(after)
    assert len(references) > ROWS
    for reference, history in after.items():
        assert history == before[reference][: len(history)]
        assert history[0][0] == EventKind.RECEIVED


# --- killed ----------------------------------------------------------------------------------------------------------


def killed_once(process: "subprocess.Popen[str]", so_far: Callable[[], bool]) -> None:
    """SIGKILL as soon as it has come so far, which is long before its end."""
    give_up = time.monotonic() + PATIENCE
    while not so_far():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_a_backup_that_is_killed_leaves_no_file_of_its_name_and_the_next_one_works(
    source: Path, tmp_path: Path
) -> None:
    url, file = f"sqlite:///{source}", tmp_path / "register.zip"
    killed_once(start(url, "backup", str(file)), lambda: any(size(one) for one in tmp_path.iterdir()))
    (left,) = tmp_path.iterdir()
    assert left.suffix == ".partial"
    assert left.stat().st_mode & 0o777 == 0o600
    assert "10,000 complaints" in ended(start(url, "backup", str(file)))
    assert file in tmp_path.iterdir()


def test_a_restore_that_is_killed_leaves_nothing_and_the_next_one_works(empty_url: str, kept: Path) -> None:
    database = Database(empty_url)
    killed_once(start(empty_url, "restore", str(kept)), lambda: halfway(database))
    with database.engine.connect() as connection:
        assert schema.revision_of(connection) is None
    database.close()
    said = ended(start(empty_url, "restore", str(kept)))
    assert "10,000 complaints with 10,000 events looked at: nothing differs." in said


def halfway(database: Database) -> bool:
    """Whether it has written much that is not committed yet."""
    if database.is_sqlite:
        # SQLite writes to the log ahead what its two megabytes of memory don't hold.
        return size(Path(f"{database.url.database}-wal")) > 100_000
    with database.engine.connect() as connection:
        copying = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY event%'"
        )
        return bool(connection.execute(text(copying)).scalar_one())
