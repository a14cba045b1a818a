from datetime import date, datetime, timedelta
from typing import Any

import pytest

from storage import views_ombudsman
from storage.errors import UnknownReference
from storage.register import ombudsman
from storage.register.ombudsman import NewRemedy
from storage.vocabulary import OmbudsmanDecision
from tests import county as people
from tests.county import County

RECEIVED = date(2026, 11, 2)


def enquire(county: County, reference: str, now: datetime, due: date) -> int:
    with county.office.change(people.HANDLER, now) as desk:
        return ombudsman.enquiry_received(desk, reference, now.date(), due).id or 0


def agree(county: County, reference: str, now: datetime, due: date, **more: Any) -> int:
    with county.office.change(people.HANDLER, now) as desk:
        remedy = NewRemedy(
            text="Apologise in writing.", owner_id=county.people[people.OTHER_TEAMS_MANAGER], due_on=due, **more
        )
        return ombudsman.remedy_agreed(desk, reference, remedy).id or 0


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    return county.record(now, received=RECEIVED).reference


def test_a_complaint_shows_its_enquiries_decisions_and_remedies(county: County, reference: str, now: datetime) -> None:
    enquire(county, reference, now, date(2026, 12, 7))
    answered = enquire(county, reference, now, date(2026, 11, 30))
    remedy_id = agree(county, reference, now, date(2026, 12, 18), evidence_wanted="A copy of the letter.")
    with county.office.change(people.HANDLER, now) as desk:
        ombudsman.enquiry_answered(desk, answered)
        ombudsman.decided(desk, reference, now.date(), OmbudsmanDecision.FAULT)
        ombudsman.remedy_evidenced(desk, remedy_id, "LET/1")
    with county.office.look(people.MANAGER, now) as desk:
        facts = views_ombudsman.of_complaint(desk, reference)
    assert [(one.reply_due_on, one.days_left, one.answered_on) for one in facts.enquiries] == [
        (date(2026, 11, 30), 5, now.date()),
        (date(2026, 12, 7), 10, None),
    ]
    assert [(one.on, one.decision) for one in facts.decisions] == [(now.date(), OmbudsmanDecision.FAULT)]
    (remedy,) = facts.remedies
    assert (remedy.text, remedy.evidence_wanted) == ("Apologise in writing.", "A copy of the letter.")
    assert (remedy.evidence_ref, remedy.evidenced_on, remedy.done_on) == ("LET/1", now.date(), None)
    assert remedy.owner is not None
    assert remedy.handler is not None
    assert (remedy.owner.name, remedy.handler.name) == ("Fenn Foster", "Hester Quill")


def test_a_complaint_that_never_went_there_shows_nothing(county: County, reference: str, now: datetime) -> None:
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_ombudsman.of_complaint(desk, reference)
    assert (facts.enquiries, facts.decisions, facts.remedies) == ((), (), ())


def test_who_may_not_see_the_complaint_sees_nothing_of_the_ombudsman(
    county: County, reference: str, now: datetime
) -> None:
    """A remedy's owner finds the remedy, and still not the complaint."""
    agree(county, reference, now, date(2026, 12, 18))
    said = []
    with county.office.look(people.OTHER_TEAMS_MANAGER, now) as desk:
        for one in (reference, "CS-2026-0099"):
            with pytest.raises(UnknownReference) as refused:
                views_ombudsman.of_complaint(desk, one)
            said.append(str(refused.value).replace(one, "…"))
        assert len(views_ombudsman.remedies_of_mine(desk)) == 1
    assert said[0] == said[1]


def test_an_owner_finds_open_remedies_the_earliest_first(county: County, reference: str, now: datetime) -> None:
    later = agree(county, reference, now, date(2026, 12, 18))
    sooner = agree(county, reference, now, date(2026, 12, 1))
    done = agree(county, reference, now, date(2026, 11, 27))
    with county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        ombudsman.remedy_done(desk, done)
    with county.office.look(people.OTHER_TEAMS_MANAGER, now) as desk:
        owned = views_ombudsman.remedies_of_mine(desk)
    with county.office.look(people.MANAGER, now) as desk:
        assert views_ombudsman.remedies_of_mine(desk) == []
    assert [one.id for one in owned] == [sooner, later]


def test_a_remedy_done_after_its_day_is_late(county: County, reference: str, now: datetime) -> None:
    remedy_id = agree(county, reference, now, now.date())
    late = now + timedelta(days=1)
    with county.office.change(people.HANDLER, late) as desk:
        ombudsman.remedy_done(desk, remedy_id)
    with county.office.look(None, late) as desk:
        assert views_ombudsman.of_complaint(desk, reference).remedies[0].is_late
