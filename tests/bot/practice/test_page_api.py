"""The page's API: what each person sees, the stream of changes, the clock, people, and refusals in plain English."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.practice.person import Person, PersonError
from tests.bot.practice.house import House, open_house, seed


class Listener:
    """Follows the stream of changes for one person."""

    def __init__(self, house: House, person: str, after: int) -> None:
        self.heard: list[dict[str, Any]] = []
        url = f"{house.server.url}/practice/events?as={person}&after={after}"
        self._response = urllib.request.urlopen(url, timeout=10)  # noqa: S310 - the practice server's own address
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        with self._response:
            for line in self._response:
                if line.startswith(b"data: "):
                    self.heard.append(json.loads(line.removeprefix(b"data: ")))

    def join(self) -> None:
        """Wait for the stream to end."""
        self._thread.join(5)
        assert not self._thread.is_alive()

    def kinds(self) -> list[str]:
        """The types heard so far."""
        return [notice["type"] for notice in self.heard]


def test_each_person_sees_their_own_channels_and_unread_messages(house: House) -> None:
    house.ada.say("one", channel="general")
    house.ada.say("two", channel="general")
    mine = {each["name"]: each for each in house.ben.state()["channels"]}
    assert set(mine) == {"general"}
    assert mine["general"]["unread"] == 2
    assert {each["name"]: each["unread"] for each in house.ada.state()["channels"]}["general"] == 0
    house.ben.read("general")
    assert house.ben.state()["channels"][0]["unread"] == 0


def test_a_page_that_knows_nobody_yet_starts_as_the_first_person(house: House) -> None:
    with urllib.request.urlopen(f"{house.server.url}/practice/state", timeout=5) as response:  # noqa: S310 - as above
        assert json.load(response)["me"]["id"] == "U1"


def test_the_stream_tells_each_person_only_what_concerns_them() -> None:
    with open_house(seed()) as house:
        before = house.ada.state()["seq"]
        house.ada.say("missed", channel="general")
        ben, cy = Listener(house, "U2", before), Listener(house, "U3", before)
        house.client.chat_postEphemeral(channel="C1", user="U1", text="not for Ben")
        house.client.chat_postMessage(channel="C1", text="for Ben")
        house.ada.move_clock(timedelta(minutes=1))
        house.ada.wait_for(lambda: "clock" in ben.kinds() and "clock" in cy.kinds())
        assert ben.kinds() == ["message", "message", "clock"]
        assert cy.kinds() == ["clock"]
        assert [notice["seq"] for notice in ben.heard] == sorted(notice["seq"] for notice in ben.heard)
    ben.join()
    cy.join()


def test_long_channels_are_read_page_by_page(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    for number in range(62):
        house.client.chat_postMessage(channel=channel, text=str(number))
    newest = house.ada.messages(channel, limit=50)
    assert [message["text"] for message in newest[-2:]] == ["60", "61"]
    assert len(newest) == 50


@pytest.mark.slow
@pytest.mark.alone
def test_two_thousand_messages_do_not_slow_the_page_or_the_posts(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    started = time.monotonic()
    for number in range(2000):
        house.client.chat_postMessage(channel=channel, text=str(number))
    assert 2000 / (time.monotonic() - started) > 100
    started = time.monotonic()
    for _ in range(20):
        house.ada.messages(channel)
    assert (time.monotonic() - started) / 40 < 0.05


def test_the_clock_moves_forward_only_and_dates_messages() -> None:
    with open_house(seed()) as house:
        later = datetime.now(UTC) + timedelta(days=10)
        house.ada.move_clock(to=later)
        ts = float(house.client.chat_postMessage(channel="C1", text="x")["ts"])
        assert abs(ts - later.timestamp()) < 5
        assert house.ada.state()["clock"]["moved_seconds"] == pytest.approx(864_000, abs=5)
        with pytest.raises(PersonError, match="only moves forward"):
            house.ada.move_clock(to=datetime.now(UTC))
        house.server.clock.advance(timedelta(days=1))
        assert house.server.clock.now() > later


def test_a_deactivated_person_can_do_nothing_more() -> None:
    with open_house(seed()) as house:
        house.ada.deactivate("U2")
        with pytest.raises(PersonError, match="The account of Ben Elm is deactivated"):
            house.ben.say("hello", channel="general")
        assert house.ben.messages("general") == []


def test_people_talk_to_each_other_and_to_the_app_in_dms(house: House) -> None:
    direct = house.ada.dm_with("U2")
    assert house.ben.dm_with("U1") == direct
    house.ada.say("between us", channel=direct)
    assert house.ben.messages(direct)[0]["text"] == "between us"
    assert house.ada.dm_with_app() == house.client.conversations_open(users="U1")["channel"]["id"]


def test_names_and_channels_in_a_text_become_references(house: House, new_channel: Callable[[], str]) -> None:
    channel = new_channel()
    house.ada.say("@ben.elm see #general & <that>, ada@oak.example", channel=channel)
    assert house.ada.messages(channel)[-1]["text"] == "<@U2> see <#C1|general> &amp; &lt;that&gt;, ada@oak.example"


def test_somebody_or_an_app_is_put_into_a_channel_by_slacks_own_command(
    house: House, new_channel: Callable[[], str]
) -> None:
    channel = new_channel()
    cy = Person(house.server.url, "U3")
    assert channel not in {each["id"] for each in cy.state()["channels"]}
    house.ada.command("/invite @cy.ash", channel=channel)
    assert channel in {each["id"] for each in cy.state()["channels"]}
    assert "already in" in house.ada.command("/invite @cy.ash", channel=channel, may_fail=True)["failed"]
    for typed in ("/invite", "/invite @nobody", "/invite cy.ash"):
        assert "Nobody was invited" in house.ada.command(typed, channel=channel, may_fail=True)["failed"]


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda house: Person(house.server.url, "U9").state(), "There is nobody with the id U9"),
        (lambda house: house.ben.messages("C3"), "is in no channel C3"),
        (lambda house: house.ada.say("  ", channel="general"), "Write something first"),
        (lambda house: house.ada.say("x", channel="old"), "archived"),
        (lambda house: house.ada.move_to("U2", "Mars/Base"), "There is no time zone Mars/Base"),
        (lambda house: house.ada.shortcut("nothing"), "No app offers the shortcut nothing"),
    ],
)
def test_what_cant_be_done_is_refused_in_plain_english(
    house: House, act: Callable[[House], Any], sentence: str
) -> None:
    with pytest.raises(PersonError, match=sentence):
        act(house)


def test_the_page_answers_even_when_its_assets_are_not_there(house: House) -> None:
    with urllib.request.urlopen(house.server.url, timeout=5) as response:  # noqa: S310 - as above
        assert response.status == 200


def test_a_permalink_leads_to_the_page(house: House) -> None:
    ts = house.client.chat_postMessage(channel="C1", text="x")["ts"]
    link = house.client.chat_getPermalink(channel="C1", message_ts=ts)["permalink"]
    with urllib.request.urlopen(link, timeout=5) as response:  # noqa: S310 - as above
        assert response.url.endswith(f"/#channel=C1&ts={ts}")
