"""`complaints run`, `web`, `bot` and `worker`: processes that stay."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import collector, logs
from bot.cli.wiring import Wired
from bot.health_server import served
from bot.settings import Settings
from bot.web import Wsgi
from storage import schema
from storage.errors import RegisterAway

log = structlog.get_logger()

_HTTP_THREADS = 20
_RETRY_SECONDS = 2


def run() -> None:
    """Runs everything in one process: migrations, bot over Socket Mode (else HTTP), scheduler and delivery."""
    settings = _settings()
    wired = Wired(settings)
    _prepared(wired, upgrading=True)
    if settings.slack_app_token is None:
        # The HTTP server's worker process runs the scheduler too.
        serve_http(settings, "bot.cli.serve:everything_over_http")
        return
    stop = asked_to_stop()
    beat = wired.beat()
    beat.start()
    socket = wired.socket(wired.app(beat.wake))
    socket.connect()
    collector.spare_what_stays()
    log.info("running", mode="socket")
    with _asked_about(wired, connected=socket.client.is_connected, ticks=True):
        wait_for(stop)
    socket.finish()
    beat.stop()


def web() -> None:
    """Runs what answers Slack's signed HTTP requests, /healthz, /readyz and /metrics."""
    serve_http(_settings(), "bot.cli.serve:over_http")


def bot() -> None:
    """Runs the bot over Socket Mode."""
    settings = _settings()
    if settings.slack_app_token is None:
        _stop("Set SLACK_APP_TOKEN for Socket Mode, or use complaints web for HTTP.")
    wired = Wired(settings)
    _prepared(wired)
    stop = asked_to_stop()
    socket = wired.socket(wired.app())
    socket.connect()
    collector.spare_what_stays()
    log.info("running", mode="socket")
    with _asked_about(wired, connected=socket.client.is_connected):
        wait_for(stop)
    socket.finish()


def worker() -> None:
    """Runs scheduler and delivery."""
    wired = Wired(_settings())
    _prepared(wired)
    stop = asked_to_stop()
    beat = wired.beat()
    beat.start()
    collector.spare_what_stays()
    log.info("running", mode="worker")
    with _asked_about(wired, ticks=True):
        wait_for(stop)
    beat.stop()


def over_http() -> Wsgi:
    """The WSGI application of `web`; called in the server's worker process."""
    settings = Settings()
    logs.configure(settings.log_format)
    wired = Wired(settings)
    _prepared_in_time(wired)
    app = wired.http(wired.app())
    collector.spare_what_stays()
    return app


def everything_over_http() -> Wsgi:
    """The same with scheduler and delivery beside it; for `run` without Socket Mode."""
    settings = Settings()
    logs.configure(settings.log_format)
    wired = Wired(settings)
    _prepared_in_time(wired)
    beat = wired.beat()
    beat.start()
    app = wired.http(wired.app(beat.wake), ticks=True)
    collector.spare_what_stays()
    return app


def asked_to_stop() -> threading.Event:
    """Is set when the process is asked to stop (SIGTERM or SIGINT).

    Asked for before anything is started that has to be stopped again, so that no signal comes too early for it.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def wait_for(stopping: threading.Event) -> None:
    """Until then; in short waits, because a signal is only heard between them."""
    while not stopping.wait(1):
        pass


def _asked_about(
    wired: Wired, *, connected: Callable[[], bool] | None = None, ticks: bool = False
) -> AbstractContextManager[int | None]:
    """The pages about health on HEALTH_PORT, where that is set, until the process is asked to stop."""
    pages = wired.pages(connected=connected, ticks=ticks)
    return served(pages, host=wired.settings.host, port=wired.settings.health_port)


def serve_http(settings: Settings, target: str) -> None:
    """Serves the WSGI application that `target` names, module and factory, until the process is asked to stop."""
    from granian import Granian  # noqa: PLC0415 - the other processes serve nothing over HTTP
    from granian.constants import Interfaces  # noqa: PLC0415 - as above

    Granian(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        blocking_threads=_HTTP_THREADS,
    ).serve()


def _settings() -> Settings:
    settings = Settings()
    logs.configure(settings.log_format)
    if settings.missing:
        _stop(f"Set these in the environment first: {'; '.join(settings.missing)}. `complaints doctor` says more.")
    return settings


def _prepared(wired: Wired, *, upgrading: bool = False) -> None:
    """Waits for the database: a process that starts before it must not need starting again."""
    while True:
        try:
            if upgrading:
                schema.upgrade(wired.database)
            if not schema.is_current(wired.database):
                _stop("The database is not up to date. Run complaints db upgrade first.")
            wired.prepare()
        except (RegisterAway, SQLAlchemyError) as problem:
            log.warning("register away, will try again", error=type(problem).__name__)
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _prepared_in_time(wired: Wired) -> None:
    """The same beside a web server, which has to answer (and say that it isn't ready) before the database does."""

    def keep_trying() -> None:
        while True:
            try:
                if schema.is_current(wired.database):
                    wired.prepare()
                    return
            except (RegisterAway, SQLAlchemyError) as problem:
                log.warning("register away, will try again", error=type(problem).__name__)
            time.sleep(_RETRY_SECONDS)

    threading.Thread(target=keep_trying, name="prepare", daemon=True).start()


def _stop(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(2)
