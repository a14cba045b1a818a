"""Team by team: how stages kept their time, what is open, what waits. One definition a figure (FIGURES.md).

The unit is one stage of one complaint, carried by its lead team. The period's days are whole days in Europe/London.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, TextClause, bindparam, text

from storage.figures.caseload import Caseload, caseload
from storage.figures.counts import Counts
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation
from storage.teams import TeamTree


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team's counts; `hidden` is how many teams a row stands for that says "and 12 more"."""

    team_id: int
    team: str
    counts: Counts
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class TeamTable:
    """Team by team and in total, for one procedure and stage. The rows add up to the total."""

    period: Period
    as_at: date
    procedure: str
    statutory: bool
    number: int
    scope: str | None
    limit_days: int | None
    maximum_days: int | None
    due_soon_days: int
    late_recording_days: int
    green_percent: int
    amber_percent: int
    rows: tuple[TeamRow, ...]
    total: Counts
    outcome_labels: dict[str, str]
    caseload_as_at: date | None = None


def team_table(
    desk: Desk, period: Period, *, team_id: int | None = None, procedure: str = "statutory", number: int = 1
) -> TeamTable:
    """Counts by team for a period, for one team and all below it when `team_id` is given.

    A team without any count is a row while it is open, and left out once it has closed. Raises NotAllowed.
    """
    desk.require(Operation.FIGURES)
    rules = desk.procedures[procedure]
    counted = _count(desk, period, procedure, number)
    cases = caseload(desk, period) if number == 1 else Caseload(None, {})
    for of, count in cases.cases.items():
        counts = counted.setdefault(of, Counts())
        counts.caseload, counts.received_of_caseload = count, counts.received
    wanted = desk.teams.subtree(team_id) if team_id is not None else None
    rows = tuple(_rows(desk.teams, counted, wanted, desk.today))
    total = Counts()
    for row in rows:
        total += row.counts
    return TeamTable(
        period=period,
        as_at=desk.today,
        procedure=rules.title,
        statutory=rules.statutory,
        number=number,
        scope=desk.teams[team_id].name if team_id is not None else None,
        limit_days=rules.stage(number).limit.working_days,
        maximum_days=maximum.working_days if (maximum := rules.stage(number).maximum) else None,
        due_soon_days=desk.policy.due_soon_days,
        late_recording_days=desk.policy.late_recording_days,
        green_percent=desk.policy.green_percent,
        amber_percent=desk.policy.amber_percent,
        rows=rows,
        total=total,
        outcome_labels={outcome.key: outcome.label for outcome in rules.outcomes},
        caseload_as_at=cases.as_at,
    )


def _rows(teams: TeamTree, counted: dict[int, Counts], wanted: Iterable[int] | None, today: date) -> Iterable[TeamRow]:
    chosen = None if wanted is None else set(wanted)
    for team in teams:
        if chosen is not None and team.id not in chosen:
            continue
        counts = counted.get(team.id)
        # A service area that takes no complaints of its own would be a row of noughts above its teams.
        if counts is None and (teams.is_area(team.id) or not team.is_open(today)):
            continue
        yield TeamRow(team.id, team.name, counts or Counts())


# Each branch is led by the date it asks for, so that it reads what the period holds and not what history holds.
_QUERY: TextClause = text("""
SELECT 'received' AS part, lead_team_id, recorded_after, NULL AS outcome, COUNT(*) AS n,
       COUNT(allocated_after) AS a, COALESCE(SUM(allocated_after), 0) AS b,
       SUM(CASE WHEN EXISTS (SELECT 1 FROM stage AS later WHERE later.complaint_id = stage.complaint_id
                              AND later.number = stage.number + 1) THEN 1 ELSE 0 END) AS c,
       0 AS d, 0 AS e, 0 AS f, 0 AS g
  FROM stage
 WHERE started_on BETWEEN :first AND :last AND procedure = :procedure AND number = :number
 GROUP BY lead_team_id, recorded_after
UNION ALL
SELECT 'next', lead_team_id, NULL, NULL, COUNT(*), 0, 0, 0, 0, 0, 0, 0
  FROM stage
 WHERE started_on BETWEEN :first AND :last AND procedure = :procedure AND number = :next
 GROUP BY lead_team_id
UNION ALL
SELECT 'ended', lead_team_id, NULL, outcome, COUNT(band),
       SUM(CASE band WHEN 'within_limit' THEN 1 ELSE 0 END), SUM(CASE band WHEN 'agreed_extension' THEN 1 ELSE 0 END),
       SUM(CASE band WHEN 'within_maximum' THEN 1 ELSE 0 END), SUM(CASE band WHEN 'over_maximum' THEN 1 ELSE 0 END),
       COALESCE(SUM(days_taken), 0), SUM(CASE WHEN band IS NULL THEN 1 ELSE 0 END), COALESCE(SUM(days_net), 0)
  FROM stage
 WHERE ended_on BETWEEN :first AND :last AND procedure = :procedure AND number = :number
 GROUP BY lead_team_id, outcome
UNION ALL
SELECT 'open', lead_team_id, NULL, NULL, COUNT(*),
       SUM(CASE WHEN due_on BETWEEN :today AND :soon THEN 1 ELSE 0 END), SUM(CASE WHEN due_on < :today THEN 1 ELSE 0 END),
       SUM(CASE WHEN owner_id IS NULL THEN 1 ELSE 0 END), 0, 0, 0, 0
  FROM stage
 WHERE is_open AND procedure = :procedure AND number = :number
 GROUP BY lead_team_id
""").bindparams(
    *(bindparam(name, type_=Date) for name in ("first", "last", "today", "soon")),
    bindparam("procedure", type_=String),
    bindparam("number", type_=Integer),
    bindparam("next", type_=Integer),
)


def last_due_soon(desk: Desk) -> date:
    """The last day that counts as due soon. On a day off nothing but that day itself has no working days left."""
    days = desk.policy.due_soon_days
    return desk.calendar.add(desk.today, days) if days else desk.today


def _count(desk: Desk, period: Period, procedure: str, number: int) -> dict[int, Counts]:
    asked: dict[str, Any] = {
        "first": period.first,
        "last": period.last,
        "today": desk.today,
        "soon": last_due_soon(desk),
        "procedure": procedure,
        "number": number,
        "next": number + 1,
    }
    found: dict[int, Counts] = {}
    for part, team_id, recorded_after, outcome, n, a, b, c, d, e, f, g in desk.session.execute(_QUERY, asked):
        counts = found.setdefault(team_id, Counts())
        if part == "received":
            counts.received += n
            counts.allocated += a
            counts.days_to_allocate += b
            counts.went_on += c
            if recorded_after is not None:
                counts.recorded_after[recorded_after] += n
                counts.recorded_late += n if recorded_after > desk.policy.late_recording_days else 0
        elif part == "next":
            counts.next_received += n
        elif part == "ended":
            counts.closed += n
            counts.within_limit += a
            counts.agreed_extension += b
            counts.within_maximum += c
            counts.over_maximum += d
            counts.days += e
            counts.not_proceeded += f
            counts.days_net += g
            if n and outcome is not None:
                counts.outcomes[outcome] += n
        else:
            counts.open, counts.due_soon, counts.overdue, counts.unallocated = n, a, b, c
    return found
