"""Taking an import back, as long as nobody has worked on what it brought in.

The history can't be deleted, so taking back is an event of its own. From then on nothing that the import added counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import col

from storage import expected, outbox, timeline
from storage.errors import Refusal
from storage.models import (
    Complaint,
    ComplaintTeam,
    ComplaintTheme,
    Event,
    FreeText,
    ImportRun,
    NudgeRecord,
    OutboxRow,
    Snooze,
    Stage,
)
from storage.office import Desk
from storage.permissions import Operation
from storage.register import imports, ledger
from storage.register.ledger import File
from storage.vocabulary import EventKind

# So few that whoever presses meanwhile hardly waits.
BATCH = 100
# Nothing of them is looked at again in this session.
_AS_TOLD = {"synchronize_session": False}
# What happens to a complaint without anybody having worked on it.
_BY_ITSELF = {EventKind.REDATED, EventKind.CLEARED}


@dataclass(frozen=True, slots=True)
class Undone:
    """What was, or would be, taken back: whole `complaints`, and later `stages` of complaints that were there before.

    `left` are the references of those that stay as they are, since somebody has worked on them since.
    """

    complaints: int = 0
    stages: int = 0
    left: tuple[str, ...] = ()

    def __add__(self, other: "Undone") -> "Undone":
        return Undone(self.complaints + other.complaints, self.stages + other.stages, self.left + other.left)


@dataclass(frozen=True, slots=True)
class _Brought:
    """A complaint, locked, with what still counts of its history: `before` the import, and since."""

    complaint: Complaint
    before: list[Event]
    since: list[Event]

    @property
    def stages(self) -> set[int]:
        """The numbers of the stages that began since."""
        return {event.stage for event in self.since if event.kind.starts}


def look(desk: Desk, number: int) -> Undone:
    """What taking an import back would do; nothing is written. Raises Refusal when there is none of that number; NotAllowed."""
    _run(desk, number)
    found, after = Undone(), 0
    while ids := _next(desk, number, after, BATCH):
        found += _sum(_judged(desk, number, ids, lock=False))
        desk.session.expunge_all()
        after = ids[-1]
    return found


def take_back(desk: Desk, number: int, after: int = 0, *, most: int = BATCH) -> tuple[Undone, int | None]:
    """Takes back up to `most` complaints of an import, of those with ids over `after`; and where to go on, None at the end.

    Broken off and run again it goes on where it was. Raises Refusal when there is no import of that number; NotAllowed.
    """
    run = _run(desk, number)
    imports.one_at_a_time(desk)
    ids = _next(desk, number, after, most)
    if not ids:
        run.taken_back_at = desk.now
        return Undone(), None
    judged = list(_judged(desk, number, ids, lock=True))
    gone = [one for one in judged if isinstance(one, _Brought)]
    if gone:
        _take_back(desk, gone, number)
    _clear_away(desk, [one.complaint.id or 0 for one in gone if not one.before])
    return _sum(judged), ids[-1]


def _run(desk: Desk, number: int) -> ImportRun:
    desk.require(Operation.IMPORT)
    run = desk.session.get(ImportRun, number)
    if run is None:
        raise Refusal(f"There is no import {number}. complaints undo-import lists those there are.")
    return run


def _next(desk: Desk, number: int, after: int, most: int) -> list[int]:
    """Ids of complaints that have something of this import."""
    ids = (
        select(col(Stage.complaint_id))
        .where(col(Stage.import_id) == number, col(Stage.complaint_id) > after)
        .distinct()
        .order_by(col(Stage.complaint_id))
        .limit(most)
    )
    return list(desk.session.scalars(ids))


def _judged(desk: Desk, number: int, ids: Sequence[int], *, lock: bool) -> Iterator[_Brought | str]:
    """Each of these complaints that can be taken back, or else its reference."""
    query = select(Complaint).where(col(Complaint.id).in_(ids)).order_by(col(Complaint.id))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    complaints = desk.session.scalars(query).all()
    histories: dict[int, list[Event]] = {}
    for event in desk.session.scalars(select(Event).where(col(Event.complaint_id).in_(ids))):
        histories.setdefault(event.complaint_id, []).append(event)
    for complaint in complaints:
        history = timeline.standing(histories[complaint.id or 0])
        first = next(place for place, event in enumerate(history) if event.data.get("import") == number)
        one = _Brought(complaint, history[:first], history[first:])
        mine = (event.data.get("import") == number or event.kind in _BY_ITSELF for event in one.since)
        yield one if all(mine) else complaint.reference


def _sum(judged: Iterable[_Brought | str]) -> Undone:
    found = Undone()
    for one in judged:
        if isinstance(one, str):
            found += Undone(left=(one,))
        elif one.before:
            found += Undone(stages=len(one.stages))
        else:
            found += Undone(complaints=1)
    return found


def _take_back(desk: Desk, gone: Sequence[_Brought], number: int) -> None:
    """Appends to each history, and sets what is kept beside it; what they have in common is done for all at once."""
    ids = [one.complaint.id or 0 for one in gone]
    ledger.redraw_nudges(desk, col(NudgeRecord.complaint_id).in_(ids))
    stages: dict[int, list[Stage]] = {complaint_id: [] for complaint_id in ids}
    query = select(Stage).where(col(Stage.complaint_id).in_(ids)).order_by(col(Stage.number))
    for stage in desk.session.scalars(query.execution_options(populate_existing=True)):
        stages[stage.complaint_id].append(stage)
    silent: list[str] = []
    ended: list[int] = []
    for one in gone:
        mine = stages[one.complaint.id or 0]
        ended += [stage.id or 0 for stage in mine if stage.number in one.stages]
        file = File(one.complaint, mine[-1], desk.rules_of(one.complaint))
        said = {**imports.mark(number), "since": one.since[0].sequence}
        taken = ledger.append(desk, file, EventKind.TAKEN_BACK, on=desk.today, data=said, tell=False)
        kept = [stage for stage in mine if stage.number not in one.stages]
        if kept:
            _as_before(file, kept, timeline.standing([*one.before, *one.since, taken]), desk)
        else:
            _set(one.complaint, expected.taken_back(desk.today))
        if kept and kept[-1].is_open:
            ledger.redraw(desk, File(one.complaint, kept[-1], file.procedure))
        else:
            silent.append(ledger.card_key(file.id))
    desk.session.flush()
    _delete(desk, ended)
    outbox.silence(desk.session, silent, desk.now)
    outbox.redraw_sent(desk.session, select(col(OutboxRow.key)).where(col(OutboxRow.key).in_(silent)), now=desk.now)


def _as_before(file: File, kept: Sequence[Stage], history: list[Event], desk: Desk) -> None:
    """Sets a complaint and the stages it had by what is left of its history."""
    for stage in kept:
        _set(stage, expected.stage_columns(desk, file.procedure, stage.number, history))
    _set(file.complaint, expected.complaint_columns(history, list(kept)))


def _delete(desk: Desk, stage_ids: Sequence[int]) -> None:
    """The stages, and what was said of them: one that comes later may get the same id, and is nobody's reminder yet."""
    subjects = [f"stage:{stage_id}" for stage_id in stage_ids]
    for model in (NudgeRecord, Snooze):
        desk.session.execute(delete(model).where(col(model.subject).in_(subjects)), execution_options=_AS_TOLD)
    desk.session.execute(delete(Stage).where(col(Stage.id).in_(stage_ids)), execution_options=_AS_TOLD)


def _set(row: Complaint | Stage, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _clear_away(desk: Desk, ids: Sequence[int]) -> None:
    """What people wrote in the file, and what complaints that are gone were about."""
    desk.session.execute(
        update(FreeText).where(col(FreeText.complaint_id).in_(ids)).values(body=None, key=None),
        execution_options=_AS_TOLD,
    )
    for model in (ComplaintTeam, ComplaintTheme):
        desk.session.execute(delete(model).where(col(model.complaint_id).in_(ids)), execution_options=_AS_TOLD)
