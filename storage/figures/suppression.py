"""Small numbers withheld: counts of 1 to 4, and with them whatever would let them be worked out (FIGURES.md). Pure.

A table is told as its cells and the sums that hold among them. Of no sum may exactly one number be missing, since it is what the
others leave; nor may the missing ones be sure to be all ones, or all fours.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.figures.values import Withheld

SMALLEST_SHOWN = 5
SMALL = Withheld(f"<{SMALLEST_SHOWN}")
# Not small itself; it would give away one that is.
WITH_IT = Withheld("withheld")
# A cell by its row and its column.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sum:
    """`whole` is what all `parts` come to."""

    whole: Key
    parts: tuple[Key, ...]


def suppressed(cells: Mapping[Key, int], sums: Sequence[Sum]) -> dict[Key, Withheld]:
    """Which of these counts may not be printed, and what is printed instead. Noughts are no people, and are shown."""
    hidden = {key: SMALL for key, count in cells.items() if _small(count)}
    again = True
    while again:
        again = False
        for one in sums:
            also = _next(cells, hidden, one) if _gives_away(cells, hidden, one) else None
            if also is not None:
                hidden[also] = SMALL if _small(cells[also]) else WITH_IT
                again = True
    return hidden


def _small(count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN


def _gives_away(cells: Mapping[Key, int], hidden: Collection[Key], one: Sum) -> bool:
    missing = [key for key in one.parts if key in hidden]
    if one.whole in hidden:
        return not missing
    if len(missing) < 2:
        return bool(missing)
    left = sum(cells[key] for key in missing)
    return all(_small(cells[key]) for key in missing) and left in {len(missing), len(missing) * (SMALLEST_SHOWN - 1)}


def _next(cells: Mapping[Key, int], hidden: Collection[Key], one: Sum) -> Key | None:
    """The smallest number that is still shown, parts before the whole; a nought only where there is nothing else."""
    shown = sorted((key for key in one.parts if key not in hidden), key=lambda key: cells[key])
    above_nought = [key for key in shown if cells[key]]
    if above_nought:
        return above_nought[0]
    if one.whole not in hidden:
        return one.whole
    return shown[0] if shown else None
