"""Two imports of the same file at once, and an import while people record: nothing twice, nobody left waiting."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.demo import county
from bot.practice.person import Person, written
from storage import checking, importing, register
from storage.database import WITHIN_SLACKS_TIME, Database
from storage.errors import RegisterAway
from storage.importing import Outcome
from storage.models import Complaint, Event, OutboxRow, Stage
from storage.register import imports
from storage.register.record import take_references
from tests.conftest import MONDAY, open_office
from tests.patience import PATIENT
from tests.roads.town import START, open_town
from tests.storage.importing.helpers import quiet

pytestmark = [pytest.mark.slow, pytest.mark.alone]

ROWS = 600
AWAY = "The register can't be reached just now, so nothing was saved"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Open complaints with a reference and without, of two years, so that everything an import takes is fought for."""
    path = tmp_path / "complaints.csv"
    teams = ("First Response", "Children in Care")
    lines = []
    for number in range(ROWS):
        reference = f"K/{number}" if number % 3 else ""
        received = ("2025-12-01", "2026-11-16")[number % 2]
        lines.append(f"{reference},{received},{teams[number % 2]},Calls were not returned {number}")
    path.write_text("\n".join(["Reference,Received,Team,Summary", *lines]) + "\n", "utf-8")
    return path


@pytest.fixture
def organised(database_url: str) -> str:
    """A register that has the county's teams and people."""
    database = Database(database_url)
    with open_office(database).change(None, MONDAY - timedelta(days=400)) as desk:
        register.organisation.load(desk, county.organisation())
    database.close()
    return database_url


def in_step(database_url: str, file: Path, *, batch: int) -> list[Outcome]:
    """Two imports step by step beside each other, so that every single batch is fought for."""
    together = threading.Barrier(2, timeout=10)

    def step(_done: int, _total: int) -> None:
        together.wait()

    def bring_in(_number: int) -> Outcome:
        database = Database(database_url, waits=PATIENT)
        try:
            return importing.bring_in(open_office(database), importing.read(file), MONDAY, progress=step, batch=batch)
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(bring_in, range(2)))


def test_two_imports_of_one_file_at_once_bring_each_complaint_in_once(organised: str, file: Path) -> None:
    outcomes = in_step(organised, file, batch=ROWS // 30)
    assert sum(one.new for one in outcomes) == ROWS
    assert sum(one.already_here for one in outcomes) == ROWS
    assert [one.rejected for one in outcomes] == [[], []]
    each_is_here_once(organised)


def test_two_imports_of_one_file_at_once_add_each_later_stage_once(organised: str, tmp_path: Path) -> None:
    path, asked = tmp_path / "stages.csv", {"1": "2020-02-03", "2": "2020-03-02", "3": "2020-04-24"}
    answered = {"1": "2020-02-10", "2": "2020-04-03", "3": "2020-06-30"}
    lines = [
        f"K/{number},{stage},{asked[stage]},First Response,{answered[stage]}"
        for number in range(ROWS // 6)
        for stage in "321"
    ]
    path.write_text("\n".join(["Reference,Stage,Received,Team,Responded", *lines]) + "\n", "utf-8")
    outcomes = in_step(organised, path, batch=ROWS // 30)
    assert sum(one.new + one.later.total() for one in outcomes) == len(lines)
    assert sum(one.already_here for one in outcomes) == len(lines)
    assert [one.rejected for one in outcomes] == [[], []]
    database = Database(organised)
    with open_office(database).look(None, MONDAY) as desk:
        assert len(desk.session.exec(select(Stage)).all()) == len(lines)
        assert checking.check(desk).differences == ()
    database.close()


def test_two_import_processes_of_one_file_at_once_bring_each_complaint_in_once(organised: str, file: Path) -> None:
    started = [start_import(organised, file) for _ in range(2)]
    ended = [(one.communicate(timeout=60), one.returncode) for one in started]
    for (said, complained), code in ended:
        assert "Traceback" not in complained
        if code:
            assert (code, AWAY in complained) == (1, True), complained
        else:
            assert "brought in." in said or "already here" in said
    assert 0 in {code for _, code in ended}
    # Who was turned away does what the message says, and then nothing is missing.
    again = start_import(organised, file)
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 0
    assert f"0 new (0 open, 0 closed, 0 not proceeded), {ROWS} already here, 0 rejected." in said
    each_is_here_once(organised)


def test_people_record_while_an_import_runs(database_url: str, file: Path) -> None:
    with open_town(database_url, "socket", rates="off") as town:
        hester, cora = town.person("U0HESTER"), town.person("U0CORA")
        importer = Database(database_url)
        over = threading.Event()

        def bring_in() -> Outcome:
            try:
                return importing.bring_in(
                    open_office(importer), importing.read(file), START, progress=quiet, batch=ROWS // 4
                )
            finally:
                over.set()
                importer.close()

        def go_on(person: Person) -> list[str]:
            answers: list[str] = []
            while not over.is_set() or not answers:
                answers.append(record(person))
            return answers

        with ThreadPoolExecutor(3) as pool:
            recording = [pool.submit(go_on, person) for person in (hester, cora)]
            outcome = pool.submit(bring_in).result(60)
            answers = [answer for one in recording for answer in one.result(30)]
        assert outcome.new == ROWS
        assert {answer for answer in answers if answer not in {"recorded", AWAY}} == set()
        recorded = answers.count("recorded")
        assert recorded > 0
        with town.wired.database.reading() as session:
            assert len(session.exec(select(Complaint)).all()) == ROWS + recorded
        assert record(hester) == "recorded"


def test_a_batch_that_takes_longer_than_the_lock_wait_is_told_to_whoever_records(database_url: str, file: Path) -> None:
    """The import stands in the middle of a batch, with its references taken: what a slow disk or a huge batch is."""
    with open_town(database_url, "socket", rates="off", waits=WITHIN_SLACKS_TIME) as town:
        hester = town.person("U0HESTER")
        other = Database(database_url)
        taken, go_on = threading.Event(), threading.Event()

        def slow_batch() -> None:
            with open_office(other).change(None, START) as desk:
                imports.one_at_a_time(desk)
                take_references(desk, 2026, ROWS)
                taken.set()
                go_on.wait(20)

        with ThreadPoolExecutor(1) as pool:
            batch = pool.submit(slow_batch)
            assert taken.wait(10)
            assert record(hester) == AWAY
            database = Database(database_url)
            with pytest.raises(RegisterAway):
                importing.bring_in(open_office(database), importing.read(file), START, progress=quiet)
            database.close()
            go_on.set()
            batch.result(10)
        other.close()
        assert record(hester) == "recorded"


def record(person: Person) -> str:
    """Types /complaint new and submits what opens; "recorded", or the first sentence of what is said instead."""
    began = time.monotonic()
    person.command("/complaint new", channel=county.CHANNEL)
    form = person.view()
    answer = person.submit(
        form,
        {
            "received_on": "2026-11-20",
            "lead_team_id": "First Response",
            "summary": "Nobody answered letters for three weeks",
            "customer_group": "Parent",
            "contact_method": "Letter",
        },
    )
    assert "failed" not in answer, f"{answer['failed']} after {time.monotonic() - began:.1f} s"
    said = "".join(answer.get("errors", {}).values()).split(". ")[0] or written(person.view())
    person.close(person.view(), everything=True)
    return "recorded" if "is recorded" in said.replace("*", "") else said


def start_import(database_url: str, file: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", "from bot.cli import main; main()", "import", str(file), "--yes"],
        env={**os.environ, "DATABASE_URL": database_url},
        cwd=file.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def each_is_here_once(database_url: str) -> None:
    """Every row of the file is one complaint with its stage, its event and its card, and no reference is left out."""
    database = Database(database_url)
    with database.reading() as session:
        complaints = session.exec(select(Complaint)).all()
        ids = {one.id for one in complaints}
        assert len(complaints) == len({one.imported_key for one in complaints}) == ROWS
        for column in (Stage.complaint_id, Event.complaint_id, OutboxRow.complaint_id):
            assert Counter(session.exec(select(column)).all()) == Counter(ids)
    database.close()
    years = Counter(one.reference[:7] for one in complaints)
    expected = {f"{year}-{number:04d}" for year, last in years.items() for number in range(1, last + 1)}
    assert {one.reference for one in complaints} == expected
