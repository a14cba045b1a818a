"""Charts as shapes and words in pixels, so that a page and a picture show the same."""

from bot.papers.drawing.canvas import NARROW, PICTURE, WIDE, Drawing, Frame
from bot.papers.drawing.layout import draw

__all__ = ["NARROW", "PICTURE", "WIDE", "Drawing", "Frame", "draw"]
