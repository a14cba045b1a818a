"""The weekly digest to senior managers. `due` is pure; the figures in it come from where `status` takes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jobs.nudges import Recipient, sending_day
from storage.workdays import WorkingDays


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest for one senior manager over these teams; `monday` names the week, `day` is the person's own when it goes out."""

    person_id: int
    day: date
    monday: date
    team_ids: tuple[int, ...]

    @property
    def key(self) -> str:
        return key_of(self.person_id, self.monday)


def key_of(person_id: int, day: date) -> str:
    """What names a person's digest of the week this day is in."""
    return f"digest:{person_id}:{(day - timedelta(days=day.weekday())).isoformat()}"


def due(
    now: datetime,
    seniors: Mapping[int, Sequence[int]],
    people: Mapping[int, Recipient],
    *,
    written: Iterable[str],
    calendar: WorkingDays,
    until_hour: int,
) -> list[Digest]:
    """Digests to be sent at `now`: from the first working day of each person's week, inside their hours, once a week.

    A week whose Monday is a holiday, or in which the app was down, gets it on the next working day. `written` are the keys of
    digests that went into the outbox before.
    """
    have = set(written)
    found = []
    for person_id, team_ids in sorted(seniors.items()):
        recipient = people.get(person_id)
        if recipient is None:
            continue
        day = sending_day(now, recipient, calendar, until_hour)
        if day is None:
            continue
        digest = Digest(person_id, day, day - timedelta(days=day.weekday()), tuple(team_ids))
        if digest.key not in have:
            found.append(digest)
    return found
