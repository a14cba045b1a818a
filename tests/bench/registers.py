"""Registers to measure on: a county's teams and people, and a history of any length before the year that is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from storage import procedures, schema
from storage.database import Database
from storage.office import Office
from storage.periods import Period
from storage.workdays import WorkingDays
from tests.county import COUNTY as ORGANISATION
from tests.county import County, load_county
from tests.history import Past, fill

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
YEAR = Period.of(date(2026, 4, 1), date(2027, 3, 31))
# As SLACK.md measured it: a thousand in the year that is asked for, five hundred of them open.
IN_THE_YEAR, OPEN = 1_000, 500


@dataclass(frozen=True)
class Aged:
    """A county, and how many ended stages its history has."""

    county: County
    stages: int

    @property
    def office(self) -> Office:
        return self.county.office

    @property
    def database(self) -> Database:
        return self.county.office.database


@contextmanager
def aged(url: str, stages: int, *, open_stages: int = OPEN) -> Iterator[Aged]:
    """A new register with so many ended stages in the twenty years before, a year of IN_THE_YEAR, and what is open."""
    database = Database(url)
    schema.upgrade(database)
    office = Office(database, calendar=WorkingDays.england(), procedures=procedures.shipped())
    county = load_county(office, NOW - timedelta(days=7300), ORGANISATION)
    teams = tuple(county.teams[name] for name in ("East", "West", "Fostering"))
    owners = tuple(county.people.values())[3:6]
    made = 0
    for count, first, last, still_open in (
        (stages, date(2006, 9, 1), date(2026, 2, 27), False),
        (IN_THE_YEAR, date(2026, 4, 1), date(2026, 10, 20), False),
        (open_stages, date(2026, 10, 21), date(2026, 11, 20), True),
    ):
        if count:
            fill(database, Past(count, first, last, teams, owners, after=made, is_open=still_open))
        made += count
    try:
        yield Aged(county, stages)
    finally:
        database.close()


def sqlite_at(folder: Path, name: str) -> str:
    """The URL of a new file."""
    return f"sqlite:///{folder / name}.db"
