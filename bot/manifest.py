"""The Slack app manifest, from the code's own list of commands, shortcuts, events and scopes."""

from typing import Any

from bot.blocks.names import Shortcut
from bot.door import COMMAND

# Least scopes, each with its reason.
SCOPES: dict[str, str] = {
    "chat:write": "posts and redraws cards, sends nudges",
    "commands": "/complaint and the message shortcut",
    "files:write": "sends reports and the tracker of commitments to whoever asked, as files in a direct message",
    "im:write": "opens the direct message a nudge goes to",
    "im:history": "looks whether a nudge arrived before sending it again",
    "groups:history": "the same in a private complaints channel; hears messages in private channels that were opted in",
    "channels:history": "the same in a public channel; hears messages in public channels that were opted in",
    "groups:read": "doctor checks that the app is a member of a private complaints channel",
    "channels:read": "the same for a public channel",
    "users:read": "learns who of the register is deactivated or has another time zone; doctor looks them up",
}
EVENTS = (
    "app_home_opened",
    "message.channels",
    "message.groups",
    "member_joined_channel",
    "user_change",
)


def manifest(*, request_url: str | None = None) -> dict[str, Any]:
    """Manifest for Slack's *Create app from manifest*. Socket Mode unless `request_url` (…/slack/events) is given."""
    interactivity: dict[str, Any] = {"is_enabled": True}
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Record complaints, see yours and the figures",
        "usage_hint": "new | compliment | mine | show CS-2026-0042 | status [team] [period] | help",
        # So that people and channels arrive by their ids.
        "should_escape": True,
    }
    if request_url:
        interactivity["request_url"] = events["request_url"] = command["url"] = request_url
    return {
        "display_information": {
            "name": "Complaints",
            "description": "Finds every complaint about children's social care an owner, and keeps to its dates",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "complaints", "always_online": True},
            "slash_commands": [command],
            "shortcuts": [
                {
                    "name": "Record as complaint",
                    "type": "message",
                    "callback_id": Shortcut.RECORD.value,
                    "description": "Records this message as a complaint",
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "socket_mode_enabled": request_url is None,
            "org_deploy_enabled": False,
            "token_rotation_enabled": False,
        },
    }
