"""What waits in the outbox of a test's register, and what it would say at a moment."""

from dataclasses import replace
from datetime import datetime

from bot.blocks import tables
from bot.practice.limits import message_problems
from jobs import messages
from jobs.around import Around
from jobs.messages import Ready
from jobs.staff import Staff
from storage import sending
from storage.office import Office
from storage.sending import Leased
from storage.vocabulary import MessageKind

CHANNEL = "C0COMPLAINTS"
# Kinds of block that a workspace may not have got yet.
NOT_TAKEN = (frozenset[str](), frozenset({tables.CHART}), frozenset({tables.CHART, tables.DATA_TABLE}))


def take(office: Office, now: datetime, *kinds: MessageKind) -> list[Leased]:
    """Leases what waits, of these kinds or all, as a sender would: a second call finds only what is new."""
    with office.database.writing() as session:
        rows = sending.lease(session, now=now, sender="a test", seconds=10_000_000, most=1000)
    return [row for row in rows if not kinds or row.kind in kinds]


def say(office: Office, now: datetime, row: Leased) -> Ready | None:
    """What a row says now; whatever it is, Slack takes it."""
    with office.look(None, now) as desk:
        ready = messages.render(desk, row, Around(Staff(desk), CHANNEL))
    if ready is not None:
        for kinds in NOT_TAKEN:
            said = tables.without(ready.message, set(kinds))
            assert message_problems(list(said.blocks), without=kinds) == []
        assert ready.message.text.strip()
        assert (ready.channel is None) != (ready.person is None)
    return ready


def say_all(office: Office, now: datetime, *kinds: MessageKind) -> list[Ready]:
    """Takes what waits of these kinds and says it."""
    said = [say(office, now, row) for row in take(office, now, *kinds)]
    return [one for one in said if one is not None]


def posted(office: Office, now: datetime, row: Leased, ts: str) -> Leased:
    """Records that Slack took a row; returns it as it would be leased from then on."""
    with office.database.writing() as session:
        sending.sent(session, row, now=now, channel=CHANNEL, ts=ts)
    return replace(row, channel=CHANNEL, ts=ts)
