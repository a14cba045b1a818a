"""*Complete the record…*: offered to the complaints team, and what they choose is what the record says."""

from datetime import date

import pytest

from bot.blocks.names import Action
from bot.blocks.record import complete_form
from bot.listeners import record
from storage import views_complaint
from tests import county as people
from tests.bot.listeners.counter import Counter, inputs, said
from tests.county import County

RECEIVED = date(2026, 11, 16)


@pytest.fixture
def reference(county: County, counter: Counter) -> str:
    return county.record(counter.now, received=RECEIVED).reference


def test_the_complaints_team_is_offered_to_complete_a_record_and_a_manager_is_not(
    counter: Counter, reference: str
) -> None:
    assert Action.COMPLETE in counter.offered(people.HANDLER, reference)
    assert Action.COMPLETE not in counter.offered(people.MANAGER, reference)


def test_what_is_chosen_is_what_the_record_says(counter: Counter, reference: str) -> None:
    with counter.county.office.look(people.HANDLER, counter.now) as desk:
        form = complete_form(record.choices(desk), views_complaint.complaint(desk, reference))
    assert set(inputs(form)) == {"customer_group", "contact_method", "theme_ids", "correspondence_ref"}
    answered = counter.submit(people.HANDLER, form, {"customer_group": ("Parent",), "contact_method": ("Letter",)})
    assert answered == {"response_action": "clear"}
    with counter.county.office.look(people.HANDLER, counter.now) as desk:
        facts = views_complaint.complaint(desk, reference)
        again = complete_form(record.choices(desk), facts)
    assert (facts.customer_group, facts.contact_method) == ("Parent", "Letter")
    assert '"initial_option": {"text": {"type": "plain_text", "text": "Parent"' in said(again)
