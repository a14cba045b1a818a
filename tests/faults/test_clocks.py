"""Clock changes, a new year, a leap day, a worker that lay still, clocks that were wrong: no rung is lost or doubled."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random

import apscheduler.schedulers.base
import pytest

from jobs import scheduler
from storage.office import Office
from tests.faults.clocks import ZONES, town, wrong
from tests.roads.test_outages import beating, offer
from tests.roads.test_workers import unsent
from tests.roads.town import open_town

pytestmark = pytest.mark.slow

WINDOWS = {
    "clocks go back": "2026-10-22",
    "the year ends": "2026-12-23",
    "clocks go forward": "2027-03-24",
    "a leap day": "2028-02-25",
}
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
AN_HOUR, A_DAY, THREE_DAYS = timedelta(hours=1), timedelta(days=1), timedelta(days=3)
# Between two turns of the worker, in minutes: it may be busy, or away for most of somebody's hours.
PAUSES = (10, 45, 95, 170, 310)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked and written is the same on both engines; the clock is what matters here."""
    return sqlite_url


def chance(seed: str | int) -> Random:
    """The same days and turns every time."""
    return Random(seed)  # noqa: S311 - nothing here has to be secret


def turns(random: Random, start: datetime, days: float) -> Iterator[datetime]:
    """When the worker has its turns, from a start on."""
    now = start
    while now < start + timedelta(days=days):
        yield now
        now += timedelta(minutes=random.choice(PAUSES), seconds=random.randrange(60))


def some_day(random: Random, first: datetime, days: int = 7) -> datetime:
    return first + timedelta(minutes=random.randrange(days * 24 * 60))


def dues(random: Random) -> dict[str, list[int]]:
    """In how many working days each owner's complaints are due; some have been for long."""
    return {one: [random.randint(-7, 9) for _ in range(3)] for one in ZONES}


@pytest.mark.parametrize("window", WINDOWS)
def test_every_rung_comes_once_whatever_the_calendar_does(office: Office, window: str) -> None:
    random = chance(window)
    start = some_day(random, datetime.fromisoformat(f"{WINDOWS[window]}T00:00+00:00"), 1)
    with town(office, start, dues(random)) as made:
        for now in turns(random, start, 9 if window == "the year ends" else 6):
            made.turn(now)
        assert list(wrong(made)) == []


def test_after_a_week_without_a_worker_each_person_hears_the_furthest_rung_alone(office: Office) -> None:
    random = chance("a week")
    start = some_day(random, MONDAY)
    with town(office, start, dues(random)) as made:
        down = start + timedelta(days=random.uniform(1, 3))
        for now in turns(random, start, 12):
            if not down < now < down + timedelta(days=7):
                made.turn(now)
        assert list(wrong(made)) == []


@pytest.mark.parametrize("back", [AN_HOUR, A_DAY, THREE_DAYS], ids=str)
def test_days_that_come_twice_by_the_clock_bring_nothing_twice_and_keep_nothing_back(
    office: Office, back: timedelta
) -> None:
    random = chance(str(back))
    start = some_day(random, MONDAY)
    with town(office, start, dues(random)) as made:
        before = list(turns(random, start, random.uniform(2, 4)))
        for now in [*before, *turns(random, before[-1] - back, back.days + 3)]:
            made.turn(now)
        assert list(wrong(made)) == []


@pytest.mark.parametrize("ahead", [AN_HOUR, A_DAY, THREE_DAYS], ids=str)
def test_what_a_clock_brought_that_was_ahead_keeps_nothing_back_once_it_is_right_again(
    office: Office, ahead: timedelta
) -> None:
    random = chance(2)
    start = some_day(random, MONDAY)
    with town(office, start, dues(random)) as made:
        wrong_from = random.randrange(3, 12)
        for number, now in enumerate(turns(random, start, 7)):
            made.turn(now + ahead if wrong_from <= number < wrong_from + 3 else now)
        assert list(wrong(made)) == []


class Wrong(datetime):
    """The system's clock, which somebody puts back."""

    back = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Wrong":
        real = datetime.now(tz) - cls.back
        return cls.fromtimestamp(real.timestamp(), tz)


@pytest.mark.paired
def test_a_worker_whose_clock_is_put_back_goes_on_at_once(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its scheduler would wait until the clock is as late again: for an hour here, and nobody would hear anything."""
    monkeypatch.setattr(Wrong, "back", timedelta(0))
    for module in (scheduler, apscheduler.schedulers.base):
        monkeypatch.setattr(module, "datetime", Wrong)
    with open_town(sqlite_url, "http", rates="off") as town, beating(town, monkeypatch):
        hester = town.person("U0HESTER")
        for back in (timedelta(hours=1), timedelta(days=3)):
            hester.wait_for(lambda: unsent(town) == 0, what="everything to go out")
            time.sleep(1.5)
            Wrong.back += back
            time.sleep(0.2)
            offer(town)
            hester.wait_for(lambda: unsent(town) == 0, timeout=5, what="what came after the change to go out")
