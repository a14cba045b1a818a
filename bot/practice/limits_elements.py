"""Slack's limits for the elements of blocks: buttons, menus, pickers, inputs, and the objects they are made of.

Source: docs.slack.dev, Block Kit: block elements and composition objects, read in 2026.
"""

from collections.abc import Mapping
from typing import Any

from bot.practice.schema import (
    Check,
    Problems,
    anything,
    array,
    flag,
    number,
    one_of,
    pattern,
    say,
    text,
    thing,
    typed,
    whole,
)

ID = text(255)
URL = text(3000)
SURFACES = ("message", "modal", "home")


def plain(most: int, least: int = 1) -> Check:
    """A plain_text object."""
    fields = {"type": anything, "text": text(most, least), "emoji": flag}
    return typed({"plain_text": thing(fields, ("type", "text"))})


def any_text(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    return typed(
        {
            "plain_text": thing({"type": anything, "text": text(most), "emoji": flag}, ("type", "text")),
            "mrkdwn": thing({"type": anything, "text": text(most), "verbatim": flag}, ("type", "text")),
        }
    )


CONFIRM = thing(
    {
        "title": plain(100),
        "text": any_text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)
OPTION = thing({"text": plain(75), "value": text(150), "description": plain(75)}, ("text", "value"))
LINK_OPTION = thing({"text": plain(75), "value": text(150), "description": plain(75), "url": URL}, ("text", "value"))
MARKED_OPTION = thing({"text": any_text(75), "value": text(150), "description": any_text(75)}, ("text", "value"))
GROUP = thing({"label": plain(75), "options": array(OPTION, 1, 100)}, ("label", "options"))
SLACK_FILE = thing({"id": text(255), "url": URL})
FILTER = thing(
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)
DISPATCH = thing(
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}, ("trigger_actions_on",)
)

_BASE: Mapping[str, Check] = {"type": anything, "action_id": ID}
_MENU: Mapping[str, Check] = {**_BASE, "placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": flag}
_INPUT: Mapping[str, Check] = {
    **_BASE,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}


def _one_source(value: Any, place: str, problems: Problems) -> None:
    if ("options" in value) == ("option_groups" in value):
        say(problems, place, "must provide either options or option_groups")


def _initial_offered(value: Any, place: str, problems: Problems) -> None:
    """Initial options must be among those offered, exactly."""
    groups = value.get("option_groups", ())
    choices = [*value.get("options", ()), *(option for group in groups for option in group["options"])]
    chosen = [*value.get("initial_options", ())]
    if "initial_option" in value:
        chosen.append(value["initial_option"])
    for option in chosen:
        if option not in choices:
            say(problems, place, "initial option must exactly match one of the provided options")


def _image_source(value: Any, place: str, problems: Problems) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        say(problems, place, "must provide either image_url or slack_file")


def _length_order(value: Any, place: str, problems: Problems) -> None:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        say(problems, place, "min_length must be less than or equal to max_length")
    initial = value.get("initial_value", "")
    if initial and not value.get("min_length", 0) <= len(initial) <= value.get("max_length", 3000):
        say(problems, f"{place}/initial_value", "initial_value must respect min_length and max_length")


def _select(extra: Mapping[str, Check], required: tuple[str, ...] = (), *also: Check) -> Check:
    return thing({**_MENU, **extra}, ("type", *required), *also)


_OPTIONS: Mapping[str, Check] = {"options": array(OPTION, 1, 100), "option_groups": array(GROUP, 1, 100)}
_MOST: Mapping[str, Check] = {"max_selected_items": whole(1, 100)}
_IDS = array(text(255), 0, 100)
_DATE = pattern(r"\d{4}-\d{2}-\d{2}", "must provide a valid date")
_TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "must provide a valid time")
_DECIMAL = pattern(r"-?\d+(\.\d+)?", "must provide a valid number")
_CONVERSATIONS: Mapping[str, Check] = {"default_to_current_conversation": flag, "filter": FILTER}

IMAGE = thing(
    {"type": anything, "image_url": URL, "slack_file": SLACK_FILE, "alt_text": text(2000)},
    ("type", "alt_text"),
    _image_source,
)

ELEMENTS: Mapping[str, Check] = {
    "button": thing(
        {
            **_BASE,
            "text": plain(75),
            "url": URL,
            "value": text(2000, 0),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
        },
        ("type", "text"),
    ),
    "workflow_button": thing(
        {
            **_BASE,
            "text": plain(75),
            "workflow": thing(
                {"trigger": thing({"url": URL, "customizable_input_parameters": anything}, ("url",))}, ("trigger",)
            ),
            "style": one_of("primary", "danger"),
            "accessibility_label": text(75),
        },
        ("type", "text", "workflow"),
    ),
    "overflow": thing({**_BASE, "options": array(LINK_OPTION, 1, 5), "confirm": CONFIRM}, ("type", "options")),
    "static_select": _select({**_OPTIONS, "initial_option": OPTION}, (), _one_source, _initial_offered),
    "multi_static_select": _select(
        {**_OPTIONS, **_MOST, "initial_options": array(OPTION, 1, 100)}, (), _one_source, _initial_offered
    ),
    "external_select": _select({"initial_option": OPTION, "min_query_length": whole(0, 1000)}),
    "multi_external_select": _select(
        {"initial_options": array(OPTION, 1, 100), "min_query_length": whole(0, 1000), **_MOST}
    ),
    "users_select": _select({"initial_user": text(255)}),
    "multi_users_select": _select({"initial_users": _IDS, **_MOST}),
    "conversations_select": _select(
        {"initial_conversation": text(255), "response_url_enabled": flag, **_CONVERSATIONS}
    ),
    "multi_conversations_select": _select({"initial_conversations": _IDS, **_CONVERSATIONS, **_MOST}),
    "channels_select": _select({"initial_channel": text(255), "response_url_enabled": flag}),
    "multi_channels_select": _select({"initial_channels": _IDS, **_MOST}),
    "checkboxes": thing(
        {
            **_BASE,
            "options": array(MARKED_OPTION, 1, 10),
            "initial_options": array(MARKED_OPTION, 1, 10),
            "confirm": CONFIRM,
            "focus_on_load": flag,
        },
        ("type", "options"),
        _initial_offered,
    ),
    "radio_buttons": thing(
        {
            **_BASE,
            "options": array(MARKED_OPTION, 1, 10),
            "initial_option": MARKED_OPTION,
            "confirm": CONFIRM,
            "focus_on_load": flag,
        },
        ("type", "options"),
        _initial_offered,
    ),
    "datepicker": _select({"initial_date": _DATE}),
    "timepicker": _select({"initial_time": _TIME, "timezone": text(255)}),
    "datetimepicker": thing(
        {**_BASE, "initial_date_time": whole(10**9, 10**10 - 1), "confirm": CONFIRM, "focus_on_load": flag}, ("type",)
    ),
    "plain_text_input": thing(
        {
            **_INPUT,
            "initial_value": text(3000, 0),
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        ("type",),
        _length_order,
    ),
    "number_input": thing(
        {
            **_INPUT,
            "is_decimal_allowed": flag,
            "initial_value": _DECIMAL,
            "min_value": _DECIMAL,
            "max_value": _DECIMAL,
        },
        ("type", "is_decimal_allowed"),
    ),
    "email_text_input": thing({**_INPUT, "initial_value": text(3000, 0)}, ("type",)),
    "url_text_input": thing({**_INPUT, "initial_value": text(3000, 0)}, ("type",)),
    "rich_text_input": thing({**_INPUT, "initial_value": anything}, ("type",)),
    "file_input": thing({**_BASE, "filetypes": array(text(255), 1, 100), "max_files": whole(1, 10)}, ("type",)),
    "image": IMAGE,
}

_MENUS = (
    "static_select",
    "multi_static_select",
    "external_select",
    "multi_external_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "multi_conversations_select",
    "channels_select",
    "multi_channels_select",
)
_CHOICES = (*_MENUS, "checkboxes", "radio_buttons", "datepicker", "timepicker")
IN_SECTION = (*_CHOICES, "button", "workflow_button", "overflow", "image")
IN_ACTIONS = (*_CHOICES, "button", "workflow_button", "overflow", "datetimepicker", "rich_text_input")
IN_INPUT = (
    *_CHOICES,
    "datetimepicker",
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
)
# Elements that not every surface has (docs.slack.dev, each element's page).
ONLY_ON: Mapping[str, tuple[str, ...]] = {
    "file_input": ("modal",),
    "email_text_input": ("modal",),
    "number_input": ("modal",),
    "url_text_input": ("modal",),
    "rich_text_input": ("modal", "home"),
    "datetimepicker": ("message", "modal"),
    "workflow_button": ("message",),
}


def elements_for(kinds: tuple[str, ...], surface: str) -> Check:
    """The elements of these kinds that the surface has."""
    return typed({kind: ELEMENTS[kind] for kind in kinds if surface in ONLY_ON.get(kind, SURFACES)})


def rich_elements() -> Check:
    """What a rich_text block is made of."""
    style = thing(
        dict.fromkeys(
            ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), flag
        )
    )

    def inline(fields: Mapping[str, Check], *required: str) -> Check:
        return thing({"type": anything, "style": style, **fields}, ("type", *required))

    spans = typed(
        {
            "text": inline({"text": text(40_000)}, "text"),
            "link": inline({"url": URL, "text": text(40_000, 0), "unsafe": flag}, "url"),
            "user": inline({"user_id": text(255)}, "user_id"),
            "usergroup": inline({"usergroup_id": text(255)}, "usergroup_id"),
            "channel": inline({"channel_id": text(255)}, "channel_id"),
            "emoji": inline({"name": text(255), "unicode": text(255), "skin_tone": whole(1, 6), "url": URL}, "name"),
            "broadcast": inline({"range": one_of("here", "channel", "everyone")}, "range"),
            "color": inline({"value": text(255)}, "value"),
            "date": inline(
                {"timestamp": number, "format": text(255), "url": URL, "fallback": text(1000)}, "timestamp", "format"
            ),
            "team": inline({"team_id": text(255)}, "team_id"),
        }
    )
    line = array(spans, 0, 10_000)
    border = whole(0, 1)
    section = thing({"type": anything, "elements": line}, ("type", "elements"))
    return typed(
        {
            "rich_text_section": section,
            "rich_text_quote": thing({"type": anything, "elements": line, "border": border}, ("type", "elements")),
            "rich_text_preformatted": thing(
                {"type": anything, "elements": line, "border": border, "language": text(255)}, ("type", "elements")
            ),
            "rich_text_list": thing(
                {
                    "type": anything,
                    "style": one_of("bullet", "ordered"),
                    "elements": array(typed({"rich_text_section": section}), 0, 10_000),
                    "indent": whole(0, 8),
                    "offset": whole(0, 1_000_000),
                    "border": border,
                },
                ("type", "style", "elements"),
            ),
        }
    )
