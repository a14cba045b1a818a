"""The only place where anything is counted. One definition a figure (FIGURES.md), one query for every surface."""

from storage.figures.behind import Behind, BehindLine, behind
from storage.figures.counts import Counts
from storage.figures.definitions import FIGURES, Figure, columns, figure
from storage.figures.team_table import TeamRow, TeamTable, team_table
from storage.figures.values import Mean, Median, Rate, Share, Value, Withheld

__all__ = [
    "FIGURES",
    "Behind",
    "BehindLine",
    "Counts",
    "Figure",
    "Mean",
    "Median",
    "Rate",
    "Share",
    "TeamRow",
    "TeamTable",
    "Value",
    "Withheld",
    "behind",
    "columns",
    "figure",
    "team_table",
]
