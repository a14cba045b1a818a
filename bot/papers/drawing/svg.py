"""A chart as SVG inside a page: an image with a name and a description, and patterns beside colours. Pure."""

from markupsafe import Markup

from bot.papers.drawing.canvas import Bar, Drawing, Frame, Item, Line, Mark, Rule, Words
from bot.papers.drawing.layout import draw
from bot.papers.drawing.styles import FAINT, INK, PAPER, Hatch, Style, outline
from bot.papers.paper import Chart
from bot.tracker import legible

_TILE = 8
_STROKES: dict[Hatch, str] = {
    "solid": "",
    "rising": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
    "falling": "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
    "level": "M0,4 h8",
    "upright": "M4,0 v8",
    "crossed": "M0,8 l8,-8 M0,0 l8,8",
    "dots": "M3,4 a1.6,1.6 0 1,0 3.2,0 a1.6,1.6 0 1,0 -3.2,0",
}


def as_svg(chart: Chart, frame: Frame, name: str, label: str) -> Markup:
    """`name` is what ids in it begin with: one of its own for every drawing of a page. `label` comes before its title."""
    drawing = draw(chart, frame)
    return Markup(
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{text}</desc>{patterns}{items}</svg>'
    ).format(
        width=_number(drawing.width),
        height=_number(drawing.height),
        name=name,
        title=f"{label}: {legible(chart.title)}",
        text=legible(chart.text),
        patterns=_patterns(drawing, name),
        items=Markup("").join(_item(item, name) for item in drawing.items),
    )


def _item(item: Item, name: str) -> Markup:
    match item:
        case Words():
            return _words(item)
        case Rule():
            (x1, y1), (x2, y2) = item.start, item.end
            return Markup('<path d="M{} {}L{} {}" stroke="{}" stroke-width="{}"/>').format(
                *map(_number, (x1, y1, x2, y2)), INK if item.strong else FAINT, 1.5 if item.strong else 1
            )
        case Bar():
            return Markup(
                '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1.5"/>'
            ).format(
                *map(_number, (item.x, item.y, item.width, item.height)), _fill(item.style, name), item.style.colour
            )
        case Line():
            return Markup(
                '<polyline points="{}" fill="none" stroke="{}" stroke-width="3" stroke-dasharray="{}"/>'
            ).format(_points(item.points), item.style.colour, " ".join(map(str, item.style.dash)) or "none")
        case Mark():
            corners = [(item.x + item.radius * x, item.y + item.radius * y) for x, y in outline(item.style.marker)]
            return Markup('<polygon points="{}" fill="{}" stroke="{}" stroke-width="1"/>').format(
                _points(corners), item.style.colour, PAPER
            )


def _words(words: Words) -> Markup:
    more = Markup(' font-weight="700"') if words.bold else Markup("")
    if words.halo:
        more += Markup(' class="halo"')
    return Markup('<text x="{}" y="{}" font-size="{}" text-anchor="{}"{}>{}</text>').format(
        _number(words.x), _number(words.y), _number(words.size), words.anchor, more, legible(words.text)
    )


def _patterns(drawing: Drawing, name: str) -> Markup:
    looks = {item.style: None for item in drawing.items if isinstance(item, Bar) and item.style.hatch != "solid"}
    if not looks:
        return Markup("")
    return Markup("<defs>{}</defs>").format(Markup("").join(_pattern(look, name) for look in looks))


def _pattern(look: Style, name: str) -> Markup:
    return Markup(
        '<pattern id="{}" width="{tile}" height="{tile}" patternUnits="userSpaceOnUse">'
        '<rect width="{tile}" height="{tile}" fill="{paper}"/>'
        '<path d="{}" fill="{}" stroke="{}" stroke-width="{}"/></pattern>'
    ).format(
        _id(look, name),
        _STROKES[look.hatch],
        look.colour if look.hatch == "dots" else "none",
        look.colour,
        0 if look.hatch == "dots" else 2,
        tile=_TILE,
        paper=PAPER,
    )


def _fill(look: Style, name: str) -> str:
    return look.colour if look.hatch == "solid" else f"url(#{_id(look, name)})"


def _id(look: Style, name: str) -> str:
    return f"{name}-{look.hatch}-{look.colour.removeprefix('#')}"


def _points(points: list[tuple[float, float]] | tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
