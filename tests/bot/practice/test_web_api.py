"""The Web API as slack_sdk sees it: what is posted is there, and what Slack refuses is refused with Slack's code."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.bot.practice.house import APP_TOKEN, BOT_TOKEN, House, open_house, seed

DIVIDER = [{"type": "divider"}]


def refused(call: Callable[[], Any]) -> Any:
    """The body of the refusal that `call` gets."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return caught.value.response.data


def error(call: Callable[[], Any]) -> str:
    """The error code of the refusal that `call` gets."""
    return str(refused(call)["error"])


def test_a_call_without_or_with_a_wrong_token_is_refused(house: House) -> None:
    def api(token: str | None) -> WebClient:
        return WebClient(token=token, base_url=house.server.api_url)

    assert error(lambda: api(None).auth_test()) == "not_authed"
    assert error(lambda: api("xoxb-other").auth_test()) == "invalid_auth"
    assert error(lambda: api(APP_TOKEN).auth_test()) == "not_allowed_token_type"
    assert error(lambda: api(BOT_TOKEN).apps_connections_open(app_token=BOT_TOKEN)) == "not_allowed_token_type"
    assert error(lambda: api(BOT_TOKEN).api_call("chat.shout")) == "unknown_method"


def test_auth_test_names_the_bot_and_its_scopes(house: House) -> None:
    answer = house.client.auth_test()
    assert (answer["user_id"], answer["team_id"], answer["bot_id"][0]) == ("UBOT", "T0PRACTICE", "B")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


def test_a_missing_scope_is_named() -> None:
    with open_house(seed(scopes=("chat:write", "channels:read"))) as bare:
        body = refused(lambda: bare.client.users_info(user="U1"))
        assert (body["error"], body["needed"]) == ("missing_scope", "users:read")
        assert body["provided"] == "chat:write,channels:read"
        assert error(lambda: bare.client.conversations_history(channel="C1")) == "missing_scope"
        assert error(lambda: bare.client.chat_postMessage(channel="C2", text="x")) == "not_in_channel"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"channel": "C999", "text": "x"}, "channel_not_found"),
        ({"channel": "C3", "text": "x"}, "channel_not_found"),
        ({"channel": "C4", "text": "x"}, "is_archived"),
        ({"channel": "C1", "text": ""}, "no_text"),
        ({"channel": "C1", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel": "C1", "text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"channel": "C1", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        (
            {"channel": "C1", "text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 16_000}}},
            "metadata_too_large",
        ),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
def test_a_post_is_refused_with_slacks_code(house: House, given: dict[str, Any], code: str) -> None:
    assert error(lambda: house.client.api_call("chat.postMessage", json=given)) == code


def test_refused_blocks_say_what_is_wrong_and_where(house: House) -> None:
    block = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    body = refused(lambda: house.client.chat_postMessage(channel="C1", text="x", blocks=[block]))
    assert body["error"] == "invalid_blocks"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_a_post_gets_an_increasing_timestamp_and_slacks_shape(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    stamps = [house.client.chat_postMessage(channel=channel, text=str(n))["ts"] for n in range(20)]
    assert stamps == sorted(set(stamps))
    posted = house.client.api_call("chat.postMessage", json={"channel": channel, "blocks": DIVIDER})
    assert posted["message"]["text"] == "This content can't be displayed."
    assert {"user", "bot_id", "app_id", "bot_profile", "team", "ts"} <= posted["message"].keys()
    assert posted["message"]["blocks"][0]["block_id"]


def test_text_beyond_forty_thousand_characters_is_cut(house: House) -> None:
    assert len(house.client.chat_postMessage(channel="C1", text="x" * 40_001)["message"]["text"]) == 40_000


def test_a_persons_id_means_their_dm_even_when_they_are_deactivated(house: House) -> None:
    first = house.client.chat_postMessage(channel="U3", text="hello")["channel"]
    assert first == house.client.conversations_open(users="U3")["channel"]["id"]
    house.ada.deactivate("U3")
    assert house.client.chat_postMessage(channel="U3", text="still there?")["channel"] == first
    assert house.client.users_info(user="U3")["user"]["deleted"]
    assert error(lambda: house.client.users_lookupByEmail(email="cy.ash@practice.example")) == "users_not_found"
    house.ada.deactivate("U3", deleted=False)


def test_metadata_is_shown_only_when_asked_for(house: House, new_channel: Callable[[], str]) -> None:
    channel, metadata = new_channel(), {"event_type": "nudge", "event_payload": {"key": "k1"}}
    posted = house.client.chat_postMessage(channel=channel, text="x", metadata=metadata)
    assert "metadata" not in house.client.conversations_history(channel=channel)["messages"][0]
    shown = house.client.conversations_history(
        channel=channel, include_all_metadata=True, oldest=posted["ts"], inclusive=True
    )["messages"]
    assert [message["metadata"] for message in shown] == [metadata]
    assert house.ada.log()["calls"][-3]["key"] == {"key": "k1"}


def test_history_is_newest_first_bounded_and_paged(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    stamps = [house.client.chat_postMessage(channel=channel, text=str(n))["ts"] for n in range(7)]

    def texts(**asked: Any) -> str:
        return "".join(m["text"] for m in house.client.conversations_history(channel=channel, **asked)["messages"])

    assert texts() == "6543210"
    assert texts(oldest=stamps[2], latest=stamps[5]) == "43"
    assert texts(oldest=stamps[2], latest=stamps[5], inclusive=True) == "5432"
    first = house.client.conversations_history(channel=channel, limit=5)
    assert first["has_more"]
    assert texts(limit=5, cursor=first["response_metadata"]["next_cursor"]) == "10"
    assert error(lambda: house.client.conversations_history(channel=channel, cursor="bogus")) == "invalid_cursor"
    assert error(lambda: house.client.conversations_history(channel="C2")) == "not_in_channel"


def test_replies_live_in_their_thread_and_are_counted_at_the_parent(
    house: House, new_channel: Callable[[], str]
) -> None:
    channel = new_channel()
    parent = house.client.chat_postMessage(channel=channel, text="parent")["ts"]
    reply = house.client.chat_postMessage(channel=channel, text="reply", thread_ts=parent)["ts"]
    house.client.chat_postMessage(channel=channel, text="loud", thread_ts=reply, reply_broadcast=True)
    history = house.client.conversations_history(channel=channel)["messages"]
    assert [message["text"] for message in history] == ["loud", "parent"]
    assert (history[1]["reply_count"], history[1]["thread_ts"]) == (2, parent)
    thread = house.client.conversations_replies(channel=channel, ts=reply)["messages"]
    assert [message["text"] for message in thread] == ["parent", "reply", "loud"]
    house.client.chat_delete(channel=channel, ts=parent)
    assert house.client.conversations_replies(channel=channel, ts=parent)["messages"][0]["subtype"] == "tombstone"


def test_an_update_with_text_alone_takes_the_blocks_away(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    ts = house.client.chat_postMessage(channel=channel, text="one", blocks=DIVIDER)["ts"]
    with_blocks = house.client.chat_update(channel=channel, ts=ts, text="two", blocks=DIVIDER)["message"]
    assert "edited" not in with_blocks
    alone = house.client.chat_update(channel=channel, ts=ts, text="three")["message"]
    assert "blocks" not in alone
    assert alone["edited"]["user"] == "UBOT"


def test_only_its_own_messages_may_an_app_change_or_delete(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    theirs = house.ada.say("mine", channel=channel)
    assert error(lambda: house.client.chat_update(channel=channel, ts=theirs, text="x")) == "cant_update_message"
    assert error(lambda: house.client.chat_delete(channel=channel, ts=theirs)) == "cant_delete_message"
    assert error(lambda: house.client.chat_update(channel=channel, ts="1.000000", text="x")) == "message_not_found"
    ts = house.client.chat_postMessage(channel=channel, text="x")["ts"]
    assert error(lambda: house.client.chat_update(channel=channel, ts=ts, text="x" * 4001)) == "msg_too_long"
    house.client.chat_delete(channel=channel, ts=ts)
    assert error(lambda: house.client.chat_delete(channel=channel, ts=ts)) == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_person_and_not_in_history(
    house: House, new_channel: Callable[[], str]
) -> None:
    channel = new_channel()
    house.client.chat_postEphemeral(channel=channel, user="U1", text="psst")
    assert [message["text"] for message in house.ada.messages(channel)] == ["psst"]
    assert house.ben.messages(channel) == []
    assert house.client.conversations_history(channel=channel)["messages"] == []
    assert (
        error(lambda: house.client.chat_postEphemeral(channel=channel, user="U3", text="psst")) == "user_not_in_channel"
    )


def test_channels_are_listed_by_type_with_membership(house: House) -> None:
    listed = {each["id"]: each for each in house.client.conversations_list(limit=500)["channels"]}
    assert (listed["C1"]["is_member"], listed["C2"]["is_member"]) == (True, False)
    assert "C3" not in listed
    assert "C4" not in {c["id"] for c in house.client.conversations_list(exclude_archived=True, limit=500)["channels"]}
    assert set(house.client.conversations_members(channel="C1")["members"]) == {"U1", "U2", "UBOT"}
    assert {"C1", "C4"} <= {c["id"] for c in house.client.users_conversations(limit=500)["channels"]}
    assert error(lambda: house.client.conversations_list(types="secret")) == "invalid_types"


def test_an_app_joins_public_channels_only() -> None:
    with open_house(seed()) as fresh:
        assert fresh.client.conversations_join(channel="C2")["channel"]["is_member"]
        assert fresh.client.conversations_join(channel="C2")["warning"] == "already_in_channel"
        assert error(lambda: fresh.client.conversations_join(channel="C3")) == "channel_not_found"
        assert error(lambda: fresh.client.conversations_create(name="Not Good")) == "invalid_name_specials"
        assert error(lambda: fresh.client.conversations_create(name="general")) == "name_taken"


def test_people_carry_their_time_zone_by_name(house: House) -> None:
    user = house.client.users_info(user="U2")["user"]
    assert (user["tz"], user["profile"]["email"]) == ("Europe/Lisbon", "ben.elm@practice.example")
    assert error(lambda: house.client.users_info(user="U999")) == "user_not_found"
    assert house.client.users_lookupByEmail(email="ben.elm@practice.example")["user"]["id"] == "U2"
    everyone = [member["id"] for page in house.client.users_list(limit=2) for member in page["members"]]
    assert everyone == ["U1", "U2", "U3", "UBOT"]


def test_a_file_is_uploaded_in_three_steps_and_shared_in_a_thread(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    parent = house.client.chat_postMessage(channel=channel, text="parent")["ts"]
    uploaded = house.client.files_upload_v2(
        channel=channel, filename="figures.csv", content="a,b\n1,2\n", alt_txt="Two figures", thread_ts=parent,
        initial_comment="Here", title="Figures",
    )  # fmt: skip
    assert uploaded["file"]["size"] == 8
    shared = house.ada.messages(channel, thread_ts=parent)[1]
    assert (shared["text"], shared["files"][0]["alt_txt"], shared["files"][0]["title"]) == (
        "Here",
        "Two figures",
        "Figures",
    )
    assert house.client.files_info(file=uploaded["file"]["id"])["file"]["mimetype"] == "text/csv"
    assert error(lambda: house.client.files_info(file="F999")) == "file_not_found"


def test_the_rest_answers_as_documented(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    ts = house.client.chat_postMessage(channel=channel, text="x")["ts"]
    link = house.client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/{channel}/p{ts.replace('.', '')}")
    house.client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert error(lambda: house.client.reactions_add(channel=channel, timestamp=ts, name="eyes")) == "already_reacted"
    assert house.client.team_info()["team"]["name"] == "Fernshire"
    assert house.client.bots_info()["bot"]["user_id"] == "UBOT"
    assert error(lambda: house.client.api_test(error="my_error")) == "my_error"
