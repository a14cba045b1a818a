"""The site that is measured: the product's own web process, with one more command that does nothing."""

from slack_bolt import Ack

from bot import logs
from bot.cli.serve import serve_http
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


if __name__ == "__main__":
    serve_http(Settings(), "tests.bench.site:listening")
