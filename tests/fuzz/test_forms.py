"""Every modal that can be submitted, with whatever can be in it and whatever it can carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.names import Form
from tests.fuzz import registry, states, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Site
from tests.fuzz.views import Forms

pytestmark = pytest.mark.slow

# Whoever may do most is met most, since most is refused to others before it is looked at.
WHO = st.sampled_from(
    (world.HANDLER, world.HANDLER, world.IN_CHARGE, world.OWNER, world.SENIOR, *world.STAFF, world.STRANGER)
)


def test_every_form_that_is_listened_to_is_opened(forms: Forms) -> None:
    assert set(registry.ids("view")) == set(forms.by_id) == set(Form) - {Form.NOTE}


@inputs(130, share=0.2)
@given(data=st.data(), who=WHO, callback=registry.any_of("view"))
def test_whatever_is_submitted_is_taken_or_told_at_its_inputs(
    site: Site, forms: Forms, tries: Tries, *, data: st.DataObject, who: str, callback: str
) -> None:
    view = data.draw(states.filled(data.draw(st.sampled_from(forms.by_id[callback])), carries=forms.carry))
    if not tries.over():
        site.judge(site.submit(who, view))
