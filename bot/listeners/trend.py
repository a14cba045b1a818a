"""`/complaint trend [team] [figure] [period]`: one figure month by month."""

import re

from bot.blocks import trend as drawing
from bot.door import Door
from bot.listeners.status import drawn, narrowed
from bot.papers import png
from bot.requests import Answer, Picture, Say, Typed
from storage.figures import FIGURES, Figure, figure
from storage.figures.trend import OVER_TIME, trend
from storage.office import Desk
from storage.periods import parse
from storage.permissions import Operation

_DEFAULT = "received"
# How people call figures besides by their titles.
_ALSO = {"on-time": "on_time", "timeliness": "on_time", "days": "average_days", "late recording": "recorded_late"}


def register(door: Door) -> None:
    """Adds the sub-command."""

    def typed(command: Typed) -> Answer:
        return drawn(door, "trend", command, answer)

    titles = ", ".join(one.title.lower() for one in OVER_TIME[:3])
    door.subcommand(
        "trend",
        "[team] [figure] [period]",
        f"a figure month by month, such as {titles}",
        typed,
        needs=Operation.FIGURES,
    )


def answer(desk: Desk, words: str) -> Say:
    """The figure that the words name, as a line, a table and a picture. Raises Refusal; NotAPeriod."""
    left, wanted = figure_in(words)
    asked = narrowed(desk, left, default=parse("last 12 months", desk.today))
    found = trend(desk, asked.period, wanted, team_id=asked.team_id, procedure=asked.procedure, number=asked.number)
    message, chart = drawing.trend(found)
    return Say(message, Picture("trend.png", chart.text, lambda: png.chart(chart)))


def figure_in(words: str) -> tuple[str, Figure]:
    """What is left of the words without the figure they name, and that; received, where they name none."""
    named = {one.title: one for one in FIGURES} | {name: figure(key) for name, key in _ALSO.items()}
    for name in sorted(named, key=len, reverse=True):
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE)
        if match:
            return " ".join(f"{words[: match.start()]} {words[match.end() :]}".split()), named[name]
    return words, figure(_DEFAULT)
