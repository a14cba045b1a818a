"""`/complaint themes`: the table for everybody with a role, and a wider action for who may give work."""

from datetime import date
from typing import Any

import pytest

from bot.blocks.message import Block
from bot.blocks.names import Action
from bot.requests import Say
from storage import register
from storage.errors import NotAllowed, Refusal
from storage.models import Theme
from storage.periods import NotAPeriod
from storage.register import NewComplaint, Response
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons, inputs
from tests.bot.listeners.counter import said as written
from tests.bot.listeners.test_promise import line, opened, pressed, typed
from tests.county import County

RECEIVED, LAST_YEAR = date(2026, 11, 16), date(2025, 11, 17)


@pytest.fixture(autouse=True)
def complaints(county: County, counter: Counter) -> None:
    """Two about delay this November, one of them closed with fault found; one about it the November before."""
    for day, outcome in ((RECEIVED, "fault"), (RECEIVED, None), (LAST_YEAR, None)):
        with county.office.change(people.HANDLER, counter.now) as desk:
            themes = (county.themes["Delay"],)
            new = NewComplaint(received_on=day, lead_team_id=county.teams["East"], theme_ids=themes)
            reference = register.record(desk, new).reference
            if outcome:
                answer = {
                    "responded_on": day,
                    "outcome": outcome,
                    "no_action_reason": "A slip of one day",
                    "theme_ids": themes,
                }
                register.respond(desk, reference, Response.model_validate(answer))


def rows(answer: Any) -> dict[str, list[str]]:
    assert isinstance(answer, Say)
    (table,) = [block for block in answer.message.blocks if block["type"] == "table"]
    return {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in table["rows"]}


def context(answer: Any) -> str:
    assert isinstance(answer, Say)
    blocks: list[Block] = [block for block in answer.message.blocks if block["type"] == "context"]
    return str(blocks[-1])


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER])
def test_the_table_shows_counts_shares_and_trends_to_everybody_with_a_role(counter: Counter, who: str) -> None:
    found = rows(typed(counter, who, "themes November 2026"))
    assert found == {
        "Theme": ["Received", "A year earlier", "Closed", "Fault found", "Fault, year on year", "Wider actions"],
        "Delay": ["2 (+1)", "1", "1", "100 % (1 of 1)", "–", "0"],
        "Communication": ["0", "0", "0", "–", "–", "0"],
        "Staff conduct": ["0", "0", "0", "–", "–", "0"],
        "Without a theme": ["0", "0", "0", "–", "–", "–"],
        "All complaints": ["2 (+1)", "1", "1", "100 % (1 of 1)", "–", "–"],
    }


def test_every_column_is_defined_under_the_table(counter: Counter) -> None:
    answer = typed(counter, people.HANDLER, "themes")
    for title in rows(answer)["Theme"]:
        assert f"{title}: " in context(answer)
    assert "Children's" in context(answer) or "tatutory" in context(answer)


def test_the_text_alone_says_it_all(counter: Counter) -> None:
    answer = typed(counter, people.VIEWER, "themes November 2026")
    assert isinstance(answer, Say)
    for part in (
        "Themes of stage 1 complaints, November 2026",
        "1 November 2026 to 30 November 2026: 2 received, 2 of them with a theme; 1 closed, fault found in 100 % (1 of 1).",
        "Delay: received 2 (a year earlier 1, +1), closed 1, fault found 100 % (1 of 1)",
        "Communication: received 0 (a year earlier 0, –), closed 0, fault found –",
    ):
        assert part in answer.message.text


def test_a_period_nobody_understands_is_refused_with_examples(counter: Counter) -> None:
    with pytest.raises(NotAPeriod, match="Try"):
        typed(counter, people.HANDLER, "themes whenever")


def test_a_stranger_is_told_whom_to_ask(counter: Counter) -> None:
    with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
        typed(counter, people.STRANGER, "themes")


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        (people.HANDLER, True),
        (people.COMPLAINTS_MANAGER, True),
        (people.SENIOR, True),
        (people.MANAGER, False),
        (people.VIEWER, False),
    ],
)
def test_a_wider_action_is_offered_to_who_may_give_work(counter: Counter, who: str, offered: bool) -> None:
    answer = typed(counter, who, "themes")
    assert isinstance(answer, Say)
    assert (Action.WIDER in buttons(answer.message.blocks)) is offered
    if not offered:
        with pytest.raises(NotAllowed, match="wider action"):
            pressed(counter, who, Action.WIDER, str(counter.county.themes["Delay"]))


def test_a_wider_action_is_a_commitment_of_its_theme(counter: Counter) -> None:
    theme = str(counter.county.themes["Delay"])
    form = opened(pressed(counter, people.SENIOR, Action.WIDER, theme))
    assert set(inputs(form)) == {"theme_id", "body", "due_on", "owner_id", "team_id"}
    chosen = next(
        block["element"]["initial_option"]["value"] for block in form["blocks"] if block.get("block_id") == "theme_id"
    )
    assert chosen == theme
    values = {
        "theme_id": (theme,),
        "body": "Every team answers letters in two days",
        "due_on": "2027-03-31",
        "owner_id": (str(counter.county.people[people.MANAGER]),),
    }
    missing = {name: value for name, value in values.items() if name != "theme_id"}
    assert set(counter.submit(people.SENIOR, form, missing)["errors"]) == {"theme_id"}
    assert "*P-0001* is recorded" in written(counter.submit(people.SENIOR, form, values)["view"])
    assert line(counter).origin == "Learning: Delay"
    assert rows(typed(counter, people.HANDLER, "themes"))["Delay"][-1] == "1"


def test_without_a_theme_a_wider_action_is_refused_in_words(counter: Counter) -> None:
    with counter.county.office.change(None, counter.now) as desk:
        for theme in counter.county.themes.values():
            desk.session.get_one(Theme, theme).retired_on = counter.now.date()
    with pytest.raises(Refusal, match="There is no theme yet"):
        pressed(counter, people.HANDLER, Action.WIDER, "1")
