"""The rungs a council moves, and the hour a person chooses."""

from datetime import datetime

import pytest
from sqlmodel import select

from storage import register
from storage.errors import NotAllowed, Refusal
from storage.ladder import LADDER, Change
from storage.models import CouncilChange, Person
from storage.vocabulary import CouncilMatter
from tests import county as people
from tests.county import County


def test_a_rung_is_moved_and_put_back_and_both_are_in_the_councils_history(county: County, now: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.nudging.change_rung(desk, "due in 5", Change(days=7))
        register.nudging.change_rung(desk, "due in 2", Change(off=True))
        moved = desk.ladder.rung("due in 5")
        assert moved is not None
        assert (moved.days, desk.ladder.rung("due in 2")) == (7, None)
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.nudging.change_rung(desk, "due in 5", None)
        register.nudging.change_rung(desk, "due in 2", None)
        assert desk.ladder.rungs == LADDER
        changes = desk.session.exec(select(CouncilChange).where(CouncilChange.matter == CouncilMatter.SETTING)).all()
        assert [change.data["setting"] for change in changes] == ["ladder"] * 4
        assert {change.actor_id for change in changes} == {county.people[people.COMPLAINTS_MANAGER]}


def test_only_a_complaints_manager_moves_a_rung(county: County, now: datetime) -> None:
    for who in (people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER):
        with pytest.raises(NotAllowed), county.office.change(who, now) as desk:
            register.nudging.change_rung(desk, "due in 5", Change(days=7))


def test_a_rung_that_is_not_there_is_refused(county: County, now: datetime) -> None:
    with pytest.raises(Refusal, match="no rung called “due in 6”"), county.office.change(None, now) as desk:
        register.nudging.change_rung(desk, "due in 6", Change(days=7))


@pytest.mark.parametrize("hour", [-1, 5, 17, 23, 99])
def test_an_hour_outside_the_councils_is_refused(county: County, now: datetime, hour: int) -> None:
    with pytest.raises(Refusal, match="from 6 to 16"), county.office.change(people.MANAGER, now) as desk:
        register.nudging.set_hour(desk, hour)


def test_everybody_chooses_their_own_hour(county: County, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.nudging.set_hour(desk, 8)
    with county.office.look(None, now) as desk:
        hours = dict(desk.session.exec(select(Person.slack_id, Person.nudge_hour)).all())
    assert hours.pop(people.MANAGER) == 8
    assert set(hours.values()) == {9}
