"""The reading side of an investigation or a review: its posts, dates and issues, and the posts that are empty too long."""

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

from storage import eligibility, independence, people, views_issues
from storage.errors import Refusal
from storage.independence import Holder
from storage.models import IS_OPEN, Complaint, Outsider, Person, Stage, StageAppointment
from storage.office import Desk
from storage.permissions import Operation
from storage.procedures import Procedure, StageRole
from storage.register import ledger, posts
from storage.register.ledger import File
from storage.vacancies import Term, Vacancy, vacancy, waits
from storage.views_issues import IssueFacts
from storage.vocabulary import EventKind, Role


@dataclass(frozen=True, slots=True)
class PostHeld:
    """Somebody's time in a post. `waited`: working days for which it had been empty before.

    `conflict` is set where a rule of independence no longer holds, such as for somebody who joined the service complained about.
    """

    appointment_id: int
    role: StageRole
    title: str
    who: Holder
    name: str
    appointed_on: date
    stood_down_on: date | None
    waited: int
    conflict: str | None


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A dated step: when it happened, and, where there is a time limit for it, when it is or was due."""

    step: str
    title: str
    done_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Investigation:
    """All that the screens of one stage show of its investigation or review.

    `held` are those in post and those who stood down; `empty` has nothing once the stage is over. `other_due_on` is the due
    date by the other way of counting, where that is disputed.
    """

    complaint_id: int
    reference: str
    number: int
    title: str
    started_on: date
    opened_on: date | None
    is_open: bool
    held: tuple[PostHeld, ...]
    empty: tuple[Vacancy, ...]
    steps: tuple[StepFacts, ...]
    issues: tuple[IssueFacts, ...]
    due_on: date
    other_due_on: date | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A post of an open stage that has been empty for longer than it should: what a nudge has to say of it."""

    complaint_id: int
    stage_id: int
    reference: str
    role: StageRole
    title: str
    days_empty: int
    missing: int


def investigation(desk: Desk, reference: str, number: int | None = None) -> Investigation:
    """The current stage of a complaint, or an earlier one by its number.

    Raises UnknownReference when it isn't there or the person may not see it, Refusal when it has no such stage.
    """
    file = ledger.look(desk, reference, Operation.SEE)
    if number is not None and number != file.stage.number:
        file = _earlier(desk, file, number)
    happened = ledger.happenings(desk, file)
    clock = ledger.replayed(desk, file.procedure, file.stage.number, happened)
    done = {one.step: one.on for one in happened if one.kind is EventKind.STEP_DONE}
    due = {leg.step: leg.due_on for leg in clock.legs}
    here = posts.of_stage(desk, file.stage)
    return Investigation(
        complaint_id=file.id,
        reference=file.complaint.reference,
        number=file.stage.number,
        title=file.rules.title,
        started_on=file.stage.started_on,
        opened_on=file.stage.opened_on,
        is_open=file.stage.is_open,
        held=tuple(_held(desk, file, here)),
        empty=tuple(_empty(desk, file.procedure, file.stage.number, began=file.stage.started_on, here=here))
        if file.stage.is_open
        else (),
        steps=tuple(
            StepFacts(step, title, done.get(step), due.get(step)) for step, title in file.rules.step_titles.items()
        ),
        issues=tuple(views_issues.of_complaint(desk, file)),
        due_on=file.stage.due_on,
        other_due_on=clock.other_due_on,
    )


def choices(desk: Desk, reference: str, role: StageRole) -> list[tuple[Holder, str]]:
    """Everybody who may be appointed to a post of the current stage today, by name. Raises UnknownReference; NotAllowed."""
    file = ledger.look(desk, reference, Operation.CONDUCT)
    names = {
        **{
            Holder(person_id=row.id): row.name for row in desk.session.execute(select(col(Person.id), col(Person.name)))
        },
        **{
            Holder(outsider_id=row.id): row.name
            for row in desk.session.execute(select(col(Outsider.id), col(Outsider.name)))
        },
    }
    here = {
        eligibility.holder(one) for one in posts.of_stage(desk, file.stage) if posts.term(one).holds_after(desk.today)
    }
    situation = eligibility.situation(desk, file.complaint, file.stage.number)
    known = eligibility.candidates(desk, file.complaint, dict.fromkeys(names, desk.today))
    found = [
        (who, names[who])
        for who, candidate in known.items()
        if who not in here and independence.problem(role, candidate, situation) is None
    ]
    return sorted(found, key=lambda one: one[1].casefold())


def gaps(desk: Desk, stage_ids: Collection[int] | None = None) -> list[Gap]:
    """Posts of every open stage, or of these, that have been empty longer than `within`, the longest first; for the app itself.

    A stage that was only asked for has none yet: first it is opened or refused. Two queries however many stages there are, and
    one for each version of a procedure that isn't shipped.
    """
    taken_on: list[Any] = [IS_OPEN, col(Stage.opened_on).is_not(None)]
    if stage_ids is not None:
        taken_on.append(col(Stage.id).in_(stage_ids))
    stages = desk.session.execute(
        select(
            col(Stage.id), col(Stage.complaint_id), col(Stage.number), col(Stage.started_on), col(Complaint.reference),
            col(Complaint.procedure), col(Complaint.procedure_version),
        ).join(Complaint, col(Complaint.id) == col(Stage.complaint_id)).where(*taken_on)
    ).all()  # fmt: skip
    appointed: dict[int, list[StageAppointment]] = {}
    for one in desk.session.scalars(
        select(StageAppointment).join(Stage, col(Stage.id) == col(StageAppointment.stage_id)).where(*taken_on)
    ):
        appointed.setdefault(one.stage_id, []).append(one)
    rules = cache(desk.rules)
    found = [
        Gap(
            complaint_id=row.complaint_id,
            stage_id=row.id,
            reference=row.reference,
            role=empty.post.role,
            title=empty.post.title,
            days_empty=empty.days_empty,
            missing=empty.missing,
        )
        for row in stages
        for empty in _empty(
            desk,
            rules(row.procedure, row.procedure_version),
            row.number,
            began=row.started_on,
            here=appointed.get(row.id, []),
        )
        if empty.overdue_since is not None
    ]
    return sorted(found, key=lambda gap: (-gap.days_empty, gap.reference, gap.role))


def _earlier(desk: Desk, file: File, number: int) -> File:
    stage = desk.session.scalar(select(Stage).where(col(Stage.complaint_id) == file.id, col(Stage.number) == number))
    if stage is None:
        raise Refusal(f"{file.complaint.reference} has not been at stage {number}. It is at stage {file.stage.number}.")
    return File(file.complaint, stage, file.procedure)


def _empty(
    desk: Desk, procedure: Procedure, number: int, *, began: date, here: Iterable[StageAppointment]
) -> list[Vacancy]:
    """The posts of a stage that nobody holds today, in the procedure's order."""
    terms: dict[StageRole, list[Term]] = {}
    for one in here:
        terms.setdefault(one.role, []).append(posts.term(one))
    calendar = desk.calendar_of(procedure)
    found = (
        vacancy(post, terms.get(post.role, []), began=began, today=desk.today, calendar=calendar)
        for post in procedure.stage(number).posts
    )
    return [one for one in found if one is not None]


def _held(desk: Desk, file: File, here: list[StageAppointment]) -> Iterator[PostHeld]:
    calendar = desk.calendar_of(file.procedure)
    titles = {post.role: post.title for post in file.rules.posts}
    waited: dict[Hashable, int] = {}
    for post in file.rules.posts:
        terms = [posts.term(one) for one in here if one.role is post.role]
        waited |= waits(post, terms, began=file.stage.started_on, calendar=calendar)
    names = _names(desk, here)
    conflicts = _conflicts(desk, file, here) if file.stage.is_open else {}
    for one in here:
        assert one.id is not None  # noqa: S101 - read from the database
        yield PostHeld(
            appointment_id=one.id,
            role=one.role,
            title=titles.get(one.role, one.role.label),
            who=eligibility.holder(one),
            name=names[eligibility.holder(one)],
            appointed_on=one.appointed_on,
            stood_down_on=one.stood_down_on,
            waited=waited.get(one.id, 0),
            conflict=conflicts.get(one.id),
        )


def _names(desk: Desk, here: list[StageAppointment]) -> dict[Holder, str]:
    outsiders = select(col(Outsider.id), col(Outsider.name)).where(
        col(Outsider.id).in_([one.outsider_id for one in here if one.outsider_id is not None])
    )
    return {
        **{
            Holder(person_id=who.id): who.name
            for who in people.everyone(desk.session, [one.person_id for one in here]).values()
        },
        **{Holder(outsider_id=row.id): row.name for row in desk.session.execute(outsiders)},
    }


def _conflicts(desk: Desk, file: File, here: list[StageAppointment]) -> dict[int | None, str | None]:
    """What the rules of independence say today of those in post, by the appointment."""
    in_post = [one for one in here if one.stood_down_on is None]
    if not in_post:
        return {}
    since = {eligibility.holder(one): one.appointed_on for one in in_post}
    known = eligibility.candidates(desk, file.complaint, since)
    situation = eligibility.situation(desk, file.complaint, file.stage.number)
    return {one.id: independence.problem(one.role, known[eligibility.holder(one)], situation) for one in in_post}


def everybody(desk: Desk, role: StageRole) -> list[tuple[Holder, str]]:
    """Everybody who could ever hold such a post, by name: staff at work, and outsiders who have not retired.

    Whether the rules of independence let them is told when one is chosen: who is left out of a list can't be told why.
    """
    found: list[tuple[Holder, str]] = []
    if role in {StageRole.INVESTIGATING_OFFICER, StageRole.ADJUDICATING_OFFICER}:
        found += [
            (Holder(person_id=who.id), who.name) for who in people.with_role(desk.session, list(Role), desk.today)
        ]
    if role is not StageRole.ADJUDICATING_OFFICER:
        rows = desk.session.execute(
            select(col(Outsider.id), col(Outsider.name))
            .where(or_(col(Outsider.retired_on).is_(None), col(Outsider.retired_on) > desk.today))
            .order_by(col(Outsider.name))
        )
        found += [(Holder(outsider_id=row.id), row.name) for row in rows]
    return found
