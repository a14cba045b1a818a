"""Processes are killed without a word while a county's morning goes out: nothing is lost, nothing comes twice.

Counted in the practice workspace's own log. The small ones are part of `make test`; `make soak` sends ten thousand.
"""

import random
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import col, func, select

from bot.demo import county as demo
from jobs.delivery import opaque
from storage import checking, views_complaint
from storage.models import OutboxRow
from storage.vocabulary import MessageKind, OutboxState
from tests.soak.crowd import HANDLER, Crowd, gathered
from tests.soak.processes import Fleet, fleet

pytestmark = [pytest.mark.slow, pytest.mark.paired]

SMALL, LARGE = 300, 10_000
_MOST_MINUTES = 20


def test_a_few_workers_on_postgresql(postgres_url: str) -> None:
    four_workers_and_two_bots(postgres_url, SMALL, kills=4)


def test_one_bot_and_one_worker_on_sqlite(sqlite_url: str) -> None:
    # Three hundred are out in a second, which one worker must not live to see.
    one_of_each(sqlite_url, SMALL, kills=3, alive=0.3)


@pytest.mark.soak
def test_ten_thousand_nudges_by_four_workers_on_postgresql_of_which_one_is_killed_every_second(
    postgres_url: str,
) -> None:
    four_workers_and_two_bots(postgres_url, LARGE, kills=LARGE)


@pytest.mark.soak
def test_ten_thousand_nudges_by_one_worker_on_sqlite_that_is_killed_again_and_again(sqlite_url: str) -> None:
    one_of_each(sqlite_url, LARGE, kills=LARGE, alive=3.0)


def four_workers_and_two_bots(url: str, owners: int, *, kills: int) -> None:
    with gathered(url, owners=owners, offered=20) as crowd, fleet(crowd.server.api_url, url, crowd.ahead) as ships:
        ships.start("bot", 2)
        ships.start("worker", 4)
        endure(crowd, ships, most=kills)


def one_of_each(url: str, owners: int, *, kills: int, alive: float) -> None:
    with gathered(url, owners=owners, offered=20) as crowd, fleet(crowd.server.api_url, url, crowd.ahead) as ships:
        ships.start("bot")
        ships.start("worker")
        endure(crowd, ships, most=kills, alive=alive)


def endure(crowd: Crowd, ships: Fleet, *, most: int, alive: float = 1.0) -> None:
    """Kills a worker `alive` seconds after something went out again, and so on until nearly all is out; then counts.

    `most`: so many times and no more.
    """
    chance = random.Random(1)  # noqa: S311 - the same kills every time, as far as time permits
    somebody = crowd.somebody()
    bots = len(ships.bots)
    somebody.wait_for(lambda: somebody.state()["apps"][0]["connected"], timeout=60, what="the bots")
    end = time.monotonic() + _MOST_MINUTES * 60
    kills, began = 0, time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        somebody.wait_for(lambda: sent(crowd) > 0, timeout=120, what="a first message")
        pressed = pool.submit(claim_everything, crowd)
        while kills < most and (before := sent(crowd)) < len(crowd.owners) * 0.9:
            somebody.wait_for(partial(further, crowd, before), timeout=120, what="something to be sent")
            time.sleep(alive)
            ships.kill_worker(chance.randrange(100))
            ships.start("worker")
            kills += 1
            pass_time(crowd, ships)
        pressed.result(60)
    assert kills > 2
    while waiting(crowd):
        assert time.monotonic() < end
        time.sleep(0.5)
        pass_time(crowd, ships)
    running = len(ships.workers) + bots
    assert ships.stop() == [0] * running
    judge(crowd)
    print(f"{kills} kills; {time.monotonic() - began:.0f} s")  # noqa: T201 - for who runs `make soak`


def further(crowd: Crowd, seen: int) -> bool:
    return sent(crowd) > seen


def pass_time(crowd: Crowd, ships: Fleet) -> None:
    """What the dead held comes free, and what waits for its turn may go."""
    ships.ahead.value += 5
    crowd.server.clock.advance(timedelta(seconds=5))


def claim_everything(crowd: Crowd) -> None:
    """Of each complaint that is offered, two people press *Claim* at once."""
    cards = {
        reference: crowd.somebody(crowd.on_duty[0]).wait_for_message(demo.CHANNEL, reference, timeout=120)
        for reference in crowd.offered
    }
    with ThreadPoolExecutor(8) as pool:
        presses: list[Future[object]] = [
            pool.submit(crowd.somebody(crowd.on_duty[(at + other) % len(crowd.on_duty)]).click, card, "claim")
            for at, card in enumerate(cards.values())
            for other in (0, 1)
        ]
        for press in presses:
            press.result(60)


def judge(crowd: Crowd) -> None:
    """Every message once and every nudge to whom it belongs; every complaint claimed once; the history as it was written."""
    calls = [call for call in crowd.somebody().log()["calls"] if call["method"] == "chat.postMessage" and call["ok"]]
    keys = Counter(call["key"]["key"] for call in calls)
    with crowd.wired.database.reading() as session:
        rows = session.exec(select(OutboxRow)).all()
    assert [(row.kind, row.problem) for row in rows if row.state not in {OutboxState.SENT, OutboxState.DROPPED}] == []
    assert {key: count for key, count in keys.items() if count > 1} == {}
    assert {opaque(row.key) for row in rows if row.state is OutboxState.SENT} == set(keys)
    nudged = Counter(row.person_id for row in rows if row.kind is MessageKind.NUDGE and row.state is OutboxState.SENT)
    assert set(nudged.values()) == {1}
    assert len(nudged) >= len(crowd.owners)
    with crowd.wired.office.look(None, crowd.server.clock.now()) as desk:
        for reference in crowd.offered:
            facts = views_complaint.complaint(desk, reference)
            assert facts.line.owner is not None
            assert facts.line.owner.slack_id in crowd.on_duty
    with crowd.wired.office.look(HANDLER, crowd.server.clock.now()) as desk:
        offered = set(crowd.offered)
        differing = [one for one in checking.check(desk, lambda _: None).differences if one.reference in offered]
    assert differing == []


def sent(crowd: Crowd) -> int:
    """How many nudges Slack has taken, as far as the register knows."""
    return _count(crowd, col(OutboxRow.state) == OutboxState.SENT, col(OutboxRow.kind) == MessageKind.NUDGE)


def waiting(crowd: Crowd) -> int:
    return _count(crowd, col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING]))


def _count(crowd: Crowd, *which: object) -> int:
    with crowd.wired.database.reading() as session:
        return session.exec(select(func.count()).select_from(OutboxRow).where(*which)).one()  # type: ignore[arg-type]
