"""The Socket Mode connection ends whenever it is asked to, over a real socket; the SDK's threads are held where it matters."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.socket import Socket
from tests.bot.practice.house import APP_TOKEN, House, bolt_app, open_house, seed

SECONDS = 10.0


@pytest.fixture
def house() -> Iterator[House]:
    with open_house(seed()) as running:
        yield running


@pytest.fixture
def socket(house: House) -> Socket:
    return Socket(bolt_app(house, _nothing), APP_TOKEN, web_client=WebClient(APP_TOKEN, house.server.api_url))


def test_a_connection_that_begins_to_read_just_as_it_is_closed_ends_all_the_same(socket: Socket) -> None:
    with _held(socket, "Starting to receive messages", lambda: _closed(socket)) as reached:
        socket.connect()
        assert reached.wait(SECONDS)
        _finishes(socket)
    assert not socket.client.is_connected()


def test_a_connection_that_is_made_anew_just_as_it_is_closed_ends_all_the_same(socket: Socket, house: House) -> None:
    with _held(socket, "Connecting to a new endpoint", lambda: socket.client.closed) as reached:
        socket.connect()
        house.ada.wait_for(lambda: house.ada.state()["apps"][0]["connected"])
        house.ada.drop_sockets()
        assert reached.wait(SECONDS)
        _finishes(socket)
    assert not socket.client.is_connected()
    house.ada.wait_for(lambda: not house.ada.state()["apps"][0]["connected"])


def _closed(socket: Socket) -> bool:
    return socket.client.closed and not socket.client.is_connected()


def _finishes(socket: Socket) -> None:
    finishing = threading.Thread(target=socket.finish, daemon=True)
    finishing.start()
    finishing.join(SECONDS)
    assert not finishing.is_alive()


@contextmanager
def _held(socket: Socket, said: str, until: Callable[[], bool]) -> Iterator[threading.Event]:
    """Whichever thread of the SDK says this waits there until something is so; the event is set when it has said it."""
    reached, soon = threading.Event(), threading.Event()

    def hold(record: logging.LogRecord) -> bool:
        if record.getMessage().startswith(said):
            reached.set()
            for _ in range(int(SECONDS / 0.01)):
                if until():
                    break
                soon.wait(0.01)
        return True

    logger = socket.client.logger
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addFilter(hold)
    try:
        yield reached
    finally:
        logger.removeFilter(hold)
        logger.setLevel(before)


def _nothing(_app: App, _house: House) -> None:
    pass
