"""Which column of a caseload extract holds what: a council's own headings in a settings file, and where they stand. Pure."""

import tomllib
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from storage import tomls
from storage.errors import Refusal

HOLDS: Mapping[str, str] = {
    "team": "the team’s name",
    "parent": "the service area it belongs to",
    "cases": "its number of open cases",
}
NEEDED = ("team", "cases")
_PLAIN = {
    "extra_forbidden": "is not a known name here; the names are team, parent and cases",
    "string_type": "has to be a heading in quotation marks",
    "string_too_short": "is empty",
    "string_too_long": "is too long for a heading",
}


def plain(heading: str) -> str:
    """A heading as it is compared: without spaces, whatever its case. Punctuation counts: `Cases %` is not `Cases`."""
    return "".join(heading.casefold().split())


class BrokenColumns(Refusal):
    """A file of columns will not do; the message has one line for each mistake."""


class Columns(BaseModel):
    """The headings of an extract, as the council's system writes them. What a file of columns leaves out stays as here."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    team: str = Field(default="TeamName", min_length=1, max_length=100)
    parent: str = Field(default="TeamParentName", min_length=1, max_length=100)
    cases: str = Field(default="InvolvementCaseload", min_length=1, max_length=100)

    @model_validator(mode="after")
    def _each_its_own(self) -> "Columns":
        if len({plain(heading) for heading in self.headings.values()}) < len(HOLDS):
            raise ValueError("team, parent and cases each need a heading of their own")
        return self

    @property
    def headings(self) -> dict[str, str]:
        """The heading for each field, in the order of `HOLDS`."""
        return {field: getattr(self, field) for field in HOLDS}

    def places(self, row: Sequence[str]) -> dict[str, list[int]]:
        """Where in a row each field's heading stands, counted from 0; fields whose heading isn't there are left out."""
        at: dict[str, list[int]] = {}
        for place, heading in enumerate(row):
            at.setdefault(plain(heading), []).append(place)
        return {field: at[plain(heading)] for field, heading in self.headings.items() if plain(heading) in at}


DEFAULT = Columns()


def parse(text: str) -> Columns:
    """Columns from the text of a TOML file such as `cases = "Open cases"`. Raises BrokenColumns."""
    try:
        return Columns.model_validate(tomls.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise BrokenColumns(
            f'The file of columns is not TOML: {problem}. A line of it looks like cases = "Open cases".'
        ) from problem
    except ValidationError as problems:
        lines = (_said(one["loc"], one["type"], one["msg"]) for one in problems.errors())
        raise BrokenColumns("Mend these in the file of columns first:\n" + "\n".join(lines)) from problems


def _said(place: tuple[int | str, ...], kind: str, message: str) -> str:
    said = _PLAIN.get(kind) or message.removeprefix("Value error, ")
    return f"{place[0]} {said}" if place else said
