"""The page that managers get for their monthly meeting: last month's figures, what is overdue, what is missing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import status, words
from bot.blocks.card import owned_by
from bot.blocks.message import Block, Message, context, header, safe, section
from storage.figures import TeamTable
from storage.figures.actions import DEFINITION, ActionCounts
from storage.views import StageLine
from storage.views_missing import MissingList

# Slack takes one table and fifty blocks a message; further teams are in the table.
MOST_TABLES = 4
MOST_OVERDUE = 10
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One team or service: its figures of the month, those of the year before, and its learning actions that were due."""

    table: TeamTable
    before: TeamTable
    actions: ActionCounts


def monthly(name: str, parts: Sequence[Part], overdue: Sequence[StageLine], missing: MissingList | None) -> Message:
    """One person's page. The figures are those of `/complaint status` for the same period."""
    period = parts[0].table.period
    opening = f"{safe(name)}, your page for the monthly meeting: {period.label}"
    blocks: list[Block] = [header(opening)]
    text = [opening]
    for part in parts[:MOST_TABLES]:
        title, said = (
            safe(status.heading(part.table)),
            f"{safe(status.summary(part.table, part.before))}\n{actions(part)}",
        )
        blocks.append(section(f"*{title}*\n{said}"))
        text += [title, said]
    if len(parts) > MOST_TABLES:
        more = f"and {len(parts) - MOST_TABLES} more teams of yours, in the table"
        blocks.append(context(more))
        text.append(more)
    for said in (_overdue(overdue), *([_missing(missing)] if missing else [])):
        blocks.append(section(said))
        text.append(said)
    whole = status.joined([part.table for part in parts])
    defined = safe(status.definitions(whole))
    blocks += [*status.pictured(whole), status.grid(whole), context(defined), context(f"{DEFINITION}.")]
    text += [*(safe(line) for line in status.team_lines(whole)), defined, f"{DEFINITION}."]
    return Message("\n".join(text), blocks)


def actions(part: Part) -> str:
    """One sentence on learning actions."""
    counts, label = part.actions, part.table.period.label
    if not counts.due:
        return f"Learning actions: none was due in {label}."
    verify = f" {counts.to_verify:,} to be verified." if counts.to_verify else ""
    return (
        f"Learning actions due in {label}: {counts.due:,}, of which {counts.on_time:,} done on time, {counts.late:,} late, "
        f"{counts.open:,} open, {counts.overdue:,} overdue.{verify}"
    )


def _overdue(lines: Sequence[StageLine]) -> str:
    if not lines:
        return "Nothing is overdue."
    said = [
        f"*{line.reference}*  {safe(line.team)}: {words.left(line.days_left)}, {owned_by(line)}"
        for line in lines[:MOST_OVERDUE]
    ]
    if len(lines) > MOST_OVERDUE:
        said.append(f"and {len(lines) - MOST_OVERDUE} more")
    return "\n".join([f"*Overdue now: {len(lines):,}*", *said])


def _missing(found: MissingList) -> str:
    of = f"of {found.complaints:,} that are open or were closed in {found.period.label}"
    if not found.lacking:
        return f"*Missing in records*\nNothing, {of}."
    each = max(MOST_REFERENCES // len(found.lacking), 1)
    said = []
    for one in found.lacking:
        hidden = len(one.references) - each
        more = f" and {hidden:,} more" if hidden > 0 else ""
        said.append(f"•  {one.lack.value}: {len(one.references):,}. {', '.join(one.references[:each])}{more}")
    how = "To fill it in: */complaint show* and the reference, *More…*, *Complete the record…*."
    return "\n".join([f"*Missing in records*, {of}", *said, how])
