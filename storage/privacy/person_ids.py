"""Ids that case-management systems give to people."""

import re
from collections.abc import Iterator

from storage.privacy.kinds import Kind

Span = tuple[int, int, Kind]

_SYSTEM = (
    r"mosaic|liquid ?logic|lcs|llcs|ics|ehm|eclipse|framework-?i|fwi|care ?first|care ?works|care ?director|azeus|capita ?one"
    r"|systm-?one|synergy|paris|swift|rio"
)
_PERSON = (
    r"person|child|client|service[- ]user|case|pupil|young person|yp|family|record|social care|patient|student|su|cms"
)
_ID = r"(?:ids?|no|nos|num|numbers?|ref|refs|reference|identifier|record|#)"
_VALUE = r"(?P<value>(?<![\w£/-])[A-Z]{0,3}-?\d(?:[ -]?\d){%s,11})(?![\w/]|[.,]\d)"
_IDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{_SYSTEM})\b(?P<gap>[^\d\n\x00£]{{0,40}}?){_VALUE % 4}",
        rf"\b(?:{_SYSTEM})\b(?P<gap>[\s:-]{{0,3}}(?:(?:{_PERSON})['s]{{0,2}}\s)?{_ID}\b[^\d\n\x00£]{{0,12}}?){_VALUE % 2}",
        rf"\b(?:{_PERSON})['s]{{0,2}}[\s-]{{0,2}}"
        rf"(?P<gap>{_ID}\b[\s.:#=(]{{0,3}}(?:(?:is|was|of|on|mosaic|lcs)[\s:(]{{1,3}}){{0,3}}){_VALUE % 3}",
        rf"\b(?P<gap>p\.?id|person-?id|client-?id|child-?id)\b[\s:#=(]{{0,4}}(?:is\s)?{_VALUE % 3}",
        rf"\b(?:child|client|service user|person|young person)\b(?P<gap>\s?[(#:]?\s?#?){_VALUE % 5}",
        rf"(?<![\w£/.-])(?P<value>[A-Z]{{0,3}}\d{{5,12}})"
        r"(?P<gap>\s?[(,-]?\s?(?:on|in|from|is the|is her|is his|is their)?\s?(?:our\s)?)"
        rf"(?:{_SYSTEM})\b",
    )
)
_LONG_NUMBER = re.compile(r"\d[ -]?\d[ -]?\d")
_GAP_OF_ANOTHER_THING = re.compile(
    r"\b(?:helpdesk|help desk|ticket|invoice|incident|licen[cs]es?|job|cost|costs|order|budget|version|error|change request"
    r"|complaint|form|minutes|users|records|per|about|over|nearly|almost|more than)\b|[.!?;]\s",
    re.IGNORECASE,
)


def person_ids(blotted: str) -> Iterator[Span]:
    """Ids of people in case systems, in folded and blotted text: the system or “person id” next to a long number."""
    if not _LONG_NUMBER.search(blotted):
        return
    for pattern in _IDS:
        for match in pattern.finditer(blotted):
            if not _GAP_OF_ANOTHER_THING.search(match["gap"]):
                yield match.start("value"), match.end("value"), Kind.PERSON_ID
