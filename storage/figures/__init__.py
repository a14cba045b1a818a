"""The only place where anything is counted. One definition a figure (FIGURES.md), one query for every surface."""

from storage.figures.team_table import (
    FIGURES,
    Counts,
    Figure,
    Mean,
    Median,
    Share,
    TeamRow,
    TeamTable,
    Value,
    columns,
    team_table,
)

__all__ = [
    "FIGURES",
    "Counts",
    "Figure",
    "Mean",
    "Median",
    "Share",
    "TeamRow",
    "TeamTable",
    "Value",
    "columns",
    "team_table",
]
