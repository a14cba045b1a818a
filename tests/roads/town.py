"""A whole town for tests: practice workspace, register, bot over either transport, scheduler and delivery, all real."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo import county
from bot.practice.person import Person
from bot.practice.seed import PersonSeed, Rates, Seed, Timing
from bot.practice.server import PracticeServer
from jobs.delivery import Delivery
from jobs.tick import tick
from storage import register
from storage.database import Waits
from storage.register.organisation import Organisation, PersonEntry
from tests.bot.practice.house import holding_the_line, web_server
from tests.patience import PATIENT

# A Monday morning well before the Christmas holidays.
START = datetime.fromisoformat("2026-11-23T08:30:00+00:00")


@dataclass
class Town:
    """`beat()` does what the worker does: asks what is due, then sends what waits.

    `another()`, over HTTP: from now on a process answers that knows nothing of what the one before it did.
    """

    server: PracticeServer
    wired: Wired
    delivery: Delivery
    another: Callable[[], None]

    def person(self, slack_id: str) -> Person:
        return Person(self.server.url, slack_id)

    def beat(self) -> None:
        tick(self.wired.office, self.server.clock.now())
        self.delivery.run()
        if self.wired.reports().run():
            self.delivery.run()


@contextmanager
def open_town(
    database_url: str,
    transport: str,
    *,
    start: datetime | None = START,
    rates: Rates = "real",
    waits: Waits = PATIENT,
    without: frozenset[str] = frozenset(),
    more: Sequence[PersonEntry] = (),
    timing: Timing | None = None,
) -> Iterator[Town]:
    """A town whose bot is reached over `transport`: "socket" or "http". The database is migrated already.

    `start` None begins at the present moment, for tests that start processes with clocks of their own. `rates` "off" lifts
    Slack's limits, which are counted in real time, for tests that move the clock. `waits`: how soon people are told to try again.
    `without`: kinds of block that this workspace has not got yet. `more`: people beside the county's, in Slack and the register.
    `timing`: how long Slack waits, if not as long as it really does.
    """
    with ExitStack() as stack:
        inner: list[Any] = []
        url = (
            stack.enter_context(web_server(lambda environ, start: inner[0](environ, start)))  # noqa: PLW0108 - inner is filled later
            if transport == "http"
            else None
        )
        seed = replace(county.workspace(start=start, request_url=url), rates=rates, without=without)
        server = stack.enter_context(PracticeServer(joined(replace(seed, timing=timing or seed.timing), more)))
        wired = Wired(settings(server.api_url, database_url), server.clock.now, waits)
        stack.callback(wired.database.close)
        with wired.office.change(None, server.clock.now()) as desk:
            register.organisation.load(desk, with_more(more))
        delivery = wired.delivery()
        stack.callback(delivery.close)
        # What goes on after an answer has ended before the database is closed.
        background = stack.enter_context(ThreadPoolExecutor(8))

        def another() -> None:
            inner[:] = [wired.http(wired.app(background=background))]

        town = Town(server, wired, delivery, another)
        if transport == "http":
            another()
        else:
            stack.enter_context(
                holding_the_line(wired.socket(wired.app(background=background)), town.person("U0HESTER"))
            )
        yield town


def with_more(more: Sequence[PersonEntry]) -> Organisation:
    """The county with more people in it."""
    ours = county.organisation()
    return ours.model_copy(update={"people": (*ours.people, *more)})


def joined(seed: Seed, more: Sequence[PersonEntry]) -> Seed:
    """The county's workspace with more people in it, who are members of the complaints channel."""
    people = tuple(
        PersonSeed(id=one.slack_id, name=one.slack_id.lower(), real_name=one.name, tz=one.tz) for one in more
    )
    members = tuple(one.slack_id for one in more)
    channels = tuple(
        replace(one, members=(*one.members, *members)) if one.id == county.CHANNEL else one for one in seed.channels
    )
    return replace(seed, people=(*seed.people, *people), channels=channels)
