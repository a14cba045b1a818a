"""Rate limits and faults: what an app must live with."""

import socket
import time
import urllib.error
from http.client import RemoteDisconnected
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.practice.person import PersonError
from bot.practice.rates import RateLimits
from tests.bot.practice.house import BOT_TOKEN, House, open_house, seed
from tests.bot.practice.test_web_api import error


def texts(house: House) -> list[str]:
    return [message["text"] for message in house.ada.messages("general")]


def test_a_channel_takes_a_short_burst_and_then_one_post_a_second() -> None:
    with open_house(seed(rates="real")) as house:
        for number in range(5):
            house.client.chat_postMessage(channel="C1", text=str(number))
        with pytest.raises(SlackApiError) as caught:
            house.client.chat_postMessage(channel="C1", text="one too many")
        response = caught.value.response
        assert (response.status_code, response["error"], response.headers["retry-after"]) == (429, "ratelimited", "1")
        assert house.client.chat_postMessage(channel="U1", text="another channel")["ok"]
        assert "one too many" not in texts(house)


def test_methods_are_limited_by_their_tier() -> None:
    limits = RateLimits("real")
    allowed = dict.fromkeys(("2", "3", "4"), 0)
    for tier in allowed:
        while not limits.take("A1", f"method{tier}", tier, None):  # type: ignore[arg-type]  # the tiers are listed above
            allowed[tier] += 1
    assert (allowed["2"], allowed["3"], allowed["4"]) == (20, 50, 100)
    assert RateLimits("real").take("A1", "users.list", "2", None) == 0


def test_the_workspace_as_a_whole_takes_a_hundred_posts_at_once() -> None:
    limits, posted = RateLimits("real"), 0
    while not limits.take("A1", "chat.postMessage", "post", f"C{posted}"):
        posted += 1
    assert posted == 100


def test_limits_scale_and_can_be_off() -> None:
    twice, off = RateLimits(2.0), RateLimits("off")
    assert sum(not twice.take("A1", "users.list", "2", None) for _ in range(100)) == 40
    assert not any(off.take("A1", "users.list", "2", None) for _ in range(1000))


def test_an_ordered_rate_limit_says_how_long_to_wait(house: House) -> None:
    house.ada.add_fault("rate_limited", method="chat.postMessage", count=1, retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        house.client.chat_postMessage(channel="C1", text="x")
    assert caught.value.response.headers["retry-after"] == "7"
    assert house.client.chat_postMessage(channel="C1", text="x")["ok"]
    house.ada.clear_faults()


def test_an_ordered_error_is_a_500_for_every_second_call(house: House) -> None:
    house.ada.add_fault("error", method="users.info", share=0.5)
    outcomes = []
    for _ in range(4):
        try:
            outcomes.append(house.client.users_info(user="U1").status_code)
        except SlackApiError as failure:
            outcomes.append(failure.response.status_code)
    assert outcomes == [200, 500, 200, 500]
    house.ada.clear_faults()


def test_a_dropped_connection_posts_nothing(house: House) -> None:
    house.ada.add_fault("drop", method="chat.postMessage")
    with pytest.raises((ConnectionResetError, RemoteDisconnected, urllib.error.URLError)):
        house.client.chat_postMessage(channel="C1", text="dropped")
    house.ada.clear_faults()
    assert "dropped" not in texts(house)


@pytest.mark.slow
def test_a_call_that_is_accepted_and_then_hangs_has_been_done(house: House) -> None:
    house.ada.add_fault("accept_then_hang", method="chat.postMessage", count=1)
    impatient = WebClient(token=BOT_TOKEN, base_url=house.server.api_url, timeout=1)
    with pytest.raises((TimeoutError, socket.timeout, urllib.error.URLError)):
        impatient.chat_postMessage(channel="C1", text="arrived all the same")
    assert "arrived all the same" in texts(house)
    house.ada.clear_faults()


def test_a_slow_call_is_late_and_right(house: House) -> None:
    house.ada.add_fault("slow", method="api.test", seconds=0.2)
    started = time.monotonic()
    assert house.client.api_test()["ok"]
    assert time.monotonic() - started >= 0.2
    house.ada.clear_faults()


def test_a_fault_about_one_person_leaves_others_alone(house: House) -> None:
    direct = str(house.client.conversations_open(users="U1")["channel"]["id"])
    house.ada.add_fault("error", about="U1")
    assert error(lambda: house.client.conversations_open(users="U1")) == "internal_error"
    assert error(lambda: house.client.users_info(user="U1")) == "internal_error"
    assert error(lambda: house.client.chat_postMessage(channel=direct, text="x")) == "internal_error"
    assert house.client.conversations_open(users="U2")["ok"]
    assert house.client.chat_postMessage(channel="C1", text="x")["ok"]
    house.ada.clear_faults()


def test_a_fault_about_one_channel_leaves_others_alone(house: House) -> None:
    house.ada.add_fault("error", about="C1")
    assert error(lambda: house.client.chat_postMessage(channel="C1", text="x")) == "internal_error"
    assert house.client.chat_postMessage(channel="U1", text="x")["ok"]
    house.ada.clear_faults()


def test_a_fault_that_makes_no_sense_is_refused_in_plain_english(house: House) -> None:
    with pytest.raises(PersonError, match="The kind of a fault is one of"):
        house.ada.add_fault("explode")
    with pytest.raises(PersonError, match="share of calls"):
        house.ada.add_fault("error", share=3)


def test_servers_in_one_process_share_nothing(house: House) -> None:
    with open_house(seed()) as other:
        other.client.chat_postMessage(channel="C1", text="only here")
        other.ada.add_fault("error")
        assert house.client.auth_test()["ok"]
        assert "only here" not in texts(house)
        assert error(other.client.auth_test) == "internal_error"


def test_who_goes_away_in_the_middle_of_a_call_is_in_the_log_and_harms_nobody(house: House) -> None:
    where = urlsplit(house.server.api_url)
    with socket.create_connection((where.hostname or "", where.port or 0)) as line:
        line.sendall(b"POST /api/chat.postMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nchannel=")
    house.ada.wait_for(lambda: "gone before it had said everything" in str(house.ada.log()["calls"]))
    assert house.client.api_test()["ok"]
