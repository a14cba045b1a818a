"""The outbox to Slack, once. A short lease, the call outside any transaction, then what Slack returned.

Slack has no idempotency key. A row whose last try may have arrived is looked for in the channel, by an opaque key in its
metadata, before it is sent again.
"""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import Any
from uuid import uuid4

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.message import Message
from bot.looks import Looks
from jobs import messages
from jobs.around import Around
from jobs.messages import NotYet, Ready
from jobs.meters import Meters
from jobs.staff import Staff
from storage import sending
from storage.errors import RegisterAway, UnknownReference
from storage.office import Desk, Office
from storage.sending import Leased
from storage.vocabulary import MessageKind

log = structlog.get_logger()

# Longer than the slowest call and its look in the history can take, so that a lease runs out only when its sender is gone.
LEASE_SECONDS = 60
# A try that starts later than this before its lease ends might still be under way when somebody else takes the row.
_LAST_START = timedelta(seconds=25)
BATCH = 40
SENDERS = 8
METADATA_EVENT = "complaints_message"
# A message's ts comes from Slack's clock and our first try from ours.
_CLOCK_SKEW = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(minutes=5)
# Nobody waits for what is cleared, and a channel that has been archived since stays so for long.
_WAIT_WHEN_CLEARED = timedelta(days=1)
_WAIT_FOR_OTHERS = timedelta(seconds=2)

# Slack took the call apart before doing anything: nothing can have arrived.
_NEEDS_MENDING = {
    "account_inactive", "channel_not_found", "ekm_access_denied", "invalid_auth", "is_archived", "missing_scope",
    "no_permission", "not_allowed_token_type", "not_authed", "not_in_channel", "restricted_action", "token_expired",
    "token_revoked", "user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot",
}  # fmt: skip
# The workspace's rules keep apps from changing what they said.
_NOT_CHANGED = {"cant_update_message", "edit_window_closed"}
# What `outbox.renew` is for: the others say what was so when they were written.
_KEPT_UP_TO_DATE = {MessageKind.CARD, MessageKind.NOTE, MessageKind.REPORT}
_NOT_LIKED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}


class _NoAnswer(Exception):
    """Slack said nothing to a call. The row is noted; whatever else is for the same place would only wait as long again."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is read once for all rows of a lease: settings, teams and who is at work, as they were when it began."""

    desk: Desk
    around: Around


class Delivery:
    """Sends what waits. Several may run, in this process and others; each row goes to one of them at a time.

    `clock` gives aware instants and must be the one that the register is written with. `channel` is where cards go by default;
    `batch` how many rows it takes at once, and `senders` how many of them go out beside each other.
    """

    def __init__(
        self,
        office: Office,
        client: WebClient,
        *,
        clock: Callable[[], datetime],
        channel: str | None,
        batch: int = BATCH,
        senders: int = SENDERS,
        meters: Meters | None = None,
    ) -> None:
        self._office = office
        self._client = client
        self._clock = clock
        self._channel = channel
        self._most = batch
        self._looks = Looks(clock)
        self._direct: dict[str, str] = {}
        self._meters = meters or Meters()
        self._stopping = Event()
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="sender")

    def run(self, *, most_rounds: int = 100) -> int:
        """Sends everything that is due now; returns how many rows were dealt with. Raises RegisterAway."""
        dealt_with = 0
        for _ in range(most_rounds):
            if self._stopping.is_set():
                break
            with self._office.database.reading() as session:
                if not sending.anything_due(session, self._clock()):
                    break
            now = self._clock()
            # Before the lease: if the register goes away here, nothing is held.
            batch = self._begin(now)
            with self._office.database.writing() as session:
                rows = sending.lease(session, now=now, sender=uuid4().hex, seconds=LEASE_SECONDS, most=self._most)
            dealt_with += len(rows)
            until = now + timedelta(seconds=LEASE_SECONDS) - _LAST_START
            # One row of a channel after the other, since Slack permits about one a second; channels beside each other.
            list(self._pool.map(partial(self._send_all, until=until, batch=batch), _by_target(rows)))
        return dealt_with

    def _begin(self, now: datetime) -> "_Batch":
        with self._office.look(None, now) as desk:
            # What is read now is kept when the look is over.
            desk.keep_to(desk)
            return _Batch(desk, Around(Staff(desk), desk.policy.cards_go_to(self._channel)))

    def stop(self) -> None:
        """Begins nothing more: what is leased and not begun goes back at once, for another process to send."""
        self._stopping.set()

    def close(self) -> None:
        """Finishes what is being sent and stops."""
        self._pool.shutdown(wait=True)

    def _send_all(self, rows: list[Leased], until: datetime, batch: "_Batch") -> None:
        resume: datetime | None = None
        answers = True
        for row in rows:
            try:
                now = self._clock()
                if self._stopping.is_set():
                    self._note(sending.postpone, row, until=now, problem="stopping", uncertain=row.uncertain)
                elif now >= until:
                    # Whoever takes the row when the lease is over may be sending it already.
                    self._note(sending.postpone, row, until=now, problem="took too long", uncertain=row.uncertain)
                elif not answers:
                    self._put_off(row, problem="no answer", uncertain=False)
                elif resume is not None and resume > self._clock():
                    self._note(sending.postpone, row, until=resume, problem="ratelimited", uncertain=row.uncertain)
                else:
                    resume = self._send(row, batch)
            except _NoAnswer:
                answers = False
            except RegisterAway:
                # The lease runs out by itself, and whoever takes the row next looks in the channel first.
                log.warning("register away while sending", row=row.id)
            except Exception as problem:
                log.exception("row could not be sent", row=row.id, kind=row.kind.value)
                self._try_to_note(row, problem)

    def _send(self, row: Leased, batch: "_Batch") -> datetime | None:
        """Deals with one row; returns until when its channel has to wait, when Slack said so. Raises _NoAnswer."""
        now = self._clock()
        try:
            with self._office.look(None, now, like=batch.desk) as desk:
                ready = messages.render(desk, row, batch.around)
        except NotYet as waiting:
            until = waiting.until or now + _WAIT_FOR_OTHERS
            self._note(sending.postpone, row, until=until, problem=str(waiting)[:200], uncertain=row.uncertain)
            return None
        except UnknownReference:
            ready = None
        if ready is None:
            self._note(sending.drop, row, now=now, why="no longer needed")
            return None
        ways = self._looks.ways(ready.message)
        try:
            channel, ts = self._deliver(row, replace(ready, message=next(ways)))
        except SlackApiError as refused:
            if refused.response.get("error") not in _NOT_LIKED or not ready.message.blocks:
                return self._refused(row, ready, refused)
            return self._send_plainer(row, ready, ways)
        except (SlackClientError, OSError) as problem:
            self._put_off(row, problem=type(problem).__name__, uncertain=ready.update is None)
            raise _NoAnswer from problem
        self._note(sending.sent, row, now=self._clock(), channel=channel, ts=ts)
        log.info("sent", row=row.id, kind=row.kind.value, attempts=row.attempts)
        return None

    def _deliver(self, row: Leased, ready: Ready) -> tuple[str, str]:
        channel = ready.channel or self._direct_channel(ready.person or "")
        if ready.update is not None:
            self._client.chat_update(channel=channel, ts=ready.update, **_content(ready.message))
            return channel, ready.update
        key = opaque(row.key)
        if row.uncertain:
            found = self._find(channel, key, row.first_tried_at - _CLOCK_SKEW, ready.thread)
            if found is not None:
                log.info("found in the channel", row=row.id, kind=row.kind.value)
                if ready.cleared or row.kind in _KEPT_UP_TO_DATE:
                    self._change(channel, found, ready)
                return channel, found
        posted = self._client.chat_postMessage(
            channel=channel,
            thread_ts=ready.thread,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
            **_content(ready.message),
        )
        return str(posted["channel"]), str(posted["ts"])

    def _change(self, channel: str, ts: str, ready: Ready) -> None:
        """Has a message that an earlier try put up say what holds now, which is not always what it said then."""
        try:
            self._client.chat_update(channel=channel, ts=ts, **_content(ready.message))
        except SlackApiError as refused:
            # Where messages are never changed, the next one can't be either; what was cleared has to go all the same.
            if ready.cleared or refused.response.get("error") not in _NOT_CHANGED:
                raise

    def _find(self, channel: str, key: str, since: datetime, thread: str | None) -> str | None:
        """The ts of the message with this key, if an earlier try did arrive."""
        cursor = ""
        while True:
            asked: dict[str, Any] = {
                "channel": channel,
                "oldest": f"{since.timestamp():.6f}",
                "include_all_metadata": True,
                "limit": 200,
                "cursor": cursor or None,
            }
            page = (
                self._client.conversations_replies(ts=thread, **asked)
                if thread is not None
                else self._client.conversations_history(**asked)
            )
            for message in page.get("messages") or []:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == METADATA_EVENT and metadata.get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    def _direct_channel(self, slack_id: str) -> str:
        if slack_id not in self._direct:
            self._direct[slack_id] = str(self._client.conversations_open(users=slack_id)["channel"]["id"])
        return self._direct[slack_id]

    def _refused(self, row: Leased, ready: Ready, refused: SlackApiError) -> datetime | None:
        status, error = refused.response.status_code, str(refused.response.get("error") or "unknown")
        now = self._clock()
        if status == 429 or error in {"ratelimited", "rate_limited"}:
            until = now + timedelta(seconds=_retry_after(refused))
            self._note(sending.postpone, row, until=until, problem="ratelimited", uncertain=row.uncertain)
            return until
        if ready.old and error in {"message_not_found", *_NOT_CHANGED}:
            self._note(sending.drop, row, now=now, why=error)
        elif ready.cleared and ready.update is not None and error in {"message_not_found", *_NOT_CHANGED}:
            self._take_away(row, ready, there=error != "message_not_found")
        elif error == "message_not_found" and ready.update is not None:
            with self._office.database.writing() as session:
                sending.forget_place(session, row)
            self._note(sending.postpone, row, until=now, problem=error, uncertain=False)
        elif error in _NEEDS_MENDING:
            log.warning("slack refused", row=row.id, kind=row.kind.value, error=error)
            wait = _WAIT_WHEN_CLEARED if ready.cleared else _LONGEST_WAIT
            self._note(sending.postpone, row, until=now + wait, problem=error, uncertain=row.uncertain)
        else:
            # A 5xx, or an error that may come after the message was stored.
            self._put_off(row, problem=error, uncertain=ready.update is None)
        return None

    def _take_away(self, row: Leased, ready: Ready, *, there: bool) -> None:
        """What was cleared and can't be changed in Slack is deleted there; what is not there any more needs nothing."""
        try:
            if there:
                self._client.chat_delete(channel=ready.channel or "", ts=ready.update or "")
        except SlackApiError as refused:
            self._note(sending.fail, row, now=self._clock(), problem=str(refused.response.get("error"))[:200])
        else:
            self._note(sending.drop, row, now=self._clock(), why="cleared, and gone from Slack")

    def _send_plainer(self, row: Leased, ready: Ready, ways: Iterable[Message]) -> datetime | None:
        """This workspace doesn't take the blocks: plainer ones, and in the end the text alone, say the same.

        What else Slack says to one of them is dealt with as to the first; returns until when the channel has to wait.
        """
        log.warning("blocks refused", row=row.id, kind=row.kind.value)
        for way in ways:
            try:
                channel, ts = self._deliver(row, replace(ready, message=way))
            except SlackApiError as refused:
                if refused.response.get("error") not in _NOT_LIKED:
                    return self._refused(row, ready, refused)
            else:
                self._looks.taken(ready.message, way)
                self._note(sending.sent, row, now=self._clock(), channel=channel, ts=ts)
                return None
        self._note(sending.fail, row, now=self._clock(), problem="invalid_blocks")
        return None

    def _put_off(self, row: Leased, *, problem: str, uncertain: bool) -> None:
        wait = min(timedelta(seconds=2 ** min(row.attempts, 9)), _LONGEST_WAIT)
        log.warning("not sent, will try again", row=row.id, kind=row.kind.value, problem=problem, attempts=row.attempts)
        self._note(
            sending.postpone,
            row,
            until=self._clock() + wait,
            problem=problem[:200],
            uncertain=uncertain or row.uncertain,
        )

    def _try_to_note(self, row: Leased, problem: Exception) -> None:
        try:
            self._put_off(row, problem=type(problem).__name__, uncertain=True)
        except RegisterAway:
            log.warning("register away while sending", row=row.id)

    def _note(self, record: Callable[..., object], row: Leased, **what: Any) -> None:
        with self._office.database.writing() as session:
            record(session, row, **what)
        self._meters.message(row.kind.value, record.__name__, what.get("problem"))


def opaque(key: str) -> str:
    """The key as other apps of the workspace may see it: it says nothing of the complaint or the person."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _by_target(rows: list[Leased]) -> list[list[Leased]]:
    targets: dict[tuple[str, int | None], list[Leased]] = {}
    for row in rows:
        target = ("person", row.person_id) if row.person_id is not None else ("channel", None)
        targets.setdefault(target, []).append(row)
    return list(targets.values())


def _content(message: Message) -> dict[str, Any]:
    content: dict[str, Any] = {"text": message.text}
    if message.blocks:
        content["blocks"] = list(message.blocks)
    return content


def _retry_after(refused: SlackApiError) -> float:
    headers = {name.lower(): value for name, value in dict(refused.response.headers).items()}
    value = headers.get("retry-after", "1")
    value = value[0] if isinstance(value, list) else value
    try:
        return max(float(value), 1.0)
    except ValueError:
        return 1.0
