"""The manifest against Slack's documented schema, and against what the code really registers, calls and listens to."""

import inspect
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from typer.testing import CliRunner

import bot
import jobs
from bot import listeners
from bot.blocks.names import Action, Form
from bot.cli import build
from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.door import Door
from bot.manifest import EVENTS, SCOPES, manifest
from bot.practice.api import METHODS
from bot.practice.seed import EVERY_SCOPE
from bot.web import EVENTS_PATH

URL = f"https://complaints.example.gov.uk{EVENTS_PATH}"
MANIFESTS = {"socket": manifest(), "http": manifest(request_url=URL)}

# docs.slack.dev, App manifest reference: for each place the type and, for texts, the most characters.
TEXT, HTTPS, YES_OR_NO = (str, None), (str, -1), (bool, None)
SCHEMA: dict[str, tuple[type, int | None]] = {
    "display_information/name": (str, 35),
    "display_information/description": (str, 140),
    "display_information/long_description": (str, 4000),
    "display_information/background_color": TEXT,
    "features/app_home/home_tab_enabled": YES_OR_NO,
    "features/app_home/messages_tab_enabled": YES_OR_NO,
    "features/app_home/messages_tab_read_only_enabled": YES_OR_NO,
    "features/bot_user/display_name": (str, 80),
    "features/bot_user/always_online": YES_OR_NO,
    "features/slash_commands/*/command": (str, 32),
    "features/slash_commands/*/description": (str, 2000),
    "features/slash_commands/*/usage_hint": (str, 1000),
    "features/slash_commands/*/should_escape": YES_OR_NO,
    "features/slash_commands/*/url": HTTPS,
    "features/shortcuts/*/name": (str, 24),
    "features/shortcuts/*/type": TEXT,
    "features/shortcuts/*/callback_id": (str, 255),
    "features/shortcuts/*/description": (str, 150),
    "oauth_config/scopes/bot/*": TEXT,
    "settings/event_subscriptions/bot_events/*": TEXT,
    "settings/event_subscriptions/request_url": HTTPS,
    "settings/interactivity/is_enabled": YES_OR_NO,
    "settings/interactivity/request_url": HTTPS,
    "settings/socket_mode_enabled": YES_OR_NO,
    "settings/org_deploy_enabled": YES_OR_NO,
    "settings/token_rotation_enabled": YES_OR_NO,
}
MOST = {"features/slash_commands": 50, "features/shortcuts": 10, "oauth_config/scopes/bot": 255}
REQUIRED = {
    "features/slash_commands/*": {"command", "description"},
    "features/shortcuts/*": {"name", "type", "callback_id", "description"},
}

# docs.slack.dev, the page of each method: what a bot token needs. One of a conversation's kinds is chosen by where it is used.
SCOPES_OF_METHODS = {
    "apps.connections.open": set(),
    "auth.test": set(),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.open": {"im:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "users.lookupByEmail": {"users:read", "users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
# docs.slack.dev, Working with files: this function of the SDK calls two methods, and sends the bytes in between.
OF_SEVERAL_CALLS = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "user_change": {"users:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "team_join": {"users:read"},
}


def leaves(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its place; entries of lists share the place `*`."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{place}/{key}" if place else key)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, f"{place}/*")
    else:
        yield place, node


def nodes(node: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    yield place, node
    for key, value in node.items() if isinstance(node, dict) else ():
        yield from nodes(value, f"{place}/{key}" if place else key)
    for value in node if isinstance(node, list) else ():
        yield from nodes(value, f"{place}/*")


@pytest.fixture(scope="module")
def called() -> set[str]:
    """The Web API methods that the code calls, practice workspace aside, found in its source."""
    names = {name for name, _ in inspect.getmembers(WebClient, inspect.isfunction) if not name.startswith("_")}
    found: set[str] = set()
    for package in (bot, jobs):
        folder = Path(package.__file__ or "").parent
        for file in folder.rglob("*.py"):
            if "practice" not in file.relative_to(folder).parts:
                found |= names & set(re.findall(r"client\)?\.(\w+)\(", file.read_text("utf-8")))
    several = {method for name in found & set(OF_SEVERAL_CALLS) for method in OF_SEVERAL_CALLS[name]}
    return several | {_method(name) for name in found - {"api_call"} - set(OF_SEVERAL_CALLS)}


def _method(name: str) -> str:
    """`chat_postMessage` is the method that this function of the SDK calls."""
    calls = re.findall(r'self\.api_call\(\s*"([\w.]+)"', inspect.getsource(getattr(WebClient, name)))
    assert len(calls) == 1, name
    return str(calls[0])


class Listening(App):
    """Bolt's own app, which also keeps what was registered with it: pairs of kind and name."""

    def __init__(self) -> None:
        super().__init__(client=WebClient(token="xoxb-none"), token_verification_enabled=False)
        self.heard: set[tuple[str, str]] = set()

    def command(self, command: Any, *given: Any, **more: Any) -> Any:
        self._keep("command", command)
        return super().command(command, *given, **more)

    def event(self, event: Any, *given: Any, **more: Any) -> Any:
        self._keep("event", event)
        return super().event(event, *given, **more)

    def message(self, keyword: Any = "", *given: Any, **more: Any) -> Any:
        self._keep("event", "message")
        return super().message(keyword, *given, **more)

    def shortcut(self, constraints: Any, *given: Any, **more: Any) -> Any:
        self._keep("any shortcut", constraints)
        return super().shortcut(constraints, *given, **more)

    def global_shortcut(self, callback_id: Any, *given: Any, **more: Any) -> Any:
        self._keep("global", callback_id)
        return super().global_shortcut(callback_id, *given, **more)

    def message_shortcut(self, callback_id: Any, *given: Any, **more: Any) -> Any:
        self._keep("message", callback_id)
        return super().message_shortcut(callback_id, *given, **more)

    def action(self, constraints: Any, *given: Any, **more: Any) -> Any:
        self._keep("action", constraints)
        return super().action(constraints, *given, **more)

    def view(self, constraints: Any, *given: Any, **more: Any) -> Any:
        self._keep("form", constraints)
        return super().view(constraints, *given, **more)

    def options(self, constraints: Any, *given: Any, **more: Any) -> Any:
        self._keep("options", constraints)
        return super().options(constraints, *given, **more)

    def _keep(self, kind: str, name: Any) -> None:
        self.heard.add((kind, str(name)))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The real listeners, registered with an app that keeps what they are for."""
    nothing_there = f"sqlite:///{tmp_path_factory.mktemp('manifest') / 'unused.db'}"
    with Wired(settings("http://127.0.0.1:9/api/", nothing_there)) as wired, ThreadPoolExecutor(1) as background:
        door = Door(Listening(), wired.office, wired.clock, None, background, lambda: None)
        listeners.register(door)
        yield door


@pytest.fixture(scope="module")
def heard(door: Door) -> set[tuple[str, str]]:
    assert isinstance(door.app, Listening)
    return door.app.heard


def of(kinds: set[str], heard: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(kind, name) for kind, name in heard if kind in kinds}


@pytest.mark.parametrize("way", MANIFESTS)
def test_every_field_is_one_that_slack_documents_with_its_type_and_length(way: str) -> None:
    for place, value in leaves(MANIFESTS[way]):
        assert place in SCHEMA, f"Slack documents no {place}"
        kind, most = SCHEMA[place]
        assert type(value) is kind, place
        if isinstance(value, str):
            assert value.strip() == value != ""
            assert most != -1 or value.startswith("https://")
            assert most in {None, -1} or len(value) <= (most or 0), place


@pytest.mark.parametrize("way", MANIFESTS)
def test_lists_are_no_longer_than_slack_takes_and_their_entries_complete(way: str) -> None:
    for place, node in nodes(MANIFESTS[way]):
        if isinstance(node, list):
            assert 0 < len(node) <= MOST.get(place, 100), place
            assert len({json.dumps(one, sort_keys=True) for one in node}) == len(node), f"something is twice in {place}"
        assert REQUIRED.get(place, set()) <= set(node if isinstance(node, dict) else ()), place


@pytest.mark.parametrize("way", MANIFESTS)
def test_names_colour_and_kinds_have_the_form_that_slack_wants(way: str) -> None:
    given = MANIFESTS[way]
    assert re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}", given["display_information"]["background_color"])
    for command in given["features"]["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert {one["type"] for one in given["features"]["shortcuts"]} <= {"message", "global"}
    # A nudge that nobody can open is no nudge.
    assert given["features"]["app_home"]["messages_tab_enabled"]


def test_with_socket_mode_no_address_is_given_and_with_http_every_one() -> None:
    addresses = {place for place, (_kind, most) in SCHEMA.items() if most == -1}
    assert addresses & {place for place, _ in leaves(MANIFESTS["socket"])} == set()
    assert {place: value for place, value in leaves(MANIFESTS["http"]) if place in addresses} == dict.fromkeys(
        addresses, URL
    )
    assert MANIFESTS["socket"]["settings"]["socket_mode_enabled"] is True
    assert MANIFESTS["http"]["settings"]["socket_mode_enabled"] is False


def test_the_command_prints_it_as_json_to_be_pasted() -> None:
    runner = CliRunner()
    printed = runner.invoke(build(), ["manifest"])
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == MANIFESTS["socket"]
    over_http = runner.invoke(build(), ["manifest", "--request-url", URL])
    assert json.loads(over_http.stdout) == MANIFESTS["http"]
    refused = runner.invoke(build(), ["manifest", "--request-url", "http://complaints.example"])
    assert (refused.exit_code, "begins with https://" in refused.output) == (1, True)


def test_every_command_that_is_listened_to_is_in_it_and_no_other(heard: set[tuple[str, str]]) -> None:
    offered = {("command", one["command"]) for one in manifest()["features"]["slash_commands"]}
    assert offered == of({"command"}, heard)


def test_every_shortcut_that_is_listened_to_is_in_it_and_no_other(heard: set[tuple[str, str]]) -> None:
    offered = {(one["type"], one["callback_id"]) for one in manifest()["features"]["shortcuts"]}
    assert offered == of({"message", "global", "any shortcut"}, heard)


def test_every_event_that_is_listened_to_is_in_it_and_no_other(heard: set[tuple[str, str]]) -> None:
    offered = manifest()["settings"]["event_subscriptions"]["bot_events"]
    # Messages are subscribed to by the kind of conversation and arrive as one event.
    assert {("event", name.partition(".")[0]) for name in offered} == of({"event"}, heard)
    assert offered == list(EVENTS)


def test_every_button_and_form_that_is_drawn_is_listened_to_and_no_other(heard: set[tuple[str, str]]) -> None:
    assert of({"action"}, heard) == {("action", one.value) for one in Action}
    # A note has nothing to submit.
    assert of({"form"}, heard) == {("form", one.value) for one in Form if one is not Form.NOTE}
    assert of({"options"}, heard) == set(), "an options URL would have to be in the manifest"
    assert manifest()["settings"]["interactivity"]["is_enabled"]


def test_the_hint_that_slack_shows_while_somebody_types_names_only_what_there_is(door: Door) -> None:
    hint = manifest()["features"]["slash_commands"][0]["usage_hint"]
    assert {part.split()[0] for part in hint.split("|")} <= set(door.subcommands)


def test_the_home_tab_is_enabled_because_it_is_published(called: set[str]) -> None:
    assert "views.publish" in called
    assert manifest()["features"]["app_home"]["home_tab_enabled"]


def test_the_methods_that_the_code_calls_are_the_ones_looked_at(called: set[str]) -> None:
    assert {"chat.postMessage", "chat.update", "conversations.open", "views.open", "auth.test"} <= called
    assert called <= set(SCOPES_OF_METHODS), "say here which scopes the new method needs"
    assert called <= set(METHODS), "the practice workspace has no such method"


def test_every_scope_that_the_code_needs_is_in_it(called: set[str]) -> None:
    needed = needs(called)
    assert needed <= set(SCOPES)
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)


def test_each_scope_is_told_with_its_reason_beside_what_is_pasted() -> None:
    told = CliRunner().invoke(build(), ["manifest"]).stderr
    assert all(f"  {scope}: {reason}" in told for scope, reason in SCOPES.items())


def test_every_scope_is_one_that_slack_has_and_says_what_it_is_for() -> None:
    assert set(SCOPES) <= set(EVERY_SCOPE)
    assert all(reason.strip() for reason in SCOPES.values())


def needs(called: set[str]) -> set[str]:
    """The scopes of the methods called, the events listened to, and the command."""
    methods = set().union(*(SCOPES_OF_METHODS[method] for method in called))
    events = set().union(*(SCOPES_OF_EVENTS[event] for event in EVENTS))
    return methods | events | {"commands"}
