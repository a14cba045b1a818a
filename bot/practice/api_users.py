"""Web API: people, bots, the team, and the connection itself."""

from bot.practice.calls import Call, Method
from bot.practice.errors import Json, SlackError


def test_api(call: Call) -> Json:
    """api.test: gives its arguments back, or the error asked for."""
    given = {name: value for name, value in call.args.values.items() if name != "token"}
    if "error" in given:
        raise SlackError(str(given["error"]), args=given)
    return {"ok": True, "args": given}


def test_auth(call: Call) -> Json:
    """auth.test."""
    return {
        "ok": True,
        "url": f"{call.site.url}/",
        "team": call.workspace.seed.name,
        "user": call.workspace.users[call.app.bot_user].name,
        "team_id": call.workspace.seed.team_id,
        "user_id": call.app.bot_user,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """apps.connections.open: the address of a Socket Mode connection."""
    ticket = call.site.links.ticket(call.app.id)
    return {"ok": True, "url": f"{call.site.url.replace('http', 'ws', 1)}/link/{ticket}"}


def info(call: Call) -> Json:
    """users.info."""
    return {"ok": True, "user": call.user().for_api(call.workspace.now, email=call.has("users:read.email"))}


def list_(call: Call) -> Json:
    """users.list."""
    email = call.has("users:read.email")
    everyone = [user.for_api(call.workspace.now, email=email) for user in call.workspace.users.values()]
    return call.cut("members", everyone, 1000) | {"cache_ts": int(call.workspace.now.timestamp())}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail. Deactivated people are not found, as at Slack."""
    wanted = call.args.need("email").lower()
    for user in call.workspace.users.values():
        if user.email.lower() == wanted and not user.deleted and not user.is_bot:
            return {"ok": True, "user": user.for_api(call.workspace.now, email=True)}
    raise SlackError("users_not_found")


def bot_info(call: Call) -> Json:
    """bots.info."""
    wanted = call.args.text("bot")
    app = next((app for app in call.workspace.apps.values() if wanted in {None, app.bot_id}), None)
    if app is None:
        raise SlackError("bot_not_found")
    bot: Json = {
        "id": app.bot_id,
        "deleted": False,
        "name": app.seed.name,
        "updated": 0,
        "app_id": app.id,
        "user_id": app.bot_user,
        "icons": {},
    }
    return {"ok": True, "bot": bot}


def team_info(call: Call) -> Json:
    """team.info."""
    seed = call.workspace.seed
    team: Json = {
        "id": seed.team_id,
        "name": seed.name,
        "url": f"{call.site.url}/",
        "domain": seed.domain,
        "email_domain": "",
        "icon": {},
    }
    return {"ok": True, "team": team}


def add_reaction(call: Call) -> Json:
    """reactions.add."""
    channel = call.channel()
    message = call.message(channel, "timestamp")
    name = call.args.need("name").strip(":")
    reactions: list[Json] = [dict(each) for each in message.body.get("reactions", ())]
    mine = next((each for each in reactions if each["name"] == name), None)
    if mine is None:
        mine = {"name": name, "users": [], "count": 0}
        reactions.append(mine)
    if call.app.bot_user in mine["users"]:
        raise SlackError("already_reacted")
    mine["users"] = [*mine["users"], call.app.bot_user]
    mine["count"] = len(mine["users"])
    message.body["reactions"] = reactions
    call.workspace.feed.tell("message_changed", channel.members, channel=channel.id, ts=message.ts)
    return {"ok": True}


METHODS = {
    "api.test": Method(test_api, None, "special", "none"),
    "auth.test": Method(test_auth, None, "special"),
    "apps.connections.open": Method(open_connection, None, "3", "app"),
    "users.info": Method(info, "users:read", "4"),
    "users.list": Method(list_, "users:read", "2"),
    "users.lookupByEmail": Method(lookup_by_email, "users:read.email", "3"),
    "bots.info": Method(bot_info, "users:read", "3"),
    "team.info": Method(team_info, "team:read", "3"),
    "reactions.add": Method(add_reaction, "reactions:write", "3"),
}
