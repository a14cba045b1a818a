"""Who has read learning notes, counted by team.

The whole are the named and senior managers that a team has on the day of asking: a note is for whoever manages now. A manager of
several teams counts in each of them and once in the total, so the teams can come to more than the total.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from storage.availability import has_standing, held_on
from storage.figures.values import Share
from storage.models import Appointment, NoteRead, Person
from storage.office import Desk
from storage.vocabulary import Role

MANAGERS = (Role.NAMED_MANAGER, Role.SENIOR_MANAGER)
EVERY_TEAM = "All teams"
# More teams than this are told by the service area they are in.
MOST_TEAMS = 8


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Of one team, or area, how many times its managers read a note, out of how many times they could."""

    team_id: int | None
    team: str
    read: Share


@dataclass(frozen=True, slots=True)
class Readers:
    """Who has read one note: in all, and by team; by service area where there are many teams."""

    total: Share
    by_team: tuple[ReadBy, ...]


def readers(desk: Desk, note_ids: Collection[int]) -> dict[int, Readers]:
    """Who has read each of these notes. Two queries, however many notes there are."""
    managers = _managers(desk)
    teams = {team_id for held in managers.values() for team_id in held}
    if len(teams) > MOST_TEAMS:
        managers = {person_id: {_area(desk, team_id) for team_id in held} for person_id, held in managers.items()}
    read = _read(desk, note_ids)
    return {
        note_id: Readers(
            total=Share(len(read.get(note_id, set()) & managers.keys()), len(managers)),
            by_team=tuple(_by_team(desk, managers, [read.get(note_id, set())])),
        )
        for note_id in note_ids
    }


def read_by_team(desk: Desk, note_ids: Sequence[int]) -> tuple[tuple[ReadBy, ...], Share]:
    """How far each team's managers have read all of these notes, and the managers in all."""
    managers = _managers(desk)
    read = _read(desk, note_ids)
    each = [read.get(note_id, set()) for note_id in note_ids]
    total = Share(sum(len(who & managers.keys()) for who in each), len(managers) * len(each))
    return tuple(_by_team(desk, managers, each)), total


def _managers(desk: Desk) -> dict[int, set[int | None]]:
    """The teams of everybody who manages one now; None is for all of them."""
    rows = desk.session.execute(
        select(col(Appointment.person_id), col(Appointment.team_id))
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(col(Appointment.role).in_(MANAGERS), held_on(desk.today), has_standing(desk.today))
    )
    found: dict[int, set[int | None]] = {}
    for row in rows:
        found.setdefault(row.person_id, set()).add(row.team_id)
    return found


def _read(desk: Desk, note_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in desk.session.execute(
        select(col(NoteRead.note_id), col(NoteRead.person_id)).where(col(NoteRead.note_id).in_(list(note_ids)))
    ):
        found.setdefault(row.note_id, set()).add(row.person_id)
    return found


def _by_team(desk: Desk, managers: dict[int, set[int | None]], each: Sequence[set[int]]) -> Iterable[ReadBy]:
    order: list[int | None] = [*(team.id for team in desk.teams), None]
    for team_id in order:
        own = {person_id for person_id, held in managers.items() if team_id in held}
        if own:
            name = EVERY_TEAM if team_id is None else desk.teams[team_id].name
            yield ReadBy(team_id, name, Share(sum(len(who & own) for who in each), len(own) * len(each)))


def _area(desk: Desk, team_id: int | None) -> int | None:
    return None if team_id is None else desk.teams.line(team_id)[-1]
