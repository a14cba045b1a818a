"""What people look at every day costs the same few queries however much there is, also under a council's own procedure."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from bot.listeners import home
from storage import register, views, views_requests
from storage.models import Complaint
from storage.office import Desk
from storage.procedures import Procedure
from storage.register import council, issues
from storage.register.escalation import StageRequest
from storage.register.issues import NewIssue
from storage.register.requests import Extension
from tests import county as people
from tests.county import County

pytestmark = pytest.mark.slow

WHY = "The reasons are in the letter of that day"
RECEIVED, LONG_AGO = date(2026, 11, 23), date(2026, 10, 1)


@pytest.fixture
def asked(county: County) -> list[str]:
    """Every statement that goes to the database from now on."""
    found: list[str] = []

    @event.listens_for(county.office.database.engine, "before_cursor_execute")
    def count(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: bool) -> None:
        found.append(statement)

    return found


@pytest.fixture(params=["shipped", "own"])
def version(request: pytest.FixtureRequest, county: County, now: datetime) -> str:
    """What new complaints begin under: the procedure that is shipped, or a version of the council's own."""
    if request.param == "own":
        with county.office.change(None, now) as desk:
            shipped = desk.procedures["statutory"].model_dump(mode="json")
            council.load_procedure(desk, Procedure.model_validate(shipped | {"version": "own"}))
    return str(request.param)


def add(county: County, now: datetime, count: int) -> None:
    """So many more complaints of each kind that Mabel Eastwood owns: running with an extension asked for, overdue, at stage 2."""
    for _ in range(count):
        running = county.record(now, received=RECEIVED).reference
        late = county.record(now, received=LONG_AGO).reference
        higher = county.record(now, received=LONG_AGO).reference
        with county.office.change(people.HANDLER, now) as desk:
            for reference in (running, late, higher):
                register.allocate(desk, reference, county.people[people.MANAGER])
            register.requests.ask_extension(desk, running, Extension(until=date(2026, 12, 21), reason=WHY))
            register.escalation.request_stage(desk, higher, StageRequest(requested_on=RECEIVED))
            register.escalation.open_stage(desk, higher)
            issues.add_issue(desk, higher, NewIssue(team_id=county.teams["East"], text="Calls went unanswered"))
        county.record(now, received=RECEIVED)


def test_home_and_lists_cost_the_same_for_sixty_complaints(
    county: County, now: datetime, asked: list[str], version: str
) -> None:
    looks: dict[str, tuple[str | None, Callable[[Desk], object]]] = {
        "an owner's Home": (people.MANAGER, home.facts),
        "a senior manager's Home": (people.SENIOR, home.facts),
        "a handler's Home": (people.HANDLER, home.facts),
        "/complaint mine": (people.MANAGER, lambda desk: views.owned(desk, desk.actor.person_id or 0)),
        "the overdue": (None, views.overdue),
        "what waits for a decision": (people.SENIOR, views_requests.waiting),
    }
    taken: dict[str, list[int]] = {name: [] for name in looks}
    for more in (1, 14):
        add(county, now, more)
        for name, (who, look) in looks.items():
            with county.office.look(who, now) as desk:
                asked.clear()
                look(desk)
                taken[name].append(len(asked))
    with county.office.look(people.SENIOR, now) as desk:
        assert {
            line.number: desk.rules_of(desk.session.get_one(Complaint, line.complaint_id)).version == "own"
            for line in views.owned(desk, county.people[people.MANAGER])
        } == dict.fromkeys((1, 2), version == "own")
        assert views.count_open(desk) == 60
        assert len(views_requests.waiting(desk)) == 15
    assert {name: counts for name, counts in taken.items() if counts[0] != counts[1]} == {}
    assert max(max(counts) for counts in taken.values()) <= 30
