"""Sections that the annual report and the packs of other periods have in common."""

from collections.abc import Iterator

from bot.blocks import words
from bot.papers import parts
from bot.papers.paper import Column, Row, Section, Table
from storage import figures, views_learning
from storage.figures import TeamTable, actions, themes
from storage.figures.notes import read_by_team
from storage.figures.suppression import WITH_IT
from storage.office import Desk
from storage.periods import Period
from storage.procedures import Procedure

PROMPT = "To be written by the complaints manager:"


def stages_with_anything(desk: Desk, procedure: Procedure, period: Period) -> Iterator[tuple[TeamTable, TeamTable]]:
    """Every stage with anything in the year or the year before, each with the year before."""
    for number in range(1, len(procedure.stages) + 1):
        now, before = (
            figures.team_table(desk, one, procedure=procedure.name, number=number)
            for one in (period, period.so_far(desk.today).year_earlier())
        )
        if any(
            total.received or total.closed or total.not_proceeded or total.open for total in (now.total, before.total)
        ):
            yield now, before


def themed(desk: Desk, period: Period, *, small: bool) -> Section:
    found = themes.theme_table(desk, period)
    rows = [*found.rows, found.without]
    hidden = parts.small_cells(
        {(row.theme, name): getattr(row.now, name) for row in rows for name in ("received", "closed", "fault")},
        small=small,
    )
    told = parts.small_cell if small else lambda count: count
    return Section(
        "What complaints were about",
        text=("One complaint may have several themes, so the themes don't add up to the total.",),
        tables=(
            Table(
                caption=f"Themes, {period.label}",
                first="Theme",
                columns=tuple(Column(title, definition) for title, definition in themes.DEFINITIONS[:4]),
                rows=tuple(
                    Row(
                        row.theme,
                        (
                            hidden.get((row.theme, "received"), row.now.received),
                            told(row.before.received),
                            hidden.get((row.theme, "closed"), row.now.closed),
                            WITH_IT
                            if {(row.theme, "closed"), (row.theme, "fault")} & hidden.keys()
                            else row.now.found_fault,
                        ),
                    )
                    for row in rows
                ),
            ),
        ),
    )


_ACTIONS = {"due": "Due", "on_time": "On time", "late": "Late", "open": "Open", "overdue": "Overdue"}


def learning(desk: Desk, period: Period, *, small: bool) -> Section:
    found = actions.action_table(desk, period)
    counts = {row.team: row.counts for row in found.rows} | {parts.TOTAL: found.total}
    plain = {name: {key: int(getattr(one, key)) for key in _ACTIONS} for name, one in counts.items()}
    secret = parts.hidden(plain, {"due": ("on_time", "late", "open", "overdue")}, small=small)

    def row(heading: str) -> Row:
        return Row(heading, tuple(secret.get((heading, key), count) for key, count in plain[heading].items()))

    return Section(
        "Learning and improvement",
        text=(_notes(desk, period), f"{PROMPT} the improvements that were made."),
        tables=(
            Table(
                caption=f"Learning actions due in {period.label}",
                first="Team",
                columns=tuple(Column(title) for title in _ACTIONS.values()),
                rows=tuple(row(one.team) for one in found.rows),
                total=row(parts.TOTAL),
                note=f"{actions.DEFINITION}.",
            ),
        ),
    )


def _notes(desk: Desk, period: Period) -> str:
    shared = views_learning.notes(desk, period)
    if not shared:
        return "No learning note was shared with all service managers."
    _, read = read_by_team(desk, [note.id for note in shared])
    many = f"{len(shared):,} learning note{' was' if len(shared) == 1 else 's were'}"
    return f"{many} shared with all service managers. Read, of the times they could be: {words.shown(read)}."
