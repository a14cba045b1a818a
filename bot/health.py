"""Whether a process can do its work, and what else somebody should look at. The same for `/readyz`, `/metrics` and doctor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from storage import heartbeat, outbox, schema
from storage.database import Database
from storage.dates import in_words, london_day
from storage.errors import RegisterAway
from storage.outbox import Backlog

# The worker asks what is due three times a minute; a busy one may miss a few.
TICK_LATE = timedelta(minutes=2)
# Slack's limits make a busy morning's messages wait for minutes, not for a quarter of an hour.
LONG_WAIT = timedelta(minutes=15)
# Working days are needed as far ahead as a stage may last with its extensions.
CALENDAR_AHEAD = timedelta(days=365)
AWAY = "the database can't be reached"


@dataclass(frozen=True, slots=True)
class Health:
    """`problems` keep this process from its work: a platform sends nobody to it. `warnings` are for somebody to look at."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checkup:
    """What is looked at. `connected` says whether Slack's socket is there, for a process that has one; `ticks`: whether this
    process is one that asks what is due, so that a late tick is its own failure and not another's.

    `clock` gives aware instants; `last_day` is how far the working-day calendar reaches.
    """

    database: Database
    clock: Callable[[], datetime]
    last_day: date
    connected: Callable[[], bool] | None = None
    ticks: bool = False

    def look(self) -> Health:
        """Asks the database a few short questions."""
        problems = [] if self.connected is None or self.connected() else ["Slack is not connected"]
        now = self.clock()
        try:
            self.database.ping()
            if not schema.is_current(self.database):
                return Health((*problems, "migrations are missing: run complaints db upgrade"))
            with self.database.reading() as session:
                ticked, waiting = heartbeat.last(session, heartbeat.TICK), outbox.backlog(session, now)
        except (RegisterAway, SQLAlchemyError):
            return Health((*problems, AWAY))
        warnings = [said for said in (too_old(waiting, now), too_short(self.last_day, now)) if said]
        late = not_ticking(ticked, now)
        if late and self.ticks:
            problems.append(late)
        elif late:
            warnings.insert(0, late)
        return Health(tuple(problems), tuple(warnings))


def not_ticking(ticked: datetime | None, now: datetime) -> str | None:
    """That nothing asks what is due; None when something does."""
    if ticked is not None and now - ticked <= TICK_LATE:
        return None
    since = f"since {ticked.isoformat(timespec='seconds')}" if ticked is not None else "yet"
    return f"no worker has asked {since} what is due: is one running?"


def too_old(waiting: Backlog, now: datetime) -> str | None:
    """That messages wait too long; None when they don't."""
    if waiting.oldest is None or now - waiting.oldest <= LONG_WAIT:
        return None
    told = f" Slack answered the last tries: {', '.join(waiting.problems)}." if waiting.problems else ""
    return f"{waiting.waiting} messages wait to be sent, the oldest since {waiting.oldest.isoformat(timespec='seconds')}.{told}"


def too_short(last_day: date, now: datetime) -> str | None:
    """That the calendar ends within a year; None when it doesn't."""
    if last_day >= london_day(now) + CALENDAR_AHEAD:
        return None
    return f"the calendar reaches {in_words(last_day)} only: install a version that knows later bank holidays"
