"""TOML files as people write them and as nobody should: an organisation, a procedure, and text that is no TOML."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.fuzz import words, world

_SHIPPED = resources.files("storage").joinpath("data", "procedures", "statutory.toml").read_text("utf-8")
# What goes too deep, or on too long: before it, and how often it is repeated.
_DEEP = (("", "[", 3000), ("a = ", "[", 3000), ("a = ", "{a=", 1000), ("a", ".a", 2000), ("a = ", "9", 5000))
_OTHER: tuple[Any, ...] = (
    0, -1, 10**30, 1.5, True, [], {}, ["a"], {"a": 1}, "", date(2026, 12, 1), date(1, 1, 1), date(9999, 12, 31),
    datetime(2026, 12, 1, 9, tzinfo=UTC),
)  # fmt: skip


def written(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{json.dumps(key)} = {written(one)}' for key, one in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return repr(value)


def file(data: Mapping[str, Any]) -> str:
    """A whole file."""
    return "\n".join(f"{json.dumps(key)} = {written(value)}" for key, value in data.items())


@cache
def _name() -> SearchStrategy[Any]:
    return st.one_of(
        st.sampled_from(world.TEAMS),
        st.sampled_from(("Harbour", "harbour", "Quay")),
        words.shown().map(lambda name: name[:90]),
    )


@cache
def _or_other(usual: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.one_of(*(usual for _ in range(12)), st.sampled_from(_OTHER), words.written())


@cache
def _entry(
    needed: tuple[tuple[str, SearchStrategy[Any]], ...], optional: tuple[tuple[str, SearchStrategy[Any]], ...]
) -> SearchStrategy[Any]:
    """One entry: what it needs, what it may have, and now and then a word that has no meaning here."""
    found = st.fixed_dictionaries(
        {name: _or_other(value) for name, value in needed},
        optional={name: _or_other(value) for name, value in optional},
    )
    more = st.one_of(
        *(st.just({}) for _ in range(14)),
        st.dictionaries(st.sampled_from(("manager", "id", "", "=1+1")), st.integers(), max_size=1),
    )
    return st.builds(lambda one, two: {**one, **two}, found, more)


@cache
def _deep() -> SearchStrategy[str]:
    return st.sampled_from(_DEEP).map(lambda one: one[0] + one[1] * one[2])


@cache
def organisation() -> SearchStrategy[str]:
    """An org file."""
    who = st.sampled_from((*world.STAFF, "U0WREN", "wren", "U0"))
    day = st.sampled_from((date(2026, 1, 1), date(2027, 1, 1), "2026-12-01", "never"))
    role = _entry(
        (("role", st.sampled_from(("handler", "complaints_manager", "named_manager", "senior_manager", "viewer"))),),
        (("team", _name()),),
    )
    teams = _entry(
        (("name", _name()),),
        (
            ("part_of", _name()), ("allocation", st.sampled_from(("offered", "fixed", "balanced"))), ("fixed_manager", who),
            ("channel", st.sampled_from(("C0FIRSTRESP", "#quay"))), ("opened", day), ("closed", day),
        ),
    )  # fmt: skip
    people = _entry(
        (("slack_id", who), ("name", _name())),
        (
            ("roles", st.lists(role, max_size=2)), ("tz", st.sampled_from(("Europe/London", "GMT+1"))),
            ("nudge_hour", st.integers(-1, 25)), ("agency", st.booleans()), ("leaves", day),
        ),
    )  # fmt: skip
    outsiders = _entry(
        (("name", _name()), ("connection", st.sampled_from(("none", "member", "friend")))), (("retired", day),)
    )
    whole = st.fixed_dictionaries(
        {},
        optional={
            "teams": _or_other(st.lists(teams, max_size=3)),
            "people": _or_other(st.lists(people, max_size=2)),
            "outsiders": _or_other(st.lists(outsiders, max_size=2)),
            "themes": _or_other(st.lists(_name(), max_size=3)),
        },
    )
    return st.one_of(*(whole.map(file) for _ in range(8)), broken(whole.map(file)), _deep(), words.written())


@cache
def procedure() -> SearchStrategy[str]:
    """A procedure's file: the shipped one as another version, with a line or two changed, missing or there twice."""
    lines = _SHIPPED.replace('version = "1"', 'version = "2"').splitlines()
    return st.one_of(_changed(tuple(lines)), _changed(tuple(lines)), broken(st.just("\n".join(lines))), _deep())


@st.composite
def _changed(draw: DrawFn, lines: tuple[str, ...]) -> str:
    changed = list(lines)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(changed) - 1))
        name = changed[at].partition("=")[0]
        match draw(st.integers(0, 3)):
            case 0:
                changed[at] = ""
            case 1:
                changed[at] = changed[draw(st.integers(0, len(changed) - 1))]
            case 2:
                changed[at] = f"{name} = {written(draw(_or_other(words.shown())))}"
            case _:
                changed[at] = f"{name} = {written(draw(st.sampled_from(_OTHER)))}"
    return "\n".join(changed)


@st.composite
def broken(draw: DrawFn, text: SearchStrategy[str]) -> str:
    """A text with something cut out of it or put into it."""
    found = draw(text)
    at = draw(st.integers(0, len(found)))
    return found[:at] + draw(words.written()) + found[at + draw(st.integers(0, 20)) :]
