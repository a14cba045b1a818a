"""*Open a number…* at the counter: which number, exactly as many complaints as it says over the pages, and who may."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.blocks.behind import PAGE
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.requests import Answer, Redraw, Say
from storage import figures
from storage.errors import NotAllowed, Refusal
from storage.models import Stage
from storage.periods import parse
from storage.vocabulary import Band
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons, inputs
from tests.bot.listeners.counter import said as written
from tests.bot.listeners.test_promise import opened, pressed, typed
from tests.county import County
from tests.storage.test_figures import Case, insert

pytestmark = pytest.mark.slow

NOVEMBER = "status November 2026"
ON_TIME, LATE, OVERDUE, FOSTERING = 2 * PAGE + 3, 2, 4, 5
RECEIVED, TODAY = date(2026, 11, 2), date(2026, 11, 23)


def case(team: str, **changed: Any) -> Case:
    values: dict[str, Any] = {
        "team": team, "started": RECEIVED, "ended": None, "band": None, "days": None, "due": date(2026, 11, 16),
        "owned": True, "late": 0, "allocated": 0,
    }  # fmt: skip
    return Case(**(values | changed))


@pytest.fixture(autouse=True)
def complaints(county: County, counter: Counter) -> None:
    """For East more on time than two pages hold, two late ones and four that are overdue; for Fostering five, unallocated."""
    closed = {"ended": date(2026, 11, 12), "band": Band.WITHIN_LIMIT, "days": 8}
    late = {"ended": date(2026, 11, 20), "band": Band.WITHIN_MAXIMUM, "days": 14}
    register_of = [case("East", **closed) for _ in range(ON_TIME)]
    register_of += [case("East", **late) for _ in range(LATE)]
    register_of += [case("East") for _ in range(OVERDUE)]
    register_of += [case("Fostering", owned=False, due=date(2026, 11, 27)) for _ in range(FOSTERING)]
    with county.office.change(None, counter.now) as desk:
        insert(desk, county, register_of)


def table_button(counter: Counter, who: str, words: str = NOVEMBER) -> str:
    """What the button under the table carries."""
    answer = typed(counter, who, words)
    assert isinstance(answer, Say)
    (block,) = [block for block in answer.message.blocks if block["type"] == "actions"]
    (element,) = [one for one in block["elements"] if one["action_id"] == Action.OPEN_NUMBER]
    return str(element["value"])


def form_of(counter: Counter, who: str, words: str = NOVEMBER) -> View:
    return opened(pressed(counter, who, Action.OPEN_NUMBER, table_button(counter, who, words)))


def within(counter: Counter, who: str, action: Action, view: View, value: str = "", **chosen: str) -> Answer:
    """What the listener answers to a button or an input in a modal; what it refuses is raised."""
    found: list[Answer] = []
    state = {name: {"x": {"selected_option": {"value": one}}} for name, one in chosen.items()}
    body = {"user": {"id": who}, "view": {**view, "state": {"values": state}}}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counter.door, "_attempt", lambda act: found.append(act()))
        counter.heard["action", action](lambda: None, body, {"value": value}, None)
    return found[0]


def redrawn(answer: Answer) -> View:
    assert isinstance(answer, Redraw)
    return answer.view


def choose(counter: Counter, who: str, view: View, row: str, figure: str) -> dict[str, Any]:
    return counter.submit(who, view, {"row": (row,), "figure": (figure,)})


def listed(counter: Counter, who: str, row: str, figure: str, words: str = NOVEMBER) -> View:
    answer = choose(counter, who, form_of(counter, who, words), row, figure)
    assert answer["response_action"] == "update", answer
    view: View = answer["view"]
    return view


def offered(view: View, block_id: str) -> dict[str, str]:
    """Values and labels of a select."""
    (element,) = [block["element"] for block in view["blocks"] if block.get("block_id") == block_id]
    groups = element.get("option_groups") or [element]
    return {option["value"]: option["text"]["text"] for group in groups for option in group["options"]}


def references(view: View) -> list[str]:
    texts = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    return [found[1] for found in (re.match(r"\*(CS-\d{4}-\d+)\*", text) for text in texts) if found]


def heading(view: View) -> str:
    return str(view["blocks"][0]["text"]["text"])


def turn(counter: Counter, who: str, view: View, action: Action) -> View:
    """The next page or the one before, with the value that its button has."""
    values = [
        element["value"]
        for block in view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action
    ]
    return redrawn(within(counter, who, action, view, values[0]))


# --- the form -------------------------------------------------------------------------------------------------------


def test_the_form_offers_every_row_of_the_table_and_every_number_as_the_table_says_it(
    counter: Counter, county: County
) -> None:
    view = form_of(counter, people.HANDLER)
    assert inputs(view) == {"row": False, "figure": False}
    names = offered(view, "row")
    assert {names[str(county.teams[team])] for team in ("East", "West", "Fostering")} == {"East", "West", "Fostering"}
    assert (names["total"], names["unallocated"], len(names)) == ("Total", "Unallocated", 5)
    numbers = offered(view, "figure")
    closed = ON_TIME + LATE
    assert numbers["received"] == f"Received: {ON_TIME + LATE + OVERDUE + FOSTERING}"
    assert numbers["on_time"] == f"On time: 96 % ({ON_TIME} of {closed})"
    assert numbers["average_days"] == f"Average days: 8.2, worked out from {closed}"
    with county.office.look(people.HANDLER, counter.now) as desk:
        table = figures.team_table(desk, parse("November 2026", desk.today))
    assert set(numbers) == {figure.key for figure in figures.columns(table.total)}


def test_the_teams_are_offered_under_their_areas(counter: Counter) -> None:
    (rows,) = [
        block["element"] for block in form_of(counter, people.HANDLER)["blocks"] if block.get("block_id") == "row"
    ]
    groups = {
        group["label"]["text"]: [option["text"]["text"] for option in group["options"]]
        for group in rows["option_groups"]
    }
    assert groups == {
        "All teams together": ["Total", "Unallocated"],
        "Localities": ["East", "West"],
        "Permanence": ["Fostering"],
    }


def test_another_row_brings_its_own_numbers_and_keeps_the_figure(counter: Counter, county: County) -> None:
    view = form_of(counter, people.HANDLER)
    east = str(county.teams["East"])
    changed = redrawn(within(counter, people.HANDLER, Action.NUMBER_ROW, view, row=east, figure="overdue"))
    assert offered(changed, "figure")["received"] == f"Received: {ON_TIME + LATE + OVERDUE}"
    chosen = {
        block["block_id"]: block["element"]["initial_option"]["value"]
        for block in changed["blocks"]
        if block["type"] == "input"
    }
    assert chosen == {"row": east, "figure": "overdue"}
    # Slack keeps the old label of what was chosen under the same ids.
    ids = [
        block["element"]["action_id"]
        for one in (view, changed)
        for block in one["blocks"]
        if block.get("block_id") == "figure"
    ]
    assert ids[0] != ids[1]
    only = redrawn(within(counter, people.HANDLER, Action.NUMBER_ROW, view, row="unallocated", figure="overdue"))
    assert offered(only, "figure") == {"open": f"Open: {FOSTERING}", "unallocated": f"Unallocated: {FOSTERING}"}


# --- exactly that many ----------------------------------------------------------------------------------------------


def test_the_list_has_exactly_as_many_over_its_pages(counter: Counter, county: County) -> None:
    who = people.MANAGER
    view = listed(counter, who, str(county.teams["East"]), "on_time")
    found: list[str] = []
    for first in (1, PAGE + 1, 2 * PAGE + 1):
        assert heading(view) == f"{ON_TIME} on time of East, November 2026: {ON_TIME} complaints"
        last = min(first + PAGE - 1, ON_TIME)
        assert f'"{first} to {last} of {ON_TIME}"' in written(view)
        assert len(references(view)) == last - first + 1
        found += references(view)
        assert (Action.NUMBER_PREVIOUS in buttons(view)) is (first > 1)
        assert (Action.NUMBER_NEXT in buttons(view)) is (last < ON_TIME)
        if last < ON_TIME:
            view = turn(counter, who, view, Action.NUMBER_NEXT)
    assert len(set(found)) == len(found) == ON_TIME
    assert found == sorted(found)
    before = turn(counter, who, view, Action.NUMBER_PREVIOUS)
    assert references(before) == found[PAGE : 2 * PAGE]


@pytest.mark.parametrize("words", [NOVEMBER, "status Localities November 2026"])
def test_every_number_of_every_row_that_is_offered_opens_to_that_many(counter: Counter, words: str) -> None:
    who = people.HANDLER
    view = form_of(counter, who, words)
    seen = 0
    for row in offered(view, "row"):
        figures_of = offered(redrawn(within(counter, who, Action.NUMBER_ROW, view, row=row)), "figure")
        for figure, label in figures_of.items():
            page: View = choose(counter, who, view, row, figure)["view"]
            found = references(page)
            while Action.NUMBER_NEXT in buttons(page):
                page = turn(counter, who, page, Action.NUMBER_NEXT)
                found += references(page)
            expected = re.search(r"from (\d+)$|\((\d+) of \d+\)$|: (\d+)$|: (–)$", label)
            assert expected, label
            number = next(part for part in expected.groups() if part)
            assert len(set(found)) == len(found) == (0 if number == "–" else int(number)), (row, label)
            assert len(found) or "No complaint is counted here." in written(page)
            seen += 1
    assert seen > 40


def test_what_is_open_is_counted_now_whatever_the_table_said(counter: Counter, county: County) -> None:
    who, east = people.MANAGER, str(county.teams["East"])
    view = listed(counter, who, east, "overdue", "status last month")
    assert heading(view) == f"{OVERDUE} overdue of East, now: {OVERDUE} complaints"
    assert "Counted at 09:30 on 23 November 2026" in written(view)
    old = form_of(counter, who)
    with county.office.change(None, counter.now) as desk:
        stage = desk.session.exec(
            select(Stage).where(col(Stage.is_open).is_(True), col(Stage.lead_team_id) == county.teams["East"])
        ).first()
        assert stage is not None
        stage.due_on = date(2026, 12, 31)
    counter.now += timedelta(hours=1)
    fewer = choose(counter, who, old, east, "overdue")["view"]
    assert heading(fewer) == f"{OVERDUE - 1} overdue of East, now: {OVERDUE - 1} complaints"
    assert "Counted at 10:30 on 23 November 2026" in written(fewer)


def test_a_page_that_is_no_longer_there_is_the_last_one_that_is(counter: Counter, county: County) -> None:
    view = listed(counter, people.MANAGER, str(county.teams["East"]), "on_time")
    for value in ("9999", "75"):
        last = redrawn(within(counter, people.MANAGER, Action.NUMBER_NEXT, view, value))
        assert f'"{2 * PAGE + 1} to {ON_TIME} of {ON_TIME}"' in written(last)
    for value in ("-25", "x", "", "7"):
        first = redrawn(within(counter, people.MANAGER, Action.NUMBER_NEXT, view, value))
        assert f'"1 to {PAGE} of {ON_TIME}"' in written(first)


def test_a_line_says_dates_days_and_owner_and_opens_the_complaint(counter: Counter, county: County) -> None:
    east = str(county.teams["East"])
    late = listed(counter, people.MANAGER, east, "within_maximum")
    assert heading(late) == f"{LATE} late within the maximum of East, November 2026: {LATE} complaints"
    assert (
        "East, local resolution: received 2 November 2026, due 16 November 2026, closed 20 November 2026 after 14 working "
        "days, late, within maximum. Owner: Mabel Eastwood."
    ) in written(late)
    assert "Late, within maximum: closed over the limit" in written(late)
    assert Action.SHOW in buttons(late)
    unallocated = listed(counter, people.HANDLER, "unallocated", "open")
    assert heading(unallocated) == f"{FOSTERING} unallocated in total, now: {FOSTERING} complaints"
    assert "due 27 November 2026 (4 working days left). No named manager." in written(unallocated)
    mean = listed(counter, people.MANAGER, east, "average_days")
    assert heading(mean).startswith(f"{ON_TIME + LATE} closed of East, November 2026")
    assert "Average days: mean working days" in written(mean)
    scoped = listed(counter, people.SENIOR, "total", "received", "status Localities November 2026")
    assert heading(scoped).startswith(f"{ON_TIME + LATE + OVERDUE} received of Localities in total, November 2026: ")


def test_one_complaint_is_not_complaints_and_a_number_of_nought_has_nothing_behind_it(
    counter: Counter, county: County
) -> None:
    west = str(county.teams["West"])
    view = listed(counter, people.OTHER_TEAMS_MANAGER, west, "overdue")
    assert heading(view) == "0 overdue of West, now: 0 complaints"
    assert "No complaint is counted here." in written(view)
    with county.office.change(None, counter.now) as desk:
        stage = desk.session.exec(select(Stage).where(col(Stage.is_open).is_(True))).first()
        assert stage is not None
        stage.lead_team_id = county.teams["West"]
    assert heading(listed(counter, people.HANDLER, west, "overdue")) == "1 overdue of West, now: 1 complaint"


def test_from_the_list_another_number_can_be_opened_in_its_place(counter: Counter, county: County) -> None:
    east = str(county.teams["East"])
    view = listed(counter, people.MANAGER, east, "on_time")
    (value,) = [
        element["value"]
        for block in view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == Action.OPEN_NUMBER
    ]
    again = redrawn(within(counter, people.MANAGER, Action.OPEN_NUMBER, view, value))
    assert again["callback_id"] == Form.OPEN_NUMBER
    assert f"Received: {ON_TIME + LATE + OVERDUE}" in written(again)
    assert references(choose(counter, people.MANAGER, again, east, "overdue")["view"]) != []


# --- who may --------------------------------------------------------------------------------------------------------


def test_the_button_is_there_for_who_sees_complaints_and_not_for_a_viewer(counter: Counter) -> None:
    for who in (people.HANDLER, people.COMPLAINTS_MANAGER, people.MANAGER, people.OTHER_TEAMS_MANAGER, people.SENIOR):
        assert table_button(counter, who)
    answer = typed(counter, people.VIEWER, NOVEMBER)
    assert isinstance(answer, Say)
    assert buttons(answer.message.blocks) == {Action.REPORT}


def test_a_viewer_who_presses_it_all_the_same_is_told_whom_to_ask(counter: Counter, county: County) -> None:
    value = table_button(counter, people.HANDLER)
    with pytest.raises(NotAllowed, match=r"see the numbers, but not the complaints behind them\. Ask Cora Ledger"):
        pressed(counter, people.VIEWER, Action.OPEN_NUMBER, value)
    refused = choose(counter, people.VIEWER, form_of(counter, people.HANDLER), str(county.teams["East"]), "on_time")
    assert "Ask Cora Ledger" in refused["errors"]["row"]
    assert "view" not in refused


@pytest.mark.parametrize(
    ("who", "refused", "open_to_them"),
    [
        (people.MANAGER, {"Fostering", "total", "unallocated"}, {"East", "West"}),
        (people.OTHER_TEAMS_MANAGER, {"East", "total"}, {"Fostering", "unallocated", "West"}),
        (people.SENIOR, {"Fostering", "total", "unallocated"}, {"East", "West"}),
        (people.COMPLAINTS_MANAGER, set(), {"East", "West", "Fostering", "total", "unallocated"}),
    ],
)
def test_rows_open_to_who_may_see_all_behind_them_and_others_are_told_why_not(
    counter: Counter, county: County, who: str, refused: set[str], open_to_them: set[str]
) -> None:
    view = form_of(counter, who)
    for name in refused | open_to_them:
        answer = choose(counter, who, view, str(county.teams.get(name, name)), "open")
        if name in refused:
            said = answer["errors"]["row"]
            assert said.startswith("You can see this number, but not the complaints behind it")
            assert "Ask Cora Ledger" in said
            assert "CS-" not in said
        else:
            assert answer["response_action"] == "update"


def test_turning_the_page_asks_again_who_may(counter: Counter, county: County) -> None:
    view = listed(counter, people.MANAGER, str(county.teams["East"]), "on_time")
    with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
        within(counter, people.OTHER_TEAMS_MANAGER, Action.NUMBER_NEXT, view, str(PAGE))
    with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
        within(counter, people.STRANGER, Action.NUMBER_NEXT, view, str(PAGE))


# --- what nobody should send ----------------------------------------------------------------------------------------

FORGED = [
    {"team": "999"}, {"team": "x"}, {"team": "-1"}, {"first": ""}, {"first": "2026-13-01"}, {"first": "0001-01-01"},
    {"last": "9999-12-31"}, {"last": "2005-01-01"}, {"first": "2027-01-01"}, {"procedure": "nobody's"}, {"procedure": ""},
    {"stage": "0"}, {"stage": "9"}, {"stage": "one"}, {"stage": ""},
]  # fmt: skip
GARBLED = ["", "x", "[]", "1", "null", "{", '{"team": "1"}', "[" * 1999, '{"first": ' * 150, "\u0000", "🙂" * 500]


@pytest.mark.parametrize("changed", FORGED, ids=str)
def test_a_forged_table_is_refused_politely(counter: Counter, changed: dict[str, str]) -> None:
    value = json.loads(table_button(counter, people.HANDLER)) | changed
    view = form_of(counter, people.HANDLER)
    forged = {**view, "private_metadata": json.dumps(value)}
    with pytest.raises(Refusal, match="Type /complaint status again"):
        pressed(counter, people.HANDLER, Action.OPEN_NUMBER, json.dumps(value))
    with pytest.raises(Refusal, match="Type /complaint status again"):
        within(counter, people.HANDLER, Action.NUMBER_ROW, forged, row="total")
    with pytest.raises(Refusal, match="Type /complaint status again"):
        within(counter, people.HANDLER, Action.NUMBER_NEXT, forged, "0")
    assert "Type /complaint status again" in choose(counter, people.HANDLER, forged, "total", "open")["errors"]["row"]


@pytest.mark.parametrize("value", GARBLED, ids=range(len(GARBLED)))
def test_a_garbled_button_is_refused_politely(counter: Counter, value: str) -> None:
    with pytest.raises(Refusal, match="Type /complaint status again"):
        pressed(counter, people.HANDLER, Action.OPEN_NUMBER, value)


@pytest.mark.parametrize(
    ("row", "figure", "field"),
    [
        ("nonsense", "open", "row"),
        ("rest", "open", "row"),
        ("999", "open", "row"),
        ("", "open", "row"),
        ("total", "nonsense", "figure"),
        ("total", "", "figure"),
        ("total", "caseload", "figure"),
        ("unallocated", "on_time", "figure"),
    ],
)
def test_a_row_or_figure_that_is_not_there_is_refused_at_its_input(
    counter: Counter, row: str, figure: str, field: str
) -> None:
    answer = choose(counter, people.HANDLER, form_of(counter, people.HANDLER), row, figure)
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {field}
    assert answer["errors"][field].startswith(("Choose", "Caseload has no", "On time has no"))


def test_a_row_outside_the_table_is_refused_even_to_who_may_see_it(counter: Counter, county: County) -> None:
    view = form_of(counter, people.HANDLER, "status Localities November 2026")
    assert "errors" in choose(counter, people.HANDLER, view, str(county.teams["Fostering"]), "open")


def test_a_table_of_another_stage_or_procedure_opens_its_own(counter: Counter, county: County) -> None:
    for words in ("status stage 2 November 2026", "status corporate November 2026"):
        view = listed(counter, people.HANDLER, "total", "received", words)
        assert heading(view) == "0 received in total, November 2026: 0 complaints"
    with county.office.change(None, counter.now) as desk:
        for stage in desk.session.exec(select(Stage).limit(3)).all():
            stage.number = 2
    view = listed(counter, people.HANDLER, "total", "received", "status stage 2 November 2026")
    assert len(references(view)) == 3
    assert "investigation: asked for 2 November 2026" in written(view)
