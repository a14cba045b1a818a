"""Small checks of JSON that compose, and say what is wrong where in Slack's words.

A check is a function of (value, place, problems): it appends to `problems` what is wrong with the value. A place is a
JSON pointer such as `/blocks/0/text`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Problems = list[str]
Check = Callable[[Any, str, Problems], None]


def say(problems: Problems, place: str, what: str) -> None:
    """Note a problem."""
    problems.append(f"{what} [json-pointer:{place}]")


def text(most: int, least: int = 1) -> Check:
    """A text of `least` to `most` characters."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, str):
            say(problems, place, "must provide a string")
        elif len(value) < least:
            say(problems, place, f"must be more than {least - 1} characters")
        elif len(value) > most:
            say(problems, place, f"must be less than {most + 1} characters")

    return check


def pattern(expression: str, what: str) -> Check:
    """A text that is as a whole of this form."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            say(problems, place, what)

    return check


def whole(least: int, most: int) -> Check:
    """A whole number between two bounds, both included."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            say(problems, place, "must provide an integer")
        elif not least <= value <= most:
            say(problems, place, f"must be between {least} and {most}")

    return check


def number(value: Any, place: str, problems: Problems) -> None:
    """Any number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        say(problems, place, "must provide a number")


def flag(value: Any, place: str, problems: Problems) -> None:
    """Yes or no."""
    if not isinstance(value, bool):
        say(problems, place, "must provide a boolean")


def one_of(*allowed: str) -> Check:
    """One of these texts."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if value not in allowed:
            say(problems, place, f"must be one of: {', '.join(allowed)}")

    return check


def array(each: Check, least: int, most: int) -> Check:
    """A list of `least` to `most` things."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, list):
            say(problems, place, "must provide an array")
            return
        if len(value) < least:
            say(problems, place, f"no fewer than {least} items allowed")
        if len(value) > most:
            say(problems, place, f"no more than {most} items allowed")
            return
        for index, one in enumerate(value):
            each(one, f"{place}/{index}", problems)

    return check


def maybe_null(check: Check) -> Check:
    """As `check`, or null."""

    def checked(value: Any, place: str, problems: Problems) -> None:
        if value is not None:
            check(value, place, problems)

    return checked


def thing(fields: Mapping[str, Check], required: Sequence[str] = (), *also: Check) -> Check:
    """An object with these fields and no others, the required ones present; `also` sees objects that are so far right."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            say(problems, place, "must provide an object")
            return
        before = len(problems)
        for name in required:
            if name not in value:
                say(problems, place, f"missing required field: {name}")
        for name, one in value.items():
            field = fields.get(name)
            if field is None:
                say(problems, place, f"invalid additional property: {name}")
            else:
                field(one, f"{place}/{name}", problems)
        if len(problems) == before:
            for more in also:
                more(value, place, problems)

    return check


def typed(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` says which check it must pass."""

    def check(value: Any, place: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            say(problems, place, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            say(problems, place, "missing required field: type")
        elif not isinstance(kind, str) or kind not in kinds:
            say(problems, f"{place}/type", f"unsupported type: {kind}")
        else:
            kinds[kind](value, place, problems)

    return check


def anything(_value: Any, _place: str, _problems: Problems) -> None:
    """No check: for `type`, which `typed` has looked at."""
