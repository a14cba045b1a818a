"""The next stage: a dated request that ends in opened or in a reasoned refusal, and in nothing else (DOMAIN.md, 4)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import checking, register, views_complaint
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal
from storage.models import Complaint, Event, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.register import NewComplaint, Response, ledger
from storage.register.endings import Ending
from storage.register.escalation import StageRequest
from storage.vocabulary import Band, EventKind, Finding
from tests import county as people
from tests.county import County
from tests.storage.witness import at, refused

RECEIVED = date(2026, 11, 2)
ANSWERED = date(2026, 11, 13)
ASKED = date(2026, 11, 20)
REASON = "The points were answered in full and the way to the Ombudsman was explained"


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East, owned by Mabel Eastwood and answered on 13 November."""
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
        register.respond(desk, found, Response(responded_on=ANSWERED, outcome="no_fault"))
    return found


def ask(county: County, reference: str, now: datetime, by: str = people.HANDLER, **asked: object) -> None:
    request = StageRequest.model_validate({"requested_on": ASKED, **asked})
    with county.office.change(by, now) as desk:
        register.escalation.request_stage(desk, reference, request)


def stages(county: County, now: datetime) -> list[Stage]:
    with county.office.look(people.HANDLER, now) as desk:
        return list(desk.session.exec(select(Stage).order_by(Stage.number)).all())  # type: ignore[arg-type]  # reason: a column at class level


def clean(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()


def test_a_request_starts_the_clock_of_stage_2_and_the_owner_stays(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 4: statutory 2, 25 working days, by default from the request."""
    ask(county, reference, now, contact_method="Telephone")
    first, second = stages(county, now)
    assert (first.is_open, first.band) == (False, Band.WITHIN_LIMIT)
    assert (second.started_on, second.limit_days, second.maximum_days) == (ASKED, 25, 65)
    assert (second.due_on, second.opened_on, second.is_open) == (date(2026, 12, 29), None, True)
    assert second.owner_id == county.people[people.MANAGER]
    with county.office.look(people.HANDLER, now) as desk:
        assert views_complaint.complaint(desk, reference).line.number == 2
        assert desk.session.exec(select(Complaint)).one().closed_on is None
    clean(county, now)


def test_a_request_cannot_be_closed_silently(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: asked for stage 2 is a dated event; it ends in opened or in a reasoned refusal."""
    ask(county, reference, now)
    attempts: list[Callable[[Desk], object]] = [
        lambda desk: register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault")),
        lambda desk: register.endings.end_without_response(
            desk, reference, Ending(ended_on=now.date(), outcome="withdrawn", reason=REASON)
        ),
    ]
    for attempt in attempts:
        with (
            refused(county.office, Refusal, match="Open it first, or refuse it with"),
            county.office.change(people.HANDLER, now) as desk,
        ):
            attempt(desk)


def test_a_stage_that_was_opened_goes_on_to_its_response(county: County, reference: str, now: datetime) -> None:
    ask(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        file = register.escalation.open_stage(desk, reference)
        assert file.stage.opened_on == now.date()
    with refused(county.office, AlreadyDone), county.office.change(people.HANDLER, now) as desk:
        register.escalation.open_stage(desk, reference)
    clean(county, now)


def test_a_refusal_needs_written_reasons(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: escalation cannot be refused because "nothing could be added"; a refusal is reasoned."""
    ask(county, reference, now)
    with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
        register.escalation.refuse_stage(desk, reference, "  ")
    with county.office.change(people.HANDLER, now) as desk:
        file = register.escalation.refuse_stage(desk, reference, REASON)
        assert (file.stage.finding, file.stage.is_open) == (Finding.NOT_PROCEEDED, False)
    clean(county, now)


@pytest.mark.parametrize("who", [people.MANAGER, people.SENIOR])
def test_only_the_complaints_team_opens_or_refuses(county: County, reference: str, now: datetime, who: str) -> None:
    ask(county, reference, now)
    attempts: list[Callable[[Desk], object]] = [
        lambda desk: register.escalation.open_stage(desk, reference),
        lambda desk: register.escalation.refuse_stage(desk, reference, REASON),
    ]
    for attempt in attempts:
        with refused(county.office, NotAllowed), county.office.change(who, now) as desk:
            attempt(desk)


def test_a_manager_who_hears_of_it_records_the_request(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: from any channel; no form may be demanded."""
    ask(county, reference, now, by=people.MANAGER)
    assert len(stages(county, now)) == 2


def test_when_stage_1_has_run_out_of_time_the_complainant_may_go_on_and_it_counts_as_late(
    county: County, now: datetime
) -> None:
    """DOMAIN 4: if stage 1 runs out of time the complainant may go to stage 2."""
    reference = county.record(now, received=RECEIVED).reference
    ask(county, reference, now)
    first, second = stages(county, now)
    assert (first.outcome, first.finding, first.band) == ("overtaken", Finding.NO_FINDING, Band.WITHIN_MAXIMUM)
    assert (first.ended_on, first.days_taken) == (ASKED, 14)
    assert second.is_open
    clean(county, now)


def test_a_stage_that_still_has_time_is_left_out_only_with_a_reason(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 18)).reference
    with pytest.raises(FieldProblems) as problems:
        ask(county, reference, now)
    assert "still has time" in problems.value.problems["reason"]
    ask(county, reference, now, reason="Both sides agreed to go to an investigation at once")
    first, _second = stages(county, now)
    assert (first.outcome, first.band) == ("skipped", None)
    clean(county, now)


@pytest.mark.parametrize("day", [ANSWERED - timedelta(days=1), date(2026, 11, 24)])
def test_a_request_lies_after_the_stage_before_and_not_in_the_future(
    county: County, reference: str, now: datetime, day: date
) -> None:
    with pytest.raises(FieldProblems) as problems:
        ask(county, reference, now, requested_on=day)
    assert set(problems.value.problems) == {"requested_on"}


def test_a_second_request_while_one_waits_says_so(county: County, reference: str, now: datetime) -> None:
    ask(county, reference, now)
    with pytest.raises(AlreadyDone, match="asked for on 20 November 2026 already"):
        ask(county, reference, now)


def test_after_the_last_stage_there_is_the_ombudsman(county: County, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"], procedure="adults")
        reference = register.record(desk, new).reference
        register.respond(desk, reference, Response(responded_on=ANSWERED, outcome="no_fault"))
    with pytest.raises(Refusal, match="Ombudsman"):
        ask(county, reference, now)


def answer_stage_2(county: County, reference: str, now: datetime) -> None:
    """Stage 2 is asked for on 20 November, opened, and answered today."""
    ask(county, reference, now)
    with county.office.change(people.HANDLER, now) as desk:
        register.escalation.open_stage(desk, reference)
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))


def test_stage_3_is_asked_for_after_stage_2_and_its_panel_is_due_in_30_working_days(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 4: statutory 3, the panel meets within 30 working days of receipt of the request [law, reg 19(4)]."""
    answer_stage_2(county, reference, now)
    later = at("2026-12-01 10:00")
    ask(county, reference, later, requested_on=date(2026, 12, 1))
    third = stages(county, later)[-1]
    assert (third.number, third.next_step, third.next_due_on) == (3, "panel_met", date(2027, 1, 15))
    clean(county, later)


def test_a_request_for_stage_3_after_its_window_is_recorded_and_the_window_is_known(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 4: statutory 3, request window of 20 working days from the stage 2 response [open]: it warns, it refuses nothing."""
    answer_stage_2(county, reference, now)
    with county.office.look(people.HANDLER, now) as desk:
        file = ledger.look(desk, reference, Operation.SEE)
        assert register.escalation.window_ends(desk, file) == date(2026, 12, 21)
    later = at("2027-02-01 10:00")
    ask(county, reference, later, requested_on=date(2027, 2, 1))
    assert stages(county, later)[-1].number == 3


# --- asked for again after it was refused ---------------------------------------------------------------------------

REFUSED = at("2026-11-24 10:00")
AGAIN = at("2026-12-01 10:00")


@pytest.fixture
def refused_stage_2(county: County, reference: str, now: datetime) -> str:
    """Stage 2 was asked for on 20 November and refused on the 24th."""
    ask(county, reference, now)
    refuse(county, reference, REFUSED)
    return reference


def refuse(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.escalation.refuse_stage(desk, reference, REASON)


def test_a_stage_that_was_refused_comes_back_as_asked_for_when_it_is_asked_for_again_and_no_clock_starts_anew(
    county: County, refused_stage_2: str
) -> None:
    """DOMAIN 4: reopening never restarts a clock; a request ends in opened or in a reasoned refusal, the second one too."""
    before = stages(county, REFUSED)[-1]
    assert (before.number, before.is_open, before.ended_on) == (2, False, REFUSED.date())
    ask(county, refused_stage_2, AGAIN, requested_on=date(2026, 11, 30))
    first, second = stages(county, AGAIN)
    assert (first.is_open, second.is_open, second.opened_on) == (False, True, None)
    assert (second.started_on, second.due_on) == (ASKED, before.due_on)
    assert (second.ended_on, second.outcome, second.finding) == (None, None, None)
    with county.office.look(people.HANDLER, AGAIN) as desk:
        assert register.escalation.is_waiting(ledger.look(desk, refused_stage_2, Operation.SEE))
        assert desk.session.exec(select(Complaint)).one().closed_on is None
    clean(county, AGAIN)


def test_a_request_that_was_made_again_is_opened_and_answered_by_the_clock_of_the_first(
    county: County, refused_stage_2: str
) -> None:
    ask(county, refused_stage_2, AGAIN, requested_on=AGAIN.date())
    with county.office.change(people.HANDLER, AGAIN) as desk:
        register.escalation.open_stage(desk, refused_stage_2)
        answered = Response(responded_on=AGAIN.date(), outcome="no_fault")
        stage = register.respond(desk, refused_stage_2, answered).stage
        assert (stage.number, stage.days_taken, stage.opened_on) == (2, 7, AGAIN.date())
    clean(county, AGAIN)


def test_a_request_that_was_made_again_can_be_refused_again_with_reasons_and_be_made_once_more(
    county: County, refused_stage_2: str
) -> None:
    ask(county, refused_stage_2, AGAIN, requested_on=AGAIN.date())
    with pytest.raises(AlreadyDone, match=r"already\. There is nothing to do until"):
        ask(county, refused_stage_2, AGAIN, requested_on=AGAIN.date())
    refuse(county, refused_stage_2, AGAIN)
    clean(county, AGAIN)
    ask(county, refused_stage_2, AGAIN, requested_on=AGAIN.date())
    assert [stage.number for stage in stages(county, AGAIN)] == [1, 2]
    clean(county, AGAIN)


def test_the_history_says_that_a_stage_was_asked_for_again(county: County, refused_stage_2: str) -> None:
    ask(county, refused_stage_2, AGAIN, requested_on=date(2026, 11, 30))
    with county.office.look(people.HANDLER, AGAIN) as desk:
        event = desk.session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
    assert (event.kind, event.stage, event.happened_on) == (EventKind.STAGE_REQUESTED, 2, date(2026, 11, 30))
    assert event.data == {"recorded_after": 1, "again": True}


def test_a_refused_stage_cannot_have_been_asked_for_again_before_it_was_refused(
    county: County, refused_stage_2: str
) -> None:
    with refused(county.office, FieldProblems, match="Choose 24 November 2026 or a later day"):
        ask(county, refused_stage_2, AGAIN, requested_on=date(2026, 11, 23))


def test_the_last_stage_comes_back_too_when_it_was_refused(county: County, reference: str, now: datetime) -> None:
    answer_stage_2(county, reference, now)
    ask(county, reference, REFUSED, requested_on=REFUSED.date())
    refuse(county, reference, REFUSED)
    with county.office.look(people.HANDLER, REFUSED) as desk:
        file = ledger.look(desk, reference, Operation.SEE)
        assert register.escalation.next_number(file.procedure, file.stage) == 3
        assert register.escalation.window_ends(desk, file) is None
    ask(county, reference, AGAIN, requested_on=AGAIN.date())
    third = stages(county, AGAIN)[-1]
    assert (third.number, third.is_open, third.started_on) == (3, True, REFUSED.date())
    clean(county, AGAIN)
