import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event

import pytest
from sqlmodel import col, select

from storage import checking, procedures, register
from storage.errors import NotAllowed, Refusal
from storage.models import CalendarChange, CouncilChange, Setting, Stage
from storage.office import Desk
from storage.register import Response, council, endings, escalation
from storage.register.council import Redated
from storage.register.endings import Ending
from storage.register.escalation import StageRequest
from storage.register.ledger import columns_of
from storage.register.requests import Extension
from storage.vocabulary import CouncilMatter
from tests import county as people
from tests.county import County
from tests.storage.council_changes import (
    DUE,
    HOLIDAY,
    TITLE,
    add,
    assert_well,
    record,
    redated,
    remove,
    set_to,
    stages,
    told,
)
from tests.storage.witness import contents, refused

# --- bank holidays that come late -----------------------------------------------------------------------------------


def test_a_late_bank_holiday_gives_open_stages_a_new_date_and_keeps_the_old_in_the_history(
    county: County, early: datetime
) -> None:
    first, second = record(county, early), record(county, early)
    moved = add(county.office, early, HOLIDAY)
    assert moved == [Redated(one, 1, DUE, date(2026, 11, 17)) for one in (first, second)]
    for stage in stages(county.office, early).values():
        assert (stage.original_due_on, stage.due_on, stage.next_due_on) == (date(2026, 11, 17),) * 3
    entry = redated(county.office, early)[0]
    assert (entry.data["old"], entry.data["new"]) == ("2026-11-16", "2026-11-17")
    assert entry.data["holidays"] == ["2026-11-11"]
    assert_well(county.office, early)


def test_each_owner_is_told_once_whatever_the_number_of_their_complaints(county: County, early: datetime) -> None:
    references = [record(county, early) for _ in range(3)]
    for owner, some in ((people.MANAGER, references[:2]), (people.SECOND_MANAGER, references[2:])):
        with county.office.change(owner, early) as desk:
            for reference in some:
                register.claim(desk, reference)
    add(county.office, early, HOLIDAY)
    messages = {row.person_id: row.data["complaints"] for row in told(county.office, early)}
    assert {person: len(complaints) for person, complaints in messages.items()} == {
        county.people[people.MANAGER]: 2,
        county.people[people.SECOND_MANAGER]: 1,
    }


def test_where_nobody_owns_a_complaint_its_handler_is_told(county: County, early: datetime) -> None:
    record(county, early)
    add(county.office, early, HOLIDAY)
    assert [row.person_id for row in told(county.office, early)] == [county.people[people.HANDLER]]


def test_closed_stages_never_change(county: County, early: datetime) -> None:
    answered, withdrawn, reopened = (record(county, early) for _ in range(3))
    with county.office.change(people.HANDLER, early) as desk:
        register.respond(desk, answered, Response(responded_on=early.date(), outcome="no_fault"))
        endings.end_without_response(desk, withdrawn, Ending(ended_on=early.date(), outcome="withdrawn"))
        register.respond(desk, reopened, Response(responded_on=early.date(), outcome="no_fault"))
        endings.reopen(desk, reopened, "The complainant sent more.")
    before = {key: columns_of(stage) for key, stage in stages(county.office, early).items()}
    assert add(county.office, early, HOLIDAY) == []
    assert {key: columns_of(stage) for key, stage in stages(county.office, early).items()} == before
    assert redated(county.office, early) == []
    assert told(county.office, early) == []
    assert_well(county.office, early)


def test_a_stage_that_was_left_keeps_its_date_and_the_one_that_runs_gets_a_new_one(
    county: County, early: datetime
) -> None:
    reference = record(county, early)
    with county.office.change(people.HANDLER, early) as desk:
        escalation.request_stage(
            desk, reference, StageRequest(requested_on=early.date(), reason="Both sides want the investigation.")
        )
    (moved,) = add(county.office, early, HOLIDAY)
    assert (moved.stage, (moved.after - moved.before).days) == (2, 1)
    assert stages(county.office, early)[reference, 1].due_on == DUE
    assert_well(county.office, early)


def test_a_holiday_that_touches_no_date_moves_none(county: County, early: datetime) -> None:
    record(county, early)
    assert add(county.office, early, date(2027, 6, 9)) == []
    assert told(county.office, early) == []


def test_a_holiday_on_a_weekend_moves_nothing(county: County, early: datetime) -> None:
    record(county, early)
    assert add(county.office, early, date(2026, 11, 7)) == []


def test_entering_the_same_holiday_twice_changes_nothing(county: County, early: datetime) -> None:
    record(county, early)
    add(county.office, early, HOLIDAY)
    before = contents(county.office)
    assert add(county.office, early + timedelta(hours=1), HOLIDAY) == []
    assert contents(county.office) == before


def test_a_stage_that_was_recorded_while_the_calendar_changed_gets_its_date_the_next_time(
    county: County, early: datetime
) -> None:
    reference = record(county, early)
    add(county.office, early, HOLIDAY)
    with county.office.change(None, early) as desk:
        stage = desk.session.exec(select(Stage)).one()
        stage.original_due_on = stage.due_on = stage.next_due_on = DUE
    assert add(county.office, early, HOLIDAY) == [Redated(reference, 1, DUE, date(2026, 11, 17))]
    assert_well(county.office, early)


def test_a_holiday_that_is_taken_back_gives_the_old_dates_back(county: County, early: datetime) -> None:
    reference = record(county, early)
    add(county.office, early, HOLIDAY)
    assert remove(county.office, early, HOLIDAY) == [Redated(reference, 1, date(2026, 11, 17), DUE)]
    assert remove(county.office, early, HOLIDAY) == []
    assert len(redated(county.office, early)) == 2
    assert_well(county.office, early)


def test_a_holiday_of_the_shipped_list_can_be_moved_away(county: County, early: datetime) -> None:
    """As 4 May 2020 was, for VE Day on the 8th."""
    with county.office.change(people.COMPLAINTS_MANAGER, early) as desk:
        council.change_calendar(desk, added={date(2026, 5, 8): "May Day"}, removed={date(2026, 5, 4): "May Day"})
        assert desk.calendar.is_working(date(2026, 5, 4))
        assert not desk.calendar.is_working(date(2026, 5, 8))


@pytest.mark.parametrize("day", [date(2026, 12, 25), date(2029, 12, 26), date(2026, 4, 3), date(2027, 3, 26)])
def test_a_day_that_the_regulation_names_is_never_taken_out(county: County, early: datetime, day: date) -> None:
    with refused(county.office, Refusal, match="reg 2 of SI 2006/1738"):
        remove(county.office, early, day)


@pytest.mark.parametrize("day", [date(2005, 12, 30), date(2031, 1, 1)])
def test_a_day_that_the_calendar_does_not_reach_is_refused(county: County, early: datetime, day: date) -> None:
    with refused(county.office, Refusal, match="which reaches from 1 January 2006 to 31 December 2030"):
        add(county.office, early, day)


def test_a_change_of_the_calendar_is_on_record(county: County, early: datetime) -> None:
    add(county.office, early, HOLIDAY)
    with county.office.look(None, early) as desk:
        (change,) = desk.session.exec(select(CouncilChange)).all()
        (row,) = desk.session.exec(select(CalendarChange)).all()
    assert (change.matter, change.actor_id) == (CouncilMatter.CALENDAR, county.people[people.COMPLAINTS_MANAGER])
    assert change.data == {"added": {"2026-11-11": TITLE}, "removed": {}}
    assert (row.day, row.is_holiday, row.title) == (HOLIDAY, True, TITLE)


# --- settings -------------------------------------------------------------------------------------------------------


def test_counting_from_the_same_day_dates_open_stages_anew(county: County, early: datetime) -> None:
    reference = record(county, early)
    moved = set_to(county.office, early, "count_from", "same_day")
    assert moved == [Redated(reference, 1, DUE, date(2026, 11, 13))]
    assert redated(county.office, early)[0].data["setting"] == "count_from"
    assert set_to(county.office, early, "count_from", "next_working_day") == [
        Redated(reference, 1, date(2026, 11, 13), DUE)
    ]
    assert_well(county.office, early)


def test_counting_stage_2_from_the_statement_dates_it_anew_once_there_is_one(county: County, early: datetime) -> None:
    references = [record(county, early) for _ in range(2)]
    with county.office.change(people.HANDLER, early) as desk:
        for reference in references:
            asked = StageRequest(requested_on=date(2026, 11, 3), reason="Both sides want the investigation.")
            escalation.request_stage(desk, reference, asked)
            escalation.open_stage(desk, reference, date(2026, 11, 3))
        steps = register.steps
        steps.record_step(desk, references[0], steps.StepDone(step="statement_agreed", done_on=date(2026, 11, 4)))
    moved = set_to(county.office, early, "stage2_clock", "statement")
    assert moved == [Redated(references[0], 2, date(2026, 12, 8), date(2026, 12, 9))]
    assert_well(county.office, early)


def test_setting_what_is_set_already_changes_nothing(county: County, early: datetime) -> None:
    record(county, early)
    set_to(county.office, early, "count_from", "same_day")
    before = contents(county.office)
    assert set_to(county.office, early, "count_from", "same_day") == []
    assert contents(county.office) == before


def test_a_stage_that_was_recorded_while_a_setting_changed_is_found_and_gets_its_date_when_it_is_set_again(
    county: County, early: datetime
) -> None:
    """It was reckoned by the old setting, in a transaction that saw nothing of the new one."""
    reference = record(county, early)
    set_to(county.office, early, "count_from", "same_day")
    with county.office.change(None, early) as desk:
        stage = desk.session.exec(select(Stage)).one()
        stage.original_due_on = stage.due_on = stage.next_due_on = DUE
    with county.office.look(None, early) as desk:
        (difference,) = checking.check(desk).differences
    assert "due_on is 2026-11-16, was 2026-11-13" in difference.what
    moved = [Redated(reference, 1, DUE, date(2026, 11, 13))]
    assert set_to(county.office, early, "count_from", "same_day") == moved
    assert [entry.data["change"] for entry in redated(county.office, early)] == [1, 1]
    assert_well(county.office, early)


def test_whoever_owns_a_stage_that_gets_its_date_only_the_next_time_is_told_too(
    county: County, early: datetime
) -> None:
    record(county, early)
    add(county.office, early, HOLIDAY)
    late = record(county, early)
    with county.office.change(None, early) as desk:
        stage = desk.session.exec(select(Stage).order_by(col(Stage.id).desc()).limit(1)).one()
        stage.original_due_on = stage.due_on = stage.next_due_on = DUE
    assert [one.reference for one in add(county.office, early, HOLIDAY)] == [late]
    assert [row.data["complaints"] for row in told(county.office, early)] == [[1], [2]]


def test_setting_again_what_was_never_changed_moves_nothing(county: County, early: datetime) -> None:
    record(county, early)
    assert set_to(county.office, early, "count_from", "next_working_day") == []
    assert redated(county.office, early) == []


def test_a_setting_that_moves_no_clock_moves_none_and_is_on_record(county: County, early: datetime) -> None:
    record(county, early)
    assert set_to(county.office, early, "due_soon_days", 5) == []
    with county.office.look(None, early) as desk:
        assert desk.policy.due_soon_days == 5
        (change,) = desk.session.exec(select(CouncilChange)).all()
    assert change.data == {"setting": "due_soon_days", "old": 3, "new": 5}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("colour", "red", "There is no setting 'colour'"),
        ("due_soon_days", 99, "due_soon_days can't be set to that"),
        ("amber_percent", 95, "amber_percent must be below green_percent"),
        ("count_from", "tomorrow", "'next_working_day' or 'same_day'"),
    ],
)
def test_a_setting_that_will_not_do_is_refused(
    county: County, early: datetime, key: str, value: object, said: str
) -> None:
    with refused(county.office, Refusal, match=said):
        set_to(county.office, early, key, value)
    with county.office.look(None, early) as desk:
        assert desk.session.exec(select(Setting)).all() == []


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER])
def test_only_a_complaints_manager_changes_what_holds_for_the_council(
    county: County, early: datetime, who: str
) -> None:
    for change in (
        lambda desk: council.change_setting(desk, "due_soon_days", 5),
        lambda desk: council.change_calendar(desk, added={HOLIDAY: TITLE}, removed={}),
        lambda desk: council.load_procedure(desk, procedures.shipped()["corporate"]),
    ):
        with refused(county.office, NotAllowed), county.office.change(who, early) as desk:
            change(desk)


# --- what others do meanwhile ---------------------------------------------------------------------------------------


def while_it_is_being_saved(county: County, now: datetime, who: str, act: Callable[[Desk], object]) -> list[Redated]:
    """Enters the holiday while somebody's transaction is open: on PostgreSQL its complaint is locked, and is waited for."""
    done = Event()

    def enter() -> list[Redated]:
        assert done.wait(5)
        return add(county.office, now, HOLIDAY, date(2026, 12, 29))

    with ThreadPoolExecutor(1) as pool:
        with county.office.change(who, now) as desk:
            entered = pool.submit(enter)
            act(desk)
            desk.session.flush()
            done.set()
            time.sleep(0.25)
        return entered.result()


def test_a_response_that_is_saved_while_a_holiday_is_entered_keeps_its_date_and_the_others_move(
    county: County, early: datetime
) -> None:
    answered, running = record(county, early), record(county, early)
    response = Response(responded_on=early.date(), outcome="no_fault")
    moved = while_it_is_being_saved(
        county, early, people.HANDLER, lambda desk: register.respond(desk, answered, response)
    )
    assert moved == [Redated(running, 1, DUE, date(2026, 11, 17))]
    assert stages(county.office, early)[answered, 1].due_on == DUE
    assert_well(county.office, early)


def test_an_extension_that_is_approved_while_a_holiday_is_entered_is_not_told_as_moved_by_the_holiday(
    county: County, early: datetime
) -> None:
    reference = record(county, early)
    with county.office.change(people.HANDLER, early) as desk:
        asked = Extension(until=date(2026, 11, 26), reason="The notes of the last visit are still to come.")
        request = register.requests.ask_extension(desk, reference, asked).id or 0
    moved = while_it_is_being_saved(
        county, early, people.COMPLAINTS_MANAGER, lambda desk: register.requests.decide(desk, request, granted=True)
    )
    assert {(one.before, one.after) for one in moved} <= {(date(2026, 11, 26), date(2026, 11, 26))}
    assert all(entry.data["old"] == "2026-11-26" for entry in redated(county.office, early))
    assert stages(county.office, early)[reference, 1].due_on == date(2026, 11, 26)
    assert told(county.office, early) == []
    assert_well(county.office, early)


def test_a_stage_that_is_asked_for_while_a_holiday_is_entered_breaks_nothing(county: County, early: datetime) -> None:
    reference = record(county, early)
    asked = StageRequest(requested_on=early.date(), reason="Both sides want the investigation.")
    while_it_is_being_saved(
        county, early, people.HANDLER, lambda desk: escalation.request_stage(desk, reference, asked)
    )
    assert stages(county.office, early)[reference, 1].due_on == DUE
    assert_well(county.office, early)
