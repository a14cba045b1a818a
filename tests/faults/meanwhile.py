"""Something that goes on beside a test, over and over."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event


@contextmanager
def over_and_over(act: Callable[[], object], *, every: float) -> Iterator[None]:
    """Does it every so many seconds in a thread of its own; what it raises is raised when the block ends."""
    over = Event()

    def going() -> None:
        while not over.wait(every):
            act()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(going)
        try:
            yield
        finally:
            over.set()
            running.result(30)
