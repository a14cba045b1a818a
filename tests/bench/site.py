"""The process that is measured: the product's own `web` or `bot`, with one more command that does nothing."""

import sys

from slack_bolt import Ack, App

from bot import collector, logs
from bot.cli.serve import asked_to_stop, serve_http, wait_for
from bot.cli.wiring import Wired
from bot.settings import Settings
from bot.web import Wsgi

NOOP = "/noop"


def listening() -> Wsgi:
    """As `complaints web` makes it."""
    wired = _wired()
    return wired.http(_app(wired))


def connected() -> None:
    """As `complaints bot` does, until it is asked to stop."""
    wired, stop = _wired(), asked_to_stop()
    socket = wired.socket(_app(wired))
    socket.connect()
    collector.spare_what_stays()
    wait_for(stop)
    socket.finish()


def _wired() -> Wired:
    settings = Settings()
    logs.configure(settings.log_format)
    return Wired(settings)


def _app(wired: Wired) -> App:
    app = wired.app()

    def nothing(ack: Ack) -> None:
        ack()

    app.command(NOOP)(nothing)
    return app


if __name__ == "__main__":
    if sys.argv[1:] == ["socket"]:
        connected()
    else:
        serve_http(Settings(), "tests.bench.site:listening")
