"""Names of the sheets of a workbook, from captions that follow no rule of Excel's. Pure."""

import re
from collections.abc import Sequence

from bot.tracker import legible

LENGTH = 31
_ILLEGAL = re.compile(r"[\[\]:*?/\\\s]+")
_RESERVED = "history"


def sheet_names(captions: Sequence[str]) -> list[str]:
    """One name a caption, each legal, none twice; Excel tells no capital from a small letter."""
    names: list[str] = []
    taken = {_RESERVED}
    for caption in captions:
        legal = _ILLEGAL.sub(" ", legible(caption)).strip(" '") or "Table"
        name, number = _cut(legal, LENGTH), 1
        while name.casefold() in taken:
            number += 1
            mark = f" ({number})"
            name = _cut(legal, LENGTH - len(mark)) + mark
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, most: int) -> str:
    """No longer than Excel counts, which takes some signs for two."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text.rstrip(" '")
