"""The site that is measured: the product's own web process, with one more command that does nothing."""

from granian import Granian
from granian.constants import Interfaces
from slack_bolt import Ack

from bot import logs
from bot.cli.serve import _HTTP_THREADS
from bot.cli.wiring import Wired
from bot.settings import Settings
from bot.web import Wsgi

NOOP = "/noop"


def listening() -> Wsgi:
    """As `complaints web` makes it."""
    settings = Settings()
    logs.configure(settings.log_format)
    wired = Wired(settings)
    app = wired.app()

    def nothing(ack: Ack) -> None:
        ack()

    app.command(NOOP)(nothing)
    return wired.http(app)


def serve() -> None:
    """One process with as many threads as `complaints web` has."""
    settings = Settings()
    Granian(
        "tests.bench.site:listening",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        blocking_threads=_HTTP_THREADS,
    ).serve()


if __name__ == "__main__":
    serve()
