"""Who is to be told of something today, with whoever stands in for those who are away. Looked up once a tick, or a batch."""

from collections.abc import Iterable, Sequence
from functools import cache, cached_property

from storage import availability, people
from storage.availability import Away
from storage.office import Desk
from storage.vocabulary import Role


class Staff:
    """The people of one day, read when it is made. Every answer is a tuple of person ids, empty when there is nobody."""

    def __init__(self, desk: Desk) -> None:
        self._teams = desk.teams
        # Who holds which role for which team today, by name.
        self._held: Sequence[tuple[int, Role, int | None]] = people.roles_held(desk.session, desk.today)
        # Everybody who is away today, by id.
        self.away: dict[int, Away] = {one.person_id: one for one in availability.absences(desk.session, desk.today)}
        self.team_managers = cache(self._team_managers)
        self.deciders = cache(self._deciders)
        self._nearest_senior = cache(self._senior)

    @cached_property
    def everybody(self) -> frozenset[int]:
        """Everybody who has a role and has not left, whether or not they are away."""
        return frozenset(person_id for person_id, _role, _team in self._held)

    @cached_property
    def present(self) -> frozenset[int]:
        """Everybody who has a role and is here today."""
        return self.everybody - self.away.keys()

    @cached_property
    def managers(self) -> tuple[int, ...]:
        """The complaints managers, or whoever stands in. When none can be reached, the handlers, else the senior managers.

        This is where every escalation ends, so it must not be nobody.
        """
        for role in (Role.COMPLAINTS_MANAGER, Role.HANDLER, Role.SENIOR_MANAGER):
            if found := self.standing_in(self._with(role)):
                return found
        return ()

    @cached_property
    def team(self) -> frozenset[int]:
        """The complaints team."""
        return frozenset([*self._with(Role.HANDLER), *self._with(Role.COMPLAINTS_MANAGER)])

    def reach(self, person_id: int | None) -> tuple[int, ...]:
        """This person, or whoever stands in while they are away; empty when nobody does or they are gone."""
        if person_id in self.present:
            return (person_id,)
        away = self.away.get(person_id or 0)
        return (away.cover_id,) if away is not None and away.cover_id in self.present else ()

    def standing_in(self, person_ids: Iterable[int]) -> tuple[int, ...]:
        """Each of these, or whoever stands in; each once."""
        return tuple(dict.fromkeys(one for person_id in person_ids for one in self.reach(person_id)))

    def owner(self, person_id: int | None, team_id: int | None) -> tuple[int, ...]:
        """Who sees to what this person owns. When that is nobody, the senior manager, so that it is never said to nobody."""
        return self.reach(person_id) or self.senior(team_id)

    def handler(self, person_id: int | None) -> tuple[int, ...]:
        """A complaint's handler, else the complaints managers."""
        return self.reach(person_id) or self.managers

    def senior(self, team_id: int | None) -> tuple[int, ...]:
        """The nearest senior manager up the line who can be reached, else the complaints managers.

        A team without a senior manager must not be a place where escalation ends.
        """
        return (self._nearest_senior(team_id) if team_id is not None else ()) or self.managers

    def _with(self, role: Role, line: Sequence[int] | None = None) -> list[int]:
        """Who holds a role, for the team whose line this is when there is one; by name."""
        found = (
            person_id
            for person_id, held, team_id in self._held
            if held is role and (line is None or team_id is None or team_id in line)
        )
        return list(dict.fromkeys(found))

    def _senior(self, team_id: int) -> tuple[int, ...]:
        line = self._teams.line(team_id)
        for part in (*((one,) for one in line), (None,)):
            here = [who for who, role, of in self._held if role is Role.SENIOR_MANAGER and of in part]
            reached = next((found for who in here if (found := self.reach(who))), ())
            if reached:
                return reached
        return ()

    def _team_managers(self, team_id: int) -> tuple[int, ...]:
        """The managers of a team who are here today."""
        found = self._with(Role.NAMED_MANAGER, self._teams.line(team_id))
        return tuple(who for who in found if who in self.present)

    def _deciders(self, team_id: int) -> tuple[int, ...]:
        """Who may decide what was asked for in a team's complaints and is here; nobody stands in for a right."""
        found = [*self._with(Role.COMPLAINTS_MANAGER), *self._with(Role.SENIOR_MANAGER, self._teams.line(team_id))]
        return tuple(who for who in dict.fromkeys(found) if who in self.present)
