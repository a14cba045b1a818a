from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.blocks import lists
from bot.listeners.home import facts as home_facts
from storage import register, views, views_complaint
from storage.errors import UnknownReference
from storage.register import NewComplaint, Response
from storage.register.staff import NewAbsence
from storage.vocabulary import Band, EventKind, Finding
from tests import county as people
from tests.county import DONE, County

RECEIVED = date(2026, 11, 20)


def claim(county: County, now: datetime, who: str, reference: str) -> None:
    with county.office.change(who, now) as desk:
        register.claim(desk, reference)


def answer(county: County, now: datetime, reference: str, **fields: Any) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(**{"responded_on": now.date(), "outcome": "no_fault", **fields}))


def test_an_open_complaint_shows_when_it_is_due_and_that_nobody_owns_it(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_complaint.complaint(desk, reference)
    assert (facts.line.due_on, facts.line.days_left) == (date(2026, 12, 4), 9)
    assert (facts.line.owner, facts.line.outcome, facts.band) == (None, None, None)
    assert (facts.line.stage_title, facts.procedure_title) == ("Local resolution", "Children's statutory procedure")
    assert (facts.summary, facts.actions, facts.others, facts.themes) == (None, (), (), ())


def test_a_closed_complaint_shows_the_councils_own_label_and_its_actions(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    answer(
        county,
        now,
        reference,
        outcome="fault",
        action="Calls are returned within two days.",
        action_owner_id=county.people[people.MANAGER],
        action_due_on=date(2026, 11, 30),
    )
    with county.office.look(people.HANDLER, now) as desk:
        facts = views_complaint.complaint(desk, reference)
    assert (facts.line.outcome, facts.finding) == ("Fault found", Finding.FAULT)
    assert (facts.days_taken, facts.limit_days, facts.band) == (1, 10, Band.WITHIN_LIMIT)
    (action,) = facts.actions
    assert (action.text, action.days_left, action.done_on) == ("Calls are returned within two days.", 5, None)
    assert action.owner is not None
    assert action.owner.name == "Mabel Eastwood"


def test_the_app_finds_a_complaint_by_id_and_nobody_finds_one_that_is_not_there(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.look(None, now) as desk:
        found = views_complaint.complaint(desk, reference)
        assert views_complaint.complaint_by_id(desk, found.line.complaint_id) == found
        with pytest.raises(UnknownReference):
            views_complaint.complaint_by_id(desk, 9_001)


def test_what_somebody_owns_is_listed_by_due_date_and_only_while_it_is_open(county: County, now: datetime) -> None:
    references = [county.record(now, received=date(2026, 11, day)).reference for day in (20, 9, 16)]
    for reference in references:
        claim(county, now, people.MANAGER, reference)
    with county.office.look(people.MANAGER, now) as desk:
        owned = views.owned(desk, county.people[people.MANAGER])
        assert views.count_open(desk) == 3
    assert [line.reference for line in owned] == [references[1], references[2], references[0]]
    assert [line.days_left for line in owned] == [0, 5, 9]
    answer(county, now, references[1])
    with county.office.look(people.MANAGER, now) as desk:
        assert [line.reference for line in views.owned(desk, county.people[people.MANAGER])] == [
            references[2],
            references[0],
        ]
        assert views.owned(desk, county.people[people.SECOND_MANAGER]) == []
        assert views.count_open(desk) == 2


def test_everybody_sees_the_unallocated_of_their_own_teams(county: County, now: datetime) -> None:
    expected = {
        people.HANDLER: ["East", "Fostering"],
        people.COMPLAINTS_MANAGER: ["East", "Fostering"],
        people.MANAGER: ["East"],
        people.SENIOR: ["East"],
        people.OTHER_TEAMS_MANAGER: ["Fostering"],
        people.OTHER_SENIOR: ["Fostering"],
        people.VIEWER: [],
    }
    for team in ("East", "Fostering"):
        county.record(now, received=RECEIVED, team=team)
    taken = county.record(now, received=RECEIVED).reference
    claim(county, now, people.MANAGER, taken)
    seen = {}
    for who in expected:
        with county.office.look(who, now) as desk:
            seen[who] = [line.team for line in views.unallocated(desk)]
    assert seen == expected


def test_actions_leave_the_list_when_they_are_done(county: County, now: datetime) -> None:
    owner = county.people[people.SECOND_MANAGER]
    for due in (date(2026, 12, 9), date(2026, 11, 27)):
        reference = county.record(now, received=RECEIVED).reference
        answer(
            county, now, reference, outcome="partial", action="A new letter.", action_owner_id=owner, action_due_on=due
        )
    with county.office.look(people.SECOND_MANAGER, now) as desk:
        waiting = views.actions_owned(desk, owner)
    assert [action.due_on for action in waiting] == [date(2026, 11, 27), date(2026, 12, 9)]
    with county.office.change(people.SECOND_MANAGER, now) as desk:
        register.learning.action_done(desk, waiting[0].id, DONE)
    with county.office.look(people.SECOND_MANAGER, now) as desk:
        assert views.actions_owned(desk, owner) == [waiting[1]]


def test_history_is_read_entry_by_entry(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.look(None, now) as desk:
        complaint_id = views_complaint.complaint(desk, reference).line.complaint_id
        entry = views.event(desk, complaint_id, 1)
        with pytest.raises(LookupError):
            views.event(desk, complaint_id, 2)
    assert (entry.kind, entry.happened_on, entry.recorded_at) == (EventKind.RECEIVED, RECEIVED, now)
    assert entry.actor is not None
    assert entry.actor.name == "Hester Quill"


def test_a_text_is_read_by_its_id(county: County, now: datetime) -> None:
    new = NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"], summary="Calls were not returned.")
    with county.office.change(people.HANDLER, now) as desk:
        reference = register.record(desk, new).reference
    with county.office.look(None, now) as desk:
        entry = views.event(desk, views_complaint.complaint(desk, reference).line.complaint_id, 1)
        assert views.text(desk, entry.data["text"]) == "Calls were not returned."
        assert views.text(desk, 9_001) is None


def test_a_list_takes_as_many_queries_for_twenty_as_for_two(county: County, now: datetime) -> None:
    asked: list[str] = []

    @event.listens_for(county.office.database.engine, "before_cursor_execute")
    def count(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        asked.append(statement)

    taken = []
    for so_many in (2, 18):
        for _ in range(so_many):
            claim(county, now, people.MANAGER, county.record(now, received=RECEIVED).reference)
        with county.office.look(people.MANAGER, now) as desk:
            asked.clear()
            views.owned(desk, county.people[people.MANAGER])
            taken.append(len(asked))
    assert taken[0] == taken[1]


def test_whoever_stands_in_finds_what_is_with_whom_they_stand_in_for(county: County, now: datetime) -> None:
    """Their own list and the one of whom they stand in for are told apart."""
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        away = NewAbsence(from_on=now.date(), until_on=now.date(), cover_id=county.people[people.SECOND_MANAGER])
        register.staff.away(desk, county.people[people.MANAGER], away)
    with county.office.look(people.SECOND_MANAGER, now) as desk:
        assert views.owned(desk, county.people[people.SECOND_MANAGER]) == []
        (line,) = views.covered(desk).lines
        home = lists.home(home_facts(desk))
    assert line.reference == reference
    assert "You stand in for others" in str(home)
    assert f"*{reference}*  East: response due 4 December 2026 (9 working days left). Mabel Eastwood owns it" in str(
        home
    )
    with county.office.look(people.SECOND_MANAGER, now + timedelta(days=1)) as desk:
        assert not views.covered(desk)
        assert "You stand in for others" not in str(lists.home(home_facts(desk)))
