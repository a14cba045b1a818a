"""The workspace's clock: real time plus whatever it was moved forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Runs with real time and can be moved forward, never back.

    Message timestamps and the dates on the page come from it. Timeouts of the transport (the three-second answer,
    a trigger's life, rate limits) do not: they belong to real time. `latest`, where it is set, is as far as it goes.
    """

    def __init__(self, start: datetime | None = None, *, moved: Callable[[], None] | None = None) -> None:
        """Start at `start` (aware) or at the present instant. `moved` is called after each move, from the caller's thread."""
        if start is not None and start.tzinfo is None:
            msg = "start needs a time zone"
            raise ValueError(msg)
        self._ahead = timedelta(0) if start is None else start - datetime.now(UTC)
        self._moved = timedelta(0)
        self._notify = moved
        self.latest: datetime | None = None

    def now(self) -> datetime:
        """The workspace's present instant, in UTC."""
        return datetime.now(UTC) + self._ahead + self._moved

    @property
    def moved_seconds(self) -> float:
        """How far the clock was moved since the start, in seconds."""
        return self._moved.total_seconds()

    def advance(self, by: timedelta) -> datetime:
        """Move forward by `by` and return the new instant. Raises ValueError for a move back, or beyond `latest`."""
        if by < timedelta(0):
            msg = "the clock only moves forward"
            raise ValueError(msg)
        if self.latest is not None and self.now() + by > self.latest:
            msg = f"it goes as far as {self.latest.day} {self.latest:%B %Y} here"
            raise ValueError(msg)
        self._moved += by
        if self._notify is not None:
            self._notify()
        return self.now()

    def to(self, instant: datetime) -> datetime:
        """Move forward to `instant` (aware). Raises ValueError when it is in the clock's past or has no time zone."""
        if instant.tzinfo is None:
            msg = "the instant needs a time zone"
            raise ValueError(msg)
        return self.advance(instant - self.now())
