"""Identifiers and message timestamps of Slack's form."""

import itertools
import secrets
import string
from datetime import datetime

_ALPHABET = string.digits + string.ascii_uppercase
_PARTS = 2


class Ids:
    """Hands out ids such as `C0P0000001`: a letter for the kind, then ten characters, never twice."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self, prefix: str) -> str:
        """A new id that starts with `prefix` (C, D, F, V, Ev …)."""
        number, digits = next(self._count), ""
        while number:
            number, rest = divmod(number, len(_ALPHABET))
            digits = _ALPHABET[rest] + digits
        return f"{prefix}0P{digits.rjust(8, '0')}"


class Timestamps:
    """Message timestamps: seconds and six digits, unique and increasing in the workspace."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, now: datetime) -> str:
        """The next timestamp, at `now` or just after the last one."""
        micros = int(now.timestamp()) * 1_000_000 + now.microsecond
        self._last = max(self._last + 1, micros)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def is_timestamp(text: str) -> bool:
    """Whether `text` has the form of a message timestamp."""
    parts = text.split(".")
    return len(parts) == _PARTS and all(part.isdigit() for part in parts)


def short_id() -> str:
    """A random id as Slack gives blocks and elements that came without one."""
    return secrets.token_urlsafe(4)[:5]
