"""What Slack refuses in the blocks of a message and in a view.

Source: docs.slack.dev, Block Kit: blocks, their surfaces, and views, read in 2026. Not known here, and so refused as
a workspace does that hasn't got them: card, carousel, container, context_actions, plan, task_card. A `file` block
is never sent by apps.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from bot.practice.limits_data import DATA_TABLE, DATA_VISUALIZATION, RICH_TEXT, TABLE, data_together
from bot.practice.limits_elements import (
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    SLACK_FILE,
    URL,
    any_text,
    elements_for,
    plain,
)
from bot.practice.schema import Check, Problems, anything, array, flag, one_of, pattern, say, text, thing, typed, whole

MARKDOWN_CHARACTERS = 12_000  # of all markdown blocks of a message together
BLOCKS = {"message": 50, "modal": 100, "home": 100}
_HTTPS = pattern(r"https://.{1,2992}", "must provide an HTTPS URL")
_BASE: Mapping[str, Check] = {"type": anything, "block_id": ID}


def _said(value: Any, place: str, problems: Problems) -> None:
    if "text" not in value and "fields" not in value:
        say(problems, place, "must provide text or fields")


def _one_source(value: Any, place: str, problems: Problems) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        say(problems, place, "must provide either image_url or slack_file")


def _different_actions(value: Any, place: str, problems: Problems) -> None:
    ids = [element["action_id"] for element in value["elements"] if "action_id" in element]
    for index, action_id in enumerate(ids):
        if action_id in ids[:index]:
            say(problems, f"{place}/elements", f'`action_id` "{action_id}" already exists')


def _dispatchable(value: Any, place: str, problems: Problems) -> None:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        say(problems, f"{place}/dispatch_action", "file_input can't dispatch actions")


def _block_checks(surface: str, *, without: frozenset[str]) -> Mapping[str, Check]:
    """The blocks that a surface has, `without` those that this workspace has not got yet."""
    checks: dict[str, Check] = {
        "section": thing(
            {
                **_BASE,
                "text": any_text(3000),
                "fields": array(any_text(2000), 1, 10),
                "accessory": elements_for(IN_SECTION, surface),
                "expand": flag,
            },
            ("type",),
            _said,
        ),
        "header": thing({**_BASE, "text": plain(150), "level": whole(1, 4)}, ("type", "text")),
        "divider": thing(_BASE, ("type",)),
        "context": thing({**_BASE, "elements": array(_context_element(), 1, 10)}, ("type", "elements")),
        "actions": thing(
            {**_BASE, "elements": array(elements_for(IN_ACTIONS, surface), 1, 25)},
            ("type", "elements"),
            _different_actions,
        ),
        "input": thing(
            {
                **_BASE,
                "label": plain(2000),
                "element": elements_for(IN_INPUT, surface),
                "hint": plain(2000),
                "optional": flag,
                "dispatch_action": flag,
            },
            ("type", "label", "element"),
            _dispatchable,
        ),
        "image": thing(
            {**_BASE, "image_url": URL, "slack_file": SLACK_FILE, "alt_text": text(2000), "title": plain(2000)},
            ("type", "alt_text"),
            _one_source,
        ),
        "rich_text": RICH_TEXT,
        "video": thing(
            {
                **_BASE,
                "alt_text": text(2000),
                "title": plain(199),
                "thumbnail_url": URL,
                "video_url": _HTTPS,
                "title_url": _HTTPS,
                "author_name": text(49),
                "description": plain(200),
                "provider_icon_url": URL,
                "provider_name": text(255),
            },
            ("type", "alt_text", "title", "thumbnail_url", "video_url"),
        ),
    }
    if surface == "message":
        checks |= {
            "markdown": thing({**_BASE, "text": text(MARKDOWN_CHARACTERS)}, ("type", "text")),
            "table": TABLE,
            "data_table": DATA_TABLE,
        }
    if surface == "modal":
        levels = one_of("default", "info", "warning", "error", "success")
        checks["alert"] = thing({**_BASE, "text": any_text(200), "level": levels}, ("type", "text"))
    if surface != "modal":
        checks["data_visualization"] = DATA_VISUALIZATION
    return {kind: check for kind, check in checks.items() if kind not in without}


def _context_element() -> Check:
    def check(value: Any, place: str, problems: Problems) -> None:
        if isinstance(value, dict) and value.get("type") == "image":
            IMAGE(value, place, problems)
        else:
            any_text(3000)(value, place, problems)

    return check


@cache
def _check(surface: str, without: frozenset[str]) -> Check:
    return typed(_block_checks(surface, without=without))


def _blocks(surface: str, *, without: frozenset[str]) -> Check:
    every = array(_check(surface, without), 0, BLOCKS[surface])

    def check(value: Any, place: str, problems: Problems) -> None:
        before = len(problems)
        every(value, place, problems)
        if len(problems) == before:
            _together(value, place, problems)

    return check


def _together(blocks: Sequence[Any], place: str, problems: Problems) -> None:
    """What only shows when all blocks are seen."""
    data_together(blocks, place, problems)
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            say(problems, f"{place}/{index}/block_id", f'`block_id` "{block_id}" already exists')
        elif block_id is not None:
            seen.add(block_id)
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARACTERS:
        say(problems, place, f"must be less than {MARKDOWN_CHARACTERS + 1} characters in all markdown blocks")
    focused = sum(_focused(block) for block in blocks)
    if focused > 1:
        say(problems, place, "only one element can have focus_on_load set to true")


def _focused(block: Any) -> int:
    inside = [block.get("accessory"), block.get("element"), *block.get("elements", ())]
    return sum(isinstance(each, dict) and each.get("focus_on_load") is True for each in inside)


def message_problems(blocks: Any, *, without: frozenset[str]) -> list[str]:
    """What Slack refuses in the blocks of a message; nothing when they are right."""
    problems: Problems = []
    _blocks("message", without=without)(blocks, "/blocks", problems)
    return problems


def _needs_submit(value: Any, place: str, problems: Problems) -> None:
    if "submit" not in value and any(block["type"] == "input" for block in value["blocks"]):
        say(problems, place, "missing required field: submit")


def view_problems(view: Any, *, without: frozenset[str]) -> list[str]:
    """What Slack refuses in a modal or Home tab; nothing when it is right."""
    problems: Problems = []
    shared: Mapping[str, Check] = {
        "type": anything,
        "private_metadata": text(3000, 0),
        "callback_id": text(255, 0),
        "external_id": text(255, 0),
    }
    modal = thing(
        {
            **shared,
            "title": plain(24),
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
            "blocks": _blocks("modal", without=without),
        },
        ("type", "title", "blocks"),
        _needs_submit,
    )
    home = thing({**shared, "blocks": _blocks("home", without=without)}, ("type", "blocks"))
    typed({"modal": modal, "home": home})(view, "/view", problems)
    return problems
