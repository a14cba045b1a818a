"""Who is at work: nobody away, leaving, deactivated or without a role is given work."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import availability, people, register
from storage.errors import Refusal
from storage.models import Absence, Appointment, Person
from tests import county as who
from tests.county import County

TODAY = date(2026, 11, 23)


@pytest.fixture
def noor(county: County) -> int:
    return county.people[who.SECOND_MANAGER]


def away(county: County, now: datetime, person_id: int, *, cover: int | None = None, from_on: date = TODAY) -> None:
    with county.office.change(None, now) as desk:
        until = from_on + timedelta(days=4)
        desk.session.add(Absence(person_id=person_id, from_on=from_on, until_on=until, cover_id=cover))


def test_somebody_away_today_gets_no_work_and_is_back_afterwards(county: County, noor: int, now: datetime) -> None:
    away(county, now, noor)
    with county.office.look(None, now) as desk:
        assert not availability.can_take(desk.session, noor, TODAY)
        assert availability.why_not(desk.session, noor, TODAY) == (
            "Noor Eastham is away until 27 November 2026. Choose somebody who is at work now."
        )
        assert availability.can_take(desk.session, noor, date(2026, 11, 28))
        line = desk.teams.line(county.teams["East"])
        assert noor not in {one.who.id for one in people.candidates(desk.session, line, TODAY)}


def test_somebody_who_will_be_away_can_be_given_work_until_then(county: County, noor: int, now: datetime) -> None:
    away(county, now, noor, from_on=date(2026, 11, 30))
    with county.office.look(None, now) as desk:
        assert availability.can_take(desk.session, noor, TODAY, date(2026, 12, 4))


def test_work_that_is_due_after_the_last_day_goes_to_somebody_who_stays(
    county: County, noor: int, now: datetime
) -> None:
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, noor).leaves_on = date(2026, 12, 4)
    with county.office.look(None, now) as desk:
        assert availability.can_take(desk.session, noor, TODAY, date(2026, 12, 4))
        assert availability.why_not(desk.session, noor, TODAY, date(2026, 12, 7)) == (
            "Noor Eastham leaves on 4 December 2026, before this is due. Choose somebody who stays."
        )


def test_a_stand_in_may_do_what_the_owner_may_while_it_lasts(county: County, noor: int, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with county.office.change(who.MANAGER, now) as desk:
        register.claim(desk, reference)
    with pytest.raises(Refusal), county.office.change(who.SECOND_MANAGER, now) as desk:
        register.acknowledge(desk, reference)
    away(county, now, county.people[who.MANAGER], cover=noor)
    with county.office.change(who.SECOND_MANAGER, now) as desk:
        register.acknowledge(desk, reference)
    with pytest.raises(Refusal), county.office.change(who.SECOND_MANAGER, now + timedelta(days=7)) as desk:
        register.respond(desk, reference, register.Response(responded_on=desk.today, outcome="no_fault"))


def test_who_is_gone_and_since_when(county: County, noor: int, now: datetime) -> None:
    mabel, fenn = county.people[who.MANAGER], county.people[who.OTHER_TEAMS_MANAGER]
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, mabel).leaves_on = date(2026, 11, 20)
        desk.session.get_one(Person, noor).deactivated_at = datetime.fromisoformat("2026-11-19T23:30:00+00:00")
        for held in desk.session.exec(select(Appointment).where(Appointment.person_id == fenn)):
            held.until_on = date(2026, 11, 10)
    with county.office.look(None, now) as desk:
        everybody = county.people.values()
        assert availability.gone(desk.session, TODAY, everybody) == {
            mabel: date(2026, 11, 21),
            noor: date(2026, 11, 19),
            fenn: date(2026, 11, 11),
        }


def test_somebody_away_or_leaving_cannot_claim_what_they_would_not_see_to(
    county: County, noor: int, now: datetime
) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    away(county, now, noor)
    with pytest.raises(Refusal, match="down as away"), county.office.change(who.SECOND_MANAGER, now) as desk:
        register.claim(desk, reference)
    with county.office.change(None, now) as desk:
        desk.session.get_one(Person, county.people[who.MANAGER]).leaves_on = date(2026, 11, 27)
    with (
        pytest.raises(Refusal, match="leave before CS-2026-0001 is due"),
        county.office.change(who.MANAGER, now) as desk,
    ):
        register.claim(desk, reference)
