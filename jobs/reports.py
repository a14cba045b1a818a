"""Reports that people asked for: built here, since that takes seconds, and sent into the thread of the message that says so."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.papers import files, pack
from storage import outbox, reporting
from storage.errors import Refusal
from storage.models import Person, ReportRequest
from storage.office import Office
from storage.periods import Period
from storage.workdays import CalendarTooShort

log = structlog.get_logger()

Files = dict[str, bytes]


class Reports:
    """Builds what waits. Several may run, in this process and others; each report is in the hands of one of them."""

    def __init__(self, office: Office, client: WebClient, *, clock: Callable[[], datetime]) -> None:
        self._office = office
        self._client = client
        self._clock = clock

    def run(self) -> int:
        """Builds and sends every report whose message stands in Slack; returns how many. Raises RegisterAway.

        What Slack doesn't take now is tried again when its lease is over.
        """
        with self._office.database.reading() as session:
            waiting = [
                (report, place)
                for report in reporting.waiting(session, self._clock())
                if (place := outbox.standing(session, reporting.key(report.id or 0))) is not None
            ]
        return sum(self._one(report, place) for report, place in waiting)

    def _one(self, report: ReportRequest, place: tuple[str, str]) -> bool:
        number, now = report.id or 0, self._clock()
        with self._office.database.writing() as session:
            if not reporting.take(session, number, now):
                return False
        problem: str | None = None
        try:
            self._send(place, self._built(report, now))
        except (Refusal, CalendarTooShort) as refused:
            problem = str(refused)
        except (SlackClientError, OSError) as away:
            log.warning("report not sent, will try again", report=number, problem=type(away).__name__)
            if now - report.asked_at < reporting.GIVEN_UP:
                return False
            problem = "Slack did not take the files for a day. Ask for the report again."
        except Exception as unexpected:
            reference = uuid4().hex[:6].upper()
            log.error("unexpected", reference=reference, report=number, exc_info=unexpected)
            problem = f"Something went wrong on our side. Tell the complaints manager and quote {reference}."
        with self._office.database.writing() as session:
            reporting.done(session, number, self._clock(), problem)
        log.info("report", report=number, built=problem is None)
        return True

    def _built(self, report: ReportRequest, now: datetime) -> Files:
        """Each file by its name, as the person who asked may see it."""
        with self._office.database.reading() as session:
            slack_id = session.get_one(Person, report.person_id).slack_id
        with self._office.look(slack_id, now) as desk:
            period = Period.of(report.first_day, report.last_day)
            paper = pack.report(desk, period, small=report.small_withheld)
        found = {f"{paper.name}.{ending}": files.write(paper, ending) for ending in files.ENDINGS}
        return {name: content for name, content in found.items() if content is not None}

    def _send(self, place: tuple[str, str], built: Files) -> None:
        channel, ts = place
        there = self._there(channel, ts)
        for name, content in built.items():
            # Whoever had it in hand before may have sent some of it.
            if name not in there:
                self._client.files_upload_v2(channel=channel, thread_ts=ts, filename=name, title=name, file=content)

    def _there(self, channel: str, ts: str) -> set[str]:
        """Names of the files that are in the thread already."""
        page = self._client.conversations_replies(channel=channel, ts=ts, limit=200)
        messages = page.get("messages") or []
        return {str(file.get("name")) for message in messages for file in message.get("files") or []}
