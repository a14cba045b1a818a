"""How far the app is set up: the channel, the teams, who does what for them, and the rules. Reads only."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlmodel import col

from storage import people
from storage.availability import has_standing, held_on
from storage.models import Appointment, Commitment, Complaint, Person
from storage.office import Desk
from storage.people import Who, with_role
from storage.policy import Stage2Clock
from storage.vocabulary import Role
from storage.workdays import CountFrom


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds a role, for a team or, when that is None, for everything."""

    role: Role
    team: str | None
    people: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class SetUp:
    """`teams`: name and how far down the tree it is, in its order. `unmanaged`: teams for which no named manager is there.
    `in_use`: whether any complaint or commitment was ever recorded.
    """

    channel: str | None
    teams: tuple[tuple[str, int], ...]
    holders: tuple[Holders, ...]
    unmanaged: tuple[str, ...]
    count_from: CountFrom
    stage2_clock: Stage2Clock
    until_hour: int
    procedures: tuple[str, ...]
    in_use: bool

    @property
    def has_handler(self) -> bool:
        """Whether anybody records and follows complaints."""
        return any(one.role in {Role.HANDLER, Role.COMPLAINTS_MANAGER} for one in self.holders)

    @property
    def done(self) -> bool:
        """Whether complaints can be recorded, offered and owned."""
        return bool(self.channel and self.teams and self.has_handler and not self.unmanaged)


def begun(desk: Desk) -> bool:
    """Whether anybody looks after complaints here; until then the app can be used by nobody."""
    return bool(with_role(desk.session, [Role.COMPLAINTS_MANAGER], desk.today))


def state(desk: Desk, channel: str | None) -> SetUp:
    """How far it is. `channel`: where cards go when the register does not say."""
    teams = list(desk.teams)
    names = {team.id: team.name for team in teams}
    held = desk.session.execute(
        select(col(Appointment.role), col(Appointment.team_id), col(Appointment.person_id))
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(has_standing(desk.today), held_on(desk.today))
    ).all()
    who = people.everyone(desk.session, [row.person_id for row in held])
    found: dict[tuple[Role, int | None], list[Who]] = defaultdict(list)
    for row in held:
        found[row.role, row.team_id].append(who[row.person_id])
    managed = {team_id for role, team_id in found if role is Role.NAMED_MANAGER and team_id is not None}
    parents = {team.parent_id for team in teams}
    return SetUp(
        channel=desk.policy.cards_go_to(channel),
        teams=tuple((team.name, len(tuple(desk.teams.line(team.id))) - 1) for team in teams),
        holders=tuple(
            Holders(
                role,
                names[team_id] if team_id is not None else None,
                tuple(sorted(set(them), key=lambda one: one.name)),
            )
            for (role, team_id), them in sorted(
                found.items(), key=lambda one: (list(Role).index(one[0][0]), str(one[0][1]))
            )
        ),
        unmanaged=tuple(
            team.name for team in teams if team.id not in parents and not managed.intersection(desk.teams.line(team.id))
        ),
        count_from=desk.policy.count_from,
        stage2_clock=desk.policy.stage2_clock,
        until_hour=desk.policy.nudges_until_hour,
        procedures=tuple(procedure.title for procedure in desk.procedures.values()),
        in_use=bool(
            desk.session.scalar(select(or_(exists(select(col(Complaint.id))), exists(select(col(Commitment.id))))))
        ),
    )
