"""Corrections are appended, never made by reopening: old value, new value, reason (DOMAIN.md, 4)."""

from datetime import date, datetime

import pytest
from sqlmodel import col, select

from storage import checking, figures, register
from storage.errors import FieldProblems, NotAllowed
from storage.models import Complaint, Event, Stage
from storage.periods import Period
from storage.permissions import Operation
from storage.register import Response, ledger
from storage.register.corrections import Correction
from storage.register.endings import Ending
from storage.register.escalation import StageRequest
from storage.register.steps import StepDone
from storage.vocabulary import Band, EventKind, Finding
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.inquiry import at_stage_2, at_stage_3, step
from tests.storage.witness import at, refused

RECEIVED = date(2026, 11, 2)
REASON = "The letter carries an earlier stamp"


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East, acknowledged on 4 November and answered on the 17th, a day late."""
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.HANDLER, now) as desk:
        register.acknowledge(desk, found, date(2026, 11, 4))
        register.respond(desk, found, Response(responded_on=date(2026, 11, 17), outcome="no_fault"))
    return found


def correct(
    county: County,
    reference: str,
    now: datetime,
    field: str,
    new: str,
    *,
    reason: str = REASON,
    by: str = people.HANDLER,
    stage: int | None = None,
) -> Stage:
    with county.office.change(by, now) as desk:
        correction = Correction(field=field, new=new, reason=reason, stage=stage)
        return register.corrections.correct(desk, reference, correction).stage


def clean(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()


def test_a_wrong_closing_date_is_set_right_and_its_figures_with_it(
    county: County, reference: str, now: datetime
) -> None:
    stage = correct(county, reference, now, "ended_on", "2026-11-16")
    assert (stage.ended_on, stage.days_taken, stage.band) == (date(2026, 11, 16), 10, Band.WITHIN_LIMIT)
    with county.office.look(people.HANDLER, now) as desk:
        event = desk.session.exec(select(Event).where(col(Event.kind) == EventKind.CORRECTED)).one()
        assert desk.session.exec(select(Complaint)).one().closed_on == date(2026, 11, 16)
        total = figures.team_table(desk, Period.of(RECEIVED, now.date())).total
    assert (event.data["field"], event.data["old"], event.data["new"]) == ("ended_on", "2026-11-17", "2026-11-16")
    assert total.within_limit == 1
    clean(county, now)


def test_a_wrong_day_of_receipt_moves_the_due_date(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 16)).reference
    stage = correct(county, reference, now, "received_on", "2026-11-10")
    assert (stage.started_on, stage.due_on) == (date(2026, 11, 10), date(2026, 11, 24))
    clean(county, now)


def test_corrections_can_be_corrected(county: County, reference: str, now: datetime) -> None:
    correct(county, reference, now, "ended_on", "2026-11-16")
    assert correct(county, reference, now, "ended_on", "2026-11-13").days_taken == 9
    correct(county, reference, now, "received_on", "2026-11-03")
    correct(county, reference, now, "acknowledged_on", "2026-11-05")
    clean(county, now)


def test_a_wrong_outcome_and_a_wrong_team_are_set_right(county: County, reference: str, now: datetime) -> None:
    assert correct(county, reference, now, "outcome", "partial").finding is Finding.PARTIAL
    west = county.teams["West"]
    assert correct(county, reference, now, "lead_team", str(west)).lead_team_id == west
    clean(county, now)


@pytest.mark.parametrize(
    ("field", "new", "problem"),
    [
        ("ended_on", "2026-10-30", "new"),
        ("ended_on", "2026-11-24", "new"),
        ("ended_on", "2026-11-17", "new"),
        ("ended_on", "soon", "new"),
        ("received_on", "2026-11-05", "new"),
        ("ended_on", "2026-11-03", "new"),
        ("acknowledged_on", "2026-11-18", "new"),
        ("acknowledged_on", "2026-11-01", "new"),
        ("received_on", "2005-12-30", "new"),
        ("outcome", "withdrawn", "new"),
        ("outcome", "overtaken", "new"),
        ("outcome", "skipped", "new"),
        ("outcome", "stage_refused", "new"),
        ("outcome", "Fault found", "new"),
        ("lead_team", "4711", "new"),
        ("owner", "1", "field"),
        ("1:owner", "1", "field"),
        ("2:ended_on", "2026-11-16", "field"),
    ],
)
def test_what_cannot_be_is_refused(county: County, reference: str, field: str, new: str, problem: str) -> None:
    with refused(county.office, FieldProblems) as caught:
        correct(county, reference, MONDAY, field, new)
    assert isinstance(caught.value, FieldProblems)
    assert set(caught.value.problems) == {problem}


def test_a_correction_needs_its_reason_and_the_complaints_team(county: County, reference: str, now: datetime) -> None:
    with refused(county.office, FieldProblems, match="Say what was wrong"):
        correct(county, reference, now, "ended_on", "2026-11-16", reason="")
    with refused(county.office, NotAllowed):
        correct(county, reference, now, "ended_on", "2026-11-16", by=people.SENIOR)


def test_what_can_be_corrected_is_offered_with_the_value_it_has(county: County, reference: str, now: datetime) -> None:
    with county.office.look(people.HANDLER, now) as desk:
        offered = register.corrections.correctable(desk, ledger.look(desk, reference, Operation.CONDUCT))
    assert offered["ended_on"] == "the day it was closed (17 November 2026)"
    assert set(offered) == {"received_on", "acknowledged_on", "ended_on", "outcome", "lead_team"}


# --- what was published ---------------------------------------------------------------------------------------------


def test_correcting_another_date_leaves_what_was_frozen_whatever_the_settings_are_now(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 2: closed stages never change; only what the correction itself moves does."""
    frozen = (11, 10, date(2026, 11, 16), Band.WITHIN_MAXIMUM)
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.council.change_setting(desk, "count_from", "same_day")
        register.council.change_calendar(desk, added={date(2026, 11, 11): "A late one"}, removed={})
    stage = correct(county, reference, now, "acknowledged_on", "2026-11-05")
    assert stage.acknowledged_on == date(2026, 11, 5)
    assert (stage.days_taken, stage.limit_days, stage.due_on, stage.band) == frozen
    clean(county, now)
    stage = correct(county, reference, now, "ended_on", "2026-11-16")
    assert (stage.days_taken, stage.due_on, stage.band) == (10, date(2026, 11, 16), Band.WITHIN_LIMIT)
    clean(county, now)


def test_a_date_that_the_clock_counts_from_moves_what_was_frozen(county: County, now: datetime) -> None:
    """Corporate, stage 1: 10 working days from the acknowledgement."""
    with county.office.change(people.HANDLER, now) as desk:
        new = register.NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"], procedure="corporate")
        reference = register.record(desk, new).reference
        register.acknowledge(desk, reference, date(2026, 11, 4))
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 18), outcome="no_fault"))
    assert correct(county, reference, now, "acknowledged_on", "2026-11-03").days_taken == 11
    clean(county, now)


def test_a_day_from_which_no_calendar_reaches_the_due_date_is_refused(county: County) -> None:
    late = at("2030-12-27 10:00")
    reference = county.record(late, received=date(2030, 11, 25)).reference
    with refused(county.office, FieldProblems, match="calendar reaches 31 December 2030"):
        correct(county, reference, late, "received_on", "2030-12-20")


# --- what came first and what after ---------------------------------------------------------------------------------


def test_receipt_is_not_after_what_followed_it(county: County, reference: str) -> None:
    with refused(county.office, FieldProblems, match="after the day it was acknowledged, 4 November 2026"):
        correct(county, reference, MONDAY, "received_on", "2026-11-05")
    correct(county, reference, MONDAY, "acknowledged_on", "2026-11-17")
    with refused(county.office, FieldProblems, match="after the day it was closed, 17 November 2026|acknowledged"):
        correct(county, reference, MONDAY, "received_on", "2026-11-18")


def test_a_stage_is_not_closed_before_it_was_acknowledged_nor_acknowledged_after_it_was_closed(
    county: County, reference: str
) -> None:
    with refused(county.office, FieldProblems, match="before the day it was acknowledged, 4 November 2026"):
        correct(county, reference, MONDAY, "ended_on", "2026-11-03")
    with refused(county.office, FieldProblems, match="after the day it was closed, 17 November 2026"):
        correct(county, reference, MONDAY, "acknowledged_on", "2026-11-18")


def test_what_was_acknowledged_only_after_it_was_opened_again_goes_by_the_last_end(
    county: County, now: datetime
) -> None:
    reference = county.record(now, received=RECEIVED).reference
    answer(county, reference, now, "2026-11-05")
    reopen(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        register.acknowledge(desk, reference, date(2026, 11, 16))
    assert correct(county, reference, now, "acknowledged_on", "2026-11-17").acknowledged_on == date(2026, 11, 17)
    answer(county, reference, now, "2026-11-20")
    correct(county, reference, now, "ended_on", "2026-11-06")
    with refused(county.office, FieldProblems, match="after the day it was closed, 20 November 2026"):
        correct(county, reference, now, "acknowledged_on", "2026-11-21")
    clean(county, now)


def test_a_stage_was_not_asked_for_before_the_one_before_was_over_nor_after_what_followed(
    county: County, now: datetime
) -> None:
    reference = at_stage_2(county, now)
    with refused(county.office, FieldProblems, match="before the day stage 1 was over, 17 November 2026"):
        correct(county, reference, now, "received_on", "2026-11-16")
    with refused(county.office, FieldProblems, match="after the day stage 2 was opened, 18 November 2026"):
        correct(county, reference, now, "received_on", "2026-11-19")
    correct(county, reference, now, "1:ended_on", "2026-11-16")
    stage = correct(county, reference, now, "received_on", "2026-11-16")
    assert (stage.number, stage.started_on) == (2, date(2026, 11, 16))
    with refused(county.office, FieldProblems, match="after the day stage 2 was asked for, 16 November 2026"):
        correct(county, reference, now, "1:ended_on", "2026-11-17")
    clean(county, now)


def test_a_step_stays_inside_its_stage_and_the_panel_comes_before_its_report(county: County, now: datetime) -> None:
    reference = at_stage_3(county, now)
    later = at("2026-12-18 10:00")
    step(county, later, reference, StepDone(step="panel_met", done_on=date(2026, 12, 1)))
    step(county, later, reference, StepDone(step="report_received", done_on=date(2026, 12, 4)))
    answer(county, reference, later, "2026-12-16")
    for field, new, said in (
        ("step:panel_met", "2026-12-07", "after the day of “Panel's report”, 4 December 2026"),
        ("step:report_received", "2026-11-30", "before the day of “Panel meets”, 1 December 2026"),
        ("step:report_received", "2026-12-17", "after the day it was closed, 16 December 2026"),
        ("step:panel_met", "2026-11-19", "before the day stage 3 was asked for, 20 November 2026"),
        ("ended_on", "2026-12-03", "before the day of “Panel's report”, 4 December 2026"),
        ("received_on", "2026-12-02", "after the day stage 3 was opened, 20 November 2026"),
    ):
        with refused(county.office, FieldProblems, match=said):
            correct(county, reference, later, field, new)
    correct(county, reference, later, "step:panel_met", "2026-12-02")
    clean(county, later)


# --- earlier stages -------------------------------------------------------------------------------------------------


@pytest.fixture
def second(county: County, reference: str, now: datetime) -> str:
    """The same complaint, at stage 2 since it was asked for on 20 November."""
    with county.office.change(people.HANDLER, now) as desk:
        register.escalation.request_stage(desk, reference, StageRequest(requested_on=date(2026, 11, 20)))
        register.escalation.open_stage(desk, reference)
    return reference


def test_an_earlier_stage_is_set_right_after_the_next_was_begun(county: County, second: str, now: datetime) -> None:
    stage = correct(county, second, now, "1:ended_on", "2026-11-16")
    assert (stage.number, stage.ended_on, stage.days_taken, stage.band) == (
        1, date(2026, 11, 16), 10, Band.WITHIN_LIMIT,
    )  # fmt: skip
    assert correct(county, second, now, "outcome", "partial", stage=1).finding is Finding.PARTIAL
    assert correct(county, second, now, "1:received_on", "2026-11-03").days_taken == 9
    correct(county, second, now, "1:acknowledged_on", "2026-11-05")
    with county.office.look(people.HANDLER, now) as desk:
        events = desk.session.exec(select(Event).where(col(Event.kind) == EventKind.CORRECTED)).all()
        complaint = desk.session.exec(select(Complaint)).one()
        current = ledger.current_stage(desk, complaint)
    assert {(event.stage, event.data["field"]) for event in events} == {
        (1, "ended_on"), (1, "outcome"), (1, "received_on"), (1, "acknowledged_on"),
    }  # fmt: skip
    assert (complaint.received_on, complaint.closed_on) == (date(2026, 11, 3), None)
    assert (current.number, current.started_on, current.is_open) == (2, date(2026, 11, 20), True)
    clean(county, now)


def test_an_earlier_stage_keeps_the_owner_it_had_when_it_is_corrected_after_the_next_got_another(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.escalation.request_stage(desk, reference, StageRequest(requested_on=date(2026, 11, 20)))
        register.allocate(desk, reference, county.people[people.MANAGER])
    assert correct(county, reference, now, "1:ended_on", "2026-11-16").owner_id is None
    clean(county, now)


def test_correcting_the_day_an_earlier_stage_was_closed_never_closes_the_complaint(
    county: County, second: str, now: datetime
) -> None:
    answer(county, second, now, "2026-11-23")
    correct(county, second, now, "1:ended_on", "2026-11-16")
    with county.office.look(people.HANDLER, now) as desk:
        assert desk.session.exec(select(Complaint)).one().closed_on == date(2026, 11, 23)
    clean(county, now)


def test_earlier_stages_are_offered_with_their_number_and_the_team_only_on_the_current_one(
    county: County, second: str, now: datetime
) -> None:
    with county.office.look(people.HANDLER, now) as desk:
        offered = register.corrections.correctable(desk, ledger.look(desk, second, Operation.CONDUCT))
    assert list(offered) == [
        "received_on", "lead_team", "1:received_on", "1:acknowledged_on", "1:ended_on", "1:outcome",
    ]  # fmt: skip
    assert offered["received_on"] == "the day stage 2 was asked for (20 November 2026)"
    assert offered["1:ended_on"] == "stage 1: the day it was closed (17 November 2026)"
    with refused(county.office, FieldProblems, match="Choose what to correct"):
        correct(county, second, now, "1:lead_team", str(county.teams["West"]))


@pytest.mark.parametrize(
    ("field", "without"),
    [
        ("1:ended_on", "ended_on"),
        ("2:step:commenced", "step:commenced"),
        ("step:panel_met", "step:panel_met"),
        ("", ""),
    ],
)
def test_a_field_is_known_without_its_stage(field: str, without: str) -> None:
    assert register.corrections.plain(field) == without


# --- opened again and answered twice --------------------------------------------------------------------------------


def answer(county: County, reference: str, now: datetime, on: str) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=date.fromisoformat(on), outcome="no_fault"))


def reopen(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.endings.reopen(desk, reference, "The complainant sent more.")


@pytest.mark.parametrize("again", ["2026-11-16", "2026-11-17", "2026-11-20"])
def test_a_corrected_end_after_a_second_answer_is_that_of_the_first(
    county: County, reference: str, now: datetime, again: str
) -> None:
    """Also when both went out on one day: the complaint was closed by the second."""
    reopen(county, reference, now)
    answer(county, reference, now, again)
    assert correct(county, reference, now, "ended_on", "2026-11-13").ended_on == date(2026, 11, 13)
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(Complaint)).one().closed_on == date.fromisoformat(again)
    clean(county, now)


def test_an_end_that_is_corrected_while_the_stage_is_open_again_closes_nothing(
    county: County, reference: str, now: datetime
) -> None:
    reopen(county, reference, now)
    correct(county, reference, now, "ended_on", "2026-11-16")
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(Complaint)).one().closed_on is None
    clean(county, now)
    answer(county, reference, now, "2026-11-20")
    clean(county, now)


@pytest.mark.parametrize("then", ["withdrawn", "no_fault"])
def test_what_was_corrected_of_a_first_withdrawal_says_nothing_of_the_end_that_counts_later(
    county: County, now: datetime, then: str
) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.change(people.HANDLER, now) as desk:
        withdrawn = Ending(ended_on=date(2026, 11, 6), outcome="withdrawn")
        register.endings.end_without_response(desk, reference, withdrawn)
    correct(county, reference, now, "ended_on", "2026-11-05")
    reopen(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        if then == "withdrawn":
            again = Ending(ended_on=date(2026, 11, 20), outcome="withdrawn")
            register.endings.end_without_response(desk, reference, again)
        else:
            register.respond(desk, reference, Response(responded_on=date(2026, 11, 20), outcome=then))
        assert ledger.look(desk, reference, Operation.SEE).stage.ended_on == date(2026, 11, 20)
    clean(county, now)
