from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage import chain, policy, register
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Event, FreeText
from storage.procedures import RESPONSE
from storage.register import Response, steps
from storage.register.steps import StepDone
from storage.vocabulary import Band, EventKind
from storage.workdays import WorkingDays
from tests import county as people
from tests.county import County
from tests.storage import inquiry
from tests.storage.inquiry import ASKED, ASKED_AGAIN, OPENED, at_stage_2, at_stage_3, current_stage, step
from tests.storage.witness import at, refused

PANEL_DUE = date(2027, 1, 6)
LATER = at("2027-03-31 10:00")
STAGE_2 = ["statement_agreed", "commenced", "report_received", "adjudicated"]


@pytest.fixture(autouse=True)
def checked(county: County) -> Iterator[None]:
    """Whatever a test did, `complaints check` finds nothing afterwards."""
    yield
    inquiry.assert_clean(county.office, LATER)


def done(step: str, on: date, reason: str = "") -> StepDone:
    return StepDone(step=step, done_on=on, reason=reason)


def problems_of(county: County, now: datetime, reference: str, one: StepDone) -> dict[str, str]:
    with refused(county.office, FieldProblems) as caught:
        step(county, now, reference, one)
    assert isinstance(caught.value, FieldProblems)
    return caught.value.problems


def respond(county: County, now: datetime, reference: str, day: date, **more: Any) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(**{"responded_on": day, "outcome": "no_fault", **more}))


def respond_problems(county: County, now: datetime, reference: str, day: date, **more: Any) -> dict[str, str]:
    with refused(county.office, FieldProblems) as caught:
        respond(county, now, reference, day, **more)
    assert isinstance(caught.value, FieldProblems)
    return caught.value.problems


# --- stage 2 --------------------------------------------------------------------------------------------------------


def test_domain_4_the_dates_that_councils_are_asked_for_are_recorded_in_any_order(
    county: County, now: datetime
) -> None:
    """DOMAIN 4, stage 2: statement agreed, commenced, report received, adjudicated; each a dated event."""
    reference = at_stage_2(county, now)
    for key in reversed(STAGE_2):
        step(county, now, reference, done(key, OPENED))
    with county.office.look(None, now) as desk:
        events = desk.session.exec(
            select(Event).where(Event.kind == EventKind.STEP_DONE).order_by(col(Event.sequence))
        ).all()
    assert [event.data for event in events] == [{"step": key} for key in reversed(STAGE_2)]
    assert {(event.happened_on, event.stage) for event in events} == {(OPENED, 2)}


@pytest.mark.parametrize(
    ("setting", "counted_from"), [("request", ASKED), ("statement", date(2026, 11, 19))], ids=["request", "statement"]
)
def test_domain_4_stage_2_is_counted_from_the_request_or_the_agreed_statement_as_the_setting_says(
    county: County, now: datetime, calendar: WorkingDays, setting: str, counted_from: date
) -> None:
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "stage2_clock", setting)
    reference = at_stage_2(county, now)
    step(county, now, reference, done("statement_agreed", date(2026, 11, 19)))
    stage = current_stage(county, now, reference)
    assert (stage.counted_from, stage.due_on) == (counted_from, calendar.due(counted_from, 25))


@pytest.mark.parametrize("day", [ASKED - timedelta(days=1), date(2026, 11, 24)])
def test_a_step_is_neither_before_its_stage_nor_in_the_future(county: County, now: datetime, day: date) -> None:
    problems = problems_of(county, now, at_stage_2(county, now), done("commenced", day))
    assert problems == {"done_on": "Stage 2 began on 17 November 2026. Choose a day from then to today."}


def test_a_step_is_recorded_once_and_corrected_after_that(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    step(county, now, reference, done("commenced", OPENED))
    with refused(county.office, AlreadyDone, match=r"recorded for 18 November 2026 already\. .* correct it"):
        step(county, now, reference, done("commenced", now.date()))


@pytest.mark.parametrize("key", ["panel_met", RESPONSE, ""])
def test_only_the_steps_of_the_stage_are_recorded(county: County, now: datetime, key: str) -> None:
    assert problems_of(county, now, at_stage_2(county, now), done(key, OPENED)).keys() == {"step"}


def test_no_step_is_recorded_on_a_stage_that_was_only_asked_for_or_is_over(county: County, now: datetime) -> None:
    waiting = inquiry.asked_for(county, now)
    with refused(county.office, Refusal, match="Open it first"):
        step(county, now, waiting, done("commenced", now.date()))
    reference = at_stage_2(county, now)
    respond(county, now, reference, now.date())
    with refused(county.office, AlreadyDone, match="closed on 23 November 2026"):
        step(county, now, reference, done("commenced", OPENED))


@pytest.mark.parametrize(
    ("by", "kind"),
    [(people.MANAGER, NotAllowed), (people.SENIOR, NotAllowed), (people.OTHER_SENIOR, UnknownReference)],
)
def test_only_the_complaints_team_records_steps(county: County, now: datetime, by: str, kind: type[Refusal]) -> None:
    reference = at_stage_2(county, now)
    with refused(county.office, kind):
        step(county, now, reference, done("commenced", OPENED), by=by)


# --- stage 3 --------------------------------------------------------------------------------------------------------


def test_domain_4_law_reg_19_4_the_panel_meets_within_30_working_days_and_the_rest_follows_from_when_it_did(
    county: County, now: datetime, calendar: WorkingDays
) -> None:
    """DOMAIN 4, stage 3 [law]: panel 30 from the request, its report 5 after the panel, the response 15 after the report."""
    reference = at_stage_3(county, now)
    assert calendar.due(ASKED_AGAIN, 30) == PANEL_DUE
    stage = current_stage(county, now, reference)
    assert (stage.next_step, stage.next_due_on) == ("panel_met", PANEL_DUE)
    assert stage.due_on == calendar.due(calendar.due(PANEL_DUE, 5), 15)
    met = date(2026, 12, 14)
    step(county, LATER, reference, done("panel_met", met))
    stage = current_stage(county, LATER, reference)
    assert (stage.next_step, stage.next_due_on) == ("report_received", date(2026, 12, 21))
    step(county, LATER, reference, done("report_received", date(2026, 12, 17)))
    stage = current_stage(county, LATER, reference)
    assert (stage.next_step, stage.next_due_on) == (None, calendar.due(date(2026, 12, 17), 15))
    assert stage.due_on == stage.next_due_on
    respond(county, LATER, reference, stage.due_on)
    assert current_stage(county, LATER, reference).band is Band.WITHIN_LIMIT


def test_domain_4_the_panels_report_does_not_come_before_the_panel_met(county: County, now: datetime) -> None:
    reference = at_stage_3(county, now)
    assert "Record the day of that first" in problems_of(
        county, LATER, reference, done("report_received", date(2026, 12, 10))
    )["done_on"]  # fmt: skip
    step(county, LATER, reference, done("panel_met", date(2026, 12, 14)))
    problems = problems_of(county, LATER, reference, done("report_received", date(2026, 12, 11)))
    assert "“Panel meets” was on 14 December 2026" in problems["done_on"]
    step(county, LATER, reference, done("report_received", date(2026, 12, 14)))


def test_domain_4_the_panels_report_comes_late_only_with_a_recorded_reason(county: County, now: datetime) -> None:
    """DOMAIN 4, stage 3: 5 working days, or as soon as reasonably practicable; lateness needs a recorded reason."""
    reference = at_stage_3(county, now)
    step(county, LATER, reference, done("panel_met", date(2026, 12, 14)))
    late = date(2026, 12, 22)
    assert problems_of(county, LATER, reference, done("report_received", late)) == {
        "reason": "Say why it comes after 21 December 2026, when it was due."
    }
    assert "555" not in str(problems_of(county, LATER, reference, done("report_received", late, "Ring 07700 900555")))
    reason = "A member of the panel was ill."
    step(county, LATER, reference, done("report_received", late, reason))
    with county.office.look(None, LATER) as desk:
        event = desk.session.exec(select(Event).order_by(col(Event.id).desc())).first()
        text = desk.session.exec(select(FreeText).where(FreeText.about == "late_reason")).one()
    assert event is not None
    assert text.body == reason
    assert event.data == {"step": "report_received", "text": text.id, "digest": chain.digest(text.key or "", reason)}


def test_domain_4_the_panels_report_on_the_day_it_is_due_is_not_late(county: County, now: datetime) -> None:
    reference = at_stage_3(county, now)
    step(county, LATER, reference, done("panel_met", date(2026, 12, 14)))
    step(county, LATER, reference, done("report_received", date(2026, 12, 21)))


def test_domain_4_nothing_but_the_report_and_the_response_needs_a_reason_for_being_late(
    county: County, now: datetime
) -> None:
    reference = at_stage_3(county, now)
    step(county, LATER, reference, done("panel_met", PANEL_DUE + timedelta(days=1)))
    assert current_stage(county, LATER, reference).next_due_on == date(2027, 1, 14)


def test_a_reason_that_is_given_though_none_is_wanted_is_screened_and_kept(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    assert problems_of(county, now, reference, done("commenced", OPENED, "Ring 07700 900555")).keys() == {"reason"}
    step(county, now, reference, done("commenced", OPENED, "As soon as the statement came back."))
    with county.office.look(None, now) as desk:
        assert len(desk.session.exec(select(FreeText).where(FreeText.about == "late_reason")).all()) == 1


def test_domain_4_a_late_response_at_stage_3_needs_a_recorded_reason(county: County, now: datetime) -> None:
    """DOMAIN 4, stage 3: 15 working days, or as soon as reasonably practicable; lateness needs a recorded reason."""
    reference = at_stage_3(county, now)
    due = current_stage(county, now, reference).due_on
    late = due + timedelta(days=1)
    problems = respond_problems(county, LATER, reference, late)
    assert problems.keys() == {"late_reason"}
    assert "as the complainant was told" in problems["late_reason"]
    assert respond_problems(county, LATER, reference, late, late_reason="Ring 07700 900555").keys() == {"late_reason"}
    respond(county, LATER, reference, late, late_reason="The panel asked for more papers.")
    with county.office.look(None, LATER) as desk:
        ended = desk.session.exec(select(Event).order_by(col(Event.id).desc())).first()
        text = desk.session.exec(select(FreeText).where(FreeText.about == "late_reason")).one()
    assert ended is not None
    assert (ended.kind, ended.data["text"]) == (EventKind.RESPONDED, text.id)


def test_a_response_in_time_and_a_withdrawal_need_no_reason(county: County, now: datetime) -> None:
    in_time, withdrawn = at_stage_3(county, now), at_stage_3(county, now)
    due = current_stage(county, now, in_time).due_on
    respond(county, LATER, in_time, due)
    respond(county, LATER, withdrawn, due + timedelta(days=9), outcome="withdrawn")


def test_the_second_answer_of_a_stage_that_was_opened_again_needs_no_reason_for_being_late(
    county: County, now: datetime
) -> None:
    reference = at_stage_3(county, now)
    respond(county, LATER, reference, date(2026, 12, 10))
    with county.office.change(people.HANDLER, LATER) as desk:
        register.endings.reopen(desk, reference, "A page of the report was missing.")
    respond(county, LATER, reference, LATER.date())


def test_a_late_response_elsewhere_needs_no_reason(county: County, now: datetime) -> None:
    respond(county, LATER, at_stage_2(county, now), LATER.date())


@pytest.mark.parametrize("outcome", ["refused_late", "refused_scope", "skipped", "stage_refused", "overtaken"])
def test_a_decision_with_its_reasons_is_not_passed_off_as_a_response(
    county: County, now: datetime, outcome: str
) -> None:
    problems = respond_problems(county, now, at_stage_2(county, now), now.date(), outcome=outcome)
    assert "not a response" in problems["outcome"]


# --- a date agreed with the complainant -----------------------------------------------------------------------------


@pytest.fixture
def adult(county: County, now: datetime) -> str:
    """An adults' complaint received on 2 November 2026 and owned by Mabel Eastwood."""
    new = register.NewComplaint(received_on=inquiry.RECEIVED, lead_team_id=county.teams["East"], procedure="adults")
    with county.office.change(people.HANDLER, now) as desk:
        reference = register.record(desk, new).reference
        register.allocate(desk, reference, county.people[people.MANAGER])
    return reference


def agree(county: County, now: datetime, reference: str, until: date, *, by: str = people.MANAGER) -> None:
    with county.office.change(by, now) as desk:
        steps.agree_response_date(desk, reference, until)


def test_domain_4_adults_the_date_is_agreed_with_each_complainant_and_may_be_agreed_anew(
    county: County, adult: str, now: datetime
) -> None:
    """DOMAIN 4, adults (SI 2009/309): the response date is agreed per complaint; an extension is by agreement."""
    assert current_stage(county, now, adult).due_on == date(2027, 5, 4)
    agree(county, now, adult, date(2026, 12, 18))
    stage = current_stage(county, now, adult)
    assert (stage.original_due_on, stage.due_on) == (date(2026, 12, 18), date(2026, 12, 18))
    agree(county, now + timedelta(days=7), adult, date(2027, 1, 22), by=people.HANDLER)
    stage = current_stage(county, now, adult)
    assert (stage.original_due_on, stage.due_on) == (date(2026, 12, 18), date(2027, 1, 22))
    respond(county, LATER, adult, date(2027, 1, 21))
    assert current_stage(county, LATER, adult).band is Band.AGREED_EXTENSION


def test_the_date_that_is_agreed_today_may_be_today_but_no_earlier_day(
    county: County, adult: str, now: datetime
) -> None:
    with refused(county.office, FieldProblems, match="today or a later day"):
        agree(county, now, adult, now.date() - timedelta(days=1))
    agree(county, now, adult, now.date())


def test_a_date_that_was_agreed_already_or_lies_beyond_the_calendar_is_refused(
    county: County, adult: str, now: datetime
) -> None:
    agree(county, now, adult, date(2026, 12, 18))
    with refused(county.office, AlreadyDone, match="18 December 2026 is the date that was agreed already"):
        agree(county, now, adult, date(2026, 12, 18))
    agree(county, now, adult, date(2027, 1, 22))
    with refused(county.office, AlreadyDone, match="22 January 2027 is the date that was agreed already"):
        agree(county, now, adult, date(2027, 1, 22))
    agree(county, now, adult, date(2026, 12, 18))
    with refused(county.office, FieldProblems, match="Check that the year is right"):
        agree(county, now, adult, date(2206, 12, 18))


def test_no_date_is_agreed_where_the_procedure_sets_the_time(county: County, now: datetime) -> None:
    reference, waiting = at_stage_2(county, now), inquiry.asked_for(county, now)
    with refused(county.office, Refusal, match="Ask for an extension instead"):
        agree(county, now, reference, date(2026, 12, 18), by=people.HANDLER)
    with refused(county.office, Refusal, match="Open it first"):
        agree(county, now, waiting, date(2026, 12, 18), by=people.HANDLER)


def test_a_date_is_agreed_by_who_works_on_the_complaint_while_it_is_open(
    county: County, adult: str, now: datetime
) -> None:
    with refused(county.office, NotAllowed):
        agree(county, now, adult, date(2026, 12, 18), by=people.SECOND_MANAGER)
    respond(county, now, adult, now.date())
    with refused(county.office, AlreadyDone):
        agree(county, now, adult, date(2026, 12, 18))


@pytest.mark.parametrize(("agreed", "late"), [(date(2026, 12, 18), date(2026, 12, 19)), (None, date(2027, 5, 5))])
def test_domain_4_adults_a_response_after_the_agreed_date_or_6_months_is_explained(
    county: County, adult: str, now: datetime, agreed: date | None, late: date
) -> None:
    """DOMAIN 4, adults: explain in writing if there is none in 6 months, or by the date that was agreed."""
    if agreed:
        agree(county, now, adult, agreed)
    summer = at("2027-06-01 10:00")
    assert respond_problems(county, summer, adult, late).keys() == {"late_reason"}
    respond(county, summer, adult, late, late_reason="The provider's records came late.")
