"""What else Slack sends: events, shortcuts, questions for options, and kinds of requests that nothing here listens to."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.fuzz import registry, words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Site

pytestmark = pytest.mark.slow

Json = dict[str, Any]
WHO = st.sampled_from((*world.STAFF, world.STRANGER))
# As somebody would write who passes a complaint on.
PASSED_ON = (
    "mum rang, she wants to make a complaint about the social worker",
    "a father is complaining that nobody rang back",
)
NOT_THERE = object()


def odd(usual: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """A field of an event: mostly as it is, else of another kind or missing."""
    other = st.one_of(
        words.written(), st.none(), st.sampled_from((0, -1, True, [], {}, ["x"], {"id": "U0HESTER"}, NOT_THERE))
    )
    return st.one_of(usual, usual, usual, other)


def event_of(**fields: SearchStrategy[Any]) -> SearchStrategy[Json]:
    """An event of these fields, those that are there."""
    return st.fixed_dictionaries(fields).map(
        lambda event: {key: one for key, one in event.items() if one is not NOT_THERE}
    )


TEXT = st.one_of(
    words.written(), st.sampled_from(PASSED_ON), st.builds("{} {}".format, st.sampled_from(PASSED_ON), words.written())
)
STAMP = st.sampled_from(("1764000000.000100", "1764000000.000200"))
MESSAGES = event_of(
    type=st.just("message"),
    user=odd(WHO),
    text=odd(TEXT),
    ts=odd(STAMP),
    thread_ts=odd(st.just(NOT_THERE)),
    channel=odd(st.sampled_from((world.LISTENING, world.LISTENING, "C0COMPLAINTS", "D0X"))),
    channel_type=odd(st.sampled_from(("channel", "channel", "group", "im", "mpim"))),
    subtype=odd(
        st.sampled_from((NOT_THERE, NOT_THERE, "file_share", "message_changed", "bot_message", "channel_join"))
    ),
    bot_id=odd(st.just(NOT_THERE)),
    event_ts=STAMP,
)
PEOPLE = event_of(
    id=odd(WHO),
    name=odd(words.written()),
    real_name=odd(words.written()),
    deleted=odd(st.booleans()),
    tz=odd(st.sampled_from(("Europe/London", "Pacific/Auckland", "Nowhere/Land", ""))),
    is_bot=odd(st.booleans()),
    profile=odd(event_of(real_name=odd(words.written()), display_name=odd(words.written()))),
)
CHANGES = st.builds(lambda user: {"type": "user_change", "user": user, "event_ts": "1764000000.000100"}, PEOPLE)
HOMES = event_of(
    type=st.just("app_home_opened"),
    user=st.one_of(WHO, st.sampled_from(("U0EVIL", "U0\x00", ""))),
    tab=odd(st.sampled_from(("home", "messages"))),
    channel=st.just("D0X"),
    event_ts=st.just("1764000000.000100"),
)
JOINED = event_of(
    type=st.just("member_joined_channel"),
    user=odd(st.one_of(WHO, st.just("U0COMPLAINTBOT"))),
    channel=odd(st.sampled_from(("C0COMPLAINTS", "C0NOWHERE", ""))),
)
OTHERS = (
    "member_left_channel",
    "app_mention",
    "channel_archive",
    "app_uninstalled",
    "file_shared",
    "reaction_added",
)


def test_every_event_that_is_listened_to_is_made_up_here() -> None:
    assert set(registry.ids("event")) == {"message", "user_change", "app_home_opened", "member_joined_channel"}
    assert registry.kinds() == {"command", "action", "view", "message_shortcut", "event"}


@inputs(120, share=0.08)
@given(st.one_of(MESSAGES, CHANGES, HOMES, JOINED))
def test_an_event_of_any_shape_is_acknowledged(site: Site, tries: Tries, event: Json) -> None:
    if tries.over():
        return
    # Somebody who isn't in the workspace has no Home tab, and in their channel nobody can be told anything.
    nobody = (
        "user_not_found",
        "channel_not_found",
        "user_not_in_channel",
        "not_in_channel",
        "home",
        "suggest",
        "invalid_arguments",
    )
    answered = site.event(event)
    if answered.status == 400:
        # Bolt takes the event apart before it calls anything, and can't read every shape.
        assert [entry["event"] for entry in answered.log] == ["a request could not be read"]
        assert not answered.changed
        return
    site.judge(answered, expected=nobody)


@inputs(60, share=0.02)
@given(
    WHO,
    registry.any_of("message_shortcut"),
    st.one_of(st.none(), event_of(type=st.just("message"), text=odd(TEXT), ts=odd(STAMP))),
)
def test_a_message_of_any_shape_can_be_recorded_as_a_complaint(
    site: Site, tries: Tries, who: str, callback: str, message: Json | None
) -> None:
    if not tries.over():
        channel = {"id": "C0COMPLAINTS", "name": "complaints"}
        url = site.slack.response_url(who)
        site.judge(
            site.interact(
                "message_action", who, callback_id=callback, message=message, channel=channel, response_url=url
            )
        )


@inputs(40, share=0.02)
@given(st.data(), WHO, words.written())
def test_what_nothing_listens_to_is_turned_away(
    site: Site, tries: Tries, data: st.DataObject, who: str, said: str
) -> None:
    view = {"id": "V1", "callback_id": f"no {said}", "blocks": [], "type": "modal"}
    asked: dict[str, Json] = {
        "block_suggestion": {"action_id": said, "block_id": said, "value": said},
        "shortcut": {"callback_id": said},
        "message_action": {"callback_id": f"no {said}", "message": {"text": said}},
        "view_closed": {"view": view},
        "view_submission": {"view": view},
        "block_actions": {"actions": [{"action_id": f"no {said}", "type": "button", "value": said}]},
        f"no {said}": {},
    }
    kind = data.draw(st.sampled_from((*asked, *OTHERS)))
    if tries.over():
        return
    if kind in OTHERS:
        answered = site.event({"type": kind, "user": who, "channel": said, "text": said})
    else:
        answered = site.interact(kind, who, **asked[kind])
    assert answered.status == 404
    assert not answered.changed
    assert answered.calls == []
    assert [entry["log_level"] for entry in answered.log] == ["warning"]
