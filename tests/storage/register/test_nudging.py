"""The rungs a council moves, and the hour a person chooses."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from jobs.tick import tick
from storage import register
from storage.adding import add_if_absent
from storage.errors import NotAllowed, Refusal
from storage.ladder import LADDER, Change
from storage.models import Complaint, CouncilChange, NudgeRecord, Person
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


def test_a_rung_that_comes_again_in_another_rhythm_is_not_silent_for_having_been_said_in_the_old_one(
    county: County, now: datetime
) -> None:
    received = date(2026, 11, 2)
    reference = county.record(now, received=received).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        register.acknowledge(desk, reference)
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.nudging.change_rung(desk, "overdue", Change(every=1))
    for days in range(5):
        tick(county.office, now + timedelta(days=days))
    with county.office.change(people.COMPLAINTS_MANAGER, now + timedelta(days=4, hours=1)) as desk:
        register.nudging.change_rung(desk, "overdue", Change(every=4))
    before = _said(county, now)
    assert len(before) == 5
    for days in range(7, 19):
        tick(county.office, now + timedelta(days=days))
    # Five days overdue on Monday 23 November; the first day after the change, then whenever another four days are over.
    assert sorted(_said(county, now) - before) == [date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 9)]


def _said(county: County, now: datetime) -> set[date]:
    with county.office.look(None, now) as desk:
        rows = desk.session.exec(select(NudgeRecord).where(NudgeRecord.rung == "overdue")).all()
    return {row.day for row in rows if row.person_id == county.people[people.MANAGER]}


def test_only_a_complaints_manager_moves_a_rung(county: County, now: datetime) -> None:
    for who in (people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER):
        with pytest.raises(NotAllowed), county.office.change(who, now) as desk:
            register.nudging.change_rung(desk, "due in 5", Change(days=7))


def test_a_rung_that_is_not_there_is_refused(county: County, now: datetime) -> None:
    with pytest.raises(Refusal, match="no nudge rule called “due in 6”"), county.office.change(None, now) as desk:
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


@pytest.mark.parametrize("many", [1, 50, 51, 1200])
def test_many_that_were_said_are_noted_once_each(county: County, now: datetime, many: int) -> None:
    owner, complaint = county.people[people.MANAGER], county.record(now, received=now.date()).reference
    with county.office.look(None, now) as desk:
        number = desk.session.exec(select(Complaint.id).where(Complaint.reference == complaint)).one()
    rows = [
        {
            "subject": f"stage:{at}", "complaint_id": number if at % 2 else None, "rung": "due in “5” \\ {x}",
            "about": "2026-12-07", "step": at % 3, "person_id": owner, "outbox_key": f"key {at}", "day": now.date(),
        }
        for at in range(many)
    ]  # fmt: skip
    for _ in range(2):
        with county.office.change(None, now) as desk:
            add_if_absent(desk.session, NudgeRecord, rows)
    with county.office.look(None, now) as desk:
        noted = desk.session.exec(select(NudgeRecord).where(NudgeRecord.about == "2026-12-07")).all()
    assert sorted(one.subject for one in noted) == sorted(str(row["subject"]) for row in rows)
    assert {one.complaint_id for one in noted} <= {number, None}
    assert {one.rung for one in noted} == {"due in “5” \\ {x}"}
