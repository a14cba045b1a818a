"""Every sub-command of /complaint with whatever can be typed after it, by anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import registry, words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Site

pytestmark = pytest.mark.slow

WHO = st.sampled_from((*world.STAFF, world.IN_CHARGE, world.IN_CHARGE, world.OWNER, world.STRANGER))


def test_every_sub_command_is_walked() -> None:
    assert len(registry.subcommands()) > 20
    assert {"new", "status", "promise", "away"} <= set(registry.subcommands())


@inputs(200, share=0.25)
@given(WHO, st.deferred(lambda: st.sampled_from(registry.subcommands())), words.typed())
def test_whatever_is_typed_after_a_sub_command_is_answered(
    site: Site, tries: Tries, who: str, name: str, said: str
) -> None:
    if not tries.over():
        site.judge(site.command(who, f"{name} {said}"))
