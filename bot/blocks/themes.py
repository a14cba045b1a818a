"""The table of themes as Slack shows it: a native table, the definitions under it, and the same as plain text. Pure."""

from bot.blocks.message import Block, Message, actions, button, clip, context, header, safe, section
from bot.blocks.names import Action
from bot.blocks.words import NONE, shown
from storage.dates import in_words, in_words_range
from storage.figures.themes import DEFINITIONS, ThemeRow, ThemeTable

# Slack takes a hundred rows with the header, of which two more are the complaints without a theme and all of them.
MOST_THEMES = 96
# An actions block may hold no two buttons of the same kind, so each is a block of its own.
MOST_BUTTONS = 5
_ALL_CELLS = 10_000  # characters in all cells of a table together
_LONGEST_NAME = 75


def themes(table: ThemeTable, *, may_widen: bool) -> Message:
    """The answer of `/complaint themes`; `may_widen` offers a wider action for the themes in which most fault was found."""
    title = heading(table)
    blocks: list[Block] = [header(title), section(safe(summary(table))), grid(table)]
    if len(table.rows) > MOST_THEMES:
        blocks.append(context(f"and {len(table.rows) - MOST_THEMES} more themes, each less frequent"))
    if may_widen:
        blocks += [actions(_wider(row)) for row in _worst(table)]
    blocks.append(context(safe(definitions(table))))
    return Message(safe(as_text(table)), blocks)


def heading(table: ThemeTable) -> str:
    return clip(f"Themes of stage 1 complaints, {table.period.label}", 150)


def summary(table: ThemeTable) -> str:
    """All complaints in sentences, each counted once."""
    now = table.total.now
    themed = now.received - table.without.now.received
    return (
        f"{in_words_range(table.period.first, table.period.last)}: {now.received:,} received, {themed:,} of them with a theme; "
        f"{now.closed:,} closed, fault found in {shown(now.found_fault)}.\n"
        f"Compared with {in_words_range(table.before.first, table.before.last)}: {table.total.before.received:,} received, fault "
        f"found in {shown(table.total.before.found_fault)}."
    )


def grid(table: ThemeTable) -> Block:
    """The native table: a row a theme, those without a theme, and all complaints last."""
    lines = [*table.rows[:MOST_THEMES], table.without, table.total]
    used = sum(len(title) for title, _said in DEFINITIONS) + sum(
        len(value) for line in lines for value in _values(line)
    )
    name = min(_LONGEST_NAME, (_ALL_CELLS - used) // (len(lines) + 1))
    rows = [[_cell("Theme"), *(_cell(title) for title, _said in DEFINITIONS)]]
    rows += [[_cell(clip(line.theme, name)), *(_cell(value) for value in _values(line))] for line in lines]
    settings: list[Block] = [{"is_wrapped": True}, *({"align": "right", "is_wrapped": True} for _ in DEFINITIONS)]
    return {"type": "table", "block_id": "themes", "column_settings": settings, "rows": rows}


def as_text(table: ThemeTable) -> str:
    """The whole answer in words, for notifications, screen readers and workspaces without tables."""
    lines = [*table.rows[:MOST_THEMES], table.without, table.total]
    return "\n".join([heading(table), summary(table), *(_sentence(line) for line in lines), definitions(table)])


def definitions(table: ThemeTable) -> str:
    """One line that says what every column means."""
    said = "; ".join(f"{title}: {what}" for title, what in DEFINITIONS)
    return (
        f"{table.procedure}, on {in_words(table.as_at)}. {said}. A complaint with several themes counts in each, so "
        "themes don't add up to all complaints. – means no cases."
    )


def signed(number: int | None) -> str:
    """`+3`, `−2`, `0`; a dash for nothing to compare."""
    if number is None:
        return NONE
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{abs(number):,}"


def _values(line: ThemeRow) -> list[str]:
    """In the order of the definitions. A count that has another beside it says how they differ."""
    more = f" ({signed(line.more_received)})" if line.more_received is not None else ""
    return [
        f"{line.now.received:,}{more}",
        f"{line.before.received:,}",
        f"{line.now.closed:,}",
        shown(line.now.found_fault),
        signed(line.points),
        f"{line.wider:,}" if line.theme_id is not None else NONE,
    ]


def _sentence(line: ThemeRow) -> str:
    points = "" if line.points is None else f", {signed(line.points)} percentage points"
    wider = f", {line.wider:,} wider actions open" if line.wider else ""
    earlier = f"a year earlier {line.before.received:,}, {signed(line.more_received)}"
    return (
        f"{line.theme}: received {line.now.received:,} ({earlier}), closed {line.now.closed:,}, "
        f"fault found {shown(line.now.found_fault)}{points}{wider}"
    )


def _worst(table: ThemeTable) -> list[ThemeRow]:
    """The themes in which fault was found most often; without any, the most frequent."""
    able = [row for row in table.rows if not row.retired]
    return sorted(able, key=lambda row: (-row.now.fault, -row.now.received))[:MOST_BUTTONS]


def _wider(row: ThemeRow) -> Block:
    label = f"Wider action: {clip(row.theme, 55)}…"
    return button(label, Action.WIDER, str(row.theme_id), describe=f"Add a wider action for {clip(row.theme, 40)}")


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": text}
