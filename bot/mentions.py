"""People named in what was typed: Slack sends `<@U123|name>` for a name picked from its list."""

import re
from dataclasses import dataclass

_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>")
_TYPED = re.compile(r"(?<!\S)@\S+")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The Slack ids in the order they were named, and the words without them. `unread`: a name that Slack didn't recognise."""

    slack_ids: tuple[str, ...]
    rest: str
    unread: str | None = None


def mentions(words: str) -> Mentions:
    """Who is named in these words."""
    ids = tuple(_MENTION.findall(words))
    rest = _MENTION.sub(" ", words)
    unread = _TYPED.search(rest)
    return Mentions(ids, " ".join(rest.split()), unread.group() if unread else None)
