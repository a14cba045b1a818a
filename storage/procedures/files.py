"""Procedures in files: those that are shipped, and a council's own, whose mistakes are told line by line."""

import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

from pydantic import ValidationError

from storage import tomls
from storage.errors import Refusal
from storage.procedures.rules import Procedure

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a known name here; check the spelling",
    "string_pattern_mismatch": "does not have the right form",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "too_short": "needs at least one",
}


class BrokenProcedure(Refusal):
    """A procedure's file will not do; one line of the message for each mistake, beginning with its line in the file."""


def shipped() -> dict[str, Procedure]:
    """The procedures that come with the product, by name. Reads files: call it once, where things are wired."""
    folder = resources.files("storage").joinpath("data", "procedures")
    loaded = [
        Procedure.model_validate(tomllib.loads(file.read_text("utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    # The statutory procedure is what this product is for, so it is offered first.
    return {one.name: one for one in sorted(loaded, key=lambda one: (not one.statutory, one.title))}


def parse(text: str) -> Procedure:
    """A procedure from the text of its TOML file. Raises BrokenProcedure listing every mistake with its line."""
    try:
        data = tomls.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BrokenProcedure(f"This is not TOML: {problem}.") from problem
    try:
        return Procedure.model_validate(data)
    except ValidationError as problems:
        lines = _lines(text)
        found = problems.errors()
        said = sorted(
            _said(lines, problem["loc"], problem["type"], problem["msg"])
            for problem in found
            if not (problem["type"] == "too_short" and _goes_deeper(problem["loc"], found))
        )
        raise BrokenProcedure("\n".join(sentence for _line, sentence in said)) from problems


def _goes_deeper(place: Sequence[Any], found: Sequence[Any]) -> bool:
    """Whether something inside is wrong too: a list whose only entry is broken isn't empty to whoever wrote it."""
    return any(len(one["loc"]) > len(place) and one["loc"][: len(place)] == place for one in found)


def _said(lines: dict[tuple[Any, ...], int], place: Sequence[Any], kind: str, message: str) -> tuple[int, str]:
    known = tuple(place)
    while known and known not in lines:
        known = known[:-1]
    line = lines.get(known, 1)
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place) or "the procedure"
    plain = _PLAIN.get(kind) or f"is wrong: {_plainly(message)}"
    return line, f"line {line}: {name} {plain}"


def _plainly(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "it should be")


def _lines(text: str) -> dict[tuple[Any, ...], int]:
    """The line on which each table and each entry of a TOML file stands, by the path pydantic gives it."""
    found: dict[tuple[Any, ...], int] = {}
    counts: dict[tuple[Any, ...], int] = {}
    table: tuple[Any, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _path(header[2].split("."), counts, repeated=header[1] == "[[")
            found.setdefault(table, number)
        elif entry := _ENTRY.match(line):
            found.setdefault((*table, entry[1]), number)
    return found


def _path(names: list[str], counts: dict[tuple[Any, ...], int], *, repeated: bool) -> tuple[Any, ...]:
    """A header's path with the number of each repeated table in it: `stages.limit` is `("stages", 1, "limit")`."""
    path: tuple[Any, ...] = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if repeated and position == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
