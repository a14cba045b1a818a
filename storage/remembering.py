"""What was worked out of the register is kept for as long as nothing in it has changed, whoever changed it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

# More than the questions of a morning; each is a table, or a message of some kilobytes.
_MOST = 500


class Memory:
    """One for each process; safe among threads. `state` is the same as before only if nothing was committed since."""

    def __init__(self, state: Callable[[], Hashable | None], most: int = _MOST) -> None:
        self._state = state
        self._most = most
        self._lock = Lock()
        self._now: Hashable | None = None
        self._kept: OrderedDict[Hashable, _Answer] = OrderedDict()

    def moment(self) -> "Moment":
        """The register as it is now. Taken before anything is read: what is read then may be newer than this, never older."""
        return Moment(self, self._state())

    def once(self, state: Hashable | None, key: Hashable, make: Callable[[], T]) -> T:
        """See `Moment.once`."""
        if state is None:
            return make()
        with self._lock:
            if state != self._now:
                self._now = state
                self._kept.clear()
            answer = self._kept.setdefault(key, _Answer())
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        found: T = answer.get(make)
        return found


class Moment:
    """A state of the register, None where it can't be told."""

    def __init__(self, memory: Memory, state: Hashable | None) -> None:
        self._memory = memory
        self._state = state

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, from memory when nothing was committed since it was made. What it raises is not kept.

        `key` says everything that it depends on beside the register: who asks, which day it is, what was asked. Whoever asks for
        what somebody else is working out waits for that.
        """
        return self._memory.once(self._state, key, make)


NO_MOMENT = Moment(Memory(lambda: None), None)


class _Answer:
    """One thing, worked out by the first who asks. When that fails, all who waited try for themselves, beside each other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: list[Any] = []
        self._failed = False

    def get(self, make: Callable[[], Any]) -> Any:
        if not self._made and not self._failed:
            with self._lock:
                if not self._made and not self._failed:
                    try:
                        self._made.append(make())
                    except BaseException:
                        self._failed = True
                        raise
        return self._made[0] if self._made else make()
