"""People come and go, whole roads: deactivated in Slack, leaving, away with somebody who stands in, and what the others hear."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.app import client
from bot.cli.demo import settings
from bot.demo.county import CHANNEL
from bot.practice.person import written
from jobs.people import Accounts
from storage import register, views
from storage.models import Person, Team
from storage.register import NewComplaint, daily
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow


@pytest.fixture(params=["socket", "http"])
def town(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, request.param, rates="off") as opened:
        yield opened


@pytest.fixture
def socket_town(sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, "socket", rates="off") as opened:
        yield opened


def owned(town: Town, by: str = "U0MABEL") -> str:
    """A complaint of First Response that this person claimed."""
    now = town.server.clock.now()
    with town.wired.office.change("U0HESTER", now) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
        new = NewComplaint(received_on=date(2026, 11, 20), lead_team_id=team.id or 0)
        reference = register.record(desk, new).reference
    with town.wired.office.change(by, now) as desk:
        register.claim(desk, reference)
    return reference


def entry(town: Town, slack_id: str) -> Person:
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        return desk.session.exec(select(Person).where(Person.slack_id == slack_id)).one()


def told(town: Town, slack_id: str, text: str) -> str:
    """The newest direct message to somebody that has this text in it."""
    person = town.person(slack_id)
    return written(person.wait_for_message(person.dm_with_app(), text))


def test_who_is_deactivated_in_slack_is_so_in_the_register_and_their_work_is_with_their_senior_manager(
    town: Town,
) -> None:
    reference = owned(town)
    cora = town.person("U0CORA")
    cora.deactivate("U0MABEL")
    cora.wait_for(lambda: entry(town, "U0MABEL").deactivated_at is not None, what="the event")
    town.server.clock.advance(timedelta(hours=1))
    town.beat()
    said = told(town, "U0SEFTON", "Mabel Eastwood")
    assert f"is deactivated in Slack and still owns {reference}" in said
    cora.deactivate("U0MABEL", deleted=False)
    cora.wait_for(lambda: entry(town, "U0MABEL").deactivated_at is None, what="the second event")
    town.beat()
    assert "put right at" in told(town, "U0SEFTON", "Mabel Eastwood")


def test_a_new_time_zone_is_taken_over_by_its_name(town: Town) -> None:
    cora = town.person("U0CORA")
    cora.move_to("U0NOOR", "Europe/Athens")
    cora.wait_for(lambda: entry(town, "U0NOOR").tz == "Europe/Athens", what="the event")


def event_lost(town: Town) -> None:
    """Mabel Eastwood is deactivated, and the register never heard of it."""
    cora = town.person("U0CORA")
    cora.deactivate("U0MABEL")
    cora.wait_for(lambda: entry(town, "U0MABEL").deactivated_at is not None, what="the event")
    with town.wired.office.change(None, town.server.clock.now()) as desk:
        desk.session.exec(select(Person).where(Person.slack_id == "U0MABEL")).one().deactivated_at = None


def test_an_event_that_never_came_is_made_up_for_by_the_daily_look(socket_town: Town) -> None:
    town = socket_town
    event_lost(town)
    looking = Accounts(
        town.wired.office,
        client(settings(town.server.api_url, "sqlite://")),
        clock=town.server.clock.now,
        wait=lambda _seconds: True,
    )
    assert looking.run() == 1
    assert entry(town, "U0MABEL").deactivated_at is not None


def test_the_worker_looks_by_itself(socket_town: Town) -> None:
    town = socket_town
    event_lost(town)
    beat = town.wired.beat()
    beat.start()
    try:
        cora = town.person("U0CORA")
        cora.wait_for(lambda: entry(town, "U0MABEL").deactivated_at is not None, what="the worker")
    finally:
        beat.stop()
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        assert daily.done_today(desk, "accounts")


def test_whoever_goes_away_names_who_stands_in_and_that_one_is_told_on_the_day_and_can_act(town: Town) -> None:
    reference = owned(town)
    mabel, noor = town.person("U0MABEL"), town.person("U0NOOR")
    answer = mabel.command("/complaint away 26 November to 4 December @noor", channel=CHANNEL)
    assert "Noor Fenwick stands in" in answer["shown"]
    town.beat()
    assert not [one for one in noor.messages(noor.dm_with_app()) if "stand in" in written(one)]
    town.server.clock.advance(timedelta(days=3, hours=1))
    town.beat()
    message = noor.wait_for_message(noor.dm_with_app(), "You stand in for Mabel Eastwood until 4 December 2026.")
    assert reference in written(message)
    noor.click(message, "show", value=reference)
    with town.wired.office.change("U0NOOR", town.server.clock.now()) as desk:
        register.acknowledge(desk, reference)
    mabel.open_home()
    home = mabel.wait_for(
        lambda: mabel.home() if "You are down as away" in written(mabel.home()) else None, what="the banner"
    )
    mabel.click(home, "back")
    mabel.wait_for(lambda: "You are down as away" not in written(mabel.home()), what="the Home tab without it")
    again = mabel.command("/complaint back", channel=CHANNEL)
    assert "You are not down as away today" in again["shown"]


def test_the_forms_open_alone_and_record(town: Town) -> None:
    reference = owned(town)
    mabel = town.person("U0MABEL")
    mabel.command("/complaint away", channel=CHANNEL)
    view = mabel.view()
    refused = mabel.submit(view, {"from_on": date(2026, 12, 4), "until_on": date(2026, 12, 1)})
    assert set(refused["errors"]) == {"until_on"}
    mabel.submit(view, {"from_on": date(2026, 12, 1), "until_on": date(2026, 12, 4), "cover_id": "Noor Fenwick"})
    assert "Noor Fenwick stands in" in written(mabel.view())
    mabel.close(mabel.view(), everything=True)
    mabel.command("/complaint leaving", channel=CHANNEL)
    mabel.submit(mabel.view(), {"last_day": date(2027, 1, 29)})
    assert f"You own {reference}. Hand this over before then." in written(mabel.view())


def test_a_leavers_work_is_offered_for_handover_where_it_is_said_and_moves_with_one_form(socket_town: Town) -> None:
    town = socket_town
    reference = owned(town)
    sefton = town.person("U0SEFTON")
    answer = sefton.command("/complaint leaving @mabel 24 November 2026", channel=CHANNEL)
    assert f"They own {reference}" in answer["shown"]
    town.server.clock.advance(timedelta(days=2, hours=1))
    town.beat()
    message = sefton.wait_for_message(sefton.dm_with_app(), "left on 24 November 2026")
    sefton.click(message, "hand_over")
    sefton.submit(sefton.view(), {"to_id": "Noor Fenwick (0 open)"})
    town.beat()
    assert reference in told(town, "U0NOOR", reference)
    with town.wired.office.look("U0NOOR", town.server.clock.now()) as desk:
        assert [one.reference for one in views.owned(desk, desk.actor.person_id or 0)] == [reference]
