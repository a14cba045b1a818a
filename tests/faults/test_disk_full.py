"""No room is left where the register is: people are told so, nothing is half saved, and it goes on by itself once there is."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.demo.county import CHANNEL
from bot.practice.person import Json, Person, written
from storage import checking
from storage.models import Complaint
from tests.roads.test_outages import (
    FORM,
    UNSURE,
    beating,
    count,
    everything_went_out_once,
    health,
    in_slacks_time,
    later,
    new_form,
    nothing_is_half_done,
    nothing_is_held,
    offer,
    sees,
)
from tests.roads.test_workers import allocate, posted, unsent
from tests.roads.town import Town, open_town

pytestmark = [pytest.mark.slow, pytest.mark.paired]

FULL = "The disk that the register is on is full, so nothing was saved"


@contextmanager
def no_page_left(town: Town) -> Iterator[None]:
    """SQLite itself may not make its file any larger, which is how it meets the end of a disk."""
    engine = town.wired.database.engine

    def limit(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(engine, "connect", limit)
    engine.dispose()
    try:
        with engine.connect() as connection:
            # What the last page has room for is used up, so that not even a short row finds any.
            assert connection.execute(text("PRAGMA freelist_count")).scalar_one() == 0
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


def refused_by(person: Person) -> str:
    """Fills in the form until it is refused, since the last pages have room for some; what is said then."""
    for _ in range(60):
        form = new_form(person)
        answer = in_slacks_time(lambda form=form: person.submit(form, FORM))  # type: ignore[misc]
        if "errors" in answer:
            return " ".join(answer["errors"].values())
        person.close(person.view(), everything=True)
    pytest.fail("the disk never filled up")


def test_people_are_told_that_the_disk_is_full_and_everything_goes_on_once_there_is_room(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_town(sqlite_url, "http", rates="off") as town, health(town) as ask, beating(town, monkeypatch):
        hester, mabel = town.person("U0HESTER"), town.person("U0MABEL")
        offer(town)
        card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
        hester.wait_for(lambda: unsent(town) == 0, timeout=20, what="everything to go out")
        with no_page_left(town):
            assert FULL in refused_by(hester)
            saved = count(town, Complaint)
            said = sees(mabel, lambda: mabel.click(card, "claim"))
            assert FULL in said or "You own CS-2026-0001" in said
            # Who only looks is served, and what is due has to wait.
            assert "You own" in sees(mabel, lambda: mabel.command("/complaint mine", channel=CHANNEL))
            town.server.clock.advance(timedelta(days=4, hours=2))
            assert ask("/healthz")[0] == 200
        hester.submit(hester.view(), FORM)
        assert f"CS-2026-{saved + 1:04d} is recorded" in written(hester.view()).replace("*", "")
        assert "CS-2026-0001" in sees(mabel, lambda: mabel.click(card, "claim"))
        hester.wait_for(lambda: ask("/readyz")[0] == 200 and unsent(town) == 0, timeout=30, what="everything to go out")
        assert count(town, Complaint) == saved + 1
        nothing_is_half_done(town)
        everything_went_out_once(town)
        nothing_is_held(town)
        is_whole(town)


@contextmanager
def no_write_succeeds(sqlite_url: str) -> Iterator[None]:
    """The system itself refuses whatever would make a file longer than the log of the register is."""
    log = Path(sqlite_url.removeprefix("sqlite:///") + "-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_writes_that_fail_save_nothing_and_what_slack_took_meanwhile_is_not_posted_again(sqlite_url: str) -> None:
    with open_town(sqlite_url, "http", rates="off") as town:
        hester, mabel = town.person("U0HESTER"), town.person("U0MABEL")
        offer(town)
        town.beat()
        card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
        form = new_form(hester)
        allocate(town, 4)
        hester.add_fault("slow", method="chat.postMessage", seconds=1.0)
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(town.delivery.run, most_rounds=1)
            hester.wait_for(lambda: len(posts_asked_for(town)) > 3, what="calls to Slack")
            with no_write_succeeds(sqlite_url):
                assert sending.result(20) > 0
                hester.clear_faults()
                assert UNSURE in " ".join(in_slacks_time(lambda: hester.submit(form, FORM))["errors"].values())
                assert UNSURE in sees(mabel, lambda: mabel.click(card, "claim"))
                said = sees(mabel, lambda: mabel.command("/complaint mine", channel=CHANNEL))
                assert "You own 2 open complaints" in said
                assert count(town, Complaint) == 5
        assert len(posted(town)) > 3
        town.delivery.run()
        assert unsent(town) > 0, "a lease runs out by the clock, and not before"
        hester.submit(hester.view(), FORM)
        assert "CS-2026-0006 is recorded" in written(hester.view()).replace("*", "")
        assert "You own CS-2026-0001" in sees(mabel, lambda: mabel.click(card, "claim"))
        hester.wait_for(lambda: later(town, timedelta(seconds=61)), timeout=20, what="everything to be sent")
        nothing_is_half_done(town)
        everything_went_out_once(town)
        nothing_is_held(town)
        is_whole(town)


def posts_asked_for(town: Town) -> list[Json]:
    return [one for one in town.person("U0HESTER").log()["calls"] if one["method"] == "chat.postMessage"]


def is_whole(town: Town) -> None:
    """Neither the file nor what is in it is broken."""
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        assert desk.session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert checking.check(desk).differences == ()
