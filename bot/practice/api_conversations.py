"""Web API: conversations.* and users.conversations — channels, DMs and what was said in them."""

import bisect
import re

from bot.practice.calls import Call, Method
from bot.practice.channels import Channel, Kind
from bot.practice.errors import Json, SlackError

_TYPES: dict[str, Kind | None] = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": None}
_SCOPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY_MOST = 999
HISTORY_DEFAULT = 100


def open_(call: Call) -> Json:
    """conversations.open: a DM by user, or again by its channel."""
    call.allowed("im:write", "mpim:write")
    full = call.args.flag("return_im")
    if call.args.text("channel") is not None:
        channel = call.channel()
        return _opened(call, channel, full=full, was_open=True)
    users = [user for user in call.args.names("users") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("invalid_user_combination")
    person = call.workspace.users.get(users[0])
    if person is None:
        raise SlackError("user_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    was_open = call.workspace.direct_exists(call.app.bot_user, person.id)
    if person.deleted and not was_open:
        raise SlackError("user_disabled")
    return _opened(call, call.workspace.direct(call.app.bot_user, person.id), full=full, was_open=was_open)


def _opened(call: Call, channel: Channel, *, full: bool, was_open: bool) -> Json:
    shown = channel.for_api(call.app.bot_user) if full else {"id": channel.id}
    return {"ok": True, "no_op": was_open, "already_open": was_open, "channel": shown}


def info(call: Call) -> Json:
    """conversations.info."""
    channel = call.channel()
    call.reading(channel, "read")
    shown = channel.for_api(call.app.bot_user)
    if not call.args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"ok": True, "channel": shown}


def _wanted(call: Call) -> list[Channel]:
    """Channels of the types asked for that the app can see."""
    types = call.args.names("types") or ["public_channel"]
    unknown = [each for each in types if each not in _TYPES]
    if unknown:
        raise SlackError("invalid_types")
    for each in types:
        call.allowed(_SCOPES[each])
    kinds = {_TYPES[each] for each in types}
    archived = not call.args.flag("exclude_archived")
    return [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or call.is_member(channel))
        and (archived or not channel.archived)
    ]


def list_(call: Call) -> Json:
    """conversations.list."""
    return call.cut("channels", [channel.for_api(call.app.bot_user) for channel in _wanted(call)], 100)


def of_user(call: Call) -> Json:
    """users.conversations: those a person, or the app itself, is in."""
    who = call.user().id if call.args.text("user") else call.app.bot_user
    mine = [channel for channel in _wanted(call) if who in channel.members]
    return call.cut("channels", [channel.for_api(who) for channel in mine], 100)


def members(call: Call) -> Json:
    """conversations.members."""
    channel = call.channel()
    call.reading(channel, "read")
    start, limit = call.page(100)
    everyone = list(channel.members)
    cursor = f"next:{start + limit}" if start + limit < len(everyone) else ""
    return {"ok": True, "members": everyone[start : start + limit], "response_metadata": {"next_cursor": cursor}}


def _between(call: Call, line: list[str]) -> list[str]:
    """The timestamps between oldest and latest, both left out unless inclusive."""
    oldest, latest, inclusive = call.args.text("oldest"), call.args.text("latest"), call.args.flag("inclusive")
    start, end = 0, len(line)
    if oldest is not None and oldest != "0":
        start = (bisect.bisect_left if inclusive else bisect.bisect_right)(line, _stamp(oldest))
    if latest is not None:
        end = (bisect.bisect_right if inclusive else bisect.bisect_left)(line, _stamp(latest))
    return line[start:end]


def _stamp(text: str) -> str:
    """A timestamp in the form messages carry, so that texts compare as numbers do."""
    seconds, _, rest = text.partition(".")
    if not seconds.isdigit() or (rest and not rest.isdigit()):
        raise SlackError("invalid_ts_oldest")
    return f"{int(seconds):010d}.{rest[:6].ljust(6, '0')}"


def history(call: Call) -> Json:
    """conversations.history: newest first; replies only in their threads; metadata when asked for."""
    channel = call.joined_channel()
    call.reading(channel, "history")
    newest = _between(call, channel.order)[::-1]
    start, limit = call.page(HISTORY_DEFAULT)
    return _shown(call, channel, newest, start, min(limit, HISTORY_MOST)) | {"pin_count": 0}


def replies(call: Call) -> Json:
    """conversations.replies: the parent and its replies, oldest first."""
    channel = call.joined_channel()
    call.reading(channel, "history")
    ts = call.args.need("ts")
    found = channel.messages.get(ts)
    if found is None:
        raise SlackError("thread_not_found")
    parent = str(found.body.get("thread_ts", ts))
    line = [parent, *_between(call, channel.threads.get(parent, []))]
    start, limit = call.page(HISTORY_MOST)
    return _shown(call, channel, line, start, limit)


def _shown(call: Call, channel: Channel, line: list[str], start: int, limit: int) -> Json:
    metadata = call.args.flag("include_all_metadata")
    end = start + limit
    answer: Json = {
        "ok": True,
        "messages": [channel.messages[ts].shown(metadata=metadata) for ts in line[start:end] if ts in channel.messages],
        "has_more": end < len(line),
    }
    return answer | ({"response_metadata": {"next_cursor": f"next:{end}"}} if end < len(line) else {})


def join(call: Call) -> Json:
    """conversations.join."""
    channel = call.channel()
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    answer: Json = {"ok": True}
    if call.is_member(channel):
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        call.workspace.join(channel, call.app.bot_user)
    return answer | {"channel": channel.for_api(call.app.bot_user)}


def invite(call: Call) -> Json:
    """conversations.invite."""
    channel = call.joined_channel()
    call.allowed("channels:manage" if channel.kind == "public" else "groups:write")
    users = call.args.names("users")
    if not users:
        raise SlackError("no_user")
    for user in users:
        if user not in call.workspace.users:
            raise SlackError("user_not_found")
        if user == call.app.bot_user:
            raise SlackError("cant_invite_self")
        if user in channel.members:
            raise SlackError("already_in_channel")
    for user in users:
        call.workspace.join(channel, user, call.app.bot_user)
    return {"ok": True, "channel": channel.for_api(call.app.bot_user)}


def create(call: Call) -> Json:
    """conversations.create."""
    private = call.args.flag("is_private")
    call.allowed("groups:write" if private else "channels:manage")
    name = call.args.text("name")
    if name is None:
        raise SlackError("invalid_name_required")
    if not re.fullmatch(r"[\w-]{1,80}", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise SlackError("name_taken")
    channel = call.workspace.create_channel(name, private=private, creator=call.app.bot_user)
    return {"ok": True, "channel": channel.for_api(call.app.bot_user)}


METHODS = {
    "conversations.open": Method(open_, None, "3"),
    "conversations.info": Method(info, None, "3"),
    "conversations.list": Method(list_, None, "2"),
    "conversations.members": Method(members, None, "4"),
    "conversations.history": Method(history, None, "3"),
    "conversations.replies": Method(replies, None, "3"),
    "conversations.join": Method(join, "channels:join", "3"),
    "conversations.invite": Method(invite, None, "3"),
    "conversations.create": Method(create, None, "2"),
    "users.conversations": Method(of_user, None, "3"),
}
