"""Whether each rung came, on its very day and once: the ladder climbed anew, step by step, from what the diary knows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.roads.year.cast import Cast, Member
from tests.roads.year.days import FIRST, LAST, LONDON, STEPS, at, beats, left, working_days
from tests.roads.year.diary import ACTION, COMMITMENT, COMPLAINT, REMEDY, State, Thing
from tests.roads.year.judge_messages import LAST_HOUR
from tests.roads.year.slack import Post
from tests.roads.year.year import Year

# Name, working days left, and after how many it comes again: what the owner is told, as the documentation has it.
RUNGS: Mapping[str, Sequence[tuple[str, int, int]]] = {
    COMPLAINT: (("due in 5", 5, 0), ("due in 2", 2, 0), ("due today", 0, 0), ("overdue", -1, 5)),
    ACTION: (("action in 5", 5, 0), ("action today", 0, 0), ("action overdue", -1, 5)),
    REMEDY: (("remedy in 5", 5, 0), ("remedy today", 0, 0), ("remedy overdue", -1, 5)),
    COMMITMENT: (
        ("commitment in 20", 20, 0), ("commitment in 5", 5, 0), ("commitment today", 0, 0), ("commitment overdue", -1, 5),
    ),
}  # fmt: skip
Said = tuple[str, int]
# What people do at an hour they do before the worker's turn at that hour.
_ACTS = timedelta(minutes=5)


def doubled(posts: list[Post], _year: Year) -> Iterator[str]:
    """Rungs that were said twice of one thing, date and step to one person."""
    said: dict[tuple[object, ...], Post] = {}
    for post in posts:
        for line in post.lines:
            before = said.setdefault((line.subject, line.rung, line.about, line.step, post.to), post)
            if before is not post:
                yield f"{post.to} heard “{line.rung}” of {line.subject} ({line.about}) in {before.name} and in {post.name}"


def skipped(posts: list[Post], year: Year) -> Iterator[str]:
    """Rungs that did not come on their day to an owner who was there, or came on another; while owner and worker stayed."""
    heard: dict[tuple[str, str], list[tuple[datetime, Said]]] = defaultdict(list)
    for post in posts:
        for line in post.lines:
            if line.to == "OWNER" and post.to is not None:
                heard[line.subject, post.to].append((post.at, (line.rung, line.step)))
    for thing in year.diary.of(*RUNGS):
        names = {name for name, _, _ in RUNGS[thing.kind]}
        for owner in {state.owner for state in thing.states if state.owner}:
            came = [one for one in heard[thing.subject, owner] if one[1][0] in names]
            yield from _climbed(thing, year.county.cast, owner, came, year.diary.ran)


def _climbed(
    thing: Thing, cast: Cast, owner: str, heard: Sequence[tuple[datetime, Said]], ran: set[date]
) -> Iterator[str]:
    who, told = cast.members[owner], set[tuple[date, int, Said]]()
    for day in working_days(max(FIRST, thing.states[0].since.astimezone(LONDON).date()), LAST):
        today = [(moment, said) for moment, said in heard if moment.astimezone(LONDON).date() == day]
        came, moment = [said for _, said in today], _moment(day, who)
        state = thing.at(at(day, STEPS[0]))
        # What changes in the middle of the day is told on that day or the next; and somebody else is told of what is not theirs.
        steady = state is not None and state is thing.at(at(day, STEPS[-1]))
        if moment is not None and state is not None and steady and who.is_here(moment):
            wanted = _reached(thing, state, day)
            expected = (
                day in ran
                and state.owner == owner
                and not state.over
                and wanted is not None
                and (state.due, state.round, wanted) not in told
                and not _put_off(thing, owner, day, moment + _ACTS)
            )
            if came != ([wanted] if expected else []):
                what = f"{thing.subject} of {thing.reference}, due {state.due} and owned by {state.owner}"
                yield f"{who.name} heard {came} on {day} of {what}, and should have heard {wanted if expected else 'nothing'}"
        for instant, said in today:
            then = thing.at(instant)
            told |= {(then.due, then.round, said)} if then else set()


def _reached(thing: Thing, state: State, day: date) -> Said | None:
    """The furthest rung that was reached by a day, and how often it came round since."""
    measured = left(day, state.due, day)
    reached = [(name, days, every) for name, days, every in RUNGS[thing.kind] if measured <= days]
    if not reached:
        return None
    name, days, every = reached[-1]
    return name, (days - measured) // every if every else 0


def _put_off(thing: Thing, who: str, day: date, now: datetime) -> bool:
    return any(by == who and since <= now and day < until for by, since, until in thing.snoozed)


def _moment(day: date, who: Member) -> datetime | None:
    """When on a day in London this person is first written to; None when the worker has no turn in their hours."""
    for step in beats(day):
        own = at(day, step).astimezone(ZoneInfo(who.tz))
        if who.hour <= own.hour < LAST_HOUR:
            return at(day, step)
    return None
