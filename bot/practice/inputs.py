"""What people put into blocks: where each element keeps its value, what it offers, and what a form must have."""

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any, NamedTuple

from bot.practice.errors import Json
from bot.practice.ids import short_id


class Holder(NamedTuple):
    """Where an element keeps its value in `state`, where its initial value stands, and what empty is."""

    key: str
    initial: str
    empty: Any = None


# docs.slack.dev, Block Kit elements, and the `state.values` of view_submission payloads.
HOLDERS: dict[str, Holder] = {
    "plain_text_input": Holder("value", "initial_value"),
    "email_text_input": Holder("value", "initial_value"),
    "url_text_input": Holder("value", "initial_value"),
    "number_input": Holder("value", "initial_value"),
    "rich_text_input": Holder("rich_text_value", "initial_value"),
    "static_select": Holder("selected_option", "initial_option"),
    "external_select": Holder("selected_option", "initial_option"),
    "radio_buttons": Holder("selected_option", "initial_option"),
    "checkboxes": Holder("selected_options", "initial_options", []),
    "multi_static_select": Holder("selected_options", "initial_options", []),
    "multi_external_select": Holder("selected_options", "initial_options", []),
    "users_select": Holder("selected_user", "initial_user"),
    "multi_users_select": Holder("selected_users", "initial_users", []),
    "channels_select": Holder("selected_channel", "initial_channel"),
    "multi_channels_select": Holder("selected_channels", "initial_channels", []),
    "conversations_select": Holder("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Holder("selected_conversations", "initial_conversations", []),
    "datepicker": Holder("selected_date", "initial_date"),
    "timepicker": Holder("selected_time", "initial_time"),
    "datetimepicker": Holder("selected_date_time", "initial_date_time"),
    "file_input": Holder("files", "", []),
}
REQUIRED = "Please complete this required field."


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) a person can act on, in order."""
    for block in blocks:
        match block["type"]:
            case "section" if isinstance(block.get("accessory"), dict):
                yield block, block["accessory"]
            case "actions" | "context_actions":
                for element in block["elements"]:
                    yield block, element
            case "input":
                yield block, block["element"]
            case _:
                pass


def find(blocks: Sequence[Json], block_id: str | None, action_id: str) -> tuple[Json, Json] | None:
    """The element with this action_id (in the block `block_id`, in any when None)."""
    for block, element in elements(blocks):
        if element.get("action_id") == action_id and block_id in {None, block.get("block_id")}:
            return block, element
    return None


def dressed(blocks: Sequence[Json]) -> list[Json]:
    """A copy with what Slack adds: a block_id and an action_id where they lack, emoji and verbatim of texts."""
    # What came as JSON is copied fastest as JSON; a table has a thousand parts.
    fresh: list[Json] = json.loads(json.dumps(list(blocks)))
    for block in fresh:
        block.setdefault("block_id", short_id())
        _dress_texts(block)
    for _block, element in elements(fresh):
        if element["type"] != "image":
            element.setdefault("action_id", short_id())
    return fresh


def _dress_texts(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for value in node.values():
            _dress_texts(value)
    elif isinstance(node, list):
        for value in node:
            _dress_texts(value)


def initial_state(blocks: Sequence[Json], before: Mapping[str, Any] | None = None) -> Json:
    """`state.values` of these blocks. What was entered in `before` under the same two ids and type is kept, as Slack does."""
    values: Json = {}
    for block, element in elements(blocks):
        holder = HOLDERS.get(element["type"])
        if holder is None:
            continue
        kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
        if kept is not None and kept.get("type") == element["type"] and refused(element, kept) is None:
            entry = kept
        else:
            entry = {"type": element["type"], holder.key: copy.deepcopy(element.get(holder.initial, holder.empty))}
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return values


def options(element: Json) -> list[Json]:
    """The options an element offers, those of its groups included."""
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(option for group in groups for option in group["options"])]


def offered(element: Json, value: str) -> Json | None:
    """The option with this value."""
    return next((option for option in options(element) if option.get("value") == value), None)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False


def refused(element: Json, entry: Mapping[str, Any]) -> str | None:
    """Why `entry` can't be the value of `element`: something it doesn't offer; None when it can."""
    kind = element["type"]
    holder = HOLDERS.get(kind)
    if holder is None:
        return None
    value = entry.get(holder.key)
    if value in (None, [], ""):
        return None
    reason: str | None = None
    match kind:
        case "static_select" | "radio_buttons" | "multi_static_select" | "checkboxes":
            chosen = value if isinstance(value, list) else [value]
            missing = [
                option
                for option in chosen
                if not isinstance(option, dict) or offered(element, option.get("value", "")) is None
            ]
            reason = f"{missing[0]!r} is not offered" if missing else None
        case "datepicker" if not _is_date(value):
            reason = "a date has the form 2027-01-31"
        case "timepicker" if not _is_time(value):
            reason = "a time has the form 09:30"
        case _ if kind.endswith("_input") and holder.key == "value" and not isinstance(value, str):
            reason = "the value must be a text"
        case _:
            pass
    return reason


def _text_problem(element: Json, value: str) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            return f"Please enter at most {element.get('max_length', 3000)} characters."
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.match(r"https?://\S+$", value):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_problem(element, value)
    return None


def _number_problem(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def form_problems(blocks: Sequence[Json], values: Mapping[str, Any]) -> dict[str, str]:
    """What Slack's own client refuses before an app hears of a submission: block_id to a plain sentence."""
    problems: dict[str, str] = {}
    for block, element in elements(blocks):
        holder = HOLDERS.get(element["type"])
        if block["type"] != "input" or holder is None:
            continue
        value = values.get(block["block_id"], {}).get(element["action_id"], {}).get(holder.key)
        if value in (None, "", []):
            if not block.get("optional", False):
                problems[block["block_id"]] = REQUIRED
        elif holder.key == "value" and isinstance(value, str):
            problem = _text_problem(element, value)
            if problem is not None:
                problems[block["block_id"]] = problem
        elif isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
            problems[block["block_id"]] = f"Please select at most {element['max_selected_items']}."
    return problems
