"""How a complaint will stand with a stage that is not written yet is how it then stands: trying an import relies on it."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from storage.errors import NotAllowed
from storage.office import Desk
from storage.register import bulk, bulk_later, imports, later, past
from storage.register.later import LaterStage, Standing
from storage.register.past import Past
from tests import county as people
from tests.county import County
from tests.storage.witness import refused

DAY = date(2020, 2, 3)
STAGES = [
    LaterStage(number=2, content="two", received_on=date(2020, 3, 2), opened_on=date(2020, 3, 4)),
    LaterStage(
        number=2, content="two", received_on=date(2020, 3, 2), acknowledged_on=date(2020, 3, 4), responded_on=date(2020, 4, 3)
    ),
    LaterStage(
        number=2, content="two", received_on=date(2020, 3, 2), extension_agreed_on=date(2020, 3, 9), extended_to=date(2020, 5, 4)
    ),
]  # fmt: skip


def complaint(county: County, *, answered: bool) -> Past:
    return Past(
        key="K/1", content="one", received_on=DAY, lead_team_id=county.teams["East"], owner_id=county.people[people.MANAGER],
        responded_on=date(2020, 2, 10) if answered else None,
    )  # fmt: skip


def as_it_stands(desk: Desk) -> Standing:
    return bulk_later.find(desk, ["K/1"]).by_number["K/1"].standing


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("stage", STAGES)
def test_a_complaint_stands_as_was_said_before_it_was_written(
    county: County, now: datetime, stage: LaterStage, answered: bool
) -> None:
    with county.office.change(None, now) as desk:
        checked = past.check(desk, complaint(county, answered=answered))
        foreseen = later.first(desk, checked)
        bulk.bring_in(desk, [checked], imports.begin(desk))
        assert as_it_stands(desk) == foreseen
    with county.office.change(None, now) as desk:
        further = later.check(desk, foreseen, replace(stage, lead_team_id=county.teams["West"]))
        foreseen = later.after(foreseen, further)
        here = bulk_later.find(desk, ["K/1"], lock=True).by_number["K/1"]
        bulk_later.bring_in(desk, [(here.file, further)], imports.begin(desk))
    with county.office.look(None, now) as desk:
        assert as_it_stands(desk) == foreseen
        assert foreseen.contents == {2: "two"}


def test_only_the_complaints_team_brings_stages_in(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        run = imports.begin(desk)
        bulk.bring_in(desk, [past.check(desk, complaint(county, answered=True))], run)
    for who in (people.MANAGER, people.SENIOR, people.VIEWER):
        with refused(county.office, NotAllowed), county.office.change(who, now) as desk:
            here = bulk_later.find(desk, ["K/1"]).by_number["K/1"]
            bulk_later.bring_in(desk, [(here.file, later.check(desk, here.standing, STAGES[0]))], run)


def test_what_has_no_name_is_not_looked_for(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        found = bulk_later.find(desk, [])
        assert (found.by_number, found.by_reference, bulk_later.newest(desk)) == ({}, {}, 0)
