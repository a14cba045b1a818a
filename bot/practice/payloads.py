"""The payloads of commands, presses, shortcuts and submissions, shaped as Slack's documentation has them."""

from collections.abc import Mapping
from typing import Any

from bot.practice.channels import Channel, Message
from bot.practice.errors import Json
from bot.practice.inputs import HOLDERS
from bot.practice.people import User
from bot.practice.views import View
from bot.practice.workspace import App, Workspace


def channel_name(channel: Channel) -> str:
    """How payloads name a channel: DMs and private channels by their kind."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def common(workspace: Workspace, app: App, user: User, kind: str) -> Json:
    """What every interactive payload starts with."""
    seed = workspace.seed
    return {
        "type": kind,
        "team": {"id": seed.team_id, "domain": seed.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": seed.team_id},
        "api_app_id": app.id,
        "token": "practice",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(
    workspace: Workspace,
    app: App,
    user: User,
    channel: Channel,
    *,
    name: str,
    text: str,
    response_url: str,
    trigger: str,
) -> Json:
    """A slash command; over HTTP these are the fields of a form."""
    return {
        "token": "practice",
        "team_id": workspace.seed.team_id,
        "team_domain": workspace.seed.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def place_of(channel: Channel, message: Message) -> Json:
    """Where an action on a message happened: container, channel and, unless ephemeral, the message itself."""
    ephemeral = message.only_for is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in message.body:
        container["thread_ts"] = message.body["thread_ts"]
    place: Json = {"container": container, "channel": {"id": channel.id, "name": channel_name(channel)}}
    return place if ephemeral else place | {"message": message.shown()}


def place_in(view: View) -> Json:
    """Where an action in a modal or Home happened."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view.shown()}


def action(element: Json, block_id: str, given: Mapping[str, Any], action_ts: str) -> Json:
    """One entry of `actions`: the element's own fields and what was chosen."""
    kind = element["type"]
    made: Json = {"action_id": element["action_id"], "block_id": block_id, "type": kind, "action_ts": action_ts}
    if kind in {"button", "workflow_button"}:
        made |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    elif kind == "overflow":
        made["selected_option"] = given.get("selected_option")
    else:
        holder = HOLDERS[kind]
        made[holder.key] = given.get(holder.key, holder.empty)
        if holder.initial in element:
            made[holder.initial] = element[holder.initial]
    made |= {key: element[key] for key in ("placeholder", "confirm") if key in element}
    return made
