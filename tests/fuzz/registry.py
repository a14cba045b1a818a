"""What the app listens to, walked and not written down: a listener that is added is fuzzed from then on."""

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from storage.database import Database
from tests.bot.listeners.counter import Counter
from tests.conftest import open_office
from tests.county import County
from tests.fuzz import world


@cache
def _counter() -> Counter:
    # Listeners are only registered here; nothing is asked of the register.
    return Counter(County(open_office(Database("sqlite:///nowhere.db")), {}, {}, {}), world.NOW)


def subcommands() -> list[str]:
    """What can be typed after /complaint."""
    return list(_counter().door.subcommands)


def ids(kind: str) -> list[str]:
    """What is listened to of a kind, as Bolt calls it: `action`, `view`, `message_shortcut`, `event`, `options`, `shortcut`."""
    return [str(name) for heard, name in _counter().heard if heard == kind]


def kinds() -> set[str]:
    """The kinds that there are any of."""
    return {heard for heard, _name in _counter().heard}


def any_of(kind: str) -> SearchStrategy[str]:
    """One of the ids of a kind."""
    return st.deferred(lambda: st.sampled_from(ids(kind)))
