"""Tables and charts as Slack draws them, and the same message in plainer blocks for workspaces that don't take the newer ones.

docs.slack.dev, data table block and data visualization block: twenty columns, a hundred rows and the header, one table a message;
two charts, each with six series of twenty points.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks.message import Block, Message, clip
from bot.blocks.words import shown
from storage.figures import Mean, Median, Rate, Share, Value, Withheld

DATA_TABLE, CHART = "data_table", "data_visualization"
MOST_ROWS = 100
MOST_POINTS, LABEL = 20, 20
# What one cell is: words, or a value that is shown as people read it and sorted by its number.
Cell = str | Value
Points = Sequence[tuple[str, float]]


def data_table(block_id: str, caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Block:
    """A table that can be sorted, all of it on one page. It has at least one row and at most MOST_ROWS."""
    return {
        "type": DATA_TABLE,
        "block_id": block_id,
        "caption": caption,
        "page_size": min(len(rows), MOST_ROWS),
        "rows": [[_words(title) for title in head], *([_cell(cell) for cell in row] for row in rows)],
    }


def chart(title: str, series: Sequence[tuple[str, Points]], *, unit: str = "", lines: bool = True) -> Block:
    """Lines or bars over the labels of the first series; every series has the same labels, each once."""
    labels = [label for label, _ in series[0][1]]
    axis: dict[str, Any] = {"categories": labels}
    if unit:
        axis["y_label"] = clip(unit, 50)
    return {
        "type": CHART,
        "title": clip(title, 50),
        "chart": {
            "type": "line" if lines else "bar",
            "series": [
                {"name": clip(name, LABEL), "data": [{"label": label, "value": value} for label, value in points]}
                for name, points in series
            ],
            "axis_config": axis,
        },
    }


def bars_by(title: str, series: Mapping[str, Points], *, unit: str) -> list[Block]:
    """Bars of the same names in each series, as many as Slack draws; none for one name, or where cut names look alike."""
    drawn = {
        name: [(clip(label, LABEL), value) for label, value in points[:MOST_POINTS]] for name, points in series.items()
    }
    labels = [label for label, _ in next(iter(drawn.values()))]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        return []
    return [chart(title, list(drawn.items()), unit=unit, lines=False)]


def newer(message: Message) -> set[str]:
    """The kinds of block in a message that not every workspace takes."""
    return {block["type"] for block in message.blocks} & {DATA_TABLE, CHART}


def without(message: Message, kinds: set[str]) -> Message:
    """The same message where these kinds are not taken: a plain table for one that can be sorted, and no chart.

    The text says everything in any case.
    """
    blocks = []
    for block in message.blocks:
        if block["type"] == DATA_TABLE and DATA_TABLE in kinds:
            blocks.append(_plain(block))
        elif not (block["type"] == CHART and CHART in kinds):
            blocks.append(block)
    return Message(message.text, blocks)


def number(value: Value) -> float | None:
    """What a figure is sorted and drawn by; None when there was nothing to count, or it is withheld."""
    match value:
        case Withheld():
            return None
        case Share():
            return value.percent
        case Rate():
            return None if value.tenths is None else value.tenths / 10
        case Mean():
            return None if value.tenths is None else value.tenths / 10
        case Median():
            return value.value
        case _:
            return value


def _plain(table: Block) -> Block:
    columns = len(table["rows"][0])
    return {
        "type": "table",
        "block_id": table["block_id"],
        "column_settings": [
            {"is_wrapped": True},
            *({"align": "right", "is_wrapped": True} for _ in range(columns - 1)),
        ],
        "rows": [[_words(cell["text"]) for cell in row] for row in table["rows"]][:MOST_ROWS],
    }


def _cell(cell: Cell) -> Block:
    if isinstance(cell, str):
        return _words(cell)
    value = number(cell)
    return _words(shown(cell)) if value is None else {"type": "raw_number", "value": value, "text": shown(cell)}


def _words(text: str) -> Block:
    return {"type": "raw_text", "text": text}
