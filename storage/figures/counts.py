"""Everything that is counted of one team's stages in a period, and how two teams' counts add up."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """Everything counted for one row: a team, or a total.

    `days` is the sum of days taken over the closed, `days_net` the same net of pauses; `days_to_allocate` the sum of working days
    from receipt to the first named manager over the `allocated`, which are those received that have had one. `recorded_after`
    counts the received by working days from receipt to their recording, where that is known. `went_on` are those received that
    have a next stage by now, `next_received` the next stages received in the period; `caseload` the open cases of its snapshot,
    and `received_of_caseload` the received of the teams that it has.
    """

    received: int = 0
    not_proceeded: int = 0
    closed: int = 0
    within_limit: int = 0
    agreed_extension: int = 0
    within_maximum: int = 0
    over_maximum: int = 0
    days: int = 0
    days_net: int = 0
    open: int = 0
    due_soon: int = 0
    overdue: int = 0
    unallocated: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    recorded_after: Counter[int] = field(default_factory=Counter)
    recorded_late: int = 0
    allocated: int = 0
    days_to_allocate: int = 0
    went_on: int = 0
    next_received: int = 0
    caseload: int = 0
    received_of_caseload: int = 0

    def __iadd__(self, other: "Counts") -> "Counts":
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)
        return self

    @property
    def on_time(self) -> int:
        return self.within_limit + self.agreed_extension

    @property
    def on_track(self) -> int:
        return self.open - self.due_soon - self.overdue

    @property
    def recorded(self) -> int:
        """Of how many received it is known when they were recorded."""
        return self.recorded_after.total()

    def median_recording(self) -> float | None:
        """Median working days from receipt to recording, where that is known; None without any."""
        ordered = sorted(self.recorded_after.elements())
        if not ordered:
            return None
        middle = len(ordered) // 2
        return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
