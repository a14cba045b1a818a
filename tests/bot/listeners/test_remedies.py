"""The remedies of a complaint: what their owners and the complaints team are offered, and when."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.blocks import ombudsman
from bot.blocks.names import Action
from storage import register, views_ombudsman
from storage.errors import Refusal
from storage.office import Desk
from storage.register.ombudsman import NewRemedy
from storage.views_ombudsman import RemedyLine
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons
from tests.county import County

RECEIVED, DUE = date(2026, 11, 20), date(2026, 12, 18)


@pytest.fixture
def reference(county: County, counter: Counter) -> str:
    """A complaint of East, which the owner of its remedies can't see, for he manages Fostering."""
    return county.record(counter.now, received=RECEIVED).reference


def agree(counter: Counter, reference: str, evidence: str = "") -> int:
    with counter.county.office.change(people.HANDLER, counter.now) as desk:
        owner = counter.county.people[people.OTHER_TEAMS_MANAGER]
        new = NewRemedy(text="An apology in writing", owner_id=owner, due_on=DUE, evidence_wanted=evidence)
        return register.ombudsman.remedy_agreed(desk, reference, new).id or 0


def listed(counter: Counter, reference: str) -> tuple[RemedyLine, ...]:
    with counter.county.office.look(None, counter.now) as desk:
        return views_ombudsman.of_complaint(desk, reference).remedies


def test_the_owner_is_not_offered_what_only_the_complaints_team_may_record(counter: Counter, reference: str) -> None:
    remedy = agree(counter, reference)
    assert buttons(counter.home(people.OTHER_TEAMS_MANAGER)) == {Action.NEW, Action.REMEDY_DONE}
    with counter.county.office.change(people.OTHER_TEAMS_MANAGER, counter.now) as desk, pytest.raises(Refusal):
        register.ombudsman.remedy_told(desk, remedy)


def test_what_is_still_to_be_done_is_offered_step_by_step(counter: Counter, reference: str) -> None:
    remedy = agree(counter, reference, "A copy of the letter")
    expected = [
        {Action.REMEDY_EVIDENCE, Action.REMEDY_TOLD},
        {Action.REMEDY_DONE, Action.REMEDY_TOLD},
        {Action.REMEDY_TOLD},
        set(),
    ]
    steps: list[Callable[[Desk], object]] = [
        lambda desk: register.ombudsman.remedy_evidenced(desk, remedy, "REC 17"),
        lambda desk: register.ombudsman.remedy_done(desk, remedy),
        lambda desk: register.ombudsman.remedy_told(desk, remedy),
    ]
    for place, offered in enumerate(expected):
        assert buttons(ombudsman.remedy_lines(listed(counter, reference), may_tell=True)) == offered
        assert buttons(ombudsman.remedy_lines(listed(counter, reference), may_tell=False)) == offered - {
            Action.REMEDY_TOLD
        }
        with counter.county.office.change(people.HANDLER, counter.now) as desk:
            for step in steps[place : place + 1]:
                step(desk)


def test_the_complaints_team_is_offered_the_list_once_there_is_a_remedy(counter: Counter, reference: str) -> None:
    assert Action.REMEDIES not in counter.offered(people.HANDLER, reference)
    agree(counter, reference)
    assert Action.REMEDIES in counter.offered(people.HANDLER, reference)
    assert Action.REMEDIES in counter.offered(people.COMPLAINTS_MANAGER, reference)
    assert Action.REMEDIES not in counter.offered(people.MANAGER, reference)


def test_what_is_left_to_do_comes_first_in_the_list(counter: Counter, reference: str) -> None:
    first, second = agree(counter, reference), agree(counter, reference)
    with counter.county.office.change(people.HANDLER, counter.now) as desk:
        register.ombudsman.remedy_done(desk, first)
        register.ombudsman.remedy_told(desk, first)
    with counter.county.office.look(people.HANDLER, counter.now) as desk:
        view = ombudsman.remedies(views_ombudsman.of_complaint(desk, reference))
    acting = [block for block in view["blocks"] if block["type"] == "actions"]
    assert [one["value"] for block in acting for one in block["elements"]] == [str(second)] * 2
    assert view["blocks"][1] in acting


def test_a_list_of_no_remedies_says_so() -> None:
    view = ombudsman.remedies(views_ombudsman.OmbudsmanFacts("CS-2026-0001", (), (), ()))
    assert "No remedy was agreed" in str(view)
