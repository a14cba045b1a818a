"""How a history is made tamper-evident: each event carries a hash of itself and of the one before. Pure.

The migrations use these functions too: what they compute is written in every register and must never change.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any


def seal(
    previous: str,
    *,
    reference: str,
    sequence: int,
    kind: str,
    stage: int,
    happened_on: date,
    recorded_at: datetime,
    actor_id: int | None,
    data: Mapping[str, Any],
) -> str:
    """The hash of an event that follows one with the hash `previous` (empty for the first): 64 hexadecimal digits.

    Raises ValueError for an instant without a time zone, TypeError for data that is not plain JSON.
    """
    if recorded_at.utcoffset() is None:
        raise ValueError("an event's instant needs a time zone")
    said = json.dumps(
        [
            previous, reference, sequence, kind, stage, happened_on.isoformat(),
            recorded_at.astimezone(UTC).isoformat(timespec="microseconds"), actor_id, data,
        ],
        sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False,
    )  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


def new_key() -> str:
    """A key for one text."""
    return secrets.token_hex(32)


def digest(key: str, body: str) -> str:
    """What an event carries in place of a text: nobody can guess the text from it once the key is gone."""
    return hmac.new(bytes.fromhex(key), body.encode(), hashlib.sha256).hexdigest()


def link_seals(previous: str, event_id: int, link: str) -> str:
    """One hash over all events so far, in the order they were written: of `previous`, and the id and hash of the next."""
    return hashlib.sha256(f"{previous}\n{event_id}\n{link}".encode()).hexdigest()
