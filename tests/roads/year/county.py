"""The county at work: a practice workspace with everybody in it, the register, and the workers that are up or down."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient
from sqlmodel import select

from bot import app as bolt
from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo import county as demo
from bot.practice.person import Person as Somebody
from bot.practice.seed import ChannelSeed, PersonSeed, Seed
from bot.practice.server import PracticeServer
from jobs.people import Accounts
from storage import register
from storage.models import Person, Team, Theme
from storage.office import Office
from tests.patience import PATIENT
from tests.roads.year.cast import Cast, organisation
from tests.roads.year.worker import Workers, workers

ALL_MANAGERS = "C0ALLMANAGERS"


@dataclass
class County:
    """`beat()` is what the workers do now and then; `up` says whether they run."""

    server: PracticeServer
    wired: Wired
    client: WebClient
    workers: Workers
    accounts: Accounts
    cast: Cast
    teams: dict[str, int]
    themes: dict[str, int]
    up: bool = True

    @property
    def office(self) -> Office:
        return self.wired.office

    def now(self) -> datetime:
        return self.server.clock.now()

    def beat(self) -> None:
        """They ask what is due and send what waits, unless they are down."""
        if self.up:
            self.workers.beat(self.now() - datetime.now(UTC))

    def look(self) -> None:
        """The daily look at everybody's account, unless the workers are down."""
        if self.up:
            self.accounts.run()

    def deactivate(self, slack_id: str) -> None:
        Somebody(self.server.url, "U0CM0").deactivate(slack_id)

    def load(self) -> None:
        """Brings in the org file as it is today."""
        with self.office.change(None, self.now()) as desk:
            register.organisation.load(desk, organisation(desk.today, self.cast))
            for person in desk.session.exec(select(Person)).all():
                self.cast.members[person.slack_id].id = person.id or 0
            self.teams = self.cast.teams = {team.name: team.id or 0 for team in desk.session.exec(select(Team)).all()}
            self.themes = {theme.name: theme.id or 0 for theme in desk.session.exec(select(Theme)).all()}


@contextmanager
def open_county(database_url: str, cast: Cast, start: datetime) -> Iterator[County]:
    """A county whose year begins at `start`. The database is migrated already."""
    with ExitStack() as stack:
        server = stack.enter_context(PracticeServer(_workspace(cast, start)))
        wired = Wired(settings(server.api_url, database_url), server.clock.now, PATIENT)
        stack.callback(wired.database.close)
        client = bolt.client(wired.settings)
        sending = stack.enter_context(workers(server.api_url, database_url))
        accounts = Accounts(wired.office, client, clock=server.clock.now, wait=lambda _seconds: True)
        county = County(server, wired, client, sending, accounts, cast, {}, {})
        county.load()
        with wired.office.change(None, server.clock.now()) as desk:
            register.council.change_setting(desk, "learning_channel", ALL_MANAGERS)
        yield county


def _workspace(cast: Cast, start: datetime) -> Seed:
    everybody = tuple(cast.members)
    return Seed(
        name="Fictional County Council",
        start=start,
        rates="off",
        people=tuple(
            PersonSeed(id=one.slack_id, name=one.slack_id.lower(), real_name=one.name, tz=one.tz)
            for one in cast.members.values()
        ),
        channels=(
            ChannelSeed(id=demo.CHANNEL, name="complaints", private=True, members=(*everybody, demo.BOT)),
            ChannelSeed(id=ALL_MANAGERS, name="all-managers", private=True, members=(*everybody, demo.BOT)),
        ),
        apps=(demo.app(),),
    )
