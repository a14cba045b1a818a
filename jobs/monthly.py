"""The page for the monthly meeting. `due` is pure; the figures in it come from where `status` takes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jobs.nudges import Recipient, sending_day
from storage.views_monthly import Page
from storage.workdays import WorkingDays

# A page that the app could not send on the first working day still comes within these; later it would be no news.
CAUGHT_UP_DAYS = 10


@dataclass(frozen=True, slots=True)
class Monthly:
    """One page for one person; `month` is the first day of the month it goes out in, `day` the person's own."""

    person_id: int
    day: date
    page: Page

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def key(self) -> str:
        return key_of(self.person_id, self.day)


def key_of(person_id: int, day: date) -> str:
    """What names a person's page of the month this day is in."""
    return f"monthly:{person_id}:{day:%Y-%m}"


def in_season(day: date, calendar: WorkingDays) -> bool:
    """Whether pages go out on this day: one of the month's first ten working days."""
    return 1 <= calendar.between(day.replace(day=1) - timedelta(days=1), day) <= CAUGHT_UP_DAYS


def due(
    now: datetime,
    pages: Mapping[int, Page],
    people: Mapping[int, Recipient],
    *,
    written: Iterable[str],
    calendar: WorkingDays,
    until_hour: int,
) -> list[Monthly]:
    """Pages to be sent at `now`: from the first working day of each person's month, inside their hours, once a month.

    Whoever can't be written to has none; back in time, they have it then. `written` are keys that are in the outbox already.
    """
    have = set(written)
    found = []
    for person_id, page in sorted(pages.items()):
        recipient = people.get(person_id)
        day = sending_day(now, recipient, calendar, until_hour) if recipient else None
        if day is not None and in_season(day, calendar) and key_of(person_id, day) not in have:
            found.append(Monthly(person_id, day, page))
    return found
