"""Listening in a team's channel, in a real town: opted in, suggested privately and once, and nothing kept of what was written."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from bot.practice.person import Person, PersonError, written
from storage.models import Complaint, Suggestion
from tests.roads.town import Town, open_town

TEAM = "first-response"
SUGGESTED = "reads as if somebody is complaining"
PASSED_ON = "Dad wants to make a formal complaint about the way Thursday's visit was handled"

pytestmark = pytest.mark.slow


@pytest.fixture(params=["socket", "http"])
def town(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, request.param, rates="off") as opened:
        yield opened


@pytest.fixture
def listening(town: Town) -> Town:
    """The app is a member of the team's channel, and it was opted in."""
    cora = town.person("U0CORA")
    invited(town)
    cora.command("/complaint listen on", channel=TEAM)
    cora.wait_for_message(TEAM, "Listening is on in this channel.")
    return town


def invited(town: Town) -> None:
    """The app is added, says what it is, and has heard itself say it."""
    before = len(taken(town))
    town.person("U0CORA").command("/invite @complaints", channel=TEAM)
    delivered(town, before, 1)


def suggestions(person: Person) -> list[dict[str, Any]]:
    return [message for message in person.messages(TEAM) if SUGGESTED in written(message)]


def suggestion(person: Person) -> dict[str, Any]:
    found = person.wait_for(lambda: next(iter(suggestions(person)), None), what="a suggestion")
    # The app has answered the delivery too, so that nothing is under way when a test ends.
    person.wait_for(lambda: len([one for one in person.log()["deliveries"] if one["type"] == "message"]) > 1)
    return found


def delivered(town: Town, before: int, many: int) -> None:
    """Waits until the app has taken this many messages more."""
    anybody = town.person("U0CORA")
    anybody.wait_for(lambda: len(taken(town)) >= before + many, what="the messages to be delivered")
    assert {one["outcome"] for one in taken(town)} == {"ok"}


def taken(town: Town) -> list[dict[str, Any]]:
    return [one for one in town.person("U0CORA").log()["deliveries"] if one["type"] == "message"]


def test_its_author_alone_is_asked_and_records_it_with_one_press(listening: Town) -> None:
    noor, mabel = listening.person("U0NOOR"), listening.person("U0MABEL")
    noor.say(PASSED_ON, channel=TEAM)
    asked = suggestion(noor)
    assert asked["ephemeral"]
    assert suggestions(mabel) == []
    noor.click(asked, "suggested")
    form = noor.view()
    assert form["state"]["values"]["received_on"]["received_on"]["selected_date"] == "2026-11-23"
    assert not form["state"]["values"]["summary"]["input"].get("value")
    assert "Thursday" not in json.dumps(form)
    team = next(
        option["value"]
        for block in form["blocks"]
        if block.get("block_id") == "lead_team_id"
        for group in block["element"]["option_groups"]
        for option in group["options"]
        if option["text"]["text"] == "First Response"
    )
    said = {
        "lead_team_id": team,
        "summary": "How a visit was handled",
        "customer_group": "Parent",
        "contact_method": "Telephone",
    }
    noor.submit(form, said)
    with listening.wired.office.look(None, listening.server.clock.now()) as desk:
        assert len(desk.session.exec(select(Complaint)).all()) == 1


def test_saying_it_is_no_complaint_puts_thanks_in_its_place(listening: Town) -> None:
    noor = listening.person("U0NOOR")
    noor.say(PASSED_ON, channel=TEAM)
    noor.click(suggestion(noor), "not_suggested")
    noor.wait_for_message(TEAM, "Nothing was recorded")
    assert suggestions(noor) == []


def test_ordinary_talk_and_a_second_message_of_the_day_are_left_in_peace(listening: Town) -> None:
    noor = listening.person("U0NOOR")
    noor.say(PASSED_ON, channel=TEAM)
    suggestion(noor)
    before = len(taken(listening))
    noor.say("Who is on duty today? Mum is happy with the plan, by the way", channel=TEAM)
    noor.say("Gran has complained about our report too", channel=TEAM)
    delivered(listening, before, 2)
    assert len(suggestions(noor)) == 1


def test_a_reply_in_a_thread_is_answered_in_the_thread(listening: Town) -> None:
    noor, mabel = listening.person("U0NOOR"), listening.person("U0MABEL")
    before = len(taken(listening))
    first = mabel.say("How was the visit?", channel=TEAM)
    noor.say(PASSED_ON, channel=TEAM, thread_ts=first)
    noor.wait_for_message(TEAM, SUGGESTED, thread_ts=first)
    delivered(listening, before, 2)
    assert suggestions(noor) == []


def test_who_may_not_record_is_not_asked(listening: Town) -> None:
    before = len(taken(listening))
    for slack_id in ("U0SEFTON", "U0VIDA"):
        listening.person(slack_id).say(PASSED_ON, channel=TEAM)
    delivered(listening, before, 2)
    assert suggestions(listening.person("U0SEFTON")) == suggestions(listening.person("U0VIDA")) == []


def test_a_channel_that_was_not_opted_in_costs_one_look_by_its_key_and_is_not_read(town: Town) -> None:
    invited(town)
    noor = town.person("U0NOOR")
    before = len(taken(town))
    noor.say("Good morning", channel=TEAM)
    delivered(town, before, 1)
    statements: list[str] = []
    engine = town.wired.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    noor.say(PASSED_ON, channel=TEAM)
    delivered(town, before, 2)
    looks = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]
    assert len(looks) == 1
    assert "listening_channel" in looks[0]
    with town.wired.database.reading() as session:
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {looks[0].replace('?', repr(TEAM))}")).all())
    assert "USING COVERING INDEX" in plan
    assert suggestions(noor) == []


def test_once_it_is_turned_off_nobody_is_asked(listening: Town) -> None:
    noor, cora = listening.person("U0NOOR"), listening.person("U0CORA")
    cora.command("/complaint listen off", channel=TEAM)
    cora.wait_for_message(TEAM, "Listening is off in this channel.")
    before = len(taken(listening))
    noor.say(PASSED_ON, channel=TEAM)
    delivered(listening, before, 1)
    assert suggestions(noor) == []


def test_where_the_app_is_no_member_it_says_how_to_invite_it(town: Town) -> None:
    cora, noor = town.person("U0CORA"), town.person("U0NOOR")
    cora.command("/complaint listen on", channel=TEAM)
    cora.wait_for_message(TEAM, "This app is not a member of this channel")
    noor.command("/complaint listen", channel=TEAM)
    said = written(noor.wait_for_message(TEAM, "since 23 November 2026, turned on by Cora Ledger"))
    assert "/invite @complaints" in said
    invited(town)
    noor.command("/complaint listen", channel=TEAM)
    noor.wait_for_message(TEAM, "If no question ever comes")


def test_only_a_complaints_manager_turns_it_on_and_anybody_with_a_role_sees_whether_it_is(town: Town) -> None:
    noor = town.person("U0NOOR")
    noor.command("/complaint listen on", channel=TEAM)
    noor.wait_for_message(TEAM, "You can't change teams, people or settings")
    noor.command("/complaint listen", channel=TEAM)
    noor.wait_for_message(TEAM, "A complaints manager can turn it on")
    noor.command("/complaint listen please", channel=TEAM)
    noor.wait_for_message(TEAM, "Type /complaint listen on, /complaint listen off")


def test_nothing_that_was_written_is_stored_or_logged(listening: Town, caplog: pytest.LogCaptureFixture) -> None:
    noor = listening.person("U0NOOR")
    with caplog.at_level(logging.DEBUG):
        ts = noor.say(PASSED_ON, channel=TEAM)
        suggestion(noor)
    assert "Thursday" not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    with listening.wired.database.reading() as session:
        (row,) = session.exec(select(Suggestion)).all()
        assert (row.channel, row.ts, row.slack_id) == (noor.channel(TEAM), ts, "U0NOOR")
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        stored = "".join(str(session.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables)  # noqa: S608 - its own tables
    assert "U0NOOR" in stored
    assert "Thursday" not in stored


def test_the_register_being_away_disturbs_nobody(listening: Town) -> None:
    before = len(taken(listening))
    with listening.wired.database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("ALTER TABLE listening_channel RENAME TO elsewhere")
    listening.person("U0NOOR").say(PASSED_ON, channel=TEAM)
    delivered(listening, before, 1)
    assert suggestions(listening.person("U0NOOR")) == []


def test_in_a_direct_message_listening_is_refused(town: Town) -> None:
    cora = town.person("U0CORA")
    direct = cora.dm_with("U0HESTER")
    cora.command("/complaint listen on", channel=direct)
    cora.wait_for_message(direct, "Type /complaint listen on in the channel of a team")
    with pytest.raises(PersonError):
        cora.wait_for_message(direct, "Listening is on", timeout=0.1)
