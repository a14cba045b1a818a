"""Whether what lost its owner was put to somebody above within a working day, and what was promised ended well or there."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from storage.vocabulary import Role
from tests.roads.year.cast import Cast
from tests.roads.year.days import DAY, FIRST, LAST, LONDON, STEPS, after, at, working_days
from tests.roads.year.diary import ACTION, COMMITMENT, REMEDY, Thing
from tests.roads.year.slack import Line, Post
from tests.roads.year.year import Year

# What people do at an hour they do before the worker's turn at that hour.
_ACTS = timedelta(minutes=5)
ORPHANED = {"owner gone", "owner gone, up the line", "away without cover"}
OVERDUE_UP = {"action overdue, up the line", "remedy overdue, up the line", "commitment overdue, up the line"}
VERIFY_UP = {"to be verified, up the line"}


def unheard(posts: list[Post], year: Year) -> Iterator[str]:
    """What was without a living owner for longer than one working day of the worker's, and nobody above was told."""
    cast, told = year.county.cast, _told(posts)
    for thing in year.diary.things.values():
        since, whose, days = FIRST, "", 0
        for day in sorted(year.diary.ran):
            owner = _orphaned_on(thing, cast, day)
            if owner is None or owner != whose:
                # Whatever happened to it on a day that was not whole may have been told on that day.
                since, whose, days = day if owner is None else since, owner or "", 0
            if owner is not None:
                days += 1
            if owner is not None and days == 2 and not _someone_above(told, thing, cast, owner, since, day):
                yield (
                    f"{thing.subject} ({thing.reference}, {thing.team}) had {cast.members[owner].name} as its owner, who was "
                    f"not there since {since}, and nobody above was told by the end of {day}"
                )


def _orphaned_on(thing: Thing, cast: Cast, day: date) -> str | None:
    """The owner, when on all of a day neither they nor anybody who stands in could see to it."""
    owners = set()
    for step in STEPS:
        moment = at(day, step) + _ACTS
        state = thing.at(moment)
        if state is None or state.owner is None or state.over or cast.standing_in(state.owner, moment) is not None:
            return None
        owners.add(state.owner)
    return owners.pop() if len(owners) == 1 else None


def _told(posts: list[Post]) -> dict[tuple[str, str], list[tuple[Post, Line]]]:
    """What was said of ownership, by whose it is and for which team."""
    found = defaultdict(list)
    for post in posts:
        for line in post.lines:
            if line.rung in ORPHANED:
                owner, _, team = line.subject.removeprefix("person:").partition("/")
                found[owner, team].append((post, line))
    return found


def _someone_above(  # noqa: PLR0917 - what the judgement needs
    told: dict[tuple[str, str], list[tuple[Post, Line]]], thing: Thing, cast: Cast, owner: str, first: date, last: date
) -> bool:
    """Whether somebody above was told of it, in words that name its owner, between two days and while it was so."""
    who = cast.members[owner]
    team = str(cast.teams[thing.team]) if thing.team else "0"
    return any(
        at(first, time(0)) <= post.at < at(last + DAY, time(0))
        and thing.owner_at(post.at) == owner
        and cast.standing_in(owner, post.at) is None
        and who.name in post.text
        and post.to in _above(cast, thing.team, owner, post.at)
        for post, _line in told[str(who.id), team]
    )


def _above(cast: Cast, team: str | None, owner: str, now: datetime) -> set[str]:
    """The senior managers over a team who are there, or who stands in; the complaints managers where there is none."""
    seniors = cast.of(Role.SENIOR_MANAGER, now, team) if team else []
    found = {cast.standing_in(one.slack_id, now) for one in seniors if one.slack_id != owner} - {None}
    managers = {cast.standing_in(one.slack_id, now) for one in cast.of(Role.COMPLAINTS_MANAGER, now)} - {None}
    return {one for one in found or managers if one}


def unkept(posts: list[Post], year: Year) -> Iterator[str]:
    """Actions, remedies and commitments that neither ended well nor came before somebody above, though they were due."""
    up: dict[str, set[str]] = defaultdict(set)
    gone: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        for line in post.lines:
            if line.rung in OVERDUE_UP | VERIFY_UP and post.to:
                up[line.subject].add(line.rung)
            if line.rung in ORPHANED:
                gone[line.subject.partition("/")[0]].append(post)
    for thing in year.diary.of(ACTION, REMEDY, COMMITMENT):
        state = thing.now
        if state.verified or state.due > LAST:
            continue
        if not state.over and up[thing.subject] & OVERDUE_UP:
            continue
        if state.over and (up[thing.subject] & VERIFY_UP or _lately(state.since) or thing.kind == REMEDY):
            continue
        yield f"{thing.subject} of {thing.reference}, due {state.due}, {state}: neither done nor before somebody above"


def _lately(since: datetime) -> bool:
    """Whether the complaints team has had less than ten working days to see that it was done."""
    return after(since.astimezone(LONDON).date(), 11, LAST) > LAST


def orphan_days(year: Year) -> int:
    """How many things had nobody on how many days: that there were any to be told of."""
    cast = year.county.cast
    return sum(
        _orphaned_on(thing, cast, day) is not None
        for thing in year.diary.things.values()
        for day in working_days(FIRST, LAST)
    )
