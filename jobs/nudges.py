"""`due(now, facts)`: what has to be said to whom at this moment. Pure: no database, no Slack, no clock of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.ladder import Ladder, Measure, Rung, To
from storage.workdays import WorkingDays

# Subject, rung, what it was about, step, person.
Said = tuple[str, str, str, int, int]
# What waits on others has no date of its own; it comes after what has one.
_NO_DATE = 99
_PUT_OFF = {Measure.LEFT, Measure.ACTION, Measure.REMEDY, Measure.COMMITMENT}


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that the ladder may have to speak of: a stage, an action, a remedy, a commitment, somebody's ownership.

    `subject` names it, such as `stage:12`. `measures` are the working days that each measure has come to, where there is
    something to measure; `abouts` the date or the request each is about. `left` is the working days to its nearest date.
    """

    subject: str
    complaint_id: int | None
    measures: Mapping[Measure, int]
    recipients: Mapping[To, tuple[int, ...]]
    abouts: Mapping[Measure, str] = field(default_factory=dict)
    owned: bool = True
    left: int = _NO_DATE

    @property
    def id(self) -> int:
        """The number in its subject."""
        return int(self.subject.partition(":")[2].partition("/")[0])


@dataclass(frozen=True, slots=True)
class Recipient:
    """When a person may be written to: from `hour` until the council's last hour, in their own time zone."""

    person_id: int
    tz: str
    hour: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a nudge says: this rung of this matter. `step` counts the repeats of a rung that comes again.

    `about` is the date or the request it is about: what was said of an earlier one doesn't count.
    """

    subject: str
    complaint_id: int | None
    rung: str
    about: str
    step: int
    to: To
    urgency: int = 0


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
    """The world as the register has it: what may have to be said, who is at work, what was said, who has had a message today.

    `snoozed` pairs a subject with a person who asked not to hear of its date today.
    """

    matters: Sequence[Matter]
    people: Mapping[int, Recipient]
    said: frozenset[Said]
    written: frozenset[tuple[int, date]]
    snoozed: frozenset[tuple[str, int]] = frozenset()


def due(
    now: datetime, facts: Facts, *, calendar: WorkingDays, until_hour: int, ladder: Ladder | None = None
) -> list[Nudge]:
    """The nudges to be sent at `now`, at most one a person and working day, the most urgent lines first.

    Of several rungs reached, only the highest is said: after a day missed, or a week, nobody gets the ones in between.
    """
    rungs = (ladder or Ladder()).rungs
    said_to: dict[int, list[Line]] = {}
    # Of fifty rungs a matter has something to do with a handful, and most matters with the same.
    these: dict[tuple[bool, tuple[Measure, ...]], list[Rung]] = {}
    for matter in facts.matters:
        alike = (matter.owned, tuple(matter.measures))
        if alike not in these:
            these[alike] = [one for one in rungs if one.measure in matter.measures and _is_for(one, matter)]
        for person_id, line, measure in _reached(matter, these[alike]):
            told = (line.subject, line.rung, line.about, line.step, person_id) in facts.said
            put_off = (line.subject, person_id) in facts.snoozed and may_be_put_off(measure, matter)
            if not told and not put_off:
                said_to.setdefault(person_id, []).append(line)
    nudges = []
    for person_id, lines in sorted(said_to.items()):
        recipient = facts.people.get(person_id)
        day = sending_day(now, recipient, calendar, until_hour) if recipient else None
        if day is not None and (person_id, day) not in facts.written:
            nudges.append(Nudge(person_id, day, tuple(sorted(lines, key=lambda line: (line.urgency, line.subject)))))
    return nudges


def still_due(line: Line, matter: Matter | None, person_id: int, *, ladder: Ladder | None = None) -> bool:
    """Whether a line that was put in the outbox is still true at the moment of sending."""
    if matter is None or person_id not in matter.recipients.get(line.to, ()):
        return False
    if matter.complaint_id != line.complaint_id:
        # SQLite gives a stage the number of one that went with an import that was taken back.
        return False
    rung = (ladder or Ladder()).rung(line.rung)
    return rung is not None and _step(rung, matter) is not None and line.about == matter.abouts.get(rung.measure, "")


def next_in(line: Line, matter: Matter, person_id: int, ladder: Ladder) -> int | None:
    """In how many working days this person hears of it again unless it is done; None when no rung is left for them."""
    rung = ladder.rung(line.rung)
    measured = matter.measures.get(rung.measure) if rung else None
    if rung is None or measured is None:
        return None
    waits = [
        _until(one, measured)
        for one in ladder.rungs
        if one.measure is rung.measure
        and person_id in matter.recipients.get(one.to, ())
        and one.owned in {None, matter.owned}
    ]
    return min((wait for wait in waits if wait is not None), default=None)


def _until(rung: Rung, measured: int) -> int | None:
    beyond = rung.days - measured if rung.measure.counts_down else measured - rung.days
    if beyond < 0:
        return -beyond
    return rung.every - beyond % rung.every if rung.every else None


def urgency(measure: Measure, matter: Matter) -> int:
    """Working days to the date that matters; less is more urgent, negative is overdue."""
    return matter.measures.get(measure, _NO_DATE) if measure.counts_down else matter.left


def may_be_put_off(measure: Measure, matter: Matter) -> bool:
    """Whether what a rung of this measure says can wait: what has a date that is still ahead. Snoozing never reaches past it."""
    return measure in _PUT_OFF and matter.measures.get(measure, 0) > 0


def sending_day(now: datetime, recipient: Recipient, calendar: WorkingDays, until_hour: int) -> date | None:
    """The person's own day when they may be written to now, else None."""
    local = now.astimezone(ZoneInfo(recipient.tz))
    if calendar.is_working(local.date()) and _first_hour(recipient, until_hour) <= local.hour < until_hour:
        return local.date()
    return None


def next_opening(now: datetime, recipient: Recipient, calendar: WorkingDays, until_hour: int) -> datetime:
    """When a person's next hours begin, after those of now if they are in them."""
    zone = ZoneInfo(recipient.tz)
    local, hour = now.astimezone(zone), _first_hour(recipient, until_hour)
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    return datetime.combine(calendar.on_or_after(day), time(hour), zone)


def _first_hour(recipient: Recipient, until_hour: int) -> int:
    # A council may have set an earlier end since the person chose.
    return min(recipient.hour, until_hour - 1)


def _reached(matter: Matter, rungs: Sequence[Rung]) -> Iterator[tuple[int, Line, Measure]]:
    """For each person and topic the highest rung that this matter has reached, and what it measures."""
    highest: dict[tuple[int, str], tuple[Rung, int]] = {}
    for rung in rungs:
        step = _step(rung, matter)
        if step is not None:
            for person_id in matter.recipients.get(rung.to, ()):
                highest[person_id, rung.measure.topic] = rung, step
    for (person_id, _topic), (rung, step) in highest.items():
        line = Line(
            subject=matter.subject,
            complaint_id=matter.complaint_id,
            rung=rung.name,
            about=matter.abouts.get(rung.measure, ""),
            step=step,
            to=rung.to,
            urgency=urgency(rung.measure, matter),
        )
        yield person_id, line, rung.measure


def _is_for(rung: Rung, matter: Matter) -> bool:
    return rung.owned is None or rung.owned == matter.owned


def _step(rung: Rung, matter: Matter) -> int | None:
    """How many times a repeating rung has come round (0 the first time); None while it isn't reached."""
    measured = matter.measures.get(rung.measure)
    if measured is None or not _is_for(rung, matter):
        return None
    beyond = rung.days - measured if rung.measure.counts_down else measured - rung.days
    if beyond < 0:
        return None
    return beyond // rung.every if rung.every else 0


def lines_from(data: Iterable[Mapping[str, object]]) -> list[Line]:
    """Lines as the outbox keeps them, also those that an earlier release kept, which spoke of stages only."""
    return [
        Line(
            subject=str(one.get("subject") or f"stage:{one['stage']}"),
            complaint_id=int(str(one["complaint"])) if one.get("complaint") is not None else None,
            rung=str(one["rung"]),
            about=str(one.get("about", "")),
            step=int(str(one["step"])),
            to=To[str(one["to"])],
        )
        for one in data
    ]


def lines_to(lines: Iterable[Line]) -> list[dict[str, object]]:
    """Lines in the form the outbox keeps: ids and rungs only."""
    return [
        {
            "subject": line.subject,
            "complaint": line.complaint_id,
            "rung": line.rung,
            "about": line.about,
            "step": line.step,
            "to": line.to.name,
        }
        for line in lines
    ]
