"""Who works when many press at once: a few at a time, the others in turn, and what can wait after all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Semaphore

# Whoever has waited this long goes ahead, so that one long look at many years holds nobody up for longer.
LONGEST_WAIT = 0.25


class Turn:
    """Lets `many` answer at once.

    Python runs one thread at a time, and a database driver lets go at every row: threads that all work at once spend most of
    their time taking it from each other. In turns the last of a hundred people was answered in half the time.
    """

    def __init__(self, many: int = 1) -> None:
        self._free = Semaphore(many)
        self._nobody, self._here = Condition(), 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for its turn, at most LONGEST_WAIT seconds, and gives it to the next at the end."""
        with self._nobody:
            self._here += 1
        mine = self._free.acquire(timeout=LONGEST_WAIT)
        try:
            yield
        finally:
            if mine:
                self._free.release()
            with self._nobody:
                self._here -= 1
                if not self._here:
                    self._nobody.notify_all()

    def after(self) -> None:
        """Waits until nobody wants an answer, at most LONGEST_WAIT seconds: for what Slack gives more time for."""
        with self._nobody:
            self._nobody.wait_for(lambda: not self._here, LONGEST_WAIT)
