"""Transactions that are cut short: the process is killed, or the database restarts under it. Nothing is half done."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import Session, select

from bot.demo.county import CHANNEL
from storage import checking
from storage.database import WITHIN_SLACKS_TIME
from storage.models import Complaint, Event, FreeText, OutboxRow, Stage
from storage.office import Office
from storage.vocabulary import EventKind
from tests.conftest import MONDAY
from tests.county import County
from tests.faults.killed import STEPS, Say, killed, work
from tests.roads.server import OwnServer, forget_half_open, own_server
from tests.roads.test_outages import (
    AWAY,
    everything_went_out_once,
    nothing_is_half_done,
    nothing_is_held,
    offer,
    sees,
)
from tests.roads.town import open_town

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]

KILLS = 50
# The restart comes before the claim would give up by itself.
UNHURRIED = replace(WITHIN_SLACKS_TIME, lock=2.0)
DOES = dict(
    zip(STEPS, (EventKind.RECEIVED, EventKind.CLAIMED, EventKind.ACKNOWLEDGED, EventKind.RESPONDED), strict=True)
)


def test_processes_that_are_killed_leave_whole_transactions_or_nothing(county: County) -> None:
    office, url = county.office, county.office.database.url.render_as_string(hide_password=False)
    office.database.close()
    lives = killed(url, county.teams["East"], times=KILLS, seed=20261123)
    cut = [life[-1] for life in lives if life and life[-1].startswith("begin")]
    assert len(cut) > KILLS / 4, "too few died in the middle of something"
    done = Counter(tuple(line.split()[1:]) for life in lives for line in life if line.startswith("done"))
    begun = Counter(line.split()[1] for life in lives for line in life if line.startswith("begin"))

    with office.look(None, MONDAY) as desk:
        assert checking.check(desk).differences == ()
        if office.database.is_sqlite:
            assert desk.session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        session = desk.session
        found = {one.id: one for one in session.exec(select(Complaint)).all()}
        histories = {key: [event.kind for event in _of(session, Event, key)] for key in found}
        # What was said to be done is there; and what is there was begun.
        for (step, reference), times in done.items():
            assert times == 1
            assert DOES[step] in next(histories[key] for key, one in found.items() if one.reference == reference)
        for step, kind in DOES.items():
            assert sum(kind in history for history in histories.values()) - 1 <= begun[step]
        assert sorted(one.reference[-4:] for one in found.values()) == [f"{n:04d}" for n in range(1, len(found) + 1)]
        whole = _uncut(office, county.teams["East"])
        for key, history in histories.items():
            assert _beside(session, key) == whole[tuple(history)], found[key].reference


def _uncut(office: Office, team_id: int) -> dict[tuple[EventKind, ...], Counter[str]]:
    """What stands beside a complaint after each step that nothing came between, by its history."""
    found: dict[tuple[EventKind, ...], Counter[str]] = {}

    class Looking(Say):
        def __call__(self, line: str) -> None:
            if line.startswith("done"):
                with office.database.reading() as session:
                    reference = line.rsplit(maxsplit=1)[-1]
                    key = session.exec(select(Complaint.id).where(Complaint.reference == reference)).one()
                    found[tuple(event.kind for event in _of(session, Event, key))] = _beside(session, key)

    work(office, team_id, Looking(0))
    return found


def _beside(session: Session, key: int | None) -> Counter[str]:
    """How many of each thing a complaint has."""
    rows = _of(session, OutboxRow, key)
    return Counter(
        [f"message {row.kind.value}" for row in rows]
        + ["stage" for _ in _of(session, Stage, key)]
        + ["text" for _ in _of(session, FreeText, key)]
    )


def _of(session: Session, model: Any, key: int | None) -> list[Any]:
    return list(session.exec(select(model).where(model.complaint_id == key).order_by(model.id)).all())


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(prefix="complaints-cut-") as folder, own_server(Path(folder)) as started:
        yield started
    forget_half_open()


@pytest.mark.alone
@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_claim_that_is_half_written_when_postgresql_restarts_is_undone_and_told_and_can_be_made_again(
    server: OwnServer, transport: str
) -> None:
    url = server.new_database()
    with open_town(url, transport, rates="off", waits=UNHURRIED) as town:
        mabel = town.person("U0MABEL")
        reference = offer(town)
        town.beat()
        card = mabel.wait_for_message(CHANNEL, reference)
        engine = create_engine(town.wired.database.url)
        with ThreadPoolExecutor(1) as pool, engine.connect() as holder:
            # The claim is written by the time it asks for its card, which somebody else holds.
            holder.execute(text("SELECT id FROM outbox WHERE kind = 'card' FOR UPDATE"))
            pressed = pool.submit(sees, mabel, lambda: mabel.click(card, "claim"))
            mabel.wait_for(lambda: server.ask(_HALF_WRITTEN), what="the claim to be half written")
            server.strike_down()
            server.start()
            assert AWAY in pressed.result(10)
            holder.invalidate()
        engine.dispose()
        with town.wired.database.reading() as session:
            assert session.exec(select(Complaint.owner_id)).all() == [None]
            assert EventKind.CLAIMED not in session.exec(select(Event.kind)).all()
        assert f"You own {reference}" in sees(mabel, lambda: mabel.click(card, "claim"))
        town.beat()
        nothing_is_half_done(town)
        everything_went_out_once(town)
        nothing_is_held(town)


# Who waits for a lock and has written something already.
_HALF_WRITTEN = """
    SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND backend_xid IS NOT NULL AND query LIKE '%outbox%'
"""
