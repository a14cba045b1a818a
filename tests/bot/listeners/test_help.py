"""Help: what this person can type, and nothing that would only be refused."""

import pytest

from bot.requests import Say, Typed
from tests import county as people
from tests.bot.listeners.counter import Counter

EVERYBODY = {"status", "trend", "compare", "report", "themes", "learning", "help", "listen"}
STAFF = EVERYBODY | {
    "mine", "show", "history", "promise", "promises", "handover", "away", "back", "leaving", "nudges", "sent", "hour",
}  # fmt: skip


def offered(counter: Counter, who: str) -> tuple[set[str], str]:
    answer = counter.door.subcommands["help"].handle(Typed(who, "", "C1", "T1"))
    assert isinstance(answer, Say)
    lines = answer.message.text.splitlines()
    return {line.split("`")[1].split()[1] for line in lines if line.startswith("•")}, answer.message.text


@pytest.mark.parametrize(
    ("who", "can"),
    [
        (people.VIEWER, EVERYBODY),
        (people.SENIOR, STAFF),
        (people.MANAGER, STAFF | {"new", "compliment"}),
        (people.HANDLER, STAFF | {"new", "compliment"}),
        (people.COMPLAINTS_MANAGER, STAFF | {"new", "compliment", "setup"}),
    ],
)
def test_help_lists_what_a_role_can_do(counter: Counter, who: str, can: set[str]) -> None:
    assert offered(counter, who)[0] == can


def test_help_says_as_whom_and_does_not_speak_of_recording_to_who_can_not(counter: Counter) -> None:
    assert "What you can type as named manager of" in offered(counter, people.MANAGER)[1]
    assert "Record as complaint" in offered(counter, people.MANAGER)[1]
    viewer = offered(counter, people.VIEWER)[1]
    assert "What you can type as viewer:" in viewer
    assert "Record as complaint" not in viewer
