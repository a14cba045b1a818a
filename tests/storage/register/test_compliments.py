from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import select

from storage import figures, register
from storage.errors import FieldProblems, NotAllowed
from storage.models import Compliment
from storage.periods import Period
from storage.register.compliments import NewCompliment
from tests import county as people
from tests.county import County
from tests.storage.witness import contents, refused


def record(county: County, now: datetime, by: str = people.HANDLER, **fields: Any) -> Compliment:
    given = {"received_on": date(2026, 11, 20), "team_id": county.teams["East"], **fields}
    with county.office.change(by, now) as desk:
        return register.compliments.record(desk, NewCompliment(**given))


def test_praise_is_kept_with_its_team_and_day(county: County, now: datetime) -> None:
    record(county, now, customer_group="Foster carer", summary="  The worker listened and rang back every time. ")
    with county.office.look(None, now) as desk:
        kept = desk.session.exec(select(Compliment)).one()
    assert (kept.received_on, kept.team_id) == (date(2026, 11, 20), county.teams["East"])
    assert (kept.recorded_at, kept.recorded_by_id) == (now, county.people[people.HANDLER])
    assert (kept.customer_group, kept.body) == ("Foster carer", "The worker listened and rang back every time.")


def test_praise_has_no_clock_no_reference_and_counts_as_no_complaint(county: County, now: datetime) -> None:
    before = contents(county.office)
    record(county, now)
    after = contents(county.office)
    assert {table for table in after if after[table] != before[table]} == {"compliment"}
    with county.office.look(None, now) as desk:
        day = date(2026, 11, 20)
        assert figures.team_table(desk, Period.of(day, day)).total == figures.Counts()


def test_every_wrong_field_is_named_at_once(county: County, now: datetime) -> None:
    with refused(county.office, FieldProblems) as caught:
        record(county, now, received_on=date(2026, 11, 24), team_id=9_001, summary="Ring 07700 900123 to thank her.")
    assert isinstance(caught.value, FieldProblems)
    assert list(caught.value.problems) == ["received_on", "team_id", "summary"]
    assert "900123" not in str(caught.value)


def test_a_group_that_is_not_in_the_councils_list_is_refused(county: County, now: datetime) -> None:
    """Nothing else keeps a name out of this column."""
    with refused(county.office, FieldProblems) as caught:
        record(county, now, customer_group="Tabitha Thornbury of 12 Larch Road")
    assert caught.value.field == "customer_group"


def test_a_summary_that_is_too_long_is_refused(county: County, now: datetime) -> None:
    with refused(county.office, FieldProblems, match="1,001"):
        record(county, now, summary="x" * 1_001)


@pytest.mark.parametrize("who", [people.SENIOR, people.VIEWER, people.STRANGER])
def test_who_may_not_record_is_told_whom_to_ask(county: County, now: datetime, who: str) -> None:
    with refused(county.office, NotAllowed, match="Ask Cora Ledger"):
        record(county, now, by=who)
