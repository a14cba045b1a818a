"""What `/metrics` tells of the worker: what became of messages, and how long each kind of beat took. Kinds and codes only."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0)


class Meters:
    """One for each process. Without a registry it counts where nobody looks."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._messages = Counter(
            "complaints_messages",
            "Tries to send a message, by its kind and how they ended: sent, postpone, drop (no longer needed), fail",
            ["kind", "outcome"],
            registry=registry,
        )
        self._problems = Counter(
            "complaints_message_problems", "Why messages were not sent at a try", ["problem"], registry=registry
        )
        self._beats = Histogram(
            "complaints_beat_seconds",
            "How long a beat of the worker took, by its kind",
            ["beat"],
            buckets=_SECONDS,
            registry=registry,
        )

    def message(self, kind: str, outcome: str, problem: str | None) -> None:
        """How one try to send one message ended. `problem`: an error code, or one of the fixed reasons of `jobs.delivery`."""
        self._messages.labels(kind, outcome).inc()
        if problem is not None:
            self._problems.labels(problem).inc()

    @contextmanager
    def beat(self, name: str) -> Iterator[None]:
        """Measures one beat."""
        with self._beats.labels(name).time():
            yield
