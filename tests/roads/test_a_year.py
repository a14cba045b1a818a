"""A year of a county on a fake clock against the practice workspace: managers come and go, the worker lies still, and so on.

What Slack really has is judged by an oracle of its own (`tests/roads/year`), which asks the product nothing.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import structlog

from storage import backup, checking
from storage.database import Database
from tests.conftest import open_office
from tests.roads.year import judge_ladder, judge_messages, judge_ownership, slack, spoiled
from tests.roads.year.slack import Post
from tests.roads.year.year import Year, lived
from tests.storage.witness import values

pytestmark = [pytest.mark.slow, pytest.mark.paired]

Judge = Callable[[list[Post], Year], Iterable[str]]
NOBODY: dict[str, Judge] = {
    "had two scheduled messages on a day, or one outside their hours": judge_messages.one_a_day,
    "had a message twice, and none was lost": judge_messages.once,
    "unavailable was written to": judge_messages.written_to_the_unavailable,
    "unavailable was given work": judge_messages.given_to_the_unavailable,
    "heard a rung twice": judge_ladder.doubled,
    "missed a rung on its day": judge_ladder.skipped,
    "above an orphan was left without word for more than a working day": judge_ownership.unheard,
    "let an action, a remedy or a promise end in nothing": judge_ownership.unkept,
}
SPOILED = [(judge, spoil) for judge, spoils in spoiled.SPOILED.items() for spoil in spoils]


@pytest.fixture(scope="module")
def year(sqlite_template: Path) -> Iterator[Year]:
    path = shutil.copy(sqlite_template, sqlite_template.with_name("year.db"))
    # Ten thousand lines of what was sent would drown what is judged.
    quiet = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        with lived(f"sqlite:///{path}", seed=1) as found:
            yield found
    finally:
        structlog.configure(**quiet)


@pytest.fixture(scope="module")
def posts(year: Year) -> list[Post]:
    """Everything that the workspace has, oldest first."""
    return slack.posts(year.county)


@pytest.mark.parametrize("never", NOBODY)
def test_in_a_whole_year_nobody(posts: list[Post], year: Year, never: str) -> None:
    assert list(NOBODY[never](posts, year))[:5] == []


@pytest.mark.parametrize(("judge", "spoil"), SPOILED, ids=[spoil.__name__ for _, spoil in SPOILED])
def test_a_year_with_one_thing_gone_wrong_does_not_pass(
    posts: list[Post], year: Year, judge: Judge, spoil: Callable[[list[Post], Year], spoiled.Spoiled]
) -> None:
    assert list(judge(*spoil(posts, year))) != []


def test_no_judgement_is_without_something_that_it_must_not_let_pass() -> None:
    assert set(spoiled.SPOILED) == set(NOBODY.values())


def test_the_year_was_as_full_as_it_had_to_be(posts: list[Post], year: Year) -> None:
    assert len(year.diary.received) >= 400
    assert judge_ownership.orphan_days(year) > 0
    assert len(posts) > 2_000
    assert slack.unsent(year.county) == []


def test_at_the_end_of_the_year_the_register_agrees_with_its_history(year: Year) -> None:
    with year.county.office.look(None, year.county.now()) as desk:
        assert checking.check(desk).differences == ()


def test_the_register_of_the_year_is_the_same_when_it_is_restored(year: Year, empty_url: str, tmp_path: Path) -> None:
    file, into = tmp_path / "year.zip", Database(empty_url)
    backup.write(year.county.office.database, file, year.county.now())
    with backup.opened(file) as found:
        assert backup.restore(into, found, year.county.now()).waiting == 0
    office = open_office(into)
    with office.look(None, year.county.now()) as desk:
        assert checking.check(desk).differences == ()
    before, after = values(year.county.office.database), values(into)
    # Cards of open complaints wait to be drawn again, and the council's history says that it was restored.
    assert len(after["council_change"]) == len(before.pop("council_change")) + 1
    assert len(after["outbox"]) == len(before.pop("outbox"))
    assert [table for table in before if after[table] != before[table]] == []
    into.close()
