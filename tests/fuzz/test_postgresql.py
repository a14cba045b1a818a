"""The same on PostgreSQL, which takes less than SQLite does: no NUL, no long text in a short column, no number beyond its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import registry, states, words
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Json, Site
from tests.fuzz.test_buttons import entries
from tests.fuzz.test_forms import WHO
from tests.fuzz.test_rest import CHANGES, MESSAGES
from tests.fuzz.views import Forms

pytestmark = pytest.mark.slow


@inputs(40, share=0.05)
@given(WHO, st.deferred(lambda: st.sampled_from(registry.subcommands())), words.typed())
def test_whatever_is_typed_after_a_sub_command_is_answered(
    postgres_site: Site, tries: Tries, who: str, name: str, said: str
) -> None:
    if not tries.over():
        postgres_site.judge(postgres_site.command(who, f"{name} {said}"))


@inputs(50, share=0.05)
@given(data=st.data(), who=WHO, callback=registry.any_of("view"))
def test_whatever_is_submitted_is_taken_or_told_at_its_inputs(
    postgres_site: Site, forms: Forms, tries: Tries, *, data: st.DataObject, who: str, callback: str
) -> None:
    view = data.draw(states.filled(data.draw(st.sampled_from(forms.by_id[callback])), carries=forms.carry))
    if not tries.over():
        postgres_site.judge(postgres_site.submit(who, view))


@inputs(40, share=0.05)
@given(data=st.data(), who=WHO, action=registry.any_of("action"))
def test_whatever_a_button_in_a_message_carries_is_answered(
    postgres_site: Site, forms: Forms, tries: Tries, *, data: st.DataObject, who: str, action: str
) -> None:
    pressed = data.draw(entries(forms.carry))
    if not tries.over():
        postgres_site.judge(postgres_site.press(who, {"action_id": action, **pressed}))


@inputs(40, share=0.02)
@given(st.one_of(MESSAGES, CHANGES))
def test_an_event_of_any_shape_is_acknowledged(postgres_site: Site, tries: Tries, event: Json) -> None:
    if not tries.over():
        answered = postgres_site.event(event)
        if answered.status != 400:
            postgres_site.judge(
                answered, expected=("suggest", "channel_not_found", "user_not_in_channel", "not_in_channel")
            )
