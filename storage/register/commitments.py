"""Commitments: what was promised to a committee or somebody else, and wider actions that hang on a theme.

Done is what its owner says; it is over when somebody else, of the complaints team, has seen that it was done. Nothing here is
about a complaint or anybody in one: every text is screened, and nothing is cleared. Each change is an event that never changes.
"""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage import outbox
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal
from storage.models import Commitment, CommitmentEvent, NudgeRecord, Person, Theme
from storage.office import Desk
from storage.permissions import Operation
from storage.promising import Promised
from storage.register import ledger
from storage.register import promising_rules as rules
from storage.register.record import correspondence_problem
from storage.register.writing import reason_problem
from storage.vocabulary import CommitmentKind, MessageKind

ACTION_LENGTH = 900


class NewCommitment(BaseModel):
    """What was promised, to whom and by when. `team_id` is the area it is for, None for all of them.

    `owner_id` None is whoever records it. With `theme_id` it is a wider action, whose origin is the theme.
    """

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    body: str
    due_on: date
    origin: str = ""
    owner_id: int | None = None
    team_id: int | None = None
    theme_id: int | None = None


def make(desk: Desk, new: NewCommitment) -> Commitment:
    """Records a commitment, made today; an owner who did not record it is told.

    Raises FieldProblems; AlreadyDone for one that is open with the same words, owner, area and date; NotAllowed.
    """
    desk.require(Operation.PROMISE)
    theme = _theme(desk, new)
    origin = f"Learning: {theme.name}" if theme else new.origin
    owner_id = new.owner_id if new.owner_id is not None else desk.actor.person_id or 0
    # Two presses at once wait for each other here, so that the second finds what the first recorded.
    desk.session.get(Person, owner_id, with_for_update={"key_share": True})
    words = rules.wording_problems(new.body, origin)
    _refuse(
        body=words.get("body"),
        # The origin of a wider action is the council's own word for a theme, which nobody typed here.
        origin=words.get("origin") if theme is None else None,
        due_on=rules.due_problem(desk, new.due_on),
        owner_id=rules.owner_problem(desk, owner_id, new.due_on),
        team_id=rules.area_problem(desk, new.team_id),
    )
    _must_be_new(desk, new, origin, owner_id)
    made = Commitment(
        origin=origin,
        theme_id=new.theme_id,
        team_id=new.team_id,
        made_on=desk.today,
        recorded_at=desk.now,
        body=new.body,
        owner_id=owner_id,
        due_on=new.due_on,
    )
    desk.session.add(made)
    desk.session.flush()
    data = {"owner": made.owner_id, "due": made.due_on.isoformat(), "team": made.team_id, "theme": made.theme_id}
    _append(desk, made, CommitmentKind.MADE, {key: value for key, value in data.items() if value is not None})
    _tell_owner(desk, made)
    return made


def make_as_typed(desk: Desk, promised: Promised) -> Commitment:
    """The same from a sentence. Its area is the one its owner manages, so that there is a senior manager to go to.

    Raises as `make` does; Refusal when the owner named is not in the register.
    """
    desk.require(Operation.PROMISE)
    owner_id = desk.actor.person_id
    if promised.owner is not None:
        owner_id = desk.session.exec(select(Person.id).where(Person.slack_id == promised.owner)).one_or_none()
        if owner_id is None:
            raise Refusal("The owner you named is not in the complaints register. Name somebody who is.")
    return make(
        desk,
        NewCommitment(
            body=promised.body,
            origin=promised.origin,
            due_on=promised.due_on,
            owner_id=owner_id,
            team_id=rules.only_area(desk, owner_id or 0),
        ),
    )


def done(desk: Desk, commitment_id: int, action_taken: str, evidence_ref: str = "") -> Commitment:
    """Records what its owner, or whoever stands in, says was done about it. `evidence_ref` is the council's own reference.

    Raises AlreadyDone; FieldProblems; UnknownReference for anybody else.
    """
    commitment = rules.finishable(desk, commitment_id, lock=True)
    action, evidence = action_taken.strip(), evidence_ref.strip()
    _refuse(
        action_taken=reason_problem(action, "what was done", longest=ACTION_LENGTH),
        evidence_ref=correspondence_problem(evidence),
    )
    commitment.done_on, commitment.action_taken = desk.today, action
    commitment.evidence_ref = evidence or None
    _append(desk, commitment, CommitmentKind.DONE, note=f"{action}\nEvidence: {evidence}" if evidence else action)
    return commitment


def verify(desk: Desk, commitment_id: int) -> Commitment:
    """Records that somebody else of the complaints team has seen that it was done, which ends it.

    Raises AlreadyDone; Refusal before its owner said so, and for its owner; NotAllowed; UnknownReference.
    """
    commitment = rules.verifiable(desk, commitment_id, lock=True)
    commitment.ended_on, commitment.verified_by_id = desk.today, desk.actor.person_id
    _append(desk, commitment, CommitmentKind.VERIFIED)
    return commitment


def send_back(desk: Desk, commitment_id: int, reason: str) -> Commitment:
    """Gives it back to its owner, who is nudged for it anew, saying what is missing. Raises as `verify`, and FieldProblems."""
    commitment = rules.verifiable(desk, commitment_id, lock=True)
    _refuse(reason=reason_problem(reason, "what is still missing"))
    commitment.done_on = None
    _append(desk, commitment, CommitmentKind.SENT_BACK, note=reason.strip())
    return commitment


def redate(desk: Desk, commitment_id: int, due_on: date, reason: str) -> Commitment:
    """Moves the date by which it is due: by the complaints team, or a senior manager for their own service.

    Raises AlreadyDone when it was marked as done or is over; FieldProblems; NotAllowed; UnknownReference.
    """
    commitment = rules.redatable(desk, commitment_id, lock=True)
    before = commitment.due_on
    if due_on == before:
        reference = rules.reference_of(commitment_id)
        said = f"{reference} is due on {in_words(before)} already. Choose another day, or close the form."
        raise AlreadyDone(said, field="due_on")
    _refuse(due_on=rules.due_problem(desk, due_on), reason=reason_problem(reason, "why it changes"))
    commitment.due_on = due_on
    data = {"old": before.isoformat(), "new": due_on.isoformat()}
    _append(desk, commitment, CommitmentKind.REDATED, data, note=reason.strip())
    return commitment


def withdraw(desk: Desk, commitment_id: int, reason: str) -> Commitment:
    """Ends a commitment that need not be kept any more, with the reason. By the complaints team.

    Raises AlreadyDone; FieldProblems; NotAllowed; UnknownReference.
    """
    commitment = rules.withdrawable(desk, commitment_id, lock=True)
    _refuse(reason=reason_problem(reason, "why it is withdrawn"))
    commitment.ended_on, commitment.withdrawn = desk.today, True
    _append(desk, commitment, CommitmentKind.WITHDRAWN, note=reason.strip())
    return commitment


def _theme(desk: Desk, new: NewCommitment) -> Theme | None:
    if new.theme_id is None:
        return None
    rules.must_widen(desk)
    theme = desk.session.get(Theme, new.theme_id)
    if theme is None or (theme.retired_on is not None and theme.retired_on <= desk.today):
        raise FieldProblems({"theme_id": "Choose one of the themes in the list."})
    return theme


def _must_be_new(desk: Desk, new: NewCommitment, origin: str, owner_id: int) -> None:
    same = desk.session.exec(
        select(Commitment.id).where(
            Commitment.body == new.body,
            Commitment.origin == origin,
            Commitment.owner_id == owner_id,
            Commitment.due_on == new.due_on,
            col(Commitment.team_id).is_not_distinct_from(new.team_id),
            col(Commitment.ended_on).is_(None),
        )
    ).first()
    if same is not None:
        raise AlreadyDone(
            f"This is recorded already as {rules.reference_of(same)}, due on {in_words(new.due_on)}. There is nothing to do."
        )


def _tell_owner(desk: Desk, made: Commitment) -> None:
    by = desk.actor.person_id
    if by == made.owner_id:
        return
    outbox.put(
        desk.session,
        key=f"{MessageKind.HANDED_OVER.value}:commitment:{made.id}",
        kind=MessageKind.HANDED_OVER,
        now=desk.now,
        person_id=made.owner_id,
        data={"items": [f"commitment:{made.id}"], "from": by, "to": made.owner_id, "by": by},
    )


def _append(
    desk: Desk,
    commitment: Commitment,
    kind: CommitmentKind,
    data: dict[str, Any] | None = None,
    *,
    note: str | None = None,
) -> None:
    """Adds to its history, and has nudges about it drawn again."""
    desk.session.add(
        CommitmentEvent(
            commitment_id=commitment.id or 0,
            kind=kind,
            happened_on=desk.today,
            recorded_at=desk.now,
            actor_id=desk.actor.person_id,
            data=data or {},
            note=note,
        )
    )
    ledger.redraw_nudges(desk, col(NudgeRecord.subject) == f"commitment:{commitment.id}")


def _refuse(**found: str | None) -> None:
    """Raises FieldProblems when any field has one."""
    problems = {field: wrong for field, wrong in found.items() if wrong}
    if problems:
        raise FieldProblems(problems)
