"""`complaints nudges`: the ladder is shown as it is in force, and a rung is moved, left out and put back."""

from datetime import datetime

import pytest

from storage.database import Database
from tests.bot.cli.keyboard import Typed, at_the_keyboard
from tests.county import County


@pytest.fixture
def typed(county: County, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Typed:
    return at_the_keyboard(database, now, monkeypatch)


def read(said: str) -> str:
    """What was printed, whatever the width of the terminal."""
    return " ".join(said.split())


def test_every_rung_is_listed_with_when_and_to_whom(typed: Typed) -> None:
    said = read(typed("nudges", "show"))
    assert "due in 5: 5 working days before the response or the next step is due: the owner, or who stands in" in said
    assert (
        "overdue: 1 working day after the response or the next step is due, again every 5 working days: the owner"
        in said
    )
    assert "action today: on the day a learning action is due: the owner" in said
    assert (
        "owner gone: at once after the owner of work was gone, again every 3 working days: the senior manager" in said
    )


def test_a_rung_is_moved_left_out_and_put_back(typed: Typed) -> None:
    assert "7 working days before the response" in read(typed("nudges", "set", "due in 5", "--days", "7"))
    assert "(set by the council)" in read(typed("nudges", "show"))
    assert "due in 5: left out by the council" in read(typed("nudges", "set", "due in 5", "--off"))
    assert "due in 5: 5 working days before" in read(typed("nudges", "reset", "due in 5"))
    assert "set by the council" not in read(typed("nudges", "show"))


def test_a_rung_that_is_not_there_is_told(typed: Typed) -> None:
    assert "There is no nudge rule called “due in 6”" in read(
        typed("nudges", "set", "due in 6", "--days", "7", fails=True)
    )
