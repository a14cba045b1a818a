"""The reading side of what is asked for and decided: extensions and pauses, on a complaint and waiting for somebody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from storage import people, timeline
from storage.dates import in_words
from storage.models import IS_OPEN, Complaint, CouncilChange, Event, FreeText, Request, Stage
from storage.office import Desk
from storage.people import Who
from storage.permissions import Operation, may
from storage.policy import MOVED_BY
from storage.register import ledger
from storage.vocabulary import Asked, CouncilMatter, EventKind


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request. `until` is the new due date, or the day the clock runs again; `reason` is None once cleared.

    `decide_by` is the last day on which it can still be approved, set while it waits; `too_late` says that it has passed.
    """

    id: int
    reference: str
    complaint_id: int
    team: str
    stage: int
    kind: Asked
    pause: str | None
    starts_on: date | None
    until: date
    due_on: date
    reason: str | None
    asked_by: Who | None
    asked_on: date
    decided_by: Who | None
    decided_on: date | None
    granted: bool | None
    told_on: date | None
    tells: tuple[str, ...]
    decide_by: date | None = None
    too_late: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.decided_on is None

    @property
    def is_untold(self) -> bool:
        """Agreed, and the complainant has not been told yet."""
        return bool(self.granted) and self.told_on is None


def of_stage(desk: Desk, stage_id: int) -> list[RequestFacts]:
    """Everything that was asked for in one stage, in the order it was asked."""
    # By the complaint, which has an index.
    return _facts(desk, [col(Stage.id) == stage_id, col(Request.complaint_id) == col(Stage.complaint_id)])


def one(desk: Desk, request_id: int) -> RequestFacts | None:
    """One request by its id; for the app itself, which has checked who may know."""
    return next(iter(_facts(desk, [col(Request.id) == request_id])), None)


def waiting(desk: Desk) -> list[RequestFacts]:
    """What this person may decide and did not ask for themselves, the longest waiting first."""
    found = _facts(desk, [col(Request.decided_on).is_(None), IS_OPEN])
    return [one for one in found if _may_decide(desk, one)]


def why(desk: Desk, asked: RequestFacts) -> str | None:
    """What whoever decided wrote about it; None when nothing was, or once it was cleared."""
    events = desk.session.exec(
        select(Event)
        .where(
            Event.complaint_id == asked.complaint_id,
            col(Event.kind).in_([EventKind.EXTENSION_REFUSED, EventKind.PAUSE_REFUSED]),
        )
        .order_by(col(Event.sequence))
    ).all()
    text_id = next((event.data.get("text") for event in events if event.data.get("request") == asked.id), None)
    return desk.session.scalar(select(FreeText.body).where(FreeText.id == text_id)) if text_id else None


def council_change(desk: Desk, change_id: int) -> str:
    """Why due dates moved, in a few words."""
    change = desk.session.get(CouncilChange, change_id)
    if change is None:
        return "The way of counting changed"
    if change.matter is CouncilMatter.CALENDAR:
        days = [f"{in_words(date.fromisoformat(day))} is a bank holiday now" for day in change.data["added"]]
        days += [f"{in_words(date.fromisoformat(day))} is a working day now" for day in change.data["removed"]]
        return "; ".join(days)
    return f"The council changed {MOVED_BY.get(str(change.data.get('setting')), 'a setting')}"


def moved_from(desk: Desk, change_id: int, complaint_ids: Collection[int]) -> dict[int, date]:
    """The due date that each of these complaints had before a change of the council's moved it."""
    moved = select(Event).where(col(Event.complaint_id).in_(complaint_ids), col(Event.kind) == EventKind.REDATED)
    return {
        event.complaint_id: date.fromisoformat(event.data["old"])
        for event in desk.session.exec(moved)
        if event.data.get("change") == change_id
    }


def _may_decide(desk: Desk, asked: RequestFacts) -> bool:
    team_id = next((team.id for team in desk.teams if team.name == asked.team), None)
    line = desk.teams.line(team_id) if team_id is not None else ()
    mine = asked.asked_by is not None and asked.asked_by.id == desk.actor.person_id
    return not mine and may(desk.actor, Operation.APPROVE, team_line=line)


def _facts(desk: Desk, conditions: Sequence[Any]) -> list[RequestFacts]:
    # Put in order here: asked to, SQLite walks through all requests in that order.
    found = desk.session.exec(
        select(Request, Stage, Complaint, FreeText.body)
        .join(Stage, col(Stage.id) == col(Request.stage_id))
        .join(Complaint, col(Complaint.id) == col(Request.complaint_id))
        .join(FreeText, col(FreeText.id) == col(Request.text_id))
        .where(*conditions)
    )
    rows = sorted(found, key=lambda row: row[0].id or 0)
    who = people.everyone(desk.session, [one for row in rows for one in (row[0].asked_by_id, row[0].decided_by_id)])
    last = _deadlines(desk, [(row[0], row[1], row[2]) for row in rows])
    return [_one(desk, *row, who=who, decide_by=last.get(row[0].id or 0)) for row in rows]


def _deadlines(desk: Desk, rows: Sequence[tuple[Request, Stage, Complaint]]) -> Mapping[int, date]:
    """The last day for approving what waits, by request: before the due date has passed, whatever extended it since.

    An earlier extension moves no deadline (FIGURES.md), so it takes the stage's own clock to tell; one query for all of them.
    """
    waiting = [row for row in rows if row[0].decided_on is None]
    found = {request.id or 0: stage.due_on for request, stage, _complaint in waiting}
    extensions = [row for row in waiting if row[0].kind is Asked.EXTENSION]
    if not extensions:
        return found
    of_these = col(Event.complaint_id).in_({request.complaint_id for request, _stage, _complaint in extensions})
    events = timeline.by_stage(desk.session.exec(select(Event).where(of_these)))
    for request, stage, complaint in extensions:
        happened = timeline.happenings(events[request.complaint_id, stage.number])
        clock = ledger.replayed(desk, desk.rules_of(complaint), stage.number, happened)
        found[request.id or 0] = clock.unextended_due_on
    return found


def _one(
    desk: Desk,
    request: Request,
    stage: Stage,
    complaint: Complaint,
    reason: str | None,
    *,
    who: dict[int, Who],
    decide_by: date | None,
) -> RequestFacts:
    rules = desk.rules_of(complaint).stage(stage.number)
    return RequestFacts(
        id=request.id or 0,
        reference=complaint.reference,
        complaint_id=request.complaint_id,
        team=desk.teams[complaint.lead_team_id].name,
        stage=stage.number,
        kind=request.kind,
        pause=next((pause.title for pause in rules.pauses if pause.kind == request.pause), request.pause),
        starts_on=request.starts_on,
        until=request.until,
        due_on=stage.due_on,
        reason=reason,
        asked_by=who.get(request.asked_by_id or 0),
        asked_on=request.asked_on,
        decided_by=who.get(request.decided_by_id or 0),
        decided_on=request.decided_on,
        granted=request.granted,
        told_on=request.told_on,
        tells=rules.extension_tells if request.kind is Asked.EXTENSION else ("the reason", "until when"),
        decide_by=decide_by,
        too_late=decide_by is not None and desk.today > decide_by,
    )
