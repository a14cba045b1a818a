"""Procedures as data: stages, limits and outcomes, each rule with its source and how sure it is. Pure once loaded."""

import tomllib
from enum import StrEnum
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

from storage.vocabulary import Finding


class Certainty(StrEnum):
    """How sure a rule is (DOMAIN.md): from the instrument's own words down to what still has to be confirmed."""

    LAW = "law"
    GUIDE = "guide"
    PRACTICE = "practice"
    OPEN = "open"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Data):
    """A limit in working days, and where it comes from."""

    working_days: int = Field(ge=0)
    certainty: Certainty
    source: str


class StageRules(_Data):
    """`limit` is the ordinary time; `maximum` the most that an extension can make of it."""

    number: int = Field(ge=1)
    title: str
    limit: Rule
    maximum: Rule


class Outcome(_Data):
    """The council's own label for how a stage ended, and what it means for the figures."""

    key: str
    label: str = Field(max_length=75)
    finding: Finding


class Procedure(_Data):
    """One complaints procedure. `version` is kept with each complaint that began under it."""

    name: str
    title: str = Field(max_length=75)
    version: str
    acknowledgement: Rule
    stages: tuple[StageRules, ...]
    outcomes: tuple[Outcome, ...]

    def stage(self, number: int) -> StageRules:
        """Raises KeyError when the procedure has no such stage."""
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise KeyError(number)

    def outcome(self, key: str) -> Outcome:
        """By key, or by label in any case. Raises KeyError when it is neither."""
        wanted = key.strip().casefold()
        for outcome in self.outcomes:
            if wanted in {outcome.key.casefold(), outcome.label.casefold()}:
                return outcome
        raise KeyError(key)


def shipped() -> dict[str, Procedure]:
    """The procedures that come with the product, by name. Reads files: call it once, where things are wired."""
    folder = resources.files("storage").joinpath("data", "procedures")
    loaded = [
        Procedure.model_validate(tomllib.loads(file.read_text("utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return {procedure.name: procedure for procedure in sorted(loaded, key=lambda procedure: procedure.title)}
