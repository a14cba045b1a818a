"""The year as it would have been with one thing gone wrong: each judgement has to see what it is there for."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import select

from storage.models import Event
from storage.vocabulary import EventKind
from tests.roads.year import judge_ladder, judge_messages, judge_ownership
from tests.roads.year.cast import Cast, Member
from tests.roads.year.days import DAY, LONDON, STEPS, at
from tests.roads.year.diary import Thing
from tests.roads.year.slack import SCHEDULED, Post
from tests.roads.year.year import Year

Spoiled = tuple[list[Post], Year]


def one_more_on_a_day(posts: list[Post], year: Year) -> Spoiled:
    found = _scheduled(posts)
    return [*posts, replace(found, at=found.at + timedelta(minutes=50), name="another", key="another")], year


def on_a_sunday(posts: list[Post], year: Year) -> Spoiled:
    found = _scheduled(posts)
    return [*posts, replace(found, at=found.at + DAY * (6 - found.at.weekday()), name="another", key="another")], year


def after_hours(posts: list[Post], year: Year) -> Spoiled:
    return _instead(posts, _scheduled(posts), lambda post: replace(post, at=post.at + timedelta(hours=9))), year


def before_their_hour(posts: list[Post], year: Year) -> Spoiled:
    return _instead(posts, _scheduled(posts), lambda post: replace(post, at=post.at - timedelta(hours=3))), year


def sent_twice(posts: list[Post], year: Year) -> Spoiled:
    return [*posts, posts[len(posts) // 2]], year


def lost(posts: list[Post], year: Year) -> Spoiled:
    return posts[:500] + posts[501:], year


def to_somebody_gone(posts: list[Post], year: Year) -> Spoiled:
    found = next(post for post in reversed(posts) if post.to)
    gone = next(one for one in year.county.cast.members.values() if one.is_gone(found.at))
    return _instead(posts, found, lambda post: replace(post, to=gone.slack_id)), year


def to_somebody_away(posts: list[Post], year: Year) -> Spoiled:
    found, away = next(
        (post, who) for post in posts if post.kind in SCHEDULED and post.to for who in _away(year.county.cast, post.at)
    )
    return _instead(posts, found, lambda post: replace(post, to=away.slack_id)), year


def given_to_somebody_away(posts: list[Post], year: Year) -> Spoiled:
    def off(who: Member, day: date, _moment: datetime) -> None:
        who.away.append((day, day, None))

    return posts, _with_whoever_got_work(year, off)


def given_to_a_leaver(posts: list[Post], year: Year) -> Spoiled:
    def leaves(who: Member, day: date, moment: datetime) -> None:
        who.last_day, who.said_at = day + DAY, moment - DAY

    return posts, _with_whoever_got_work(year, leaves)


def a_rung_twice(posts: list[Post], year: Year) -> Spoiled:
    found = next(post for post in posts if post.lines)
    return [*posts, replace(found, at=found.at + DAY, name="another", key="another")], year


def a_rung_left_out(posts: list[Post], year: Year) -> Spoiled:
    return _instead(posts, _to_an_owner(posts, year), lambda post: replace(post, lines=())), year


def a_rung_a_day_late(posts: list[Post], year: Year) -> Spoiled:
    return _instead(posts, _to_an_owner(posts, year), lambda post: replace(post, at=post.at + DAY)), year


def silent_about_orphans(posts: list[Post], year: Year) -> Spoiled:
    return [_without(post, judge_ownership.ORPHANED) for post in posts], year


def silent_up_the_line(posts: list[Post], year: Year) -> Spoiled:
    return [_without(post, judge_ownership.OVERDUE_UP | judge_ownership.VERIFY_UP) for post in posts], year


# Judgements by the function that makes them, each with what it must not let pass.
SPOILED: Mapping[Callable[..., Iterator[str]], tuple[Callable[[list[Post], Year], Spoiled], ...]] = {
    judge_messages.one_a_day: (one_more_on_a_day, on_a_sunday, after_hours, before_their_hour),
    judge_messages.once: (sent_twice, lost),
    judge_messages.written_to_the_unavailable: (to_somebody_gone, to_somebody_away),
    judge_messages.given_to_the_unavailable: (given_to_somebody_away, given_to_a_leaver),
    judge_ladder.doubled: (a_rung_twice,),
    judge_ladder.skipped: (a_rung_left_out, a_rung_a_day_late),
    judge_ownership.unheard: (silent_about_orphans,),
    judge_ownership.unkept: (silent_up_the_line,),
}


def _scheduled(posts: list[Post]) -> Post:
    """A message of which everybody gets one on a day; on a Monday, so that Sunday is far."""
    return next(post for post in posts if post.kind in SCHEDULED and post.to and post.at.weekday() == 0)


def _to_an_owner(posts: list[Post], year: Year) -> Post:
    """One that told somebody that a complaint of theirs is due in five days, with which nothing happened on that day."""
    return next(
        post
        for post in posts
        for line in post.lines
        if line.rung == "due in 5" and line.to == "OWNER" and _steady(year.diary.things[line.subject], post.day)
    )


def _steady(thing: Thing, day: date) -> bool:
    return thing.at(at(day, STEPS[0])) is thing.at(at(day, STEPS[-1]))


def _instead(posts: list[Post], which: Post, change: Callable[[Post], Post]) -> list[Post]:
    return [change(post) if post is which else post for post in posts]


def _without(post: Post, rungs: set[str]) -> Post:
    return replace(post, lines=tuple(line for line in post.lines if line.rung not in rungs))


def _away(cast: Cast, moment: datetime) -> list[Member]:
    day = moment.astimezone(LONDON).date()
    return [one for one in cast.members.values() if one.absence(day) and not one.is_gone(moment)]


def _with_whoever_got_work(year: Year, change: Callable[[Member, date, datetime], None]) -> Year:
    """The same year, had whoever claimed the first complaint not been able to."""
    with year.county.wired.database.reading() as session:
        claimed = session.exec(select(Event).where(Event.kind == EventKind.CLAIMED).order_by(Event.id)).first()  # type: ignore[arg-type]  # reason: a column
    assert claimed is not None
    cast = deepcopy(year.county.cast)
    change(cast.by_id(claimed.data["owner"]), claimed.recorded_at.astimezone(LONDON).date(), claimed.recorded_at)
    return replace(year, county=replace(year.county, cast=cast))
