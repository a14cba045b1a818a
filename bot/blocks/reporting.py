"""What is said of a report that somebody asked for, while it is built and once it is there. Pure."""

from bot.blocks.message import Message, safe, saying
from storage.periods import Period


def report(period: Period, *, built: bool, problem: str | None) -> Message:
    """How far it has come; `problem` is why it could not be built."""
    what = f"Your report of {safe(period.label)}"
    if problem:
        return saying(f"{what} could not be built. {safe(problem)}")
    if not built:
        return saying(f"{what} is being built. It will be in the thread of this message in a minute.")
    return saying(
        f"{what} is in the thread of this message: as a page to read, print or save as PDF (.html), as a spreadsheet (.xlsx), "
        "and as plain data (.csv)."
    )
