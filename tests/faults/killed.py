"""Processes that work on a register and are killed at any moment: SIGKILL, so that nothing of them has a last word."""

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from random import Random

from storage import register
from storage.database import Database
from storage.office import Office
from storage.register import NewComplaint, Response
from tests import county as people
from tests.conftest import open_office
from tests.patience import PATIENT

# A life is this long at most, in seconds: a few transactions.
_LONGEST = 0.12
_AT_ONCE = 2
STEPS = ("record", "claim", "acknowledge", "respond")


def killed(url: str, team_id: int, *, times: int, seed: int) -> list[list[str]]:
    """What each of so many processes said before it was killed: lines such as `begin record`, `done claim CS-2026-0001`."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    nursery = multiprocessing.get_context("spawn").Process(target=_raise, args=(there, url, team_id, times, seed))
    nursery.start()
    there.close()
    try:
        said: list[list[str]] = here.recv()
    finally:
        nursery.join(60)
    return said


def work(office: Office, team_id: int, say: "Say") -> None:
    """Records a complaint and leads it to its end, one transaction a step."""
    reference = ""
    for step in STEPS:
        say(f"begin {step} {reference}")
        who = people.HANDLER if step == "record" else people.MANAGER
        with office.change(who, datetime.now(UTC)) as desk:
            if step == "record":
                new = NewComplaint(received_on=desk.today, lead_team_id=team_id, summary="Letters were not answered")
                reference = register.record(desk, new).reference
            elif step == "claim":
                register.claim(desk, reference)
            elif step == "acknowledge":
                register.acknowledge(desk, reference)
            else:
                register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))
        say(f"done {step} {reference}")


class Say:
    """Writes a line at once, so that it is known whatever happens next."""

    def __init__(self, where: int) -> None:
        self._where = where

    def __call__(self, line: str) -> None:
        os.write(self._where, f"{line}\n".encode())


def _raise(line: Connection, url: str, team_id: int, times: int, seed: int) -> None:
    """Knows the work by heart before it has children, so that they lose no time over it; and has no connection open then."""
    random = Random(seed)  # noqa: S311 - the same lives every time are what is wanted
    database = Database(url, waits=PATIENT)
    office = open_office(database)
    work(office, team_id, Say(os.open(os.devnull, os.O_WRONLY)))
    database.close()
    lives: list[list[str]] = []
    while len(lives) < times:
        children = [_child(office, team_id) for _ in range(_AT_ONCE)]
        for pid, _ in children:
            time.sleep(random.uniform(0.01, _LONGEST))
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        lives += [_heard(heard) for _, heard in children]
    line.send(lives)


def _child(office: Office, team_id: int) -> tuple[int, int]:
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard)
        while True:
            work(office, team_id, Say(told))
    os.close(told)
    return pid, heard


def _heard(where: int) -> list[str]:
    with os.fdopen(where) as said:
        return said.read().splitlines()
