"""The smaller parts by themselves: seeds, clocks, tickets, uploads, and what forms must hold."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.practice.clock import Clock
from bot.practice.errors import SlackError
from bot.practice.ids import Timestamps
from bot.practice.inputs import dressed, form_problems, initial_state
from bot.practice.person import Person, PersonError
from bot.practice.seed import AppSeed, Timing
from bot.practice.tickets import ResponseUrls, Triggers
from bot.practice.uploads import uploaded_bytes
from tests.bot.practice.house import field_block, plain

CHOICE = field_block("choice", {"type": "static_select", "options": [{"text": plain("Red"), "value": "red"}]})


def test_an_app_is_read_from_its_manifest() -> None:
    manifest = {
        "display_information": {"name": "Complaints"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "slash_commands": [{"command": "/c", "description": "d", "usage_hint": "[x]"}],
            "shortcuts": [{"name": "Keep", "type": "message", "callback_id": "keep", "description": "d"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}, "socket_mode_enabled": True},
    }
    app = AppSeed.from_manifest(manifest, app_id="A1", bot_user_id="U1", bot_token="xoxb", app_token="xapp")
    assert (app.name, app.home, app.scopes) == ("Complaints", True, ("commands", "chat:write"))
    assert (app.commands[0].usage_hint, app.shortcuts[0].type) == ("[x]", "message")
    assert app.bot_events == ("app_home_opened",)


def test_a_clock_starts_where_it_is_told_and_runs() -> None:
    start = datetime(2027, 1, 4, 9, tzinfo=UTC)
    clock = Clock(start)
    assert start <= clock.now() < start + timedelta(seconds=5)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))
    with pytest.raises(ValueError, match="time zone"):
        clock.to(datetime(2027, 1, 5, 9))  # noqa: DTZ001 - what is refused here


def test_timestamps_are_unique_within_one_instant() -> None:
    stamps, now = Timestamps(), datetime(2027, 1, 4, 9, 0, 0, 999_999, tzinfo=UTC)
    made = [stamps.new(now) for _ in range(3)]
    assert made == ["1799053200.999999", "1799053201.000000", "1799053201.000001"]


def test_a_response_url_is_used_up_after_five_times() -> None:
    urls = ResponseUrls(Timing(), "http://host")
    key = urls.new(app_id="A1", user_id="U1", channel_id="C1").rpartition("/")[2]
    for _ in range(5):
        urls.use(key)
    with pytest.raises(SlackError, match="used_url"):
        urls.use(key)
    with pytest.raises(SlackError, match="expired_url"):
        urls.use("unknown")


def test_a_trigger_is_no_use_to_another_app() -> None:
    triggers = Triggers(Timing())
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        triggers.use(triggers.new("U1", "A1"), "A2")


def test_an_upload_may_be_the_body_or_a_part_of_a_form() -> None:
    form = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n\x00\xff\r\n--b--\r\n'
    assert uploaded_bytes(form, "multipart/form-data; boundary=b") == b"\x00\xff"
    assert uploaded_bytes(b"\x00", "application/octet-stream") == b"\x00"


def test_what_was_entered_stays_when_a_field_stays() -> None:
    before = {
        "choice": {"choice": {"type": "static_select", "selected_option": {"text": plain("Red"), "value": "red"}}}
    }
    kept = initial_state(dressed([CHOICE]), before)
    assert kept["choice"]["choice"]["selected_option"]["value"] == "red"
    blue = field_block("choice", {"type": "static_select", "options": [{"text": plain("Blue"), "value": "blue"}]})
    assert initial_state(dressed([blue]), before)["choice"]["choice"]["selected_option"] is None


@pytest.mark.parametrize(
    ("element", "value", "problem"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "email_text_input"}, "nobody", "valid email"),
        ({"type": "url_text_input"}, "example", "valid URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, "1.5", "at least 2"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "1"}, "1.5", "at most 1"),
    ],
)
def test_a_form_is_refused_before_the_app_hears_of_it(element: dict[str, object], value: str, problem: str) -> None:
    block = field_block("a", element)
    assert problem in form_problems([block], {"a": {"a": {"value": value}}})["a"]


def test_a_person_enters_only_what_a_field_offers() -> None:
    person, view = Person("http://127.0.0.1:1", "U1"), {"blocks": [CHOICE, field_block("day", {"type": "datepicker"})]}
    filled = person.filled(view, {"choice": "Red", "day": date(2027, 1, 31)})
    assert filled["choice"]["choice"]["selected_option"]["value"] == "red"
    assert filled["day"]["day"] == {"type": "datepicker", "selected_date": "2027-01-31"}
    with pytest.raises(PersonError, match="'green' is not offered, only red"):
        person.filled(view, {"choice": "green"})
    with pytest.raises(PersonError, match="2027-01-31"):
        person.filled(view, {"day": "tomorrow"})
    with pytest.raises(PersonError, match="there is no colour here"):
        person.filled(view, {"colour": "red"})
