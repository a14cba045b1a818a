"""Builds the Bolt app: tokens in, every listener registered. Nothing here starts anything."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import listeners, setup_code
from bot.door import Clock, Door
from bot.meters import Interactions
from bot.settings import Settings
from bot.tls import trusted
from bot.turn import Turn
from storage.office import Office

# A listener answers in milliseconds, but a hundred people may press at once; Bolt's own pool has five threads.
_LISTENER_THREADS = 50
_BACKGROUND_THREADS = 20
_SLACK_SECONDS = 10
# A server of its own works while we wait for it, SQLite only when we do.
_AT_ONCE, _AT_ONCE_ON_SQLITE = 4, 1


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
    slack = client(settings)
    token, slack.token = slack.token, None
    app = App(
        client=slack,
        authorize=_installed(token),
        # Without it each part of Bolt logs at the level of the root, and payloads with it.
        logger=logging.getLogger("slack_bolt"),
        signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else "",
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
        setup_code=setup_code.code_of(token) if token else "",
        turn=Turn(_AT_ONCE_ON_SQLITE if office.database.is_sqlite else _AT_ONCE),
    )
    listeners.register(door)
    return app


def _installed(token: str | None) -> Callable[..., AuthorizeResult]:
    """Bolt would ask Slack who the app is before the first press, and swallow the press when Slack can't say just then.

    The app is in one workspace and has one token, so there is nothing to ask. Without its own id Bolt brings the app what it said
    itself, too; `requests.heard` leaves that aside.
    """

    def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=token)

    return authorize


def client(settings: Settings) -> WebClient:
    """Slack's Web API, wherever SLACK_API_URL points. It does not retry by itself: who calls decides what is safe to repeat."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    return WebClient(
        token=token, base_url=settings.slack_api_url, timeout=_SLACK_SECONDS, ssl=trusted(), retry_handlers=[]
    )
