"""The team table as Slack shows it: a native table, the definitions under it, and the same as plain text. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.blocks.message import Block, Message, actions, button, clip, context, header, safe, section
from bot.blocks.names import Action
from bot.blocks.tables import Cell, bars_by, data_table
from bot.blocks.words import NONE, shown
from storage.dates import in_words, in_words_range
from storage.figures import Counts, Figure, Mean, Rate, Share, TeamRow, TeamTable, columns

# Slack takes a hundred rows with the header; one is the header, one the unallocated, one the total.
MOST_TEAMS = 97
_ALL_CELLS = 10_000  # characters in all cells of a table together
_ROW_LENGTH = 300  # allowed for the total and for the unallocated
_SHORTEST_NAME = 24


def status(table: TeamTable, before: TeamTable | None, *, opens: str | None = None) -> Message:
    """The answer of `/complaint status`; `before` is the same period a year earlier.

    `opens` is what the button carries with which its numbers are opened; without it there is none.
    """
    title = heading(table)
    table = _fitting(table)
    blocks: list[Block] = [header(title), section(safe(summary(table, before))), *pictured(table), grid(table)]
    report = button(
        "Build a report",
        Action.REPORT,
        table.period.label,
        describe="Build a report of all teams for this period as files",
    )
    opening = [button("Open a number…", Action.OPEN_NUMBER, opens)] if opens is not None else []
    # What can be done comes before what everything means, which on a phone is a screen long.
    blocks += [actions(*opening, report), context(safe(clip(definitions(table), 3000)))]
    return Message(safe(as_text(table, before)), blocks)


def heading(table: TeamTable) -> str:
    opening = f"{table.scope}: stage" if table.scope else "Stage"
    procedure = "" if table.statutory else f", {table.procedure[0].lower()}{table.procedure[1:]}"
    return clip(f"{opening} {table.number} complaints{procedure}, {table.period.label}", 150)


def summary(table: TeamTable, before: TeamTable | None) -> str:
    """The total in sentences, with the year before."""
    total = table.total
    said = [
        f"{in_words_range(table.period.first, table.period.last)}: {_received_closed(total)}.",
        f"Now, on {in_words(table.as_at)}: {total.open} open, {total.overdue} overdue, {total.due_soon} due soon, "
        f"{total.unallocated} unallocated.",
    ]
    rating = rating_line(table)
    if rating:
        said.append(rating)
    outcomes = outcome_line(table)
    if outcomes:
        said.append(outcomes)
    allocation = allocation_line(table)
    if allocation:
        said.append(allocation)
    said.append(recording_line(table))
    said += [line for line in (escalation_line(table), caseload_line(table)) if line]
    if before is not None:
        said.append(f"A year earlier ({before.period.label}): {_received_closed(before.total)}.")
    return "\n".join(said)


def grid(table: TeamTable) -> Block:
    """The native table: a row a team, *Unallocated* always, the total last."""
    table = _fitting(table)
    names, shown_figures = _name_length(table), columns(table.total)
    rows = [_row(clip(row.team, names), row.counts, shown_figures) for row in table.rows]
    rows.append(_unallocated_row(table.total, shown_figures))
    rows.append(_row("Total", table.total, shown_figures))
    return data_table("status", heading(table), ["Team", *(figure.title for figure in shown_figures)], rows)


def pictured(table: TeamTable) -> list[Block]:
    """Bars of what each team closed, on time and late, those with the most first; none where there is nothing to compare.

    The table has the same numbers, so where a workspace draws no charts nothing else stands in for it.
    """
    closed = sorted((row for row in table.rows if row.counts.closed), key=lambda row: -row.counts.closed)
    parts = {
        "On time": [(row.team, row.counts.on_time) for row in closed],
        "Late": [(row.team, row.counts.closed - row.counts.on_time) for row in closed],
    }
    return bars_by("Closed by team", parts, unit="complaints")


def _fitting(table: TeamTable) -> TeamTable:
    """As many teams as a table holds; the rest are one row, so that the rows still add up to the total."""
    most = MOST_TEAMS
    while most > 1 and (len(table.rows) > most or _name_length(table) < _SHORTEST_NAME):
        if len(table.rows) > most:
            table = _first(table, most)
        most -= 8
    return table


def left_out(table: TeamTable) -> tuple[TeamRow, ...]:
    """The teams that one row stands for where a table doesn't hold them all."""
    shown_rows = _fitting(table).rows
    return table.rows[len(shown_rows) - 1 :] if shown_rows and shown_rows[-1].hidden else ()


def _first(table: TeamTable, most: int) -> TeamTable:
    rest = Counts()
    for row in table.rows[most - 1 :]:
        rest += row.counts
    # A row that stands for several already, from an earlier cut, counts as those.
    hidden = len(table.rows) - most + 1 + (table.rows[-1].hidden - 1 if table.rows[-1].hidden else 0)
    more = TeamRow(0, f"and {hidden} more teams", rest, hidden)
    return replace(table, rows=(*table.rows[: most - 1], more))


def _name_length(table: TeamTable) -> int:
    """How long a team's name may be so that all cells together stay within what Slack takes."""
    used = sum(len(figure.title) for figure in columns(table.total)) + 2 * _ROW_LENGTH
    for row in table.rows:
        used += sum(len(shown(figure.value(row.counts))) for figure in columns(table.total))
    return min(75, max((_ALL_CELLS - used) // max(len(table.rows), 1), 0))


def as_text(table: TeamTable, before: TeamTable | None) -> str:
    """The whole answer in words, for notifications, screen readers and workspaces without tables."""
    lines = [heading(table), summary(table, before)]
    lines += team_lines(table)
    lines.append(definitions(table))
    return "\n".join(lines)


def team_lines(table: TeamTable) -> list[str]:
    """The table's rows as sentences, the total last."""
    return [
        *(f"{row.team}: {_sentence(row.counts, columns(table.total))}" for row in table.rows),
        f"Unallocated, of the above: {table.total.unallocated} open without a named manager",
        f"Total: {_sentence(table.total, columns(table.total))}",
    ]


def joined(tables: Sequence[TeamTable]) -> TeamTable:
    """Several services' tables of the same period as one, since a message can hold one table."""
    rows = {row.team_id: row for table in tables for row in table.rows}
    total = Counts()
    for row in rows.values():
        total += row.counts
    return replace(tables[0], scope=None, rows=tuple(rows.values()), total=total)


def definitions(table: TeamTable) -> str:
    """One line that says what every column means, and the numbers behind the words."""
    return f"{numbers_behind(table)} {defined(columns(table.total))} {NONE} means no cases."


def numbers_behind(table: TeamTable) -> str:
    """The procedure with the numbers that its words stand for here."""
    return (
        f"{table.procedure}. {_limits(table)}; due soon is {table.due_soon_days} or fewer left; recorded late is more than "
        f"{table.late_recording_days} after receipt. Counted by lead team."
    )


def defined(figures: Sequence[Figure]) -> str:
    """What each of these figures counts, in one line."""
    return "; ".join(f"{figure.title}: {figure.definition}" for figure in figures) + "."


def _limits(table: TeamTable) -> str:
    if table.limit_days is None:
        return "The response is due on the date agreed with each complainant"
    maximum = f"maximum {table.maximum_days}" if table.maximum_days is not None else "no extension"
    return f"Limit {table.limit_days} working days, {maximum}"


def rating_line(table: TeamTable) -> str:
    """Green, amber or red in words, with the thresholds; nothing where no case was closed."""
    percent = Share(table.total.on_time, table.total.closed).percent
    if percent is None:
        return ""
    colour = "green" if percent >= table.green_percent else "amber" if percent >= table.amber_percent else "red"
    return (
        f"On time is rated {colour}: green from {table.green_percent} %, amber from {table.amber_percent} %, red below."
    )


def outcome_line(table: TeamTable) -> str:
    """Outcomes by the council's labels, and how many of the closed have one."""
    total = table.total
    with_outcome = sum(total.outcomes.values())
    if not with_outcome:
        return ""
    parts = [
        f"{label} {shown(Share(total.outcomes[key], with_outcome))}"
        for key, label in table.outcome_labels.items()
        if total.outcomes[key]
    ]
    return f"Outcomes: {', '.join(parts)}. {shown(Share(with_outcome, total.closed))} of the closed have one."


def allocation_line(table: TeamTable) -> str:
    """How long complaints waited for a named manager: it is where councils lose days (DOMAIN.md, 4). Nothing without a case."""
    mean = Mean(table.total.days_to_allocate, table.total.allocated)
    if mean.value is None:
        return ""
    return f"Days to allocate, from receipt to a named manager: {shown(mean)} on average, over {mean.cases:,} of those received."


def escalation_line(table: TeamTable) -> str:
    """Both rates, each with what it is of, since councils mix them up. Nothing where no next stage was reached."""
    total, after = table.total, table.number + 1
    if not total.went_on + total.next_received:
        return ""
    return (
        f"Gone on to stage {after} so far, of those received: {shown(Share(total.went_on, total.received))}. "
        f"Stage {after} received in the period, to stage {table.number} received in it: "
        f"{shown(Share(total.next_received, total.received))}."
    )


def caseload_line(table: TeamTable) -> str:
    """Complaints as a share of open cases, with the day on which those were counted. Nothing without a snapshot."""
    if table.caseload_as_at is None or not table.total.caseload:
        return ""
    return (
        f"Open cases on {in_words(table.caseload_as_at)}: {table.total.caseload:,}; received, as a share of them: "
        f"{shown(Rate(table.total.received_of_caseload, table.total.caseload))}."
    )


def recording_line(table: TeamTable) -> str:
    """How late complaints were recorded, which the department asked to have measured."""
    median = table.total.median_recording()
    if median is None:
        return "Recorded late: – (no recording dates in this period)."
    late = Share(table.total.recorded_late, table.total.recorded)
    return (
        f"Recorded late, more than {table.late_recording_days} working days after receipt: {shown(late)}; "
        f"median {median:g} working day{'' if median == 1 else 's'}."
    )


def _received_closed(counts: Counts) -> str:
    return (
        f"{counts.received:,} received, {counts.closed:,} closed, on time {shown(Share(counts.on_time, counts.closed))}"
    )


def _sentence(counts: Counts, figures: Sequence[Figure]) -> str:
    return ", ".join(f"{_lower(figure)} {shown(figure.value(counts))}" for figure in figures)


def _lower(figure: Figure) -> str:
    return figure.title[0].lower() + figure.title[1:]


def _row(name: str, counts: Counts, figures: Sequence[Figure]) -> list[Cell]:
    return [name, *(figure.value(counts) for figure in figures)]


def _unallocated_row(total: Counts, figures: Sequence[Figure]) -> list[Cell]:
    """Their number stands under Open; it is part of the teams' rows above, so the rows still add up to the total."""
    of = {"open", "unallocated"}
    return ["Unallocated (in the teams above)", *(total.unallocated if one.key in of else NONE for one in figures)]
