"""Nobody is left without an answer: an empty register, a long list of teams, and what the Home tab opens and shows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from storage import register
from storage.models import OutboxRow, Team
from storage.register import NewComplaint
from storage.register.organisation import Organisation, TeamEntry
from storage.vocabulary import OutboxState
from tests.roads.town import Town, open_town

RECEIVED = date(2026, 11, 20)

pytestmark = pytest.mark.slow


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, "socket", rates="off") as opened:
        yield opened


def record(town: Town, summary: str = "") -> str:
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
        new = NewComplaint(received_on=RECEIVED, lead_team_id=team.id or 0, summary=summary)
        return register.record(desk, new).reference


def shown_to(person: Person, said: str) -> None:
    person.wait_for_message(CHANNEL, said)


@pytest.mark.parametrize("typed", ["/complaint new", "/complaint compliment"])
def test_recording_before_there_is_a_team_says_who_can_enter_them(town: Town, typed: str) -> None:
    with town.wired.database.writing() as session:
        for team in session.exec(select(Team)).all():
            team.closed_on = date(2020, 1, 1)
    cora = town.person("U0CORA")
    cora.command(typed, channel=CHANNEL)
    shown_to(cora, "A complaints manager can enter the teams with /complaint setup")


def test_the_figures_of_a_very_large_council_still_fit_into_a_message(town: Town) -> None:
    names = [f"Team {number} {'x' * 60}" for number in range(120)]
    with town.wired.office.change(None, town.server.clock.now()) as desk:
        register.organisation.load(desk, Organisation(teams=tuple(TeamEntry(name=name) for name in names)))
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        teams = [team for team in desk.teams if not desk.teams.is_area(team.id)]
        for team in teams:
            register.record(desk, NewComplaint(received_on=RECEIVED, lead_team_id=team.id))
    cora = town.person("U0CORA")
    cora.command("/complaint status", channel=CHANNEL)
    status = cora.wait_for_message(CHANNEL, "Stage 1 complaints")
    table = next(block for block in status["blocks"] if block["type"] in {"table", "data_table"})
    received = [int(row[1]["text"]) for row in table["rows"][1:-2]]
    assert sum(received) == len(teams) == int(table["rows"][-1][1]["text"])
    assert "more teams" in table["rows"][-3][0]["text"]


def test_where_tables_that_can_be_sorted_are_not_taken_people_get_plain_ones(sqlite_url: str) -> None:
    with open_town(sqlite_url, "socket", rates="off", without=frozenset({"data_table"})) as town:
        record(town)
        cora = town.person("U0CORA")
        for _ in range(2):
            cora.command("/complaint status", channel=CHANNEL)
            status = cora.wait_for_message(CHANNEL, "Stage 1 complaints")
            assert [block["type"] for block in status["blocks"]].count("table") == 1
        # The weekly digest goes the same way, and the worker learns it for itself.
        town.server.clock.to(datetime(2026, 11, 30, 10, 0, tzinfo=UTC))
        town.beat()
        sefton = town.person("U0SEFTON")
        digest = sefton.wait_for_message(sefton.dm_with_app(), "on time")
        assert [block["type"] for block in digest["blocks"]].count("table") == 1


def test_a_limit_that_meets_a_plainer_message_makes_it_wait_and_not_fail(sqlite_url: str) -> None:
    with open_town(sqlite_url, "socket", rates="off", without=frozenset({"data_table"})) as town:
        record(town)
        sefton = town.person("U0SEFTON")
        town.server.clock.to(datetime(2026, 11, 30, 10, 0, tzinfo=UTC))
        sefton.add_fault("rate_limited", method="chat.postMessage", share=0.6)
        for _ in range(10):
            town.beat()
            town.server.clock.advance(timedelta(minutes=2))
        sefton.clear_faults()
        town.beat()
        digest = sefton.wait_for_message(sefton.dm_with_app(), "on time")
        assert [block["type"] for block in digest["blocks"]].count("table") == 1
        with town.wired.database.reading() as session:
            assert session.exec(select(OutboxRow).where(OutboxRow.state == OutboxState.FAILED)).all() == []


def test_where_charts_are_not_taken_people_get_the_table_and_a_picture_with_its_words(sqlite_url: str) -> None:
    with open_town(sqlite_url, "socket", rates="off", without=frozenset({"data_visualization"})) as town:
        record(town)
        cora = town.person("U0CORA")
        cora.command("/complaint trend received this year", channel=CHANNEL)
        trend = cora.wait_for_message(CHANNEL, "Received by month")
        assert [block["type"] for block in trend["blocks"]].count("data_table") == 1
        picture = cora.wait_for(
            lambda: next((file for one in cora.messages(cora.dm_with_app()) for file in one.get("files", ())), None),
            what="the picture",
        )
        assert picture["name"] == "trend.png"
        assert "Received: 0 in Apr 2026, 1 in Nov 2026" in picture["alt_txt"]


def test_where_charts_are_taken_there_is_one_and_no_picture(town: Town) -> None:
    record(town)
    cora = town.person("U0CORA")
    cora.command("/complaint trend received this year", channel=CHANNEL)
    trend = cora.wait_for_message(CHANNEL, "Received by month")
    assert [block["type"] for block in trend["blocks"]].count("data_visualization") == 1
    assert not [one for one in cora.messages(cora.dm_with_app()) if one.get("files")]


def test_the_home_tab_is_drawn_again_after_a_form_opened_from_it(town: Town) -> None:
    reference = record(town)
    hester = town.person("U0HESTER")
    hester.open_home()
    hester.click(hester.home(), "assign", value=reference)
    hester.submit(hester.view(), {"manager_id": "Mabel Eastwood (0 open)"})
    hester.wait_for(lambda: reference not in written(hester.home()), what="the Home tab without it")


def test_see_it_on_the_home_tab_shows_everything_about_the_complaint(town: Town) -> None:
    reference = record(town, "Nobody answered letters")
    hester = town.person("U0HESTER")
    hester.open_home()
    hester.click(hester.home(), "show", value=reference)
    assert "Nobody answered letters" in written(hester.view())
