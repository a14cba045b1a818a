"""The database goes away while people work: they are told, nothing is half-done, and it comes back by itself."""

from pathlib import Path

import pytest

from bot.demo.county import CHANNEL
from storage.database import Database
from tests.roads.town import open_town

pytestmark = pytest.mark.slow


def test_people_are_told_while_the_database_is_away_and_it_recovers_by_itself(sqlite_url: str, tmp_path: Path) -> None:
    with open_town(sqlite_url, "socket") as town:
        hester = town.person("U0HESTER")
        assert town.wired.problems() == []
        away = Database(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")
        here, town.wired.office.database = town.wired.office.database, away
        hester.command("/complaint mine", channel=CHANNEL)
        hester.wait_for_message(CHANNEL, "The register can't be reached just now, so nothing was saved")
        town.wired.database = away
        assert town.wired.problems() == ["the database can't be reached"]
        town.wired.office.database = town.wired.database = here
        hester.command("/complaint mine", channel=CHANNEL)
        hester.wait_for_message(CHANNEL, "You own no open complaint")
        assert town.wired.problems() == []
