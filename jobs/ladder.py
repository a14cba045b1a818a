"""The ladder of nudges as data: when each rung is reached, and who is told."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What a rung counts, in working days."""

    WAITING = "waiting"
    LEFT = "left"


class To(StrEnum):
    """Who a rung is for. The value completes "you get this because you are …"."""

    OWNER = "the owner"
    TEAM_MANAGERS = "a manager of the team it is offered to"
    SENIOR_MANAGER = "the senior manager over the team"
    COMPLAINTS_MANAGERS = "a complaints manager"
    HANDLER = "its handler"


@dataclass(frozen=True, slots=True)
class Rung:
    """Reached when a complaint has waited `days` for an owner, or has `days` left. One with `every` comes again after as many."""

    name: str
    measure: Measure
    days: int
    to: To
    every: int | None = None
    owned: bool | None = None


# Up the line, not louder to the same person: each rung after the first goes to somebody further up.
LADDER: tuple[Rung, ...] = (
    Rung("unclaimed 1", Measure.WAITING, 1, To.TEAM_MANAGERS, owned=False),
    Rung("unclaimed 2", Measure.WAITING, 2, To.SENIOR_MANAGER, owned=False),
    Rung("unclaimed 3", Measure.WAITING, 3, To.COMPLAINTS_MANAGERS, every=2, owned=False),
    Rung("due in 5", Measure.LEFT, 5, To.OWNER, owned=True),
    Rung("due in 2", Measure.LEFT, 2, To.OWNER, owned=True),
    Rung("due today", Measure.LEFT, 0, To.OWNER, owned=True),
    Rung("overdue", Measure.LEFT, -1, To.OWNER, every=5, owned=True),
    Rung("overdue up the line", Measure.LEFT, -1, To.SENIOR_MANAGER, every=5),
    Rung("due in 2, unowned", Measure.LEFT, 2, To.HANDLER, owned=False),
    Rung("overdue, unowned", Measure.LEFT, -1, To.HANDLER, every=5, owned=False),
)
