"""Pupil and National Insurance numbers.

An identifier with a checksum must pass it, unless the words around say what it is: somebody who writes “UPN” and mistypes a
digit still means a person.
"""

import re
from collections.abc import Iterator

from storage.privacy.kinds import Kind
from storage.privacy.wordlists import words_of

Span = tuple[int, int, Kind]

_UPN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[ -]?\d){11}[ -]?[A-Za-z0-9](?![A-Za-z0-9])")
_TOLD_UPN = re.compile(r"\b(?:upn|pupil)\b.{0,35}\Z", re.IGNORECASE | re.DOTALL)


def pupil_numbers(text: str) -> Iterator[Span]:
    """Unique pupil numbers in folded ``text``: the check letter fits, or the words in front say that it is one."""
    for match in _UPN.finditer(text):
        if _upn_checks(match.group()) or _TOLD_UPN.search(text, max(0, match.start() - 45), match.start()):
            yield match.start(), match.end(), Kind.UPN


def _upn_checks(written: str) -> bool:
    # stdnum's list of local authorities is that of 2011, so that its validate() refuses pupils of newer ones.
    from stdnum.gb.upn import calc_check_digit  # noqa: PLC0415 - late: only texts with such a number pay for it

    number = re.sub(r"[ -]", "", written).upper()
    try:
        return bool(calc_check_digit(number[1:]) == number[0])
    except ValueError:  # a letter that pupil numbers do not use
        return False


# HMRC, National Insurance Manual NIM39110; no checksum exists. QQ is never issued: HMRC's own sample, and people's.
_NINO = re.compile(
    r"(?<![A-Za-z0-9])(?P<prefix>[A-Za-z]{2})(?P<first>[ -]?)\d{2}(?P<sep>[ -]?)\d{2}(?P=sep)\d{2}"
    r"[ -]?(?P<suffix>[A-Da-d])?(?![A-Za-z0-9])"
)
_NO_PREFIX = re.compile(r"[DFIUV]|.[DFIOUV]|Q[^Q]|[^Q]Q|BG|GB|NK|KN|TN|NT|ZZ", re.IGNORECASE)
_TOLD_NINO = re.compile(
    r"\b(?:n\.?i\.?(?:no|n)?|nino|national insurance|insurance)\b.{0,20}\Z", re.IGNORECASE | re.DOTALL
)
_WORDS_OF_TWO = words_of("am an as at be by he ho hi it is me my no of oh on or ok so to up us we re pm")


def national_insurance_numbers(text: str) -> Iterator[Span]:
    """National Insurance numbers in folded ``text``; without the last letter only after words that say what it is."""
    for match in _NINO.finditer(text):
        prefix = match["prefix"]
        told = _TOLD_NINO.search(text, max(0, match.start() - 40), match.start())
        is_word = prefix.lower() in _WORDS_OF_TWO and match["first"] == " "
        if told or (match["suffix"] and not _NO_PREFIX.match(prefix) and not is_word):
            yield match.start(), match.end(), Kind.NINO
