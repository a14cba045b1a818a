"""`due(now, facts)`: what has to be said to whom at this moment. Pure: no database, no Slack, no clock of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jobs.ladder import LADDER, Measure, Rung, To
from storage.workdays import WorkingDays

# Stage, rung, what it was about, step, person.
Said = tuple[int, str, str, int, int]


@dataclass(frozen=True, slots=True)
class OpenStage:
    """What the ladder needs of one open stage. Days are working days; `left` is negative when overdue.

    `others` are the measures that are only there while something waits, `abouts` the date or the request each is about. A stage
    that is not open is here for what outlives it.
    """

    stage_id: int
    complaint_id: int
    waiting: int
    left: int
    recipients: Mapping[To, tuple[int, ...]]
    owned: bool
    others: Mapping[Measure, int] = field(default_factory=dict)
    abouts: Mapping[Measure, str] = field(default_factory=dict)
    is_open: bool = True

    def measured(self, measure: Measure) -> int | None:
        """How far this measure has come; None when there is nothing to measure."""
        if measure in {Measure.WAITING, Measure.LEFT} and not self.is_open:
            return None
        if measure is Measure.WAITING:
            return self.waiting
        return self.left if measure is Measure.LEFT else self.others.get(measure)


@dataclass(frozen=True, slots=True)
class Recipient:
    """When a person may be written to: from `hour` until the council's last hour, in their own time zone."""

    person_id: int
    tz: str
    hour: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a nudge says: this rung of this stage. `step` counts the repeats of a rung that comes again.

    `about` is the date or the request it is about: what was said of an earlier one doesn't count.
    """

    stage_id: int
    complaint_id: int
    rung: str
    about: str
    step: int
    to: To
    left: int


@dataclass(frozen=True, slots=True)
class Nudge:
    """One message for one person on one working day; `day` is that person's own."""

    person_id: int
    day: date
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        return f"nudge:{self.person_id}:{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Facts:
    """The world as the register has it: open stages, people at work, what was said before, who has had today's message."""

    stages: Sequence[OpenStage]
    people: Mapping[int, Recipient]
    said: frozenset[Said]
    written: frozenset[tuple[int, date]]


def due(
    now: datetime, facts: Facts, *, calendar: WorkingDays, until_hour: int, ladder: Sequence[Rung] = LADDER
) -> list[Nudge]:
    """The nudges to be sent at `now`, at most one a person and working day, the most urgent lines first.

    Of several rungs reached, only the highest is said: after a day missed, or a week, nobody gets the ones in between.
    """
    said_to: dict[int, list[Line]] = {}
    for stage in facts.stages:
        for person_id, line in _reached(stage, ladder):
            if (line.stage_id, line.rung, line.about, line.step, person_id) not in facts.said:
                said_to.setdefault(person_id, []).append(line)
    nudges = []
    for person_id, lines in sorted(said_to.items()):
        recipient = facts.people.get(person_id)
        day = _sending_day(now, recipient, calendar, until_hour) if recipient else None
        if day is not None and (person_id, day) not in facts.written:
            nudges.append(Nudge(person_id, day, tuple(sorted(lines, key=lambda line: (line.left, line.stage_id)))))
    return nudges


def still_due(line: Line, stage: OpenStage | None, person_id: int, *, ladder: Sequence[Rung] = LADDER) -> bool:
    """Whether a line that was put in the outbox is still true at the moment of sending."""
    if stage is None or person_id not in stage.recipients.get(line.to, ()):
        return False
    rung = next((one for one in ladder if one.name == line.rung), None)
    return rung is not None and _step(rung, stage) is not None and line.about == stage.abouts.get(rung.measure, "")


def _reached(stage: OpenStage, ladder: Sequence[Rung]) -> Iterator[tuple[int, Line]]:
    """For each person and topic the highest rung that this stage has reached."""
    highest: dict[tuple[int, str], Line] = {}
    for rung in ladder:
        step = _step(rung, stage)
        if step is None:
            continue
        about = stage.abouts.get(rung.measure, "")
        line = Line(stage.stage_id, stage.complaint_id, rung.name, about, step, rung.to, stage.left)
        for person_id in stage.recipients.get(rung.to, ()):
            highest[person_id, rung.measure.topic] = line
    for (person_id, _topic), line in highest.items():
        yield person_id, line


def _step(rung: Rung, stage: OpenStage) -> int | None:
    """How many times a repeating rung has come round (0 the first time); None while it isn't reached."""
    if rung.owned is not None and rung.owned != stage.owned:
        return None
    measured = stage.measured(rung.measure)
    if measured is None:
        return None
    beyond = rung.days - measured if rung.measure.counts_down else measured - rung.days
    if beyond < 0:
        return None
    return beyond // rung.every if rung.every else 0


def _sending_day(now: datetime, recipient: Recipient, calendar: WorkingDays, until_hour: int) -> date | None:
    """The person's own day when they may be written to now, else None."""
    local = now.astimezone(ZoneInfo(recipient.tz))
    if calendar.is_working(local.date()) and recipient.hour <= local.hour < until_hour:
        return local.date()
    return None


def lines_from(data: Iterable[Mapping[str, object]]) -> list[Line]:
    """Lines as the outbox keeps them."""
    return [
        Line(
            int(str(one["stage"])),
            int(str(one["complaint"])),
            str(one["rung"]),
            str(one.get("about", "")),
            int(str(one["step"])),
            To[str(one["to"])],
            0,
        )
        for one in data
    ]


def lines_to(lines: Iterable[Line]) -> list[dict[str, object]]:
    """Lines in the form the outbox keeps: ids and rungs only."""
    return [
        {
            "stage": line.stage_id,
            "complaint": line.complaint_id,
            "rung": line.rung,
            "about": line.about,
            "step": line.step,
            "to": line.to.name,
        }
        for line in lines
    ]
