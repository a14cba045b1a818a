"""What is missing in records: complaints that are open, and those closed in a period. Reads only.

What is not due yet is not missing: an acknowledgement until its day has passed, a step until a later one was done or the stage
was answered.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Select, and_, exists, select
from sqlmodel import col

from storage import timeline, views_investigation
from storage.models import IS_OPEN, Complaint, ComplaintTheme, Event, Issue, IssueFinding, Stage, StageAppointment
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation
from storage.procedures import Procedure
from storage.vocabulary import EventKind

_AT_ONCE = 500
T = TypeVar("T")


class Lack(StrEnum):
    """What a record can lack, as people read it; in the order of the list."""

    CUSTOMER_GROUP = "who complained"
    CONTACT_METHOD = "how it came in"
    THEMES = "themes"
    HANDLER = "a handler"
    ACKNOWLEDGEMENT = "an acknowledgement"
    APPOINTMENT = "an appointment of the investigation or review"
    STEP = "a date of the investigation or review"
    FINDING = "a finding on an issue"


@dataclass(frozen=True, slots=True)
class Lacking:
    """The complaints whose record lacks one thing, by reference."""

    lack: Lack
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingList:
    """What is missing, of the `complaints` that are open now or were closed in the period. What nothing lacks is left out."""

    period: Period
    complaints: int
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """A complaint with its latest stage."""

    complaint: Complaint
    stage: Stage
    procedure: Procedure

    @property
    def id(self) -> int:
        return self.complaint.id or 0

    @property
    def stage_id(self) -> int:
        return self.stage.id or 0

    @property
    def answered(self) -> bool:
        """Whether the stage ended with a response, and not because it was withdrawn or overtaken."""
        return not self.stage.is_open and self.stage.band is not None

    @property
    def investigated(self) -> bool:
        """Whether its stage was taken on and has posts or dated steps."""
        rules = self.procedure.stage(self.stage.number)
        return self.stage.opened_on is not None and bool(rules.posts or rules.step_titles)


def missing(desk: Desk, period: Period) -> MissingList:
    """What the complaints team has to fill in. Costs what is open and what the period holds. Raises NotAllowed."""
    desk.require(Operation.CONDUCT)
    records = _records(desk, period)
    found: dict[Lack, set[str]] = {lack: set() for lack in Lack}
    for record in records:
        for lack in _own(desk, record):
            found[lack].add(record.complaint.reference)
    for lack, record in (
        *_without_themes(desk, records),
        *_without_appointments(desk, records),
        *_without_steps(desk, records),
        *_without_findings(desk, records),
    ):
        found[lack].add(record.complaint.reference)
    lacking = tuple(Lacking(lack, tuple(sorted(references))) for lack, references in found.items() if references)
    return MissingList(period, len(records), lacking)


def _records(desk: Desk, period: Period) -> list[_Record]:
    """One a complaint. What retention cleared is gone on purpose, and what was only asked for is nobody's record yet."""
    last = ~exists().where(col(_Later.complaint_id) == col(Stage.complaint_id), col(_Later.number) > col(Stage.number))
    closed = and_(
        col(Stage.ended_on).between(period.first, period.last),
        col(Stage.is_open).is_(False),
        col(Complaint.closed_on).is_not(None),
        last,
    )
    # Two looks, each led by its index, instead of one for either.
    rows = [
        *desk.session.execute(_stages().where(IS_OPEN)),
        *desk.session.execute(_stages().where(closed)),
    ]
    return [_Record(row.Complaint, row.Stage, desk.rules_of(row.Complaint)) for row in rows]


_Later = Stage.__table__.alias("later").c  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made


def _stages() -> Select[Stage, Complaint]:
    return (
        select(Stage, Complaint)
        .join(Complaint, col(Complaint.id) == col(Stage.complaint_id))
        .where(col(Complaint.cleared_on).is_(None))
        .order_by(col(Complaint.id))
    )


def _own(desk: Desk, record: _Record) -> Iterator[Lack]:
    """What the complaint's and the stage's own columns lack."""
    complaint, stage = record.complaint, record.stage
    if complaint.customer_group is None:
        yield Lack.CUSTOMER_GROUP
    if complaint.contact_method is None:
        yield Lack.CONTACT_METHOD
    if complaint.handler_id is None:
        yield Lack.HANDLER
    wanted = stage.number == 1 or record.procedure.stage(stage.number).acknowledged
    if wanted and stage.acknowledged_on is None and stage.opened_on is not None:
        days = record.procedure.acknowledgement.working_days
        due = desk.calendar_of(record.procedure).due(stage.started_on, days, desk.policy.count_from)
        if record.answered or (stage.is_open and due < desk.today):
            yield Lack.ACKNOWLEDGEMENT


def _without_themes(desk: Desk, records: Sequence[_Record]) -> Iterator[tuple[Lack, _Record]]:
    have: set[int] = set()
    for some in _chunks([record.id for record in records]):
        query = select(col(ComplaintTheme.complaint_id)).where(col(ComplaintTheme.complaint_id).in_(some)).distinct()
        have |= set(desk.session.scalars(query))
    yield from ((Lack.THEMES, record) for record in records if record.id not in have)


def _without_appointments(desk: Desk, records: Sequence[_Record]) -> Iterator[tuple[Lack, _Record]]:
    """Posts that are empty for too long; of an answered stage, those that nobody ever held."""
    late = {gap.stage_id for gap in views_investigation.gaps(desk)}
    answered = [record for record in records if record.answered and record.investigated]
    held: set[tuple[int, str]] = set()
    for some in _chunks([record.stage_id for record in answered]):
        rows = desk.session.execute(
            select(col(StageAppointment.stage_id), col(StageAppointment.role)).where(
                col(StageAppointment.stage_id).in_(some)
            )
        )
        held |= {(row.stage_id, row.role.value) for row in rows}
    yield from ((Lack.APPOINTMENT, record) for record in records if record.stage_id in late)
    for record in answered:
        posts = record.procedure.stage(record.stage.number).posts
        if any((record.stage_id, post.role.value) not in held for post in posts):
            yield Lack.APPOINTMENT, record


def _without_steps(desk: Desk, records: Sequence[_Record]) -> Iterator[tuple[Lack, _Record]]:
    """Dated steps that were passed over: of an answered stage all of them, else those before one that was done."""
    stepped = [one for one in records if one.investigated and one.procedure.stage(one.stage.number).step_titles]
    histories: dict[tuple[int, int], list[Event]] = {}
    for some in _chunks([record.id for record in stepped]):
        events = desk.session.scalars(select(Event).where(col(Event.complaint_id).in_(some), col(Event.stage) > 1))
        histories |= timeline.by_stage(events)
    for record in stepped:
        mine = histories.get((record.id, record.stage.number), [])
        done = {one.step for one in timeline.happenings(mine) if one.kind is EventKind.STEP_DONE}
        order = list(record.procedure.stage(record.stage.number).step_titles)
        reached = len(order) if record.answered else max((order.index(one) for one in order if one in done), default=0)
        if any(step not in done for step in order[:reached]):
            yield Lack.STEP, record


def _without_findings(desk: Desk, records: Sequence[_Record]) -> Iterator[tuple[Lack, _Record]]:
    """Issues of an answered stage that came to nothing there."""
    answered = {one.id: one for one in records if one.answered and one.procedure.stage(one.stage.number).issues}
    for some in _chunks(list(answered)):
        rows = desk.session.execute(
            select(col(Issue.complaint_id), col(Issue.id), col(IssueFinding.stage))
            .outerjoin(IssueFinding, col(IssueFinding.issue_id) == col(Issue.id))
            .where(col(Issue.complaint_id).in_(some))
        ).all()
        stages: dict[tuple[int, int], set[int]] = {}
        for row in rows:
            stages.setdefault((row.complaint_id, row.id), set()).add(row.stage)
        for (complaint_id, _issue), found in stages.items():
            if answered[complaint_id].stage.number not in found:
                yield Lack.FINDING, answered[complaint_id]


def _chunks(ids: Sequence[T]) -> Iterable[Sequence[T]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
