"""Web API: files.* — the three steps of an upload, and what is known of a file."""

from typing import Any

from bot.practice.calls import Call, Method
from bot.practice.channels import Channel
from bot.practice.content import checked_blocks
from bot.practice.errors import Json, SlackError
from bot.practice.files import File


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to send the bytes."""
    length = call.args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: length"])
    file = call.site.files.announce(
        name=call.args.need("filename"),
        owner=call.app.bot_user,
        length=length,
        alt_text=call.args.text("alt_txt") or call.args.text("alt_text") or "",
        created=int(call.workspace.now.timestamp()),
    )
    return {"ok": True, "upload_url": f"{call.site.url}/files/upload/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: the files become real and are shared in a channel when one is named."""
    given = call.args.structure("files")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [_uploaded(call, each) for each in given]
    wanted = [name for name in [call.args.text("channel_id"), *call.args.names("channels")] if name]
    channels = [_shared_in(call, name) for name in wanted]
    for file in files:
        file.complete = True
    for channel in channels:
        _share(call, channel, files)
    return {"ok": True, "files": [file.for_api(call.site.url) for file in files]}


def _uploaded(call: Call, given: Any) -> File:
    file = call.site.files.find(str(given.get("id", ""))) if isinstance(given, dict) else None
    if file is None or file.owner != call.app.bot_user or file.content is None:
        raise SlackError("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file


def _shared_in(call: Call, name: str) -> Channel:
    channel = call.workspace.channels.get(name)
    if channel is None or (channel.kind != "public" and not call.is_member(channel)):
        raise SlackError("channel_not_found")
    if not call.is_member(channel):
        raise SlackError("not_in_channel")
    return channel


def _share(call: Call, channel: Channel, files: list[File]) -> None:
    content: Json = {
        "text": call.args.text("initial_comment") or "",
        "files": [file.for_api(call.site.url) for file in files],
        "upload": False,
    }
    blocks = call.args.structure("blocks")
    if blocks:
        content["blocks"] = checked_blocks(blocks, without=call.workspace.seed.without)
    thread_ts = call.args.text("thread_ts")
    if thread_ts is not None:
        if thread_ts not in channel.messages:
            raise SlackError("invalid_thread_ts")
        content["thread_ts"] = thread_ts
    call.workspace.post(channel, call.app.bot_user, content)


def info(call: Call) -> Json:
    """files.info."""
    file = call.site.files.find(call.args.need("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"ok": True, "file": file.for_api(call.site.url), "comments": []}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, "files:write", "4"),
    "files.completeUploadExternal": Method(complete_upload, "files:write", "4"),
    "files.info": Method(info, "files:read", "4"),
}
