"""What one person asks for and another decides: an extension, or a pause of the clock. Two people, always."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage import outbox, people
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Complaint, Request
from storage.office import Desk
from storage.permissions import Operation
from storage.register import escalation, ledger
from storage.register.ledger import File
from storage.register.writing import reason_problem
from storage.vocabulary import Asked, EventKind, MessageKind, Role

_NOT_THERE = "There is no such request that you can decide. /complaint show and the reference shows what is waiting."


class Extension(BaseModel):
    """A new due date and why it is needed."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    until: date
    reason: str


class Pause(BaseModel):
    """A stop of the clock: its kind, the first day that doesn't count, and the day the clock is to run again."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    kind: str
    starts_on: date
    until: date
    reason: str


def ask_extension(desk: Desk, reference: str, asked: Extension) -> Request:
    """Asks for a later due date and tells those who may decide.

    Raises Refusal when there is no extension, or no longer; FieldProblems for a date that can't be agreed; AlreadyDone while one
    is waiting; NotAllowed; UnknownReference. Guidance: +10 working days at stage 1, 65 in all at stage 2, none at stage 3.
    """
    file = _at_work(desk, reference)
    must_be_extendable(desk, file)
    clock = ledger.clock(desk, file)
    problems = {}
    if asked.until <= file.stage.due_on:
        problems["until"] = f"It is due on {in_words(file.stage.due_on)} already. Choose a later day."
    elif asked.until > clock.latest_on:
        problems["until"] = (
            f"The most is {clock.maximum_days} working days in all, which end on {in_words(clock.latest_on)}. "
            "There is no power to extend beyond that."
        )
    wrong = reason_problem(asked.reason, "why more time is needed")
    if wrong:
        problems["reason"] = wrong
    if problems:
        raise FieldProblems(problems)
    # A date on a day off runs to the working day after it, which is the date that everybody is told.
    until = desk.calendar_of(file.procedure).on_or_after(asked.until)
    return _ask(desk, file, Asked.EXTENSION, until=until, reason=asked.reason)


def ask_pause(desk: Desk, reference: str, asked: Pause) -> Request:
    """Asks for the clock to be stopped, for one of the reasons the procedure knows, and tells those who may decide.

    Raises FieldProblems; AlreadyDone while one is waiting; NotAllowed; UnknownReference. Nothing but the kinds listed in the
    procedure stops a clock: not waiting for consent, not mediation.
    """
    file = _at_work(desk, reference)
    must_be_pausable(file)
    _not_overdue(desk, file)
    _none_waiting(desk, file, Asked.PAUSE)
    problems = {}
    if asked.kind not in {pause.kind for pause in file.rules.pauses}:
        problems["kind"] = "Choose one of the reasons in the list: nothing else stops the clock."
    if asked.starts_on < file.stage.started_on:
        problems["starts_on"] = f"The stage began on {in_words(file.stage.started_on)}. Choose that day or a later one."
    if asked.until <= asked.starts_on:
        problems["until"] = "Choose the day the clock runs again, after the day it stops."
    elif asked.until > asked.starts_on + timedelta(days=366):
        problems["until"] = "Choose a day within a year. A pause that has to go on can be asked for again."
    wrong = reason_problem(asked.reason, "what it waits for")
    if wrong:
        problems["reason"] = wrong
    if problems:
        raise FieldProblems(problems)
    return _ask(
        desk, file, Asked.PAUSE, until=asked.until, reason=asked.reason, pause=asked.kind, starts_on=asked.starts_on
    )


def must_be_pausable(file: File) -> None:
    """Raises Refusal at a stage whose clock nothing stops."""
    if not file.rules.pauses:
        raise Refusal(
            f"Nothing stops the clock at stage {file.stage.number} of this procedure. Send the response by "
            f"{in_words(file.stage.due_on)}."
        )


def decide(desk: Desk, request_id: int, *, granted: bool, reason: str = "") -> Request:
    """Approves or refuses what somebody else asked for, and tells them. A refusal needs its reason.

    Raises NotAllowed for whoever asked; AlreadyDone when it was decided, or the stage has closed; Refusal for an extension whose
    due date has passed; FieldProblems; UnknownReference.
    """
    request, file = _decidable(desk, request_id, lock=True)
    if granted and request.kind is Asked.EXTENSION:
        _still_in_time(desk, file)
    elif granted:
        _not_overdue(desk, file)
    elif not granted:
        wrong = reason_problem(reason, "why not")
        if wrong:
            raise FieldProblems({"reason": wrong})
    request.decided_by_id, request.decided_on, request.granted = desk.actor.person_id, desk.today, granted
    text = ledger.keep_text(desk, file, "decision", reason) if reason else None
    ledger.append(
        desk,
        file,
        _decision(request.kind, granted=granted),
        on=_counts_from(desk, request),
        data=_facts(request),
        text=text,
    )
    ledger.wind(desk, file)
    if request.asked_by_id is not None:
        outbox.put(
            desk.session,
            key=f"decided:{request.id}",
            kind=MessageKind.DECIDED,
            now=desk.now,
            person_id=request.asked_by_id,
            complaint_id=file.id,
            data={"request": request.id},
        )
    return request


def may_decide(desk: Desk, request_id: int) -> None:
    """Raises what `decide` would raise for this person, before they write their reasons."""
    _decidable(desk, request_id, lock=False)


def complainant_told(desk: Desk, request_id: int, on: date | None = None) -> Request:
    """Records the day the complainant was told of an extension or a pause that was agreed.

    Raises AlreadyDone; FieldProblems for a day before it was agreed or in the future; NotAllowed; UnknownReference.
    """
    request, file = _found(desk, request_id)
    desk.require(Operation.WORK, team_id=file.complaint.lead_team_id, owner_id=file.complaint.owner_id)
    if request.told_on is not None:
        raise AlreadyDone(f"The complainant was told on {in_words(request.told_on)} already. There is nothing to do.")
    if not request.granted or request.decided_on is None:
        raise Refusal(
            f"This {request.kind.value} has not been approved, so there is nothing to tell the complainant yet."
        )
    day = on or desk.today
    if not request.decided_on <= day <= desk.today:
        raise FieldProblems(
            {
                "told_on": f"It was approved on {in_words(request.decided_on)}. Choose that day or a later one, up to today."
            }
        )
    request.told_on = day
    ledger.append(desk, file, EventKind.COMPLAINANT_TOLD, on=day, data=_facts(request))
    return request


def end_pause(desk: Desk, reference: str, on: date | None = None) -> File:
    """Lets the clock run again from a day, before the pause was to end.

    Raises AlreadyDone when the clock is not stopped on that day; FieldProblems; NotAllowed; UnknownReference.
    """
    file = _at_work(desk, reference)
    day = on or desk.today
    if day > desk.today:
        raise FieldProblems({"on": "Choose today or an earlier day."})
    stopped = [pause for pause in paused(desk, file) if pause.starts_on and pause.starts_on <= day < pause.until]
    if not stopped:
        raise AlreadyDone(
            f"The clock of {file.complaint.reference} is not stopped on {in_words(day)}. There is nothing to do."
        )
    for pause in stopped:
        pause.until = day
    ledger.append(desk, file, EventKind.RESUMED, on=day)
    ledger.wind(desk, file)
    return file


def paused(desk: Desk, file: File) -> list[Request]:
    """Pauses of the current stage that were agreed."""
    found = select(Request).where(
        Request.stage_id == file.stage.id, Request.kind == Asked.PAUSE, col(Request.granted).is_(True)
    )
    return list(desk.session.exec(found.order_by(col(Request.id))).all())


def deciders(desk: Desk, team_id: int) -> list[people.Who]:
    """Who may decide for a team: complaints managers, and the senior managers over it."""
    managers = people.with_role(desk.session, [Role.COMPLAINTS_MANAGER], desk.today)
    seniors = people.with_role(desk.session, [Role.SENIOR_MANAGER], desk.today, team_line=desk.teams.line(team_id))
    return list(dict.fromkeys([*managers, *seniors]))


def _at_work(desk: Desk, reference: str) -> File:
    file = ledger.find(desk, reference, Operation.WORK)
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)
    return file


def must_be_extendable(desk: Desk, file: File) -> None:
    """Raises Refusal, saying why, where the current stage can't be extended, or not any more; AlreadyDone while one waits."""
    if file.rules.limit.agreed:
        raise Refusal(
            "The response date of this procedure is agreed with the complainant. Choose More…, then Agree a response date…"
        )
    if file.rules.maximum is None:
        raise Refusal(
            f"There is no extension at stage {file.stage.number} of this procedure. A late response needs a reason."
        )
    _none_waiting(desk, file, Asked.EXTENSION)
    _still_in_time(desk, file)


def _still_in_time(desk: Desk, file: File) -> None:
    """FIGURES.md: an extension counts only when it was approved before the original due date had passed."""
    clock = ledger.clock(desk, file)
    last = clock.unextended_due_on
    if desk.today > last:
        raise Refusal(
            f"It was due on {in_words(last)}. An extension has to be approved on or before that day, so it is too late now. "
            "Send the response as soon as you can; it will count as late."
        )


def _not_overdue(desk: Desk, file: File) -> None:
    """DOMAIN.md, 4: a wrong pause cannot hide lateness, so none is agreed once the due date has passed."""
    if desk.today > file.stage.due_on:
        raise Refusal(
            f"It was due on {in_words(file.stage.due_on)}. The clock can't be stopped after that: send the response as soon as "
            "you can, and say in it what it waited for."
        )


def _none_waiting(desk: Desk, file: File, kind: Asked) -> None:
    waiting = desk.session.exec(
        select(Request).where(
            Request.stage_id == file.stage.id, Request.kind == kind, col(Request.decided_on).is_(None)
        )
    ).first()
    if waiting is not None:
        asked_by = people.everyone(desk.session, [waiting.asked_by_id]).get(waiting.asked_by_id or 0)
        raise AlreadyDone(
            f"{asked_by.name if asked_by else 'Somebody'} asked for {_article(kind)} on {in_words(waiting.asked_on)}. There is "
            "nothing to do until it is approved or refused."
        )


def _ask(
    desk: Desk,
    file: File,
    kind: Asked,
    *,
    until: date,
    reason: str,
    pause: str | None = None,
    starts_on: date | None = None,
) -> Request:
    others = [who for who in deciders(desk, file.complaint.lead_team_id) if who.id != desk.actor.person_id]
    if not others:
        raise Refusal(
            "Nobody else is there to decide it. A complaints manager can add a senior manager over the team, or a second "
            "complaints manager, with /complaint setup."
        )
    text = ledger.keep_text(desk, file, kind.value, reason)
    assert file.stage.id is not None  # noqa: S101 - read from the database
    request = Request(
        complaint_id=file.id,
        stage_id=file.stage.id,
        kind=kind,
        pause=pause,
        starts_on=starts_on,
        until=until,
        text_id=text.id,
        asked_by_id=desk.actor.person_id,
        asked_on=desk.today,
    )
    desk.session.add(request)
    desk.session.flush()
    asked = EventKind.EXTENSION_ASKED if kind is Asked.EXTENSION else EventKind.PAUSE_ASKED
    ledger.append(
        desk, file, asked, on=desk.today, data={**_facts(request), "asked_until": until.isoformat()}, text=text
    )
    for who in others:
        outbox.put(
            desk.session,
            key=f"decision:{request.id}:{who.id}",
            kind=MessageKind.DECISION_WANTED,
            now=desk.now,
            person_id=who.id,
            complaint_id=file.id,
            data={"request": request.id},
        )
    return request


def _decidable(desk: Desk, request_id: int, *, lock: bool) -> tuple[Request, File]:
    request, file = _found(desk, request_id, lock=lock)
    desk.require(Operation.APPROVE, team_id=file.complaint.lead_team_id, owner_id=file.complaint.owner_id)
    if request.decided_on is not None:
        raise AlreadyDone(_decided_before(desk, request))
    if request.asked_by_id is not None and request.asked_by_id == desk.actor.person_id:
        raise NotAllowed(
            f"You asked for this {request.kind.value}, so somebody else has to decide it. "
            f"{people.whom_to_ask(desk.session, desk.today, desk.actor, otherwise='Ask the senior manager over the team.')}"
        )
    ledger.must_be_open(file)
    return request, file


def _found(desk: Desk, request_id: int, *, lock: bool = True) -> tuple[Request, File]:
    """A request and its complaint, locked with it. One answer for what isn't there and for what the person may not see."""
    request = desk.session.get(Request, request_id)
    complaint = desk.session.get(Complaint, request.complaint_id) if request else None
    if request is None or complaint is None:
        raise UnknownReference(_NOT_THERE)
    try:
        file = (ledger.find if lock else ledger.look)(desk, complaint.reference, Operation.SEE)
    except UnknownReference as hidden:
        raise UnknownReference(_NOT_THERE) from hidden
    desk.session.refresh(request)
    if request.stage_id != file.stage.id:
        raise AlreadyDone(
            f"{complaint.reference} has gone to stage {file.stage.number} since, and this belongs to an earlier one. There is "
            "nothing to do."
        )
    return request, file


def _decided_before(desk: Desk, request: Request) -> str:
    who = people.everyone(desk.session, [request.decided_by_id]).get(request.decided_by_id or 0)
    did = "approved" if request.granted else "refused"
    day = in_words(request.decided_on) if request.decided_on else "an earlier day"
    return f"{who.name if who else 'Somebody'} {did} this on {day} already. There is nothing to do."


def _decision(kind: Asked, *, granted: bool) -> EventKind:
    if kind is Asked.EXTENSION:
        return EventKind.EXTENSION_APPROVED if granted else EventKind.EXTENSION_REFUSED
    return EventKind.PAUSED if granted else EventKind.PAUSE_REFUSED


def _counts_from(desk: Desk, request: Request) -> date:
    """The day of the event: a pause happened from the day it began, whenever it was agreed."""
    return request.starts_on if request.granted and request.starts_on else desk.today


def _facts(request: Request) -> dict[str, object]:
    """What the events of a request carry. Only an agreed one has the date that the clock looks for."""
    facts: dict[str, object] = {"request": request.id, "asked": request.kind.value}
    if request.pause:
        facts["pause"] = request.pause
    if request.starts_on:
        facts["starts"] = request.starts_on.isoformat()
    if request.granted:
        facts["until"] = request.until.isoformat()
    return facts


def _article(kind: Asked) -> str:
    return "an extension" if kind is Asked.EXTENSION else "a pause"
