"""Parts that modals are made of, within Slack's limits. A block's id is the name of the field it fills. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.blocks.message import Block, View, clip, plain

INPUT = "input"
MOST_OPTIONS = 100
TITLE_LENGTH = 24

Choice = tuple[str, str]
Groups = Mapping[str, Sequence[Choice]]


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    carries: Mapping[str, str] | None = None,
) -> View:
    """A modal. `carries` travels in its private metadata: ids only, since a reader of the page could see and change it."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_LENGTH),
        "close": plain(close, TITLE_LENGTH),
        "blocks": list(blocks),
        "private_metadata": json.dumps(dict(carries or {})),
    }
    if submit:
        view["submit"] = plain(submit, TITLE_LENGTH)
    return view


def field(
    name: str, label: str, element: Block, *, hint: str | None = None, optional: bool = False, calls_back: bool = False
) -> Block:
    """One labelled input. `calls_back` tells the app as soon as it changes."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    if calls_back:
        block["dispatch_action"] = True
    return block


def day(chosen: date | None, *, action_id: str = INPUT) -> Block:
    element: Block = {"type": "datepicker", "action_id": action_id}
    if chosen:
        element["initial_date"] = chosen.isoformat()
    return element


def text(
    *, most: int, several_lines: bool = False, written: str | None = None, placeholder: str | None = None
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": several_lines,
        "max_length": most,
    }
    if written:
        element["initial_value"] = clip(written, most)
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return element


def choose(choices: Sequence[Choice], *, placeholder: str, chosen: str | None = None, action_id: str = INPUT) -> Block:
    """One of a list of (value, label), at most a hundred."""
    element: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
        "options": options(choices),
    }
    found = [option for option in element["options"] if option["value"] == chosen]
    if found:
        element["initial_option"] = found[0]
    return element


def choose_grouped(groups: Groups, *, placeholder: str, chosen: str | None = None) -> Block:
    """One of up to a hundred groups of a hundred each, which is how more than a hundred teams fit into a list."""
    element: Block = {
        "type": "static_select",
        "action_id": INPUT,
        "placeholder": plain(placeholder, 150),
        "option_groups": _groups(groups),
    }
    found = [option for group in element["option_groups"] for option in group["options"] if option["value"] == chosen]
    if found:
        element["initial_option"] = found[0]
    return element


def choose_several(choices: Sequence[Choice], *, placeholder: str, chosen: Iterable[str] = ()) -> Block:
    element: Block = {
        "type": "multi_static_select",
        "action_id": INPUT,
        "placeholder": plain(placeholder, 150),
        "options": options(choices),
    }
    wanted = set(chosen)
    found = [option for option in element["options"] if option["value"] in wanted]
    if found:
        element["initial_options"] = found
    return element


def choose_several_grouped(groups: Groups, *, placeholder: str) -> Block:
    return {
        "type": "multi_static_select",
        "action_id": INPUT,
        "placeholder": plain(placeholder, 150),
        "option_groups": _groups(groups),
    }


def options(choices: Sequence[Choice]) -> list[Block]:
    return [{"text": plain(label, 75), "value": value} for value, label in choices[:MOST_OPTIONS]]


def _groups(groups: Groups) -> list[Block]:
    return [
        {"label": plain(label, 75), "options": options(choices)}
        for label, choices in list(groups.items())[:MOST_OPTIONS]
        if choices
    ]
