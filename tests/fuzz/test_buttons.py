"""Every button, menu and input that calls back, wherever it may stand, with whatever it can carry."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.blocks.names import Action
from bot.practice.inputs import HOLDERS, elements
from tests.fuzz import registry, states, words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Site
from tests.fuzz.views import Forms

pytestmark = pytest.mark.slow

Json = dict[str, Any]
WHO = st.sampled_from((world.HANDLER, world.IN_CHARGE, world.OWNER, world.SENIOR, *world.STAFF, world.STRANGER))
# What else comes with a press, or doesn't.
_STATES: tuple[Json, ...] = ({}, {"state": {"values": {}}}, {"state": None}, {"response_url": None}, {"message": None})


@cache
def entries(carried: tuple[str, ...]) -> SearchStrategy[Json]:
    """What comes of a button, and of other things than buttons: menus, overflows, pickers."""
    value = states.values(carried)
    option = value.map(lambda one: None if one is None else {"text": {"type": "plain_text", "text": "x"}, "value": one})
    return st.one_of(
        *(st.builds(lambda one: {"type": "button", "value": one}, value) for _ in range(6)),
        st.builds(lambda one: {"type": "static_select", "selected_option": one}, option),
        st.builds(lambda one: {"type": "overflow", "selected_option": one}, option),
        st.builds(lambda one: {"type": "multi_static_select", "selected_options": [one] if one else []}, option),
        st.builds(lambda one: {"type": "datepicker", "selected_date": one}, value),
        st.builds(lambda one: {"type": "users_select", "selected_user": one}, value),
        st.just({}),
    )


def test_every_action_is_walked() -> None:
    """Everything that is listened to has its name in one place; what has one and isn't listened to would be a dead button."""
    assert set(registry.ids("action")) == set(Action)


@inputs(100, share=0.15)
@given(data=st.data(), who=WHO, action=registry.any_of("action"))
def test_whatever_a_button_in_a_message_carries_is_answered(
    site: Site, forms: Forms, tries: Tries, *, data: st.DataObject, who: str, action: str
) -> None:
    pressed = data.draw(entries(forms.carry))
    state = data.draw(st.sampled_from(_STATES))
    if not tries.over():
        site.judge(site.press(who, {"action_id": action, **pressed}, **state))


@inputs(50, share=0.1)
@given(data=st.data(), who=WHO, action=registry.any_of("action"))
def test_whatever_is_pressed_or_chosen_in_a_modal_is_answered(
    site: Site, forms: Forms, tries: Tries, *, data: st.DataObject, who: str, action: str
) -> None:
    view = data.draw(st.sampled_from(forms.every))
    calling = [one for one in elements(view["blocks"]) if one[0].get("dispatch_action")]
    filled = data.draw(states.filled(view, carries=forms.carry))
    given: Json = {"action_id": action}
    which = data.draw(st.integers(0, 2 * len(calling)))
    if which < len(calling):
        block, element = calling[which]
        entry = {"type": element["type"], HOLDERS[element["type"]].key: data.draw(states.value_of(element))}
        filled["state"]["values"][block["block_id"]] = {element["action_id"]: entry}
        given |= {"action_id": element["action_id"], "block_id": block["block_id"], **entry}
    else:
        given |= data.draw(entries(forms.carry))
    if tries.over():
        return
    opened = site.opened(who, view)
    came = {**opened, "state": filled["state"], "private_metadata": filled["private_metadata"]}
    site.judge(site.press_in(who, came, given))


@inputs(25, share=0.05)
@given(WHO, registry.any_of("action"), st.one_of(st.sampled_from(words.REFERENCES), states.values(("new",))))
def test_whatever_is_pressed_in_the_home_tab_is_answered_and_the_tab_drawn_again(
    site: Site, tries: Tries, who: str, action: str, value: str | None
) -> None:
    if tries.over():
        return
    home = {
        "type": "home",
        "id": "V0HOME",
        "hash": "1.abc",
        "blocks": [],
        "state": {"values": {}},
        "private_metadata": "",
    }
    # What only modals have would have to draw one again, and the Home tab is none.
    site.judge(
        site.press_in(who, home, {"action_id": action, "value": value}), expected=("not_found", "user_not_found")
    )
