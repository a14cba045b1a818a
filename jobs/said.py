"""What each line of a nudge says, from the register as it is at the moment of sending."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from bot.blocks import words
from bot.blocks.message import safe
from bot.blocks.nudge import MOST_LINES, NudgeLine
from jobs import nudges, sources
from jobs.nudges import Line
from jobs.sources.source import Saying
from jobs.staff import Staff
from storage.dates import in_words
from storage.models import Snooze
from storage.office import Desk


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a nudge that fit, and how many there are in all and overdue."""

    shown: list[NudgeLine]
    total: int
    overdue: int


def said(desk: Desk, staff: Staff, lines: Sequence[Line], person_id: int) -> Lines:
    """The lines that are still true, the most urgent first. Only those that are shown are looked up one by one."""
    true = _true(desk, staff, lines, person_id)
    shown = [one for one in (_words(desk, saying) for saying in true[:MOST_LINES]) if one is not None]
    late = sum(nudges.urgency(one.measure, one.matter) < 0 for one in true)
    return Lines(shown=shown, total=len(true), overdue=late)


def said_since(desk: Desk, staff: Staff, lines: Sequence[Line], person_id: int, since: datetime) -> Lines:
    """The same for a message that was sent before: what was done meanwhile says by whom and when."""
    true = {id(one.line): one for one in _true(desk, staff, lines, person_id)}
    shown: list[NudgeLine] = []
    for line in lines[:MOST_LINES]:
        saying = true.get(id(line))
        now = _words(desk, saying) if saying else None
        can_wait = saying is not None and nudges.may_be_put_off(saying.measure, saying.matter)
        later = _put_off(desk, line, person_id) if now and can_wait else None
        shown.append(later or now or _done(desk, line, since))
    still = [one for one in shown if one.done is None]
    left_out = [true[id(line)] for line in lines[MOST_LINES:] if id(line) in true]
    late = sum(one.overdue for one in still) + sum(nudges.urgency(one.measure, one.matter) < 0 for one in left_out)
    return Lines(shown=shown, total=len(still) + len(left_out), overdue=late)


def _true(desk: Desk, staff: Staff, lines: Sequence[Line], person_id: int) -> list[Saying]:
    matters = sources.these(desk, staff, [line.subject for line in lines])
    true = []
    for line in lines:
        matter, rung = matters.get(line.subject), desk.ladder.rung(line.rung)
        if matter is not None and rung is not None and nudges.still_due(line, matter, person_id, ladder=desk.ladder):
            true.append(Saying(line, rung.measure, matter, person_id, staff))
    true.sort(key=lambda one: (nudges.urgency(one.measure, one.matter), one.line.subject))
    return true


def _words(desk: Desk, saying: Saying) -> NudgeLine | None:
    one = sources.SOURCES[saying.line.subject.partition(":")[0]].said(desk, saying)
    if one is None:
        return None
    days = nudges.next_in(saying.line, saying.matter, saying.reader_id, desk.ladder)
    again = desk.calendar.add(desk.today, days) if days else None
    snooze = saying.line.subject if nudges.may_be_put_off(saying.measure, saying.matter) else None
    return replace(one, snooze=snooze, again=again)


def _put_off(desk: Desk, line: Line, person_id: int) -> NudgeLine | None:
    """What a line says that its reader put off."""
    until = desk.session.scalar(
        select(func.max(col(Snooze.until_on))).where(
            col(Snooze.subject) == line.subject,
            col(Snooze.person_id) == person_id,
            col(Snooze.until_on) > desk.today,
        )
    )
    if until is None:
        return None
    source = sources.SOURCES[line.subject.partition(":")[0]]
    return NudgeLine(name=source.name(desk, line), said="", why="", done=f"put off until {in_words(until)}")


def _done(desk: Desk, line: Line, since: datetime) -> NudgeLine:
    source = sources.SOURCES.get(line.subject.partition(":")[0])
    settled = source.settled(desk, line, since) if source else None
    if settled is None:
        done = "needs nothing from you any more"
    else:
        by = f" by {safe(settled.who.name)}" if settled.who else ""
        done = f"{settled.what}{by} at {words.clock(settled.at)}"
    return NudgeLine(name=source.name(desk, line) if source else line.subject, said="", why="", done=done)
