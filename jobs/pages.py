"""The weekly digest and the monthly page: figures of their readers' teams, taken from where `status` takes them."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from bot.blocks import monthly as blocks
from bot.blocks import nudge
from bot.blocks.message import Message
from jobs.around import Around
from storage import figures, views, views_missing
from storage.figures import TeamTable, actions
from storage.office import Desk
from storage.periods import Period, parse
from storage.views import StageLine


def digest(desk: Desk, around: Around, name: str, data: Mapping[str, Any]) -> Message:
    """The digest of the week, and the period, in which it was sent, also when it is drawn again later."""
    period = parse("", date.fromisoformat(data["day"]) if "day" in data else desk.today)
    tables = [_table(desk, around, period, team_id) for team_id in data["teams"]]
    return nudge.digest(name, tables, _overdue(desk, around, data["teams"]))


def monthly(desk: Desk, around: Around, name: str, data: Mapping[str, Any]) -> Message:
    """The page of the month before the one in which it was sent, also when it is drawn again later."""
    period = parse("last month", date.fromisoformat(data["day"]))
    parts = [
        around.once(("part", period, team_id), partial(_part, desk, around, period, team_id))
        for team_id in data["teams"]
    ]
    missing = (
        around.once(("missing", period), partial(views_missing.missing, desk, period)) if data["missing"] else None
    )
    return blocks.monthly(name, parts, _overdue(desk, around, data["teams"]), missing)


def _part(desk: Desk, around: Around, period: Period, team_id: int | None) -> blocks.Part:
    table, before = (_table(desk, around, one, team_id) for one in (period, period.year_earlier()))
    own = None if team_id is None else desk.teams.subtree(team_id)
    return blocks.Part(table, before, actions.action_table(desk, period, team_ids=own).total)


def _table(desk: Desk, around: Around, period: Period, team_id: int | None) -> TeamTable:
    return around.once(("table", period, team_id), partial(figures.team_table, desk, period, team_id=team_id))


def _overdue(desk: Desk, around: Around, team_ids: list[int | None]) -> list[StageLine]:
    found = around.once("overdue", partial(views.overdue, desk))
    if None in team_ids:
        return found
    wanted = {below for team_id in team_ids if team_id is not None for below in desk.teams.subtree(team_id)}
    return [line for line in found if line.team_id in wanted]
