"""What a benchmark says: ours and what it is held against, measured in the same run, as a line of a table."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """One measure. `ratio` is ours to the reference; `goal` says in words what it should be, `met` whether it is."""

    measure: str
    ours: str
    reference: str
    ratio: float
    goal: str
    met: bool


def at_most(measure: str, ours: float, reference: float, most: float, *, unit: str = "ms", scale: float = 1000) -> Line:
    """Times: ours may take so many times as long as the reference."""
    ratio = ours / reference
    return Line(
        measure,
        f"{ours * scale:,.3g} {unit}",
        f"{reference * scale:,.3g} {unit}",
        ratio,
        f"≤ {most:g} x",
        ratio <= most,
    )


def at_least(measure: str, ours: float, reference: float, least: float, *, unit: str = "a second") -> Line:
    """Rates: ours has to be at least such a part of the reference."""
    ratio = ours / reference
    return Line(measure, f"{ours:,.0f} {unit}", f"{reference:,.0f} {unit}", ratio, f"≥ {least:g} x", ratio >= least)


def within(measure: str, seconds: float, most: float) -> Line:
    """A time with a limit of its own."""
    return Line(
        measure, f"{seconds * 1000:,.3g} ms", f"{most * 1000:,.0f} ms", seconds / most, "≤ 1 x", seconds <= most
    )


def side_by_side(*acts: Callable[[], object], rounds: int = 7, warm: int = 1) -> list[float]:
    """The median seconds of each of several acts, done in turn so that what else the machine does falls on all alike."""
    for _ in range(warm):
        for act in acts:
            act()
    found: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for times, act in zip(found, acts, strict=True):
            times.append(timed(act))
    return [median(times) for times in found]


def timed(act: Callable[[], object]) -> float:
    """Seconds of one act."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def percentile(times: list[float], part: float) -> float:
    """The time within which this part of all was done."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def chunks(total: int, size: int) -> Iterator[range]:
    """Ranges of `size` that make up `total`."""
    for start in range(0, total, size):
        yield range(start, min(start + size, total))
