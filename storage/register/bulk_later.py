"""Bringing in many later stages at once: an import's door to the complaints that went on to them.

What is stored is what the other doors would have stored, one complaint after the other: there are few of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from storage import availability, outbox, timeline
from storage.models import Complaint, Event, NudgeRecord, OutboxRow, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.register import bulk, course, escalation, imports, ledger
from storage.register.later import CheckedStage, LaterStage, Standing
from storage.register.ledger import File
from storage.register.past import UNNUMBERED
from storage.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Found:
    """A complaint of the register with how it stands."""

    file: File
    standing: Standing

    @property
    def has_own_number(self) -> bool:
        """Whether it was brought in with the council's own number."""
        key = self.file.complaint.imported_key
        return key is not None and not key.startswith(UNNUMBERED)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Complaints by what they may be called: the council's own number, and the register's reference."""

    by_number: Mapping[str, Found]
    by_reference: Mapping[str, Found]


def newest(desk: Desk) -> int:
    """The id of the complaint that came into the register last; 0 for none."""
    return desk.session.scalar(select(func.max(col(Complaint.id)))) or 0


def find(desk: Desk, names: Collection[str], *, upto: int | None = None, lock: bool = False) -> Candidates:
    """The complaints that go by one of these names, in upper case. By the register's reference only those up to the id `upto`.

    `lock`: nobody else changes them until this transaction ends.
    """
    query = (
        select(Complaint)
        .where(
            or_(col(Complaint.imported_key).in_(names), col(Complaint.reference).in_(names)),
            col(Complaint.taken_back_on).is_(None),
        )
        .order_by(col(Complaint.id))
    )
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    complaints = desk.session.scalars(query).all() if names else []
    found = _found(desk, complaints)
    return Candidates(
        {one.file.complaint.imported_key: one for one in found if one.file.complaint.imported_key is not None},
        {one.file.complaint.reference: one for one in found if upto is None or one.file.id <= upto},
    )


def _found(desk: Desk, complaints: Sequence[Complaint]) -> list[Found]:
    if not complaints:
        return []
    ids = [complaint.id for complaint in complaints]
    stages = desk.session.scalars(
        select(Stage)
        .where(col(Stage.complaint_id).in_(ids))
        .order_by(col(Stage.number))
        .execution_options(populate_existing=True)
    )
    last = {stage.complaint_id: stage for stage in stages}
    requests = select(Event).where(
        col(Event.complaint_id).in_(ids), col(Event.kind).in_([EventKind.STAGE_REQUESTED, EventKind.TAKEN_BACK])
    )
    contents: dict[int, dict[int, str]] = {}
    for (complaint_id, number), events in timeline.by_stage(desk.session.scalars(requests)).items():
        contents.setdefault(complaint_id, {})[number] = events[0].data.get("content", "")
    return [
        _standing(desk, complaint, last[complaint.id or 0], contents.get(complaint.id or 0, {}))
        for complaint in complaints
    ]


def _standing(desk: Desk, complaint: Complaint, stage: Stage, contents: Mapping[int, str]) -> Found:
    procedure = desk.rules_of(complaint)
    standing = Standing(
        procedure=procedure,
        lead_team_id=complaint.lead_team_id,
        number=stage.number,
        started_on=stage.started_on,
        opened_on=stage.opened_on,
        due_on=stage.due_on,
        ended_on=stage.ended_on,
        is_open=stage.is_open,
        outcome=stage.outcome,
        contents=contents,
    )
    return Found(File(complaint, stage, procedure), standing)


def bring_in(desk: Desk, stages: Sequence[tuple[File, CheckedStage]], run: int) -> None:
    """Adds these stages of this import to their complaints, which are locked and each have one of them. Raises NotAllowed.

    Complaints that are open then ask for their card, so that they can be claimed; closed ones say nothing to anybody, and a card
    of theirs that stands in Slack is drawn again.
    """
    desk.require(Operation.IMPORT)
    still_open = [file for file, one in stages if one.stage.ended_on is None]
    owners = [owner for file in still_open if (owner := file.complaint.owner_id) is not None]
    writer = _Writer(
        desk,
        gone=availability.gone(desk.session, desk.today, owners),
        followers=bulk.followers(desk) if still_open else [],
        run=run,
    )
    for file, one in stages:
        writer.add(file, one)
    desk.session.flush()
    for file in still_open:
        ledger.redraw(desk, file)
    closed = [ledger.card_key(file.id) for file, one in stages if one.stage.ended_on is not None]
    outbox.silence(desk.session, closed, desk.now)
    outbox.redraw_sent(desk.session, select(col(OutboxRow.key)).where(col(OutboxRow.key).in_(closed)), now=desk.now)
    overtaken = [file.id for file, one in stages if one.overtakes]
    if overtaken:
        ledger.redraw_nudges(desk, col(NudgeRecord.complaint_id).in_(overtaken))


class _Writer:
    """Adds one stage after the other. `gone` can't own anything any more; `followers` take turns with what is open."""

    def __init__(self, desk: Desk, *, gone: Collection[int], followers: list[int], run: int) -> None:
        self._desk = desk
        self._run = run
        self._gone = gone
        self._followers = followers

    def add(self, file: File, one: CheckedStage) -> None:
        desk, complaint, stage = self._desk, file.complaint, one.stage
        if one.overtakes:
            escalation.overtake(desk, file, stage.received_on, also=imports.mark(self._run), tell=False)
        happened = [
            (EventKind.STAGE_REQUESTED, stage.received_on, self._requested(complaint, one)),
            *self._given(complaint, stage),
            *([(EventKind.STAGE_OPENED, one.opened_on, {})] if one.opened_on else []),
            *course.history(stage, one.clock),
        ]
        happened.sort(key=lambda event: event[1])
        complaint.closed_on = stage.ended_on
        begun = File(complaint, self._stage(file, one), file.procedure)
        desk.session.add(begun.stage)
        for kind, on, data in happened:
            ledger.append(desk, begun, kind, on=on, data={**data, **imports.mark(self._run)}, tell=False)

    def _requested(self, complaint: Complaint, one: CheckedStage) -> dict[str, Any]:
        """What the request says: with the team it went to where that is another, and who follows it if nobody did."""
        data: dict[str, Any] = {
            "recorded_after": course.recorded_after(self._desk, one.stage),
            "content": one.stage.content,
        }
        if one.lead_team_id != complaint.lead_team_id:
            complaint.lead_team_id = data["team"] = one.lead_team_id
        if one.stage.ended_on is None and complaint.handler_id is None and self._followers:
            complaint.handler_id = data["handler"] = self._followers[0]
            self._followers.append(self._followers.pop(0))
        return data

    def _given(self, complaint: Complaint, stage: LaterStage) -> list[tuple[EventKind, date, dict[str, Any]]]:
        """To whom the complaint went with the stage; to the team again when it is open and its owner can't see to it."""
        before = complaint.owner_id
        given: dict[str, Any]
        if stage.owner_id is not None and stage.owner_id != before:
            given, on = {"owner": stage.owner_id, "from": before, "how": "imported"}, stage.received_on
        elif stage.owner_id is None and stage.ended_on is None and before in self._gone:
            given, on = {"owner": None, "from": before, "how": "released"}, self._desk.today
        else:
            return []
        complaint.owner_id, complaint.owned_at = given["owner"], self._desk.now
        return [(EventKind.ALLOCATED, on, given)]

    def _stage(self, file: File, one: CheckedStage) -> Stage:
        stage, complaint = one.stage, file.complaint
        return Stage(
            complaint_id=file.id,
            number=stage.number,
            procedure=complaint.procedure,
            lead_team_id=complaint.lead_team_id,
            owner_id=complaint.owner_id,
            recorded_after=course.recorded_after(self._desk, stage),
            opened_on=one.opened_on,
            # Retention has been here, and doesn't come again for this alone.
            contact_method=stage.contact_method if complaint.cleared_on is None else None,
            acknowledged_on=stage.acknowledged_on,
            outcome=stage.outcome.key if stage.outcome else None,
            finding=stage.outcome.finding if stage.outcome else None,
            import_id=self._run,
            **ledger.columns(one.clock),
        )
