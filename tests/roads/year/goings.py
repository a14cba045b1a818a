"""Who leaves, who comes, who is away and when: drawn by lot from a seed, before the year begins."""

from dataclasses import dataclass
from datetime import date
from random import Random

from tests.roads.year.cast import REPLACED, Cast, Going, Leaver
from tests.roads.year.days import FIRST, LAST, after, before, working_days

# How the twenty who are replaced go.
_HOW = (
    *[Going.HANDS_OVER] * 6, *[Going.SAYS_WHEN] * 4, *[Going.DEACTIVATED] * 3, *[Going.UNHEARD] * 2,
    *[Going.UNLISTED] * 3, *[Going.MOVES] * 2,
)  # fmt: skip


@dataclass(frozen=True)
class Off:
    """Days off as they are planned, both included. `said_on` is when they are recorded: the first of them, for an illness."""

    who: str
    first: date
    last: date
    said_on: date
    covered: bool


def goings(random: Random, outages: list[tuple[date, date]]) -> list[Leaver]:
    """A third of the managers go, a few of them senior ones, and two in the middle of an outage without a word."""
    whens = sorted(random.sample(list(working_days(after(FIRST, 20, LAST), LAST))[:-25], REPLACED))
    hows = random.sample(_HOW, REPLACED)
    for place, how, (start, _end) in zip((5, 14), (Going.DEACTIVATED, Going.UNHEARD), outages, strict=True):
        whens[place], hows[place] = after(start, 2, LAST), how
    return [
        Leaver(
            how,
            on,
            before(on, random.randint(12, 25)) if how in {Going.HANDS_OVER, Going.SAYS_WHEN} else on,
            f"U0NEW{number:02d}",
            senior=number % 6 == 1,
        )
        for number, (on, how) in enumerate(zip(whens, hows, strict=True))
    ]


def absences(random: Random, cast: Cast) -> list[Off]:
    """Two or three a person over the year, of one day to two weeks; most have somebody who stands in."""
    every = list(working_days(FIRST, LAST))
    found = []
    for one in cast.members.values():
        if not one.roles:
            continue
        place = random.randint(5, 60)
        for _ in range(random.randint(2, 3)):
            length = random.choice((1, 2, 3, 5, 5, 10))
            if place + length >= len(every) - 15:
                break
            first, last = every[place], every[place + length - 1]
            said = every[place - random.randint(1, 5)] if random.random() < 0.7 else first
            found.append(Off(one.slack_id, first, last, said, random.random() < 0.65))
            place += length + random.randint(30, 90)
    return found
