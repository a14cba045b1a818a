"""Initials of people: “child JS”, “the initials AB”, “J.S.”. Acronyms of the trade and labels (“Child A”) are not."""

import re
from collections.abc import Iterator

from storage.privacy import name_words as words
from storage.privacy.reading import Reading

_DOTTED = re.compile(r"(?<![\w.])(?:[A-Z]\.[ ]?){1,3}[A-Z](?:\.|\b)(?![\w'])")
_NOT_INITIALS = re.compile(
    r"(?:u\.?k|u\.?s|d\.?o\.?b|n\.?i|p\.?e|e\.?u|a\.?m|p\.?m|s\.?i|n\.?b|p\.?s|c\.?p|i\.?e|e\.?g|e\.?h\.?c|n\.?h\.?s|c\.?v|q\.?c|k\.?c|j\.?p|p\.?a"
    r"|d\.?v|g\.?p|h\.?r|i\.?t|l\.?a|t\.?v|m\.?p|b\.?a|p\.?c)",
    re.IGNORECASE,
)


def are_initials(reading: Reading, at: int) -> bool:
    """Whether the word there is somebody’s initials, going by the word in front."""
    word = reading.words[at]
    letters = word.written.removesuffix("'s")
    if not letters.isupper() or len(letters) > 3 or at == 0 or reading.all_shouted or not reading.joined(at - 1):
        return False
    before = reading.before(at)
    if before in {"are", "is", "of"}:
        before = reading.before(at, 2)
    if before in {"initials", "initialled", "initial"}:
        return True
    return before in words.RELATIONS and not _stands_for_something_else(reading, at, letters)


def _stands_for_something_else(reading: Reading, at: int, letters: str) -> bool:
    if letters.lower() in words.ACRONYMS or letters == "I":
        return True
    if reading.text[reading.words[at].end : reading.words[at].end + 1].isdigit():
        return True  # a code
    if len(letters) == 1:
        return letters in words.LABEL_LETTERS or not reading.spaced(at - 1)
    # “Independent Investigating Officer (IIO)”
    return "".join(word.written[0].upper() for word in reading.words[max(0, at - len(letters)) : at]) == letters


def dotted_initials(text: str) -> Iterator[tuple[int, int]]:
    """Where initials with full stops stand, whatever is in front of them."""
    for match in _DOTTED.finditer(text):
        if not _NOT_INITIALS.fullmatch(match.group().rstrip(". ")):
            yield match.span()
