"""Bars that lie, so that long names and many of them can be read; each says its number. Pure."""

from itertools import chain

from bot.blocks.words import NONE
from bot.papers.drawing.canvas import Bar, Frame, Item, Rule, Words
from bot.papers.drawing.lettering import width, wrapped
from bot.papers.drawing.scale import Scale
from bot.papers.drawing.styles import style
from bot.papers.paper import Chart

_LEADING = 1.25
_MOST_LINES = 3
_LEAST_GAP = 0.6


def body(chart: Chart, frame: Frame, scale: Scale, top: float) -> tuple[list[Item], float]:
    """The bars with their scale, and where they end."""
    size = frame.size
    names = _names(chart, frame)
    beside = 0.0 if frame.narrow else max((width(line, size) for line in chain(*names)), default=0) + 0.7 * size
    left = frame.edge + beside
    said = [scale.said(point) for series in chart.series for point in series.points if point is not None]
    reach = frame.width - frame.edge - left - max(width(text, size) for text in said) - 0.6 * size
    thick = _thickness(chart, frame, top)
    gap = _gap(chart, frame, top, thick)
    zero = left + scale.along(0) * reach

    items: list[Item] = []
    y = top
    for label, lines in enumerate(names):
        room = len(chart.series) * thick
        if frame.narrow:
            for line in lines:
                items.append(Words(left, y + size, line, size))
                y += _LEADING * size
            y += 0.15 * size
        else:
            down = max(0.0, (room - len(lines) * _LEADING * size) / 2)
            for row, line in enumerate(lines):
                baseline = y + down + (row * _LEADING + 0.95) * size
                items.append(Words(left - 0.7 * size, baseline, line, size, anchor="end"))
            room = max(room, len(lines) * _LEADING * size)
        for number, series in enumerate(chart.series):
            point = series.points[label]
            end = zero if point is None else left + scale.along(point) * reach
            bar_top = y + number * thick
            if point:
                items.append(Bar(min(zero, end), bar_top, abs(end - zero), 0.86 * thick, style(number)))
            text = NONE if point is None else scale.said(point)
            items.append(Words(max(zero, end) + 0.35 * size, bar_top + 0.43 * thick + 0.36 * size, text, size))
        y += room + gap
    bottom = y - gap + 0.3 * size
    return [*_scale(scale, frame, left=left, reach=reach, top=top, bottom=bottom), *items], bottom + 1.4 * size


def _names(chart: Chart, frame: Frame) -> list[list[str]]:
    room = frame.width if frame.narrow else 0.34 * frame.width
    return [wrapped(label, frame.size, room, most=_MOST_LINES) for label in chart.labels]


def _thickness(chart: Chart, frame: Frame, top: float) -> float:
    """As thick as fills the height that is wanted, within reason."""
    groups, bars = len(chart.labels), len(chart.series)
    height = _height(frame, top)
    spare = min(height / (groups * (bars + 0.4)), (height - groups * _LEAST_GAP * frame.size) / (groups * bars))
    return min(max(1.1 * frame.size, spare), 3.2 * frame.size)


def _gap(chart: Chart, frame: Frame, top: float, thick: float) -> float:
    """What is left of the height that is wanted lies between the labels, as long as they still belong together."""
    group = len(chart.series) * thick
    spare = (_height(frame, top) - len(chart.labels) * group) / max(1, len(chart.labels) - 1)
    return max(_LEAST_GAP * frame.size, 0.4 * thick, min(spare, 0.9 * group))


def _height(frame: Frame, top: float) -> float:
    return frame.height - frame.edge - 1.8 * frame.size - top


def _scale(scale: Scale, frame: Frame, *, left: float, reach: float, top: float, bottom: float) -> list[Item]:
    """Rules from top to bottom; numbers only where they don't run into each other."""
    ticks = scale.ticks()
    texts = [scale.said(tick) for tick in ticks]
    every = 1
    while every < len(ticks) and max(width(text, 0.85 * frame.size) for text in texts) + frame.size > (
        every * reach / (len(ticks) - 1)
    ):
        every += 1
    items: list[Item] = []
    for number, (tick, text) in enumerate(zip(ticks, texts, strict=True)):
        x = left + scale.along(tick) * reach
        items.append(Rule((x, top - 0.2 * frame.size), (x, bottom), strong=abs(tick) < scale.step / 2))
        if number % every == 0:
            start = number == 0 and frame.narrow
            items.append(
                Words(x, bottom + 1.1 * frame.size, text, 0.85 * frame.size, anchor="start" if start else "middle")
            )
    return items
