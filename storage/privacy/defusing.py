"""People's own words made harmless in Slack: nobody is pinged, nothing becomes a link.

Slack reads ``<!channel>``, ``<@U…>``, ``<#C…>`` and ``<http…|…>`` in message text, and with some settings also a bare
``@here`` and a bare web address. Slack asks for exactly three characters to be escaped: ``&``, ``<`` and ``>``.
"""

import re

_BREAK = "\u2060"  # word joiner: invisible, no width, not a place for a line to break; the screen looks through it

_LOOSE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_MENTION = re.compile(r"(?<!\w)([@#])(?=\w)")
_SCHEME = re.compile(r"(?<=\w)://")
_BARE_MAIL_OR_PHONE = re.compile(r"\b(mailto|tel|slack):(?=\S)", re.IGNORECASE)
_BARE_WWW = re.compile(r"\b(www)\.(?=\w)", re.IGNORECASE)
_LAST_ENTITY = re.compile(r"&[a-z]{0,3}\Z")


def defuse(text: str, *, limit: int | None = None) -> str:
    """Make ``text`` safe inside Slack's mrkdwn and plain text.

    Doing it twice gives the same as doing it once. With ``limit`` (characters, at least 1) the result is no longer than
    that: it is cut before the escape that would not fit, and ends in “…”. Escaping makes text longer: cut here, not before.
    """
    escaped = _LOOSE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    broken = _MENTION.sub(rf"\1{_BREAK}", escaped)
    broken = _SCHEME.sub(f":{_BREAK}//", broken)
    broken = _BARE_MAIL_OR_PHONE.sub(rf"\1{_BREAK}:", broken)
    broken = _BARE_WWW.sub(rf"\1{_BREAK}.", broken)
    if limit is None or len(broken) <= limit:
        return broken
    return _LAST_ENTITY.sub("", broken[: limit - 1]) + "…"
