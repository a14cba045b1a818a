"""Commitments as people see them: their own and whom they stand in for, all for who may, at a cost that does not grow."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from storage import register, views_commitments
from storage.errors import NotAllowed, UnknownReference
from storage.models import Absence
from storage.office import Desk
from storage.register.commitments import NewCommitment
from storage.views_commitments import CommitmentLine, Standing
from tests import county as people
from tests.county import County


def make(county: County, now: datetime, body: str, *, owner: str = people.MANAGER, due: date | None = None) -> int:
    with county.office.change(people.HANDLER, now) as desk:
        new = NewCommitment(
            body=body,
            origin="Scrutiny committee",
            due_on=due or now.date(),
            owner_id=county.people[owner],
            team_id=county.teams["East"],
        )
        return register.commitments.make(desk, new).id or 0


def looked(county: County, now: datetime, who: str, look: Callable[[Desk], list[CommitmentLine]]) -> list[str]:
    with county.office.look(who, now) as desk:
        return [line.reference for line in look(desk)]


def test_mine_are_those_i_have_still_to_do_and_of_whom_i_stand_in_for(county: County, now: datetime) -> None:
    later = now.date() + timedelta(days=9)
    make(county, now, "Mine, later", due=later)
    make(county, now, "Mine, sooner")
    make(county, now, "Hers", owner=people.SECOND_MANAGER)
    finished = make(county, now, "Finished")
    with county.office.change(people.MANAGER, now) as desk:
        register.commitments.done(desk, finished, "A report went out")
    assert looked(county, now, people.MANAGER, views_commitments.mine) == ["P-0002", "P-0001"]
    with county.office.change(None, now) as desk:
        desk.session.add(
            Absence(
                person_id=county.people[people.SECOND_MANAGER],
                from_on=now.date(),
                until_on=now.date(),
                cover_id=county.people[people.MANAGER],
            )
        )
    assert looked(county, now, people.MANAGER, views_commitments.mine) == ["P-0002", "P-0003", "P-0001"]
    assert looked(county, now + timedelta(days=1), people.MANAGER, views_commitments.mine) == ["P-0002", "P-0001"]


def test_what_is_over_is_in_the_tracker_and_not_among_the_open(county: County, now: datetime) -> None:
    over = make(county, now, "Over")
    make(county, now, "Open")
    with county.office.change(people.HANDLER, now) as desk:
        register.commitments.withdraw(desk, over, "Not needed any more")
    for who in (people.HANDLER, people.COMPLAINTS_MANAGER, people.SENIOR, people.OTHER_SENIOR):
        assert looked(county, now, who, views_commitments.every_open) == ["P-0002"]
        assert looked(county, now, who, views_commitments.every) == ["P-0001", "P-0002"]


@pytest.mark.parametrize("who", [people.MANAGER, people.VIEWER])
def test_others_are_told_whom_to_ask(county: County, now: datetime, who: str) -> None:
    for look in (views_commitments.every_open, views_commitments.every):
        with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
            looked(county, now, who, look)


def test_one_commitment_is_for_its_owner_and_for_who_sees_all(county: County, now: datetime) -> None:
    number = make(county, now, "An update")
    for who in (people.MANAGER, people.HANDLER, people.OTHER_SENIOR):
        assert looked(county, now, who, lambda desk: [views_commitments.one(desk, number)]) == ["P-0001"]
    said = set()
    for guessed in (number, 4711):
        with pytest.raises(UnknownReference) as refused:
            looked(county, now, people.SECOND_MANAGER, lambda desk, one=guessed: [views_commitments.one(desk, one)])  # type: ignore[misc]
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize(("after", "standing"), [(-1, Standing.DUE), (0, Standing.DUE), (1, Standing.OVERDUE)])
def test_it_is_overdue_from_the_day_after_it_is_due(
    county: County, now: datetime, after: int, standing: Standing
) -> None:
    make(county, now, "An update", due=now.date() + timedelta(days=2))
    moment = now + timedelta(days=2 + after)
    with county.office.look(None, moment) as desk:
        (line,) = views_commitments.every_open(desk)
    assert line.standing is standing


def test_looking_costs_the_same_for_one_and_for_forty(county: County, now: datetime) -> None:
    asked: list[str] = []

    @event.listens_for(county.office.database.engine, "before_cursor_execute")
    def count(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        asked.append(statement)

    taken: list[list[int]] = []
    for more in (1, 39):
        for number in range(more):
            make(county, now, f"Promise {more} {number}")
        taken.append([])
        for look in (views_commitments.mine, views_commitments.every_open, views_commitments.every):
            with county.office.look(people.SENIOR, now) as desk:
                asked.clear()
                look(desk)
                taken[-1].append(len(asked))
    assert taken[0] == taken[1]
