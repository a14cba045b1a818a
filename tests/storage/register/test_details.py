"""What was left out of a record is filled in later; the history says that it was, and retention can still clear it."""

from datetime import date, datetime

import pytest
from sqlmodel import select

from storage import checking, register, views_complaint, views_missing
from storage.errors import FieldProblems, Refusal
from storage.models import Complaint, Event
from storage.periods import Period
from storage.register import Response, retention
from storage.register.details import Details
from storage.views_missing import Lack
from storage.vocabulary import EventKind
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County

RECEIVED = date(2026, 11, 16)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    return county.record(now, received=RECEIVED).reference


def complete(county: County, reference: str, now: datetime, **details: object) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.details.complete(desk, reference, Details.model_validate(details))


def lacking(county: County, now: datetime) -> set[Lack]:
    with county.office.look(people.HANDLER, now) as desk:
        return {one.lack for one in views_missing.missing(desk, Period.of(RECEIVED, now.date())).lacking}


def test_what_is_filled_in_is_no_longer_missing(county: County, reference: str, now: datetime) -> None:
    assert lacking(county, now) >= {Lack.CUSTOMER_GROUP, Lack.CONTACT_METHOD, Lack.THEMES}
    complete(
        county, reference, now, customer_group="Parent", contact_method="Letter", theme_ids=(county.themes["Delay"],)
    )
    assert lacking(county, now).isdisjoint({Lack.CUSTOMER_GROUP, Lack.CONTACT_METHOD, Lack.THEMES})
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_complaint.complaint(desk, reference)
        assert (facts.customer_group, facts.contact_method, facts.themes) == ("Parent", "Letter", ("Delay",))
        assert checking.check(desk).differences == ()


def test_the_history_says_what_was_filled_in_and_not_who_complained(
    county: County, reference: str, now: datetime
) -> None:
    complete(county, reference, now, customer_group="Parent", theme_ids=(county.themes["Delay"],))
    with county.office.look(None, now) as desk:
        found = desk.session.exec(select(Event).where(Event.kind == EventKind.DETAILS_FILLED_IN)).one()
    assert found.data == {"filled": ["customer_group", "themes"], "themes": [county.themes["Delay"]]}


def test_what_is_left_empty_stays_as_it_is(county: County, reference: str, now: datetime) -> None:
    complete(county, reference, now, customer_group="Parent", correspondence_ref="REC 17")
    complete(county, reference, now, contact_method="Letter")
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_complaint.complaint(desk, reference)
    assert (facts.customer_group, facts.contact_method, facts.correspondence_ref) == ("Parent", "Letter", "REC 17")


def test_a_closed_complaint_is_completed_without_its_figures_moving(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
        before = views_complaint.complaint(desk, reference)
    complete(county, reference, now, contact_method="Letter")
    with county.office.look(people.HANDLER, now) as desk:
        after = views_complaint.complaint(desk, reference)
    assert (after.days_taken, after.band, after.line.ended_on) == (before.days_taken, before.band, before.line.ended_on)


def test_the_same_again_is_refused_since_it_changes_nothing(county: County, reference: str, now: datetime) -> None:
    complete(county, reference, now, customer_group="Parent")
    with pytest.raises(Refusal, match="already"):
        complete(county, reference, now, customer_group="Parent")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer_group", "Mrs Nobody"),
        ("contact_method", "By owl"),
        ("theme_ids", (9_999,)),
        ("correspondence_ref", "jo@example.org"),
    ],
)
def test_what_is_in_no_list_or_names_somebody_is_refused_at_its_input(
    county: County, reference: str, now: datetime, field: str, value: object
) -> None:
    with pytest.raises(FieldProblems) as found:
        complete(county, reference, now, **{field: value})
    assert set(found.value.problems) == {field}


def test_an_imported_group_that_is_in_no_list_may_stay(county: County, reference: str, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        desk.session.exec(select(Complaint)).one().customer_group = "Kinship carer, as the old system had it"
    complete(
        county,
        reference,
        now,
        customer_group="Kinship carer, as the old system had it",
        contact_method="Letter",
    )
    with county.office.look(people.HANDLER, now) as desk:
        assert views_complaint.complaint(desk, reference).contact_method == "Letter"


def test_what_retention_cleared_is_not_filled_in_again(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
    later = MONDAY.replace(year=MONDAY.year + 10)
    retention.run(county.office, later)
    with pytest.raises(Refusal, match="cleared"):
        complete(county, reference, later, customer_group="Parent")
