"""What nobody may ever get: two scheduled messages on a day, one outside their hours, one twice, one while they are away."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import select

from storage.models import CommitmentEvent, Complaint, Event, Stage
from storage.vocabulary import CommitmentKind, EventKind, MessageKind
from tests.roads.year.cast import Cast
from tests.roads.year.days import LONDON, works
from tests.roads.year.slack import SCHEDULED, Post, sent, unsent
from tests.roads.year.year import Year

# After this hour of a person's day nothing is sent: a setting, left as it is.
LAST_HOUR = 17
# With these somebody gets work.
_GIVEN = {
    EventKind.CLAIMED, EventKind.ALLOCATED, EventKind.ACTION_ADDED, EventKind.ACTION_MOVED, EventKind.REMEDY_AGREED,
    EventKind.REMEDY_MOVED,
}  # fmt: skip


def one_a_day(posts: list[Post], year: Year) -> Iterator[str]:
    """Who got a second scheduled message on a day of theirs, or one on a day off or outside their hours."""
    have: dict[tuple[str, date], Post] = {}
    for post in posts:
        if post.kind not in SCHEDULED or post.to is None:
            continue
        who = year.county.cast.members[post.to]
        own = post.at.astimezone(ZoneInfo(who.tz))
        before = have.setdefault((post.to, own.date()), post)
        if before is not post:
            yield f"{who.name} got {before.name} at {before.at} and {post.name} at {post.at}, on one day of theirs"
        if not works(own.date(), own.date()):
            yield f"{who.name} got {post.name} on {own:%A %d %B %Y}, a day off"
        if not who.hour <= own.hour < LAST_HOUR:
            yield f"{who.name}, who asked for {who.hour}:00, got {post.name} at {own:%H:%M} of {own:%d %B %Y}"


def once(posts: list[Post], year: Year) -> Iterator[str]:
    """What stands twice in Slack, or not at all though it was sent; and what was never sent."""
    times = Counter(post.key for post in posts)
    for post in posts:
        if times[post.key] > 1:
            yield f"{post.name} to {post.to} stands {times[post.key]} times in Slack"
    lost = sent(year.county) - set(times)
    yield from (f"a message that counts as sent is not in Slack: {key}" for key in sorted(lost))
    yield from unsent(year.county)


def written_to_the_unavailable(posts: list[Post], year: Year) -> Iterator[str]:
    """Who was nudged while away, or written to at all when they were gone."""
    for post in posts:
        if post.to is None:
            continue
        who, day = year.county.cast.members[post.to], post.at.astimezone(LONDON).date()
        if who.is_gone(post.at):
            yield f"{who.name}, gone since {who.gone_at}, got {post.name} at {post.at}"
        elif who.absence(day) is not None and post.kind in {*SCHEDULED, MessageKind.COVERING}:
            yield f"{who.name}, away {who.absence(day)}, got {post.name} at {post.at}"


def given_to_the_unavailable(_posts: list[Post], year: Year) -> Iterator[str]:
    """Who was given work while away or gone, or while it was known that they leave before it is due."""
    cast = year.county.cast
    with year.county.wired.database.reading() as session:
        references = dict(session.exec(select(Complaint.id, Complaint.reference)).all())
        subjects = dict(session.exec(select(Stage.complaint_id, Stage.id)).all())
        events = session.exec(select(Event).where(Event.kind.in_(_GIVEN))).all()  # type: ignore[attr-defined]  # reason: a column
        promises = session.exec(select(CommitmentEvent)).all()
    for event in events:
        number = event.data.get("action") or event.data.get("remedy")
        kind = "action" if "action" in event.data else "remedy"
        subject = f"{kind}:{number}" if number else f"stage:{subjects[event.complaint_id]}"
        what = f"{event.kind.value} of {references[event.complaint_id]} ({subject})"
        yield from _unable(year, cast, event.data.get("owner"), subject, what, event)
    for made in promises:
        if made.kind in {CommitmentKind.MADE, CommitmentKind.MOVED}:
            subject = f"commitment:{made.commitment_id}"
            yield from _unable(year, cast, made.data.get("owner"), subject, f"{made.kind.value} of {subject}", made)


def _unable(  # noqa: PLR0917 - what the judgement needs
    year: Year, cast: Cast, owner_id: int | None, subject: str, what: str, event: Event | CommitmentEvent
) -> Iterator[str]:
    if owner_id is None:
        return
    who, at = cast.by_id(owner_id), event.recorded_at
    state = year.diary.things[subject].at(at)
    due = state.due if state else date.min
    if not who.is_here(at):
        yield f"{who.name} got work while not there: {what} at {at}; away {who.away}, gone {who.gone_at}"
    elif not who.stays(at, due):
        yield f"{who.name}, who said that they leave on {who.last_day}, got work due on {due}: {what} at {at}"
