"""What a workspace doesn't take is said in plainer blocks, and not tried again for a day."""

from datetime import datetime, timedelta

from bot.blocks import tables
from bot.blocks.message import Message, section
from bot.blocks.tables import CHART, DATA_TABLE
from bot.looks import Looks
from storage.figures import Share

NOON = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
TABLE = tables.data_table("t", "Teams", ["Team", "On time"], [["East", Share(127, 326)], ["West", Share(0, 0)]])
LINES = tables.chart("On time", [("East", [("April", 39.0), ("May", 41.0)])], unit="%")
FULL = Message("East 39 %", [section("Figures"), LINES, TABLE])


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def test_a_message_is_tried_in_full_then_without_charts_then_with_a_plain_table_then_as_words() -> None:
    ways = list(Looks(lambda: NOON).ways(FULL))
    assert [kinds(way) for way in ways] == [
        ["section", CHART, DATA_TABLE],
        ["section", DATA_TABLE],
        ["section", "table"],
        [],
    ]
    assert {way.text for way in ways} == {"East 39 %"}


def test_what_was_refused_is_left_out_for_a_day() -> None:
    now = NOON
    looks = Looks(lambda: now)
    looks.taken(FULL, tables.without(FULL, {CHART}))
    assert kinds(next(looks.ways(FULL))) == ["section", DATA_TABLE]
    looks.taken(FULL, tables.without(FULL, {CHART, DATA_TABLE}))
    assert kinds(next(looks.ways(FULL))) == ["section", "table"]
    now = NOON + timedelta(hours=25)
    assert kinds(next(looks.ways(FULL))) == ["section", CHART, DATA_TABLE]


def test_a_message_refused_for_another_reason_teaches_nothing() -> None:
    looks = Looks(lambda: NOON)
    looks.taken(FULL, Message(FULL.text))
    assert kinds(next(looks.ways(FULL))) == ["section", CHART, DATA_TABLE]


def test_a_message_without_newer_blocks_is_tried_once_and_then_as_words() -> None:
    plain = Message("Hello", [section("Hello")])
    assert [kinds(way) for way in Looks(lambda: NOON).ways(plain)] == [["section"], []]
    assert [kinds(way) for way in Looks(lambda: NOON).ways(Message("Hello"))] == [[]]


def test_a_plain_table_says_what_the_other_says() -> None:
    (plain,) = tables.without(Message("", [TABLE]), {DATA_TABLE}).blocks
    assert [[cell["text"] for cell in row] for row in plain["rows"]] == [
        [cell["text"] for cell in row] for row in TABLE["rows"]
    ]
    assert TABLE["rows"][1][1] == {"type": "raw_number", "value": 39, "text": "39 % (127 of 326)"}
    assert TABLE["rows"][2][1] == {"type": "raw_text", "text": "–"}


def test_only_what_was_taken_lately_is_certain() -> None:
    now = NOON
    looks = Looks(lambda: now)
    assert looks.certain(FULL) is None
    looks.taken(FULL, FULL)
    assert looks.certain(FULL) == FULL
    now = NOON + timedelta(hours=25)
    assert looks.certain(FULL) is None
    plain = Message("Hello", [section("Hello")])
    assert looks.certain(plain) == plain


def test_a_plainer_way_is_certain_once_its_own_blocks_are() -> None:
    looks = Looks(lambda: NOON)
    looks.taken(FULL, tables.without(FULL, {CHART}))
    found = looks.certain(FULL)
    assert found is not None
    assert kinds(found) == ["section", DATA_TABLE]


def test_words_alone_make_nothing_certain() -> None:
    looks = Looks(lambda: NOON)
    looks.taken(FULL, Message(FULL.text))
    assert looks.certain(FULL) is None
