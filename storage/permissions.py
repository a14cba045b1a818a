"""Who may do what: DESIGN.md's table of roles, and the only place in code that says it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from storage.vocabulary import Role


class Operation(StrEnum):
    """What people ask of the register. The value completes the sentence "You can't … "."""

    RECORD = "record a complaint or a compliment"
    IMPORT = "import complaints"
    ALLOCATE = "allocate a complaint"
    CLAIM = "claim this complaint"
    WORK = "acknowledge, answer or close this complaint"
    APPROVE = "approve or refuse this"
    CONDUCT = "decide how this complaint goes on"
    SEE = "see this complaint"
    FIGURES = "see the figures"
    HAND_OVER = "hand over this work"
    STAFF = "say when this person is away or leaves"
    LEARN = "verify what was done, or share what was learned"
    PROMISE = "record a commitment"
    ORGANISE = "change teams, people or settings"


class Reach(StrEnum):
    """How far a role's permission goes."""

    ALL = "all"
    OWN_TEAMS = "own teams"
    OWN_COMPLAINTS = "own complaints"
    OWN_OR_TEAMS = "own complaints and own teams'"


_H, _CM, _NM, _SM, _V = (
    Role.HANDLER, Role.COMPLAINTS_MANAGER, Role.NAMED_MANAGER, Role.SENIOR_MANAGER, Role.VIEWER,
)  # fmt: skip

TABLE: dict[Operation, dict[Role, Reach]] = {
    Operation.RECORD: {_H: Reach.ALL, _CM: Reach.ALL, _NM: Reach.ALL},
    Operation.IMPORT: {_H: Reach.ALL, _CM: Reach.ALL},
    Operation.ALLOCATE: {_H: Reach.ALL, _CM: Reach.ALL},
    Operation.CLAIM: {_NM: Reach.OWN_TEAMS, _SM: Reach.OWN_TEAMS},
    # A senior manager may claim, and who owns a complaint has to be able to answer it.
    Operation.WORK: {_H: Reach.ALL, _CM: Reach.ALL, _NM: Reach.OWN_COMPLAINTS, _SM: Reach.OWN_COMPLAINTS},
    Operation.APPROVE: {_CM: Reach.ALL, _SM: Reach.OWN_TEAMS},
    # Opening and refusing stages, appointing, refusing complaints, reopening, correcting: the complaints team's work.
    Operation.CONDUCT: {_H: Reach.ALL, _CM: Reach.ALL},
    Operation.SEE: {_H: Reach.ALL, _CM: Reach.ALL, _NM: Reach.OWN_OR_TEAMS, _SM: Reach.OWN_OR_TEAMS},
    Operation.FIGURES: {_H: Reach.ALL, _CM: Reach.ALL, _NM: Reach.ALL, _SM: Reach.ALL, _V: Reach.ALL},
    # Whoever owns something may pass it on; a senior manager within their service, the complaints team anywhere.
    Operation.HAND_OVER: {_H: Reach.ALL, _CM: Reach.ALL, _NM: Reach.OWN_COMPLAINTS, _SM: Reach.OWN_OR_TEAMS},
    # Of other people; everybody may say it of themselves.
    Operation.STAFF: {_CM: Reach.ALL, _SM: Reach.OWN_TEAMS},
    # Done is what its owner says; that it was done is for the complaints team to see.
    Operation.LEARN: {_H: Reach.ALL, _CM: Reach.ALL},
    Operation.PROMISE: {_H: Reach.ALL, _CM: Reach.ALL, _NM: Reach.ALL, _SM: Reach.ALL},
    Operation.ORGANISE: {_CM: Reach.ALL},
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A person and what they are. `roles` pairs each role with the team it is for, None meaning all teams.

    `person_id` None is the app itself (imports from the command line, the scheduler), which may do everything. `covers` are the
    people for whom they stand in today: what is theirs is this person's to see to.
    """

    person_id: int | None
    name: str
    roles: tuple[tuple[Role, int | None], ...]
    covers: frozenset[int] = frozenset()

    def owns(self, owner_id: int | None) -> bool:
        """Whether something of this owner is theirs to see to."""
        return owner_id is not None and (owner_id == self.person_id or owner_id in self.covers)

    def has(self, *roles: Role) -> bool:
        return any(role in roles for role, _team in self.roles)

    @property
    def sees_all(self) -> bool:
        return self.person_id is None or any(TABLE[Operation.SEE].get(role) is Reach.ALL for role, _team in self.roles)


def may(
    standing: Standing, operation: Operation, *, team_line: Iterable[int] = (), owner_id: int | None = None
) -> bool:
    """Whether this person may. `team_line` is the complaint's lead team and every team above it; `owner_id` its owner."""
    if standing.person_id is None:
        return True
    line = set(team_line)
    return any(
        _reaches(standing, TABLE[operation].get(role), team_id, line, owner_id) for role, team_id in standing.roles
    )


def _reaches(
    standing: Standing, reach: Reach | None, team_id: int | None, line: set[int], owner_id: int | None
) -> bool:
    if reach is None:
        return False
    in_team = team_id is None or team_id in line
    owns = standing.owns(owner_id)
    return {
        Reach.ALL: True,
        Reach.OWN_TEAMS: in_team,
        Reach.OWN_COMPLAINTS: owns,
        Reach.OWN_OR_TEAMS: owns or in_team,
    }[reach]
