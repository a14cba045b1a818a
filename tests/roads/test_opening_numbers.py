"""*Open a number…* in Slack itself: from the table to the form, the list, its pages and one complaint, and the refusal."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from storage import register
from storage.models import Team
from storage.register import NewComplaint
from tests.roads.town import Town

pytestmark = pytest.mark.slow

FORM, LIST = "Open a number", "Behind the number"


@pytest.fixture(autouse=True)
def complaints(town: Town) -> None:
    """Thirty for First Response, received this month and open."""
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
        for _ in range(30):
            register.record(desk, NewComplaint(received_on=date(2026, 11, 16), lead_team_id=team.id or 0))


def table(person: Person) -> Any:
    person.command("/complaint status November 2026", channel=CHANNEL)
    return person.wait_for_message(CHANNEL, "Stage 1 complaints")


def view(person: Person, title: str, said: str) -> Any:
    """The view in front, once it has this title and says this."""
    return person.wait_for(
        lambda: next(
            (one for one in person.views()[-1:] if one["title"]["text"] == title and said in written(one)), None
        ),
        what=said,
    )


def labels(form: Any, block_id: str) -> list[str]:
    (element,) = [block["element"] for block in form["blocks"] if block["block_id"] == block_id]
    groups = element.get("option_groups") or [element]
    return [option["text"]["text"] for group in groups for option in group["options"]]


def team(form: Any) -> str:
    (element,) = [block["element"] for block in form["blocks"] if block["block_id"] == "row"]
    options = [option for group in element["option_groups"] for option in group["options"]]
    return next(str(option["value"]) for option in options if option["text"]["text"] == "First Response")


def test_from_a_number_to_the_complaints_behind_it_and_back(town: Town) -> None:
    mabel = town.person("U0MABEL")
    mabel.click(table(mabel), "open_number")
    form = view(mabel, FORM, "Received: 30")
    row = team(form)
    mabel.choose(form, "number_row", row)
    form = mabel.wait_for(
        lambda: next((one for one in mabel.views()[-1:] if f"figure_of_{row}" in str(one)), None),
        what="the row's numbers",
    )
    assert "Open: 30" in labels(form, "figure")
    assert mabel.submit(form, {"row": row, "figure": "received"}).get("errors") is None
    first = view(mabel, LIST, "1 to 25 of 30")
    assert "30 received of First Response, November 2026: 30 complaints" in written(first)
    mabel.click(first, "number_next")
    second = view(mabel, LIST, "26 to 30 of 30")
    mabel.click(second, "number_previous")
    view(mabel, LIST, "1 to 25 of 30")
    mabel.click(mabel.view(), "show", value="CS-2026-0001")
    mabel.wait_for(lambda: len(mabel.views()) == 2 or None, what="the complaint on top of the list")
    assert "CS-2026-0001" in written(mabel.view())


def test_who_may_not_see_what_is_behind_a_number_is_told_in_the_form(town: Town) -> None:
    fenn = town.person("U0FENN")
    fenn.click(table(fenn), "open_number")
    form = view(fenn, FORM, "Received: 30")
    answer = fenn.submit(form, {"row": "total", "figure": "received"})
    assert "You can see this number, but not the complaints behind it" in answer["errors"]["row"]
    assert "Cora Ledger" in answer["errors"]["row"]
