"""Slack's limits on blocks and views: each at its edge accepted, one step beyond refused."""

from typing import Any

import pytest

from bot.practice.limits import message_problems, view_problems
from tests.bot.practice.house import field_block, modal, plain

Block = dict[str, Any]


def marked(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Block:
    return {"type": "section", "text": marked("x"), **more}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("x"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Block]:
    return [{"text": plain(f"o{n}"), "value": f"v{n}"} for n in range(count)]


def select(**more: Any) -> Block:
    return {"type": "static_select", **({} if "option_groups" in more else {"options": options(2)}), **more}


def raw(text: str) -> Block:
    return {"type": "raw_text", "text": text}


def table(rows: int = 1, columns: int = 1, text: str = "x") -> Block:
    return {"type": "table", "rows": [[raw(text)] * columns] * rows}


def data_table(rows: int = 2, **more: Any) -> Block:
    return {
        "type": "data_table",
        "caption": "x",
        "rows": [[raw("x"), {"type": "raw_number", "value": 1, "text": "1"}]] * rows,
        **more,
    }


def chart(series: int = 1, categories: tuple[str, ...] = ("a", "b"), **more: Any) -> Block:
    data = [{"label": label, "value": -1} for label in categories]
    lines = [{"name": f"s{n}", "data": data} for n in range(series)]
    drawn = {"type": "line", "series": lines, "axis_config": {"categories": list(categories)}}
    return {"type": "data_visualization", "title": "x", "chart": drawn, **more}


def pie(segments: int, value: float = 1) -> Block:
    slices = [{"label": f"s{n}", "value": value} for n in range(segments)]
    return {"type": "data_visualization", "title": "x", "chart": {"type": "pie", "segments": slices}}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def confirm(**more: Any) -> Block:
    return {"title": plain("x"), "text": plain("x"), "confirm": plain("x"), "deny": plain("x"), **more}


DIVIDER: Block = {"type": "divider"}

# What is accepted, and what is refused one step further.
EDGES: list[tuple[str, list[Block], list[Block]]] = [
    ("50 blocks", [DIVIDER] * 50, [DIVIDER] * 51),
    ("section text", [section(text=marked("x" * 3000))], [section(text=marked("x" * 3001))]),
    ("section empty text", [section(text=marked("x"))], [section(text=marked(""))]),
    ("section fields", [section(fields=[marked("x")] * 10)], [section(fields=[marked("x")] * 11)]),
    ("section field text", [section(fields=[marked("x" * 2000)])], [section(fields=[marked("x" * 2001)])]),
    ("section says something", [{"type": "section", "fields": [marked("x")]}], [{"type": "section"}]),
    ("section accessory", [section(accessory=button())], [section(accessory={"type": "plain_text_input"})]),
    ("header", [{"type": "header", "text": plain("x" * 150)}], [{"type": "header", "text": plain("x" * 151)}]),
    ("header is plain", [{"type": "header", "text": plain("x")}], [{"type": "header", "text": marked("x")}]),
    (
        "context elements",
        [{"type": "context", "elements": [marked("x")] * 10}],
        [{"type": "context", "elements": [marked("x")] * 11}],
    ),
    (
        "context holds no buttons",
        [{"type": "context", "elements": [marked("x")]}],
        [{"type": "context", "elements": [button()]}],
    ),
    ("actions elements", [actions(*[button()] * 25)], [actions(*[button()] * 26)]),
    ("actions not empty", [actions(button())], [actions()]),
    (
        "actions action_ids",
        [actions(button(action_id="a"), button(action_id="b"))],
        [actions(button(action_id="a"), button(action_id="a"))],
    ),
    ("button text", [actions(button(text=plain("x" * 75)))], [actions(button(text=plain("x" * 76)))]),
    ("button value", [actions(button(value="x" * 2000))], [actions(button(value="x" * 2001))]),
    ("button style", [actions(button(style="danger"))], [actions(button(style="default"))]),
    ("action_id", [actions(button(action_id="x" * 255))], [actions(button(action_id="x" * 256))]),
    ("block_id", [{**DIVIDER, "block_id": "x" * 255}], [{**DIVIDER, "block_id": "x" * 256}]),
    ("block_id twice", [{**DIVIDER, "block_id": "a"}, DIVIDER], [{**DIVIDER, "block_id": "a"}] * 2),
    (
        "confirm title",
        [actions(button(confirm=confirm(title=plain("x" * 100))))],
        [actions(button(confirm=confirm(title=plain("x" * 101))))],
    ),
    (
        "confirm text",
        [actions(button(confirm=confirm(text=plain("x" * 300))))],
        [actions(button(confirm=confirm(text=plain("x" * 301))))],
    ),
    (
        "confirm answer",
        [actions(button(confirm=confirm(deny=plain("x" * 30))))],
        [actions(button(confirm=confirm(deny=plain("x" * 31))))],
    ),
    ("select options", [actions(select(options=options(100)))], [actions(select(options=options(101)))]),
    ("select without options", [actions(select())], [actions(select(options=[]))]),
    (
        "select of one kind",
        [actions(select(option_groups=[{"label": plain("x"), "options": options(2)}]))],
        [actions({"type": "static_select"})],
    ),
    (
        "option text",
        [actions(select(options=[{"text": plain("x" * 75), "value": "v"}]))],
        [actions(select(options=[{"text": plain("x" * 76), "value": "v"}]))],
    ),
    (
        "option value",
        [actions(select(options=[{"text": plain("x"), "value": "v" * 150}]))],
        [actions(select(options=[{"text": plain("x"), "value": "v" * 151}]))],
    ),
    (
        "initial option is offered",
        [actions(select(initial_option=options(1)[0]))],
        [actions(select(initial_option={"text": plain("x"), "value": "v0"}))],
    ),
    (
        "overflow",
        [section(accessory={"type": "overflow", "options": options(5)})],
        [section(accessory={"type": "overflow", "options": options(6)})],
    ),
    (
        "checkboxes",
        [actions({"type": "checkboxes", "options": options(10)})],
        [actions({"type": "checkboxes", "options": options(11)})],
    ),
    (
        "radio buttons",
        [actions({"type": "radio_buttons", "options": options(10)})],
        [actions({"type": "radio_buttons", "options": options(11)})],
    ),
    ("placeholder", [actions(select(placeholder=plain("x" * 150)))], [actions(select(placeholder=plain("x" * 151)))]),
    (
        "date",
        [actions({"type": "datepicker", "initial_date": "2027-01-31"})],
        [actions({"type": "datepicker", "initial_date": "31.1.2027"})],
    ),
    (
        "image alt text",
        [{"type": "image", "image_url": "https://x.example/a.png", "alt_text": "x" * 2000}],
        [{"type": "image", "image_url": "https://x.example/a.png", "alt_text": "x" * 2001}],
    ),
    (
        "image source",
        [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}],
        [{"type": "image", "alt_text": "x"}],
    ),
    (
        "input label",
        [field_block("a", {"type": "plain_text_input"}, label=plain("x" * 2000))],
        [field_block("a", {"type": "plain_text_input"}, label=plain("x" * 2001))],
    ),
    ("input holds no button", [field_block("a", select())], [field_block("a", button())]),
    (
        "number inputs only in modals",
        [field_block("a", {"type": "plain_text_input"})],
        [field_block("a", {"type": "number_input", "is_decimal_allowed": True})],
    ),
    ("markdown", [{"type": "markdown", "text": "x" * 12_000}], [{"type": "markdown", "text": "x" * 12_001}]),
    (
        "markdown together",
        [{"type": "markdown", "text": "x" * 6000}] * 2,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
    ),
    ("rich text", [rich({"type": "text", "text": "x", "style": {"bold": True}})], [rich({"type": "text", "text": ""})]),
    ("rich text elements", [rich({"type": "link", "url": "https://x.example"})], [rich({"type": "button"})]),
    ("table rows", [table(rows=100)], [table(rows=101)]),
    ("table columns", [table(columns=20)], [table(columns=21)]),
    ("table cells", [table(text="x")], [table(text="")]),
    ("table characters", [table(rows=100, text="x" * 100)], [table(rows=100, text="x" * 101)]),
    ("one table", [table(), DIVIDER], [table(), data_table()]),
    (
        "table column settings",
        [{**table(), "column_settings": [None, {"align": "right"}]}],
        [{**table(), "column_settings": [{"align": "middle"}]}],
    ),
    ("data table rows", [data_table(101)], [data_table(102)]),
    ("data table least rows", [data_table(2)], [data_table(1)]),
    ("data table caption", [data_table()], [{"type": "data_table", "rows": data_table()["rows"]}]),
    ("data table page", [data_table(page_size=100)], [data_table(page_size=101)]),
    ("data table even rows", [data_table()], [data_table(rows=2) | {"rows": [[raw("x")], [raw("x"), raw("y")]]}]),
    (
        "data table header",
        [data_table()],
        [data_table() | {"rows": [[rich({"type": "text", "text": "x"})], [raw("x")]]}],
    ),
    ("chart title", [chart(title="x" * 50)], [chart(title="x" * 51)]),
    ("chart series", [chart(6)], [chart(7)]),
    ("chart labels", [chart(categories=("x" * 20,))], [chart(categories=("x" * 21,))]),
    ("chart points", [chart(categories=tuple(map(str, range(20))))], [chart(categories=tuple(map(str, range(21))))]),
    ("pie segments", [pie(6)], [pie(7)]),
    ("pie values", [pie(1)], [pie(1, value=0)]),
    ("two charts", [chart(), pie(1)], [chart(), pie(1), chart()]),
    ("block types", [DIVIDER], [{"type": "file", "external_id": "x", "source": "remote"}]),
    ("alerts only in modals", [DIVIDER], [{"type": "alert", "text": plain("x")}]),
    ("fields of blocks", [section()], [section(colour="red")]),
    (
        "emoji only in plain text",
        [section(text={**plain("x"), "emoji": True})],
        [section(text={**marked("x"), "emoji": True})],
    ),
    ("type of a text", [section()], [section(text={"type": "text", "text": "x"})]),
    ("nothing is null", [section()], [section(accessory=None)]),
    (
        "focus once",
        [field_block("a", select(focus_on_load=True))],
        [field_block(i, select(focus_on_load=True)) for i in "ab"],
    ),
]


@pytest.mark.parametrize(("accepted", "refused"), [edge[1:] for edge in EDGES], ids=[edge[0] for edge in EDGES])
def test_a_message_is_refused_one_step_beyond_the_limit(accepted: list[Block], refused: list[Block]) -> None:
    assert message_problems(accepted, without=frozenset()) == []
    assert message_problems(refused, without=frozenset())


def test_a_chart_is_an_unknown_block_where_charts_are_off() -> None:
    assert (
        "unsupported type: data_visualization"
        in message_problems([chart()], without=frozenset({"data_visualization"}))[0]
    )


VIEWS: list[tuple[str, Block, Block]] = [
    ("100 blocks", modal(*[DIVIDER] * 100), modal(*[DIVIDER] * 101)),
    ("title", modal(DIVIDER, title=plain("x" * 24)), modal(DIVIDER, title=plain("x" * 25))),
    ("submit", modal(DIVIDER, submit=plain("x" * 24)), modal(DIVIDER, submit=plain("x" * 25))),
    ("close", modal(DIVIDER, close=plain("x" * 24)), modal(DIVIDER, close=plain("x" * 25))),
    ("private_metadata", modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001)),
    ("callback_id", modal(callback_id="x" * 255), modal(callback_id="x" * 256)),
    ("no table", modal(DIVIDER), modal(table())),
    ("no table in Home", {"type": "home", "blocks": [DIVIDER]}, {"type": "home", "blocks": [table()]}),
    (
        "no number input in Home",
        modal(field_block("a", {"type": "number_input", "is_decimal_allowed": False})),
        {"type": "home", "blocks": [field_block("a", {"type": "number_input", "is_decimal_allowed": False})]},
    ),
    ("chart in Home, not in modals", {"type": "home", "blocks": [chart()]}, modal(chart())),
    ("Home has no title", {"type": "home", "blocks": []}, {"type": "home", "title": plain("x"), "blocks": []}),
    (
        "inputs need submit",
        modal(field_block("a", {"type": "plain_text_input"})),
        {"type": "modal", "title": plain("x"), "blocks": [field_block("a", {"type": "plain_text_input"})]},
    ),
    (
        "input length",
        modal(field_block("a", {"type": "plain_text_input", "max_length": 3000})),
        modal(field_block("a", {"type": "plain_text_input", "max_length": 3001})),
    ),
    (
        "input lengths in order",
        modal(field_block("a", {"type": "plain_text_input", "min_length": 2, "max_length": 3})),
        modal(field_block("a", {"type": "plain_text_input", "min_length": 4, "max_length": 3})),
    ),
]


@pytest.mark.parametrize(("accepted", "refused"), [view[1:] for view in VIEWS], ids=[view[0] for view in VIEWS])
def test_a_view_is_refused_one_step_beyond_the_limit(accepted: Block, refused: Block) -> None:
    assert view_problems(accepted, without=frozenset()) == []
    assert view_problems(refused, without=frozenset())


def test_a_problem_names_its_place() -> None:
    view = modal(DIVIDER, field_block("a", {"type": "plain_text_input", "initial_value": "x" * 3001}))
    assert view_problems(view, without=frozenset()) == [
        "must be less than 3001 characters [json-pointer:/view/blocks/1/element/initial_value]"
    ]
