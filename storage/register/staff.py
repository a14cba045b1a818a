"""When people are away, who stands in meanwhile, and when they leave.

Everybody says it of themselves; of others a complaints manager, and a senior manager of the people of their service. What is
theirs stays theirs while they are away: whoever stands in may do what they may.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, or_, select

from storage import covering, outbox, people
from storage.dates import in_words, in_words_range
from storage.errors import AlreadyDone, FieldProblems, Refusal, UnknownReference
from storage.models import Absence, Appointment, CouncilChange, Person
from storage.office import Desk
from storage.permissions import TABLE, Operation, may
from storage.register import ledger
from storage.vocabulary import CouncilMatter, MessageKind

LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
# One answer for who isn't there and for who is somebody else's to speak for.
_NOBODY = (
    "There is nobody of that name whose days you can set. You can set your own; a senior manager can for their service, "
    "and a complaints manager for everybody."
)


class NewAbsence(BaseModel):
    """Days off, both included, and who stands in; without `cover_id` whoever stands in on overlapping days goes on."""

    model_config = ConfigDict(frozen=True)

    from_on: date
    until_on: date
    cover_id: int | None = None


def leaving(desk: Desk, person_id: int, last_day: date | None) -> Person:
    """Records the last day at work (Europe/London), today or later; None takes it back.

    Raises FieldProblems on `last_day`; AlreadyDone for what is recorded already; NotAllowed; UnknownReference.
    """
    person = _subject(desk, person_id)
    if last_day == person.leaves_on:
        if last_day is None:
            raise AlreadyDone(f"No last day is recorded for {_whom(desk, person)}. There is nothing to do.")
        raise AlreadyDone(f"{in_words(last_day)} is recorded as the last day already. There is nothing to do.")
    if last_day is not None and not desk.today <= last_day <= desk.calendar.last_day:
        raise FieldProblems(
            {"last_day": f"Choose the last day at work, from today to {in_words(desk.calendar.last_day)}."}
        )
    before, person.leaves_on = person.leaves_on, last_day
    last_day_moved(desk, person, before)
    return person


def away(desk: Desk, person_id: int, absence: NewAbsence) -> Absence:
    """Records days off. Whoever stands in is told once, on the first working day of it.

    Days that overlap with ones recorded before are put together; another cover takes over from today, or from the first of the
    new days. Raises FieldProblems on `from_on`, `until_on` and `cover_id`; AlreadyDone when just this is recorded already;
    Refusal for somebody who has left; NotAllowed; UnknownReference.
    """
    person = _subject(desk, person_id)
    if person.deactivated_at is not None or (person.leaves_on is not None and person.leaves_on < desk.today):
        raise Refusal(f"{person.name} is not here any more. Hand over what they own: /complaint handover @name.")
    _refuse(_days_problems(desk, absence.from_on, absence.until_on))
    before = _overlapping(desk, person_id, absence)
    covers = {one.cover_id for one in before} - {None}
    cover_id = absence.cover_id if absence.cover_id is not None or len(covers) != 1 else covers.pop()
    same, others = _parted(before, cover_id)
    first = absence.from_on
    for other in others:
        if other.until_on > absence.until_on:
            raise FieldProblems({"until_on": _goes_on(desk, person, other)})
        if other.from_on < desk.today:
            # Who stood in until now is history.
            first = max(first, desk.today)
    same = [one for one in same if one.until_on >= first]
    first, last = min([first, *(one.from_on for one in same)]), max([absence.until_on, *(one.until_on for one in same)])
    if len(same) == 1 and not others and (same[0].from_on, same[0].until_on) == (first, last):
        raise AlreadyDone(f"{_said_away(desk, person, same[0])} already. There is nothing to do.")
    problems = _days_problems(desk, first, last)
    if cover_id is not None:
        problems["cover_id"] = covering.why_not(desk, cover_id, person_id, first, last)
    _refuse(problems)
    for other in others:
        _end(desk, other, min(other.until_on, first - _DAY))
    return _kept(desk, person_id, same, NewAbsence(from_on=first, until_on=last, cover_id=cover_id))


def back(desk: Desk, person_id: int) -> Absence:
    """Ends an absence: the person is at work today. Raises AlreadyDone when they are not away; NotAllowed; UnknownReference."""
    person = _subject(desk, person_id)
    today = NewAbsence(from_on=desk.today, until_on=desk.today)
    now = _overlapping(desk, person_id, today)
    if not now:
        whose = "You are" if _is_self(desk, person) else f"{person.name} is"
        raise AlreadyDone(f"{whose} not down as away today. There is nothing to do.")
    for one in now:
        _end(desk, one, desk.today - _DAY)
    ledger.redraw_ownership(desk, person_id)
    return now[0]


def stays(desk: Desk, person_id: int) -> Sequence[Absence]:
    """Takes back absences that have not begun. Raises AlreadyDone when there are none; NotAllowed; UnknownReference."""
    person = _subject(desk, person_id)
    planned = desk.session.exec(
        select(Absence).where(
            Absence.person_id == person_id, Absence.from_on > desk.today, Absence.until_on >= Absence.from_on
        )
    ).all()
    if not planned:
        raise AlreadyDone(
            f"No absence is planned for {_whom(desk, person)}. One that has begun ends with /complaint back."
        )
    for one in planned:
        _end(desk, one, one.from_on - _DAY)
    return planned


def must_speak_for(desk: Desk, person_id: int) -> Person:
    """The person, when this one may say of them when they are away or leave. Raises NotAllowed; UnknownReference."""
    speaks = person_id == desk.actor.person_id
    if not speaks and desk.actor.person_id is not None and not desk.actor.has(*TABLE[Operation.STAFF]):
        desk.require(Operation.STAFF)
    person = desk.session.get(Person, person_id)
    if person is None or not (speaks or _over(desk, person_id)):
        raise UnknownReference(_NOBODY)
    return person


def last_day_moved(desk: Desk, person: Person, before: date | None) -> None:
    """Puts on record that somebody has another last day, or none; whoever set it has looked whether they may."""
    noted(desk, person.id or 0, {"leaves": _iso(person.leaves_on), "before": _iso(before)})
    ledger.redraw_ownership(desk, person.id or 0)


def noted(desk: Desk, person_id: int, data: dict[str, Any]) -> None:
    """Puts on record, for good, what changed about a person: ids and dates, no names."""
    change = CouncilChange(
        matter=CouncilMatter.PEOPLE,
        changed_at=desk.now,
        actor_id=desk.actor.person_id,
        data={"person": person_id, **data},
    )
    desk.session.add(change)


def _subject(desk: Desk, person_id: int) -> Person:
    """The person, locked: two who speak at once for one person do it one after the other."""
    must_speak_for(desk, person_id)
    return desk.session.exec(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _over(desk: Desk, person_id: int) -> bool:
    """Whether this person is over somebody, by the teams for which that one has a role today or later."""
    teams = desk.session.exec(
        select(Appointment.team_id).where(
            Appointment.person_id == person_id,
            or_(col(Appointment.until_on).is_(None), col(Appointment.until_on) >= desk.today),
        )
    ).all()
    lines = [desk.teams.line(team_id) for team_id in teams if team_id is not None]
    return any(may(desk.actor, Operation.STAFF, team_line=line) for line in (*lines, ()))


def _overlapping(desk: Desk, person_id: int, absence: NewAbsence) -> list[Absence]:
    return list(
        desk.session.exec(
            select(Absence)
            .where(
                Absence.person_id == person_id,
                Absence.from_on <= absence.until_on,
                Absence.until_on >= absence.from_on,
                Absence.until_on >= Absence.from_on,
            )
            .order_by(col(Absence.from_on), col(Absence.id))
            .execution_options(populate_existing=True)
        ).all()
    )


def _parted(before: list[Absence], cover_id: int | None) -> tuple[list[Absence], list[Absence]]:
    """Those with this cover, and those with another."""
    same = [one for one in before if one.cover_id == cover_id]
    return same, [one for one in before if one.cover_id != cover_id]


def _kept(desk: Desk, person_id: int, same: list[Absence], absence: NewAbsence) -> Absence:
    """One row for all of it. One that has begun goes on, since whoever stands in was told; one that hasn't is made anew."""
    kept = next((one for one in same if one.from_on <= desk.today), None)
    for one in same:
        if one is not kept:
            _end(desk, one, one.from_on - _DAY)
    if kept is None:
        kept = Absence(person_id=person_id, **absence.model_dump())
        desk.session.add(kept)
    kept.from_on, kept.until_on = absence.from_on, absence.until_on
    desk.session.flush()
    dates = {"from": _iso(kept.from_on), "until": _iso(kept.until_on)}
    noted(desk, person_id, {"absence": kept.id, **dates, "cover": kept.cover_id})
    ledger.redraw_ownership(desk, person_id)
    if kept.cover_id is not None:
        outbox.put(
            desk.session,
            key=f"covering:{kept.id}",
            kind=MessageKind.COVERING,
            now=desk.now,
            person_id=kept.cover_id,
            data={"absence": kept.id},
            not_before=_when_told(desk, kept.cover_id, kept.from_on),
        )
    return kept


def _when_told(desk: Desk, cover_id: int, first: date) -> datetime:
    """The first working day of it, at the hour and in the time zone of whoever stands in."""
    cover = desk.session.get_one(Person, cover_id)
    day = desk.calendar.on_or_after(max(first, desk.today))
    return max(datetime.combine(day, time(cover.nudge_hour), ZoneInfo(cover.tz)), desk.now)


def _end(desk: Desk, absence: Absence, last: date) -> None:
    """Moves the last day of an absence; one that ends before it begins never came about."""
    if absence.until_on != last:
        absence.until_on = max(last, absence.from_on - _DAY)
        noted(desk, absence.person_id, {"absence": absence.id, "until": _iso(absence.until_on)})


def _days_problems(desk: Desk, first: date, last: date) -> dict[str, str | None]:
    if last < first:
        return {"until_on": "Choose the first day of the absence or a later one."}
    if last < desk.today:
        return {"until_on": "Choose today or a later day: an absence that is over needs no entry."}
    if last > desk.calendar.last_day:
        return {"until_on": f"The calendar reaches to {in_words(desk.calendar.last_day)}. Check the year."}
    return {"until_on": "An absence can be up to a year. Check the years."} if last - first > LONGEST else {}


def _refuse(found: dict[str, str | None]) -> None:
    problems = {name: wrong for name, wrong in found.items() if wrong}
    if problems:
        raise FieldProblems(problems)


def _is_self(desk: Desk, person: Person) -> bool:
    return person.id == desk.actor.person_id


def _whom(desk: Desk, person: Person) -> str:
    return "you" if _is_self(desk, person) else person.name


def _said_away(desk: Desk, person: Person, absence: Absence) -> str:
    """`You are down as away 1 December 2026 to 12 December 2026, with Noor Eastham standing in`."""
    cover = people.everyone(desk.session, [absence.cover_id]).get(absence.cover_id or 0)
    stands_in = f", with {cover.name} standing in" if cover else ""
    who = "You are" if _is_self(desk, person) else f"{person.name} is"
    return f"{who} down as away {in_words_range(absence.from_on, absence.until_on)}{stands_in}"


def _goes_on(desk: Desk, person: Person, absence: Absence) -> str:
    return f"{_said_away(desk, person, absence)}. Choose {in_words(absence.until_on)} or a later day, or end that absence first."


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
