"""Complaint rows with the stage 1 totals that Bradford published for 2022-23 and the year before; every row is invented.

Published: received by team, received, closed and the percentage of closed in time. The rows between are made up so that they
add up to it: some received before each year and closed in it, some closed after it, some withdrawn, a few still open.
"""

import csv
import random
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from storage.workdays import WorkingDays

TABLES = Path(__file__).parent.parent / "data" / "published_tables.toml"
HEADINGS = (
    "Reference", "Date received", "Team", "Date recorded", "Date acknowledged", "Extension agreed on", "Extended to",
    "Date responded", "Outcome", "Date withdrawn", "Customer group",
)  # fmt: skip
_OUTCOMES = ("Upheld", "Partially upheld", "Not upheld")
_GROUPS = ("Parent", "Child or young person", "Foster carer", "Other relative")


@dataclass(frozen=True)
class Published:
    """A year as Bradford printed it. `on_time` is the whole number nearest to the percentage of closed."""

    received: int
    closed: int
    percent: int

    @property
    def on_time(self) -> int:
        return round(self.closed * self.percent / 100)


def published() -> tuple[Published, Published, dict[str, int]]:
    """2022-23, 2021-22, and 2022-23 received by team."""
    table = tomllib.loads(TABLES.read_text("utf-8"))["bradford_2022_23"]
    return _year(table["stage1"]), _year(table["previous_year"]["stage1"]), table["stage1_by_team"]


def teams() -> list[str]:
    """The teams' names, which the register must have before the rows can be brought in."""
    return list(published()[2])


def rows() -> list[dict[str, str]]:
    """The rows of the spreadsheet in the order of receipt, dates as ISO text. The same on every call."""
    return _Maker().rows()


def write_csv(path: Path, lines: Iterable[dict[str, str]] | None = None) -> Path:
    """Writes the rows (these, unless others are given) the way a council's spreadsheet saves them."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS)
        writer.writeheader()
        writer.writerows(rows() if lines is None else lines)
    return path


class _Maker:
    # Received in one year and closed in the next; withdrawn; open to this day.
    from_2020, from_2021 = 20, 95
    withdrawn_2021, withdrawn_late_2021, withdrawn_2022, open_now = 9, 7, 11, 5

    def __init__(self) -> None:
        self.chance = random.Random(2022)  # noqa: S311 - the same rows every time, nothing secret
        self.calendar = WorkingDays.england()
        self.made: list[dict[str, Any]] = []

    def rows(self) -> list[dict[str, str]]:
        this, before, by_team = published()
        spread_before = _in_proportion(by_team, before.received)
        teams_now, teams_before = self._shuffled(by_team), self._shuffled(spread_before)

        self._carried(["East"] * self.from_2020, 2020, self.from_2020)
        self._year(2021, teams_before, before.on_time, before.closed - self.from_2020, self.withdrawn_2021)
        self._carried(teams_before, 2021, self.from_2021)
        self._late_withdrawals(teams_before, 2021, self.withdrawn_late_2021)
        self._year(2022, teams_now, this.on_time, this.closed - self.from_2021, self.withdrawn_2022)
        self._carried(teams_now, 2022, len(teams_now) - self.open_now)
        self._open(teams_now, 2022)

        self.made.sort(key=lambda row: (row["received"], row["team"]))
        return [self._written(number, row) for number, row in enumerate(self.made, start=1)]

    def _year(self, year: int, teams: list[str], on_time: int, closed: int, withdrawn: int) -> None:
        """Rows that a year received and also ended; takes their teams off the list."""
        for number in range(closed):
            in_time, extended = number < on_time, number < on_time // 14
            received = self._day(
                date(year, 4, 1), date(year, 10, 31) if not in_time or extended else date(year + 1, 2, 28)
            )
            if extended:
                self._add(teams.pop(), received, responded=self._after(received, 11, 18), extended=True)
            elif in_time:
                self._add(teams.pop(), received, responded=self._after(received, 0, 10))
            else:
                self._add(teams.pop(), received, responded=self._after(received, 11, 60))
        for _ in range(withdrawn):
            received = self._day(date(year, 4, 1), date(year + 1, 2, 28))
            self._add(teams.pop(), received, withdrawn=self._after(received, 1, 9))

    def _carried(self, teams: list[str], year: int, count: int) -> None:
        """Received at the end of a year, answered late in the next."""
        for _ in range(count):
            received = self._day(date(year + 1, 1, 10), date(year + 1, 3, 14))
            self._add(teams.pop(), received, responded=self._after(date(year + 1, 4, 3), 1, 50))

    def _late_withdrawals(self, teams: list[str], year: int, count: int) -> None:
        for _ in range(count):
            received = self._day(date(year + 1, 3, 1), date(year + 1, 3, 31))
            self._add(teams.pop(), received, withdrawn=self._after(date(year + 1, 4, 3), 1, 9))

    def _open(self, teams: list[str], year: int) -> None:
        while teams:
            self._add(teams.pop(), self._day(date(year + 1, 3, 1), date(year + 1, 3, 31)))

    def _add(self, team: str, received: date, **more: Any) -> None:
        self.made.append({"team": team, "received": received, **more})

    def _written(self, number: int, row: dict[str, Any]) -> dict[str, str]:
        received: date = row["received"]
        ended = row.get("responded") or row.get("withdrawn")
        acknowledged = min(self._after(received, 0, 4), ended or date.max)
        agreed = received + timedelta(days=5) if row.get("extended") else None
        until = self.calendar.due(received, 20) if agreed else None
        dates = (
            received,
            self._after(received, 0, 6),
            acknowledged,
            agreed,
            until,
            row.get("responded"),
            row.get("withdrawn"),
        )
        recorded, acknowledged_text, agreed_text, until_text, responded, withdrawn = (
            day.isoformat() if day else "" for day in dates[1:]
        )
        return {
            "Reference": f"BD/{received:%y}/{number:04d}",
            "Date received": received.isoformat(),
            "Team": row["team"],
            "Date recorded": recorded,
            "Date acknowledged": acknowledged_text,
            "Extension agreed on": agreed_text,
            "Extended to": until_text,
            "Date responded": responded,
            "Outcome": self.chance.choice(_OUTCOMES) if responded else "",
            "Date withdrawn": withdrawn,
            "Customer group": self.chance.choice(_GROUPS),
        }

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randint(0, (last - first).days))

    def _after(self, day: date, least: int, most: int) -> date:
        """A working day, counted the way the limit is; the day itself for 0."""
        count = self.chance.randint(least, most)
        return self.calendar.due(day, count) if count else day

    def _shuffled(self, by_team: dict[str, int]) -> list[str]:
        listed = [team for team, count in by_team.items() for _ in range(count)]
        self.chance.shuffle(listed)
        return listed


def _year(stage: dict[str, int]) -> Published:
    return Published(stage["received"], stage["closed"], stage["in_time_percent"])


def _in_proportion(by_team: dict[str, int], total: int) -> dict[str, int]:
    """The same shares of another total, the largest remainders rounded up; the report has no table of that year by team."""
    whole = sum(by_team.values())
    shares = {team: count * total // whole for team, count in by_team.items()}
    left = total - sum(shares.values())
    for team in sorted(by_team, key=lambda team: by_team[team] * total % whole, reverse=True)[:left]:
        shares[team] += 1
    return shares
