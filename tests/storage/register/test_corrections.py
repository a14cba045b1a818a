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
from storage.vocabulary import Band, EventKind, Finding
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.witness import refused

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
) -> Stage:
    with county.office.change(by, now) as desk:
        return register.corrections.correct(desk, reference, Correction(field=field, new=new, reason=reason)).stage


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
        ("outcome", "withdrawn", "new"),
        ("lead_team", "4711", "new"),
        ("owner", "1", "field"),
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
