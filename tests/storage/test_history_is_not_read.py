"""What is looked at every day and at every tick reads what is open, however long the history behind it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.listeners import home
from bot.listeners.show import drawn
from jobs import cards, gather
from storage import views, views_learning, views_missing, views_ownership, views_requests
from storage.office import Desk
from storage.periods import Period
from tests import county as people
from tests.conftest import MONDAY
from tests.county import County

pytestmark = pytest.mark.slow

LOOKS: dict[str, tuple[str | None, Callable[[Desk], object]]] = {
    "a tick": (None, gather.facts),
    "an owner's Home": (people.MANAGER, home.facts),
    "a senior manager's Home": (people.SENIOR, home.facts),
    "a handler's Home": (people.HANDLER, home.facts),
    "/complaint mine": (people.MANAGER, lambda desk: views.owned(desk, desk.actor.person_id or 0)),
    "the unallocated": (people.HANDLER, views.unallocated),
    "the overdue": (None, views.overdue),
    "how many are open": (None, views.count_open),
    "what somebody holds": (None, lambda desk: views_ownership.held(desk, [desk.session.info.get("who", 6)])),
    "what waits for a decision": (people.SENIOR, views_requests.waiting),
    "what waits to be verified": (people.HANDLER, views_learning.to_verify),
    "what is missing in a month": (
        people.HANDLER,
        lambda desk: views_missing.missing(desk, Period.of(date(2026, 10, 1), date(2026, 10, 31))),
    ),
    "what became overdue": (None, lambda desk: cards.became_overdue(desk, desk.today - timedelta(days=7))),
    "one complaint": (people.HANDLER, lambda desk: drawn(desk, "PAST-2000-50001")),
}
# Tables that grow with every complaint.
GROWING = ("complaint", "stage", "event", "free_text", "request", "outbox", "nudge_record")


@pytest.mark.parametrize("look", LOOKS)
def test_no_table_that_grows_is_walked_through(long_history: County, look: str) -> None:
    who, act = LOOKS[look]
    database = long_history.office.database
    statements: list[tuple[str, Any]] = []

    def heard(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        with long_history.office.look(who, MONDAY) as desk:
            act(desk)
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)
    assert statements
    for statement, parameters in statements:
        for step in plan(long_history, statement, parameters):
            # SQLite says SCAN for a walk through an index too, but then which; those that are walked hold what is open.
            walks = [f"SCAN {table}" for table in GROWING]
            walks += [f"SCAN {table} USING COVERING INDEX sqlite_autoindex" for table in GROWING]
            assert step not in walks, (step, statement)
            assert not any(f"Seq Scan on {table} " in f"{step} " for table in ("complaint", "stage")), (step, statement)


def plan(county: County, statement: str, parameters: Any) -> list[str]:
    database = county.office.database
    with database.engine.connect() as connection:
        if database.is_sqlite:
            return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        # Among so few PostgreSQL may find a walk cheaper than an index, but not where there is no index to be had.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
