"""Recomputes everything from the events and says what differs: the chain, the texts, the columns beside them. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from storage import chain, expected, expected_rows, sealing, timeline
from storage.backup.aftermath import numbers_lost
from storage.expected_rows import Row
from storage.models import (
    Complaint,
    Enquiry,
    Event,
    FreeText,
    Issue,
    IssueFinding,
    LearningAction,
    LearningNote,
    ReferenceCounter,
    Remedy,
    Request,
    Stage,
    StageAppointment,
)
from storage.office import Desk
from storage.register import ledger
from storage.sealing import Seal
from storage.vocabulary import EventKind

_BATCH = 500
# What leaves a history without its texts.
_EMPTIES = {EventKind.CLEARED, EventKind.TAKEN_BACK}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the history says it is."""

    reference: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was looked at, and what was found. `seal` stands for every event there is: note it, and compare it later."""

    complaints: int
    events: int
    seal: Seal
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """All that is stored of one complaint that its history can be held against."""

    complaint: Complaint
    history: list[Event]
    stages: list[Stage]
    texts: list[FreeText]
    rows: list[Row]


def check(desk: Desk, progress: Callable[[int], None] = lambda _done: None, *, upto: int | None = None) -> Checked:
    """Looks at every complaint, a few hundred at a time. `progress` hears how many are done.

    The seal goes up to the event `upto`, from `sealing.settled`; without it, up to the last one that is there.
    """
    last = upto if upto is not None else desk.session.scalar(select(func.max(col(Event.id)))) or 0
    found: list[Difference] = []
    complaints = events = 0
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    for batch in _batches(desk):
        for complaint in batch:
            _prefix, year, number = complaint.reference.rsplit("-", 2)
            numbers[int(year)].add(int(number))
        for file in _files(desk, batch, found):
            found += [Difference(file.complaint.reference, what) for what in _differences(desk, file)]
            events += len(file.history)
        complaints += len(batch)
        progress(complaints)
        desk.session.expunge_all()
    found += _missing(desk, numbers)
    return Checked(complaints, events, sealing.seal(desk, last), tuple(found))


def count(desk: Desk) -> int:
    """How many complaints `check` will look at."""
    return desk.session.scalar(select(func.count()).select_from(Complaint)) or 0


def _batches(desk: Desk) -> Iterator[list[Complaint]]:
    after = 0
    while True:
        found = desk.session.exec(
            select(Complaint).where(col(Complaint.id) > after).order_by(col(Complaint.id)).limit(_BATCH)
        ).all()
        if not found:
            return
        yield list(found)
        after = found[-1].id or 0


def _files(desk: Desk, batch: list[Complaint], found: list[Difference]) -> Iterator[_File]:
    """Each complaint with its rows. One whose rows hold what the register never writes is noted in `found` and left out."""
    try:
        yield from _read(desk, batch)
    except (LookupError, TypeError, ValueError):
        if len(batch) == 1:
            found.append(
                Difference(batch[0].reference, "something of it can't be read: the register never writes such a row")
            )
            return
        for complaint in batch:
            yield from _files(desk, [complaint], found)


def _read(desk: Desk, batch: list[Complaint]) -> list[_File]:
    ids = [complaint.id or 0 for complaint in batch]
    histories = _by_complaint(desk, Event, ids, col(Event.sequence))
    stages = _by_complaint(desk, Stage, ids, col(Stage.number))
    texts = _by_complaint(desk, FreeText, ids, col(FreeText.id))
    rows = _rows(desk, ids)
    return [
        _File(complaint, histories.get(key, []), stages.get(key, []), texts.get(key, []), rows[key])
        for key, complaint in zip(ids, batch, strict=True)
    ]


def _rows(desk: Desk, ids: list[int]) -> defaultdict[int, list[Row]]:
    """What else hangs on these complaints: one query a table, however many there are."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for model in (Request, Issue, LearningAction, LearningNote, Enquiry, Remedy):
        for key, rows in _by_complaint(desk, model, ids, col(model.id)).items():
            found[key] += rows
    appointments = (
        select(Stage.complaint_id, StageAppointment)
        .join(Stage, col(Stage.id) == col(StageAppointment.stage_id))
        .where(col(Stage.complaint_id).in_(ids))
        .order_by(col(StageAppointment.id))
    )
    for key, appointment in desk.session.exec(appointments):
        found[key].append(appointment)
    findings = (
        select(Issue.complaint_id, IssueFinding)
        .join(Issue, col(Issue.id) == col(IssueFinding.issue_id))
        .where(col(Issue.complaint_id).in_(ids))
        .order_by(col(IssueFinding.issue_id), col(IssueFinding.stage))
    )
    for key, finding in desk.session.exec(findings):
        found[key].append(finding)
    return found


def _by_complaint(desk: Desk, model: Any, ids: list[int], order: Any) -> dict[int, list[Any]]:
    rows = desk.session.exec(
        select(model).where(col(model.complaint_id).in_(ids)).order_by(col(model.complaint_id), order)
    ).all()
    return {key: list(found) for key, found in groupby(rows, key=lambda row: row.complaint_id)}


def _differences(desk: Desk, file: _File) -> Iterator[str]:
    broken = list(_chain(file.complaint, file.history))
    yield from broken
    yield from _texts(file.history, file.texts)
    if broken:
        # What follows from a history that is not the one that was recorded says nothing about the columns.
        return
    yield from expected_rows.differences(timeline.standing(file.history), file.stages, file.texts, file.rows)
    try:
        yield from expected.differences(desk, file.complaint, file.history, file.stages)
    except KeyError:
        yield f"its procedure, {file.complaint.procedure} version {file.complaint.procedure_version}, is not in the register"


def _chain(complaint: Complaint, history: list[Event]) -> Iterator[str]:
    if not history:
        yield "it has no history"
    head = ""
    for position, event in enumerate(history, start=1):
        if event.sequence != position:
            yield f"event {position} is missing"
            return
        if ledger.link(head, complaint.reference, event) != event.hash:
            yield f"event {position} ({event.kind.value}) is not as it was recorded"
            return
        head = event.hash
    if (complaint.changes, complaint.head) != (len(history), head):
        yield f"the complaint counts {complaint.changes} events, the history has {len(history)}"


def _texts(history: list[Event], texts: list[FreeText]) -> Iterator[str]:
    known = {text.id: text for text in texts}
    carried = [(event, *names) for event in history for names in ledger.TEXTS if names[1] in event.data]
    for event, named, digest in carried:
        text = known.get(event.data.get(named))
        if text is None:
            yield f"the text of event {event.sequence} is gone, and retention did not clear it"
        elif text.body is None or text.key is None:
            if not any(later.kind in _EMPTIES and later.sequence > event.sequence for later in history):
                yield f"the text of event {event.sequence} is empty, and retention did not clear it"
        elif chain.digest(text.key, text.body) != event.data[digest]:
            yield f"the text of event {event.sequence} is not the one that was written"


def _missing(desk: Desk, numbers: dict[int, set[int]]) -> Iterator[Difference]:
    """References are given without gaps, so that a complaint that was taken away whole leaves one.

    What was lost between a backup and its restoring is in the council's history.
    """
    lost = numbers_lost(desk.session)
    for counter in desk.session.exec(select(ReferenceCounter).order_by(col(ReferenceCounter.year))).all():
        for number in range(1, counter.last + 1):
            if number not in numbers[counter.year] and (counter.year, number) not in lost:
                reference = f"{desk.policy.reference_prefix}-{counter.year}-{number:04d}"
                yield Difference(reference, "a complaint of this number was recorded, and is not there")
