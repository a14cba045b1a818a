"""*Not now…*: some working days, with a reason, never past the date, and in the history."""

from datetime import date, datetime

import pytest
from sqlmodel import col, select

from jobs import gather
from storage import register, views_history
from storage.errors import AlreadyDone, FieldProblems, Refusal, UnknownReference
from storage.models import Event, Snooze, Stage
from storage.office import Desk
from storage.register import snoozing
from storage.register.commitments import NewCommitment
from storage.vocabulary import EventKind
from tests import county as people
from tests.county import County
from tests.storage.witness import at, refused

# Due on 4 December, with ten working days.
RECEIVED = date(2026, 11, 20)
WHY = "The family asked to meet first"


@pytest.fixture
def subject(county: County, now: datetime) -> str:
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        file = register.claim(desk, found)
        return f"stage:{file.stage.id}"


def put_off(
    county: County, subject: str, now: datetime, days: int, *, by: str = people.MANAGER, why: str = WHY
) -> date:
    with county.office.change(by, now) as desk:
        return snoozing.snooze(desk, subject, days, why)


def test_it_is_quiet_until_the_day_and_no_date_moves(county: County, subject: str, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        before = desk.session.exec(select(col(Stage.due_on))).one()
    assert put_off(county, subject, now, 3) == date(2026, 11, 26)
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(col(Stage.due_on))).one() == before
        assert _snoozed(desk) == {(subject, county.people[people.MANAGER])}
    with county.office.look(None, at("2026-11-26 09:00")) as desk:
        assert _snoozed(desk) == frozenset()


def _snoozed(desk: Desk) -> frozenset[tuple[str, int]]:
    found = gather.facts(desk)
    assert found is not None
    return found.snoozed


def test_it_is_in_the_history_with_its_reason(county: County, subject: str, now: datetime) -> None:
    put_off(county, subject, now, 2)
    with county.office.look(people.HANDLER, now) as desk:
        last = views_history.history(desk, "CS-2026-0001").entries[-1]
    assert (last.kind, last.texts["text"], last.data["until"]) == (EventKind.SNOOZED, WHY, "2026-11-25")


def test_it_never_reaches_past_the_due_date(county: County, subject: str) -> None:
    wednesday = at("2026-12-02 10:00")
    with pytest.raises(FieldProblems) as problem:
        put_off(county, subject, wednesday, 3)
    assert problem.value.problems == {"days": "Choose up to 2 working days: it is due on 4 December 2026."}
    assert put_off(county, subject, wednesday, 2) == date(2026, 12, 4)


@pytest.mark.parametrize("moment", ["2026-12-04 10:00", "2026-12-08 10:00"])
def test_what_is_due_today_or_overdue_cannot_be_put_off(county: County, subject: str, moment: str) -> None:
    with pytest.raises(Refusal, match="can't be put off"):
        put_off(county, subject, at(moment), 1)


@pytest.mark.parametrize("why", ["", "Ring 07700 900123 first"])
def test_a_reason_is_needed_that_names_nobody(county: County, subject: str, now: datetime, why: str) -> None:
    with pytest.raises(FieldProblems) as problem:
        put_off(county, subject, now, 1, why=why)
    assert set(problem.value.problems) == {"reason"}


@pytest.mark.parametrize("guessed", ["stage:99", "stage:x", "action:1", "remedy:1", "commitment:1", "person:1", ""])
def test_guessing_tells_nothing(county: County, subject: str, now: datetime, guessed: str) -> None:
    with pytest.raises(UnknownReference, match="no such thing that waits for you"):
        put_off(county, guessed, now, 1)
    with pytest.raises(UnknownReference, match="no such thing that waits for you"):
        put_off(county, subject, now, 1, by=people.OTHER_TEAMS_MANAGER)


def test_putting_off_twice_to_the_same_day_is_one(county: County, subject: str, now: datetime) -> None:
    put_off(county, subject, now, 2)
    with refused(county.office, AlreadyDone, match="put this off until 25 November 2026 already"):
        put_off(county, subject, now, 2)
    with county.office.look(None, now) as desk:
        assert len(desk.session.exec(select(Snooze)).all()) == 1
        assert len(desk.session.exec(select(Event).where(Event.kind == EventKind.SNOOZED)).all()) == 1


def test_a_commitment_that_was_withdrawn_cannot_be_put_off(county: County, now: datetime) -> None:
    new = NewCommitment(body="An update on recording", origin="Scrutiny committee", due_on=date(2026, 12, 14))
    with county.office.change(people.MANAGER, now) as desk:
        made = register.commitments.make(desk, new).id or 0
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.commitments.withdraw(desk, made, "The committee asked for something else")
    with refused(county.office, UnknownReference, match="no such thing that waits for you"):
        put_off(county, f"commitment:{made}", now, 1)
