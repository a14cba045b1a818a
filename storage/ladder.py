"""The ladder of nudges as data: when each rung is reached, and who is told. A council may move a rung or leave it out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from storage.vocabulary import EventKind


class Measure(StrEnum):
    """What a rung counts, in working days."""

    WAITING = "waiting"  # for an owner
    LEFT = "left"  # to the next date: a step of the stage, else the response
    ACKNOWLEDGE = "acknowledge"  # left until the acknowledgement is due
    ASKED = "asked"  # since an extension or a pause was asked for, which is not decided
    UNTOLD = "untold"  # since one was agreed, of which the complainant has not been told
    REQUESTED = "requested"  # since a further stage was asked for, which is neither opened nor refused
    REPLY = "reply"  # left until the reply to an Ombudsman's enquiry is due
    EMPTY = "empty"  # that a post of the stage has had nobody, once that is longer than it should be
    ACTION = "action"  # left until a learning action is due
    REMEDY = "remedy"  # left until a remedy is due
    REMEDY_UNTOLD = "remedy_untold"  # since a remedy was carried out, of which the complainant has not been told
    COMMITMENT = "commitment"  # left until a commitment is due
    CLAIMED = "claimed"  # since an owner said that an action or a commitment is done, which nobody has verified
    UNSHARED = "unshared"  # since fault was found, of which no learning note was shared or declined
    LEAVES = "leaves"  # left until the last day of somebody who owns work
    ORPHANED = "orphaned"  # since the owner of work can't see to it any more
    MOVED = "moved"  # since the owner of complaints has no role in their team any more
    UNCOVERED = "uncovered"  # since the owner of work is away and nobody stands in

    @property
    def counts_down(self) -> bool:
        """Whether less of it is more urgent."""
        return self in _COUNT_DOWN

    @property
    def topic(self) -> str:
        """Of the rungs of one topic a person hears only the highest; different topics are said beside each other."""
        return _TOPICS[self]


# A morning asks tens of thousands of times.
_TOPICS = {one: "answer" if one in {Measure.WAITING, Measure.LEFT} else one.value for one in Measure}
_COUNT_DOWN = {
    Measure.LEFT, Measure.ACKNOWLEDGE, Measure.REPLY, Measure.ACTION, Measure.REMEDY, Measure.COMMITMENT, Measure.LEAVES,
}  # fmt: skip


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
    Rung("acknowledge today", Measure.ACKNOWLEDGE, 0, To.OWNER, owned=True),
    Rung("not acknowledged", Measure.ACKNOWLEDGE, -1, To.HANDLER, every=3),
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
    Rung("action in 5", Measure.ACTION, 5, To.OWNER),
    Rung("action today", Measure.ACTION, 0, To.OWNER),
    Rung("action overdue", Measure.ACTION, -1, To.OWNER, every=5),
    Rung("action overdue, up the line", Measure.ACTION, -5, To.SENIOR_MANAGER, every=10),
    Rung("remedy in 5", Measure.REMEDY, 5, To.OWNER),
    Rung("remedy today", Measure.REMEDY, 0, To.OWNER),
    # A fifth of agreed remedies were late in 2023-24 (DOMAIN.md, 4): the complaints team hears of it at once.
    Rung("remedy overdue", Measure.REMEDY, -1, To.OWNER, every=5),
    Rung("remedy overdue, its handler", Measure.REMEDY, -1, To.HANDLER, every=5),
    Rung("remedy overdue, up the line", Measure.REMEDY, -5, To.SENIOR_MANAGER, every=10),
    Rung("remedy not told", Measure.REMEDY_UNTOLD, 1, To.HANDLER, every=3),
    Rung("commitment in 20", Measure.COMMITMENT, 20, To.OWNER),
    Rung("commitment in 5", Measure.COMMITMENT, 5, To.OWNER),
    Rung("commitment today", Measure.COMMITMENT, 0, To.OWNER),
    Rung("commitment overdue", Measure.COMMITMENT, -1, To.OWNER, every=5),
    Rung("commitment overdue, up the line", Measure.COMMITMENT, -5, To.SENIOR_MANAGER, every=10),
    Rung("to be verified", Measure.CLAIMED, 1, To.HANDLER, every=5),
    Rung("to be verified, up the line", Measure.CLAIMED, 10, To.COMPLAINTS_MANAGERS, every=5),
    Rung("learning not shared", Measure.UNSHARED, 2, To.HANDLER, every=5),
    Rung("leaves in 10", Measure.LEAVES, 10, To.OWNER),
    Rung("leaves in 5", Measure.LEAVES, 5, To.OWNER),
    Rung("leaves in 2", Measure.LEAVES, 2, To.OWNER),
    Rung("leaves in 2, up the line", Measure.LEAVES, 2, To.SENIOR_MANAGER),
    # Nothing is without a living owner for longer than one working day without somebody being told.
    Rung("owner gone", Measure.ORPHANED, 0, To.SENIOR_MANAGER, every=3),
    Rung("owner gone, up the line", Measure.ORPHANED, 3, To.COMPLAINTS_MANAGERS, every=3),
    # Whoever moved is still here and can answer, so they come first.
    Rung("owner moved", Measure.MOVED, 0, To.OWNER, every=5),
    Rung("owner moved, up the line", Measure.MOVED, 1, To.SENIOR_MANAGER, every=5),
    Rung("away without cover", Measure.UNCOVERED, 0, To.SENIOR_MANAGER, every=5),
)


class Change(BaseModel):
    """What a council has set of one rung otherwise than above. Days are working days, negative for overdue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: int | None = Field(default=None, ge=-60, le=60)
    every: int | None = Field(default=None, ge=1, le=60)
    off: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs that are in force, in order."""

    rungs: tuple[Rung, ...] = LADDER

    @classmethod
    def changed(cls, changes: Mapping[str, Change]) -> Self:
        """The ladder with a council's changes. Changes of rungs that don't exist are left out."""
        return cls(tuple(_with(rung, changes.get(rung.name)) for rung in LADDER if not _is_off(rung, changes)))

    def rung(self, name: str) -> Rung | None:
        return next((rung for rung in self.rungs if rung.name == name), None)

    def furthest(self, *measures: Measure) -> int:
        """The most working days before a date at which any rung of these measures speaks; 0 when none does."""
        return max((rung.days for rung in self.rungs if rung.measure in measures), default=0)


def _is_off(rung: Rung, changes: Mapping[str, Change]) -> bool:
    change = changes.get(rung.name)
    return change is not None and change.off


def _with(rung: Rung, change: Change | None) -> Rung:
    if change is None:
        return rung
    return replace(
        rung,
        days=rung.days if change.days is None else change.days,
        every=rung.every if change.every is None else change.every,
    )


_ENDINGS = (EventKind.RESPONDED, EventKind.NOT_PROCEEDED, EventKind.OVERTAKEN)
_OWNERS = (EventKind.CLAIMED, EventKind.ALLOCATED)
# What has to happen to a complaint for a rung of a measure to need saying no more. What isn't on a complaint is not here.
SETTLED_BY: Mapping[Measure, tuple[EventKind, ...]] = {
    Measure.WAITING: (*_OWNERS, *_ENDINGS),
    Measure.LEFT: (
        *_ENDINGS, *_OWNERS, EventKind.STEP_DONE, EventKind.EXTENSION_APPROVED, EventKind.PAUSED, EventKind.RESPONSE_DATE_AGREED,
        EventKind.REDATED, EventKind.CORRECTED,
    ),
    Measure.ACKNOWLEDGE: (EventKind.ACKNOWLEDGED, *_ENDINGS),
    Measure.ASKED: (
        EventKind.EXTENSION_APPROVED, EventKind.EXTENSION_REFUSED, EventKind.PAUSED, EventKind.PAUSE_REFUSED, *_ENDINGS,
    ),
    Measure.UNTOLD: (EventKind.COMPLAINANT_TOLD, *_ENDINGS),
    Measure.REQUESTED: (EventKind.STAGE_OPENED, *_ENDINGS),
    Measure.EMPTY: (EventKind.APPOINTED, *_ENDINGS),
    Measure.REPLY: (EventKind.ENQUIRY_ANSWERED,),
    Measure.ACTION: (EventKind.ACTION_DONE, EventKind.ACTION_MOVED),
    Measure.CLAIMED: (EventKind.ACTION_VERIFIED, EventKind.ACTION_SENT_BACK),
    Measure.REMEDY: (EventKind.REMEDY_DONE, EventKind.REMEDY_MOVED),
    Measure.REMEDY_UNTOLD: (EventKind.COMPLAINANT_TOLD,),
    Measure.UNSHARED: (EventKind.NOTE_SHARED, EventKind.NOTE_NOT_NEEDED),
}  # fmt: skip


@cache
def rungs_settled_by(kind: EventKind) -> tuple[str, ...]:
    """The rungs whose messages say something else once this has happened."""
    return tuple(rung.name for rung in LADDER if kind in SETTLED_BY.get(rung.measure, ()))
