"""Delivery against the practice workspace with its faults switched on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlmodel import select

from bot.demo.county import BOT_TOKEN, CHANNEL
from jobs.delivery import Delivery
from storage import register
from storage.models import Person
from tests.roads.test_workers import allocate, leased, posted, sent, unsent
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with open_town(database_url, "socket", rates="off") as opened:
        yield opened


@pytest.mark.parametrize("kind", ["rate_limited", "error", "drop"])
def test_what_slack_turns_away_waits_and_goes_out_once(town: Town, kind: str) -> None:
    allocate(town, 3)
    person = town.person("U0HESTER")
    person.add_fault(kind, method="chat.postMessage", share=1.0)
    town.delivery.run(most_rounds=3)
    assert unsent(town) > 0
    person.clear_faults()
    for _ in range(40):
        town.server.clock.advance(timedelta(minutes=5))
        town.delivery.run()
        if not unsent(town):
            break
    keys = posted(town)
    assert max(keys.values()) == 1
    assert set(keys) == sent(town)


def test_half_of_the_calls_failing_in_every_way_loses_and_doubles_nothing(town: Town) -> None:
    allocate(town, 5)
    person = town.person("U0HESTER")
    for kind in ("rate_limited", "error", "drop"):
        person.add_fault(kind, share=0.2)
    for _ in range(80):
        town.server.clock.advance(timedelta(minutes=6))
        town.delivery.run()
        if not unsent(town):
            break
    person.clear_faults()
    keys = posted(town)
    assert max(keys.values()) == 1
    assert set(keys) == sent(town)


def test_a_card_deleted_in_slack_is_drawn_again(town: Town) -> None:

    allocate(town, 1)
    town.delivery.run()
    person = town.person("U0HESTER")
    card = person.wait_for_message(CHANNEL, "CS-2026-0001")
    WebClient(token=BOT_TOKEN, base_url=town.server.api_url).chat_delete(channel=CHANNEL, ts=card["ts"])
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        register.acknowledge(desk, "CS-2026-0001")
    town.server.clock.advance(timedelta(seconds=5))
    town.delivery.run()
    again = person.wait_for_message(CHANNEL, "CS-2026-0001")
    assert again["ts"] != card["ts"]


def test_a_sender_that_was_held_up_leaves_its_rows_to_whoever_took_them_since(town: Town) -> None:
    """Between its lease and its first call a process may stand still for longer than the lease, as a laptop does when shut."""
    allocate(town, 1)
    slept, asked = False, 0

    def waking(*_: object) -> datetime:
        # Called for the look, for the lease, and then before the first call: that is when it wakes up.
        nonlocal slept, asked
        asked += 1
        if asked == 3 and not slept:
            slept = True
            town.server.clock.advance(timedelta(seconds=61))
            other.run()
        return town.server.clock.now()

    other = town.wired.delivery()
    held_up = Delivery(
        town.wired.office, WebClient(token=BOT_TOKEN, base_url=town.server.api_url), clock=waking, channel=CHANNEL
    )
    held_up.run()
    held_up.close()
    other.run()
    other.close()
    assert slept
    assert unsent(town) == 0
    assert max(posted(town).values()) == 1


def test_a_sender_that_is_stopped_gives_back_at_once_what_it_has_not_begun(town: Town) -> None:
    allocate(town, 6)
    everything = unsent(town)
    person = town.person("U0HESTER")
    person.add_fault("slow", method="chat.postMessage", seconds=0.5)
    stopped = town.wired.delivery()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(stopped.run)
        person.wait_for(lambda: posted(town) or None, what="a first message")
        stopped.stop()
        running.result()
    stopped.close()
    before = posted(town)
    assert leased(town) == 0
    assert unsent(town) == everything - before.total() > 0
    person.clear_faults()
    # Nothing has to run out first: the clock stands still.
    for _ in range(3):
        town.delivery.run()
    keys = posted(town)
    assert max(keys.values()) == 1
    assert set(keys) == sent(town)


@pytest.fixture
def unheard(town: Town) -> Town:
    """A card that says that Mabel owns it arrived, and nobody heard of it; by the next try Noor owns it."""
    allocate(town, 1)
    person = town.person("U0HESTER")
    person.add_fault("accept_then_hang", method="chat.postMessage", share=1.0)
    impatient = WebClient(token=BOT_TOKEN, base_url=town.server.api_url, timeout=1)
    first = Delivery(town.wired.office, impatient, clock=town.server.clock.now, channel=CHANNEL)
    first.run(most_rounds=1)
    first.close()
    person.clear_faults()
    assert "Owned by Mabel Eastwood" in person.wait_for_message(CHANNEL, "CS-2026-0001")["text"]
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        noor = desk.session.exec(select(Person).where(Person.slack_id == "U0NOOR")).one()
        register.allocate(desk, "CS-2026-0001", noor.id or 0)
    town.server.clock.advance(timedelta(minutes=10))
    return town


def test_a_card_that_is_found_in_the_channel_is_made_to_say_what_holds_by_then(unheard: Town) -> None:
    unheard.delivery.run()
    (card,) = unheard.person("U0HESTER").messages(CHANNEL)
    assert "Owned by Noor" in card["text"]
    assert max(posted(unheard).values()) == 1


def test_a_card_that_is_found_where_nothing_can_be_changed_counts_as_sent(unheard: Town) -> None:
    """Some workspaces close the time for changing messages, apps' messages among them."""

    class Closed(WebClient):
        def chat_update(self, **_asked: object) -> SlackResponse:
            answer = SlackResponse(
                client=None, http_verb="POST", api_url="", req_args={}, data={"error": "edit_window_closed"}, headers={},
                status_code=200,
            )  # fmt: skip
            raise SlackApiError("edit_window_closed", answer)  # type: ignore[no-untyped-call]  # reason: it has no annotations

    closed = Closed(token=BOT_TOKEN, base_url=unheard.server.api_url)
    delivery = Delivery(unheard.wired.office, closed, clock=unheard.server.clock.now, channel=CHANNEL)
    delivery.run()
    delivery.close()
    assert unsent(unheard) == 0
    assert max(posted(unheard).values()) == 1
