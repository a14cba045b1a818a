"""Where the parts of a chart go: its title, the key to its series, the unit, and below them bars or lines. Pure."""

from bot.papers.drawing import bars, lines
from bot.papers.drawing.canvas import Bar, Drawing, Frame, Item, Line, Mark, Words
from bot.papers.drawing.lettering import width, wrapped
from bot.papers.drawing.scale import Scale
from bot.papers.drawing.styles import Style, style
from bot.papers.paper import Chart

NOTHING = "There was nothing to count."


def draw(chart: Chart, frame: Frame) -> Drawing:
    """The whole chart. One without any number says so."""
    items: list[Item] = []
    top = frame.edge
    if frame.titled:
        top = _said(chart.title, frame, top, items, size=1.4 * frame.size, bold=True) + 0.3 * frame.size
    numbers = [point for series in chart.series for point in series.points if point is not None]
    if not numbers:
        top = _said(NOTHING, frame, top, items, size=frame.size)
        return Drawing(frame.width, max(frame.height, top + frame.edge), tuple(items))
    if chart.unit and chart.unit != "%":
        top = _said(chart.unit, frame, top, items, size=frame.size) + 0.2 * frame.size
    top = _key(chart, frame, top, items)
    scale = Scale.over(numbers, chart.unit)
    body = lines.body if chart.lines else bars.body
    drawn, bottom = body(chart, frame, scale, top + 0.4 * frame.size)
    return Drawing(frame.width, max(frame.height, bottom + frame.edge), (*items, *drawn))


def _said(text: str, frame: Frame, top: float, items: list[Item], *, size: float, bold: bool = False) -> float:
    """Adds lines of text across the drawing; returns where they end."""
    room = (frame.width - 2 * frame.edge) / (1.08 if bold else 1)
    for line in wrapped(text, size, room, most=2):
        items.append(Words(frame.edge, top + size, line, size, bold=bold))
        top += 1.3 * size
    return top


def _key(chart: Chart, frame: Frame, top: float, items: list[Item]) -> float:
    """Adds the sign and the name of each series, as many in a row as there is room for; returns where they end."""
    sign, height = 3.2 * frame.size if chart.lines else 2.4 * frame.size, 1.5 * frame.size
    left, right = frame.edge, frame.width - frame.edge
    x, y, deep = left, top, 1
    for number, series in enumerate(chart.series):
        names = wrapped(series.name, frame.size, right - left - sign, most=3)
        taken = sign + max((width(name, frame.size) for name in names), default=0) + 1.4 * frame.size
        if x > left and x + taken - 1.4 * frame.size > right:
            x, y, deep = left, y + deep * height, 1
        items += _sign(style(number), frame, x, y, lines=chart.lines)
        for row, name in enumerate(names):
            items.append(Words(x + sign, y + (row * 1.3 + 1) * frame.size, name, frame.size))
        x, deep = x + taken, max(deep, len(names))
    return y + deep * height


def _sign(look: Style, frame: Frame, x: float, y: float, *, lines: bool) -> list[Item]:
    size = frame.size
    if not lines:
        return [Bar(x, y + 0.2 * size, 1.8 * size, size, look)]
    middle = y + 0.65 * size
    return [Line(((x, middle), (x + 2.8 * size, middle)), look), Mark(x + 1.4 * size, middle, 0.3 * size, look)]
