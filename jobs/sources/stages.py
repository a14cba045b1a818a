"""Stages: an owner, the response and its steps, decisions, appointments, and the Ombudsman's enquiries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, union_all
from sqlmodel import col

from bot.blocks import decisions, nudge
from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter
from jobs.sources.past import reference, settled_by
from jobs.sources.source import Saying, Settled, Source
from jobs.staff import Staff
from jobs.why import why
from storage import views, views_investigation, views_ombudsman, views_requests
from storage.dates import london_day
from storage.ladder import SETTLED_BY, Measure, To
from storage.models import IS_GRANTED, IS_OPEN, Complaint, Request, Stage
from storage.office import Desk
from storage.procedures import Procedure
from storage.views import StageLine
from storage.vocabulary import Asked

# What is not done with is little beside all that was asked for, and either kind has an index of its own.
_UNSETTLED = (
    (col(Request.decided_on).is_(None),),
    (IS_GRANTED, col(Request.told_on).is_(None)),
)
# To name more stages than that costs more than to read what is unsettled in all of them.
_FEW = 500


def _waiting(desk: Desk, staff: Staff) -> list[Matter]:
    """Open stages without an owner or near their next date, and those where something waits.

    A closed complaint is here by its last stage while the Ombudsman waits for a reply.
    """
    replies = views_ombudsman.replies_due(desk, desk.ladder.furthest(Measure.REPLY))
    horizon = desk.calendar.add(desk.today, max(desk.ladder.furthest(Measure.LEFT), 1))
    asked = union_all(*(select(col(Request.stage_id)).where(*one) for one in _UNSETTLED))
    matters = _stages().where(
        IS_OPEN,
        or_(
            col(Complaint.owner_id).is_(None),
            col(Stage.next_due_on) <= horizon,
            col(Stage.acknowledged_on).is_(None),
            # A further stage has posts to fill, and each of them a gap.
            col(Stage.number) > 1,
            col(Stage.id).in_(asked),
            col(Stage.id).in_(_last_stages(replies)),
        ),
    )
    found = _matters(desk, staff, matters, replies)
    if replies:
        # By themselves, since looking for either kind at once reads every stage there ever was.
        closed = _stages().where(col(Stage.is_open).is_(False), col(Stage.id).in_(_last_stages(replies)))
        found += _matters(desk, staff, closed, replies)
    return found


def _these(desk: Desk, staff: Staff, stage_ids: Sequence[int]) -> list[Matter]:
    return _matters(desk, staff, _stages().where(col(Stage.id).in_(stage_ids)), views_ombudsman.replies_due(desk, 60))


# A morning reads thousands, for which objects of the whole rows take longer than all the rest.
def _stages() -> Select[*tuple[Any, ...]]:
    return select(
        col(Stage.id), col(Stage.complaint_id), col(Stage.number), col(Stage.is_open), col(Stage.started_on),
        col(Stage.opened_on), col(Stage.due_on), col(Stage.next_due_on), col(Stage.acknowledged_on),
        col(Complaint.procedure), col(Complaint.procedure_version), col(Complaint.lead_team_id), col(Complaint.owner_id),
        col(Complaint.handler_id), col(Complaint.owned_at), col(Complaint.recorded_at),
    ).join(Complaint, col(Complaint.id) == col(Stage.complaint_id))  # fmt: skip


def _last_stages(complaint_ids: Iterable[int]) -> Select[int | None]:
    return (
        select(func.max(col(Stage.id)))
        .where(col(Stage.complaint_id).in_(list(complaint_ids)))
        .group_by(col(Stage.complaint_id))
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage and its complaint, in the order of `_stages`."""

    id: int
    complaint_id: int
    number: int
    is_open: bool
    started_on: date
    opened_on: date | None
    due_on: date
    next_due_on: date
    acknowledged_on: date | None
    procedure: str
    procedure_version: str
    lead_team_id: int
    owner_id: int | None
    handler_id: int | None
    owned_at: datetime | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class _Here:
    """A stage with what waits in it: requests, the longest empty post in working days, the Ombudsman's reply."""

    stage: _Stage
    asked: list[Request]
    gap: int | None
    reply_on: date | None


def _matters(desk: Desk, staff: Staff, query: Select[*tuple[Any, ...]], replies: Mapping[int, date]) -> list[Matter]:
    # Put in order here: asked to, SQLite walks through all stages in that order instead of those that are open.
    stages = sorted((_Stage(*row) for row in desk.session.execute(query)), key=lambda one: one.id)
    with_posts = [one.id for one in stages if _rules(desk, one).stage(one.number).posts]
    asked, gaps = _asked(desk, [one.id for one in stages]), _gaps(desk, with_posts)
    return [
        _matter(desk, staff, _Here(one, asked.get(one.id, []), gaps.get(one.id), replies.get(one.complaint_id)))
        for one in stages
    ]


def _rules(desk: Desk, stage: _Stage) -> Procedure:
    return desk.rules(stage.procedure, stage.procedure_version)


def _matter(desk: Desk, staff: Staff, here: _Here) -> Matter:
    stage, asked = here.stage, here.asked
    measures, abouts = _measures(desk, here)
    if here.reply_on is not None:
        measures[Measure.REPLY] = desk.calendar.days_left(desk.today, here.reply_on)
        abouts[Measure.REPLY] = here.reply_on.isoformat()
    team_id = stage.lead_team_id
    recipients = {
        To.OWNER: staff.owner(stage.owner_id, team_id) if stage.owner_id else (),
        To.HANDLER: staff.handler(stage.handler_id),
        To.TEAM_MANAGERS: staff.team_managers(team_id),
        To.SENIOR_MANAGER: staff.senior(team_id),
        To.COMPLAINTS_MANAGERS: staff.managers,
    }
    if asked:
        undecided = {one.asked_by_id for one in asked if one.decided_on is None}
        recipients[To.DECIDERS] = _deciders(staff, team_id, undecided)
        recipients[To.ASKER] = _tellers(staff, stage, asked)
    return Matter(
        subject=f"stage:{stage.id}",
        complaint_id=stage.complaint_id,
        measures=measures,
        abouts=abouts,
        owned=stage.owner_id is not None,
        left=measures.get(Measure.LEFT, 0),
        recipients=recipients,
    )


def _deciders(staff: Staff, team_id: int, undecided: Collection[int | None]) -> tuple[int, ...]:
    """Who decides, which whoever asked can't. With all of them away, whoever stands in hears of it, and can call one of them."""
    able = tuple(one for one in staff.deciders(team_id) if one not in undecided)
    others = tuple(one for one in staff.managers if one not in undecided)
    return able or others or staff.senior(team_id)


def _measures(desk: Desk, here: _Here) -> tuple[dict[Measure, int], dict[Measure, str]]:
    """What there is to measure of a stage, and what each is about."""
    stage, asked = here.stage, here.asked
    if not stage.is_open:
        return {}, {}
    calendar = desk.calendar_of(_rules(desk, stage))
    found = {Measure.LEFT: calendar.days_left(desk.today, stage.next_due_on)}
    abouts = {Measure.LEFT: stage.next_due_on.isoformat()}
    if stage.owner_id is None:
        # Waiting for an owner begins when there was something to claim: a back-dated complaint has not been ignored yet.
        since = london_day(stage.owned_at or stage.recorded_at)
        found[Measure.WAITING] = max(desk.calendar.between(since, desk.today), 0)
    due_on = _acknowledgement_due(desk, stage)
    if due_on is not None:
        found[Measure.ACKNOWLEDGE] = calendar.days_left(desk.today, due_on)
        abouts[Measure.ACKNOWLEDGE] = due_on.isoformat()
    # An extension that nobody decided in time has lapsed: a decision now would come too late.
    undecided = [
        one
        for one in asked
        if one.decided_on is None and (one.kind is not Asked.EXTENSION or desk.today <= stage.due_on)
    ]
    untold = [one for one in asked if one.decided_on is not None]
    if undecided:
        found[Measure.ASKED] = desk.calendar.between(undecided[0].asked_on, desk.today)
        abouts[Measure.ASKED] = str(undecided[0].id)
    if untold and untold[0].decided_on is not None:
        found[Measure.UNTOLD] = desk.calendar.between(untold[0].decided_on, desk.today)
        abouts[Measure.UNTOLD] = str(untold[0].id)
    if stage.opened_on is None:
        found[Measure.REQUESTED] = desk.calendar.between(stage.started_on, desk.today)
    elif here.gap is not None:
        found[Measure.EMPTY] = here.gap
    return found, abouts


def _acknowledgement_due(desk: Desk, stage: _Stage) -> date | None:
    """The day by which a stage has to be acknowledged; None when it was, or needs none."""
    procedure = _rules(desk, stage)
    wanted = stage.number == 1 or procedure.stage(stage.number).acknowledged
    if stage.acknowledged_on is not None or not wanted or stage.opened_on is None:
        return None
    days = procedure.acknowledgement.working_days
    return desk.calendar_of(procedure).due(stage.started_on, days, desk.policy.count_from)


def _asked(desk: Desk, stage_ids: Collection[int]) -> dict[int, list[Request]]:
    """What was asked for in these stages and is not done with, by stage."""
    few = [col(Request.stage_id).in_(stage_ids)] if len(stage_ids) <= _FEW else []
    unsettled = [request for one in _UNSETTLED for request in desk.session.scalars(select(Request).where(*one, *few))]
    here, found = frozenset(stage_ids), defaultdict(list)
    for request in sorted(unsettled, key=lambda one: one.id or 0):
        if request.stage_id in here:
            found[request.stage_id].append(request)
    return found


def _gaps(desk: Desk, stage_ids: list[int]) -> dict[int, int]:
    """Working days for which the emptiest post of a stage has been empty, by stage; only those empty for too long."""
    found: dict[int, int] = {}
    for gap in views_investigation.gaps(desk, stage_ids) if stage_ids else ():
        found[gap.stage_id] = max(found.get(gap.stage_id, 0), gap.days_empty)
    return found


def _tellers(staff: Staff, stage: _Stage, asked: list[Request]) -> tuple[int, ...]:
    """Who tells the complainant: whoever asked, while they may still work on it; else its owner; else its handler."""
    untold = (one.asked_by_id for one in asked if one.decided_on is not None)
    able = tuple(one for one in untold if one is not None and (one == stage.owner_id or one in staff.team))
    owner = (stage.owner_id,) if stage.owner_id else ()
    return staff.standing_in(able[:1]) or staff.standing_in(owner) or staff.handler(stage.handler_id)


def _said(desk: Desk, saying: Saying) -> NudgeLine | None:
    here = views.line_by_id(desk, saying.matter.complaint_id or 0)
    owner_id = here.owner.id if here.owner else None
    reason = why(desk, saying, owner_id)
    if saying.measure in {Measure.LEFT, Measure.ACKNOWLEDGE} and not _may_work(saying, owner_id):
        return _to_see(desk, here, saying, reason)
    return _WORDS[saying.measure](desk, here, saying.line, reason)


def _may_work(saying: Saying, owner_id: int | None) -> bool:
    """Whether the reader may do what the line asks for: its owner, whoever stands in, and the complaints team."""
    staff = saying.staff
    return owner_id is None or saying.reader_id in {owner_id, *staff.reach(owner_id)} or saying.reader_id in staff.team


def _to_see(desk: Desk, here: StageLine, saying: Saying, why: str) -> NudgeLine:
    """For a senior manager, who sees to it that somebody does it."""
    if saying.measure is Measure.ACKNOWLEDGE:
        due_on = date.fromisoformat(saying.line.about)
        days_left = desk.calendar.days_left(desk.today, due_on)
        return nudge.acknowledgement_due(here, why, due_on, days_left, may_work=False)
    if here.next_step:
        return nudge.step_due(here, why)
    return nudge.answer_due(here, why, owns=False, may_work=False)


def _owner(_desk: Desk, here: StageLine, line: Line, why: str) -> NudgeLine:
    return nudge.owner_wanted(here, why, can_claim=line.to in {To.TEAM_MANAGERS, To.SENIOR_MANAGER})


def _answer(desk: Desk, here: StageLine, line: Line, why: str) -> NudgeLine:
    """The next dated step where there is one before the response; the response itself where the complaints team records it."""
    if here.next_step:
        return nudge.step_due(here, why)
    if here.independent:
        return nudge.investigation_due(here, why)
    if here.owner is None:
        return _owner(desk, here, line, why)
    return nudge.answer_due(here, why, owns=line.to is To.OWNER)


def _acknowledgement(desk: Desk, here: StageLine, line: Line, why: str) -> NudgeLine:
    due_on = date.fromisoformat(line.about)
    return nudge.acknowledgement_due(here, why, due_on, desk.calendar.days_left(desk.today, due_on))


def _undecided(desk: Desk, here: StageLine, _line: Line, why: str) -> NudgeLine | None:
    asked = next((one for one in views_requests.of_stage(desk, here.stage_id) if one.is_waiting), None)
    if asked is None:
        return None
    return nudge.of_complaint(here, decisions.summary(asked, reason=False), why, *decisions.buttons(asked)[:2])


def _untold(desk: Desk, here: StageLine, _line: Line, why: str) -> NudgeLine | None:
    asked = next((one for one in views_requests.of_stage(desk, here.stage_id) if one.is_untold), None)
    if asked is None:
        return None
    return nudge.of_complaint(here, decisions.untold(asked), why, decisions.told_button(asked))


def _requested(_desk: Desk, here: StageLine, _line: Line, why: str) -> NudgeLine:
    return nudge.stage_waits(here, why)


def _empty(desk: Desk, here: StageLine, _line: Line, why: str) -> NudgeLine | None:
    posts = [gap.title for gap in views_investigation.gaps(desk, [here.stage_id])]
    return nudge.posts_empty(here, why, posts) if posts else None


def _reply(desk: Desk, here: StageLine, _line: Line, why: str) -> NudgeLine | None:
    enquiries = views_ombudsman.of_complaint(desk, here.reference).enquiries
    waiting = next((one for one in enquiries if one.answered_on is None), None)
    return nudge.reply_due(here, why, waiting.reply_due_on, waiting.days_left) if waiting else None


_WORDS: Mapping[Measure, Callable[[Desk, StageLine, Line, str], NudgeLine | None]] = {
    Measure.WAITING: _owner,
    Measure.LEFT: _answer,
    Measure.ACKNOWLEDGE: _acknowledgement,
    Measure.ASKED: _undecided,
    Measure.UNTOLD: _untold,
    Measure.REQUESTED: _requested,
    Measure.EMPTY: _empty,
    Measure.REPLY: _reply,
}


def _settled(desk: Desk, line: Line, since: datetime) -> Settled | None:
    rung = desk.ladder.rung(line.rung)
    return settled_by(desk, line.complaint_id, SETTLED_BY[rung.measure], since) if rung else None


SOURCE = Source("stage", reference, _waiting, _these, _said, _settled)
