"""The kinds of files a paper can be written as, each by its ending."""

from collections.abc import Callable

from bot.papers.csvs import as_csv
from bot.papers.html import as_html
from bot.papers.paper import Paper
from bot.papers.xlsx import as_xlsx

_WRITERS: dict[str, Callable[[Paper], bytes]] = {
    "xlsx": as_xlsx,
    "csv": as_csv,
    "html": lambda paper: as_html(paper).encode(),
}
ENDINGS = tuple(_WRITERS)


def write(paper: Paper, ending: str) -> bytes | None:
    """What the file holds; None when its ending is of no kind that can be written."""
    writer = _WRITERS.get(ending.casefold())
    return writer(paper) if writer else None
