"""Postcodes and street addresses."""

import re
from collections.abc import Iterator

from storage.privacy.kinds import Kind
from storage.privacy.wordlists import words_of

# Royal Mail's postcode areas; anything else in front of the digits is a form, a grant or a school stage.
_AREAS = words_of(
    """
AB AL BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC EH EN EX FK FY
GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL LN LS LU ME MK ML NE NG NN NP NR NW OL OX
PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR
WS WV YO ZE ZZ B E G L M N S W
"""
)
_POSTCODE = re.compile(
    r"(?<!\w)(?<!\w[-/.])(?P<area>[A-Z]{1,2})\d[A-Z0-9]?"
    r"(?P<gap>[ \t]{0,3}[-.]?[ \t]{0,3})(?P<inward>[0-9][ABD-HJLNP-UW-Z]{2})(?!\w)",
    re.IGNORECASE,
)
_SPACED = re.compile(
    r"(?<!\w)(?P<area>[A-Z](?: ?[A-Z])?) \d(?: [A-Z0-9])?[ \t]{1,3}\d [ABD-HJLNP-UW-Z] [ABD-HJLNP-UW-Z](?!\w)",
    re.IGNORECASE,
)
# With the word in front, people's slips count too: the letter O for the digit, an area that does not exist.
_TOLD_POSTCODE = re.compile(
    r"\b(?:post ?code|post-code|p/code|zip)\b[\s:=(]{0,3}(?:(?:is|was|of|as|being|now)\s{1,2}){0,2}[\"'(]?"
    r"(?P<code>[A-Z]{1,2}[0-9O][A-Z0-9]?[ .-]{0,3}[0-9O][A-Z]{2})(?!\w)",
    re.IGNORECASE,
)
_UNITS = frozenset({"st", "nd", "rd", "th", "hr", "yr", "wd"})  # "S20 2nd review", "E2 1hr": not postcodes


def postcodes(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Full UK postcodes in folded ``text``, in either case, with or without the space. A district (“LE3”) is allowed."""
    for match in _POSTCODE.finditer(text):
        inward = match["inward"]
        if match["area"].upper() not in _AREAS:
            continue
        if inward.lower()[1:] in _UNITS and (not inward.isupper() or "-" in match["gap"] or match["gap"] == ""):
            continue
        yield match.start(), match.end(), Kind.POSTCODE
    for match in _SPACED.finditer(text):
        if match["area"].upper().replace(" ", "") in _AREAS:
            yield match.start(), match.end(), Kind.POSTCODE
    for match in _TOLD_POSTCODE.finditer(text):
        yield match.start("code"), match.end("code"), Kind.POSTCODE


_SURE_TYPES = r"road|rd|street|avenue|ave|lane|crescent|cres|terrace|grove|gardens|gdns|cul-de-sac|mews|parade"
_TYPES = (
    rf"{_SURE_TYPES}|st|close|drive|dr|court|ct|way|place|pl|square|sq|walk|rise|hill|row|park|green|view|vale|meadows?"
    r"|mount|croft|fields?|bank|gate|end|yard|wharf|quay|house|lodge|cottages?|farm|towers?|heights|mansions|buildings"
)
_NUMBER = r"(?<![\w£.,/-])(?:no\.? ?)?\d{1,4}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?"
_CAPITALISED = r"(?:(?:St\.?|[A-Z][\w']+)[ \t]+)"
_ADDRESS = re.compile(rf"{_NUMBER},?[ \t]+(?P<words>{_CAPITALISED}{{1,3}})(?P<type>(?i:{_TYPES}))\b(?!')")
_ADDRESS_LOWER = re.compile(
    rf"{_NUMBER},?[ \t]+(?P<words>(?:[a-z'.]+[ \t]+){{1,2}})(?P<type>{_SURE_TYPES})\b(?!')", re.IGNORECASE
)
_FLAT = re.compile(
    r"\b(?:flat|apartment|apt\.?|bedsit)[ \t]+(?:no\.? ?)?(?:\d{1,4}[a-z]?|[a-z])\b,?[ \t]+"
    r"(?:the[ \t]+)?(?:\d{1,4}[a-z]?,?[ \t]+)?(?=[A-Z]|[a-z]+[ \t]+(?:house|court|road|street|lane|avenue|close)\b)[\w']+",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?i:lives?|living|lived|resid\w{1,6}|address(?:[ \t]+(?:is|was|of|as))?|home[ \t]+at|house[ \t]+at"
    r"|moved[ \t]+(?:in)?to|moved[ \t]+from"
    r"|visit(?:ed)?(?:[ \t]+(?:me|us|them|her|him|the[ \t]+(?:home|family|house)))?[ \t]+at|evicted[ \t]+from)"
    r"[ \t]*[:,]?[ \t]*(?i:(?:at|in|on|to|from)[ \t]+)?(?i:the[ \t]+)?(?P<place>\d{1,4}[a-z]?,?[ \t]+(?:[\w']+[ \t]+){1,3}(?i:"
    rf"{_TYPES})\b|{_CAPITALISED}{{1,3}}(?i:{_TYPES})\b)"
)
# Numbers of things that are counted, not of houses: "2 County Court hearings", "20 minutes drive".
_NOT_STREETS = words_of(
    """
family county high crown magistrates youth supreme minute minutes mins hour hours day days week weeks month months
year years mile miles working stage step part level tier panel team house care placement foster the a of and in on
at to for from with children childrens children's court social first one two three times per each more other
different separate service section reg regulation page paragraph visits meetings calls letters emails e-mails
january february march april may june july august september october november december
"""
)


def addresses(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Street addresses in folded ``text``: a house number with a street, a flat, or “lives at” with a named place."""
    for pattern in (_ADDRESS, _ADDRESS_LOWER):
        for match in pattern.finditer(text):
            words = match["words"].lower().split()
            if not _NOT_STREETS.intersection(words):
                yield match.start(), match.end(), Kind.ADDRESS
    for match in _FLAT.finditer(text):
        yield match.start(), match.end(), Kind.ADDRESS
    for match in _LIVES.finditer(text):
        if not _NOT_STREETS.intersection(match["place"].lower().split()[:-1]):
            yield match.start("place"), match.end("place"), Kind.ADDRESS
