"""What comes in over the year and how it will be dealt with: drawn by lot from a seed, before the year begins."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from random import Random

from tests.roads.year.cast import TEAMS
from tests.roads.year.days import FIRST, LAST, working_days


class Habit(Enum):
    """How people keep what they promised."""

    KEPT = "kept"
    LATE = "late"
    FORGOTTEN = "forgotten"
    SENT_BACK = "sent back"


@dataclass(frozen=True)
class Ahead:
    """What a complaint has ahead of it, in working days. `claimed_after` and `acknowledged_after` None: nobody will.

    `reopened_after` 0: never.
    """

    team: str
    received: date
    recorded_after: int
    claimed_after: int | None
    acknowledged_after: int | None
    answered_after: int
    outcome: str
    habit: Habit
    learns: bool
    wider: Habit | None
    extended: bool
    snoozed: bool
    withdrawn: bool
    remedied: bool
    reopened_after: int


@dataclass(frozen=True)
class Promised:
    """A promise that will be made on a day, due after so many working days."""

    number: int
    made_on: date
    days: int
    habit: Habit


def complaints(random: Random, count: int) -> list[Ahead]:
    """So many complaints, by the day they come in. Most are answered in time and before anybody has to be told."""
    days = list(working_days(FIRST, LAST))
    return [_one(random, received) for received in sorted(random.choices(days, k=count))]


def promises(random: Random, count: int) -> list[Promised]:
    """So many commitments, some of which are due after the year."""
    days = list(working_days(FIRST, LAST))[:-30]
    return [
        Promised(number, made_on, random.choice((8, 15, 25, 40, 60, 300)), _habit(random))
        for number, made_on in enumerate(sorted(random.choices(days, k=count)), start=1)
    ]


def _one(random: Random, received: date) -> Ahead:
    quick = random.random() < 0.75
    answered = random.choice((1, 2, 2, 5)) if quick else random.randint(7, 17)
    return Ahead(
        team=random.choice(TEAMS),
        received=received,
        recorded_after=random.choice((0, 0, 0, 0, 1, 3)),
        claimed_after=None if random.random() < 0.06 else random.choice((0, 0, 0, 1)),
        # What is answered at once needs no acknowledgement.
        acknowledged_after=None if quick and answered <= 2 else random.choice((0, 0, 0, 0, 1, 4)),
        answered_after=answered,
        outcome=random.choices(("no_fault", "resolved", "partial", "fault"), (13, 2, 3, 2))[0],
        habit=_habit(random),
        learns=random.random() < 0.8,
        wider=_habit(random) if random.random() < 0.15 else None,
        extended=not quick and random.random() < 0.3,
        snoozed=not quick and random.random() < 0.25,
        withdrawn=random.random() < 0.04,
        remedied=random.random() < 0.06,
        reopened_after=random.randint(10, 25) if random.random() < 0.05 else 0,
    )


def _habit(random: Random) -> Habit:
    return random.choices(list(Habit), (14, 3, 1, 2))[0]
