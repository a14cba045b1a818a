"""The tree of teams and service areas, as one look at the register."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models import Team
from storage.vocabulary import Allocation


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """One team. `closed_on` is its last day."""

    id: int
    name: str
    parent_id: int | None
    opened_on: date | None
    closed_on: date | None
    allocation: Allocation
    fixed_manager_id: int | None
    channel: str | None

    def is_open(self, day: date) -> bool:
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or day <= self.closed_on)


class TeamTree:
    """All teams, open and closed. Ids that are not in it raise KeyError."""

    def __init__(self, teams: list[TeamFacts]) -> None:
        self._teams = {team.id: team for team in teams}
        self._children: dict[int | None, list[TeamFacts]] = {}
        for team in sorted(teams, key=lambda team: team.name.casefold()):
            self._children.setdefault(team.parent_id, []).append(team)

    def __getitem__(self, team_id: int) -> TeamFacts:
        return self._teams[team_id]

    def __contains__(self, team_id: object) -> bool:
        return team_id in self._teams

    def __iter__(self) -> Iterator[TeamFacts]:
        """Down the tree: each service area, then what is below it, by name."""
        yield from self._below(None)

    def _below(self, parent_id: int | None) -> Iterator[TeamFacts]:
        for team in self._children.get(parent_id, []):
            yield team
            yield from self._below(team.id)

    def named(self, name: str) -> TeamFacts | None:
        """The team of this name, in any case; None when there is none."""
        wanted = " ".join(name.split()).casefold()
        return next((team for team in self._teams.values() if team.name.casefold() == wanted), None)

    def holding(self, words: str) -> list[TeamFacts]:
        """The teams whose names have all of these words in them, in any case, by name; none for no words."""
        wanted = set(words.casefold().split())
        found = [team for team in self._teams.values() if wanted and wanted <= set(team.name.casefold().split())]
        return sorted(found, key=lambda team: team.name.casefold())

    def line(self, team_id: int) -> tuple[int, ...]:
        """The team and every team above it, nearest first."""
        found: list[int] = []
        current: int | None = team_id
        while current is not None:
            found.append(current)
            current = self._teams[current].parent_id
        return tuple(found)

    def subtree(self, team_id: int) -> frozenset[int]:
        """The team and every team below it."""
        return frozenset({team_id, *(team.id for team in self._below(team_id))})

    def is_area(self, team_id: int) -> bool:
        """Whether other teams are below this one."""
        return bool(self._children.get(team_id))


def load(session: Session) -> TeamTree:
    """Every team there has ever been, in one query."""
    columns = (
        Team.id, Team.name, Team.parent_id, Team.opened_on, Team.closed_on, Team.allocation, Team.fixed_manager_id,
        Team.channel,
    )  # fmt: skip
    return TeamTree([TeamFacts(*row) for row in session.execute(select(*map(col, columns)))])
