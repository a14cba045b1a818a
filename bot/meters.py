"""What `/metrics` tells of the bot and the register: what people did and how long it took, what waits. Nothing of anybody."""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from storage import heartbeat, outbox
from storage.database import Database
from storage.errors import RegisterAway

# A person waits at most Slack's three seconds; most answers take a few milliseconds.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0)


class Interactions:
    """One for each process. Without a registry it counts where nobody looks."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._seconds = Histogram(
            "complaints_interaction_seconds",
            "How long a listener took, by what was typed, pressed or sent in, and how it ended",
            ["kind", "name", "outcome"],
            buckets=_SECONDS,
            registry=registry,
        )

    def count(self, kind: str, name: str, outcome: str, seconds: float) -> None:
        """One interaction: `outcome` is "ok" or the type of what was raised."""
        self._seconds.labels(kind, name, outcome).observe(seconds)


class Register(Collector):
    """What the register says when it is asked: whether it answers, how much waits and how long, when somebody last ticked."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Nothing: the database need not be there yet when this is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """A few short questions, each time that somebody looks."""
        now = self._clock()
        try:
            with self._database.reading() as session:
                waiting, ticked = outbox.backlog(session, now), heartbeat.last(session, heartbeat.TICK)
        except (RegisterAway, SQLAlchemyError):
            yield GaugeMetricFamily("complaints_register_up", "Whether the database answers", value=0)
            return
        yield GaugeMetricFamily("complaints_register_up", "Whether the database answers", value=1)
        yield GaugeMetricFamily("complaints_outbox_waiting", "Messages that wait to be sent now", value=waiting.waiting)
        age = (now - waiting.oldest).total_seconds() if waiting.oldest else 0.0
        yield GaugeMetricFamily("complaints_outbox_oldest_seconds", "How long the oldest of them has waited", value=age)
        if ticked is not None:
            said = "When a worker last asked what is due, in seconds since 1970"
            yield GaugeMetricFamily("complaints_last_tick_timestamp_seconds", said, value=ticked.timestamp())
