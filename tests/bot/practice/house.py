"""A small workspace and an app in it, built with Bolt as any app is, for the tests of the practice workspace."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.practice.person import Person
from bot.practice.seed import (
    EVERY_SCOPE,
    AppSeed,
    ChannelSeed,
    CommandSeed,
    PersonSeed,
    Rates,
    Seed,
    ShortcutSeed,
    Timing,
)
from bot.practice.server import PracticeServer
from bot.socket import Socket

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-practice", "xapp-practice", "practice-secret"
QUICK = Timing(answer=0.4, trigger=0.3, response_url=60, event_retries=(0.0, 0.05, 0.05), hang=5)
EVENTS = ("app_home_opened", "message.channels", "message.im", "user_change", "member_joined_channel", "app_mention")


def seed(
    *,
    rates: Rates = "off",
    timing: Timing = QUICK,
    request_url: str | None = None,
    scopes: tuple[str, ...] = EVERY_SCOPE,
    events: tuple[str, ...] = EVENTS,
    without: frozenset[str] = frozenset(),
) -> Seed:
    """Two people and a third, three channels, one app."""
    return Seed(
        name="Fernshire",
        people=(
            PersonSeed(id="U1", name="ada.oak", real_name="Ada Oak", title="Service manager"),
            PersonSeed(id="U2", name="ben.elm", real_name="Ben Elm", tz="Europe/Lisbon"),
            PersonSeed(id="U3", name="cy.ash", real_name="Cy Ash"),
        ),
        channels=(
            ChannelSeed(id="C1", name="general", members=("U1", "U2", "UBOT")),
            ChannelSeed(id="C2", name="away", members=("U1",)),
            ChannelSeed(id="C3", name="secret", members=("U1",), private=True),
            ChannelSeed(id="C4", name="old", members=("U1", "UBOT"), archived=True),
        ),
        apps=(
            AppSeed(
                app_id="A1",
                name="Helper",
                bot_user_id="UBOT",
                bot_token=BOT_TOKEN,
                app_token=APP_TOKEN,
                signing_secret=SECRET,
                request_url=request_url,
                commands=(CommandSeed(command="/helper"), CommandSeed(command="/named", should_escape=True)),
                shortcuts=(
                    ShortcutSeed(name="Keep", callback_id="keep"),
                    ShortcutSeed(name="Start", callback_id="start", type="global"),
                ),
                scopes=scopes,
                bot_events=events,
            ),
        ),
        timing=timing,
        rates=rates,
        without=without,
    )


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], callback_id: str = "form", **more: Any) -> dict[str, Any]:
    """A modal with these blocks."""
    made = {"type": "modal", "callback_id": callback_id, "title": plain("A form"), "submit": plain("Send")}
    return made | {"blocks": list(blocks)} | more


def field_block(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An input block; the element's action_id is the block's id."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.title()),
        "element": {"action_id": block_id, **element},
        **more,
    }


@dataclass
class House:
    """A running workspace with its people and the app's client; `seen` is what the app was told."""

    server: PracticeServer
    client: WebClient
    ada: Person
    ben: Person
    seen: list[dict[str, Any]] = field(default_factory=list)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What the app was told of this type."""
        return [each for each in self.seen if each.get("type") == kind]


@contextmanager
def open_house(given: Seed) -> Iterator[House]:
    """The workspace alone, with a Web API client and no app connected."""
    with PracticeServer(given) as server:
        client = WebClient(token=BOT_TOKEN, base_url=server.api_url)
        client.retry_handlers.clear()
        yield House(server, client, Person(server.url, "U1"), Person(server.url, "U2"))


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that wsgiref gives it
        pass


Wsgi = Callable[[WSGIEnvironment, StartResponse], Any]


@contextmanager
def web_server(answer: Wsgi) -> Iterator[str]:
    """A WSGI server on a free port; yields its address."""
    with make_server("127.0.0.1", 0, answer, server_class=_Threaded, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/slack/events"
        finally:
            server.shutdown()
            thread.join()


def bolt_app(house: House, register: Callable[[App, House], None]) -> App:
    """A Bolt app that talks to the house, with the listeners that `register` gives it."""
    app = App(
        client=WebClient(token=BOT_TOKEN, base_url=house.server.api_url),
        signing_secret=SECRET,
        process_before_response=True,
    )
    register(app, house)
    return app


@contextmanager
def over_socket(register: Callable[[App, House], None], timing: Timing = QUICK) -> Iterator[House]:
    """A house whose app is connected over Socket Mode."""
    with open_house(seed(timing=timing)) as house, connected(house, register):
        yield house


@contextmanager
def connected(house: House, register: Callable[[App, House], None]) -> Iterator[Socket]:
    """The app of a house, connected over Socket Mode by slack_sdk's own client."""
    handler = Socket(
        bolt_app(house, register), APP_TOKEN, web_client=WebClient(token=APP_TOKEN, base_url=house.server.api_url)
    )
    with holding_the_line(handler, house.ada):
        yield handler


@contextmanager
def holding_the_line(handler: Socket, someone: Person) -> Iterator[None]:
    """The connection, from when the workspace knows of it until it is closed."""
    handler.connect()
    someone.wait_for(lambda: someone.state()["apps"][0]["connected"], timeout=60)
    try:
        yield
    finally:
        # The client's own close waits until its socket has been quiet for a while, unless that is gone.
        client: Any = handler.client
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        someone.drop_sockets()
        someone.wait_for(lambda: not client.is_connected(), timeout=60, what="the client to notice")
        handler.finish()


@contextmanager
def over_http(register: Callable[[App, House], None], timing: Timing = QUICK) -> Iterator[House]:
    """A house whose app is called over signed HTTP."""
    inner: list[SlackRequestHandler] = []

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Any:
        return inner[0](environ, start)

    with web_server(answer) as url, open_house(seed(timing=timing, request_url=url)) as house:
        inner.append(SlackRequestHandler(bolt_app(house, register), path="/slack/events"))
        yield house
