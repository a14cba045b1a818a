"""What the ladder is told of the register: each deadline of a stage in turn, who may act, and what outlives a closed stage."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from jobs import gather, sources
from jobs import said as told
from jobs.gather import SCHEDULED
from jobs.nudges import Line, Matter
from jobs.staff import Staff
from jobs.tick import tick
from storage import register, sending
from storage.ladder import Measure, To
from storage.models import Person, Stage
from storage.register import Response
from storage.register.commitments import NewCommitment
from storage.register.escalation import StageRequest
from storage.register.ombudsman import NewRemedy
from storage.register.requests import Extension
from storage.register.staff import NewAbsence
from storage.register.steps import StepDone
from tests import county as people
from tests.county import County
from tests.jobs.outbox import posted, take
from tests.storage.witness import at

RECEIVED = date(2026, 11, 16)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
        register.acknowledge(desk, found)
    return found


def facts(county: County, moment: datetime) -> Matter:
    with county.office.look(None, moment) as desk:
        last = desk.session.exec(select(Stage.id).order_by(col(Stage.number).desc())).first()
        return sources.these(desk, Staff(desk), [f"stage:{last}"])[f"stage:{last}"]


def said(county: County, moment: datetime) -> set[str]:
    """The rungs that a tick at this moment says to anybody."""
    before = _records(county, moment)
    tick(county.office, moment)
    return {rung for rung, _about in _records(county, moment) - before}


def _records(county: County, moment: datetime) -> set[tuple[str, str]]:
    with county.office.look(None, moment) as desk:
        rows = desk.session.connection().exec_driver_sql("SELECT rung, about FROM nudge_record").all()
    return {(row.rung, row.about) for row in rows}


def test_an_extended_stage_is_nudged_for_its_new_date_too(county: County, reference: str) -> None:
    assert said(county, at("2026-11-23 10:00")) == {"due in 5"}
    with county.office.change(people.MANAGER, at("2026-11-24 10:00")) as desk:
        asked = Extension(until=date(2026, 12, 11), reason="The records have to be read")
        request = register.requests.ask_extension(desk, reference, asked).id or 0
    with county.office.change(people.COMPLAINTS_MANAGER, at("2026-11-24 11:00")) as desk:
        register.requests.decide(desk, request, granted=True)
    assert "due in 5" in said(county, at("2026-12-04 10:00"))
    assert "due in 2" in said(county, at("2026-12-09 10:00"))


def test_each_step_of_a_review_is_nudged_in_turn(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: panel in 30 working days, its report in 5, the response in 15."""
    with county.office.change(people.HANDLER, now) as desk:
        for _stage in (1, 2):
            register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
            register.escalation.request_stage(desk, reference, StageRequest(requested_on=now.date()))
            register.escalation.open_stage(desk, reference)
    assert facts(county, now).abouts[Measure.LEFT] == "2027-01-07"
    with county.office.change(people.HANDLER, at("2027-01-06 10:00")) as desk:
        register.steps.record_step(desk, reference, StepDone(step="panel_met", done_on=date(2027, 1, 6)))
    assert facts(county, at("2027-01-06 11:00")).abouts[Measure.LEFT] == "2027-01-13"


def test_who_asked_never_decides_and_tells_only_while_it_is_theirs(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        asked = Extension(until=date(2026, 12, 11), reason="The records have to be read")
        request = register.requests.ask_extension(desk, reference, asked).id or 0
    deciders = {county.people[one] for one in (people.COMPLAINTS_MANAGER, people.SENIOR)}
    assert set(facts(county, now).recipients[To.DECIDERS]) == deciders
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.requests.decide(desk, request, granted=True)
    assert facts(county, now).recipients[To.ASKER] == (county.people[people.MANAGER],)
    with county.office.change(people.HANDLER, now) as desk:
        register.allocate(desk, reference, county.people[people.SECOND_MANAGER])
    assert facts(county, now).recipients[To.ASKER] == (county.people[people.SECOND_MANAGER],)


def test_with_everybody_away_who_could_decide_somebody_of_the_complaints_team_hears_of_it(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        asked = Extension(until=date(2026, 12, 11), reason="The records have to be read")
        register.requests.ask_extension(desk, reference, asked)
    for who in (people.COMPLAINTS_MANAGER, people.SENIOR):
        with county.office.change(who, now) as desk:
            register.staff.away(desk, county.people[who], NewAbsence(from_on=now.date(), until_on=date(2026, 12, 1)))
    handlers = {county.people[one] for one in (people.HANDLER, people.SECOND_HANDLER)}
    assert set(facts(county, now).recipients[To.DECIDERS]) == handlers


def test_an_extension_that_nobody_decided_in_time_is_not_asked_about_any_more(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.requests.ask_extension(
            desk, reference, Extension(until=date(2026, 12, 11), reason="The records have to be read")
        )
    assert Measure.ASKED in facts(county, at("2026-11-30 10:00")).measures
    assert Measure.ASKED not in facts(county, at("2026-12-01 10:00")).measures


def test_the_ombudsman_waits_for_a_reply_also_when_the_complaint_is_closed(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
        register.ombudsman.enquiry_received(desk, reference, now.date(), date(2026, 12, 4))
    assert said(county, at("2026-11-26 10:00")) == set()
    assert said(county, at("2026-11-27 10:00")) == {"reply in 5"}
    assert said(county, at("2026-12-07 10:00")) == {"reply overdue", "reply overdue, up the line"}
    with county.office.change(people.HANDLER, at("2026-12-07 11:00")) as desk:
        register.ombudsman.enquiry_answered(desk, 1)
    assert said(county, at("2026-12-09 10:00")) == set()


def test_the_owner_of_an_investigated_complaint_is_told_of_its_date_without_a_button_that_would_be_refused(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
        register.escalation.request_stage(desk, reference, StageRequest(requested_on=now.date()))
        register.escalation.open_stage(desk, reference)
    moment = at("2026-12-30 10:00")
    tick(county.office, moment)
    with county.office.look(None, moment) as desk:
        lines = [
            Line(stage.subject, stage.complaint_id, "due today", stage.abouts[Measure.LEFT], 0, To.OWNER)
            for stage in sources.waiting(desk, Staff(desk))
            if Measure.LEFT in stage.measures
        ]
        (line,) = told.said(desk, Staff(desk), lines, county.people[people.MANAGER]).shown
    assert "independent investigation: response due 30 December 2026" in line.said
    assert {button["action_id"] for button in line.buttons} == {"more", "show"}


def test_asking_what_is_due_costs_the_same_queries_however_much_there_is(county: County, now: datetime) -> None:
    asked: list[str] = []

    @event.listens_for(county.office.database.engine, "before_cursor_execute")
    def count(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        asked.append(statement)

    def much(amount: int) -> int:
        with county.office.change(None, now) as desk:
            desk.session.get_one(Person, county.people[people.MANAGER]).leaves_on = None
        for _ in range(amount):
            open_one, closed = (county.record(now, received=RECEIVED).reference for _ in range(2))
            fault = Response(
                responded_on=now.date(),
                outcome="fault",
                action="Letters are answered in two days",
                action_owner_id=county.people[people.SECOND_MANAGER],
                action_due_on=now.date() + timedelta(days=3),
            )
            with county.office.change(people.HANDLER, now) as desk:
                register.allocate(desk, open_one, county.people[people.MANAGER])
                register.respond(desk, closed, fault)
                new = NewRemedy(text="An apology", owner_id=county.people[people.MANAGER], due_on=now.date())
                register.ombudsman.remedy_agreed(desk, closed, new)
                made = NewCommitment(
                    body=f"Update {closed}",
                    origin="Committee",
                    due_on=now.date(),
                    owner_id=county.people[people.SENIOR],
                )
                register.commitments.make(desk, made)
        with county.office.change(None, now) as desk:
            desk.session.get_one(Person, county.people[people.MANAGER]).leaves_on = now.date()
        with county.office.look(None, at("2026-11-26 10:00")) as desk:
            asked.clear()
            found = gather.facts(desk)
        assert found is not None
        assert len({matter.subject.partition(":")[0] for matter in found.matters}) == 6
        return len(asked)

    assert much(1) == much(4)


def test_nothing_new_is_written_while_a_message_is_held_up_and_one_that_came_late_counts_on_its_day(
    county: County, reference: str
) -> None:
    monday, tuesday, thursday = at("2026-11-23 10:00"), at("2026-11-24 10:00"), at("2026-11-26 10:00")
    who = county.people[people.MANAGER]
    tick(county.office, monday)
    row = next(one for one in take(county.office, monday, *SCHEDULED) if one.person_id == who)
    with county.office.database.writing() as session:
        sending.postpone(session, row, until=tuesday, problem="ConnectionError", uncertain=False)
    assert (who, date(2026, 11, 24)) in _written(county, tuesday)
    # Two days left: there is something to say, and somebody to say it to.
    assert "due in 2" not in said(county, thursday)
    (row,) = [one for one in take(county.office, thursday, *SCHEDULED) if one.person_id == who]
    posted(county.office, thursday, row, ts="1795687200.000100")
    assert {day for one, day in _written(county, thursday) if one == who} == {date(2026, 11, 23), date(2026, 11, 26)}
    assert "due in 2" in said(county, at("2026-11-27 10:00"))


def _written(county: County, moment: datetime) -> frozenset[tuple[int, date]]:
    with county.office.look(None, moment) as desk:
        found = gather.facts(desk)
        return found.written if found else frozenset()


def test_when_nobody_can_be_written_to_little_is_asked_and_nothing_is_written(county: County, reference: str) -> None:
    asked: list[str] = []

    @event.listens_for(county.office.database.engine, "before_cursor_execute")
    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    try:
        for night in ("2026-12-04 03:00", "2026-12-05 10:00"):
            asked.clear()
            assert tick(county.office, at(night)) == 0
            assert len(asked) < 12
    finally:
        event.remove(county.office.database.engine, "before_cursor_execute", hear)
    assert tick(county.office, at("2026-12-04 10:00")) > 0
