"""`complaints demo`: bot, scheduler and a practice workspace of a fictional county, in one process."""

import shutil
import tempfile
from pathlib import Path

import typer

from bot import logs
from bot.cli.serve import asked_to_stop, wait_for
from bot.cli.wiring import Wired
from bot.demo import county
from bot.practice.server import PracticeServer
from bot.settings import Settings
from storage import schema


def demo(port: int = typer.Option(8765, help="port of the practice workspace on this machine")) -> None:
    """Tries everything out in the browser, with invented people and no Slack account."""
    logs.configure("text", level=30)
    folder = Path(tempfile.mkdtemp(prefix="complaints-demo-"))
    server = PracticeServer(county.workspace(), port=port)
    try:
        server.start()
        wired = Wired(settings(server.api_url, f"sqlite:///{folder / 'demo.db'}"), server.clock.now)
        schema.upgrade(wired.database)
        county.seed(wired.office, server.clock.now())
        stop = asked_to_stop()
        beat = wired.beat()
        beat.start()
        socket = wired.socket(wired.app(beat.wake))
        socket.connect()
        typer.echo(
            f"\nOpen {server.url}/#as=U0HESTER&channel={county.CHANNEL}\n\nPress Ctrl+C to stop. Nothing is kept."
        )
        wait_for(stop)
        socket.finish()
        beat.stop()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


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
