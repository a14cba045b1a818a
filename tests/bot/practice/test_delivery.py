"""How payloads reach an app: signed requests, retries of events alone, several sockets, and their loss."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from slack_sdk.signature import SignatureVerifier
from websockets.sync.client import connect

from bot.practice.person import PersonError
from tests.bot.practice.helper_app import register
from tests.bot.practice.house import APP_TOKEN, SECRET, House, connected, open_house, seed, web_server
from tests.bot.practice.test_web_api import error

pytestmark = pytest.mark.slow


class Receiver:
    """An app of a few lines: keeps what it gets and answers with what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.status = "200 OK"
        self.body = b""
        self.pause = threading.Event()
        self.pause.set()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        headers = {name: str(value) for name, value in environ.items() if name.startswith(("HTTP_", "CONTENT"))}
        self.got.append((headers, body))
        self.pause.wait(1)
        start(self.status, [("Content-Type", "application/json")])
        return [self.body]

    def events(self) -> list[tuple[dict[str, str], dict[str, Any]]]:
        return [(headers, json.loads(body)) for headers, body in self.got if body.startswith("{")]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def called(receiver: Receiver) -> Iterator[House]:
    with web_server(receiver) as url, open_house(seed(request_url=url, events=("message.channels",))) as running:
        yield running


def test_requests_are_signed_as_slack_signs_them(called: House, receiver: Receiver) -> None:
    called.ada.command("/helper a&b", channel="general")
    headers, body = receiver.got[0]
    assert SignatureVerifier(SECRET).is_valid(
        body, headers["HTTP_X_SLACK_REQUEST_TIMESTAMP"], headers["HTTP_X_SLACK_SIGNATURE"]
    )
    assert parse_qs(body)["text"] == ["a&b"]
    assert headers["CONTENT_TYPE"] == "application/x-www-form-urlencoded"


def test_interactivity_comes_as_a_form_with_a_payload(called: House, receiver: Receiver) -> None:
    called.ada.shortcut("start")
    assert json.loads(parse_qs(receiver.got[0][1])["payload"][0])["type"] == "shortcut"


def test_an_event_that_fails_is_sent_three_times_more_with_the_same_id(called: House, receiver: Receiver) -> None:
    receiver.status = "500 Internal Server Error"
    called.ada.say("hello", channel="general")
    called.ada.wait_for(lambda: len(receiver.got) == 4)
    time.sleep(0.1)
    sent = receiver.events()
    assert len(sent) == 4
    assert len({body["event_id"] for _headers, body in sent}) == 1
    assert [headers.get("HTTP_X_SLACK_RETRY_NUM") for headers, _body in sent] == [None, "1", "2", "3"]
    assert sent[1][0]["HTTP_X_SLACK_RETRY_REASON"] == "http_error"


def test_an_event_that_is_answered_late_is_sent_again_for_a_timeout(called: House, receiver: Receiver) -> None:
    receiver.pause.clear()
    called.ada.say("hello", channel="general")
    called.ada.wait_for(lambda: len(receiver.got) == 2)
    receiver.pause.set()
    assert receiver.events()[1][0]["HTTP_X_SLACK_RETRY_REASON"] == "http_timeout"


def test_a_command_that_fails_is_not_sent_again(called: House, receiver: Receiver) -> None:
    receiver.status = "500 Internal Server Error"
    answer = called.ada.command("/helper", channel="general", may_fail=True)
    assert answer["failed"] == '/helper failed with the error "dispatch_failed"'
    with pytest.raises(PersonError, match="dispatch_failed"):
        called.ada.command("/helper", channel="general")
    assert len(receiver.got) == 2


def test_a_command_may_be_answered_with_json_or_with_plain_text(called: House, receiver: Receiver) -> None:
    receiver.body = b'{"text": "from json"}'
    assert called.ada.command("/helper", channel="general")["shown"] == "from json"


def test_a_request_url_is_verified_by_its_challenge(called: House, receiver: Receiver) -> None:
    assert not called.server.verify_request_url("A1")
    receiver.body = b'{"challenge": "practice-challenge"}'
    assert called.server.verify_request_url("A1")


def test_an_app_that_nobody_can_reach_fails_its_commands_at_once() -> None:
    with open_house(seed()) as alone:
        answer = alone.ada.command("/helper", channel="general", may_fail=True)
        assert "dispatch_failed" in answer["failed"]
        assert "not a valid command" in alone.ada.command("/other", channel="general", may_fail=True)["failed"]
        assert not alone.ada.state()["apps"][0]["connected"]


@pytest.fixture(scope="module")
def sockets() -> Iterator[House]:
    with open_house(seed()) as running:
        yield running


def dial(house: House) -> Any:
    """A Socket Mode connection without slack_sdk."""
    url = house.client.apps_connections_open(app_token=APP_TOKEN)["url"]
    return connect(url)


def answering(socket: Any, payload: dict[str, Any]) -> Callable[[], None]:
    """Acknowledges the next envelope with this payload."""

    def run() -> None:
        envelope = json.loads(socket.recv())
        socket.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": payload}))

    return run


def test_each_payload_goes_to_one_of_the_connections_in_turn(sockets: House) -> None:
    with dial(sockets) as first, dial(sockets) as second:
        hello = [json.loads(each.recv()) for each in (first, second)]
        assert [each["num_connections"] for each in hello] == [1, 2]
        assert hello[0]["connection_info"] == {"app_id": "A1"}
        shown = []
        for socket, text in ((first, "one"), (second, "two")):
            thread = threading.Thread(target=answering(socket, {"text": text}))
            thread.start()
            shown.append(sockets.ada.command("/helper", channel="general")["shown"])
            thread.join()
        assert shown == ["one", "two"]


def test_an_envelope_says_whether_it_takes_an_answer(sockets: House) -> None:
    with dial(sockets) as socket:
        socket.recv()
        ask = threading.Thread(target=lambda: sockets.ada.command("/helper", channel="general", may_fail=True))
        ask.start()
        envelope = json.loads(socket.recv())
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["command"] == "/helper"
        ask.join()


def test_no_more_than_ten_connections_open(sockets: House) -> None:
    with ExitStack() as lines:
        for _ in range(10):
            lines.enter_context(dial(sockets)).recv()
        assert error(lambda: sockets.client.apps_connections_open(app_token=APP_TOKEN)) == "too_many_websockets"
        sockets.ada.drop_sockets()


def test_a_ticket_opens_one_connection(sockets: House) -> None:
    url = sockets.client.apps_connections_open(app_token=APP_TOKEN)["url"]
    with connect(url) as socket:
        socket.recv()
        with pytest.raises(Exception, match="403"):
            connect(url)


def test_a_connection_is_told_before_it_ends(sockets: House) -> None:
    with dial(sockets) as socket:
        socket.recv()
        sockets.ada.drop_sockets("warning")
        assert json.loads(socket.recv())["reason"] == "warning"
        sockets.ada.drop_sockets("refresh_requested")
        assert json.loads(socket.recv())["type"] == "disconnect"


def test_slack_sdks_own_client_comes_back_when_its_connection_is_ended() -> None:
    with open_house(seed()) as house, connected(house, register) as handler:
        client: Any = handler.client
        client.current_app_monitor.interval_seconds = 0.1  # its reconnection; five seconds by default
        house.ada.drop_sockets("refresh_requested")
        house.ada.wait_for(lambda: house.ada.state()["apps"][0]["connected"] and client.is_connected())
        assert house.ada.command("/helper say back", channel="general")["shown"] == "back"
