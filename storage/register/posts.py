"""Who investigates, adjudicates and reviews: people appointed to the posts of a stage, and standing down from them."""

from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from storage import availability, eligibility, independence
from storage.dates import in_words
from storage.errors import AlreadyDone, FieldProblems, UnknownReference
from storage.independence import Holder
from storage.models import Complaint, Stage, StageAppointment
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Post, StageRole
from storage.register import escalation, ledger
from storage.register.ledger import File
from storage.vacancies import Term, most_at_once
from storage.vocabulary import EventKind

_NOT_THERE = "There is no such appointment that you can end. /complaint show and the reference shows who is appointed."


class NewAppointment(BaseModel):
    """Who is appointed to which post, and since when. Field names are those that problems are reported under."""

    model_config = ConfigDict(frozen=True)

    role: StageRole
    who: Holder
    appointed_on: date


def appoint(desk: Desk, reference: str, new: NewAppointment) -> StageAppointment:
    """Appoints somebody to a post of the current stage, today or on an earlier day of it.

    The rules of independence are in `storage.independence`. Raises FieldProblems naming what won't do, and which rule says so;
    AlreadyDone when the stage has ended; Refusal while it was only asked for; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    ledger.must_be_open(file)
    escalation.must_be_taken_on(file)
    post = next((one for one in file.rules.posts if one.role is new.role), None)
    if post is None:
        raise FieldProblems({"role": _no_post(file)})
    here = of_stage(desk, file.stage)
    problems = {
        field: problem
        for field, problem in (
            ("appointed_on", _day_problem(desk, file, new.appointed_on)),
            ("role", _full_problem(post, here, new)),
            ("who", _who_problem(desk, file, here, new)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
    assert file.stage.id is not None  # noqa: S101 - read from the database
    appointment = StageAppointment(
        stage_id=file.stage.id,
        role=new.role,
        person_id=new.who.person_id,
        outsider_id=new.who.outsider_id,
        appointed_on=new.appointed_on,
    )
    desk.session.add(appointment)
    desk.session.flush()
    ledger.append(desk, file, EventKind.APPOINTED, on=new.appointed_on, data=_facts(appointment))
    return appointment


def stand_down(desk: Desk, appointment_id: int, on: date | None = None) -> StageAppointment:
    """Records that somebody gave up a post of the current stage, today or on an earlier day; the post is empty from then on.

    Raises AlreadyDone when they did before, or the stage is over; FieldProblems for a day before they were appointed or in the
    future; NotAllowed; UnknownReference.
    """
    appointment, file = _found(desk, appointment_id)
    if appointment.stood_down_on is not None:
        raise AlreadyDone(f"They stood down on {in_words(appointment.stood_down_on)} already. There is nothing to do.")
    ledger.must_be_open(file)
    day = on or desk.today
    if not appointment.appointed_on <= day <= desk.today:
        raise FieldProblems(
            {"on": f"They were appointed on {in_words(appointment.appointed_on)}. Choose a day from then to today."}
        )
    appointment.stood_down_on = day
    ledger.append(desk, file, EventKind.STOOD_DOWN, on=day, data=_facts(appointment))
    return appointment


def of_stage(desk: Desk, stage: Stage) -> list[StageAppointment]:
    """Everybody appointed to a stage, also those who stood down, in the order in which they were appointed."""
    found = select(StageAppointment).where(StageAppointment.stage_id == stage.id)
    return list(desk.session.exec(found.order_by(col(StageAppointment.appointed_on), col(StageAppointment.id))).all())


def term(appointment: StageAppointment) -> Term:
    return Term(appointment.id, appointment.appointed_on, appointment.stood_down_on)


def _no_post(file: File) -> str:
    if not file.rules.posts:
        return f"Nobody is appointed at stage {file.stage.number} of this procedure. There is nothing to do."
    titles = ", ".join(post.title.lower() for post in file.rules.posts)
    return f"Stage {file.stage.number} of this procedure has no such post. Choose one of these: {titles}."


def _day_problem(desk: Desk, file: File, day: date) -> str | None:
    if file.stage.started_on <= day <= desk.today:
        return None
    return f"Stage {file.stage.number} began on {in_words(file.stage.started_on)}. Choose a day from then to today."


def _full_problem(post: Post, here: list[StageAppointment], new: NewAppointment) -> str | None:
    terms = [term(one) for one in here if one.role is post.role]
    if most_at_once(terms, new.appointed_on) < post.count:
        return None
    most = "one person" if post.count == 1 else f"{post.count} people"
    return (
        f"{post.title} is for {most} at a time, and it was not empty from {in_words(new.appointed_on)} on. Record first who "
        "stood down, or choose a later day."
    )


def _who_problem(desk: Desk, file: File, here: list[StageAppointment], new: NewAppointment) -> str | None:
    """DOMAIN.md, section 5: each post looks at the complaint for itself, so nobody has two; and the rules of each post."""
    who = eligibility.candidates(desk, file.complaint, {new.who: new.appointed_on}).get(new.who)
    if who is None:
        return "Choose somebody from the list."
    has = next(
        (one for one in here if eligibility.holder(one) == new.who and term(one).holds_after(new.appointed_on)), None
    )
    if has is not None:
        return (
            f"They are {has.role.label} of this stage since {in_words(has.appointed_on)}. Nobody holds two posts of one stage, "
            "since each has to look at the complaint independently of the others (reg 19 of SI 2006/1738 and its guidance). "
            "Choose somebody else."
        )
    wrong = independence.problem(new.role, who, eligibility.situation(desk, file.complaint, file.stage.number))
    if wrong is None and new.who.person_id is not None:
        # A post is work like any other: not for somebody who is away, or leaves before the stage is due.
        return availability.why_not(desk.session, new.who.person_id, desk.today, file.stage.due_on)
    return wrong


def _found(desk: Desk, appointment_id: int) -> tuple[StageAppointment, File]:
    """An appointment and its complaint, locked. One answer for what isn't there and for what the person may not see."""
    row = desk.session.exec(
        select(Complaint.reference, Stage.number)
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .join(StageAppointment, col(StageAppointment.stage_id) == col(Stage.id))
        .where(StageAppointment.id == appointment_id)
    ).one_or_none()
    if row is None:
        raise UnknownReference(_NOT_THERE)
    try:
        file = ledger.find(desk, row[0], Operation.CONDUCT)
    except UnknownReference as hidden:
        raise UnknownReference(_NOT_THERE) from hidden
    appointment = desk.session.get_one(StageAppointment, appointment_id)
    desk.session.refresh(appointment)
    if appointment.stage_id != file.stage.id:
        raise AlreadyDone(
            f"{row[0]} has gone to stage {file.stage.number} since, and this appointment belongs to stage {row[1]}. There is "
            "nothing to do."
        )
    return appointment, file


def _facts(appointment: StageAppointment) -> dict[str, object]:
    """What the events of an appointment carry: ids and the role, never a name."""
    return {
        "appointment": appointment.id,
        "role": appointment.role.value,
        "person": appointment.person_id,
        "outsider": appointment.outsider_id,
    }
