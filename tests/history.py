"""A long history, entered at once: what costs are held against. No rule is tested with it, only how much of it is read."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text

from storage.database import Database


@dataclass(frozen=True)
class Past:
    """So many complaints with one ended stage each, begun evenly over the days from `first` to `last`.

    `after` is the number of the first, so that one history can be added to another.
    """

    count: int
    first: date
    last: date
    teams: tuple[int, ...]
    owners: tuple[int, ...] = field(default=())
    after: int = 0
    is_open: bool = False


# Begun on days that jump about, as in life: an index in the order of the ids would flatter.
_DAYS = {
    "sqlite": "date(:first, '+' || ((i * 7919) % :days) || ' days', '+' || ({more}) || ' days')",
    "postgresql": "CAST(:first AS date) + CAST((i * 7919) % :days AS integer) + CAST({more} AS integer)",
}
_TAKEN = "5 + i % 21"
_NUMBERS = """
WITH RECURSIVE numbers(i) AS (
    SELECT CAST(:after + 1 AS bigint) UNION ALL SELECT i + 1 FROM numbers WHERE i < :after + :count
)
"""
# A reference as the register writes them: at least four digits.
_COMPLAINTS = """
INSERT INTO complaint (id, reference, procedure, procedure_version, received_on, recorded_at, lead_team_id, owner_id,
                       closed_on, changes, head, held)
{numbers}
SELECT i, 'PAST-2000-' || (i + 10000), 'statutory', '1', {started}, {recorded}, {team}, {owner}, {closed}, 1, '', {no}
  FROM numbers
"""
_STAGES = """
INSERT INTO stage (complaint_id, number, procedure, lead_team_id, owner_id, started_on, recorded_after, allocated_after,
                   acknowledged_on, counted_from, limit_days, maximum_days, original_due_on, due_on, next_due_on, is_open,
                   ended_on, days_taken, days_net, band, outcome)
{numbers}
SELECT i, 1, 'statutory', {team}, {owner}, {started}, i % 4, i % 3,
       {started}, {started}, 10, 20, {due}, {due}, {due}, {open}, {ended}, {taken}, {taken}, {band}, {outcome}
  FROM numbers
"""
_BAND = (
    f"CASE WHEN {_TAKEN} <= 14 THEN 'within_limit' WHEN {_TAKEN} <= 18 THEN 'agreed_extension' "
    f"WHEN {_TAKEN} <= 22 THEN 'within_maximum' ELSE 'over_maximum' END"
)
_OUTCOME = "CASE i % 3 WHEN 0 THEN 'no_fault' WHEN 1 THEN 'fault' ELSE 'resolved' END"


# What PostgreSQL has not written yet its housekeeping can't mark as seen by all, and then no index answers by itself.
_WRITTEN = "SET synchronous_commit TO on"


def fill(database: Database, past: Past) -> None:
    """Enters it; PostgreSQL counts its tables, as its housekeeping would have done by then. SQLite counts none by itself."""
    day = _DAYS["sqlite" if database.is_sqlite else "postgresql"]
    false, true = ("0", "1") if database.is_sqlite else ("FALSE", "TRUE")
    started, ended = day.format(more="0"), day.format(more=_TAKEN)
    words = {
        "numbers": _NUMBERS,
        "started": started,
        "recorded": f"{started} || ' 09:00:00'" if database.is_sqlite else f"({started}) + interval '9 hours'",
        "due": day.format(more="14"),
        "team": _chosen(past.teams),
        "owner": _chosen(past.owners) if past.owners else "NULL",
        "no": false,
        "open": true if past.is_open else false,
        "closed": "NULL" if past.is_open else ended,
        "ended": "NULL" if past.is_open else ended,
        "taken": "NULL" if past.is_open else _TAKEN,
        "band": "NULL" if past.is_open else _BAND,
        "outcome": "NULL" if past.is_open else _OUTCOME,
    }
    numbers = {"first": past.first.isoformat(), "days": (past.last - past.first).days + 1}
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(_WRITTEN)
        for statement in (_COMPLAINTS, _STAGES):
            asked = {**numbers, "after": past.after, "count": past.count}
            written = statement.format(**words)
            connection.execute(text(written), {name: asked[name] for name in asked if f":{name}" in written})
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT setval('complaint_id_seq', (SELECT max(id) FROM complaint))")
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(_WRITTEN)
            connection.exec_driver_sql("VACUUM ANALYZE complaint, stage")


def _chosen(ids: tuple[int, ...]) -> str:
    """One of several in turn."""
    return f"CASE i % {len(ids)} " + " ".join(f"WHEN {at} THEN {id_}" for at, id_ in enumerate(ids)) + " END"
