"""Houses for the tests of the practice workspace."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.bot.practice.house import House, open_house, seed


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A workspace for a whole module, without an app: each test makes itself a channel."""
    with open_house(seed()) as running:
        yield running


@pytest.fixture(scope="module")
def new_channel(house: House) -> Callable[[], str]:
    """Makes a channel that the app and both people are in, and returns its id."""
    count = itertools.count(1)

    def make() -> str:
        made = house.client.conversations_create(name=f"room-{next(count)}")["channel"]
        house.client.conversations_invite(channel=made["id"], users="U1,U2")
        return str(made["id"])

    return make
