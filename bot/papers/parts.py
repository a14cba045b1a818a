"""The tables and charts that papers are made of, from the same figures as `/complaint status`. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import words
from bot.blocks.status import defined, numbers_behind
from bot.blocks.tables import number
from bot.papers.paper import Cell, Chart, Column, Row, Series, Table
from storage.dates import in_words
from storage.figures import Counts, Figure, Share, TeamTable, Value, Withheld, columns
from storage.figures.change import Change
from storage.figures.definitions import NOW_ONLY
from storage.figures.suppression import SMALL, SMALLEST_SHOWN, WITH_IT, Key, Sum, suppressed

TOTAL = "Total"
# The counts that the figures are made of, and which of them add up to which.
_COUNTS = (
    "received", "closed", "on_time", "within_limit", "agreed_extension", "within_maximum", "over_maximum", "not_proceeded",
    "allocated", "recorded", "recorded_late", "went_on", "next_received", "received_of_caseload",
    "open", "on_track", "due_soon", "overdue", "unallocated",
)  # fmt: skip
_ADD_UP: Mapping[str, tuple[str, ...]] = {
    "closed": ("on_time", "within_maximum", "over_maximum"),
    "on_time": ("within_limit", "agreed_extension"),
    "open": ("on_track", "due_soon", "overdue"),
}
# What a figure is told from; where one of these may not be told, it may not either.
_FROM: Mapping[str, tuple[str, ...]] = {
    "on_time": ("on_time", "closed"),
    "within_limit": ("within_limit", "closed"),
    "average_days": ("closed",),
    "average_net": ("closed",),
    "days_to_allocate": ("allocated",),
    "recorded_late": ("recorded_late", "recorded"),
    "recording_delay": ("recorded",),
    "escalated": ("went_on", "received"),
    "escalation": ("next_received", "received"),
    "caseload": (),
    "rate": ("received_of_caseload",),
}


def hidden(
    rows: Mapping[str, Mapping[str, int]], adds_up: Mapping[str, tuple[str, ...]], *, small: bool
) -> Mapping[Key, Withheld]:
    """What may not be told of rows of counts, the last of which is the total of the others; nothing unless `small`.

    `adds_up`: counts of a row that are what some others of it come to.
    """
    if not small:
        return {}
    *parts, total = rows
    sums = [Sum((row, whole), tuple((row, one) for one in of)) for row in rows for whole, of in adds_up.items()]
    sums += [Sum((total, count), tuple((row, count) for row in parts)) for count in rows[total]]
    return suppressed({(row, name): count for row, counts in rows.items() for name, count in counts.items()}, sums)


@dataclass(frozen=True, slots=True)
class Discretion:
    """Which counts of a team table may not be told; of an open table, none."""

    hidden: Mapping[Key, Withheld]

    @classmethod
    def of(cls, table: TeamTable, *, small: bool) -> "Discretion":
        """`small`: counts of one to four are withheld, with whatever would give them away."""
        rows = {str(row.team_id): row.counts for row in table.rows} | {TOTAL: table.total}
        counts = {name: {count: int(getattr(one, count)) for count in _COUNTS} for name, one in rows.items()}
        return cls(hidden(counts, _ADD_UP, small=small))

    def value(self, row: str, figure: Figure, counts: Counts) -> Value:
        """The figure of a row, or why it is not told."""
        told = _FROM.get(figure.key, (figure.key,))
        found = [self.hidden[row, count] for count in told if (row, count) in self.hidden]
        if not found:
            return figure.value(counts)
        return found[0] if isinstance(figure.value(counts), int) else WITH_IT


def team_table(table: TeamTable, *, small: bool = False, caption: str = "") -> Table:
    """Team by team, with every figure there is, and the total."""
    figures = columns(table.total, brief=False)
    told = Discretion.of(table, small=small)

    def row(name: str, heading: str, counts: Counts) -> Row:
        return Row(heading, tuple(told.value(name, figure, counts) for figure in figures))

    return Table(
        caption=caption or _caption(table),
        first="Team",
        columns=tuple(Column(figure.title, figure.definition) for figure in figures),
        rows=tuple(row(str(one.team_id), one.team, one.counts) for one in table.rows),
        total=row(TOTAL, TOTAL, table.total),
        note=_note(table, small=small),
    )


def year_on_year(now: TeamTable, before: TeamTable, *, small: bool = False) -> Table:
    """Each figure of the total, in the period and in the same a year before, and the difference."""
    rows = []
    shown = [figure for figure in columns(now.total, brief=False) if figure.key not in NOW_ONLY]
    told_now, told_before = Discretion.of(now, small=small), Discretion.of(before, small=small)
    for figure in shown:
        change = Change(told_now.value(TOTAL, figure, now.total), told_before.value(TOTAL, figure, before.total))
        rows.append(Row(figure.title, (change.now, change.before, words.changed(change))))
    return Table(
        caption=f"Stage {now.number}, {now.period.label} and {before.period.label}",
        first="Figure",
        columns=(
            Column(now.period.label),
            Column(before.period.label),
            Column(
                "Change", "the difference in a count, with what it is on; percentage points of a share; days of a mean"
            ),
        ),
        rows=tuple(rows),
        note=f"{numbers_behind(now)} {defined(shown)}",
    )


def over_time(caption: str, first: str, tables: Sequence[tuple[str, TeamTable]], *, small: bool = False) -> Table:
    """Received, closed and on time of several periods, which add up to their total."""
    total = Counts()
    for _, table in tables:
        total += table.total
    whole = [figure for figure in columns(total) if figure.key in {"received", "closed", "on_time", "not_proceeded"}]
    rows = {label: table.total for label, table in tables} | {TOTAL: total}
    counts = {label: {key: int(getattr(one, key)) for key in _OVER_TIME} for label, one in rows.items()}
    told = Discretion(hidden(counts, {}, small=small))
    return Table(
        caption=caption,
        first=first,
        columns=tuple(Column(figure.title, figure.definition) for figure in whole),
        rows=tuple(
            Row(label, tuple(told.value(label, figure, table.total) for figure in whole)) for label, table in tables
        ),
        total=Row(TOTAL, tuple(told.value(TOTAL, figure, total) for figure in whole)),
        note=_small_note() if small else "",
    )


_OVER_TIME = ("received", "closed", "on_time", "not_proceeded")


def counted(
    caption: str, first: str, what: str, counts: Iterable[tuple[str, int]], *, definition: str, small: bool = False
) -> Table:
    """Counts by a label with their shares; they add up to the total."""
    found = list(counts)
    total = sum(count for _, count in found)
    secret = hidden({label: {what: count} for label, count in [*found, (TOTAL, total)]}, {}, small=small)

    def row(label: str, count: int) -> Row:
        value: Cell = secret.get((label, what), count)
        share: Cell = WITH_IT if {(label, what), (TOTAL, what)} & secret.keys() else Share(count, total)
        return Row(label, (value, share))

    return Table(
        caption=caption,
        first=first,
        columns=(Column(what, definition), Column("Share", f"of all {what.lower()}")),
        rows=tuple(row(label, count) for label, count in found),
        total=row(TOTAL, total),
        note=_small_note() if small else "",
    )


def small_cell(count: int) -> Cell:
    """A count that stands alone, in no sum: withheld where it is one to four."""
    return SMALL if 0 < count < SMALLEST_SHOWN else count


def small_cells(cells: Mapping[Key, int], *, small: bool) -> Mapping[Key, Withheld]:
    """Those of several such counts that are withheld; none unless `small`."""
    return suppressed(cells, []) if small else {}


def line_chart(
    title: str, unit: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[Value]]], *, first: str
) -> Chart:
    """Lines over months or quarters. Its sentence names the first, the last, and the highest and lowest of each line."""
    drawn = tuple(Series(name, tuple(number(value) for value in values)) for name, values in series)
    return Chart(
        title=title,
        labels=tuple(labels),
        series=drawn,
        text=" ".join(_told(one, labels, unit) for one in drawn),
        unit=unit,
        lines=True,
        first=first,
    )


def _told(series: Series, labels: Sequence[str], unit: str) -> str:
    known = [(label, point) for label, point in zip(labels, series.points, strict=True) if point is not None]
    if not known:
        return f"{series.name}: nothing to count."
    most, least = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])

    def said(point: float) -> str:
        return f"{point:,g}{f' {unit}' if unit == '%' else ''}"

    return (
        f"{series.name}: {said(known[0][1])} in {known[0][0]}, {said(known[-1][1])} in {known[-1][0]}; "
        f"highest {said(most[1])} in {most[0]}, lowest {said(least[1])} in {least[0]}."
    )


def _caption(table: TeamTable) -> str:
    opening = f"{table.scope}, stage" if table.scope else "Stage"
    return f"{opening} {table.number} by team, {table.period.label}"


def _note(table: TeamTable, *, small: bool) -> str:
    as_at = table.caseload_as_at
    snapshot = f" Caseload is that of {in_words(as_at)}." if as_at else ""
    return f"{numbers_behind(table)}{snapshot}{' ' + _small_note() if small else ''}"


def _small_note() -> str:
    return (
        f"Counts of 1 to 4 are shown as {SMALL.shown}. A number that would give one of them away is {WITH_IT.shown} too, "
        "and so is every figure made of either."
    )
