"""Reads from the register what the rules of independence ask about people. Nothing here changes anything."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import or_
from sqlmodel import col, select

from storage.independence import Candidate, Holder, Situation
from storage.models import (
    Appointment,
    Complaint,
    ComplaintTeam,
    Event,
    Issue,
    Outsider,
    Person,
    Stage,
    StageAppointment,
)  # fmt: skip
from storage.office import Desk
from storage.procedures import StageRole
from storage.vocabulary import EventKind


def holder(appointment: StageAppointment) -> Holder:
    """Whom an appointment is about."""
    return Holder(person_id=appointment.person_id, outsider_id=appointment.outsider_id)


def situation(desk: Desk, complaint: Complaint, stage: int) -> Situation:
    """The stage, and the service areas complained about: those of the lead team, of the others involved and of the issues."""
    others = select(ComplaintTeam.team_id).where(ComplaintTeam.complaint_id == complaint.id)
    issues = select(Issue.team_id).where(Issue.complaint_id == complaint.id)
    team_ids = {complaint.lead_team_id, *desk.session.exec(others).all(), *desk.session.exec(issues).all()}
    areas = {_area(desk, team_id) for team_id in team_ids}
    return Situation(stage=stage, areas={area: desk.teams[area].name for area in areas})


def candidates(desk: Desk, complaint: Complaint, since: Mapping[Holder, date]) -> dict[Holder, Candidate]:
    """What is known of these people, for posts that they hold since the day given with each.

    Whoever the register doesn't know is left out. The number of queries is the same however many they are.
    """
    held = _held(desk, complaint)
    known = [*_staff(desk, complaint, since), *_outsiders(desk, since)]
    return {who: replace(one, held=frozenset(held.get(who, ()))) for who, one in known}


def _staff(desk: Desk, complaint: Complaint, since: Mapping[Holder, date]) -> Iterator[tuple[Holder, Candidate]]:
    days = {who.person_id: day for who, day in since.items() if who.person_id is not None}
    owners, areas = _owners(desk, complaint), _areas(desk, days)
    for person in desk.session.exec(select(Person).where(col(Person.id).in_(days))).all():
        gone = person.deactivated_at is not None or (person.leaves_on is not None and person.leaves_on < desk.today)
        yield (
            Holder(person_id=person.id),
            Candidate(
                available=not gone,
                areas=frozenset(areas.get(person.id or 0, ())),
                owned=person.id in owners,
            ),
        )


def _outsiders(desk: Desk, since: Mapping[Holder, date]) -> Iterator[tuple[Holder, Candidate]]:
    ids = [who.outsider_id for who in since if who.outsider_id is not None]
    for outsider in desk.session.exec(select(Outsider).where(col(Outsider.id).in_(ids))).all():
        available = outsider.retired_on is None or outsider.retired_on > desk.today
        yield Holder(outsider_id=outsider.id), Candidate(available=available, connection=outsider.connection)


def _area(desk: Desk, team_id: int) -> int:
    """The service area of a team: the topmost above it."""
    return desk.teams.line(team_id)[-1]


def _areas(desk: Desk, since: Mapping[int, date]) -> dict[int, set[int]]:
    """The service areas in which staff had a role on the day given with each, or got one since."""
    rows = desk.session.exec(
        select(Appointment).where(
            col(Appointment.person_id).in_(since),
            col(Appointment.team_id).is_not(None),
            or_(col(Appointment.from_on).is_(None), col(Appointment.from_on) <= desk.today),
        )
    ).all()
    found: dict[int, set[int]] = {}
    for row in rows:
        if row.team_id is not None and (row.until_on is None or row.until_on >= since[row.person_id]):
            found.setdefault(row.person_id, set()).add(_area(desk, row.team_id))
    return found


def _owners(desk: Desk, complaint: Complaint) -> set[int]:
    """Everybody who ever owned a complaint."""
    given = desk.session.exec(
        select(Event).where(
            Event.complaint_id == complaint.id, col(Event.kind).in_([EventKind.CLAIMED, EventKind.ALLOCATED])
        )
    ).all()
    return {event.data["owner"] for event in given if event.data.get("owner") is not None}


def _held(desk: Desk, complaint: Complaint) -> dict[Holder, set[tuple[int, StageRole]]]:
    """Every post that anybody has or had in a complaint, with the number of its stage."""
    rows = desk.session.exec(
        select(StageAppointment, Stage.number)
        .join(Stage, col(Stage.id) == col(StageAppointment.stage_id))
        .where(Stage.complaint_id == complaint.id)
    ).all()
    found: dict[Holder, set[tuple[int, StageRole]]] = {}
    for appointment, number in rows:
        found.setdefault(holder(appointment), set()).add((number, appointment.role))
    return found
