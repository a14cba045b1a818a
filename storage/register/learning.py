"""Learning actions: promised because fault was found, done by their owner, verified by somebody else.

They outlive their complaint. Done is what its owner says; over is what somebody of the complaints team has seen to.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage import availability
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, Refusal, UnknownReference
from storage.models import Complaint, Event, FreeText, LearningAction, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger
from storage.register.ledger import File
from storage.register.writing import REASON_LENGTH, reason_problem
from storage.vocabulary import EventKind, Finding, OmbudsmanDecision

ACTION_LENGTH = 500
EVIDENCE_LENGTH = REASON_LENGTH
FAULT = tuple(finding for finding in Finding if finding.found_fault)
# One answer for both, or guessing numbers would tell how many there are.
_NO_ACTION = (
    "There is no such action that you own. Your Home tab shows yours; the complaints team can mark others as done."
)


class NewAction(BaseModel):
    """What will be done so that it doesn't happen again, by whom and by when."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    action: str = ""
    action_owner_id: int | None = None
    action_due_on: date | None = None


class Lesson(NewAction):
    """What follows from a finding of fault: an action, or the reason why none is needed. Exactly one of the two."""

    no_action_reason: str = ""


def add_action(desk: Desk, reference: str, new: NewAction) -> LearningAction:
    """Adds one more action to a complaint at which fault was found, also when it is closed.

    By whoever may work on it. Raises FieldProblems; Refusal where no fault was found; AlreadyDone for the same action again;
    NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.WORK)
    if not found_fault(desk, file.id):
        raise Refusal(
            f"No fault was found on {file.complaint.reference}, and a learning action goes with a finding of fault. Correct the "
            "outcome first if it is wrong: the complaints team can."
        )
    problems = action_problems(desk, new, desk.today, "today")
    if problems:
        raise FieldProblems(problems)
    _not_twice(desk, file, new)
    return _added(desk, file, new, on=desk.today)


def lesson_problems(desk: Desk, lesson: Lesson, answered_on: date) -> dict[str, str]:
    """What is wrong with what follows from a finding of fault, by field; `answered_on` is the day the response went out."""
    if not lesson.no_action_reason:
        return action_problems(desk, lesson, answered_on, "on the day of the response")
    wrong = (
        "Give an action, or a reason why none is needed. Clear one of the two."
        if lesson.action
        else reason_problem(lesson.no_action_reason, "why no action is needed")
    )
    return {"no_action_reason": wrong} if wrong else {}


def action_problems(desk: Desk, new: NewAction, earliest: date, when: str) -> dict[str, str]:
    """What is wrong with an action, by field. It is due on `earliest` or later; `when` says that day in words."""
    problems: dict[str, str] = {}
    wrong = (
        reason_problem(new.action, "what will be done", longest=ACTION_LENGTH)
        if new.action
        else "Fault was found: say what will be done so that it doesn't happen again, or why nothing is needed."
    )
    if wrong:
        problems["action"] = wrong
    wrong = (
        availability.why_not(desk.session, new.action_owner_id, desk.today, new.action_due_on)
        if new.action_owner_id is not None
        else "Choose who will see to it: somebody who is at work now."
    )
    if wrong:
        problems["action_owner_id"] = wrong
    if new.action_due_on is None:
        problems["action_due_on"] = "Choose the day by which it will be done."
    elif new.action_due_on < earliest:
        problems["action_due_on"] = f"Choose a day {when} or later."
    elif new.action_due_on > desk.calendar.last_day:
        problems["action_due_on"] = f"The calendar reaches to {in_words(desk.calendar.last_day)}. Check the year."
    return problems


def learn(desk: Desk, file: File, lesson: Lesson, *, on: date) -> None:
    """Records what follows from a finding of fault, which has no problems."""
    if lesson.no_action_reason:
        text = ledger.keep_text(desk, file, "no_action", lesson.no_action_reason)
        ledger.append(desk, file, EventKind.ACTION_NOT_NEEDED, on=on, text=text)
    else:
        _added(desk, file, lesson, on=on)


def action_done(desk: Desk, action_id: int, evidence: str, on: date | None = None) -> LearningAction:
    """Records that an action was carried out, today or on an earlier day, and what was done. It then waits to be verified.

    By its owner, whoever stands in, or the complaints team. Raises FieldProblems; AlreadyDone saying when it was before;
    UnknownReference also for anybody else.
    """
    action, file = _acting(desk, action_id)
    _must_not_be_done(action)
    day = on or desk.today
    received_on = file.complaint.received_on
    _refuse(
        evidence=reason_problem(evidence, "what was done, in a sentence or two", longest=EVIDENCE_LENGTH),
        done_on=None
        if received_on <= day <= desk.today
        else f"Choose a day from {in_words(received_on)}, when the complaint came in, to today.",
    )
    text = ledger.keep_text(desk, file, "evidence", evidence)
    action.done_on, action.done_by_id, action.evidence_text_id = day, desk.actor.person_id, text.id
    ledger.append(desk, file, EventKind.ACTION_DONE, on=day, data={"action": action_id}, text=text)
    return action


def action_verified(desk: Desk, action_id: int) -> LearningAction:
    """Records today that what an owner says is done was done; the action is over.

    By somebody of the complaints team who neither owns it nor said that it is done. Raises AlreadyDone; Refusal while it is not
    done, and for one's own; NotAllowed for its owner; UnknownReference for anybody else.
    """
    action, file = _verifying(desk, action_id)
    action.verified_on, action.verified_by_id = desk.today, desk.actor.person_id
    ledger.append(desk, file, EventKind.ACTION_VERIFIED, on=desk.today, data={"action": action_id})
    return action


def action_sent_back(desk: Desk, action_id: int, reason: str) -> LearningAction:
    """Gives an action that is said to be done back to its owner, with what is still missing.

    By whoever could verify it. Raises FieldProblems, else as `action_verified`.
    """
    action, file = _verifying(desk, action_id)
    _refuse(reason=reason_problem(reason, "what is still missing"))
    text = ledger.keep_text(desk, file, "sent_back", reason)
    action.done_on = action.done_by_id = action.evidence_text_id = None
    ledger.append(desk, file, EventKind.ACTION_SENT_BACK, on=desk.today, data={"action": action_id}, text=text)
    return action


def doable(desk: Desk, action_id: int) -> int:
    """The action's number when `action_done` has something to record for this person; raises as that does. Changes nothing."""
    action, _complaint = find(desk, action_id)
    _must_not_be_done(action)
    return action_id


def verifiable(desk: Desk, action_id: int) -> int:
    """The action's number when this person can verify it or send it back; raises as those do. Changes nothing."""
    _must_be_verifiable(desk, *find(desk, action_id))
    return action_id


def found_fault(desk: Desk, complaint_id: int) -> bool:
    """Whether fault, or partial fault, was found at any stage of a complaint, or by the Ombudsman."""
    found = select(Stage.id).where(Stage.complaint_id == complaint_id, col(Stage.finding).in_(FAULT))
    if desk.session.exec(found.limit(1)).first() is not None:
        return True
    decided = select(Event).where(Event.complaint_id == complaint_id, Event.kind == EventKind.OMBUDSMAN_DECIDED)
    return any(event.data.get("decision") == OmbudsmanDecision.FAULT.value for event in desk.session.exec(decided))


def find(desk: Desk, action_id: int) -> tuple[LearningAction, Complaint]:
    """An action and its complaint, unlocked, for its owner, who stands in, or the complaints team. Raises UnknownReference."""
    action = desk.session.get(LearningAction, action_id)
    complaint = desk.session.get(Complaint, action.complaint_id) if action else None
    if action is None or complaint is None or (not desk.actor.owns(action.owner_id) and not desk.actor.sees_all):
        raise UnknownReference(_NO_ACTION)
    return action, complaint


def _acting(desk: Desk, action_id: int) -> tuple[LearningAction, File]:
    action, complaint = find(desk, action_id)
    # The owner may be somebody who can't otherwise see the complaint; acting on the action shows them nothing more.
    desk.session.refresh(complaint, with_for_update={"key_share": True})
    desk.session.refresh(action)
    return action, ledger.opened(desk, complaint)


def _verifying(desk: Desk, action_id: int) -> tuple[LearningAction, File]:
    action, file = _acting(desk, action_id)
    _must_be_verifiable(desk, action, file.complaint)
    return action, file


def _must_not_be_done(action: LearningAction) -> None:
    if action.done_on is not None:
        still = "It was verified since." if action.verified_on else "The complaints team will check it."
        raise AlreadyDone(f"This action was marked as done on {in_words(action.done_on)} already. {still}")


def _must_be_verifiable(desk: Desk, action: LearningAction, complaint: Complaint) -> None:
    desk.require(Operation.LEARN, team_id=complaint.lead_team_id, owner_id=complaint.owner_id)
    if action.verified_on is not None:
        raise AlreadyDone(
            f"This action was verified on {in_words(action.verified_on)} already. There is nothing to do."
        )
    if action.done_on is None:
        raise Refusal("Nobody says that this action is done, so there is nothing to verify. Its owner has it to do.")
    if desk.actor.person_id is not None and desk.actor.person_id in {action.owner_id, action.done_by_id}:
        raise Refusal(
            "You own this action or said that it is done, so somebody else in the complaints team has to verify it."
        )


def _added(desk: Desk, file: File, new: NewAction, *, on: date) -> LearningAction:
    assert new.action_owner_id is not None  # noqa: S101 - checked
    assert new.action_due_on is not None  # noqa: S101 - checked
    text = ledger.keep_text(desk, file, "action", new.action)
    action = LearningAction(
        complaint_id=file.id, text_id=text.id, owner_id=new.action_owner_id, due_on=new.action_due_on
    )
    desk.session.add(action)
    desk.session.flush()
    data = {"action": action.id, "owner": action.owner_id, "due": action.due_on.isoformat()}
    ledger.append(desk, file, EventKind.ACTION_ADDED, on=on, data=data, text=text)
    return action


def _not_twice(desk: Desk, file: File, new: NewAction) -> None:
    same = (
        select(LearningAction.id)
        .join(FreeText, col(FreeText.id) == col(LearningAction.text_id))
        .where(
            LearningAction.complaint_id == file.id,
            LearningAction.owner_id == new.action_owner_id,
            LearningAction.due_on == new.action_due_on,
            FreeText.body == new.action,
        )
    )
    if desk.session.exec(same).first() is not None:
        raise AlreadyDone("This action is recorded already, with the same owner and day. There is nothing to do.")


def _refuse(**found: str | None) -> None:
    """Raises FieldProblems when any field has one."""
    problems = {field: wrong for field, wrong in found.items() if wrong}
    if problems:
        raise FieldProblems(problems)
