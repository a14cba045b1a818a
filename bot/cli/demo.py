"""`complaints demo`: bot, scheduler and a practice workspace of a fictional county, in one process."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from errno import EADDRINUSE
from pathlib import Path
from threading import Event

import typer

from bot import logs
from bot.cli.files import stop
from bot.cli.serve import asked_to_stop
from bot.cli.wiring import Wired
from bot.demo import county
from bot.demo.guide import DemoGuide
from bot.practice.server import PracticeServer
from bot.settings import Settings
from storage import schema

_LOOK_SECONDS = 0.2
# As far ahead as the app counts working days for what is open, with room for extensions.
_AHEAD = timedelta(days=366)


def demo(port: int = typer.Option(8765, help="port of the practice workspace on this machine")) -> None:
    """Tries everything out in the browser, with invented people and no Slack account."""
    logs.configure("text", level=30)
    stopping, said = asked_to_stop(), False
    while not stopping.is_set():
        with _or_stop(port) as trial:
            if not said:
                said = True
                typer.echo(f"\nOpen {trial.address}\n\nPress Ctrl+C to stop. Nothing is kept.")
            while not (stopping.wait(_LOOK_SECONDS) or trial.again.is_set()):
                pass


@contextmanager
def _or_stop(port: int) -> Iterator["Trial"]:
    with ExitStack() as stack:
        try:
            trial = stack.enter_context(running(port))
        except OSError as taken:
            if taken.errno != EADDRINUSE:
                raise
            raise stop(
                f"Port {port} is taken, perhaps by another demo. Stop that one, or choose another port: complaints demo --port "
                f"{port + 1}"
            ) from taken
        yield trial


@dataclass(frozen=True)
class Trial:
    """A demo that runs. `again` is set when somebody asked to start afresh."""

    server: PracticeServer
    again: Event

    @property
    def address(self) -> str:
        """What to open: the complaints channel, as who handles complaints."""
        return f"{self.server.url}/#as=U0HESTER&channel={county.CHANNEL}"


@contextmanager
def running(port: int, start: datetime | None = None) -> Iterator[Trial]:
    """Everything of the demo, on this port and in this process; nothing is left of it afterwards. Begins now, or at `start`.

    Raises OSError when the port is taken.
    """
    folder = Path(tempfile.mkdtemp(prefix="complaints-demo-"))
    again = Event()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = PracticeServer(county.workspace(start=start), port=port)
        stack.callback(server.stop)
        wired = stack.enter_context(
            Wired(settings(server.api_url, f"sqlite:///{folder / 'demo.db'}"), server.clock.now)
        )
        schema.upgrade(wired.database)
        county.seed(wired.office, server.clock.now())
        beat = wired.beat()
        # Beyond it nobody knows what is a working day.
        server.clock.latest = datetime.combine(wired.office.calendar.last_day, time(), UTC) - _AHEAD
        server.clock_moved = beat.catch_up
        server.guide = DemoGuide(wired.office, server.clock, wired.asked, beat.catch_up, again.set)
        # A page that was open before finds all of it there, or nothing.
        server.start()
        beat.start()
        stack.callback(beat.stop)
        socket = wired.socket(wired.app(beat.wake))
        socket.connect()
        stack.callback(socket.finish)
        yield Trial(server, again)


def settings(api_url: str, database_url: str) -> Settings:
    """Settings of an app in the practice workspace."""
    return Settings.model_validate(
        {
            "slack_bot_token": county.BOT_TOKEN,
            "slack_app_token": county.APP_TOKEN,
            "slack_signing_secret": county.SIGNING_SECRET,
            "slack_api_url": api_url,
            "database_url": database_url,
            "complaints_channel": county.CHANNEL,
        }
    )
