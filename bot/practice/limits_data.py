"""Slack's limits for the blocks that show data: table, data_table and data_visualization.

Source: docs.slack.dev, Block Kit: the reference pages of these blocks, read in 2026.
"""

from collections.abc import Sequence
from typing import Any

from bot.practice.limits_elements import ID, rich_elements
from bot.practice.schema import (
    Check,
    Problems,
    anything,
    array,
    flag,
    maybe_null,
    number,
    one_of,
    say,
    text,
    thing,
    typed,
    whole,
)

TABLES = ("table", "data_table")
TABLE_CHARACTERS = 10_000  # of all cells of one table together
CHARTS_A_MESSAGE = 2

RICH_TEXT = thing({"type": anything, "block_id": ID, "elements": array(rich_elements(), 0, 1000)}, ("type", "elements"))
_RAW_TEXT = thing({"type": anything, "text": text(TABLE_CHARACTERS)}, ("type", "text"))
_RAW_NUMBER = thing({"type": anything, "value": number, "text": text(255)}, ("type", "value", "text"))
_HEADER = typed({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER})
_CELL = typed({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})


def _written(node: Any) -> int:
    """How many characters of text a cell holds."""
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_written(value) for value in node.values() if isinstance(value, (dict, list)))
    return sum(_written(value) for value in node)


def _not_too_long(value: Any, place: str, problems: Problems) -> None:
    if _written(value["rows"]) > TABLE_CHARACTERS:
        say(problems, f"{place}/rows", f"must be less than {TABLE_CHARACTERS + 1} characters in all cells")


def _even(value: Any, place: str, problems: Problems) -> None:
    rows = value["rows"]
    if len({len(row) for row in rows}) > 1:
        say(problems, f"{place}/rows", "all rows must have the same number of cells")
    for index, cell in enumerate(rows[0]):
        _HEADER(cell, f"{place}/rows/0/{index}", problems)
    if value.get("row_header_column_index", 0) >= len(rows[0]):
        say(problems, f"{place}/row_header_column_index", "must name a column of the table")


TABLE = thing(
    {
        "type": anything,
        "block_id": ID,
        "rows": array(array(_CELL, 1, 20), 1, 100),
        "column_settings": array(
            maybe_null(thing({"align": one_of("left", "center", "right"), "is_wrapped": flag})), 0, 20
        ),
    },
    ("type", "rows"),
    _not_too_long,
)
DATA_TABLE = thing(
    {
        "type": anything,
        "block_id": ID,
        "caption": text(TABLE_CHARACTERS),
        "rows": array(array(_CELL, 1, 20), 2, 101),
        "page_size": whole(1, 100),
        "row_header_column_index": whole(0, 19),
    },
    ("type", "caption", "rows"),
    _even,
    _not_too_long,
)


def _above_zero(value: Any, place: str, problems: Problems) -> None:
    if value["value"] <= 0:
        say(problems, f"{place}/value", "must be greater than 0")


def _series_fit(value: Any, place: str, problems: Problems) -> None:
    """Every series names each category once, in the axis's order or another; names of series differ."""
    categories = value["axis_config"]["categories"]
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        say(problems, f"{place}/series", "series names must be unique")
    if len(set(categories)) < len(categories):
        say(problems, f"{place}/axis_config/categories", "categories must be unique")
    for index, series in enumerate(value["series"]):
        labels = [point["label"] for point in series["data"]]
        if sorted(labels) != sorted(categories):
            say(problems, f"{place}/series/{index}/data", "labels must match the categories of the axis")


def _cartesian() -> Check:
    point = thing({"label": text(20), "value": number}, ("label", "value"))
    series = thing({"name": text(20), "data": array(point, 1, 20)}, ("name", "data"))
    axis = thing({"categories": array(text(20), 1, 20), "x_label": text(50), "y_label": text(50)}, ("categories",))
    fields = {"type": anything, "series": array(series, 1, 6), "axis_config": axis}
    return thing(fields, ("type", "series", "axis_config"), _series_fit)


_SEGMENT = thing({"label": text(20), "value": number}, ("label", "value"), _above_zero)
_PIE = thing({"type": anything, "segments": array(_SEGMENT, 1, 6)}, ("type", "segments"))
DATA_VISUALIZATION = thing(
    {
        "type": anything,
        "block_id": ID,
        "title": text(50),
        "chart": typed({"pie": _PIE, "bar": _cartesian(), "line": _cartesian(), "area": _cartesian()}),
    },
    ("type", "title", "chart"),
)


def data_together(blocks: Sequence[Any], place: str, problems: Problems) -> None:
    """One table of either kind in a message, and at most two charts."""
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if sum(kind in TABLES for kind in kinds) > 1:
        say(problems, place, "only_one_table_allowed")
    if kinds.count("data_visualization") > CHARTS_A_MESSAGE:
        say(problems, place, f"no more than {CHARTS_A_MESSAGE} data_visualization blocks allowed")
