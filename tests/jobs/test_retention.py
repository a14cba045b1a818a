"""Clearing by itself: only where the council has set it so, some a day."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from jobs import retention as job
from storage import policy
from storage.models import CouncilChange
from storage.office import Office
from storage.register import retention
from tests.county import County, load_county
from tests.storage.register.test_retention import BEFORE, DUE, THEN, record


@pytest.fixture
def county(office: Office) -> County:
    """The county, there since long before."""
    return load_county(office, THEN - timedelta(days=400))


def set_by_itself(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "retention_runs_by_itself", value=True)


def test_nothing_is_cleared_by_itself_unless_the_council_says_so(county: County) -> None:
    record(county)
    assert job.run(county.office, DUE) == 0
    set_by_itself(county, DUE)
    assert job.run(county.office, BEFORE) == 0
    assert job.run(county.office, DUE) == 1


def test_by_itself_it_clears_some_a_day_and_not_twice(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "A_DAY", 2)
    for _ in range(3):
        record(county)
    set_by_itself(county, DUE)
    hours = [job.run(county.office, DUE + timedelta(hours=hour)) for hour in range(0, 40, 3)]
    assert hours == [2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    with county.office.look(None, DUE) as desk:
        assert all(run.data["by_itself"] for run in desk.session.exec(select(CouncilChange)))


def test_a_run_by_command_leaves_the_days_own_run_alone(county: County) -> None:
    record(county)
    set_by_itself(county, DUE)
    retention.run(county.office, DUE)
    record(county)
    assert job.run(county.office, DUE + timedelta(hours=1)) == 1
