"""Clearing what is due without anyone asking: some complaints a day, and only where the council has set it so."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from storage.dates import london_day
from storage.models import CouncilChange
from storage.office import Desk, Office
from storage.register import retention
from storage.vocabulary import CouncilMatter

# So few that Slack takes the changed messages beside the day's own, and that a wrong setting is noticed in time.
A_DAY = 50


def run(office: Office, now: datetime) -> int:
    """Clears up to `A_DAY` complaints unless that was done today; returns how many. Raises RegisterAway.

    Does nothing unless the setting `retention_runs_by_itself` is on.
    """
    with office.look(None, now) as desk:
        if not desk.policy.retention_runs_by_itself or _ran_today(desk):
            return 0
        if not retention.due(desk) and not retention.compliments_due(desk):
            return 0
    with office.change(None, now) as desk:
        return retention.clear(desk, most=A_DAY, by_itself=True).complaints


def _ran_today(desk: Desk) -> bool:
    runs = desk.session.exec(
        select(CouncilChange).where(
            CouncilChange.matter == CouncilMatter.RETENTION,
            col(CouncilChange.changed_at) >= desk.now - timedelta(hours=26),
        )
    )
    return any(run.data.get("by_itself") and london_day(run.changed_at) == desk.today for run in runs)
