"""Clearing what people wrote once its time is over, and the legal hold that keeps it.

DOMAIN.md, section 7: a setting in years from closure, beaten by a legal hold; texts and personal fields are cleared first, the
counts stay, and what was cleared is logged. The events stay whole: each carries a digest of its text, and the key goes with the
text. What an import knows its rows by stays too, or bringing the file in again would bring the texts back.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select, update

from storage import outbox
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.models import (
    Complaint,
    Compliment,
    CouncilChange,
    Enquiry,
    Event,
    FreeText,
    LearningAction,
    NudgeRecord,
    OutboxRow,
    Remedy,
    Stage,
)
from storage.office import Desk, Office
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import CouncilMatter, EventKind, MessageKind, OutboxState

BATCH = 200
_PERSONAL = ("customer_group", "contact_method", "correspondence_ref")
# Messages that may show what somebody wrote, or who complained and how; cards and the rest show references and dates only.
_SHOW = (MessageKind.THREAD, MessageKind.DECISION_WANTED, MessageKind.DECIDED)


@dataclass(frozen=True, slots=True)
class Due:
    """One complaint whose time is over. `texts` counts what people wrote about it."""

    reference: str
    closed_on: date
    texts: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """How much was cleared. `messages` are those in Slack that will be drawn again."""

    complaints: int = 0
    compliments: int = 0
    texts: int = 0
    messages: int = 0

    def __add__(self, other: "Cleared") -> "Cleared":
        return Cleared(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def place_hold(desk: Desk, reference: str, reason: str) -> File:
    """Keeps retention away from a complaint until the hold is lifted.

    Raises AlreadyDone; Refusal when it was cleared before; FieldProblems without a reason; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.ORGANISE)
    if file.complaint.held:
        raise AlreadyDone(f"{file.complaint.reference} is held already. There is nothing to do.")
    if file.complaint.cleared_on is not None:
        raise Refusal(
            f"{file.complaint.reference} was cleared on {in_words(file.complaint.cleared_on)}: there is nothing left to hold."
        )
    return _set_hold(desk, file, reason, held=True)


def lift_hold(desk: Desk, reference: str, reason: str) -> File:
    """Lets retention have the complaint again. Raises AlreadyDone; FieldProblems; NotAllowed; UnknownReference."""
    file = ledger.find(desk, reference, Operation.ORGANISE)
    if not file.complaint.held:
        raise AlreadyDone(f"{file.complaint.reference} is not held. There is nothing to do.")
    return _set_hold(desk, file, reason, held=False)


def _set_hold(desk: Desk, file: File, reason: str, *, held: bool) -> File:
    wrong = reason_problem(reason, "why it has to be kept" if held else "why it need not be kept any longer")
    if wrong:
        raise FieldProblems({"reason": wrong})
    file.complaint.held = held
    text = ledger.keep_text(desk, file, "hold", reason)
    kind = EventKind.HOLD_PLACED if held else EventKind.HOLD_LIFTED
    # No line in the thread: the hold is between the complaints manager and the register.
    ledger.append(desk, file, kind, on=desk.today, text=text, tell=False)
    if outbox.standing(desk.session, ledger.card_key(file.id)) is not None:
        ledger.redraw(desk, file)
    return file


def cutoff(desk: Desk) -> date:
    """What was closed before this day is due; on the day itself exactly the years of the setting have gone by."""
    return desk.today - relativedelta(years=desk.policy.retention_years)


def due(desk: Desk) -> list[Due]:
    """What `clear` would clear, the longest closed first. Reads only. Raises NotAllowed."""
    desk.require(Operation.ORGANISE)
    texts = (
        select(func.count())
        .select_from(FreeText)
        .where(col(FreeText.complaint_id) == col(Complaint.id), col(FreeText.body).is_not(None))
        .correlate(Complaint)
        .scalar_subquery()
    )
    rows = desk.session.exec(
        select(Complaint, texts).where(_is_due(desk)).order_by(col(Complaint.closed_on), col(Complaint.id))
    )
    return [Due(one.reference, one.closed_on, count) for one, count in rows if one.closed_on is not None]


def compliments_due(desk: Desk) -> int:
    """How many compliments `clear` would clear. Raises NotAllowed."""
    desk.require(Operation.ORGANISE)
    return desk.session.exec(select(func.count()).select_from(Compliment).where(_compliment_is_due(desk))).one()


def run(office: Office, now: datetime, *, progress: Callable[[Cleared], None] = lambda _sum: None) -> Cleared:
    """Clears everything that is due, a batch a transaction; interrupted, it goes on where it was when it is run again."""
    total = Cleared()
    while True:
        with office.change(None, now) as desk:
            cleared = clear(desk, messages_before=total.messages)
        if not cleared.complaints and not cleared.compliments:
            return total
        total += cleared
        progress(total)


def clear(desk: Desk, *, most: int = BATCH, messages_before: int = 0, by_itself: bool = False) -> Cleared:
    """Clears up to `most` complaints and `most` compliments that are due, and logs which. What somebody is at work on waits.

    `messages_before` were asked for by earlier batches and go first. Nothing can bring the texts back. Raises NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    complaints = _taken(desk, most)
    ids = [one.id for one in complaints if one.id is not None]
    texts = _emptied(desk, FreeText, ids, FreeText.body, {"body": None, "key": None})
    references = _emptied(desk, Remedy, ids, Remedy.evidence_ref, {"evidence_ref": None})
    stages = {stage.complaint_id: stage for stage in _stages(desk, ids)}
    for complaint in complaints:
        file = File(complaint, stages[complaint.id or 0], desk.rules_of(complaint))
        gone = [name for name in _PERSONAL if getattr(complaint, name) is not None]
        for name in gone:
            setattr(complaint, name, None)
        complaint.cleared_on = desk.today
        data = {"texts": texts[file.id], "fields": len(gone), "evidence": references[file.id]}
        ledger.append(desk, file, EventKind.CLEARED, on=desk.today, data=data, tell=False)
    desk.session.execute(update(Stage).where(col(Stage.complaint_id).in_(ids)).values(contact_method=None))
    messages = _redraw(desk, ids, messages_before)
    cleared = Cleared(len(complaints), _clear_compliments(desk, most), texts.total(), messages)
    if cleared.complaints or cleared.compliments:
        said = {
            "closed_before": cutoff(desk).isoformat(),
            "complaints": cleared.complaints,
            "compliments": cleared.compliments,
            "texts": cleared.texts,
            "references": [one.reference for one in complaints],
            "by_itself": by_itself,
        }
        desk.session.add(
            CouncilChange(matter=CouncilMatter.RETENTION, changed_at=desk.now, actor_id=desk.actor.person_id, data=said)
        )
    return cleared


def _is_due(desk: Desk) -> ColumnElement[bool]:
    """Closed long enough, not held, nothing open that outlives the closure, and something left to clear."""
    written = _exists(FreeText, col(FreeText.body).is_not(None))
    return and_(
        col(Complaint.closed_on) < cutoff(desk),
        col(Complaint.held).is_(False),
        or_(col(Complaint.cleared_on).is_(None), written),
        ~_exists(LearningAction, col(LearningAction.verified_on).is_(None)),
        ~_exists(Remedy, col(Remedy.done_on).is_(None)),
        ~_exists(Enquiry, col(Enquiry.answered_on).is_(None)),
    )


def _exists(
    model: type[FreeText | LearningAction | Remedy | Enquiry], condition: ColumnElement[bool]
) -> ColumnElement[bool]:
    return select(model.id).where(col(model.complaint_id) == col(Complaint.id), condition).correlate(Complaint).exists()


def _taken(desk: Desk, most: int) -> list[Complaint]:
    """Complaints that are due, locked, and still due once they are: whoever was before us may have changed that."""
    locked = desk.session.exec(
        select(Complaint)
        .where(_is_due(desk))
        .order_by(col(Complaint.id))
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    ids = [complaint.id for complaint in locked]
    still = select(Complaint).where(col(Complaint.id).in_(ids), _is_due(desk)).order_by(col(Complaint.id))
    return list(desk.session.exec(still.execution_options(populate_existing=True)).all()) if ids else []


def _emptied(
    desk: Desk, model: type[FreeText | Remedy], ids: list[int], held: str | None, values: dict[str, None]
) -> Counter[int]:
    """Sets columns of these complaints' rows to nothing; how many rows of each complaint had something."""
    emptied = desk.session.execute(
        update(model)
        .where(col(model.complaint_id).in_(ids), col(held).is_not(None))
        .values(**values)
        .returning(col(model.complaint_id))
        .execution_options(synchronize_session=False)
    )
    return Counter(emptied.scalars())


def _stages(desk: Desk, ids: list[int]) -> Iterable[Stage]:
    """Stages of these complaints, the current one of each last."""
    return desk.session.exec(select(Stage).where(col(Stage.complaint_id).in_(ids)).order_by(col(Stage.number))).all()


def _redraw(desk: Desk, ids: list[int], messages_before: int) -> int:
    """Cards, and messages that showed what is gone now, are drawn again where they stand; nothing new is posted."""
    desk.session.flush()
    showed = {
        (event.complaint_id, event.sequence)
        for event in desk.session.exec(select(Event).where(col(Event.complaint_id).in_(ids)))
        if event.kind.starts or any(name in event.data for name, _digest in ledger.TEXTS)
    }
    # Nudges say what will be done, and are about several complaints at once.
    nudges = select(NudgeRecord.outbox_key).where(
        col(NudgeRecord.complaint_id).in_(ids), col(NudgeRecord.subject).not_like("stage:%")
    )
    rows = desk.session.exec(
        select(OutboxRow)
        .where(
            or_(
                and_(
                    col(OutboxRow.complaint_id).in_(ids),
                    col(OutboxRow.kind).in_([MessageKind.CARD, *_SHOW]),
                ),
                col(OutboxRow.key).in_(nudges),
            ),
            or_(
                col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING]),
                and_(col(OutboxRow.state) == OutboxState.SENT, col(OutboxRow.ts).is_not(None)),
            ),
        )
        .order_by(col(OutboxRow.id))
    ).all()
    chosen = [
        row for row in rows if row.kind is not MessageKind.THREAD or (row.complaint_id, row.data["sequence"]) in showed
    ]
    # What has not been sent yet is only held fast until this is done, so that nobody sends meanwhile what is gone after it.
    waiting = [row.id or 0 for row in chosen if row.state is OutboxState.PENDING]
    standing = [row.id or 0 for row in chosen if row.state is not OutboxState.PENDING]
    outbox.redraw_slowly(desk.session, [*standing, *waiting], now=desk.now, turn=messages_before)
    return len(standing)


def _compliment_is_due(desk: Desk) -> ColumnElement[bool]:
    return and_(
        col(Compliment.received_on) < cutoff(desk),
        or_(col(Compliment.body).is_not(None), col(Compliment.customer_group).is_not(None)),
    )


def _clear_compliments(desk: Desk, most: int) -> int:
    ids = desk.session.exec(
        select(Compliment.id)
        .where(_compliment_is_due(desk))
        .order_by(col(Compliment.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    desk.session.execute(
        update(Compliment)
        .where(col(Compliment.id).in_(ids))
        .values(body=None, customer_group=None)
        .execution_options(synchronize_session=False)
    )
    return len(ids)
