"""The daily look at everybody's account, against the practice workspace with its pages, limits and faults."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from slack_sdk import WebClient
from sqlmodel import select

from bot.demo import county as demo
from bot.practice.person import Person as Somebody
from bot.practice.seed import PersonSeed, Rates, Seed
from bot.practice.server import PracticeServer
from jobs.people import MOST_WAITS, PAGE, Accounts
from storage.models import DailyRun, Person
from tests import county as people
from tests.county import County
from tests.storage.register.test_staff import changes
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

# More than two pages, with the people of the register among the last.
OTHERS = 2 * PAGE + 10


def seed(rates: Rates = "off") -> Seed:
    strangers = [
        PersonSeed(id=f"UOTHER{number}", name=f"o{number}", real_name=f"O {number}") for number in range(OTHERS)
    ]
    known = [
        PersonSeed(id=people.HANDLER, name="hester", real_name="Hester Quill"),
        PersonSeed(id=people.MANAGER, name="mabel", real_name="Mabel Eastwood", deleted=True),
        PersonSeed(id=people.SECOND_MANAGER, name="noor", real_name="Noor Eastham", tz="Europe/Paris"),
    ]
    return Seed(name="Fictional County Council", people=(*strangers, *known), apps=(demo.app(),), rates=rates)


@pytest.fixture(scope="module")
def slack() -> Iterator[PracticeServer]:
    with PracticeServer(seed()) as server:
        yield server


@pytest.fixture
def person(slack: PracticeServer) -> Iterator[Somebody]:
    """Somebody who switches faults on; they are off again afterwards."""
    somebody = Somebody(slack.url, people.HANDLER)
    yield somebody
    somebody.clear_faults()
    somebody.deactivate(people.MANAGER)


class Waits:
    """Waits no time, and remembers how long it was asked to."""

    def __init__(self, *, stopping: bool = False) -> None:
        self.seconds: list[float] = []
        self.stopping = stopping

    def __call__(self, seconds: float) -> bool:
        self.seconds.append(seconds)
        return self.stopping


def check(
    county: County, slack: PracticeServer, now: datetime, wait: Callable[[float], bool] | None = None
) -> Accounts:
    client = WebClient(token=demo.BOT_TOKEN, base_url=slack.api_url, retry_handlers=[], timeout=2)
    return Accounts(county.office, client, clock=lambda: now, wait=wait or Waits())


def pages(slack: PracticeServer) -> int:
    """How often the list was asked for."""
    return sum(call["method"] == "users.list" for call in Somebody(slack.url, people.HANDLER).log()["calls"])


def known(county: County, now: datetime) -> dict[str, tuple[bool, str]]:
    with county.office.look(None, now) as desk:
        return {
            one.slack_id: (one.deactivated_at is not None, one.tz) for one in desk.session.exec(select(Person)).all()
        }


def test_everybody_of_the_register_is_looked_at_page_by_page_and_once_a_day(
    county: County, slack: PracticeServer, now: datetime
) -> None:
    before = pages(slack)
    assert check(county, slack, now).run() == 2
    assert pages(slack) - before == 3
    found = known(county, now)
    assert found[people.MANAGER] == (True, "Europe/London")
    assert found[people.SECOND_MANAGER] == (False, "Europe/Paris")
    # Whoever isn't in this workspace stays as they are.
    assert found[people.SENIOR] == (False, "Europe/London")
    assert len(changes(county, now)) == 2
    for later in (now, now + timedelta(hours=14)):
        assert check(county, slack, later).run() == 0
    assert pages(slack) - before == 3
    assert check(county, slack, now + timedelta(days=1)).run() == 0
    assert pages(slack) - before == 6


def test_an_account_that_was_given_back_is_seen_on_the_next_day(
    county: County, slack: PracticeServer, now: datetime, person: Somebody
) -> None:
    check(county, slack, now).run()
    person.deactivate(people.MANAGER, deleted=False)
    assert check(county, slack, now + timedelta(days=1)).run() == 1
    assert known(county, now)[people.MANAGER][0] is False


@pytest.mark.parametrize("kind", ["error", "drop"])
def test_when_slack_cannot_be_asked_nothing_is_written_and_the_next_call_tries_again(
    county: County, slack: PracticeServer, now: datetime, person: Somebody, kind: str
) -> None:
    before = contents(county.office)
    person.add_fault(kind, method="users.list", share=1.0)
    assert check(county, slack, now).run() == 0
    assert contents(county.office) == before
    person.clear_faults()
    assert check(county, slack, now).run() == 2


def test_a_failure_in_the_middle_leaves_nothing_half_done(
    county: County, slack: PracticeServer, now: datetime, person: Somebody
) -> None:
    before, asked = contents(county.office), pages(slack)
    # Every second call.
    person.add_fault("error", method="users.list", share=0.5)
    assert check(county, slack, now).run() == 0
    assert pages(slack) - asked == 2
    assert contents(county.office) == before


def test_slacks_limit_is_waited_for_as_long_as_slack_says(
    county: County, slack: PracticeServer, now: datetime, person: Somebody
) -> None:
    person.add_fault("rate_limited", method="users.list", count=2, retry_after=7)
    waits = Waits()
    assert check(county, slack, now, waits).run() == 2
    assert waits.seconds == [7.0, 7.0]


def test_a_limit_that_goes_on_is_left_to_the_next_beat(
    county: County, slack: PracticeServer, now: datetime, person: Somebody
) -> None:
    before = contents(county.office)
    person.add_fault("rate_limited", method="users.list", share=1.0, retry_after=3600)
    waits = Waits()
    assert check(county, slack, now, waits).run() == 0
    assert waits.seconds == [120.0] * MOST_WAITS
    assert contents(county.office) == before


def test_who_is_told_to_stop_while_waiting_stops(
    county: County, slack: PracticeServer, now: datetime, person: Somebody
) -> None:
    person.add_fault("rate_limited", method="users.list", share=1.0, retry_after=7)
    waits = Waits(stopping=True)
    assert check(county, slack, now, waits).run() == 0
    assert len(waits.seconds) == 1


def test_of_processes_that_look_at_once_one_writes(
    county: County, slack: PracticeServer, now: datetime, person: Somebody
) -> None:
    asked = pages(slack)
    # So slow that all have asked before one of them writes.
    person.add_fault("slow", method="users.list", share=1.0, seconds=0.3)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: check(county, slack, now).run(), range(4))) == [0, 0, 0, 2]
    assert pages(slack) - asked == 12
    with county.office.look(None, now) as desk:
        assert [one.day for one in desk.session.exec(select(DailyRun)).all()] == [date(2026, 11, 23)]
    assert len(changes(county, now)) == 2
