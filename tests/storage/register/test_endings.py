"""Ends without a response, and opening again (DOMAIN.md, 4)."""

from datetime import date, datetime

import pytest
from sqlmodel import select

from storage import checking, figures, register
from storage.errors import AlreadyDone, FieldProblems, NotAllowed
from storage.models import Complaint, Stage
from storage.periods import Period
from storage.register import Response
from storage.register.endings import Ending
from storage.vocabulary import Band, Finding
from tests import county as people
from tests.county import County
from tests.storage.witness import at, refused

RECEIVED = date(2026, 11, 2)
TODAY = date(2026, 11, 23)
REASON = "It concerns a court report, which the procedure does not cover"
NOVEMBER = Period.of(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
    return found


def end(
    county: County, reference: str, now: datetime, outcome: str, reason: str = "", *, by: str = people.HANDLER
) -> Stage:
    with county.office.change(by, now) as desk:
        ending = Ending(ended_on=TODAY, outcome=outcome, reason=reason)
        return register.endings.end_without_response(desk, reference, ending).stage


def reopen(county: County, reference: str, now: datetime, by: str = people.HANDLER) -> None:
    with county.office.change(by, now) as desk:
        register.endings.reopen(desk, reference, "New letters were found")


def clean(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("withdrawn", ""), ("informal", ""), ("refused_late", REASON), ("refused_scope", REASON)],
)
def test_what_did_not_go_on_has_no_days_and_counts_as_not_proceeded(
    county: County, reference: str, now: datetime, outcome: str, reason: str
) -> None:
    stage = end(county, reference, now, outcome, reason)
    assert (stage.finding, stage.band, stage.days_taken, stage.is_open) == (Finding.NOT_PROCEEDED, None, None, False)
    with county.office.look(people.HANDLER, now) as desk:
        total = figures.team_table(desk, NOVEMBER).total
    assert (total.received, total.closed, total.not_proceeded) == (1, 0, 1)
    clean(county, now)


@pytest.mark.parametrize("outcome", ["refused_late", "refused_scope"])
def test_a_refusal_is_a_reasoned_decision_of_the_complaints_team(
    county: County, reference: str, now: datetime, outcome: str
) -> None:
    """DOMAIN 4: late and out-of-scope complaints are refused by a recorded human decision, never by rule."""
    with refused(county.office, FieldProblems, match="Say the reasons"):
        end(county, reference, now, outcome)
    with refused(county.office, NotAllowed):
        end(county, reference, now, outcome, REASON, by=people.MANAGER)


def test_the_owner_records_that_it_was_withdrawn(county: County, reference: str, now: datetime) -> None:
    assert end(county, reference, now, "withdrawn", by=people.MANAGER).outcome == "withdrawn"


@pytest.mark.parametrize("outcome", ["fault", "overtaken", "stage_refused", "skipped", "nonsense"])
def test_only_the_ways_offered_end_a_stage_without_a_response(
    county: County, reference: str, now: datetime, outcome: str
) -> None:
    with refused(county.office, FieldProblems):
        end(county, reference, now, outcome, REASON)


def test_reopening_keeps_the_clock_and_what_was_published(county: County, reference: str, now: datetime) -> None:
    """DOMAIN 4: reopening never restarts a clock; closed figures never move."""
    with county.office.change(people.MANAGER, now) as desk:
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 13), outcome="no_fault"))
    with county.office.look(people.HANDLER, now) as desk:
        before = figures.team_table(desk, NOVEMBER).total
    later = at("2026-12-10 10:00")
    reopen(county, reference, later)
    with county.office.look(people.HANDLER, later) as desk:
        stage = desk.session.exec(select(Stage)).one()
        total = figures.team_table(desk, NOVEMBER).total
        assert desk.session.exec(select(Complaint)).one().closed_on is None
    assert (stage.is_open, stage.due_on, stage.days_taken, stage.band) == (
        True,
        date(2026, 11, 16),
        9,
        Band.WITHIN_LIMIT,
    )
    assert (total.closed, total.within_limit, total.days) == (before.closed, before.within_limit, before.days)
    assert (total.open, total.overdue) == (1, 1)
    with county.office.change(people.MANAGER, later) as desk:
        register.respond(desk, reference, Response(responded_on=date(2026, 12, 10), outcome="resolved"))
    with county.office.look(people.HANDLER, later) as desk:
        stage = desk.session.exec(select(Stage)).one()
    assert (stage.is_open, stage.ended_on, stage.days_taken) == (False, date(2026, 11, 13), 9)
    assert (stage.outcome, stage.finding) == ("no_fault", Finding.NO_FAULT)
    clean(county, later)


def test_what_was_never_answered_counts_when_it_is_after_being_opened_again(
    county: County, reference: str, now: datetime
) -> None:
    end(county, reference, now, "withdrawn")
    reopen(county, reference, now)
    clean(county, now)
    later = at("2026-11-24 10:00")
    with county.office.change(people.MANAGER, later) as desk:
        stage = register.respond(desk, reference, Response(responded_on=date(2026, 11, 24), outcome="no_fault")).stage
    assert (stage.days_taken, stage.band) == (16, Band.WITHIN_MAXIMUM)
    clean(county, later)


def test_what_is_open_cannot_be_opened_and_only_the_complaints_team_opens_again(
    county: County, reference: str, now: datetime
) -> None:
    with refused(county.office, AlreadyDone, match="open already"):
        reopen(county, reference, now)
    end(county, reference, now, "withdrawn")
    with refused(county.office, NotAllowed):
        reopen(county, reference, now, by=people.MANAGER)
    with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
        register.endings.reopen(desk, reference, " ")
