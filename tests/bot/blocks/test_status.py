"""Bars of what teams closed stand beside the table wherever figures of several teams are shown, and say what it says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import nudge, status
from bot.blocks.message import Message
from storage.figures import Counts, TeamRow, TeamTable
from tests.bot.papers.test_parts import table_of


def closed(*, on_time: int, late: int) -> Counts:
    return Counts(received=on_time + late, closed=on_time + late, within_limit=on_time, over_maximum=late)


def charts(message: Message) -> list[dict[str, Any]]:
    return [block for block in message.blocks if block["type"] == "data_visualization"]


def drawn(message: Message) -> dict[str, dict[str, int]]:
    (chart,) = charts(message)
    return {
        series["name"]: {point["label"]: point["value"] for point in series["data"]}
        for series in chart["chart"]["series"]
    }


def named(*names: str) -> TeamTable:
    found = table_of([closed(on_time=place, late=1) for place in range(len(names))])
    rows = tuple(TeamRow(row.team_id, name, row.counts) for row, name in zip(found.rows, names, strict=True))
    return TeamTable(**{field: getattr(found, field) for field in found.__dataclass_fields__} | {"rows": rows})


def test_status_and_digest_draw_the_same_bars_the_team_with_most_first() -> None:
    table = table_of([closed(on_time=1, late=2), Counts(received=4), closed(on_time=5, late=0)])
    bars = {"On time": {"Team 3": 5, "Team 1": 1}, "Late": {"Team 3": 0, "Team 1": 2}}
    for message in (status.status(table, None), nudge.digest("Sefton Hale", [table], [])):
        assert drawn(message) == bars
        assert list(drawn(message)["Late"]) == ["Team 3", "Team 1"]


def test_one_team_is_not_drawn_beside_itself() -> None:
    assert not charts(status.status(table_of([closed(on_time=1, late=2), Counts(received=4)]), None))


def test_names_that_look_alike_once_cut_are_not_drawn() -> None:
    table = named("Children looked after, North", "Children looked after, South")
    assert not charts(status.status(table, None))
    assert len(charts(status.status(named("North", "South"), None))) == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=40))
def test_bars_are_the_tables_own_numbers_and_no_more_than_slack_draws(found: list[tuple[int, int]]) -> None:
    table = table_of([closed(on_time=on_time, late=late) for on_time, late in found])
    message = status.status(table, None)
    counts = {row.team: row.counts for row in table.rows if row.counts.closed}
    if len(counts) < 2:
        assert not charts(message)
        return
    bars = drawn(message)
    assert len(bars["Late"]) == min(len(counts), 20)
    for team in bars["Late"]:
        assert bars["On time"][team] == counts[team].on_time
        assert bars["On time"][team] + bars["Late"][team] == counts[team].closed
