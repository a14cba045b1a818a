"""The answer of `/complaint learning`: what was done of what was promised, and how far the notes have been read. Pure."""

from collections.abc import Sequence

from bot.blocks.learning import read_by
from bot.blocks.message import Block, Message, clip, context, header, safe, section
from bot.blocks.words import NONE
from storage.dates import in_words
from storage.figures.actions import DEFINITION, ActionCounts, ActionTable
from storage.figures.notes import ReadBy
from storage.figures.values import Share
from storage.views_learning import NoteFacts

MOST_NOTES = 10
# Slack takes a hundred rows with the header, and ten thousand characters in all cells together.
MOST_TEAMS = 90
_TEXT = 30_000
_TEAM = 50
_READ = (
    "Notes read: how often the managers there are now have read a note, of the times they could. A manager of several teams "
    "counts in each."
)
_COLUMNS = ("Team", "Actions due", "On time", "Late", "Open", "Overdue", "To be verified", "Notes read")


def learned(actions: ActionTable, notes: Sequence[NoteFacts], read: Sequence[ReadBy], read_in_all: Share) -> Message:
    """One table of actions and of notes read, team by team, then the notes themselves, the newest first."""
    title = f"Learning, {actions.period.label}"
    opening = f"{_actions(actions.total)} {_notes(len(notes), read_in_all)}"
    rows = _rows(actions, read)
    blocks: list[Block] = [header(clip(title, 150)), section(opening)]
    if rows:
        blocks.append(_table([*rows, ("Total", actions.total, read_in_all)]))
    blocks += [section(_note(one)) for one in notes[:MOST_NOTES]]
    hidden = len(notes) - MOST_NOTES
    if hidden > 0:
        blocks.append(context(f"and {hidden} more notes, earlier in the period. Name a shorter period to see them."))
    defined = f"{DEFINITION}. {_READ}"
    blocks.append(context(clip(defined, 3000)))
    text = [
        title,
        opening,
        *(f"{safe(name)}: {_sentence(counts)}, notes read {_share(seen)}" for name, counts, seen in rows),
    ]
    text += [*(_note(one) for one in notes[:MOST_NOTES]), defined]
    return Message(clip("\n".join(text), _TEXT), blocks)


_Row = tuple[str, ActionCounts, Share]


def _rows(actions: ActionTable, read: Sequence[ReadBy]) -> list[_Row]:
    """A row for each team that had an action due or has managers who could read a note."""
    counts: dict[int | None, tuple[str, ActionCounts]] = {row.team_id: (row.team, row.counts) for row in actions.rows}
    seen = {one.team_id: one for one in read}
    order = [*(one.team_id for one in read), *(row.team_id for row in actions.rows if row.team_id not in seen)]
    rows: list[_Row] = []
    for team_id in order:
        name = seen[team_id].team if team_id in seen else counts[team_id][0]
        rows.append(
            (
                name,
                counts[team_id][1] if team_id in counts else ActionCounts(),
                seen[team_id].read if team_id in seen else Share(0, 0),
            )
        )
    return rows


def _table(rows: Sequence[_Row]) -> Block:
    """As many teams as a table holds; the rest are left to the words."""
    shown = [*rows[: MOST_TEAMS - 1], rows[-1]] if len(rows) > MOST_TEAMS else rows
    cells = [[_cell(title) for title in _COLUMNS]]
    for name, counts, seen in shown:
        numbers = (counts.due, counts.on_time, counts.late, counts.open, counts.overdue, counts.to_verify)
        cells.append([_cell(clip(name, _TEAM)), *(_cell(f"{number:,}") for number in numbers), _cell(_share(seen))])
    settings: list[Block] = [{"is_wrapped": True}, *({"align": "right", "is_wrapped": True} for _ in _COLUMNS[1:])]
    return {"type": "table", "block_id": "learning", "column_settings": settings, "rows": cells}


def _actions(counts: ActionCounts) -> str:
    if not counts.due:
        return "No learning action was due."
    return f"{_count(counts.due, 'learning action')} due: {_sentence(counts)}."


def _notes(number: int, read: Share) -> str:
    if not number:
        return "No learning note was shared."
    return f"{_count(number, 'learning note')} shared, read {_share(read)} times."


def _sentence(counts: ActionCounts) -> str:
    return (
        f"{counts.on_time:,} done on time, {counts.late:,} late, {counts.open:,} open, {counts.overdue:,} overdue, "
        f"{counts.to_verify:,} to be verified"
    )


def _note(one: NoteFacts) -> str:
    return f"*{in_words(one.shared_on)}*  {safe(clip(one.body, 600))}\n{read_by(one.readers)}"


def _share(share: Share) -> str:
    return f"{share.part:,} of {share.whole:,}" if share.whole else NONE


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}
