"""What people type, as Slack passes it on: `&`, `<` and `>` escaped, @names and #channels turned into references."""

import re

from bot.practice.workspace import Workspace

_TOKEN = re.compile(r"<[@#!][^<>]+>")


def in_message(workspace: Workspace, text: str) -> str:
    """As messages have it: people are `<@U…>`."""
    return _escaped(workspace, text, short=True)


def in_command(workspace: Workspace, text: str) -> str:
    """As a command with `should_escape` gets it: people are `<@U…|name>`. docs.slack.dev, Implementing slash commands."""
    return _escaped(workspace, text, short=False)


def _escaped(workspace: Workspace, text: str, *, short: bool) -> str:
    parts: list[str] = []
    last = 0
    for token in _TOKEN.finditer(text):
        parts += [_plain(text[last : token.start()]), token.group()]
        last = token.end()
    return _named(workspace, "".join([*parts, _plain(text[last:])]), short=short)


def _named(workspace: Workspace, text: str, *, short: bool) -> str:
    people = {user.name: user for user in workspace.users.values()}
    channels = {each.name: each for each in workspace.channels.values() if each.kind != "im"}

    def mention(found: re.Match[str]) -> str:
        user = people.get(found[1])
        return found[0] if user is None else f"<@{user.id}>" if short else f"<@{user.id}|{user.name}>"

    def place(found: re.Match[str]) -> str:
        channel = channels.get(found[1])
        return found[0] if channel is None else f"<#{channel.id}|{channel.name}>"

    named = re.sub(r"(?<![\w<@|])@([\w.-]*\w)", mention, text)
    return re.sub(r"(?<![\w<#|&])#([\w-]+)", place, named)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
