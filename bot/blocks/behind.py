"""Opening a number of the team table: the form that asks which, and the complaints behind it, page by page. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import forms, status, words
from bot.blocks.forms import Choice
from bot.blocks.message import Block, View, actions, button, clip, context, header, safe, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.figures import BehindLine, Counts, Figure, TeamTable, columns, figure
from storage.figures.behind import OPENABLE, number, opens
from storage.periods import Period

PAGE = 25  # lines; each is a block, and Slack takes a hundred in a modal
TOTAL, UNALLOCATED, REST = "total", "unallocated", "rest"
_TOGETHER = "All teams together"
# Figures under which the row *Unallocated* has a number.
_OF_UNALLOCATED = {"open", "unallocated"}
# What a figure's title doesn't say well within a sentence.
_SAID = {
    "within_limit": "within the limit",
    "agreed_extension": "in an agreed extension",
    "within_maximum": "late within the maximum",
    "over_maximum": "over the maximum",
    "not_proceeded": "not proceeded with",
    "allocated": "allocated",
    "recorded": "with a known day of recording",
    "escalated": "gone on to the next stage so far",
    "escalation": "received at the next stage",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its name there, how a sentence says it, its counts, and its teams (None: all there are)."""

    name: str
    of: str
    counts: Counts
    team_ids: frozenset[int] | None
    unallocated: bool = False

    def opens(self, key: str) -> str | None:
        """What the figure with this key opens to in this row; None where it has no number that counts complaints."""
        if self.unallocated:
            return "unallocated" if key in _OF_UNALLOCATED else None
        return opens(key)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a table: its row, its figure, and the key of what is behind it."""

    table: TeamTable
    row: Row
    figure: Figure
    key: str

    @property
    def count(self) -> int:
        return number(self.row.counts, self.key)


def rows(table: TeamTable, scope: frozenset[int] | None) -> dict[str, Row]:
    """Every row of a table by what the form calls it; `scope` are the teams that the table is about, None for all."""
    whole = f"of {table.scope} in total" if table.scope else "in total"
    found = {
        TOTAL: Row("Total", whole, table.total, scope),
        UNALLOCATED: Row("Unallocated", whole, table.total, scope, unallocated=True),
    }
    rest = status.left_out(table)
    if rest:
        together = Counts()
        for one in rest:
            together += one.counts
        more = f"{len(rest)} more teams"
        found[REST] = Row(f"and {more}", f"of {more}", together, frozenset(one.team_id for one in rest))
    for one in table.rows:
        found[str(one.team_id)] = Row(one.team, f"of {one.team}", one.counts, frozenset({one.team_id}))
    return found


def carried(team_id: int | None, period: Period, procedure: str, stage: int) -> dict[str, str]:
    """What a table was asked for, as forms and the button carry it."""
    return {
        "team": "" if team_id is None else str(team_id),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "procedure": procedure,
        "stage": str(stage),
    }


def value(carries: Mapping[str, str]) -> str:
    """The same as a button's value."""
    return json.dumps(carries)


def form(
    table: TeamTable,
    offered: Mapping[str, Row],
    areas: Mapping[str, str],
    carries: Mapping[str, str],
    *,
    row: str = TOTAL,
    chosen: str | None = None,
) -> View:
    """Which row and which figure. `areas` are the headings under which rows are offered; figures have the numbers of `row`."""
    which = {
        **forms.choose_grouped(_groups(offered, areas), placeholder="Choose a row", chosen=row),
        "action_id": Action.NUMBER_ROW,
    }
    figures = forms.choose(
        _figures(table, offered[row]),
        placeholder="Choose a figure",
        chosen=chosen,
        # What was chosen under an id stays as it was written, so another row's numbers need another id.
        action_id=f"figure_of_{row}",
    )
    blocks = [
        section(f"*{safe(status.heading(table))}*\nThe numbers are those of now, and may have moved since the table."),
        forms.field("row", "Row", which, calls_back=True),
        forms.field("figure", "Figure", figures),
    ]
    return forms.modal(Form.OPEN_NUMBER, "Open a number", blocks, submit="Show them", carries=carries)


def page(opened: Number, lines: Sequence[BehindLine], *, first: int, now: datetime, carries: Mapping[str, str]) -> View:
    """The complaints behind one number, from the one after `first`; `carries` is all it takes to draw another page."""
    table, one = opened.table, opened.figure
    said = f"Counted at {words.clock(now)}. {table.procedure}, stage {table.number}. {one.title}: {one.definition}."
    blocks: list[Block] = [header(heading(opened)), context(safe(clip(said, 2900)))]
    stage = table.number + OPENABLE[opened.key].then
    blocks += [section(_line(line, stage), accessory=_see(line)) for line in lines]
    if lines:
        blocks.append(context(f"{first + 1:,} to {first + len(lines):,} of {opened.count:,}"))
    else:
        blocks.append(section("No complaint is counted here."))
    turning: list[Block] = []
    if first > 0:
        turning.append(button("Previous", Action.NUMBER_PREVIOUS, str(max(first - PAGE, 0))))
    if first + len(lines) < opened.count:
        turning.append(button("Next", Action.NUMBER_NEXT, str(first + PAGE)))
    blocks.append(actions(*turning, button("Another number…", Action.OPEN_NUMBER, value(carries))))
    return forms.modal(Form.NOTE, "Behind the number", blocks, close="Close", carries=carries)


def heading(opened: Number) -> str:
    """`39 on time of East, April 2026: 39 complaints`."""
    when = "now" if OPENABLE[opened.key].now else opened.table.period.label
    said = _SAID.get(opened.key) or figure(opened.key).title.lower()
    complaints = f"{opened.count:,} complaint{'' if opened.count == 1 else 's'}"
    return clip(f"{opened.count:,} {said} {opened.row.of}, {when}: {complaints}", 150)


def _figures(table: TeamTable, row: Row) -> list[Choice]:
    found: list[Choice] = []
    for one in columns(table.total, brief=False):
        key = row.opens(one.key)
        if key is not None:
            found.append((one.key, _label(one, row, key)))
    return found


def _label(one: Figure, row: Row, key: str) -> str:
    count = number(row.counts, key)
    if row.unallocated:
        return f"{one.title}: {count:,}"
    shown = f"{one.title}: {words.shown(one.value(row.counts))}"
    return shown if one.key in OPENABLE else f"{shown}, worked out from {count:,}"


def _groups(offered: Mapping[str, Row], areas: Mapping[str, str]) -> dict[str, list[Choice]]:
    """The rows under their headings, as many to a heading and as many headings as a select takes."""
    found: dict[str, list[Choice]] = {}
    for key, row in offered.items():
        found.setdefault(areas.get(key, _TOGETHER), []).append((key, row.name))
    parts = dict(_parted(found))
    if len(parts) <= forms.MOST_OPTIONS:
        return parts
    return dict(_parted({_TOGETHER: [choice for choices in found.values() for choice in choices]}))


def _parted(groups: Mapping[str, list[Choice]]) -> Iterator[tuple[str, list[Choice]]]:
    for label, choices in groups.items():
        for start in range(0, len(choices), forms.MOST_OPTIONS):
            part = f"{clip(label, 65)} ({start // forms.MOST_OPTIONS + 1})" if start else label
            yield part, choices[start : start + forms.MOST_OPTIONS]


def _see(line: BehindLine) -> Block:
    return button("See it", Action.SHOW, line.reference, describe=f"See {line.reference}")


def _line(line: BehindLine, stage: int) -> str:
    began = "received" if stage == 1 else "asked for"
    said = [
        f"*{line.reference}*  {safe(line.team)}, {safe(_lower(line.stage_title))}: {began} {in_words(line.started_on)}",
        f"due {in_words(line.due_on) if line.days_left is None else words.due(line.due_on, line.days_left)}",
    ]
    if line.ended_on is not None:
        again = ", open again" if line.days_left is not None else ""
        said.append(f"closed {in_words(line.ended_on)}{_taken(line)}{again}")
    return f"{', '.join(said)}. {f'Owner: {safe(line.owner)}' if line.owner else 'No named manager'}."


def _taken(line: BehindLine) -> str:
    if line.band is None or line.days_taken is None:
        return " without a response"
    return f" after {words.days(line.days_taken)}, {_lower(figure(line.band.value).title)}"


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
