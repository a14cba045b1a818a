"""Two hundred people press *Claim* on one card in the same second, over signed HTTP, at the server that the Procfile runs."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlmodel import select

from bot.cli.demo import settings
from bot.cli.wiring import Wired, real_clock
from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from bot.practice.seed import Timing
from storage.models import Event
from storage.vocabulary import EventKind
from tests.faults.crowd import managers
from tests.roads.test_outages import SLACK_WAITS, ephemerals
from tests.roads.test_procfile import COMPLAINTS, opened, people_come
from tests.roads.test_stopping import offer, owner

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.soak]

PEOPLE = 200


def test_of_two_hundred_who_press_claim_in_a_second_one_owns_it_and_the_others_are_told_who(
    database_url: str, tmp_path: Path
) -> None:
    crowd = managers(PEOPLE)
    people_come(database_url, crowd)
    reference = offer(database_url)
    with (
        opened(tmp_path, database_url, over="http", more=crowd, timing=Timing()) as site,
        site.running(COMPLAINTS, "web") as web,
        Wired(settings(site.server.api_url, database_url), real_clock) as wired,
    ):
        web.until(lambda: site.ask("/readyz")[0] == 200)
        sender = wired.delivery()
        sender.run()
        sender.close()
        people = [Person(site.server.url, one.slack_id) for one in crowd]
        card = people[0].wait_for_message(CHANNEL, reference)
        start = Barrier(PEOPLE)

        def press(person: Person) -> tuple[float, dict[str, object]]:
            start.wait(30)
            began = time.monotonic()
            return began, person.click(card, "claim", may_fail=True)

        with ThreadPoolExecutor(PEOPLE) as pool:
            pressed = list(pool.map(press, people))
        with wired.database.reading() as session:
            assert len(session.exec(select(Event).where(Event.kind == EventKind.CLAIMED)).all()) == 1
        began = [moment for moment, _ in pressed]
        assert max(began) - min(began) < 1
        presses = [one for one in people[0].log()["deliveries"] if one["type"] == "block_actions"]
        assert [one["outcome"] for one in presses] == ["ok"] * PEOPLE
        assert max(one["ms"] for one in presses) / 1000 < SLACK_WAITS
        first = owner(database_url, reference)
        name = next(one.name for one in crowd if one.slack_id == first)
        for person in people:
            said = written(person.wait_for(lambda person=person: ephemerals(person), what="to be told")[-1])  # type: ignore[misc]
            assert (f"You own {reference}" if person.id == first else f"{name} was first") in said
        assert "Traceback" not in web.said()
