"""What the workspace really has after the year, asked as any app would; and which row of the outbox each message came from."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlmodel import select

from bot.demo.county import CHANNEL
from jobs.delivery import opaque
from storage.models import OutboxRow
from storage.vocabulary import MessageKind, OutboxState
from tests.roads.year.county import ALL_MANAGERS, County

# What a person gets at most one of on a day of theirs.
SCHEDULED = {MessageKind.NUDGE, MessageKind.DIGEST, MessageKind.MONTHLY}


@dataclass(frozen=True)
class Line:
    """What one line of a message is about, as the outbox has it."""

    subject: str
    rung: str
    about: str
    step: int
    to: str


@dataclass(frozen=True)
class Post:
    """A message of the app as it stands in Slack. `to` is whose direct message it is; `lines` what a nudge speaks of."""

    at: datetime
    to: str | None
    text: str
    key: str
    kind: MessageKind
    name: str
    lines: tuple[Line, ...]

    @property
    def day(self) -> date:
        return self.at.date()


def posts(county: County) -> list[Post]:
    """Every message that stands anywhere in the workspace, the oldest first. Each has to come from a row of the outbox."""
    with county.wired.database.reading() as session:
        rows = {opaque(row.key): row for row in session.exec(select(OutboxRow)).all()}
    found = []
    for to, message in _messages(county):
        key = str(message["metadata"]["event_payload"]["key"])
        assert key in rows, f"a message to {to} at {message['ts']} comes from no row of the outbox"
        found.append(_post(to, message, key, rows[key]))
    return sorted(found, key=lambda post: post.at)


def unsent(county: County) -> list[str]:
    """Rows that did not go out and should have: what waits though its time has come, and what was dropped without a reason."""
    with county.wired.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.state != OutboxState.SENT)).all()
    return [
        f"{row.key} ({row.kind.value}) is {row.state.value}: {row.problem}"
        for row in rows
        if not (row.state is OutboxState.PENDING and row.not_before > county.now())
        and not (row.state is OutboxState.DROPPED and row.kind in _MAY_BE_DROPPED)
    ]


def sent(county: County) -> set[str]:
    with county.wired.database.reading() as session:
        keys = session.exec(select(OutboxRow.key).where(OutboxRow.state == OutboxState.SENT)).all()
    return {opaque(key) for key in keys}


# What was settled between its being written and its being sent: while the worker lay still, or before somebody was at work again.
_MAY_BE_DROPPED = {
    MessageKind.ALLOCATED, MessageKind.DECISION_WANTED, MessageKind.HANDED_OVER, MessageKind.COVERING,
}  # fmt: skip


def _messages(county: County) -> Iterator[tuple[str | None, dict[str, Any]]]:
    for to in county.cast.members:
        with suppress(SlackApiError):  # whoever was deactivated before they were ever written to has no direct messages
            direct = county.client.conversations_open(users=to)["channel"]["id"]
            for message in _history(county, direct):
                yield to, message
    for channel_id in (CHANNEL, ALL_MANAGERS):
        for message in _history(county, channel_id):
            yield None, message
            if message.get("reply_count"):
                for reply in _pages(county, "conversations.replies", channel=channel_id, ts=message["ts"]):
                    if reply["ts"] != message["ts"]:
                        yield None, reply


def _history(county: County, channel: str) -> Iterator[dict[str, Any]]:
    return _pages(county, "conversations.history", channel=channel)


def _pages(county: County, method: str, **asked: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        answer = county.client.api_call(
            method, params={**asked, "include_all_metadata": 1, "limit": 900, "cursor": cursor}
        )
        yield from answer["messages"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _post(to: str | None, message: dict[str, Any], key: str, row: OutboxRow) -> Post:
    lines = tuple(
        Line(one["subject"], one["rung"], one["about"], one["step"], one["to"]) for one in row.data.get("lines") or ()
    )
    said = datetime.fromtimestamp(float(message["ts"]), UTC)
    return Post(said, to, str(message["text"]), key, row.kind, row.key, lines)
