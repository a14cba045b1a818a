"""The one place where settings, register, bot and jobs are put together."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from slack_bolt import App
from slack_sdk import WebClient

from bot import app as bolt
from bot.health import Checkup
from bot.meters import Interactions, Register
from bot.settings import Settings
from bot.socket import Socket
from bot.tls import trusted
from bot.web import Pages, Wsgi, application
from jobs.delivery import Delivery
from jobs.meters import Meters
from jobs.reports import Reports
from jobs.scheduler import Beat
from storage import procedures
from storage.database import WITHIN_SLACKS_TIME, Database, Waits
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
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(Register(self.database, self.clock))
        self._interactions, self._meters = Interactions(self.registry), Meters(self.registry)

    def __enter__(self) -> "Wired":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def asked(self, command: str) -> float:
        """How often a command was given in this process and answered, such as `/complaint status`."""
        labels = {"kind": "command", "name": command, "outcome": "ok"}
        return self.registry.get_sample_value("complaints_interaction_seconds_count", labels) or 0.0

    def beat(self) -> Beat:
        """The scheduler with its delivery."""
        return Beat(self.office, self.delivery(), bolt.client(self.settings), clock=self.clock, meters=self._meters)

    def reports(self) -> Reports:
        """What builds the reports that people asked for."""
        return Reports(self.office, bolt.client(self.settings), clock=self.clock)

    def delivery(self) -> Delivery:
        """What sends the outbox to Slack."""
        return Delivery(
            self.office,
            bolt.client(self.settings),
            clock=self.clock,
            channel=self.settings.complaints_channel,
            meters=self._meters,
        )

    def app(self, wake: Callable[[], None] = lambda: None, background: Executor | None = None) -> App:
        """The Bolt app with every listener. `background` runs what calls Slack after a listener has answered."""
        return bolt.build(
            self.settings,
            self.office,
            clock=self.clock,
            wake=wake,
            background=background,
            meters=self._interactions,
        )

    def http(self, app: App, *, ticks: bool = False) -> Wsgi:
        """The same app for an HTTP server, which listens to nobody who hasn't the signing secret. `ticks`: see `Checkup`."""
        secret = self.settings.slack_signing_secret
        return application(app, self.pages(ticks=ticks), secret=secret.get_secret_value() if secret else "")

    def socket(self, app: App) -> Socket:
        """The Socket Mode connection of an app. Raises ValueError without an app token."""
        if self.settings.slack_app_token is None:
            raise ValueError("Socket Mode needs SLACK_APP_TOKEN")
        token = self.settings.slack_bot_token.get_secret_value() if self.settings.slack_bot_token else ""
        return Socket(
            app,
            self.settings.slack_app_token.get_secret_value(),
            web_client=WebClient(token=token, base_url=self.settings.slack_api_url, ssl=trusted()),
            concurrency=SOCKET_CONCURRENCY,
        )

    def prepare(self) -> None:
        """Enters the people that COMPLAINTS_MANAGERS names, and keeps this release's procedures. Raises RegisterAway."""
        with self.office.change(None, self.clock()) as desk:
            appoint(desk, self.settings.complaints_managers, Role.COMPLAINTS_MANAGER)
            council.keep_shipped(desk)

    def checkup(self, *, connected: Callable[[], bool] | None = None, ticks: bool = False) -> Checkup:
        """What is looked at to tell whether this process can do its work; see `Checkup` for the two questions."""
        return Checkup(self.database, self.clock, self.office.calendar.last_day, connected, ticks)

    def pages(self, *, connected: Callable[[], bool] | None = None, ticks: bool = False) -> Pages:
        """What a platform asks this process."""
        token = self.settings.metrics_token
        health = self.checkup(connected=connected, ticks=ticks).look
        return Pages(health, self.registry, token.get_secret_value() if token else None)
