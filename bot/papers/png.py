"""A chart as a picture for a message: the same shapes and words as in the page, drawn by matplotlib."""

import io
import math
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.papers.drawing import PICTURE, draw
from bot.papers.drawing.canvas import Bar, Item, Line, Mark, Rule, Words
from bot.papers.drawing.styles import FAINT, INK, PAPER, Hatch, outline
from bot.papers.paper import Chart

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DPI = 100
_POINT = 72 / _DPI
_FONT = "DejaVu Sans"
_HATCHES: dict[Hatch, str] = {
    "solid": "",
    "rising": "//",
    "falling": "\\\\",
    "level": "--",
    "upright": "||",
    "crossed": "xx",
    "dots": "..",
}
_ALIGNMENTS = {"start": "left", "middle": "center", "end": "right"}
_BOX = "□"


def chart(of: Chart) -> bytes:
    """1200 pixels wide and 675 high, or higher where there are many bars. Equal charts are equal bytes."""
    # Imported here because matplotlib takes most of a second to import; without pyplot nothing is shared between threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    drawing = draw(of, PICTURE)
    # In steps of 25 pixels, which are whole numbers of quarters of an inch and lose no pixel to rounding.
    height = math.ceil(round(drawing.height) / 25) * 25
    figure = Figure(figsize=(drawing.width / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, drawing.width)
    axes.set_ylim(height, 0)
    drawable = _drawable()
    for order, item in enumerate(drawing.items, start=1):
        _add(axes, item, order, drawable)
    written = io.BytesIO()
    # Which version of matplotlib drew it is nobody's business.
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _add(axes: "Axes", item: Item, order: int, drawable: Callable[[str], str]) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - as above
    from matplotlib.patches import Polygon, Rectangle  # noqa: PLC0415 - as above
    from matplotlib.patheffects import withStroke  # noqa: PLC0415 - as above

    match item:
        case Words():
            words = axes.text(
                item.x,
                item.y,
                drawable(item.text),
                fontsize=item.size * _POINT,
                fontfamily=_FONT,
                fontweight="bold" if item.bold else "normal",
                ha=_ALIGNMENTS[item.anchor],
                va="baseline",
                color=INK,
                zorder=order,
            )
            if item.halo:
                words.set_path_effects([withStroke(linewidth=4, foreground=PAPER)])
        case Rule():
            (x1, y1), (x2, y2) = item.start, item.end
            axes.add_line(
                Line2D(
                    [x1, x2],
                    [y1, y2],
                    color=INK if item.strong else FAINT,
                    linewidth=1 if item.strong else 0.8,
                    zorder=order,
                )
            )
        case Bar():
            bar = Rectangle(
                (item.x, item.y),
                item.width,
                item.height,
                facecolor=item.style.colour if item.style.hatch == "solid" else PAPER,
                edgecolor=item.style.colour,
                hatch=_HATCHES[item.style.hatch],
                linewidth=1.2,
                zorder=order,
            )
            bar.set_hatch_linewidth(2)
            axes.add_patch(bar)
        case Line():
            line = Line2D(*zip(*item.points, strict=True), color=item.style.colour, linewidth=2.4, zorder=order)
            if item.style.dash:
                # matplotlib counts dashes in widths of the line.
                line.set_linestyle((0, tuple(length / 2.4 for length in item.style.dash)))
            axes.add_line(line)
        case Mark():
            corners = [(item.x + item.radius * x, item.y + item.radius * y) for x, y in outline(item.style.marker)]
            axes.add_patch(
                Polygon(corners, closed=True, facecolor=item.style.colour, edgecolor=PAPER, linewidth=0.8, zorder=order)
            )


def _drawable() -> Callable[[str], str]:
    """What makes a text one that can be drawn: no dollar begins a formula, and a sign that the typeface lacks is a box."""
    from matplotlib.font_manager import FontProperties, findfont, get_font  # noqa: PLC0415 - as above

    font = get_font(findfont(FontProperties(family=_FONT)))

    def letter(sign: str) -> str:
        if unicodedata.category(sign) in {"Cc", "Cf"}:
            return ""
        return sign if font.get_char_index(ord(sign)) else _BOX

    return lambda text: "".join(map(letter, text)).replace("$", r"\$")
