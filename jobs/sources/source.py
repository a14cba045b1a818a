"""What every source of nudges offers. A new kind of thing to nudge about is one module with a SOURCE, listed in the package."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.nudge import NudgeLine
from jobs.nudges import Line, Matter
from jobs.staff import Staff
from storage.ladder import Measure
from storage.office import Desk
from storage.people import Who


@dataclass(frozen=True, slots=True)
class Saying:
    """One line that is to be put into words for one person: what it measures, and the matter as it is now."""

    line: Line
    measure: Measure
    matter: Matter
    reader_id: int
    staff: Staff


@dataclass(frozen=True, slots=True)
class Settled:
    """Who did what a nudge asked for, and when that was recorded. `what` completes "… by Mabel Eastwood": claimed, verified."""

    what: str
    who: Who | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """`waiting` are the matters a rung may concern today; `these` the ones with these numbers, whether or not any does.

    `said` puts a line into words; `settled` says since when and by whom it needs saying no more. `kind` begins its subjects;
    `name` heads a line: a reference.
    """

    kind: str
    name: Callable[[Desk, Line], str]
    waiting: Callable[[Desk, Staff], list[Matter]]
    these: Callable[[Desk, Staff, Sequence[int]], list[Matter]]
    said: Callable[[Desk, Saying], NudgeLine | None]
    settled: Callable[[Desk, Line, datetime], Settled | None]
