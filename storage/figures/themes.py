"""Themes across teams: how many complaints each was received in, how many of those closed found fault, and the year before.

The unit is stage 1 of a complaint, as in the team table. One complaint may have several themes, so the themes don't add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, TextClause, bindparam, text

from storage.figures.values import Share
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation

# What is printed under every table of themes.
DEFINITIONS = (
    ("Received", "stages whose clock started in the period and whose complaint has the theme"),
    ("A year earlier", "the same in the period a year before, as far as this one has come"),
    ("Closed", "stages whose response went out in the period and whose complaint has the theme"),
    ("Fault found", "fault or partial fault, as a share of those closed"),
    ("Fault, year on year", "the difference between the two shares as they are printed, in percentage points"),
    ("Wider actions", "commitments that hang on the theme and are open now"),
)


@dataclass(frozen=True, slots=True)
class ThemeCounts:
    """Counts of one period: stages received, closed, and of the closed those in which fault was found."""

    received: int = 0
    closed: int = 0
    fault: int = 0

    @property
    def found_fault(self) -> Share:
        return Share(self.fault, self.closed)

    @property
    def any(self) -> bool:
        return bool(self.received or self.closed)


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme in the period and in the same a year before. `wider` counts its open wider actions."""

    theme_id: int | None
    theme: str
    now: ThemeCounts
    before: ThemeCounts
    wider: int = 0
    retired: bool = False

    @property
    def more_received(self) -> int | None:
        """How many more than a year before; None when there was no case in either."""
        if not (self.now.received or self.before.received):
            return None
        return self.now.received - self.before.received

    @property
    def points(self) -> int | None:
        """Percentage points between the two shares of fault as they are printed; None when either has none."""
        now, before = self.now.found_fault.percent, self.before.found_fault.percent
        return None if now is None or before is None else now - before


@dataclass(frozen=True, slots=True)
class ThemeTable:
    """Theme by theme, the most frequent first; complaints without any; and all complaints, each counted once."""

    period: Period
    before: Period
    as_at: date
    procedure: str
    rows: tuple[ThemeRow, ...]
    without: ThemeRow
    total: ThemeRow


def theme_table(desk: Desk, period: Period, *, procedure: str = "statutory") -> ThemeTable:
    """Counts by theme for a period and the same a year before. Raises NotAllowed.

    Of a period that is not over the year before is cut to the same day, so that like meets like. A theme without any count is a
    row while it can be chosen.
    """
    desk.require(Operation.FIGURES)
    earlier = period.so_far(desk.today).year_earlier()
    now, before = _count(desk, period, procedure), _count(desk, earlier, procedure)
    wider: dict[int, int] = {row.theme_id: row.n for row in desk.session.execute(_WIDER)}
    rows = [
        ThemeRow(
            theme_id=row.id,
            theme=row.name,
            now=now.get(row.id, ThemeCounts()),
            before=before.get(row.id, ThemeCounts()),
            wider=wider.get(row.id, 0),
            retired=row.retired_on is not None and row.retired_on <= desk.today,
        )
        for row in desk.session.execute(_THEMES)
    ]
    shown = [row for row in rows if not row.retired or row.now.any or row.before.any or row.wider]
    shown.sort(key=lambda row: (-row.now.received, -row.now.closed, row.theme.casefold()))
    return ThemeTable(
        period=period,
        before=earlier,
        as_at=desk.today,
        procedure=desk.procedures[procedure].title,
        rows=tuple(shown),
        without=_extra("Without a theme", now, before, _WITHOUT),
        total=_extra("All complaints", now, before, _ALL),
    )


def _extra(name: str, now: Mapping[int, ThemeCounts], before: Mapping[int, ThemeCounts], key: int) -> ThemeRow:
    return ThemeRow(None, name, now.get(key, ThemeCounts()), before.get(key, ThemeCounts()))


# In the place of a theme's id.
_WITHOUT, _ALL = -1, -2

_THEMES = text("SELECT id, name, retired_on FROM theme ORDER BY id").columns(id=Integer, name=String, retired_on=Date)
_WIDER: TextClause = text(
    "SELECT theme_id, COUNT(*) AS n FROM commitment WHERE theme_id IS NOT NULL AND ended_on IS NULL GROUP BY theme_id"
)
# Each branch is led by the date it asks for, so that it reads what the period holds and not what history holds.
_QUERY: TextClause = text("""
WITH received AS (
  SELECT complaint_id FROM stage
   WHERE started_on BETWEEN :first AND :last AND procedure = :procedure AND number = 1
), closed AS (
  SELECT complaint_id, CASE WHEN finding IN ('fault', 'partial') THEN 1 ELSE 0 END AS fault FROM stage
   WHERE ended_on BETWEEN :first AND :last AND procedure = :procedure AND number = 1 AND band IS NOT NULL
)
SELECT 'received' AS part, t.theme_id AS theme_id, COUNT(*) AS n, 0 AS fault
  FROM received r JOIN complaint_theme t ON t.complaint_id = r.complaint_id GROUP BY t.theme_id
UNION ALL
SELECT 'received', -1, COUNT(*), 0
  FROM received r WHERE NOT EXISTS (SELECT 1 FROM complaint_theme t WHERE t.complaint_id = r.complaint_id)
UNION ALL
SELECT 'received', -2, COUNT(*), 0 FROM received
UNION ALL
SELECT 'closed', t.theme_id, COUNT(*), SUM(c.fault)
  FROM closed c JOIN complaint_theme t ON t.complaint_id = c.complaint_id GROUP BY t.theme_id
UNION ALL
SELECT 'closed', -1, COUNT(*), COALESCE(SUM(c.fault), 0)
  FROM closed c WHERE NOT EXISTS (SELECT 1 FROM complaint_theme t WHERE t.complaint_id = c.complaint_id)
UNION ALL
SELECT 'closed', -2, COUNT(*), COALESCE(SUM(fault), 0) FROM closed
""").bindparams(bindparam("first", type_=Date), bindparam("last", type_=Date), bindparam("procedure", type_=String))


def _count(desk: Desk, period: Period, procedure: str) -> dict[int, ThemeCounts]:
    asked: dict[str, Any] = {"first": period.first, "last": period.last, "procedure": procedure}
    found: dict[int, ThemeCounts] = {}
    for part, theme_id, n, fault in desk.session.execute(_QUERY, asked):
        before = found.get(theme_id, ThemeCounts())
        found[theme_id] = (
            ThemeCounts(n, before.closed, before.fault)
            if part == "received"
            else ThemeCounts(before.received, n, int(fault))
        )
    return found
