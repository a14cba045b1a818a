"""What a drawing is made of, in pixels from its upper left corner, whatever draws it: SVG or a PNG. Pure."""

from dataclasses import dataclass
from typing import Literal

from bot.papers.drawing.styles import Style

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for a drawing. `size` is that of its letters; it is at least `height` high, and higher where it has to be."""

    width: float
    size: float
    height: float
    titled: bool = False

    @property
    def narrow(self) -> bool:
        """Too narrow for names beside their bars."""
        return self.width < 30 * self.size

    @property
    def edge(self) -> float:
        """What is left white around it; a page has margins of its own."""
        return 1.5 * self.size if self.titled else 0.0


WIDE = Frame(760, 16, 0)
NARROW = Frame(360, 15, 0)
# Pages have the title in their own words; a picture goes about alone.
PICTURE = Frame(1200, 20, 675, titled=True)


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is where its letters stand. A halo keeps it apart from lines behind it."""

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor = "start"
    bold: bool = False
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line to measure by; the strong one is zero."""

    start: Point
    end: Point
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    style: Style


@dataclass(frozen=True, slots=True)
class Line:
    points: tuple[Point, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class Mark:
    """The sign of a series around a point."""

    x: float
    y: float
    radius: float
    style: Style


Item = Words | Rule | Bar | Line | Mark


@dataclass(frozen=True, slots=True)
class Drawing:
    """What comes later lies above."""

    width: float
    height: float
    items: tuple[Item, ...]
