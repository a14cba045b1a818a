"""What a spreadsheet holds: a share is three numbers, what is withheld is its text, and every definition is with its table."""

import pytest

from bot.papers.flat import Flat, Raw, flattened
from bot.papers.paper import Cell, Chart, Column, Row, Section, Series, Table
from storage.figures import Mean, Median, Rate, Share, Withheld
from tests.bot.papers import samples


def flat(*cells: Cell, total: Cell | str = "no total") -> Flat:
    """A table of one column with these cells."""
    last = None if total == "no total" else Row("All", (total,))
    rows = tuple(Row(f"Team {at}", (cell,)) for at, cell in enumerate(cells))
    return flattened(samples.of(Table("Caption", "Team", (Column("On time", "a share"),), rows, last)))[0]


def values(*cells: Cell) -> list[tuple[object, ...]]:
    return [tuple(raw.value for raw in row[1:]) for row in flat(*cells).rows]


@pytest.mark.parametrize("share", [Share(5, 8), Rate(5, 8)])
def test_a_share_is_its_percentage_its_part_and_its_whole(share: Share | Rate) -> None:
    found = flat(share)
    assert found.headings == ("Team", "On time %", "On time: number", "On time: of")
    assert found.rows[0] == (Raw("Team 0"), Raw(62.5, 2), Raw(5), Raw(8))


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(1, 3, 33.33), (2, 3, 66.67), (1, 32, 3.13), (1, 800, 0.13), (3, 3, 100), (0, 7, 0)]
)
def test_a_percentage_has_two_decimals_rounded_half_up(part: int, whole: int, percent: float) -> None:
    assert values(Share(part, whole)) == [(percent, part, whole)]


def test_a_share_of_nothing_has_a_blank_percentage() -> None:
    assert values(Share(0, 0)) == [(None, 0, 0)]


def test_what_is_withheld_or_was_not_counted_is_said_in_all_three_columns_of_a_share() -> None:
    assert values(Withheld("<5"), None, Share(1, 2)) == [("<5",) * 3, ("–",) * 3, (50, 1, 2)]


def test_one_share_in_the_total_makes_a_column_one_of_shares() -> None:
    found = flat(None, Withheld("<5"), total=Share(1, 2))
    assert len(found.headings) == 4
    assert found.total == (Raw("All"), Raw(50.0, 2), Raw(1), Raw(2))
    assert [raw.value for raw in found.rows[0]] == ["Team 0", "–", "–", "–"]


def test_a_number_in_a_column_of_shares_stands_under_number() -> None:
    assert values(Share(1, 2), 7, Mean(3, 2)) == [(50, 1, 2), (None, 7, None), (None, 1.5, None)]


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        (1234, Raw(1234)),
        (0, Raw(0)),
        (Mean(10, 4), Raw(2.5, 1)),
        (Mean(0, 0), Raw("–")),
        (Median(3.5), Raw(3.5, 1)),
        (Median(None), Raw("–")),
        (Withheld("<5"), Raw("<5")),
        ("=text", Raw("=text")),
        ("a\x00b\x0b", Raw("ab")),
        (None, Raw("–")),
    ],
)
def test_other_figures_are_one_cell(cell: Cell, raw: Raw) -> None:
    assert flat(cell).rows[0][1:] == (raw,)


def test_a_title_that_is_a_percentage_already_says_so_once() -> None:
    table = Table("Caption", "Team", (Column("On time %"),), (Row("East", (Share(1, 2),)),))
    assert flattened(samples.of(table))[0].headings[1] == "On time %"


def test_each_definition_is_one_line_that_names_its_column() -> None:
    table = Table("Caption", "Team", (Column("Open", "not yet closed"), Column("Plain")), (), note="A note.")
    found = flattened(samples.of(table))[0]
    assert found.definitions == ("Open: not yet closed",)
    assert found.note == "A note."


def test_a_chart_is_a_table_of_its_numbers() -> None:
    chart = Chart(
        "Days", ("Q1", "Q2"), (Series("East", (1.25, None)), Series("West", (3, 4))), "Text.", "days", first="Quarter"
    )
    found = flattened(samples.of(charts=(chart,)))[0]
    assert found.headings == ("Quarter", "East (days)", "West (days)")
    assert found.rows == ((Raw("Q1"), Raw(1.25, 1), Raw(3)), (Raw("Q2"), Raw("–"), Raw(4)))
    assert (found.caption, found.note, found.total) == ("Days", "Text.", None)


def test_charts_and_tables_come_in_the_order_of_reading_and_are_numbered_apart() -> None:
    inner = Section("Inner", tables=(samples.table(caption="b"),), charts=(samples.chart(),))
    outer = Section("Outer", tables=(samples.table(caption="a"),), charts=(samples.chart(),), sections=(inner,))
    last = Section("Last", tables=(samples.table(caption="c"),))
    found = flattened(samples.paper(outer, last))
    assert [(one.label, one.section) for one in found] == [
        ("Chart 1", "Outer"), ("Table 1", "Outer"), ("Chart 2", "Inner"), ("Table 2", "Inner"), ("Table 3", "Last"),
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [(), (1, 2)])
def test_a_row_with_more_or_fewer_cells_than_columns_is_a_mistake_that_shows(cells: tuple[Cell, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        flattened(samples.of(Table("Caption", "Team", (Column("One"),), (Row("East", cells),))))
