"""Which columns of a table go side by side on a sheet of paper, where nobody can scroll. Pure."""

from collections.abc import Sequence

# In letters of the size in which tables are printed, on A4 upright.
_ROOM = 104
_FIRST, _BETWEEN = (8, 30), 2.5
_LEAST, _PROSE = 4, 26


def parts(headings: Sequence[str], columns: Sequence[Sequence[str]]) -> list[range]:
    """The columns that stand together: as few parts as can be, and those about as wide as each other."""
    room = _ROOM - min(max(_FIRST[0], *map(len, headings), 0), _FIRST[1]) - _BETWEEN
    widths = [_width(texts) for texts in columns]
    fewest = len(_packed(widths, room))
    narrower = (_packed(widths, less) for less in range(round(max(widths, default=0)), round(room)))
    return next((found for found in narrower if len(found) == fewest), _packed(widths, room))


def _packed(widths: Sequence[float], room: float) -> list[range]:
    found: list[range] = []
    start, taken = 0, 0.0
    for at, width in enumerate(widths):
        if at > start and taken + width > room:
            found.append(range(start, at))
            start, taken = at, 0.0
        taken += width
    return [*found, range(start, len(widths))]


def _width(texts: Sequence[str]) -> float:
    """What a column needs: its longest word, and for sentences room to be read."""
    word = max((len(word) for text in texts for word in text.split()), default=0)
    return min(max(_LEAST, word, *(min(len(text) / 3, _PROSE) for text in texts)), _PROSE) + _BETWEEN
