"""Open cases by team, as the council's case system counted them on the day of a snapshot (FIGURES.md: caseload)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, Integer, bindparam, text

from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation

# The day leads in the key, so that both look-ups read one day and not all snapshots.
_QUERY = text("""
SELECT taken_on, team_id, cases FROM caseload
 WHERE taken_on = (SELECT MAX(taken_on) FROM caseload WHERE taken_on BETWEEN :first AND :last)
 ORDER BY team_id
""").bindparams(bindparam("first", type_=Date), bindparam("last", type_=Date))
_ROWS = _QUERY.columns(taken_on=Date, team_id=Integer, cases=Integer)
_SNAPSHOTS = text("""
SELECT taken_on, COUNT(*) AS teams, SUM(cases) AS total FROM caseload GROUP BY taken_on ORDER BY taken_on DESC
""").columns(taken_on=Date, teams=Integer, total=Integer)


@dataclass(frozen=True, slots=True)
class Caseload:
    """Open cases by team on the day of the latest snapshot dated inside a period; `as_at` is None when there is none.

    `cases` is by team id, and has only the teams that the snapshot has. A service area has what was counted for itself, if
    anything was, and not what the teams below it have.
    """

    as_at: date | None
    cases: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot: its day, how many teams it has, and their open cases together."""

    taken_on: date
    teams: int
    total: int


def caseload(desk: Desk, period: Period) -> Caseload:
    """The latest caseload inside a period, both of its ends included. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    rows = desk.session.execute(_ROWS, {"first": period.first, "last": period.last}).all()
    return Caseload(
        as_at=rows[0].taken_on if rows else None,
        cases={row.team_id: row.cases for row in rows},
    )


def snapshots(desk: Desk) -> list[Snapshot]:
    """Every snapshot there is, the latest first. Raises NotAllowed."""
    desk.require(Operation.FIGURES)
    return [Snapshot(row.taken_on, row.teams, row.total) for row in desk.session.execute(_SNAPSHOTS)]
