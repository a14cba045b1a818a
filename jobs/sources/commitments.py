"""Commitments: kept by their day, and verified once their owner says so."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from bot.blocks import promises
from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter
from jobs.sources.source import Saying, Settled, Source
from jobs.staff import Staff
from jobs.why import why
from storage import people, views_commitments
from storage.availability import covered_by
from storage.ladder import Measure, To
from storage.models import CommitmentEvent
from storage.office import Desk
from storage.register.promising_rules import reference_of
from storage.views_commitments import CommitmentLine, Standing
from storage.vocabulary import CommitmentKind

# What a message says of each.
_WHAT: Mapping[CommitmentKind, str] = {
    CommitmentKind.DONE: "done",
    CommitmentKind.VERIFIED: "verified",
    CommitmentKind.SENT_BACK: "sent back",
    CommitmentKind.MOVED: "given a new owner",
    CommitmentKind.REDATED: "given a new date",
    CommitmentKind.WITHDRAWN: "withdrawn",
}
_OVER: Mapping[Measure, tuple[CommitmentKind, ...]] = {
    Measure.COMMITMENT: (
        CommitmentKind.DONE, CommitmentKind.MOVED, CommitmentKind.REDATED, CommitmentKind.WITHDRAWN,
    ),
    Measure.CLAIMED: (CommitmentKind.VERIFIED, CommitmentKind.SENT_BACK, CommitmentKind.WITHDRAWN),
}  # fmt: skip


def _waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """Those near their day or past it, and those that nobody has verified."""
    horizon = desk.calendar.add(desk.today, max(desk.ladder.furthest(Measure.COMMITMENT), 1))
    return _matters(desk, staff, views_commitments.waiting(desk, horizon))


def _these(desk: Desk, staff: Staff, ids: Sequence[int]) -> list[Matter]:
    return _matters(desk, staff, views_commitments.these(desk, ids))


def _matters(desk: Desk, staff: Staff, lines: Iterable[CommitmentLine]) -> list[Matter]:
    return [_matter(desk, staff, line) for line in lines]


def _matter(desk: Desk, staff: Staff, line: CommitmentLine) -> Matter:
    measures: dict[Measure, int] = {}
    abouts: dict[Measure, str] = {}
    # What was sent back begins at the foot of the ladder.
    again = f"/{line.sent_back}" if line.sent_back else ""
    if line.ended_on is None and line.done_on is None:
        measures[Measure.COMMITMENT] = line.days_left
        abouts[Measure.COMMITMENT] = f"{line.due_on.isoformat()}{again}"
    elif line.ended_on is None and line.done_on is not None:
        measures[Measure.CLAIMED] = desk.calendar.between(line.done_on, desk.today)
        abouts[Measure.CLAIMED] = f"{line.done_on.isoformat()}{again}"
    # Who owns it, or said that it is done, can't verify it.
    own = {line.owner_id, line.done_by_id}
    verifiers = tuple(one for one in staff.managers if one not in own)
    others = tuple(sorted(one for one in staff.team & staff.present if one not in own))
    return Matter(
        subject=f"commitment:{line.id}",
        complaint_id=None,
        measures=measures,
        abouts=abouts,
        left=measures.get(Measure.COMMITMENT, 0),
        recipients={
            To.OWNER: staff.owner(line.owner_id, line.team_id),
            To.HANDLER: verifiers or others,
            To.SENIOR_MANAGER: staff.senior(line.team_id),
            To.COMPLAINTS_MANAGERS: verifiers or others,
        },
    )


def _said(desk: Desk, saying: Saying) -> NudgeLine | None:
    found = views_commitments.these(desk, [saying.matter.id])
    if not found:
        return None
    line = found[0]
    return NudgeLine(
        name=line.reference,
        said=promises.nudged(line, mine=line.owner_id == saying.reader_id),
        why=why(desk, saying, line.owner_id, owner="the one who promised it"),
        buttons=promises.nudge_buttons(
            line,
            mine=line.owner_id == saying.reader_id
            or line.owner_id in covered_by(desk.session, saying.reader_id, desk.today),
            above=saying.line.to is To.SENIOR_MANAGER,
        ),
        overdue=line.standing is Standing.OVERDUE,
    )


def _settled(desk: Desk, line: Line, since: datetime) -> Settled | None:
    rung = desk.ladder.rung(line.rung)
    if rung is None:
        return None
    event = desk.session.scalars(
        select(CommitmentEvent)
        .where(
            col(CommitmentEvent.commitment_id) == _number(line),
            col(CommitmentEvent.kind).in_(_OVER[rung.measure]),
            col(CommitmentEvent.recorded_at) >= since,
        )
        .order_by(col(CommitmentEvent.id).desc())
        .limit(1)
    ).first()
    if event is None:
        return None
    who = people.everyone(desk.session, [event.actor_id]).get(event.actor_id or 0)
    return Settled(_WHAT[event.kind], who, event.recorded_at)


def _name(_desk: Desk, line: Line) -> str:
    return reference_of(_number(line))


def _number(line: Line) -> int:
    return int(line.subject.partition(":")[2])


SOURCE = Source("commitment", _name, _waiting, _these, _said, _settled)
