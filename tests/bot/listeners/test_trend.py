"""`/complaint trend` and `/complaint compare`: the team table's own numbers, month by month and side by side."""

from datetime import date

import pytest

from bot.blocks import tables
from bot.blocks.words import shown
from bot.listeners import compare, trend
from bot.requests import Say, Typed
from storage import figures, register
from storage.errors import Refusal
from storage.periods import parse
from storage.register import Response
from storage.register.organisation import Organisation, TeamEntry
from tests import county as people
from tests.bot.listeners.counter import Counter
from tests.county import County


@pytest.fixture
def past(county: County, counter: Counter) -> Counter:
    """Complaints of East and of Fostering over some months, some answered."""
    for team, received, answered in (
        ("East", "2026-08-03", "2026-08-10"),
        ("East", "2026-09-07", "2026-10-12"),
        ("East", "2026-11-02", None),
        ("Fostering", "2026-09-08", "2026-09-10"),
        ("Fostering", "2025-09-08", "2025-09-10"),
    ):
        reference = county.record(counter.now, received=date.fromisoformat(received), team=team).reference
        if answered:
            with county.office.change(people.HANDLER, counter.now) as desk:
                said = Response(responded_on=date.fromisoformat(answered), outcome="no_fault")
                register.respond(desk, reference, said)
    return counter


def typed(counter: Counter, words: str, who: str = people.HANDLER) -> Say:
    name, _, rest = words.partition(" ")
    answer = counter.door.subcommands[name].handle(Typed(who, rest, "C1", "T1"))
    assert isinstance(answer, Say)
    return answer


def cells(answer: Say) -> list[list[str]]:
    (table,) = [block for block in answer.message.blocks if block["type"] == tables.DATA_TABLE]
    return [[cell["text"] for cell in row] for row in table["rows"]]


@pytest.mark.parametrize("team", [None, "East", "Fostering"])
@pytest.mark.parametrize("title", ["Received", "Closed", "On time", "Average days"])
def test_each_month_is_the_team_tables_number_of_that_month(past: Counter, team: str | None, title: str) -> None:
    answer = typed(past, f"trend {team or ''} {title.lower()} 2026/27")
    found = cells(answer)
    assert found[0] == ["Month", title]
    assert [row[0] for row in found[1:]][:2] == ["Apr 2026", "May 2026"]
    # The year is not over: November is the last.
    assert len(found) == 1 + 8
    with past.county.office.look(people.HANDLER, past.now) as desk:
        for label, value in found[1:]:
            period = parse(label, desk.today)
            team_id = past.county.teams[team] if team else None
            total = figures.team_table(desk, period, team_id=team_id).total
            (figure,) = [one for one in figures.FIGURES if one.title == title]
            assert value == shown(figure.value(total))


def test_without_anything_typed_it_is_received_over_twelve_months_with_a_line(past: Counter) -> None:
    answer = typed(past, "trend")
    assert cells(answer)[0] == ["Month", "Received"]
    assert len(cells(answer)) == 13
    (line,) = [block for block in answer.message.blocks if block["type"] == tables.CHART]
    assert sum(point["value"] for point in line["chart"]["series"][0]["data"]) == 3
    assert answer.picture is not None
    assert answer.picture.draw().startswith(b"\x89PNG")
    assert "Received: " in answer.picture.alt_text


def test_months_without_a_case_are_a_dash_and_no_point_of_the_line(past: Counter) -> None:
    answer = typed(past, "trend on time 2026/27")
    assert ["Apr 2026", "–"] in cells(answer)
    (line,) = [block for block in answer.message.blocks if block["type"] == tables.CHART]
    assert [point["label"] for point in line["chart"]["series"][0]["data"]] == ["Aug 2026", "Sep 2026", "Oct 2026"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("trend overdue", "how things stand now"),
        ("trend received since 1 April 2020", "room for 20"),
        ("trend Atlantis", "neither a team nor a period"),
        ("compare East, Atlantis", "neither a team nor a period"),
        ("compare East, last month", "Name the teams"),
    ],
)
def test_what_cannot_be_shown_says_why(past: Counter, words: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        typed(past, words)


def test_more_teams_than_fit_beside_each_other_are_refused(past: Counter) -> None:
    names = [f"Team {number}" for number in range(compare.MOST_TEAMS + 1)]
    with past.county.office.change(None, past.now) as desk:
        register.organisation.load(desk, Organisation(teams=tuple(TeamEntry(name=name) for name in names)))
    assert len(cells(typed(past, f"compare {', '.join(names[1:])}"))[0]) == 1 + compare.MOST_TEAMS
    with pytest.raises(Refusal, match="Name fewer"):
        typed(past, f"compare {', '.join(names)}")


def test_a_year_is_compared_with_the_one_before(past: Counter) -> None:
    found = {row[0]: row[1:] for row in cells(typed(past, "compare Fostering September 2026"))}
    assert found["Received"] == ["1", "1", "0 on 1 (0 %)"]
    assert found["On time"] == ["100 % (1 of 1)", "100 % (1 of 1)", "0 points"]
    assert found["Average days"][2] == "0 days"
    assert "Open" not in found
    everybody = {row[0]: row[1:] for row in cells(typed(past, "compare September 2026"))}
    assert everybody["Received"] == ["2", "1", "+1 on 1 (100 %)"]


def test_teams_stand_beside_each_other(past: Counter) -> None:
    answer = typed(past, "compare East, Fostering 2026/27")
    found = {row[0]: row[1:] for row in cells(answer)}
    assert found["Figure"] == ["East", "Fostering"]
    assert found["Received"] == ["3", "1"]
    assert found["Open"] == ["1", "0"]
    (bars,) = [block for block in answer.message.blocks if block["type"] == tables.CHART]
    assert [point["value"] for point in bars["chart"]["series"][0]["data"]] == [3, 1]
    assert "East: received 3" in answer.message.text


@pytest.mark.parametrize(
    ("words", "left", "key"),
    [
        ("East on time last month", "East last month", "on_time"),
        ("recorded late", "", "recorded_late"),
        ("late recording 2026/27", "2026/27", "recorded_late"),
        ("East", "East", "received"),
        ("of caseload East", "East", "rate"),
    ],
)
def test_a_figure_is_found_by_its_name_among_the_words(words: str, left: str, key: str) -> None:
    found, figure = trend.figure_in(words)
    assert (found, figure.key) == (left, key)
