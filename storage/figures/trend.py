"""One figure month by month. Each point is the team table's own number for that month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from storage.errors import Refusal
from storage.figures.definitions import FIGURES, NOW_ONLY, Figure
from storage.figures.team_table import team_table
from storage.figures.values import Value
from storage.office import Desk
from storage.periods import Period

MOST_MONTHS = 20  # as many points as Slack draws in a chart
OVER_TIME: tuple[Figure, ...] = tuple(figure for figure in FIGURES if figure.key not in NOW_ONLY)


@dataclass(frozen=True, slots=True)
class Point:
    """The figure of one whole month, or of what the period has of it."""

    period: Period
    value: Value


@dataclass(frozen=True, slots=True)
class Trend:
    """A figure over the months of a period, for one team and all below it, or for all."""

    figure: Figure
    scope: str | None
    procedure: str
    number: int
    period: Period
    points: tuple[Point, ...]


def trend(
    desk: Desk,
    period: Period,
    figure: Figure,
    *,
    team_id: int | None = None,
    procedure: str = "statutory",
    number: int = 1,
) -> Trend:
    """The figure month by month, as far as today. Raises Refusal for more than MOST_MONTHS, or a figure of now; NotAllowed."""
    if figure.key in NOW_ONLY:
        raise Refusal(f"“{figure.title}” says how things stand now, so there is no past of it. Choose another figure.")
    months = list(_months(period, desk.today))
    if len(months) > MOST_MONTHS:
        raise Refusal(f"That is {len(months)} months, and a chart has room for {MOST_MONTHS}. Choose a shorter period.")
    tables = [team_table(desk, month, team_id=team_id, procedure=procedure, number=number) for month in months]
    return Trend(
        figure=figure,
        scope=desk.teams[team_id].name if team_id is not None else None,
        procedure=desk.procedures[procedure].title,
        number=number,
        period=period,
        points=tuple(Point(month, figure.value(table.total)) for month, table in zip(months, tables, strict=True)),
    )


def _months(period: Period, today: date) -> Iterator[Period]:
    first = period.first
    while first <= min(period.last, max(today, period.first)):
        following = first.replace(day=1) + relativedelta(months=1)
        yield Period.of(first, min(following - relativedelta(days=1), period.last))
        first = following
