"""What the page hears of: a numbered stream of small notices, each for some people."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

from bot.practice.errors import Json

KEPT = 2000  # notices a page may have missed and still catch up on without reloading everything


@dataclass(frozen=True)
class Notice:
    """One change. `audience` is the ids of those who may hear of it; None is everyone."""

    seq: int
    body: Json
    audience: frozenset[str] | None

    def concerns(self, person: str) -> bool:
        """Whether `person` may hear of it."""
        return self.audience is None or person in self.audience


class Feed:
    """Keeps the last notices and wakes whoever listens. Lives on the server's event loop."""

    def __init__(self) -> None:
        self.seq = 0
        self._kept: deque[Notice] = deque(maxlen=KEPT)
        self._listeners: dict[asyncio.Queue[Notice | None], str] = {}
        self._closed = threading.Event()

    def tell(self, kind: str, audience: Collection[str] | None = None, **what: Any) -> None:
        """Send a notice of type `kind` to `audience` (everyone when None)."""
        self.seq += 1
        notice = Notice(
            self.seq, {"seq": self.seq, "type": kind, **what}, None if audience is None else frozenset(audience)
        )
        self._kept.append(notice)
        for queue, person in self._listeners.items():
            if notice.concerns(person):
                queue.put_nowait(notice)

    def since(self, person: str, after: int) -> list[Notice]:
        """What `person` missed after number `after`; one `people` notice, meaning reload, when too much was."""
        if self._kept and after < self._kept[0].seq - 1:
            return [Notice(self.seq, {"seq": self.seq, "type": "people"}, None)]
        return [notice for notice in self._kept if notice.seq > after and notice.concerns(person)]

    async def listen(self, person: str, after: int, *, idle: float) -> AsyncIterator[Json | None]:
        """Every notice for `person` after number `after`, as it comes; None after `idle` seconds of silence."""
        queue: asyncio.Queue[Notice | None] = asyncio.Queue()
        self._listeners[queue] = person
        try:
            for notice in self.since(person, after):
                yield notice.body
            while not self._closed.is_set():
                try:
                    heard = await asyncio.wait_for(queue.get(), idle)
                except TimeoutError:
                    yield None
                    continue
                if heard is None:
                    return
                yield heard.body
        finally:
            del self._listeners[queue]

    def close(self) -> None:
        """End every stream."""
        self._closed.set()
        for queue in self._listeners:
            queue.put_nowait(None)
