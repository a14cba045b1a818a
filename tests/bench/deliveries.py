"""Five thousand messages to five hundred people under Slack's limits, against the shortest time that those permit."""

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert, select
from sqlmodel import col

from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo import county as demo
from bot.practice.rates import POST_BURST, POST_SECOND, WORKSPACE_BURST, WORKSPACE_SECOND
from bot.practice.seed import PersonSeed
from bot.practice.server import PracticeServer
from storage import register, schema
from storage.models import Appointment, Person
from storage.outbox import TABLE
from storage.vocabulary import MessageKind, OutboxState, Role
from tests.bench.lines import Line, at_least
from tests.bench.registers import sqlite_at
from tests.patience import PATIENT

PEOPLE, EACH = 500, 10
# Slack's limits taken together permit five a second, which would make this last for a quarter of an hour.
FASTER = 10.0


def measure(folder: Path) -> list[Line]:
    """Messages of work handed over, of which nothing but Slack's limits keeps anybody from having ten."""
    total = PEOPLE * EACH
    with ExitStack() as stack:
        seed = replace(demo.workspace(), rates=FASTER)
        crowd = [f"U0CROWD{number:04d}" for number in range(PEOPLE)]
        seed = replace(
            seed, people=(*seed.people, *(PersonSeed(id=one, name=one.lower(), real_name=one) for one in crowd))
        )
        server = stack.enter_context(PracticeServer(seed))
        wired = stack.enter_context(
            Wired(settings(server.api_url, sqlite_at(folder, "deliveries")), server.clock.now, PATIENT)
        )
        schema.upgrade(wired.database)
        _write(wired, server, crowd)
        delivery = wired.delivery()
        stack.callback(delivery.close)
        started = time.perf_counter()
        while delivery.run() or _waiting(wired):
            time.sleep(0.02)
        took = time.perf_counter() - started
    permitted = max(
        (total - WORKSPACE_BURST * FASTER) / (WORKSPACE_SECOND * FASTER),
        (EACH - POST_BURST * FASTER) / (POST_SECOND * FASTER),
    )
    return [
        at_least(
            f"{total:,} messages to {PEOPLE} people, against what Slack's limits permit",
            total / took,
            total / permitted,
            0.95,
        )
    ]


def _write(wired: Wired, server: PracticeServer, crowd: list[str]) -> None:
    now = server.clock.now()
    with wired.office.change(None, now) as desk:
        register.organisation.load(desk, demo.organisation())
        team_id = next(iter(desk.teams)).id
        desk.session.execute(
            insert(Person), [{"slack_id": one, "name": one, "tz": "Europe/London", "nudge_hour": 9} for one in crowd]
        )
        ids = list(desk.session.scalars(select(col(Person.id)).where(col(Person.slack_id).startswith("U0CROWD"))))
        desk.session.execute(
            insert(Appointment), [{"person_id": one, "role": Role.NAMED_MANAGER, "team_id": team_id} for one in ids]
        )
        rows: list[dict[str, object]] = [
            {
                "key": f"taken:{one}:{number}", "kind": MessageKind.TAKEN_OVER, "person_id": one, "state": OutboxState.PENDING,
                "data": {"by": None, "to": None, "items": []}, "created_at": now, "not_before": now, "attempts": 0,
                "uncertain": False, "again": False,
            }
            for number in range(EACH)
            for one in ids
        ]  # fmt: skip
        desk.session.execute(insert(TABLE), rows)


def _waiting(wired: Wired) -> int:
    with wired.database.reading() as session:
        found = session.scalars(select(TABLE.c.id).where(TABLE.c.state.in_(["pending", "sending"])).limit(1)).all()
        return len(found)
