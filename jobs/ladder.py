"""The ladder of nudges as data: when each rung is reached, and who is told."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What a rung counts, in working days."""

    WAITING = "waiting"  # for an owner
    LEFT = "left"  # to the next date: a step of the stage, else the response
    ASKED = "asked"  # since an extension or a pause was asked for, which is not decided
    UNTOLD = "untold"  # since one was agreed, of which the complainant has not been told
    REQUESTED = "requested"  # since a further stage was asked for, which is neither opened nor refused
    REPLY = "reply"  # left until the reply to an Ombudsman's enquiry is due
    EMPTY = "empty"  # that a post of the stage has had nobody, once that is longer than it should be

    @property
    def counts_down(self) -> bool:
        """Whether less of it is more urgent."""
        return self in {Measure.LEFT, Measure.REPLY}

    @property
    def topic(self) -> str:
        """Of the rungs of one topic a person hears only the highest; different topics are said beside each other."""
        return "answer" if self in {Measure.WAITING, Measure.LEFT} else self.value


class To(StrEnum):
    """Who a rung is for. The value completes "you get this because you are …"."""

    OWNER = "the owner"
    TEAM_MANAGERS = "a manager of the team it is offered to"
    SENIOR_MANAGER = "the senior manager over the team"
    COMPLAINTS_MANAGERS = "a complaints manager"
    HANDLER = "its handler"
    DECIDERS = "somebody who may decide it"
    ASKER = "the one who asked for it"


@dataclass(frozen=True, slots=True)
class Rung:
    """Reached when its measure has come to `days` (for what is left: down to). One with `every` comes again after as many."""

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
    # Too late to approve is too late for good, so this one comes every day.
    Rung("decision waits", Measure.ASKED, 1, To.DECIDERS, every=1),
    Rung("complainant not told", Measure.UNTOLD, 1, To.ASKER, every=2),
    Rung("stage asked for", Measure.REQUESTED, 1, To.HANDLER, every=2),
    Rung("stage asked for, up the line", Measure.REQUESTED, 5, To.COMPLAINTS_MANAGERS, every=5),
    Rung("reply in 5", Measure.REPLY, 5, To.HANDLER),
    Rung("reply in 2", Measure.REPLY, 2, To.HANDLER),
    Rung("reply today", Measure.REPLY, 0, To.HANDLER),
    Rung("reply overdue", Measure.REPLY, -1, To.HANDLER, every=2),
    Rung("reply overdue, up the line", Measure.REPLY, -1, To.COMPLAINTS_MANAGERS, every=5),
    Rung("post empty", Measure.EMPTY, 0, To.HANDLER, every=3),
    Rung("post empty, up the line", Measure.EMPTY, 10, To.COMPLAINTS_MANAGERS, every=5),
)
