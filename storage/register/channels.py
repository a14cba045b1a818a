"""Channels whose members agreed to be listened to, and the suggestions to record that were made there.

What anybody wrote is never kept: a suggestion is a channel, a time and the person it was made to.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, select
from sqlmodel import SQLModel, col

from storage.database import inserting
from storage.dates import in_words, london_day
from storage.errors import AlreadyDone, Refusal
from storage.models import CouncilChange, ListeningChannel, Suggestion
from storage.office import Desk
from storage.permissions import Operation, may
from storage.vocabulary import CouncilMatter

# A suggestion is kept so that it isn't made twice: Slack delivers again within minutes, and a day has one.
_KEPT_DAYS = 30


def listen(desk: Desk, channel: str) -> None:
    """Begins to listen in a channel. Raises AlreadyDone when it is listened to; Refusal for a direct message; NotAllowed."""
    desk.require(Operation.ORGANISE)
    if channel.startswith("D"):
        raise Refusal("This is a direct message. Type /complaint listen on in the channel of a team.")
    row = {"channel": channel, "since": desk.today, "set_by_id": desk.actor.person_id}
    if not _added(desk, ListeningChannel, row, col(ListeningChannel.channel)):
        since = desk.session.scalar(select(col(ListeningChannel.since)).where(col(ListeningChannel.channel) == channel))
        when = f" since {in_words(since)}" if since else ""
        raise AlreadyDone(f"Listening is on in this channel{when}. Type /complaint listen off to turn it off.")
    _noted(desk, channel, listening=True)


def stop(desk: Desk, channel: str) -> None:
    """Ends listening in a channel. Raises AlreadyDone when it isn't listened to; NotAllowed."""
    desk.require(Operation.ORGANISE)
    gone = delete(ListeningChannel).where(col(ListeningChannel.channel) == channel)
    if desk.session.scalar(gone.returning(col(ListeningChannel.channel))) is None:
        raise AlreadyDone("Listening is off in this channel. Type /complaint listen on to turn it on.")
    _noted(desk, channel, listening=False)


def suggest(desk: Desk, channel: str, ts: str, slack_id: str) -> bool:
    """Whether the person of this desk is to be asked to record their message; True at most once for it.

    `ts` is Slack's time of the message. One a person, channel and day of the message in London, decided by the database, so that
    two deliveries at once make one. False for somebody who may not record, and where nobody listens.
    """
    when = _instant(ts)
    listens = select(col(ListeningChannel.channel)).where(col(ListeningChannel.channel) == channel)
    if when is None or not may(desk.actor, Operation.RECORD) or desk.session.scalar(listens) is None:
        return False
    row = {"channel": channel, "ts": ts, "slack_id": slack_id, "day": london_day(when), "suggested_at": desk.now}
    if not _added(desk, Suggestion, row, col(Suggestion.id)):
        return False
    old = desk.today - timedelta(days=_KEPT_DAYS)
    desk.session.execute(delete(Suggestion).where(col(Suggestion.day) < old))
    return True


def _instant(ts: str) -> datetime | None:
    """The instant that one of Slack's times names; None for what is none."""
    seconds, _, rest = ts.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10 and len(rest) <= 10):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _added(desk: Desk, model: type[SQLModel], row: dict[str, Any], returned: Any) -> bool:
    table: Table = model.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made
    new = inserting(desk.session, table).values(**row).on_conflict_do_nothing()
    return desk.session.scalar(new.returning(returned)) is not None


def _noted(desk: Desk, channel: str, *, listening: bool) -> None:
    data = {"channel": channel, "listening": listening}
    desk.session.add(
        CouncilChange(matter=CouncilMatter.CHANNEL, changed_at=desk.now, actor_id=desk.actor.person_id, data=data)
    )
