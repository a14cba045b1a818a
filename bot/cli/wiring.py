"""The one place where settings, register, bot and jobs are put together."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import app as bolt
from bot.settings import Settings
from jobs.delivery import Delivery
from jobs.reports import Reports
from jobs.scheduler import Beat
from storage import procedures, schema
from storage.database import WITHIN_SLACKS_TIME, Database, Waits
from storage.errors import RegisterAway
from storage.office import Office
from storage.register import council
from storage.register.organisation import appoint
from storage.vocabulary import Role
from storage.workdays import WorkingDays

# Commands that arrive together are worked on beside each other, up to this many.
SOCKET_CONCURRENCY = 50
Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Now, as an aware instant."""
    return datetime.now(UTC)


@dataclass
class Wired:
    """Everything one process needs; each part is made when it is asked for."""

    settings: Settings
    clock: Clock = real_clock
    waits: Waits = WITHIN_SLACKS_TIME

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database_url, waits=self.waits)
        self.office = Office(self.database, calendar=WorkingDays.england(), procedures=procedures.shipped())

    def __enter__(self) -> "Wired":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def beat(self) -> Beat:
        """The scheduler with its delivery."""
        return Beat(self.office, self.delivery(), bolt.client(self.settings), clock=self.clock)

    def reports(self) -> Reports:
        """What builds the reports that people asked for."""
        return Reports(self.office, bolt.client(self.settings), clock=self.clock)

    def delivery(self) -> Delivery:
        """What sends the outbox to Slack."""
        return Delivery(
            self.office, bolt.client(self.settings), clock=self.clock, channel=self.settings.complaints_channel
        )

    def app(self, wake: Callable[[], None] = lambda: None, background: Executor | None = None) -> App:
        """The Bolt app with every listener. `background` runs what calls Slack after a listener has answered."""
        return bolt.build(self.settings, self.office, clock=self.clock, wake=wake, background=background)

    def socket(self, app: App) -> SocketModeHandler:
        """The Socket Mode connection of an app. Raises ValueError without an app token."""
        if self.settings.slack_app_token is None:
            raise ValueError("Socket Mode needs SLACK_APP_TOKEN")
        token = self.settings.slack_bot_token.get_secret_value() if self.settings.slack_bot_token else ""
        return SocketModeHandler(
            app,
            self.settings.slack_app_token.get_secret_value(),
            web_client=WebClient(token=token, base_url=self.settings.slack_api_url),
            concurrency=SOCKET_CONCURRENCY,
        )

    def prepare(self) -> None:
        """Enters the people that COMPLAINTS_MANAGERS names, and keeps this release's procedures. Raises RegisterAway."""
        with self.office.change(None, self.clock()) as desk:
            appoint(desk, self.settings.complaints_managers, Role.COMPLAINTS_MANAGER)
            council.keep_shipped(desk)

    def problems(self) -> list[str]:
        """What keeps this process from doing its work, for /readyz; empty when it is ready."""
        try:
            self.database.ping()
            current = schema.is_current(self.database)
        except (RegisterAway, SQLAlchemyError):
            return ["the database can't be reached"]
        return [] if current else ["migrations are missing: run complaints db upgrade"]
