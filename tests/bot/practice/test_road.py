"""A real Bolt app on both roads, Socket Mode and signed HTTP: everything people do reaches it and its answer them."""

from collections.abc import Iterator

import pytest

from bot.practice.person import PersonError, written
from tests.bot.practice.helper_app import register
from tests.bot.practice.house import House, over_http, over_socket

pytestmark = pytest.mark.slow


@pytest.fixture(params=["socket", "http"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    road = over_socket if request.param == "socket" else over_http
    with road(register) as running:
        yield running


def test_a_command_is_answered_in_its_acknowledgement_and_only_to_who_gave_it(house: House) -> None:
    assert house.ada.command("/helper say good day", channel="general")["shown"] == "good day"
    assert [message["text"] for message in house.ada.messages("general") if message.get("ephemeral")] == ["good day"]
    assert house.ben.messages("general") == []
    body = house.events("command")[0] if house.events("command") else house.seen[0]
    assert {
        "command": "/helper",
        "text": "say good day",
        "channel_name": "general",
        "user_name": "ada.oak",
    }.items() <= body.items()


def test_a_command_can_be_answered_for_everyone(house: House) -> None:
    house.ada.command("/helper aloud hear me", channel="general")
    assert house.ben.wait_for_message("general", "hear me")["user"] == "UBOT"


def test_a_button_sends_the_whole_message_and_its_answer_replaces_it(house: House) -> None:
    house.ada.command("/helper buttons", channel="general")
    message = house.ben.wait_for_message("general", "Who takes it?")
    house.ben.choose(message, "colour", "blue")
    house.ben.click(message, "take")
    replaced = house.ada.wait_for_message("general", "Taken by U2")
    assert replaced["ts"] == message["ts"]
    assert "blocks" not in replaced
    payload = house.events("block_actions")[-1]
    assert payload["message"]["blocks"] == message["blocks"]
    assert payload["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": "C1",
        "is_ephemeral": False,
    }
    assert payload["actions"][0]["value"] == "7"
    assert payload["state"]["values"]["acts"]["colour"]["selected_option"]["value"] == "blue"


def test_a_button_of_an_ephemeral_message_replaces_that_message(house: House) -> None:
    house.ada.command("/helper mine", channel="general")
    message = house.ada.wait_for_message("general", "Who takes it?")
    assert message["ephemeral"]
    house.ada.click(message, "take")
    assert house.ada.wait_for_message("general", "Taken by U1")["ts"] == message["ts"]
    payload = house.events("block_actions")[-1]
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


def test_a_modal_is_opened_refused_updated_pushed_and_cleared(house: House) -> None:
    house.ada.command("/helper form", channel="general")
    view = house.ada.view()
    assert house.ada.submit(view)["errors"] == {"words": "Please complete this required field."}
    assert not house.events("view_submission")
    assert house.ada.submit(view, {"words": "bad", "day": "2027-01-31"})["errors"] == {"words": "Not that word"}
    assert house.ada.view()["errors"] == {"words": "Not that word"}
    sent = house.events("view_submission")[-1]["view"]
    assert sent["state"]["values"]["day"]["day"] == {"type": "datepicker", "selected_date": "2027-01-31"}
    assert sent["private_metadata"] == "kept"
    updated = house.ada.submit(view, {"words": "update"})["view"]
    assert (updated["title"]["text"], updated["id"]) == ("Once more", view["id"])
    assert updated["hash"] != view["hash"]
    assert updated["state"]["values"]["words"]["words"]["value"] == "update"
    pushed = house.ada.submit(updated, {"words": "push"})["view"]
    assert pushed["previous_view_id"] == pushed["root_view_id"] == view["id"]
    with pytest.raises(PersonError, match="Another form"):
        house.ada.submit(updated, {"words": "fine"})
    assert house.ada.submit(pushed, {"more": "done"}) == {"ok": True, "closed": True}
    assert house.ada.views() == []


def test_errors_for_a_field_that_is_not_there_leave_the_form_open_with_a_notice(house: House) -> None:
    house.ada.command("/helper form", channel="general")
    answer = house.ada.submit(house.ada.view(), {"words": "nonsense"})
    assert "trouble connecting" in answer["failed"]
    assert "trouble connecting" in house.ada.view()["notify"]


def test_an_app_hears_of_a_closed_modal_that_asked_for_it(house: House) -> None:
    house.ada.command("/helper form", channel="general")
    house.ada.close(house.ada.view())
    assert house.ada.views() == []
    assert not house.events("view_closed")[0]["is_cleared"]


def test_an_external_select_offers_what_the_app_says(house: House) -> None:
    house.ada.command("/helper form", channel="general")
    view = house.ada.view()
    assert [each["value"] for each in house.ada.suggestions(view, "who", "a")] == ["ann", "abe"]
    house.ada.submit(view, {"words": "fine", "who": "bob"})
    assert (
        house.events("view_submission")[0]["view"]["state"]["values"]["who"]["who"]["selected_option"]["value"] == "bob"
    )


def test_shortcuts_of_a_message_and_global_ones_reach_the_app(house: House) -> None:
    house.ada.say("please keep this", channel="general")
    house.ben.shortcut("keep", message=house.ben.wait_for_message("general", "please keep"))
    assert house.ben.wait_for_message("general", "Kept: please keep this")["ephemeral"]
    house.ben.shortcut("start")
    assert house.ben.view()["callback_id"] == "form"


def test_home_is_published_when_it_is_opened_and_its_buttons_work(house: House) -> None:
    house.ada.open_home()
    home = house.ada.home()
    assert "Hello <@U1>" in written(home)
    house.ada.choose(home, "colour", "red")
    payload = house.events("block_actions")[0]
    assert payload["container"] == {"type": "view", "view_id": home["id"]}
    assert payload["view"]["hash"] == home["hash"]
    assert "response_url" not in payload
    assert house.ben.state()["home"] is None


def test_events_reach_the_app_with_who_and_where(house: House) -> None:
    house.ada.say("hello <@UBOT>, & all", channel="general")
    heard = house.ada.wait_for(lambda: house.events("app_mention") and house.events("message"))
    assert heard[0]["text"] == "hello <@UBOT>, &amp; all"
    assert heard[0]["channel_type"] == "channel"
    house.ada.move_to("U2", "Europe/Paris")
    changed = house.ada.wait_for(lambda: house.events("user_change"))
    assert changed[0]["user"]["tz"] == "Europe/Paris"


def test_an_app_that_is_too_slow_fails_the_command_with_a_timeout(house: House) -> None:
    answer = house.ada.command("/helper slow", channel="general", may_fail=True)
    assert answer["failed"] == '/helper failed with the error "operation_timeout"'
    assert house.ada.log()["deliveries"][-1]["outcome"] == "timeout"


def test_a_response_url_works_five_times(house: House) -> None:
    house.ada.command("/helper later and again", channel="general")
    assert house.ada.wait_for_message("general", "and again")["ephemeral"]


def test_an_answer_that_is_lost_was_given_all_the_same_and_an_event_comes_again_with_its_own_id(house: House) -> None:
    house.ada.add_fault("answer_lost", method="/helper", count=1)
    assert "failed" in house.ada.command("/helper say good day", channel="general", may_fail=True)
    assert house.seen[-1]["text"] == "say good day"
    assert house.ada.command("/helper say good day", channel="general")["shown"] == "good day"
    house.ada.add_fault("answer_lost", method="app_home_opened", count=2)
    house.ada.open_home()
    house.ada.wait_for(lambda: len(house.events("app_home_opened")) == 3, what="the event to come three times")
    house.ada.clear_faults()
