"""What is missing in records: what is not due yet is not missing, and what is answered has everything or is named."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from storage import register, views_missing
from storage.errors import NotAllowed
from storage.models import Complaint
from storage.periods import parse
from storage.procedures import StageRole
from storage.register import NewComplaint, Response
from storage.register.issues import Adjudication
from storage.register.steps import StepDone
from storage.views_missing import Lack, MissingList
from tests import county as people
from tests.county import County
from tests.storage.inquiry import add_issue, appoint, asked_for, at_stage_2, outsider, staff, step
from tests.storage.witness import at

RECEIVED = date(2026, 11, 20)
FIRST = at("2026-12-01 09:30")


def missing(county: County, now: datetime, *, by: str | None = None) -> MissingList:
    with county.office.look(by, now) as desk:
        return views_missing.missing(desk, parse("last month", now.date()))


def lacks(county: County, now: datetime, reference: str) -> set[Lack]:
    return {one.lack for one in missing(county, now).lacking if reference in one.references}


def whole(county: County, now: datetime, *, received: date = RECEIVED) -> str:
    """A complaint whose record lacks nothing."""
    new = NewComplaint(
        received_on=received,
        lead_team_id=county.teams["East"],
        customer_group="Parent",
        contact_method="Letter",
        theme_ids=(county.themes["Delay"],),
    )
    with county.office.change(people.HANDLER, now) as desk:
        reference = register.record(desk, new).reference
        register.acknowledge(desk, reference)
    return reference


def answer(county: County, now: datetime, reference: str) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=desk.today, outcome="no_fault"))


def test_a_complete_record_is_looked_at_and_lacks_nothing(county: County, now: datetime) -> None:
    reference = whole(county, now)
    assert missing(county, now) == MissingList(parse("last month", now.date()), 1, ())
    answer(county, now, reference)
    assert missing(county, FIRST) == MissingList(parse("last month", FIRST.date()), 1, ())


def test_what_the_form_asks_for_is_missing_where_an_import_left_it_out(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    assert lacks(county, now, reference) == {Lack.CUSTOMER_GROUP, Lack.CONTACT_METHOD, Lack.THEMES}
    with county.office.change(None, now) as desk:
        desk.session.exec(select(Complaint)).one().handler_id = None
    assert Lack.HANDLER in lacks(county, now, reference)


def test_an_acknowledgement_is_missing_once_its_day_has_passed(county: County, now: datetime) -> None:
    """Procedures: 3 working days; received on Friday 20 November, so due on Wednesday 25."""
    reference = county.record(now, received=RECEIVED).reference
    assert Lack.ACKNOWLEDGEMENT not in lacks(county, at("2026-11-25 17:00"), reference)
    assert Lack.ACKNOWLEDGEMENT in lacks(county, at("2026-11-26 09:00"), reference)
    with county.office.change(people.HANDLER, at("2026-11-26 10:00")) as desk:
        register.acknowledge(desk, reference)
    assert Lack.ACKNOWLEDGEMENT not in lacks(county, at("2026-11-26 11:00"), reference)


def test_a_complaint_that_was_answered_without_one_lacks_it_and_one_that_was_withdrawn_does_not(
    county: County, now: datetime
) -> None:
    answered = county.record(now, received=RECEIVED).reference
    withdrawn = county.record(now, received=RECEIVED).reference
    answer(county, now, answered)
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, withdrawn, Response(responded_on=desk.today, outcome="withdrawn"))
    assert Lack.ACKNOWLEDGEMENT in lacks(county, FIRST, answered)
    assert Lack.ACKNOWLEDGEMENT not in lacks(county, FIRST, withdrawn)


def test_those_closed_in_the_month_and_those_open_now_are_looked_at_and_no_others(county: County) -> None:
    october = county.record(at("2026-10-05 10:00"), received=date(2026, 10, 5)).reference
    answer(county, at("2026-10-12 10:00"), october)
    november = county.record(at("2026-11-02 10:00"), received=date(2026, 11, 2)).reference
    answer(county, at("2026-11-30 10:00"), november)
    still_open = county.record(at("2026-09-01 10:00"), received=date(2026, 9, 1)).reference
    found = missing(county, FIRST)
    assert found.complaints == 2
    assert {reference for one in found.lacking for reference in one.references} == {november, still_open}


def test_a_complaint_that_went_on_to_stage_2_is_one_record(county: County, now: datetime) -> None:
    at_stage_2(county, now)
    assert missing(county, now).complaints == 1


def test_a_stage_that_was_only_asked_for_has_no_dates_to_lack_yet(county: County, now: datetime) -> None:
    reference = asked_for(county, now)
    assert not lacks(county, now + timedelta(days=30), reference) & {Lack.APPOINTMENT, Lack.STEP, Lack.ACKNOWLEDGEMENT}


def test_a_date_that_was_passed_over_is_missing(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    assert Lack.STEP not in lacks(county, now, reference)
    step(county, now, reference, StepDone(step="statement_agreed", done_on=date(2026, 11, 20)))
    assert Lack.STEP not in lacks(county, now, reference)
    step(county, now, reference, StepDone(step="report_received", done_on=date(2026, 11, 23)))
    assert Lack.STEP in lacks(county, now, reference)
    step(county, now, reference, StepDone(step="commenced", done_on=date(2026, 11, 20)))
    assert Lack.STEP not in lacks(county, now, reference)


def test_a_post_that_is_empty_for_too_long_is_missing(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    later = at("2026-12-18 10:00")
    assert Lack.APPOINTMENT in lacks(county, later, reference)


def test_an_answered_investigation_names_everything_it_never_recorded(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    number = add_issue(county, now, reference)
    with county.office.change(people.HANDLER, now) as desk:
        answered = Adjudication(responded_on=desk.today, findings={number: "no_fault"})
        register.issues.adjudicate(desk, reference, answered)
    found = lacks(county, FIRST, reference)
    assert {Lack.STEP, Lack.APPOINTMENT} <= found
    assert Lack.FINDING not in found


def test_an_issue_of_an_answered_stage_that_came_to_nothing_is_missing(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    add_issue(county, now, reference)
    with county.office.change(None, now) as desk:
        desk.session.connection().exec_driver_sql(
            "UPDATE stage SET is_open = false, ended_on = '2026-11-23', days_taken = 4, band = 'within_limit', "
            "outcome = 'no_fault', finding = 'no_fault' WHERE number = 2"
        )
        desk.session.connection().exec_driver_sql("UPDATE complaint SET closed_on = '2026-11-23'")
    assert Lack.FINDING in lacks(county, FIRST, reference)


def test_a_stage_2_with_everyone_appointed_and_every_date_lacks_none_of_it(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    appoint(county, now, reference, StageRole.INVESTIGATING_OFFICER, outsider(county, now, "Ada"))
    appoint(county, now, reference, StageRole.INDEPENDENT_PERSON, outsider(county, now, "Bram"))
    appoint(county, now, reference, StageRole.ADJUDICATING_OFFICER, staff(county, people.OTHER_SENIOR))
    with county.office.look(None, now) as desk:
        steps = list(desk.procedures["statutory"].stage(2).step_titles)
    for one in steps:
        step(county, now, reference, StepDone(step=one, done_on=date(2026, 11, 23)))
    assert not lacks(county, now, reference) & {Lack.APPOINTMENT, Lack.STEP, Lack.FINDING}


def test_what_retention_cleared_is_gone_on_purpose(county: County, now: datetime) -> None:
    county.record(now, received=RECEIVED)
    with county.office.change(None, now) as desk:
        desk.session.exec(select(Complaint)).one().cleared_on = now.date()
    assert missing(county, now).complaints == 0


@pytest.mark.parametrize("who", [people.MANAGER, people.SENIOR, people.VIEWER, people.STRANGER])
def test_only_the_complaints_team_sees_the_list(county: County, now: datetime, who: str) -> None:
    with pytest.raises(NotAllowed):
        missing(county, now, by=who)
    assert missing(county, now, by=people.HANDLER).complaints == 0


@pytest.mark.slow
def test_it_asks_as_often_for_two_complaints_as_for_twenty(county: County, now: datetime) -> None:
    def asked(times: int) -> int:
        for _ in range(times):
            at_stage_2(county, now)
        statements: list[str] = []
        with county.office.look(None, now) as desk:
            listen = lambda *given: statements.append(given[2])  # noqa: E731 - to be taken off again
            event.listen(county.office.database.engine, "before_cursor_execute", listen)
            views_missing.missing(desk, parse("last month", now.date()))
            event.remove(county.office.database.engine, "before_cursor_execute", listen)
        return len(statements)

    assert asked(2) == asked(20)
