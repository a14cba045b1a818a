"""Who works for this county: twelve teams, sixty managers, the complaints team, and who comes for those who go.

Every name is put together from two lists and belongs to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from random import Random

from storage.register.organisation import Organisation
from storage.vocabulary import Role
from tests.roads.year.days import LONDON

NEVER = datetime.max.replace(tzinfo=UTC)
AREAS = ("Early Help", "Safeguarding", "Permanence", "Disability")
PLACES = ("North", "South", "West")
TEAMS = tuple(f"{area} {place}" for area in AREAS for place in PLACES)
THEMES = ("Communication", "Delay", "Staff conduct", "Contact")
REPLACED = 20
_FIRST = (
    "Mabel", "Noor", "Idris", "Petra", "Sefton", "Vida", "Fenn", "Cora", "Hester", "Anwen", "Bram", "Tamsin",
)  # fmt: skip
_LAST = (
    "Eastwood", "Foster", "Ledger", "Penn", "Vale", "Glass", "Hale", "Quill", "Thorne", "Wick", "Marlow", "Ashby",
)  # fmt: skip
_ZONES = ("Europe/Athens", "Atlantic/Azores", "Asia/Kolkata")
_HOURS = (8, 10, 11, 13)


class Going(StrEnum):
    """How somebody stops being there."""

    HANDS_OVER = "says when, and hands over"
    SAYS_WHEN = "says when, and hands nothing over"
    DEACTIVATED = "is deactivated in Slack, which says so"
    UNHEARD = "is deactivated in Slack, which is only found by the daily check"
    UNLISTED = "loses the role with the next org load"
    MOVES = "goes to another team"


@dataclass
class Member:
    """One of the staff, with what the simulation knows of them: a diary of its own, beside the register.

    `roles` are (role, team, first day, last day); `away` are (first, last, the Slack id of who stands in). Days are London's.
    `last_day` is one that was announced; `gone_at` the moment from which the office could know that they are not there any more.
    """

    slack_id: str
    name: str
    tz: str = "Europe/London"
    hour: int = 9
    agency: bool = False
    roles: list[tuple[Role, str | None, date, date]] = field(default_factory=list)
    away: list[tuple[date, date, str | None]] = field(default_factory=list)
    last_day: date | None = None
    said_at: datetime = NEVER
    gone_at: datetime = NEVER
    id: int = 0

    def has_role(self, day: date, *roles: Role) -> bool:
        return any(first <= day <= last and (not roles or role in roles) for role, _team, first, last in self.roles)

    def is_gone(self, now: datetime) -> bool:
        """Left, deactivated, or without a role."""
        return now >= self.gone_at or not self.has_role(now.astimezone(LONDON).date())

    def absence(self, day: date) -> tuple[date, date, str | None] | None:
        return next((one for one in self.away if one[0] <= day <= one[1]), None)

    def is_here(self, now: datetime) -> bool:
        return not self.is_gone(now) and self.absence(now.astimezone(LONDON).date()) is None

    def stays(self, now: datetime, due: date) -> bool:
        """Whether this person is there until a day, as far as they had said by then."""
        last = max(due, now.astimezone(LONDON).date())
        return self.last_day is None or now < self.said_at or self.last_day >= last

    def can_take(self, now: datetime, due: date) -> bool:
        """Whether this person can be given work that is due then, as far as anybody knows."""
        return self.is_here(now) and self.stays(now, due)

    def teams(self, day: date, role: Role) -> list[str]:
        """The teams or areas for which this person has the role."""
        return [team for had, team, first, last in self.roles if had is role and team and first <= day <= last]

    def entry(self, day: date) -> dict[str, object]:
        """The person in an org file of that day."""
        return {
            "slack_id": self.slack_id,
            "name": self.name,
            "tz": self.tz,
            "nudge_hour": self.hour,
            "agency": self.agency,
            "roles": [
                {"role": role.value, **({"team": team} if team else {})}
                for role, team, first, last in self.roles
                if first <= day <= last
            ],
        }


@dataclass
class Leaver:
    """A going as it is planned: how, on which first day somebody is not there any more, when that is said, who comes instead.

    Who it will be is found on the day it is said: somebody who owns something then.
    """

    how: Going
    on: date
    said_on: date
    successor: str
    senior: bool
    who: str = ""


@dataclass
class Cast:
    """Everybody by Slack id, those who will come later among them, and who goes when."""

    members: dict[str, Member]
    teams: dict[str, int] = field(default_factory=dict)

    def of(self, role: Role, now: datetime, team: str | None = None) -> list[Member]:
        """Those who hold a role, for a team when one is named, and are not gone."""
        day = now.astimezone(LONDON).date()
        return [
            one
            for one in self.members.values()
            if not one.is_gone(now)
            and (one.has_role(day, role) if team is None else bool(set(line(team)) & set(one.teams(day, role))))
        ]

    def standing_in(self, slack_id: str, now: datetime) -> str | None:
        """Who sees to what this person owns: they themselves, or who stands in; None when nobody does."""
        who = self.members[slack_id]
        if who.is_here(now):
            return slack_id
        absence = None if who.is_gone(now) else who.absence(now.astimezone(LONDON).date())
        cover = absence[2] if absence else None
        return cover if cover is not None and self.members[cover].is_here(now) else None

    def by_id(self, person_id: int) -> Member:
        return next(one for one in self.members.values() if one.id == person_id)


def line(team: str) -> tuple[str, ...]:
    """A team and the area above it."""
    return (team,) if team in AREAS else (team, next(area for area in AREAS if team.startswith(area)))


def cast(random: Random, first: date) -> Cast:
    """Sixty managers, six of the complaints team, and as many more as will be needed. Nobody goes yet: see `plan`."""
    names = _names(random)
    members: dict[str, Member] = {}

    def join(slack_id: str, *roles: tuple[Role, str | None]) -> None:
        usual = random.random() < 0.7
        members[slack_id] = Member(
            slack_id,
            next(names),
            tz="Europe/London" if random.random() < 0.85 else random.choice(_ZONES),
            hour=9 if usual else random.choice(_HOURS),
            agency=random.random() < 0.25,
            roles=[(role, team, first, date.max) for role, team in roles],
        )

    for number, area in enumerate(AREAS):
        join(f"U0HEAD{number}", (Role.SENIOR_MANAGER, area))
    for number, team in enumerate(TEAMS):
        # A third of the teams have a service manager of their own; in the others the head of the area is the next one up.
        if number % 3 == 0:
            join(f"U0SENIOR{number:02d}", (Role.SENIOR_MANAGER, team))
        for which in range(5 if number % 3 == 1 else 4):
            join(f"U0M{number:02d}{which}", (Role.NAMED_MANAGER, team))
    for number in range(4):
        join(f"U0HANDLER{number}", (Role.HANDLER, None))
    for number in range(2):
        join(f"U0CM{number}", (Role.COMPLAINTS_MANAGER, None))
    for number in range(REPLACED):
        join(f"U0NEW{number:02d}")
    return Cast(members)


def organisation(day: date, everybody: Cast) -> Organisation:
    """The org file of a day: everybody who is listed in it, and every team as its allocation is set."""
    members = [one.entry(day) for one in everybody.members.values() if any(role[2] <= day for role in one.roles)]
    teams: list[dict[str, object]] = [{"name": area} for area in AREAS]
    teams += [{"name": team, "part_of": line(team)[1], **_allocation(number)} for number, team in enumerate(TEAMS)]
    return Organisation.model_validate({"teams": teams, "people": members, "themes": list(THEMES)})


def _allocation(number: int) -> dict[str, object]:
    """A third of the teams are offered their complaints; the others have them balanced, one has a manager whose they all are."""
    if number == 5:
        return {"allocation": "fixed", "fixed_manager": "U0M051"}
    return {"allocation": "balanced"} if number % 3 else {}


def _names(random: Random) -> Iterator[str]:
    every = [f"{first} {last}" for first in _FIRST for last in _LAST]
    random.shuffle(every)
    return islice(every, len(every))
