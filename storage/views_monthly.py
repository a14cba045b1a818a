"""Whose monthly page shows which teams. Reads only."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from storage.availability import held_on
from storage.models import Appointment
from storage.office import Desk
from storage.vocabulary import Role

_COMPLAINTS_TEAM = {Role.HANDLER, Role.COMPLAINTS_MANAGER}
_MANAGERS = {Role.NAMED_MANAGER, Role.SENIOR_MANAGER}


@dataclass(frozen=True, slots=True)
class Page:
    """The teams of one person's page, None for all of them; `missing`: with the list of what is missing in records."""

    team_ids: tuple[int | None, ...]
    missing: bool = False


def pages(desk: Desk) -> dict[int, Page]:
    """Everybody who has a page, by person's id: one each, whatever they are.

    Named managers have their team's, senior managers their service's, the complaints team the whole. A team that is in a service
    of theirs, or that has closed, is not a page of its own.
    """
    rows = desk.session.execute(
        select(col(Appointment.person_id), col(Appointment.role), col(Appointment.team_id)).where(
            col(Appointment.role).in_(_COMPLAINTS_TEAM | _MANAGERS), held_on(desk.today)
        )
    ).all()
    team = {row.person_id for row in rows if row.role in _COMPLAINTS_TEAM}
    held: dict[int, set[int | None]] = {}
    for row in rows:
        held.setdefault(row.person_id, set()).add(row.team_id)
    found = {}
    for person_id, team_ids in sorted(held.items()):
        if person_id in team or None in team_ids:
            found[person_id] = Page((None,), missing=person_id in team)
        elif own := _outermost(desk, {team_id for team_id in team_ids if team_id is not None}):
            found[person_id] = Page(own)
    return found


def _outermost(desk: Desk, team_ids: set[int]) -> tuple[int, ...]:
    return tuple(
        team.id
        for team in desk.teams
        if team.id in team_ids and team.is_open(desk.today) and not team_ids & set(desk.teams.line(team.id)[1:])
    )
