"""Papers hold the team table's own numbers, add up, and keep small ones to themselves when that is asked for."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.papers import parts
from bot.papers.paper import Table
from storage.figures import Counts, Mean, Share, TeamRow, TeamTable, Withheld, columns
from storage.figures.suppression import SMALL
from storage.periods import Period

YEAR = Period.of(date(2025, 4, 1), date(2026, 3, 31))


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Counts that can be: parts within their wholes."""
    few = st.integers(0, 12)
    within, extended, late, over = (draw(few) for _ in range(4))
    soon, overdue, on_track = (draw(few) for _ in range(3))
    received = draw(st.integers(0, 30))
    closed = within + extended + late + over
    return Counts(
        received=received,
        closed=closed,
        within_limit=within,
        agreed_extension=extended,
        within_maximum=late,
        over_maximum=over,
        days=closed * 9,
        days_net=closed * 9,
        not_proceeded=draw(few),
        open=soon + overdue + on_track,
        due_soon=soon,
        overdue=overdue,
        unallocated=draw(st.integers(0, soon + overdue + on_track)),
        went_on=draw(st.integers(0, received)),
        next_received=draw(few),
    )


def table_of(teams: list[Counts], period: Period = YEAR) -> TeamTable:
    total = Counts()
    for one in teams:
        total += one
    return TeamTable(
        period=period, as_at=date(2026, 4, 2), procedure="Statutory", statutory=True, number=1, scope=None, limit_days=10,
        maximum_days=20, due_soon_days=3, late_recording_days=2, green_percent=90, amber_percent=85,
        rows=tuple(TeamRow(number, f"Team {number}", one) for number, one in enumerate(teams, start=1)),
        total=total, outcome_labels={},
    )  # fmt: skip


tables = st.lists(counts(), max_size=7).map(table_of)


def column(table: Table, title: str) -> list[object]:
    place = [one.title for one in table.columns].index(title)
    assert table.total is not None
    return [row.cells[place] for row in (*table.rows, table.total)]


@given(tables)
def test_a_paper_has_every_figure_of_every_team_and_of_the_total(found: TeamTable) -> None:
    paper = parts.team_table(found)
    for figure in columns(found.total, brief=False):
        values = [figure.value(row.counts) for row in found.rows] + [figure.value(found.total)]
        assert column(paper, figure.title) == values


@given(tables)
def test_a_column_of_counts_adds_up_to_its_total(found: TeamTable) -> None:
    for figure in columns(found.total, brief=False):
        *rows, total = column(parts.team_table(found), figure.title)
        if isinstance(total, int):
            assert sum(row for row in rows if isinstance(row, int)) == total
        elif isinstance(total, Share):
            whole = [row for row in rows if isinstance(row, Share)]
            assert (sum(row.part for row in whole), sum(row.whole for row in whole)) == (total.part, total.whole)


@given(tables)
def test_no_small_number_is_told_nor_one_that_is_made_of_it(found: TeamTable) -> None:
    paper = parts.team_table(found, small=True)
    for place, row in enumerate((*paper.rows, paper.total)):
        assert row is not None
        of = found.rows[place].counts if place < len(found.rows) else found.total
        for figure, cell in zip(columns(found.total, brief=False), row.cells, strict=True):
            value = figure.value(of)
            told = [cell] if isinstance(cell, int) else [cell.part, cell.whole] if isinstance(cell, Share) else []
            assert not any(0 < one < 5 for one in told), (figure.key, cell)
            assert isinstance(cell, Withheld) or cell == value
            if isinstance(value, Mean) and 0 < value.cases < 5:
                assert isinstance(cell, Withheld)


@given(tables)
def test_of_the_closed_no_single_part_can_be_worked_out(found: TeamTable) -> None:
    paper = parts.team_table(found, small=True)
    titles = [one.title for one in paper.columns]
    for row in (*paper.rows, paper.total):
        assert row is not None
        cells = dict(zip(titles, row.cells, strict=True))
        closed = [cells["Closed"], cells["Late, within maximum"], cells["Over maximum"], cells["On time"]]
        assert sum(isinstance(cell, Withheld) for cell in closed) != 1 or isinstance(cells["On time"], Withheld)


@given(st.lists(st.integers(0, 9), max_size=6))
def test_counts_by_a_label_have_shares_of_their_total(found: list[int]) -> None:
    labelled = [(f"Theme {number}", count) for number, count in enumerate(found)]
    table = parts.counted("Themes", "Theme", "Received", labelled, definition="received")
    assert [row.cells for row in table.rows] == [(count, Share(count, sum(found))) for count in found]
    small = parts.counted("Themes", "Theme", "Received", labelled, definition="received", small=True)
    assert small.total is not None
    for row, count in zip((*small.rows, small.total), [*found, sum(found)], strict=True):
        assert row.cells[0] == (SMALL if 0 < count < 5 else count) or isinstance(row.cells[0], Withheld)
        assert isinstance(row.cells[1], Withheld) is isinstance(row.cells[0], Withheld) or isinstance(
            small.total.cells[0], Withheld
        )


def test_a_year_is_set_beside_the_one_before_with_the_difference() -> None:
    now = table_of([Counts(received=136, closed=98, within_limit=59, days=980, days_net=980)])
    before = table_of([Counts(received=132, closed=100, within_limit=70, days=950, days_net=950)], YEAR.year_earlier())
    found = {row.heading: row.cells for row in parts.year_on_year(now, before).rows}
    assert found["Received"] == (136, 132, "+4 on 132 (3 %)")
    assert found["On time"][2] == "−10 points"
    assert found["Average days"][2] == "+0.5 days"
    assert "Open" not in found


def test_a_line_says_where_it_begins_and_ends_and_its_highest_and_lowest() -> None:
    drawn = parts.line_chart(
        "On time", "%", ["Q1", "Q2", "Q3"], [("On time", [Share(1, 2), Share(0, 0), Share(3, 4)])], first="Quarter"
    )
    assert drawn.text == "On time: 50 % in Q1, 75 % in Q3; highest 75 % in Q3, lowest 50 % in Q1."
    assert drawn.series[0].points == (50, None, 75)
