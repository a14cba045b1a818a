"""The form of a response asks who answered a complaint that nobody owned, and nobody else."""

from datetime import date

from bot.blocks import respond
from bot.blocks.message import View
from bot.listeners import respond as responding
from storage import register, views_complaint
from tests import county as people
from tests.bot.listeners.counter import Counter, inputs
from tests.storage.inquiry import at_stage_2

RECEIVED = date(2026, 11, 16)


def form(counter: Counter, who: str, reference: str) -> View:
    with counter.county.office.look(who, counter.now) as desk:
        facts = views_complaint.complaint(desk, reference)
        return respond.respond_form(facts, responding.choices(desk, facts), today=desk.today)


def test_whoever_could_have_claimed_it_is_offered_and_nobody_is_chosen_for_the_handler(counter: Counter) -> None:
    reference = counter.county.record(counter.now, received=RECEIVED).reference
    view = form(counter, people.HANDLER, reference)
    (element,) = (one["element"] for one in view["blocks"] if one.get("block_id") == "answered_by_id")
    offered = [one["text"]["text"] for one in element["options"]]
    assert offered == ["Mabel Eastwood", "Noor Eastham", "Sefton Hale"]
    assert "initial_option" not in element


def test_it_is_not_asked_about_a_complaint_that_somebody_owns(counter: Counter) -> None:
    reference = counter.county.record(counter.now, received=RECEIVED).reference
    with counter.county.office.change(people.MANAGER, counter.now) as desk:
        register.claim(desk, reference)
    assert "answered_by_id" not in inputs(form(counter, people.HANDLER, reference))


def test_it_is_not_asked_about_what_an_investigation_came_to(counter: Counter) -> None:
    reference = at_stage_2(counter.county, counter.now, team="West")
    assert "answered_by_id" not in inputs(form(counter, people.HANDLER, reference))
