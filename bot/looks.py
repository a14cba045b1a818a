"""What this workspace takes of Slack's newer blocks, learned from its answers: it is asked once a day and not each time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bot.blocks import tables
from bot.blocks.message import Message
from bot.blocks.tables import CHART, DATA_TABLE

# Workspaces get what is new by and by; a restart asks again too.
REMEMBERED = timedelta(days=1)


class Looks:
    """One for each process. `clock` gives aware instants. Safe among threads: what is learned twice is the same."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._refused: dict[str, datetime] = {}
        self._known: dict[str, datetime] = {}

    def ways(self, message: Message) -> Iterator[Message]:
        """How a message can be said, the fullest first and as words alone last; what is known to be refused is left out."""
        known = self._lately(self._refused)
        newer = tables.newer(message)
        seen: list[set[str]] = []
        for leaving in (set(), {CHART}, {CHART, DATA_TABLE}):
            out = (leaving | known) & newer
            if out not in seen:
                seen.append(out)
                yield tables.without(message, out)
        if message.blocks:
            yield Message(message.text)

    def taken(self, message: Message, way: Message) -> None:
        """Learns from the way that was taken in the end what is, and what is not."""
        if way.blocks:
            for kind in tables.newer(message) - tables.newer(way):
                self._refused.setdefault(kind, self._clock())
            for kind in tables.newer(way) - self._lately(self._known):
                self._known[kind] = self._clock()

    def certain(self, message: Message) -> Message | None:
        """The way that this workspace is known to take; None while that isn't known of one of its blocks.

        An answer in an acknowledgement has to be such a one, since whether Slack took it is never heard.
        """
        way = next(self.ways(message))
        return way if tables.newer(way) <= self._lately(self._known) else None

    def _lately(self, learned: dict[str, datetime]) -> set[str]:
        now = self._clock()
        return {kind for kind, since in tuple(learned.items()) if now - since < REMEMBERED}
