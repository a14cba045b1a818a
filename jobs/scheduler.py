"""APScheduler ticks; nothing else lives here. What is due is in the database, so a missed tick is caught up by the next."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient

from jobs import cards, retention
from jobs.delivery import Delivery
from jobs.meters import Meters
from jobs.people import Accounts
from jobs.reports import Reports
from jobs.tick import tick
from storage import heartbeat
from storage.errors import RegisterAway
from storage.office import Office

log = structlog.get_logger()

TICK_SECONDS = 20
DELIVERY_SECONDS = 1
REPORT_SECONDS = 2
RETENTION_HOURS = 1
ACCOUNTS_MINUTES = 5
_DELIVER = "deliver"
# How often the system's clock is held against one that only goes forward, and by how much it may go astray without a word.
_LOOK_SECONDS = 1.0
_ASTRAY_SECONDS = 1.0
_THREADS = 10


class Beat:
    """The worker's beats: asking what is due, sending what waits, building reports; now and then accounts, and what is old."""

    def __init__(
        self,
        office: Office,
        delivery: Delivery,
        client: WebClient,
        *,
        clock: Callable[[], datetime],
        meters: Meters | None = None,
    ) -> None:
        self._office = office
        self._meters = meters or Meters()
        self._delivery = delivery
        self._clock = clock
        self._stopping = Event()
        self._reports = Reports(office, client, clock=clock)
        self._accounts = Accounts(office, client, clock=clock, wait=self._stopping.wait)
        self._threads = ThreadPoolExecutor(_THREADS)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": self._threads},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Starts the beats in threads of their own."""
        now = datetime.now(UTC)
        self._scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS, id="tick", next_run_time=now)
        self._scheduler.add_job(self._deliver, "interval", seconds=DELIVERY_SECONDS, id=_DELIVER, next_run_time=now)
        self._scheduler.add_job(self._report, "interval", seconds=REPORT_SECONDS, id="reports", next_run_time=now)
        self._scheduler.add_job(self._retain, "interval", hours=RETENTION_HOURS, id="retain", next_run_time=now)
        self._scheduler.add_job(self._look, "interval", minutes=ACCOUNTS_MINUTES, id="accounts", next_run_time=now)
        self._scheduler.start()
        Thread(target=self._mind_the_clock, name="clock", daemon=True).start()

    def wake(self) -> None:
        """Sends soon what was just put in the outbox, instead of at the next beat."""
        job = self._scheduler.get_job(_DELIVER)
        soon = datetime.now(UTC) + timedelta(milliseconds=20)
        if job is not None and job.next_run_time is not None and job.next_run_time > soon:
            job.modify(next_run_time=soon)

    def catch_up(self) -> None:
        """Runs everything at once, for when the clock says something else than it would have by itself."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=now)

    def stop(self) -> None:
        """Finishes what is in hand and gives back what is not begun, then stops."""
        self._stopping.set()
        self._delivery.stop()
        if self._scheduler.running:
            # Waiting for what is in hand while the scheduler holds its lock would be for ever where that wakes the sender.
            self._scheduler.shutdown(wait=False)
            self._threads.shutdown(wait=True)
        self._delivery.close()

    def _mind_the_clock(self) -> None:
        """Runs everything at once when the system's clock was put back: the scheduler would wait until it is as late again."""
        before = _offset()
        while not self._stopping.wait(_LOOK_SECONDS):
            offset = _offset()
            if offset < before - _ASTRAY_SECONDS:
                log.warning("the clock was put back", seconds=round(before - offset))
                self.catch_up()
            before = offset

    def _tick(self) -> None:
        now = self._clock()
        try:
            with self._meters.beat("tick"):
                written = tick(self._office, now) + cards.run(self._office, now)
                with self._office.database.writing() as session:
                    heartbeat.beat(session, heartbeat.TICK, now)
        except RegisterAway:
            log.warning("register away, will try at the next tick")
            return
        if written:
            log.info("tick", written=written)
            self.wake()

    def _deliver(self) -> None:
        try:
            with self._meters.beat("deliver"):
                self._delivery.run()
        except RegisterAway:
            log.warning("register away, nothing was sent")

    def _report(self) -> None:
        try:
            with self._meters.beat("reports"):
                built = self._reports.run()
        except RegisterAway:
            log.warning("register away, no report was built")
            return
        if built:
            self.wake()

    def _look(self) -> None:
        try:
            with self._meters.beat("accounts"):
                changed = self._accounts.run()
        except RegisterAway:
            log.warning("register away, accounts were not looked at")
            return
        if changed:
            log.info("accounts", changed=changed)
            self.wake()

    def _retain(self) -> None:
        try:
            with self._meters.beat("retention"):
                cleared = retention.run(self._office, self._clock())
        except RegisterAway:
            log.warning("register away, nothing was cleared")
            return
        if cleared:
            log.info("retention", cleared=cleared)


def _offset() -> float:
    """By how many seconds the system's clock is ahead of one that only goes forward."""
    return datetime.now(UTC).timestamp() - time.monotonic()
