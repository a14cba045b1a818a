"""The rules of DOMAIN.md, sections 3 and 4, one test each, in dates that were counted on a calendar by hand.

The clocks begin on Monday 2 November 2026; 25 and 28 December and 1 January are no working days.
"""

from datetime import date, timedelta

import pytest

from storage.clocks import Counting, Happening, StageClock
from storage.vocabulary import Band, EventKind
from storage.workdays import CountFrom
from tests.storage.clock_cases import DAY, SHIPPED, acknowledged, agreed, extended, responded, stage, step

SAME_DAY = Counting(CountFrom.SAME_DAY)
FROM_STATEMENT = Counting(from_statement=True)


def nov(day: int) -> date:
    return date(2026, 11, day)


def dec(day: int) -> date:
    return date(2026, 12, day)


def kept(clock: StageClock) -> tuple[int | None, Band | None]:
    return clock.days_taken, clock.band


# --- 3: counting ----------------------------------------------------------------------------------------------------


def test_day_0_is_the_day_of_receipt_and_day_1_the_next_working_day() -> None:
    assert stage("statutory", 1).due_on == nov(16)
    assert stage("statutory", 1, on=nov(7)).due_on == stage("statutory", 1, on=nov(6)).due_on == nov(20)


def test_counting_from_the_same_day_makes_the_day_of_receipt_day_1() -> None:
    assert stage("statutory", 1, counting=SAME_DAY).due_on == nov(13)
    assert stage("statutory", 1, on=nov(7), counting=SAME_DAY).due_on == nov(20)


def test_days_taken_are_counted_the_same_way() -> None:
    assert kept(stage("statutory", 1, responded(DAY))) == (0, Band.WITHIN_LIMIT)
    assert kept(stage("statutory", 1, responded(DAY), counting=SAME_DAY)) == (1, Band.WITHIN_LIMIT)


def test_65_working_days_are_not_13_weeks_when_bank_holidays_fall_inside() -> None:
    assert stage("statutory", 2).latest_on == DAY + timedelta(weeks=13) + timedelta(days=3) == date(2027, 2, 4)


# --- 4: acknowledgement ---------------------------------------------------------------------------------------------


def test_councils_acknowledge_within_the_procedures_days() -> None:
    assert {name: procedure.acknowledgement.working_days for name, procedure in SHIPPED.items()} == {
        "statutory": 3,
        "corporate": 5,
        "adults": 3,
    }


# --- 4: statutory ---------------------------------------------------------------------------------------------------


def test_statutory_stage_1_has_10_working_days_from_receipt_and_20_at_most() -> None:
    clock = stage("statutory", 1)
    assert (clock.limit_days, clock.due_on, clock.maximum_days, clock.latest_on) == (10, nov(16), 20, nov(30))


def test_statutory_stage_1_is_not_counted_from_its_acknowledgement() -> None:
    assert stage("statutory", 1, acknowledged(nov(5))).due_on == nov(16)


def test_statutory_stage_2_has_25_working_days_from_the_request_and_65_at_most() -> None:
    clock = stage("statutory", 2)
    assert (clock.limit_days, clock.due_on, clock.maximum_days, clock.latest_on) == (25, dec(7), 65, date(2027, 2, 4))
    assert clock.other_due_on is None


def test_statutory_stage_2_shows_the_date_by_the_agreed_statement_as_a_second_figure() -> None:
    clock = stage("statutory", 2, step("statement_agreed", nov(16)))
    assert (clock.counted_from, clock.due_on, clock.other_due_on) == (DAY, dec(7), dec(21))


def test_statutory_stage_2_may_be_counted_from_the_agreed_statement() -> None:
    clock = stage("statutory", 2, step("statement_agreed", nov(16)), counting=FROM_STATEMENT)
    assert (clock.counted_from, clock.due_on, clock.other_due_on) == (nov(16), dec(21), dec(7))
    assert clock.latest_on == date(2027, 2, 18)


def test_statutory_stage_2_counts_from_the_request_until_a_statement_is_agreed() -> None:
    assert stage("statutory", 2, counting=FROM_STATEMENT).due_on == dec(7)


def test_an_answer_before_the_statement_was_agreed_is_counted_from_the_request() -> None:
    clock = stage("statutory", 2, responded(dec(8)), step("statement_agreed", dec(9)), counting=FROM_STATEMENT)
    assert (clock.counted_from, *kept(clock)) == (DAY, 26, Band.WITHIN_MAXIMUM)


def test_a_statutory_stage_2_that_was_extended_in_time_may_take_65_working_days_in_all() -> None:
    clock = stage("statutory", 2, extended(dec(7), date(2027, 2, 26)), responded(date(2027, 2, 4)))
    assert (clock.original_due_on, clock.due_on) == (dec(7), date(2027, 2, 4))
    assert kept(clock) == (65, Band.AGREED_EXTENSION)


def test_the_panel_meets_within_30_working_days_of_the_request() -> None:
    clock = stage("statutory", 3)
    assert (clock.next_step, clock.next_due_on) == ("panel_met", dec(14))


def test_the_panels_report_is_due_5_working_days_after_the_panel() -> None:
    clock = stage("statutory", 3, step("panel_met", dec(7)))
    assert (clock.next_step, clock.next_due_on) == ("report_received", dec(14))


def test_the_authority_responds_within_15_working_days_of_the_panels_report() -> None:
    clock = stage("statutory", 3, step("panel_met", dec(7)), step("report_received", dec(14)))
    assert (clock.next_step, clock.next_due_on, clock.due_on) == (None, date(2027, 1, 7), date(2027, 1, 7))


def test_until_a_step_is_done_the_next_is_reckoned_from_the_day_it_is_due() -> None:
    clock = stage("statutory", 3)
    assert [leg.due_on for leg in clock.legs] == [dec(14), dec(21)]
    assert clock.due_on == date(2027, 1, 14)


def test_a_panel_that_met_late_leaves_the_authority_its_days() -> None:
    clock = stage("statutory", 3, step("panel_met", dec(21)))
    assert [(leg.due_on, leg.done_on) for leg in clock.legs] == [(dec(14), dec(21)), (dec(30), None)]


def test_statutory_stage_3_knows_no_extension() -> None:
    clock = stage("statutory", 3, extended(nov(3), date(2027, 6, 1)), responded(date(2027, 1, 15)))
    assert (clock.due_on, clock.latest_on, clock.band) == (date(2027, 1, 14), date(2027, 1, 14), Band.OVER_MAXIMUM)


# --- 4: corporate ---------------------------------------------------------------------------------------------------


def test_corporate_stage_1_has_10_working_days_from_the_acknowledgement() -> None:
    clock = stage("corporate", 1, acknowledged(nov(4)), responded(nov(18)))
    assert (clock.counted_from, clock.due_on, clock.latest_on) == (nov(4), nov(18), dec(2))
    assert kept(clock) == (10, Band.WITHIN_LIMIT)


def test_a_corporate_stage_that_nobody_has_acknowledged_is_due_as_if_it_will_be_on_the_last_day_for_that() -> None:
    clock = stage("corporate", 1)
    assert (clock.counted_from, clock.due_on) == (nov(9), nov(23))


def test_a_corporate_stage_that_is_answered_at_once_has_taken_no_day() -> None:
    assert kept(stage("corporate", 1, responded(nov(3)))) == (0, Band.WITHIN_LIMIT)


def test_corporate_stage_1_can_be_extended_by_10_working_days() -> None:
    clock = stage("corporate", 1, acknowledged(nov(4)), extended(nov(18), dec(24)))
    assert (clock.due_on, clock.maximum_days) == (dec(2), 20)


def test_corporate_stage_2_has_20_working_days_from_the_acknowledgement_and_20_more_at_most() -> None:
    clock = stage("corporate", 2, acknowledged(nov(4)))
    assert (clock.limit_days, clock.due_on, clock.maximum_days, clock.latest_on) == (20, dec(2), 40, date(2027, 1, 4))


# --- 4: adults ------------------------------------------------------------------------------------------------------


def test_an_adults_complaint_has_6_months_until_a_date_is_agreed() -> None:
    """2 May 2027 is a Sunday and the Monday after it a bank holiday."""
    clock = stage("adults", 1)
    assert (clock.original_due_on, clock.due_on, clock.latest_on) == (date(2027, 5, 4),) * 3


def test_an_adults_complaint_is_due_on_the_date_agreed_with_the_complainant() -> None:
    clock = stage("adults", 1, agreed(nov(5), dec(4)), responded(dec(4)))
    assert (clock.original_due_on, clock.due_on, clock.limit_days) == (dec(4), dec(4), 24)
    assert kept(clock) == (24, Band.WITHIN_LIMIT)


def test_another_date_agreed_before_the_first_had_passed_is_an_agreed_extension() -> None:
    clock = stage("adults", 1, agreed(nov(5), dec(4)), agreed(dec(4), dec(18)), responded(dec(18)))
    assert (clock.original_due_on, clock.due_on, clock.band) == (dec(4), dec(18), Band.AGREED_EXTENSION)


def test_another_date_agreed_after_the_first_had_passed_makes_nothing_good() -> None:
    clock = stage("adults", 1, agreed(nov(5), dec(4)), agreed(dec(7), dec(18)), responded(dec(18)))
    assert (clock.due_on, clock.band) == (dec(4), Band.WITHIN_MAXIMUM)


def test_an_earlier_date_agreed_in_place_of_one_is_the_one_that_counts() -> None:
    clock = stage("adults", 1, agreed(nov(5), date(2027, 12, 4)), agreed(nov(6), dec(4)), responded(dec(7)))
    assert (clock.original_due_on, clock.due_on, clock.band) == (dec(4), dec(4), Band.WITHIN_MAXIMUM)


def test_a_date_agreed_on_a_day_off_is_the_next_working_day_as_with_an_extension() -> None:
    assert stage("adults", 1, agreed(nov(5), dec(5))).due_on == dec(7)


# --- 4: ends, and being opened again --------------------------------------------------------------------------------


def test_a_stage_that_ran_out_of_time_and_was_overtaken_counts_as_late() -> None:
    clock = stage("statutory", 1, Happening(EventKind.OVERTAKEN, dec(1)))
    assert (clock.ended_on, clock.is_open, *kept(clock)) == (dec(1), False, 21, Band.OVER_MAXIMUM)


def test_reopening_never_restarts_a_clock() -> None:
    reopened = Happening(EventKind.REOPENED, nov(23))
    clock = stage("statutory", 1, responded(nov(16)), reopened)
    assert (clock.is_open, clock.ended_on, clock.due_on, *kept(clock)) == (
        True,
        nov(16),
        nov(16),
        10,
        Band.WITHIN_LIMIT,
    )
    again = stage("statutory", 1, responded(nov(16)), reopened, responded(dec(14)))
    assert (again.is_open, again.ended_on, *kept(again)) == (False, nov(16), 10, Band.WITHIN_LIMIT)


def test_a_stage_that_had_not_proceeded_and_is_opened_again_runs_on_from_its_first_day() -> None:
    stopped, reopened = Happening(EventKind.NOT_PROCEEDED, nov(9)), Happening(EventKind.REOPENED, nov(12))
    running = stage("statutory", 1, stopped, reopened)
    assert (running.is_open, running.ended_on, running.due_on) == (True, None, nov(16))
    assert kept(stage("statutory", 1, stopped, reopened, responded(nov(17)))) == (11, Band.WITHIN_MAXIMUM)


@pytest.mark.parametrize("kind", [EventKind.RESPONDED, EventKind.OVERTAKEN])
def test_a_second_answer_that_is_dated_before_the_first_changes_nothing(kind: EventKind) -> None:
    first = Happening(EventKind.RESPONDED, nov(20), sequence=2)
    again, second = Happening(EventKind.REOPENED, nov(23), sequence=3), Happening(kind, nov(10), sequence=4)
    clock = stage("statutory", 1, first, again, second)
    assert (clock.ended_on, *kept(clock)) == (nov(20), 14, Band.WITHIN_MAXIMUM)
