"""A year day by day: people act, the clock goes on, the worker does its work, or lies still for days."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from storage import register
from tests.roads.year import plan
from tests.roads.year.act import Acts
from tests.roads.year.cast import Cast, cast
from tests.roads.year.county import County, open_county
from tests.roads.year.days import (
    AFTERNOON,
    ANNOUNCED,
    DAY,
    FIRST,
    LAST,
    LATE_HOLIDAY,
    MORNING,
    NOON,
    STEPS,
    after,
    at,
    beats,
    works,
)
from tests.roads.year.diary import COMPLAINT, Diary
from tests.roads.year.goings import absences, goings
from tests.roads.year.lives import Life, Lives
from tests.roads.year.people import People

# A few are recorded only after the year is over.
COMPLAINTS, PROMISES = 404, 30
# First and last day on which the worker lies still: nine working days, and six.
OUTAGES = [(date(2026, 7, 6), date(2026, 7, 16)), (date(2027, 1, 20), date(2027, 1, 27))]
_ACTING = (NOON, AFTERNOON)


@dataclass
class Year:
    """A county and what the simulation knows of its year."""

    county: County
    diary: Diary
    outages: list[tuple[date, date]]


@dataclass(order=True)
class _Turn:
    day: date
    slot: int
    number: int
    life: Life = field(compare=False)


class Calendar:
    """Whose turn it is when: each life goes on some working days after it last did, before noon or in the afternoon."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._turns: list[_Turn] = []
        self._numbers = count()
        self.place = (FIRST, 0)

    def begin(self, life: Life, on: date | None = None) -> None:
        """A life begins: at once, or before noon of a day."""
        self._put(on or self.place[0], 0 if on else self.place[1], life)

    def go_on(self, day: date, slot: int) -> None:
        """Everything whose turn has come by now."""
        self.place = (day, slot)
        while self._turns and (self._turns[0].day, self._turns[0].slot) <= (day, slot):
            turn = heappop(self._turns)
            days = next(turn.life, None)
            if days is not None:
                later = after(day, days, LAST) if days else day
                self._put(later, self._random.choice((0, 0, 1)) if days else slot + 1, turn.life)

    def _put(self, day: date, slot: int, life: Life) -> None:
        heappush(
            self._turns, _Turn(*((day, slot) if slot < 2 else (after(day, 1, LAST), 0)), next(self._numbers), life)
        )


@contextmanager
def lived(database_url: str, seed: int, *, complaints: int = COMPLAINTS) -> Iterator[Year]:
    """The year from its first day to its last, lived through. The database is migrated already."""
    random = Random(seed)  # noqa: S311 - the same year every time is what is wanted
    everybody = cast(random, FIRST)
    with open_county(database_url, everybody, at(FIRST, STEPS[0]) - timedelta(hours=1)) as county:
        diary, calendar = Diary(), Calendar(random)
        lives = Lives(Acts(county, diary), diary, random, calendar.begin)
        people = People(lives, goings(random, OUTAGES), absences(random, everybody))
        for ahead in plan.complaints(random, complaints):
            calendar.begin(lives.complaint(ahead), ahead.received)
        for promised in plan.promises(random, PROMISES * complaints // COMPLAINTS):
            calendar.begin(lives.promised(promised), promised.made_on)
        day = FIRST
        while day <= LAST:
            _live(county, diary, calendar, people, day)
            day += DAY
        yield Year(county, diary, OUTAGES)


def _live(county: County, diary: Diary, calendar: Calendar, people: People, day: date) -> None:
    county.up = not any(first <= day <= last for first, last in OUTAGES)
    if not works(day, date.max):
        county.server.clock.to(at(day, NOON))
        county.beat()
        return
    if county.up:
        diary.ran.add(day)
    for step in STEPS:
        county.server.clock.to(at(day, step))
        if step == MORNING:
            people.morning(day)
            people.look()
        if step == NOON:
            people.midday(day)
        if step in _ACTING:
            calendar.go_on(day, _ACTING.index(step))
        if step in beats(day):
            county.beat()
    people.evening(day)
    if day == ANNOUNCED:
        _announce(county, diary)


def _announce(county: County, diary: Diary) -> None:
    """A bank holiday comes late: what is due on it, or counts it, is due a working day later."""
    now = county.now()
    with county.office.change("U0CM0", now) as desk:
        register.council.change_calendar(desk, added={LATE_HOLIDAY: "A late bank holiday"}, removed={})
    for thing in diary.of(COMPLAINT):
        if thing.now.over or thing.now.due < LATE_HOLIDAY:
            continue
        due = max(after(diary.received[thing.reference], 10, LAST), thing.now.due)
        due = due if works(due, LAST) else after(due, 1, LAST)
        thing.became(now, due=due)


__all__ = ["Cast", "Year", "lived"]
