"""Small numbers are withheld, and nothing that is printed gives them away."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.figures.suppression import SMALL, WITH_IT, Sum, suppressed

TOTAL = "Total"


def column(*counts: int) -> tuple[dict[tuple[str, str], int], list[Sum]]:
    """One column of counts, its rows named by number, with its total."""
    rows = [(str(number), "n") for number in range(len(counts))]
    cells = dict(zip(rows, counts, strict=True)) | {(TOTAL, "n"): sum(counts)}
    return cells, [Sum((TOTAL, "n"), tuple(rows))]


def printed(*counts: int) -> list[str]:
    cells, sums = column(*counts)
    hidden = suppressed(cells, sums)
    return [hidden[key].shown if key in hidden else str(count) for key, count in cells.items()]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((10, 20), ["10", "20", "30"]),
        ((0, 20), ["0", "20", "20"]),
        # What is left of the total would be the small one, so the next smallest goes with it.
        ((3, 20, 9), ["<5", "20", "withheld", "32"]),
        ((3, 4, 20), ["<5", "<5", "20", "27"]),
        # Two ones out of a known two are no secret; nor are two fours out of eight.
        ((1, 1, 20), ["<5", "<5", "withheld", "22"]),
        ((4, 4, 20, 6), ["<5", "<5", "20", "withheld", "34"]),
        ((3,), ["<5", "<5"]),
        ((3, 0), ["<5", "0", "<5"]),
        ((1, 1), ["<5", "<5", "<5"]),
        ((), ["0"]),
    ],
)
def test_small_numbers_go_and_what_would_give_them_away_goes_with_them(
    counts: tuple[int, ...], expected: list[str]
) -> None:
    assert printed(*counts) == expected


@given(st.lists(st.integers(0, 12), max_size=4))
def test_no_withheld_number_can_be_worked_out_from_what_is_printed(counts: list[int]) -> None:
    cells, (one,) = column(*counts)
    hidden = suppressed(cells, [one])
    keys = [key for key in cells if key in hidden]
    ranges = [range(1, 5) if hidden[key] is SMALL else range(60) for key in keys if key != one.whole]
    parts = [key for key in keys if key != one.whole]
    shown = sum(count for key, count in cells.items() if key not in hidden and key != one.whole)
    possible: dict[tuple[str, str], set[int]] = {key: set() for key in keys}
    for guess in product(*ranges):
        total = shown + sum(guess)
        fits = hidden[one.whole] is WITH_IT or 1 <= total <= 4 if one.whole in hidden else total == cells[one.whole]
        if fits:
            for key, value in zip(parts, guess, strict=True):
                possible[key].add(value)
            if one.whole in hidden:
                possible[one.whole].add(total)
    small_total_of_ones = one.whole in hidden and cells[one.whole] <= len(parts)
    assert small_total_of_ones or all(len(found) > 1 for found in possible.values()), (counts, possible)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_in_a_table_of_rows_and_parts_no_sum_misses_exactly_one_number(rows: list[tuple[int, int]]) -> None:
    cells: dict[tuple[str, str], int] = {}
    sums: list[Sum] = []
    for number, (on_time, late) in enumerate([*rows, tuple(map(sum, zip(*rows, strict=True)))]):
        name = TOTAL if number == len(rows) else str(number)
        cells |= {(name, "on time"): on_time, (name, "late"): late, (name, "closed"): on_time + late}
        sums.append(Sum((name, "closed"), ((name, "on time"), (name, "late"))))
    names = [str(number) for number in range(len(rows))]
    sums += [Sum((TOTAL, part), tuple((name, part) for name in names)) for part in ("on time", "late", "closed")]
    hidden = suppressed(cells, sums)
    assert all(key in hidden for key, count in cells.items() if 0 < count < 5)
    assert all(cells[key] or hidden[key] is WITH_IT for key in hidden)
    for one in sums:
        assert sum(key in hidden for key in (one.whole, *one.parts)) != 1
