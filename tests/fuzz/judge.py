"""What must never come out, whatever went in. Each function lists what is wrong; nothing when all is well."""

import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.blocks import tables
from bot.blocks.message import Message
from bot.demo import county
from bot.practice.api_views import VIEW_BYTES
from bot.practice.content import message_content
from bot.practice.errors import SlackError
from bot.practice.limits import view_problems
from tests.fuzz import world

NOT_TAKEN = (frozenset[str](), frozenset({tables.CHART}), frozenset({tables.CHART, tables.DATA_TABLE}))
_PEOPLE, _CHANNELS = set(world.STAFF), {county.CHANNEL, world.LISTENING}
_TOKEN = re.compile(r"<([@#!]?)([^<>]*)>?")
# With `link_names`, and in some clients without it, these call a whole channel; an address becomes a link by itself.
_BARE = re.compile(r"(?<!\w)@(?:channel|here|everyone)\b|\w://|\bwww\.\w|\b(?:mailto|tel|slack):\S", re.IGNORECASE)
_TRACE = re.compile(
    r"Traceback \(most recent|File \"/|sqlalchemy|psycopg|sqlite3?\.|<class '|object at 0x|Something went wrong on our side"
)


def message(given: Mapping[str, Any]) -> list[str]:
    """A message as Slack would take it, and as people would read it."""
    try:
        message_content(given, without=frozenset())
    except SlackError as refused:
        return [f"Slack refuses it: {refused.body()} {str(given)[:1500]}"]
    return [*_live(str(given.get("text") or "")), *spoken(given)]


def told(said: Message) -> list[str]:
    """A message that goes out by itself, in every way in which a workspace may take it."""
    found = []
    for kinds in NOT_TAKEN:
        way = tables.without(said, set(kinds))
        try:
            message_content({"text": way.text, "blocks": list(way.blocks)}, without=kinds)
        except SlackError as refused:
            found.append(f"Slack refuses it: {refused.body()} {str(way)[:1500]}")
        found += [*_live(way.text), *spoken(list(way.blocks))]
    return found


def view(given: Any) -> list[str]:
    """A modal or a Home tab."""
    problems = view_problems(given, without=frozenset())
    size = len(str(given).encode("utf-8", "surrogatepass"))
    return [*problems, *spoken(given), *([f"a view of {size} bytes"] if size > VIEW_BYTES else [])]


def answer(content: Any, blocks: Iterable[Mapping[str, Any]] = ()) -> list[str]:
    """What an acknowledgement carries; `blocks` are those of the form that was submitted."""
    if not isinstance(content, dict):
        return [f"no answer that Slack knows: {content!r}"] if content else []
    match content.get("response_action"):
        case "errors":
            inputs = {block.get("block_id") for block in blocks if block.get("type") == "input"}
            errors = content["errors"]
            lost = [name for name in errors if name not in inputs]
            return [
                *([f"errors at no input: {lost}"] if lost or not errors else []),
                *(f"an error without words at {name}" for name, said in errors.items() if not said.strip()),
                *(problem for said in errors.values() for problem in _traced(said)),
            ]
        case "update" | "push":
            return view(content["view"])
        case "clear":
            return []
    return message(content)


def spoken(thing: Any) -> list[str]:
    """Whatever people read in a message or view: no live markup that the app didn't make, no word of the machinery."""
    found: list[str] = []
    for kind, text in _texts(thing):
        found += _traced(text)
        if kind in {"mrkdwn", "markdown"}:
            found += _live(text)
        elif kind in {"user", "usergroup", "broadcast", "link"}:
            found.append(f"a {kind} in rich text")
    return found


def log(entries: Iterable[Mapping[str, Any]], *, expected: Iterable[str] = ()) -> list[str]:
    """What was logged of an interaction: nothing but what is `expected` is above an ordinary line."""
    quiet = set(expected)
    return [
        f"logged: {entry}{_where(entry.get('exc_info'))}"
        for entry in entries
        if entry.get("log_level") not in {"debug", "info"}
        and not (entry.get("what") in quiet or entry.get("error") in quiet)
    ]


def _where(problem: object) -> str:
    """Where an exception came from, since its trace is cut off by whoever logs it."""
    caught = sys.exc_info()[1] if problem is True else problem
    if not isinstance(caught, BaseException):
        return ""
    frames = traceback.extract_tb(caught.__traceback__)
    return "".join(f"\n    {frame.filename}:{frame.lineno} {frame.line}" for frame in frames[-3:])


def _live(text: str) -> list[str]:
    found = [
        f"live markup {token.group()!r} in {text[:200]!r}"
        for token in _TOKEN.finditer(text)
        if not (token.group().endswith(">") and (token[1], token[2]) in _OWN)
    ]
    return found + [f"what becomes live {bare.group()!r} in {text[:200]!r}" for bare in _BARE.finditer(text)]


_OWN = {("@", one) for one in _PEOPLE} | {("#", one) for one in _CHANNELS}


def _traced(text: str) -> list[str]:
    return [f"machinery {trace.group()!r} in {text[:200]!r}" for trace in _TRACE.finditer(text)]


def _texts(thing: Any, kind: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the type of what it stands in."""
    if isinstance(thing, Mapping):
        inner = str(thing.get("type") or kind)
        for value in thing.values():
            yield from _texts(value, inner)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _texts(value, kind)
    elif isinstance(thing, str):
        yield kind, thing
