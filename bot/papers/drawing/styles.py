"""How series are told apart: by colour, and without colour by hatching, dashes and the shape of the marks. Pure."""

import math
from dataclasses import dataclass
from typing import Literal

Hatch = Literal["solid", "rising", "dots", "level", "crossed", "upright", "falling"]
Marker = Literal["circle", "square", "triangle", "diamond", "plus", "upside-down", "cross"]

INK, FAINT, PAPER = "#0b0c0c", "#d0d3d6", "#ffffff"
# Each stands out from white by three to one or more. The numbers of colours, hatches and dashes have no factor in common,
# so that styles differ long after colours begin again.
_COLOURS = ("#12436d", "#a8330f", "#00703c", "#801650", "#5b5f63", "#6f56a8")
_HATCHES: tuple[Hatch, ...] = ("solid", "rising", "dots", "level", "crossed", "upright", "falling")
_DASHES: tuple[tuple[float, ...], ...] = ((), (9, 5), (2, 4), (14, 4, 2, 4), (5, 3))
_MARKERS: tuple[Marker, ...] = ("circle", "square", "triangle", "diamond", "plus", "upside-down", "cross")


@dataclass(frozen=True, slots=True)
class Style:
    """`dash` is lengths in pixels that are drawn and left out in turn; none of them is a line without gaps."""

    colour: str
    hatch: Hatch
    dash: tuple[float, ...]
    marker: Marker


def style(number: int) -> Style:
    """That of the series with this number, counted from 0."""
    return Style(
        colour=_COLOURS[number % len(_COLOURS)],
        hatch=_HATCHES[number % len(_HATCHES)],
        dash=_DASHES[number % len(_DASHES)],
        marker=_MARKERS[number % len(_MARKERS)],
    )


def outline(marker: Marker) -> tuple[tuple[float, float], ...]:
    """The corners of a mark around 0, 0, about 1 away from it; y grows downwards."""
    return _OUTLINES[marker]


_ARM, _TILT = 0.38, 0.85
_PLUS = (
    (-_ARM, -1.15), (_ARM, -1.15), (_ARM, -_ARM), (1.15, -_ARM), (1.15, _ARM), (_ARM, _ARM),
    (_ARM, 1.15), (-_ARM, 1.15), (-_ARM, _ARM), (-1.15, _ARM), (-1.15, -_ARM), (-_ARM, -_ARM),
)  # fmt: skip
_OUTLINES: dict[Marker, tuple[tuple[float, float], ...]] = {
    "circle": tuple((math.cos(turn * math.pi / 12), math.sin(turn * math.pi / 12)) for turn in range(24)),
    "square": ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)),
    "triangle": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "upside-down": ((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "plus": _PLUS,
    "cross": tuple((_TILT * (x - y), _TILT * (x + y)) for x, y in _PLUS),
}
