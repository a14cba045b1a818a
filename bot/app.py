"""Builds the Bolt app: tokens in, every listener registered. Nothing here starts anything."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from slack_bolt import App
from slack_sdk import WebClient

from bot import listeners
from bot.door import Clock, Door
from bot.meters import Interactions
from bot.settings import Settings
from storage.office import Office

# A listener answers in milliseconds, but a hundred people may press at once; Bolt's own pool has five threads.
_LISTENER_THREADS = 50
_BACKGROUND_THREADS = 20
_SLACK_SECONDS = 10


def build(
    settings: Settings,
    office: Office,
    *,
    clock: Clock,
    wake: Callable[[], None] = lambda: None,
    background: Executor | None = None,
    meters: Interactions | None = None,
) -> App:
    """The app, ready for Socket Mode or for an HTTP server. Calls nothing in Slack until somebody does something.

    `wake` is called after each interaction, so that what it put in the outbox can go out at once; `meters` counts it.
    """
    app = App(
        client=client(settings),
        signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else "",
        token_verification_enabled=False,
        # The listener runs in the server's own thread and answers in its response: no hand-off that polls every 10 ms.
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(_LISTENER_THREADS, thread_name_prefix="listener"),
    )
    door = Door(
        app=app,
        office=office,
        clock=clock,
        channel=settings.complaints_channel,
        background=background or ThreadPoolExecutor(_BACKGROUND_THREADS, thread_name_prefix="slack"),
        wake=wake,
        meters=meters or Interactions(),
    )
    listeners.register(door)
    return app


def client(settings: Settings) -> WebClient:
    """Slack's Web API, wherever SLACK_API_URL points. It does not retry by itself: who calls decides what is safe to repeat."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    return WebClient(token=token, base_url=settings.slack_api_url, timeout=_SLACK_SECONDS, retry_handlers=[])
