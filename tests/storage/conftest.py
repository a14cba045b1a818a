"""Databases that no migration has touched yet, and one that has seen much."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest

from storage import schema
from storage.database import Database
from tests import county as people
from tests.conftest import MONDAY, database_made, open_office
from tests.county import County, load_county
from tests.history import Past, fill


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def long_history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The county after 40,000 complaints in eleven years, for tests that look at what is read of it and change nothing."""
    if request.param == "sqlite":
        yield from _aged(f"sqlite:///{tmp_path_factory.mktemp('aged') / 'aged.db'}")
        return
    with database_made(request.getfixturevalue("postgres_server"), f"aged_{uuid4().hex[:12]}") as url:
        yield from _aged(url)


def _aged(url: str) -> Iterator[County]:
    database = Database(url)
    schema.upgrade(database)
    county = load_county(open_office(database), MONDAY - timedelta(days=400))
    teams = tuple(county.teams[name] for name in ("East", "West", "Fostering"))
    owners = tuple(county.people[who] for who in (people.MANAGER, people.OTHER_TEAMS_MANAGER))
    fill(database, Past(40_000, date(2016, 4, 1), date(2026, 11, 1), teams, owners))
    fill(database, Past(60, date(2026, 10, 1), date(2026, 11, 20), teams, owners, after=40_000, is_open=True))
    yield county
    database.close()
