"""Histories of stages for tests of the clock: by hand, and any that the register would let happen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from storage import clocks, procedures, timeline
from storage.clocks import Counting, Happening, StageClock
from storage.models import Event
from storage.procedures import Procedure, StageRules
from storage.vocabulary import EventKind
from storage.workdays import CountFrom, WorkingDays

CALENDAR = WorkingDays.england()
SHIPPED = procedures.shipped()
STAGES = [(name, stage.number) for name, procedure in sorted(SHIPPED.items()) for stage in procedure.stages]
BY_DEFAULT = Counting()
DAY = date(2026, 11, 2)  # a Monday
_START = st.dates(date(2019, 1, 1), date(2027, 12, 31))
COUNTINGS = st.builds(Counting, st.sampled_from(CountFrom), from_statement=st.booleans())


@dataclass(frozen=True)
class History:
    """What happened in one stage: `before` its first end in any order of recording, `after` in the one given."""

    name: str
    number: int
    start: Happening
    before: tuple[Happening, ...] = ()
    resumed: tuple[Happening, ...] = ()
    after: tuple[Happening, ...] = ()

    @property
    def procedure(self) -> Procedure:
        return SHIPPED[self.name]

    @property
    def rules(self) -> StageRules:
        return self.procedure.stage(self.number)

    @property
    def recorded(self) -> list[Happening]:
        """Everything in one order in which it can have been recorded."""
        return [self.start, *self.before, *self.resumed, *self.after]

    def without(self, *kinds: EventKind) -> "History":
        def kept(some: Sequence[Happening]) -> tuple[Happening, ...]:
            return tuple(one for one in some if one.kind not in kinds)

        return replace(self, before=kept(self.before), resumed=kept(self.resumed), after=kept(self.after))

    def clock(self, counting: Counting = BY_DEFAULT) -> StageClock:
        return self.replay(self.recorded, counting)

    def replay(self, happenings: Iterable[Happening], counting: Counting = BY_DEFAULT) -> StageClock:
        return clocks.replay(
            happenings, procedure=self.procedure, number=self.number, calendar=CALENDAR, counting=counting
        )


def stage(
    name: str, number: int, *happenings: Happening, on: date = DAY, counting: Counting = BY_DEFAULT
) -> StageClock:
    """The clock of a stage that began on a day, after some happenings."""
    kind = EventKind.RECEIVED if number == 1 else EventKind.STAGE_REQUESTED
    return History(name, number, Happening(kind, on), before=happenings).clock(counting)


def acknowledged(on: date) -> Happening:
    return Happening(EventKind.ACKNOWLEDGED, on)


def responded(on: date) -> Happening:
    return Happening(EventKind.RESPONDED, on)


def extended(on: date, until: date) -> Happening:
    return Happening(EventKind.EXTENSION_APPROVED, on, until)


def agreed(on: date, until: date) -> Happening:
    return Happening(EventKind.RESPONSE_DATE_AGREED, on, until)


def paused(on: date, until: date) -> Happening:
    return Happening(EventKind.PAUSED, on, until)


def resumed(on: date) -> Happening:
    return Happening(EventKind.RESUMED, on)


def step(key: str, on: date) -> Happening:
    return Happening(EventKind.STEP_DONE, on, step=key)


def as_events(happenings: Iterable[Happening]) -> list[Event]:
    """The same as the register would have stored it, recorded in this order."""
    return [
        Event(
            complaint_id=1,
            sequence=sequence,
            kind=one.kind,
            stage=1,
            happened_on=one.on,
            recorded_at=datetime(2026, 11, 23, tzinfo=UTC),
            data=_data(one),
        )
        for sequence, one in enumerate(happenings, start=1)
    ]


def corrected(field: str, new: date, *, sequence: int) -> Event:
    """The event that sets a date right."""
    return Event(
        complaint_id=1,
        sequence=sequence,
        kind=EventKind.CORRECTED,
        stage=1,
        happened_on=new,
        recorded_at=datetime(2026, 11, 23, tzinfo=UTC),
        data={"field": field, "old": "2026-01-01", "new": new.isoformat(), "is_date": True},
    )


def of_events(history: History, events: Iterable[Event], counting: Counting = BY_DEFAULT) -> StageClock:
    """The clock as the register reads it."""
    return history.replay(timeline.happenings(events), counting)


def _data(one: Happening) -> dict[str, Any]:
    data: dict[str, Any] = {"until": one.until.isoformat()} if one.until else {}
    return data | ({"step": one.step} if one.step else {})


@st.composite
def histories(draw: st.DrawFn, *, ended: bool | None = None) -> History:
    """Any history that the register would let happen. `ended`: answered, or else not; None for either."""
    name, number = draw(st.sampled_from(STAGES))
    rules = SHIPPED[name].stage(number)
    on = draw(_START)
    start = Happening(EventKind.RECEIVED if number == 1 else EventKind.STAGE_REQUESTED, on)

    def day(most: int) -> date:
        return on + timedelta(days=draw(st.integers(0, most)))

    before: list[Happening] = []
    early: list[Happening] = []
    if rules.acknowledged and draw(st.booleans()):
        before.append(acknowledged(day(15)))
    if rules.limit.agreed:
        before += [
            agreed(on + timedelta(days=since), on + timedelta(days=since + draw(st.integers(0, 200))))
            for since in draw(st.lists(st.integers(0, 250), max_size=3, unique=True))
        ]
    else:
        before += [extended(day(90), day(160)) for _ in range(draw(st.integers(0, 2)))]
    for _ in range(draw(st.integers(0, 3)) if rules.pauses else 0):
        begins, length = day(90), draw(st.integers(1, 60))
        before.append(paused(begins, begins + timedelta(days=length)))
        if draw(st.booleans()):
            early.append(resumed(begins + timedelta(days=draw(st.integers(0, length - 1)))))
    dated = sorted(day(120) for _ in rules.legs)
    before += [step(leg.step, done) for leg, done in zip(rules.legs, dated[: draw(st.integers(0, 9))], strict=False)]
    before += [step(one.step, day(60)) for one in rules.steps if draw(st.booleans())]
    return History(name, number, start, tuple(before), tuple(early), _ending(draw, on, ended))


def _ending(draw: st.DrawFn, on: date, ended: bool | None) -> tuple[Happening, ...]:
    if ended is False or (ended is None and draw(st.booleans())):
        return ()
    answers = [EventKind.RESPONDED, EventKind.OVERTAKEN]
    end = Happening(
        draw(st.sampled_from(answers if ended else [*answers, EventKind.NOT_PROCEEDED])),
        on + timedelta(days=draw(st.integers(0, 200))),
    )
    if not draw(st.booleans()):
        return (end,)
    again = Happening(EventKind.REOPENED, end.on + timedelta(days=draw(st.integers(0, 30))))
    if not draw(st.booleans()):
        return (end, again)
    # A second answer may be dated before the stage was opened again, and even before the first answer.
    second = draw(st.sampled_from([EventKind.RESPONDED, EventKind.NOT_PROCEEDED]))
    return (end, again, Happening(second, on + timedelta(days=draw(st.integers(0, 240)))))


def in_another_order(history: History, random: Random) -> list[Event]:
    """The history recorded in another order: a pause before it is ended, an end after what came before it."""
    before = list(history.before)
    random.shuffle(before)
    return as_events([history.start, *before, *history.resumed, *history.after])
