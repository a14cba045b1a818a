"""After a disaster: a register that was restored from last night's backup goes on in the same Slack and says nothing twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo.county import CHANNEL
from storage import backup, checking, outbox, register
from tests.patience import PATIENT
from tests.roads.test_workers import allocate, posted, unsent
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow

REFERENCE = "CS-2026-0001"


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, "socket", rates="off") as opened:
        yield opened


@contextmanager
def restored(town: Town, file: Path, into: str) -> Iterator[Town]:
    """The same town with another register: what the old one learned since the backup is gone."""
    wired = Wired(settings(town.server.api_url, into), town.server.clock.now, PATIENT)
    with backup.opened(file) as found:
        backup.restore(wired.database, found, town.server.clock.now())
    delivery = wired.delivery()
    try:
        yield Town(town.server, wired, delivery, town.another)
    finally:
        delivery.close()
        wired.database.close()


def backed_up(town: Town, folder: Path) -> Path:
    file = folder / "register.zip"
    backup.write(town.wired.database, file, town.server.clock.now())
    return file


def test_what_waited_when_the_backup_was_made_and_was_sent_since_is_not_sent_again(
    town: Town, empty_url: str, tmp_path: Path
) -> None:
    allocate(town, 3)
    file = backed_up(town, tmp_path)
    waited = unsent(town)
    town.beat()
    before = posted(town)
    assert waited > 5
    assert len(before) >= waited
    town.server.clock.advance(timedelta(minutes=20))
    with restored(town, file, empty_url) as again:
        again.beat()
        assert unsent(again) == 0
        assert posted(again) == before
        with again.wired.database.reading() as session:
            places = {outbox.standing(session, f"card:{number}") for number in (1, 2, 3)}
        assert places == {(CHANNEL, one["ts"]) for one in town.person("U0HESTER").messages(CHANNEL)}


def test_what_waited_and_was_never_sent_is_sent(town: Town, empty_url: str, tmp_path: Path) -> None:
    allocate(town, 3)
    file, waited = backed_up(town, tmp_path), unsent(town)
    town.server.clock.advance(timedelta(minutes=20))
    with restored(town, file, empty_url) as again:
        again.beat()
        assert unsent(again) == 0
    assert sum(posted(town).values()) >= waited
    assert max(posted(town).values()) == 1


def test_what_the_old_register_wrote_today_this_week_and_this_month_is_not_sent_again(
    town: Town, empty_url: str, tmp_path: Path
) -> None:
    allocate(town, 3)
    town.beat()
    town.server.clock.advance(timedelta(days=7, hours=-3))
    file = backed_up(town, tmp_path)
    # Half past nine on Tuesday 1 December: nudges, the week's digests, which are late, and the month's first pages.
    town.server.clock.advance(timedelta(days=1, hours=4))
    before = posted(town)
    town.beat()
    after = posted(town)
    assert len(after - before) > 4
    town.server.clock.advance(timedelta(minutes=20))
    with restored(town, file, empty_url) as again:
        again.beat()
        # Cards are drawn again two seconds apart.
        town.server.clock.advance(timedelta(seconds=10))
        again.beat()
        assert unsent(again) == 0
        assert posted(again) == after
        # The day after is a day like any other.
        town.server.clock.advance(timedelta(days=1))
        again.beat()
        assert len(posted(again) - after) > 0
        assert max(posted(again).values()) == 1


def test_a_card_is_drawn_as_the_restored_register_has_it(town: Town, empty_url: str, tmp_path: Path) -> None:
    allocate(town, 1)
    town.beat()
    file = backed_up(town, tmp_path)
    with town.wired.office.change("U0MABEL", town.server.clock.now()) as desk:
        register.acknowledge(desk, REFERENCE)
    town.server.clock.advance(timedelta(minutes=20))
    town.beat()
    (card,) = town.person("U0HESTER").messages(CHANNEL)
    assert "Not acknowledged yet" not in str(card)
    with restored(town, file, empty_url) as again:
        again.beat()
        (drawn,) = town.person("U0HESTER").messages(CHANNEL)
        assert "Not acknowledged yet" in str(drawn)
        assert drawn["ts"] == card["ts"]
        with again.wired.office.look(None, town.server.clock.now()) as desk:
            assert checking.check(desk).differences == ()


def test_a_complaint_that_takes_a_lost_ones_number_gets_a_card_of_its_own(
    town: Town, empty_url: str, tmp_path: Path
) -> None:
    file = backed_up(town, tmp_path)
    allocate(town, 1)
    town.beat()
    (lost,) = town.person("U0HESTER").messages(CHANNEL)
    town.server.clock.advance(timedelta(hours=1))
    with restored(town, file, empty_url) as again:
        allocate(again, 1)
        again.beat()
        first, second = town.person("U0HESTER").messages(CHANNEL)
        assert first["ts"] == lost["ts"]
        assert REFERENCE in second["text"]
