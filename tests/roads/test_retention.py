"""Six years later: what people wrote is cleared in the register, and gone from the card's thread and the messages in Slack."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlmodel import select

from bot.demo.county import BOT, BOT_TOKEN, CHANNEL
from bot.practice.person import Json, Person, written
from storage import checking, register
from storage.models import OutboxRow
from storage.people import everyone
from storage.register import NewComplaint, Response, ombudsman, requests, retention
from storage.register.requests import Extension
from storage.vocabulary import MessageKind, OmbudsmanDecision, OutboxState
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow

START = datetime.fromisoformat("2020-03-02T08:30:00+00:00")
SUMMARY = "Nobody answered letters for three weeks"
REASON = "Two teams have to be asked"
REFERENCE = "CS-2020-0001"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with open_town(database_url, "socket", start=START, rates="off") as opened:
        yield opened


def record_and_close(town: Town) -> None:
    """A complaint with a summary, an extension asked for with a reason, and a response; all said in Slack."""
    office, now = town.wired.office, town.server.clock.now()
    with office.change("U0HESTER", now) as desk:
        team_id = next(team.id for team in desk.teams if team.name == "First Response")
        new = NewComplaint(
            received_on=desk.today,
            lead_team_id=team_id,
            summary=SUMMARY,
            customer_group="Parent",
            contact_method="Letter",
            correspondence_ref="LET/2020/7",
        )
        reference = register.record(desk, new).reference
    assert reference == REFERENCE
    with office.change("U0MABEL", now) as desk:
        register.claim(desk, reference)
        requests.ask_extension(desk, reference, Extension(until=date(2020, 3, 20), reason=REASON))
    town.beat()
    with office.change("U0HESTER", now) as desk:
        register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))
    town.beat()


def said_in_slack(town: Town) -> str:
    """Everything that stands in the complaints channel, its threads, and the direct messages of who decides."""
    hester = town.person("U0HESTER")
    found = [*hester.messages(CHANNEL)]
    found += [reply for one in list(found) for reply in hester.messages(CHANNEL, thread_ts=one["ts"])]
    for who in deciders(town):
        found += who.messages(who.dm_with_app(BOT))
    return "\n".join(f"{one['text']} {written(one)}" for one in found)


def deciders(town: Town) -> list[Person]:
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        asked = desk.session.exec(
            select(OutboxRow.person_id).where(OutboxRow.kind == MessageKind.DECISION_WANTED)
        ).all()

        return [town.person(one.slack_id) for one in everyone(desk.session, asked).values()]


def six_years_later(town: Town) -> None:
    town.server.clock.advance(timedelta(days=6 * 365 + 3))
    assert retention.run(town.wired.office, town.server.clock.now()).complaints == 1
    for _ in range(3):
        town.server.clock.advance(timedelta(minutes=1))
        town.beat()


def test_the_card_its_thread_and_direct_messages_no_longer_show_what_was_cleared(town: Town) -> None:
    record_and_close(town)
    before = said_in_slack(town)
    for said in (SUMMARY, REASON, "Parent", "Letter", "LET/2020/7"):
        assert said in before, said
    count = len(town.person("U0HESTER").messages(CHANNEL))
    six_years_later(town)
    after = said_in_slack(town)
    for said in (SUMMARY, REASON, "Parent", "Letter", "LET/2020/7"):
        assert said not in after, said
    assert "CS-2020-0001: this was cleared on 4 March 2026 under the council's retention rule." in after
    # What showed nothing of it stays as it was, and nothing new is posted.
    assert "claimed this" in after
    assert "closed on 2 March 2020" in town.person("U0HESTER").wait_for_message(CHANNEL, REFERENCE)["text"]
    assert len(town.person("U0HESTER").messages(CHANNEL)) == count
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        assert checking.check(desk).differences == ()
        assert {row.state for row in desk.session.exec(select(OutboxRow))} <= {OutboxState.SENT, OutboxState.DROPPED}


def test_what_people_deleted_in_slack_is_not_put_up_again(town: Town) -> None:
    record_and_close(town)
    hester, client = town.person("U0HESTER"), WebClient(token=BOT_TOKEN, base_url=town.server.api_url)
    card = hester.wait_for_message(CHANNEL, REFERENCE)
    replies = [one for one in hester.messages(CHANNEL, thread_ts=card["ts"]) if one["ts"] != card["ts"]]
    for one in (*replies, card):
        client.chat_delete(channel=CHANNEL, ts=one["ts"])
    six_years_later(town)
    assert hester.messages(CHANNEL) == []
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        assert {row.state for row in desk.session.exec(select(OutboxRow))} <= {OutboxState.SENT, OutboxState.DROPPED}


def test_what_slack_will_not_let_the_app_change_is_deleted_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some workspaces close the time for changing messages, apps' messages among them."""
    record_and_close(town)

    def closed(_self: WebClient, **_asked: object) -> Json:
        answer = SlackResponse(
            client=None, http_verb="POST", api_url="", req_args={}, data={"error": "edit_window_closed"}, headers={},
            status_code=200,
        )  # fmt: skip
        raise SlackApiError("edit_window_closed", answer)  # type: ignore[no-untyped-call]  # reason: it has no annotations

    monkeypatch.setattr(WebClient, "chat_update", closed)
    six_years_later(town)
    after = said_in_slack(town)
    for said in (SUMMARY, REASON, "LET/2020/7"):
        assert said not in after, said


def test_what_the_ombudsman_decides_years_later_is_still_said(town: Town) -> None:
    record_and_close(town)
    six_years_later(town)
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        ombudsman.decided(desk, REFERENCE, desk.today, OmbudsmanDecision.NO_FAULT)
    town.beat()
    assert "Ombudsman decided" in said_in_slack(town)
