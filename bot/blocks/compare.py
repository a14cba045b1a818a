"""Figures side by side: a period and the same a year before, or several teams. Pure."""

from collections.abc import Sequence

from bot.blocks import tables
from bot.blocks.message import Block, Message, clip, context, header, safe
from bot.blocks.status import definitions, heading
from bot.blocks.tables import Cell
from bot.blocks.words import changed, shown
from storage.figures import Counts, TeamTable, Value, columns
from storage.figures.change import Change
from storage.figures.definitions import NOW_ONLY


def with_year_before(now: TeamTable, before: TeamTable) -> Message:
    """Each figure of a team, or of all, in the period and a year before, with the difference."""
    rows: list[tuple[str, Value, Value, str]] = []
    for figure in columns(now.total, brief=False):
        if figure.key not in NOW_ONLY:
            change = Change(figure.value(now.total), figure.value(before.total))
            rows.append((figure.title, change.now, change.before, changed(change)))
    title = f"{heading(now)}, with the year before"
    head = ["Figure", now.period.label, before.period.label, "Change"]
    said = [
        f"{name}: {shown(one)}; a year earlier {shown(other)}; {difference}" for name, one, other, difference in rows
    ]
    return _message(title, head, rows, said=said, defined=definitions(now))


def teams(found: Sequence[TeamTable]) -> Message:
    """The same figures of several teams beside each other."""
    names = [table.scope or "All teams" for table in found]
    whole = Counts()
    for table in found:
        whole += table.total
    figures = columns(whole, brief=False)
    rows: list[Sequence[Cell]] = [(figure.title, *(figure.value(table.total) for table in found)) for figure in figures]
    title = clip(f"{', '.join(names)}: stage {found[0].number} complaints, {found[0].period.label}", 150)
    said = [
        f"{name}: " + ", ".join(f"{figure.title.lower()} {shown(figure.value(table.total))}" for figure in figures)
        for name, table in zip(names, found, strict=True)
    ]
    bars = tables.bars_by(
        "Received", {"Received": [(name, table.total.received) for name, table in zip(names, found, strict=True)]},
        unit="complaints",
    )  # fmt: skip
    return _message(title, ["Figure", *names], rows, *bars, said=said, defined=definitions(found[0]))


def _message(
    title: str, head: list[str], rows: Sequence[Sequence[Cell]], *charts: Block, said: list[str], defined: str
) -> Message:
    blocks: list[Block] = [header(clip(title, 150)), *charts]
    blocks.append(tables.data_table("compare", title, head, rows))
    blocks.append(context(safe(clip(defined, 3000))))
    return Message(safe("\n".join([title, *said, defined])), blocks)
