"""A complaint that nobody owned is answered: whoever did it is named, and owns it."""

from datetime import date, datetime

import pytest
from sqlmodel import col, select

from storage import checking, register, views_complaint
from storage.errors import Refusal
from storage.models import Event, Stage
from storage.register import Response
from storage.vocabulary import EventKind
from tests import county as people
from tests.county import County
from tests.storage.inquiry import at_stage_2
from tests.storage.witness import refused

RECEIVED, ANSWERED = date(2026, 11, 16), date(2026, 11, 20)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East that nobody owns."""
    return county.record(now, received=RECEIVED).reference


def respond(county: County, now: datetime, reference: str, who: str, answered_by: str | None, **more: str) -> None:
    named = None if answered_by is None else county.people[answered_by]
    with county.office.change(who, now) as desk:
        response = Response(responded_on=ANSWERED, outcome=more.get("outcome", "no_fault"), answered_by_id=named)
        register.respond(desk, reference, response)


def owner(county: County, now: datetime, reference: str) -> str | None:
    with county.office.look(None, now) as desk:
        found = views_complaint.complaint(desk, reference).line.owner
        return found.slack_id if found else None


def test_a_handler_names_the_manager_who_owns_it_before_it_is_closed(
    county: County, now: datetime, reference: str
) -> None:
    respond(county, now, reference, people.HANDLER, people.MANAGER)
    assert owner(county, now, reference) == people.MANAGER
    with county.office.look(None, now) as desk:
        kinds = desk.session.exec(select(Event.kind).order_by(col(Event.id))).all()
        assert kinds[-2:] == [EventKind.ALLOCATED, EventKind.RESPONDED]
        stage = desk.session.exec(select(Stage)).one()
        # Five working days after it was received somebody first stood for it.
        assert (stage.is_open, stage.allocated_after) == (False, 5)
        assert checking.check(desk).differences == ()


def test_somebody_who_is_away_or_leaving_by_now_can_have_answered_it(
    county: County, now: datetime, reference: str
) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.staff.leaving(desk, county.people[people.MANAGER], date(2026, 11, 24))
    respond(county, now, reference, people.HANDLER, people.MANAGER)
    assert owner(county, now, reference) == people.MANAGER


def test_a_senior_manager_of_its_service_can_have_answered_it(county: County, now: datetime, reference: str) -> None:
    respond(county, now, reference, people.HANDLER, people.SENIOR)
    assert owner(county, now, reference) == people.SENIOR


@pytest.mark.parametrize("named", [people.OTHER_TEAMS_MANAGER, people.OTHER_SENIOR, people.HANDLER])
def test_nobody_is_named_who_could_not_have_claimed_it(
    county: County, now: datetime, reference: str, named: str
) -> None:
    with refused(county.office, Refusal, "managers in the list") as caught:
        respond(county, now, reference, people.HANDLER, named)
    assert caught.value.field == "answered_by_id"


def test_what_somebody_claimed_meanwhile_stays_theirs(county: County, now: datetime, reference: str) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
    with refused(county.office, Refusal, "has an owner by now. Clear this") as caught:
        respond(county, now, reference, people.HANDLER, people.SECOND_MANAGER)
    assert caught.value.field == "answered_by_id"


def test_no_manager_is_named_for_what_an_investigation_came_to(county: County, now: datetime) -> None:
    at_stage_2_unowned = at_stage_2(county, now, team="West")
    with refused(county.office, Refusal, "No manager answers this stage") as caught:
        respond(county, now, at_stage_2_unowned, people.HANDLER, people.SENIOR)
    assert caught.value.field == "answered_by_id"


def test_it_is_not_asked_of_whoever_was_not_in_the_list(county: County, now: datetime, reference: str) -> None:
    respond(county, now, reference, people.HANDLER, None)
    assert owner(county, now, reference) is None


def test_what_is_wrong_with_the_answer_leaves_it_unowned(county: County, now: datetime, reference: str) -> None:
    with refused(county.office):
        respond(county, now, reference, people.HANDLER, people.MANAGER, outcome="fault")
