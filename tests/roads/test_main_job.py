"""The main job over both transports and on both databases, through the practice workspace's own API."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.demo.county import CHANNEL
from bot.practice.person import written
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow


@pytest.fixture(params=["socket", "http"])
def town(request: pytest.FixtureRequest, database_url: str) -> Iterator[Town]:
    with open_town(database_url, request.param) as opened:
        yield opened


def test_a_complaint_is_recorded_claimed_nudged_answered_and_counted(town: Town) -> None:
    hester, mabel, noor = town.person("U0HESTER"), town.person("U0MABEL"), town.person("U0NOOR")
    hester.command("/complaint new", channel=CHANNEL)
    form = hester.view()
    hester.submit(
        form,
        {
            "received_on": "2026-11-20",
            "lead_team_id": "First Response",
            "summary": "Nobody answered letters for three weeks",
            "customer_group": "Parent",
            "contact_method": "Letter",
        },
    )
    assert "CS-2026-0001 is recorded" in written(hester.view()).replace("*", "")
    town.beat()

    card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
    assert "4 December 2026" in written(card)
    mabel.click(card, "claim")
    mabel.wait_for_message(CHANNEL, "You own CS-2026-0001")
    noor.click(card, "claim")
    noor.wait_for_message(CHANNEL, "Mabel Eastwood was first")
    town.beat()
    card = mabel.wait_for_message(CHANNEL, "response due")
    assert "Owned by Mabel Eastwood" in card["text"]
    mabel.click(card, "acknowledge")

    # Friday 27 November: five working days left.
    town.server.clock.advance(timedelta(days=4, hours=2))
    town.beat()
    dm = mabel.dm_with_app()
    nudge = mabel.wait_for_message(dm, "needs you today")
    assert "CS-2026-0001" in written(nudge)
    assert "5 working days left" in written(nudge)
    town.beat()
    assert len([one for one in mabel.messages(dm) if "needs you today" in one["text"]]) == 1

    mabel.click(nudge, "respond")
    form = mabel.view()
    mabel.choose(form, "outcome", "No fault")
    refused = mabel.submit(mabel.view(), {"responded_on": "2026-11-19", "outcome": "No fault"})
    assert "can't be earlier" in refused["errors"]["responded_on"]
    mabel.submit(mabel.view(), {"responded_on": "2026-11-27", "outcome": "No fault"})
    town.beat()
    closed = mabel.wait_for_message(CHANNEL, "closed on 27 November 2026")
    pressable = [one for block in closed["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert [one["action_id"] for one in pressable] == ["more"]

    hester.command("/complaint status First Response", channel=CHANNEL)
    status = hester.wait_for_message(CHANNEL, "First Response: stage 1 complaints")
    assert "First Response: received 1, closed 1, on time 100 % (1 of 1)" in status["text"]
    assert "Unallocated" in written(status)


def test_what_was_answered_before_anybody_owned_it_is_recorded_with_who_answered(town: Town) -> None:
    hester = town.person("U0HESTER")
    hester.command("/complaint new", channel=CHANNEL)
    said = {
        "lead_team_id": "First Response",
        "summary": "Letters",
        "customer_group": "Parent",
        "contact_method": "Letter",
    }
    hester.submit(hester.view(), said)
    hester.close(hester.view(), everything=True)
    town.beat()
    hester.click(hester.wait_for_message(CHANNEL, "CS-2026-0001"), "respond")
    form = hester.view()
    # Choosing an outcome draws the form anew, and what was chosen before stays.
    hester.choose(form, "outcome", "No fault")
    assert not hester.submit(hester.view(), {"answered_by_id": "Mabel Eastwood", "outcome": "No fault"}).get("errors")
    town.beat()
    card = hester.wait_for_message(CHANNEL, "closed on")
    assert "<@U0MABEL>" in written(card)
    hester.command("/complaint history CS-2026-0001", channel=CHANNEL)
    assert "recorded that they answered it" in written(hester.wait_for_message(CHANNEL, "they answered it"))


def test_what_is_mistyped_gets_a_helpful_answer(town: Town) -> None:
    hester = town.person("U0HESTER")
    for typed, said in (
        ("/complaint statsu", "Did you mean /complaint status?"),
        ("/complaint show CS-2026-9999", "There is no complaint CS-2026-9999 that you can see"),
        ("/complaint status Frist Response", "Did you mean First Response"),
        ("/complaint status 31 November 2026", "November"),
        ("/complaint", "What you can type"),
    ):
        hester.command(typed, channel=CHANNEL)
        hester.wait_for_message(CHANNEL, said)


def test_text_that_identifies_somebody_is_refused_on_its_field(town: Town) -> None:
    hester = town.person("U0HESTER")
    hester.command("/complaint new", channel=CHANNEL)
    answer = hester.submit(
        hester.view(),
        {
            "lead_team_id": "First Response",
            "summary": "Please ring 07700 900123 about the delay",
            "customer_group": "Parent",
            "contact_method": "Letter",
        },
    )
    assert "phone number" in answer["errors"]["summary"]
    assert "900123" not in answer["errors"]["summary"]


def test_a_message_is_recorded_from_its_menu(town: Town) -> None:
    mabel = town.person("U0MABEL")
    ts = mabel.say("A parent says that nobody called back about contact", channel="first-response")
    message = next(one for one in mabel.messages("first-response") if one["ts"] == ts)
    mabel.shortcut("record_message", message=message)
    form = mabel.view()
    assert "nobody called back" in str(form)
    mabel.submit(form, {"lead_team_id": "First Response", "customer_group": "Parent", "contact_method": "Telephone"})
    assert "is recorded" in written(mabel.view())


def test_everyone_gets_the_home_tab_of_their_role(town: Town) -> None:
    for slack_id, said in (
        ("U0HESTER", "Without a named manager"),
        ("U0MABEL", "You own"),
        ("U0VIDA", "You promised"),
    ):
        person = town.person(slack_id)
        person.open_home()
        assert said in written(person.home())
