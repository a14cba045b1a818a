"""Web API: chat.* — posting, changing and deleting messages."""

from bot.practice.calls import Call, Method
from bot.practice.channels import Channel
from bot.practice.content import checked_metadata, key_of, message_content
from bot.practice.errors import Json, SlackError
from bot.practice.ids import is_timestamp

UPDATE_TEXT = 4000  # docs.slack.dev, chat.update: msg_too_long


def _target(call: Call) -> Channel:
    """Where to post: a channel's id or name, or a person's id, which means their DM with the app."""
    wanted = call.args.need("channel")
    person = call.workspace.users.get(wanted)
    if person is not None:
        if person.id == call.app.bot_user:
            raise SlackError("channel_not_found")
        return call.workspace.direct(call.app.bot_user, person.id)
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if not call.is_member(channel) and not call.has("chat:write.public"):
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    """The parent's timestamp when thread_ts names it or one of its replies."""
    thread_ts = call.args.text("thread_ts")
    if thread_ts is None:
        return None
    if not is_timestamp(thread_ts):
        raise SlackError("invalid_thread_ts")
    found = channel.messages.get(thread_ts)
    if found is None:
        raise SlackError("thread_not_found")
    return str(found.body.get("thread_ts", thread_ts))


def post_message(call: Call) -> Json:
    """chat.postMessage."""
    channel = _target(call)
    content = message_content(call.args.message(), without=call.workspace.seed.without)
    metadata = checked_metadata(call.args.structure("metadata"))
    call.key = key_of(metadata)
    thread_ts = _thread(call, channel)
    if thread_ts is not None:
        content["thread_ts"] = thread_ts
        if call.args.flag("reply_broadcast"):
            content["subtype"] = "thread_broadcast"
    if call.args.text("username") and call.has("chat:write.customize"):
        content["username"] = call.args.text("username")
    message = call.workspace.post(channel, call.app.bot_user, content, metadata)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message.shown()}


def update(call: Call) -> Json:
    """chat.update. Text without blocks takes the blocks away; blocks without text keep the message unmarked as edited."""
    channel = call.channel()
    message = call.message(channel)
    if message.body.get("user") != call.app.bot_user:
        raise SlackError("cant_update_message")
    given = call.args.message()
    if len(str(given["text"] or "")) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    metadata = call.args.structure("metadata")
    said = any(given[name] is not None for name in ("text", "markdown_text", "blocks", "attachments"))
    if said or metadata is None:
        keeps_blocks = given["text"] is None and given["blocks"] is None and "blocks" in message.body
        content: Json = message_content(given, without=call.workspace.seed.without, may_be_empty=keeps_blocks)
        if keeps_blocks:
            content["text"] = message.body["text"]
        elif "blocks" not in content:
            content["blocks"] = None
        if given["attachments"] == []:
            content["attachments"] = None
    else:
        content = {}
    if metadata is not None:
        message.metadata = checked_metadata(metadata) if metadata != {} else None
        call.key = key_of(message.metadata)
    edited_by = call.app.bot_user if content and content.get("blocks") is None else None
    call.workspace.change(channel, message, content, edited_by=edited_by)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "text": message.body["text"],
        "message": message.shown(),
    }


def delete(call: Call) -> Json:
    """chat.delete."""
    channel = call.channel()
    message = call.message(channel)
    if message.body.get("user") != call.app.bot_user:
        raise SlackError("cant_delete_message")
    call.workspace.remove(channel, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral."""
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if not call.is_member(channel) and not call.has("chat:write.public"):
        raise SlackError("not_in_channel")
    reader = call.args.need("user")
    if reader not in call.workspace.users or reader not in channel.members:
        raise SlackError("user_not_in_channel")
    content = message_content(call.args.message(), without=call.workspace.seed.without)
    thread_ts = _thread(call, channel)
    if thread_ts is not None:
        content["thread_ts"] = thread_ts
    message = call.workspace.post_private(channel, call.app.bot_user, reader, content)
    return {"ok": True, "message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = f"{call.site.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread_ts = message.body.get("thread_ts")
    if thread_ts is not None and thread_ts != message.ts:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(post_message, "chat:write", "post"),
    "chat.update": Method(update, "chat:write", "3"),
    "chat.delete": Method(delete, "chat:write", "3"),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write", "4"),
    "chat.getPermalink": Method(get_permalink, None, "special"),
}
