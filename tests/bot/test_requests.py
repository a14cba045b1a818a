"""What people type and write, out of Slack's markup; and which of Slack's message events are somebody's own words."""

import json
from typing import Any

import pytest

from bot.requests import Heard, Values, carried, heard, plain, unpacked


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("East &amp; West last month", "East & West last month"),
        ("&lt;b&gt; &amp;lt;", "<b> &lt;"),
        ("handover <@U123|noor> to <@U456>", "handover <@U123|noor> to <@U456>"),
        ("<#C123|first-response> <#C124|> <!subteam^S1|@duty>", "<#C123|first-response> <#C124|> <!subteam^S1|@duty>"),
        ("see <https://example.gov.uk/a?b=1&amp;c=2>", "see https://example.gov.uk/a?b=1&c=2"),
        ("see <http://example.gov.uk|example.gov.uk>", "see example.gov.uk"),
        ("<mailto:team@example.gov.uk|team@example.gov.uk>", "team@example.gov.uk"),
        ("<mailto:team@example.gov.uk>", "team@example.gov.uk"),
        ("2017–18 ≤ 10", "2017–18 ≤ 10"),
        ("", ""),
    ],
)
def test_what_slack_escapes_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert plain(sent) == typed


@pytest.mark.parametrize("unstorable", ["\0", "\ud83d", "\udfff\ud83d"])
def test_what_no_database_can_hold_is_left_out_of_whatever_people_send(unstorable: str) -> None:
    sent, option = f"a{unstorable}b 👪", {"value": f"a{unstorable}b 👪"}
    values = Values({"field": {"input": {"value": sent, "selected_option": option, "selected_options": [option]}}})
    said = {
        values.text("field"),
        values.one("field"),
        *values.texts("field"),
        plain(sent),
        *unpacked(json.dumps({"reference": sent})).values(),
    }
    assert said == {"ab 👪"}


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", '"reference"', "[" * 2900, '{"a":' * 500])
def test_a_form_that_carries_nothing_readable_carries_nothing(broken: str) -> None:
    assert carried({"private_metadata": broken}) == {}


MESSAGE = {
    "type": "message",
    "user": "U1",
    "channel": "C1",
    "channel_type": "channel",
    "ts": "1764000000.000100",
    "text": "this &amp; that",
}


def test_what_a_member_writes_in_a_channel_or_in_a_thread_of_it_is_heard() -> None:
    assert heard(MESSAGE) == Heard("U1", "C1", "1764000000.000100", "this & that")
    assert heard(MESSAGE | {"channel_type": "group"}) is not None
    assert heard(MESSAGE | {"subtype": "file_share"}) is not None
    in_thread = heard(MESSAGE | {"thread_ts": "1763900000.000100"})
    assert in_thread is not None
    assert in_thread.thread == "1763900000.000100"


@pytest.mark.parametrize(
    "other",
    [
        {"bot_id": "B1"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed", "message": {"text": "mum wants to make a complaint", "user": "U1"}},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "thread_broadcast"},
        {"channel_type": "im"},
        {"channel_type": "mpim"},
        {"channel_type": "app_home"},
        {"user": None},
        {"ts": None},
    ],
)
def test_what_nobody_wrote_there_is_not_heard(other: dict[str, Any]) -> None:
    assert heard(MESSAGE | other) is None
