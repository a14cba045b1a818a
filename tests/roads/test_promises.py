"""A promise to a committee, from typing it “in six months” to its verification and the committee's tracker, through Slack."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow

PROMISE = '/complaint promise "update on recording of complaints" in six months to Children and Families committee'


@pytest.fixture
def town(way: tuple[str, str]) -> Iterator[Town]:
    with open_town(*way, rates="off") as opened:
        yield opened


def told(person: Person, words: str) -> str:
    return str(person.wait_for_message(CHANNEL, words)["text"])


def test_a_promise_in_six_months_is_nudged_kept_sent_back_verified_and_exported(town: Town) -> None:
    mabel, cora = town.person("U0MABEL"), town.person("U0CORA")
    mabel.command(PROMISE, channel=CHANNEL)
    # Typed on Monday 23 November 2026; 23 May 2027 is a Sunday.
    assert "Due 23 May 2027" in told(mabel, "P-0001")

    # Friday 23 April, twenty working days before.
    town.server.clock.advance(timedelta(days=151, hours=2))
    town.beat()
    dm = mabel.dm_with_app()
    nudge = mabel.wait_for_message(dm, "update on recording of complaints")
    assert "due 23 May 2027 (20 working days left)" in written(nudge)
    mabel.click(nudge, "promise_done")
    refused = mabel.submit(mabel.view(), {"action_taken": "Ring 07700 900123"})
    assert "phone number" in refused["errors"]["action_taken"]
    mabel.submit(mabel.view(), {"action_taken": "A report went to the committee", "evidence_ref": "REP 2027/3"})
    town.beat()
    mabel.wait_for_message(dm, "done by Mabel Eastwood")

    # On Monday, the next working day, the complaints manager is asked.
    town.server.clock.advance(timedelta(days=3))
    town.beat()
    asked = cora.wait_for_message(cora.dm_with_app(), "nobody has verified it yet")
    cora.click(asked, "promise_send_back")
    cora.submit(cora.view(), {"reason": "The report has no figures by team"})
    town.server.clock.advance(timedelta(days=1))
    town.beat()
    again = mabel.wait_for_message(dm, "Sent back: The report has no figures by team")
    mabel.click(again, "promise_done")
    mabel.submit(mabel.view(), {"action_taken": "A report with figures by team went to the committee"})
    cora.command("/complaint promises", channel=CHANNEL)
    listed = cora.wait_for_message(CHANNEL, "Others promised: 1 open")
    cora.click(listed, "promise_verify")
    assert told(cora, "verified as done, and over")
    cora.command("/complaint promises export", channel=CHANNEL)
    assert told(cora, "commitments.xlsx is in your messages")
    sent = cora.wait_for_message(cora.dm_with_app(), "columns of the committees' tracker")
    assert [file["name"] for file in sent["files"]] == ["commitments.xlsx"]


def test_a_date_that_can_be_read_two_ways_is_asked_back_and_chosen(town: Town) -> None:
    hester, noor = town.person("U0HESTER"), town.person("U0NOOR")
    words = "/complaint promise “audit of letters & calls” by 3/4/2027 to Scrutiny by @noor"
    hester.command(words, channel=CHANNEL)
    asked = hester.wait_for_message(CHANNEL, "can be read in two ways")
    assert "by 3 April 2027 to Scrutiny" in written(asked)
    hester.click(asked, "promise", value='"audit of letters & calls" by 3 April 2027 to Scrutiny by <@U0NOOR|noor>')
    recorded = told(hester, "P-0001")
    assert "Noor Fenwick owns it" in recorded
    town.beat()
    noor.wait_for_message(noor.dm_with_app(), "P-0001")


def test_a_file_that_slack_does_not_take_is_told_where_it_was_asked_for(town: Town) -> None:
    cora = town.person("U0CORA")
    cora.add_fault("error", method="files.completeUploadExternal")
    cora.command("/complaint promises export", channel=CHANNEL)
    told(cora, "Slack did not take the file just now")
