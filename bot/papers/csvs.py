"""A paper as one CSV file: its tables one after another, in the columns of the workbook. Pure."""

import csv
import io

from bot.papers.flat import Raw, flattened
from bot.papers.paper import Paper
from bot.tracker import defused, legible
from storage.dates import in_words


def as_csv(paper: Paper) -> bytes:
    """With the mark at its beginning by which spreadsheets know UTF-8. A text that looks like a formula begins with a quote."""
    lines: list[tuple[Raw, ...]] = [
        (Raw(text),)
        for text in (legible(paper.title), *map(legible, paper.about), f"Made on {in_words(paper.made_on)}")
    ]
    for flat in flattened(paper):
        lines += [(), (Raw(flat.caption),), tuple(map(Raw, flat.headings)), *flat.rows]
        lines += [flat.total] if flat.total else []
        lines += [(Raw(text),) for text in (*flat.definitions, flat.note) if text]
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_cell(raw) for raw in line] for line in lines)
    return written.getvalue().encode("utf-8-sig")


def _cell(raw: Raw) -> str | int | float | None:
    return defused(raw.value) if isinstance(raw.value, str) else raw.value
