"""Lines over labels that follow each other, such as quarters; a gap where there was nothing to count. Pure."""

import math

from bot.papers.drawing.canvas import Frame, Item, Line, Mark, Point, Rule, Words
from bot.papers.drawing.lettering import longest_word, width, wrapped
from bot.papers.drawing.scale import Scale
from bot.papers.drawing.styles import style
from bot.papers.paper import Chart

_LEADING = 1.25
_MOST_LINES = 3
_Box = tuple[float, float, float, float]


def body(chart: Chart, frame: Frame, scale: Scale, top: float) -> tuple[list[Item], float]:
    """The lines with their scale, and where they end."""
    size = frame.size
    small = 0.85 * size
    left = frame.edge + max(width(scale.said(tick), small) for tick in scale.ticks()) + 0.6 * size
    word = min(max(longest_word(label, small) for label in chart.labels), 7 * small)
    # The last label is always written, and has half of its width right of its point.
    right = frame.width - frame.edge - max(0.3 * size, (word - (frame.width - left) / len(chart.labels)) / 2)
    slot = (right - left) / len(chart.labels)
    every = max(1, math.ceil((word + 0.6 * size) / slot))
    names = _names(chart, slot, every, small)
    under = max((len(lines) for _, lines in names), default=0) * _LEADING * small + 0.8 * size
    least = (0.72 if frame.narrow else 0.25 if frame.height else 0.4) * frame.width
    height = max(frame.height - top - frame.edge - under, least)
    plot_top, bottom = top + 1.3 * size, top + height

    items: list[Item] = []
    for tick in scale.ticks():
        y = bottom - scale.along(tick) * (bottom - plot_top)
        items.append(Rule((left, y), (right, y), strong=abs(tick) < scale.step / 2))
        items.append(Words(left - 0.4 * size, y + 0.3 * size, scale.said(tick), small, anchor="end"))
    for at in range(len(chart.labels)):
        middle = left + (at + 0.5) * slot
        items.append(Rule((middle, bottom), (middle, bottom + 0.3 * size)))
    for at, lines in names:
        middle = left + (at + 0.5) * slot
        for row, line in enumerate(lines):
            y = bottom + 0.5 * size + (row * _LEADING + 1) * small
            items.append(Words(_inside(middle, line, small, frame.width - frame.edge), y, line, small, anchor="middle"))

    def place(at: int, point: float) -> Point:
        return left + (at + 0.5) * slot, bottom - scale.along(point) * (bottom - plot_top)

    runs = [[[place(*pair) for pair in run] for run in _runs(series.points)] for series in chart.series]
    radius = 0.33 * size
    for number, found in enumerate(runs):
        items += [Line(tuple(run), style(number)) for run in found if len(run) > 1]
    for number, found in enumerate(runs):
        items += [Mark(x, y, radius, style(number)) for run in found for x, y in run]
    marks = [point for found in runs for run in found for point in run]
    said = _Labels(frame, (left, top - 0.3 * size, frame.width - frame.edge, bottom), marks, radius)
    crowded = slot < 1.1 * max(width(scale.said(point), size) for _, _, point in _by_weight(chart, only_ends=True))
    for number, at, point in _by_weight(chart, only_ends=crowded):
        said.put(place(at, point), scale.said(point), below=_lowest(chart.series[number].points, at))
    return [*items, *said.items], bottom + under


class _Labels:
    """Numbers beside their points, those left out that would cover another or a mark: the table has them all."""

    def __init__(self, frame: Frame, room: _Box, marks: list[Point], radius: float) -> None:
        self.items: list[Item] = []
        self._size = 0.9 * frame.size
        self._room = room
        self._marks = [(x, y, (x - radius, y - radius, x + radius, y + radius)) for x, y in marks]
        self._taken: list[_Box] = []

    def put(self, point: Point, text: str, *, below: bool) -> None:
        size, half = self._size, width(text, self._size) / 2
        x, y = point
        middle = min(max(x, self._room[0] + half), self._room[2] - half)
        over, under = (middle, y - 0.65 * size), (middle, y + 1.4 * size)
        # A number right of its point comes last, where it may lie on the line; the halo keeps it readable.
        places = [under, over] if below else [over, under]
        for centre, baseline in (*places, (x + half + 0.6 * size, y + 0.35 * size)):
            box = (centre - half, baseline - 0.85 * size, centre + half, baseline + 0.25 * size)
            if _within(box, self._room) and not any(_meet(box, other) for other in self._others(point)):
                self._taken.append(box)
                self.items.append(Words(centre, baseline, text, size, anchor="middle", halo=True))
                return

    def _others(self, point: Point) -> list[_Box]:
        return [*self._taken, *(box for x, y, box in self._marks if (x, y) != point)]


def _by_weight(chart: Chart, *, only_ends: bool) -> list[tuple[int, int, float]]:
    """Points with their series and place: the last of each series comes first, then the first, the largest and the smallest;
    then, unless only those are wanted, the others from the end.
    """
    weighed: list[tuple[int, int, int, float]] = []
    for number, series in enumerate(chart.series):
        points = [(at, point) for at, point in enumerate(series.points) if point is not None]
        if not points:
            continue
        ends = [points[-1], points[0], max(points, key=lambda pair: pair[1]), min(points, key=lambda pair: pair[1])]
        found = [pair for pair in reversed(points) if pair in ends or not only_ends]
        weighed += [(ends.index(pair) if pair in ends else len(ends), number, *pair) for pair in found]
    weighed.sort(key=lambda weight: weight[:2])
    return [(number, at, point) for _, number, at, point in weighed]


def _lowest(points: tuple[float | None, ...], at: int) -> bool:
    """The line only comes down to this point and goes up from it, so that there is a line above it and room below."""
    here = points[at]
    beside = [point for point in (*points[max(0, at - 1) : at], *points[at + 1 : at + 2]) if point is not None]
    return here is not None and bool(beside) and all(point > here for point in beside)


def _runs(points: tuple[float | None, ...]) -> list[list[tuple[int, float]]]:
    """The points that follow each other without a gap, each with its place."""
    runs: list[list[tuple[int, float]]] = [[]]
    for at, point in enumerate(points):
        if point is None:
            runs.append([])
        else:
            runs[-1].append((at, point))
    return [run for run in runs if run]


def _names(chart: Chart, slot: float, every: int, size: float) -> list[tuple[int, list[str]]]:
    """The labels that are written, counted from the last, which is always one of them."""
    last = len(chart.labels) - 1
    return [
        (at, wrapped(label, size, every * slot - 0.5 * size, most=_MOST_LINES))
        for at, label in enumerate(chart.labels)
        if (last - at) % every == 0
    ]


def _inside(middle: float, text: str, size: float, end: float) -> float:
    half = width(text, size) / 2
    return max(min(middle, end - half), half)


def _within(box: _Box, room: _Box) -> bool:
    near = 0.5
    return (
        box[0] >= room[0] - near and box[1] >= room[1] - near and box[2] <= room[2] + near and box[3] <= room[3] + near
    )


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
