"""What has happened in the register since a chapter was begun: what steps are judged by."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import ColumnElement, exists, func, select
from sqlmodel import col

from storage import views_complaint
from storage.models import IS_OPEN, Complaint, CouncilChange, Event, NudgeRecord, OutboxRow, Person, Stage
from storage.office import Desk
from storage.people import Who, everyone, with_role
from storage.views_complaint import ComplaintFacts
from storage.vocabulary import CouncilMatter, EventKind, OutboxState, Role

# Before its first nudge a response is this many working days from due (storage/ladder.py).
_NUDGED_BEFORE = 5


@dataclass
class Facts:
    """The register as it is now. `since`: when the chapter was begun; `after`: the last complaint there was then.

    `others`: complaints of other chapters. `asked`: how often a command was given in all, by its name.
    """

    desk: Desk
    since: datetime
    after: int
    complaint_id: int | None
    others: Collection[int]
    asked: Callable[[str], float]
    asked_before: float = 0.0

    @cached_property
    def subject(self) -> ComplaintFacts | None:
        """The complaint that the chapter is about: its own, or the first that was recorded since."""
        number = self.complaint_id
        if number is None:
            number = self.desk.session.scalar(
                select(func.min(col(Complaint.id))).where(
                    col(Complaint.id) > self.after, col(Complaint.id).not_in(self.others)
                )
            )
        return None if number is None else views_complaint.complaint_by_id(self.desk, number)

    @property
    def owner(self) -> Who | None:
        """The named manager of the subject."""
        return self.subject.line.owner if self.subject else None

    @property
    def manager(self) -> Who | None:
        """Who is to act for the subject: its owner, else the first manager of its team."""
        if self.subject is None:
            return None
        line = self.desk.teams.line(self.subject.line.team_id)
        able = with_role(self.desk.session, [Role.NAMED_MANAGER], self.desk.today, team_line=line)
        return self.owner or next(iter(able), None)

    @property
    def senior(self) -> Who | None:
        """Who answers for the subject's service."""
        return self.subject.senior if self.subject else None

    def happened(self, *kinds: EventKind) -> bool:
        """Whether any of this happened to the subject since."""
        if self.subject is None:
            return False
        about = col(Event.complaint_id) == self.subject.line.complaint_id
        return self._any(about, col(Event.kind).in_(kinds), col(Event.recorded_at) >= self.since)

    def nudged(self, who: Who | None, rung: str) -> bool:
        """Whether this person was reminded since, by a rung whose name begins so."""
        return who is not None and self._any(
            col(NudgeRecord.person_id) == who.id,
            col(NudgeRecord.rung).startswith(rung),
            col(NudgeRecord.outbox_key) == col(OutboxRow.key),
            col(OutboxRow.state) == OutboxState.SENT,
            col(OutboxRow.sent_at) >= self.since,
        )

    def whoever(self, slack_id: str) -> Who | None:
        """Somebody by their Slack id."""
        found = self.desk.session.scalar(select(col(Person.id)).where(col(Person.slack_id) == slack_id))
        return everyone(self.desk.session, [found]).get(found or 0)

    def passed_on(self, slack_id: str) -> bool:
        """Whether the subject is somebody else's now."""
        return self.owner is not None and self.owner.slack_id != slack_id

    def leaves(self, slack_id: str) -> date | None:
        """Somebody's last day at work, when it is known."""
        return self.desk.session.scalar(select(col(Person.leaves_on)).where(col(Person.slack_id) == slack_id))

    def calendar_changed(self) -> bool:
        """Whether a bank holiday was entered since."""
        return self._any(
            col(CouncilChange.matter) == CouncilMatter.CALENDAR, col(CouncilChange.changed_at) >= self.since
        )

    def typed(self) -> bool:
        """Whether the command that the chapter counts was given since."""
        return self.asked("/complaint status") > self.asked_before

    def next_due(self) -> date | None:
        """The next day on which anything open is due."""
        return self.desk.session.scalar(
            select(func.min(col(Stage.next_due_on))).where(IS_OPEN, col(Stage.next_due_on) > self.desk.today)
        )

    def first_nudge(self) -> date:
        """The day on which the owner of the subject hears of it; the next working day when that is past."""
        tomorrow = self.desk.calendar.add(self.desk.today, 1)
        if self.subject is None:
            return tomorrow
        return max(tomorrow, self.desk.calendar.add(self.subject.line.due_on, -_NUDGED_BEFORE))

    def before_leaving(self, slack_id: str) -> date:
        """Two working days before somebody's last day; the next working day when that is past or not known."""
        tomorrow, last = self.desk.calendar.add(self.desk.today, 1), self.leaves(slack_id)
        return tomorrow if last is None else max(tomorrow, self.desk.calendar.add(last, -2))

    def coming_holiday(self) -> date:
        """A day that is a working day as yet, soon, and before the subject is due."""
        return self.desk.calendar.add(self.desk.today, 2)

    def _any(self, *conditions: ColumnElement[bool]) -> bool:
        return bool(self.desk.session.scalar(select(exists().where(*conditions))))
