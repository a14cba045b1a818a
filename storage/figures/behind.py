"""The stages behind one number of the team table: exactly as many as it counted, for those who may see every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from sqlalchemy import Date, Integer, Select, String, bindparam, select, text
from sqlmodel import col

from storage import people
from storage.errors import NotAllowed
from storage.figures.counts import Counts
from storage.figures.team_table import last_due_soon
from storage.models import Complaint, Stage
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation, may
from storage.vocabulary import Band


@dataclass(frozen=True, slots=True)
class Stages:
    """Which stages a figure counts: the date it is led by, the condition in SQL, and the count in `Counts` that it makes.

    `then` is how many stages later than the table's own they are; `now` says that the period plays no part.
    """

    led_by: str
    where: str
    counted: str
    then: int = 0

    @property
    def now(self) -> bool:
        return self.led_by == "due_on"


def _started(counted: str, *also: str, then: int = 0) -> Stages:
    return Stages("started_on", " AND ".join(("stage.started_on BETWEEN :first AND :last", *also)), counted, then)


def _ended(counted: str, also: str) -> Stages:
    return Stages("ended_on", f"stage.ended_on BETWEEN :first AND :last AND {also}", counted)


def _open(counted: str, *also: str) -> Stages:
    return Stages("due_on", " AND ".join(("stage.is_open", *also)), counted)


_WENT_ON = """EXISTS (SELECT 1 FROM stage AS later
                       WHERE later.complaint_id = stage.complaint_id AND later.number = stage.number + 1)"""

# By the figure's key, with the conditions of the query that counts it; a property test holds the two together.
# `allocated` and `recorded` are no figures of their own: a mean and a median are made over them.
OPENABLE: dict[str, Stages] = {
    "received": _started("received"),
    "closed": _ended("closed", "stage.band IS NOT NULL"),
    "on_time": _ended("on_time", "stage.band IN ('within_limit', 'agreed_extension')"),
    "within_limit": _ended("within_limit", "stage.band = 'within_limit'"),
    "agreed_extension": _ended("agreed_extension", "stage.band = 'agreed_extension'"),
    "within_maximum": _ended("within_maximum", "stage.band = 'within_maximum'"),
    "over_maximum": _ended("over_maximum", "stage.band = 'over_maximum'"),
    "not_proceeded": _ended("not_proceeded", "stage.band IS NULL"),
    "allocated": _started("allocated", "stage.allocated_after IS NOT NULL"),
    "recorded": _started("recorded", "stage.recorded_after IS NOT NULL"),
    "recorded_late": _started("recorded_late", "stage.recorded_after > :late"),
    "escalated": _started("went_on", _WENT_ON),
    "escalation": _started("next_received", then=1),
    "open": _open("open"),
    "on_track": _open("on_track", "stage.due_on > :soon"),
    "due_soon": _open("due_soon", "stage.due_on BETWEEN :today AND :soon"),
    "overdue": _open("overdue", "stage.due_on < :today"),
    "unallocated": _open("unallocated", "stage.owner_id IS NULL"),
}
# What can't be opened itself, and what it is made over. A caseload is nobody's complaints: it and the rate open to nothing.
MADE_OVER = {
    "average_days": "closed",
    "average_net": "closed",
    "days_to_allocate": "allocated",
    "recording_delay": "recorded",
}


@dataclass(frozen=True, slots=True)
class Behind:
    """One number of the team table: the table's period, procedure and stage, a key of OPENABLE, and the teams of its row.

    The teams are one for a team's row, a team with all below it for the total of a table about it, None for all there are.
    The row *Unallocated* is the figure `unallocated` of the total.
    """

    period: Period
    procedure: str
    number: int
    figure: str
    team_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class BehindLine:
    """One stage behind a number. `days_left` counts working days to the due date while it is open, None afterwards.

    `team` and `owner` are the stage's own: those of its complaint now may be others.
    """

    reference: str
    stage_title: str
    team: str
    started_on: date
    due_on: date
    days_left: int | None
    ended_on: date | None
    days_taken: int | None
    band: Band | None
    owner: str | None


def opens(figure: str) -> str | None:
    """The key of OPENABLE that a figure of the table opens to; None for one that counts no complaints."""
    return figure if figure in OPENABLE else MADE_OVER.get(figure)


def number(counts: Counts, figure: str) -> int:
    """How many stages are behind a key of OPENABLE in a row with these counts."""
    found: int = getattr(counts, OPENABLE[figure].counted)
    return found


def behind(desk: Desk, asked: Behind, *, limit: int | None = None, offset: int = 0) -> list[BehindLine]:
    """The stages behind one number, by date and then reference; all of them, or `limit` from the one after `offset`.

    The date is the one that the figure is counted by: of the start, of the end, or the due date of what is open. `number` says
    how many there are in all. Raises NotAllowed unless the person may see every complaint behind it, KeyError for another figure.
    """
    desk.require(Operation.FIGURES)
    stages = OPENABLE[asked.figure]
    must_see_all(desk, asked)
    query = _select(desk, asked, _COLUMNS).order_by(getattr(Stage, stages.led_by), col(Complaint.reference))
    rows = desk.session.execute(query.limit(limit).offset(offset)).all()
    return _lines(desk, rows)


def must_see_any(desk: Desk) -> None:
    """Raises NotAllowed for somebody who may see figures and no complaint at all, saying whom to ask."""
    if not desk.may(Operation.SEE):
        _refuse(desk, "With your role you can see the numbers, but not the complaints behind them.")


def must_see_all(desk: Desk, asked: Behind) -> None:
    """Raises NotAllowed unless the person may see every complaint behind a number, saying whom to ask."""
    if desk.actor.sees_all:
        return
    # A complaint may have gone to another team since this stage, so its own lead team and owner are what counts.
    whose = _select(desk, asked, (col(Complaint.lead_team_id), col(Complaint.owner_id))).distinct()
    for team_id, owner_id in desk.session.execute(whose).all():
        if not may(desk.actor, Operation.SEE, team_line=desk.teams.line(team_id), owner_id=owner_id):
            must_see_any(desk)
            _refuse(
                desk,
                "You can see this number, but not the complaints behind it: at least one of them is neither yours nor with a "
                "team of yours.",
            )


def _refuse(desk: Desk, why: str) -> NoReturn:
    raise NotAllowed(f"{why} {people.whom_to_ask(desk.session, desk.today, desk.actor)}")


_COLUMNS = tuple(
    map(
        col,
        (
            Complaint.reference, Complaint.procedure, Complaint.procedure_version, Stage.number, Stage.lead_team_id,
            Stage.owner_id, Stage.started_on, Stage.due_on, Stage.is_open, Stage.ended_on, Stage.days_taken, Stage.band,
        ),
    )
)  # fmt: skip


def _select(desk: Desk, asked: Behind, columns: Sequence[Any]) -> Select[Any]:
    stages = OPENABLE[asked.figure]
    values: dict[str, tuple[Any, Any]] = {
        "first": (asked.period.first, Date),
        "last": (asked.period.last, Date),
        "today": (desk.today, Date),
        "soon": (last_due_soon(desk), Date),
        "late": (desk.policy.late_recording_days, Integer),
        "procedure": (asked.procedure, String),
        "number": (asked.number + stages.then, Integer),
    }
    where = f"{stages.where} AND stage.procedure = :procedure AND stage.number = :number"
    bound = [bindparam(name, value, kind) for name, (value, kind) in values.items() if f":{name}" in where]
    query = select(*columns).join_from(Stage, Complaint, col(Complaint.id) == col(Stage.complaint_id))
    query = query.where(text(where).bindparams(*bound))
    return query if asked.team_ids is None else query.where(col(Stage.lead_team_id).in_(sorted(asked.team_ids)))


def _lines(desk: Desk, rows: Sequence[Any]) -> list[BehindLine]:
    owners = people.everyone(desk.session, [row.owner_id for row in rows])
    found: list[BehindLine] = []
    for row in rows:
        rules = desk.rules(row.procedure, row.procedure_version)
        owner = owners.get(row.owner_id)
        found.append(
            BehindLine(
                reference=row.reference,
                stage_title=rules.stage(row.number).title,
                team=desk.teams[row.lead_team_id].name,
                started_on=row.started_on,
                due_on=row.due_on,
                days_left=desk.calendar_of(rules).days_left(desk.today, row.due_on) if row.is_open else None,
                ended_on=row.ended_on,
                days_taken=row.days_taken,
                band=row.band,
                owner=owner.name if owner else None,
            )
        )
    return found
