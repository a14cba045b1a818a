"""What a procedure is made of: stages, clocks, roles and outcomes as data, each rule with its source and how sure it is. Pure."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from storage.vocabulary import Finding

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=75)]
RESPONSE = "response"
# What a stage can come to because of the next one: unanswered and overtaken, left out by agreement, or asked for and refused.
_BETWEEN_STAGES = {
    "overtaken": Finding.NO_FINDING,
    "skipped": Finding.NOT_PROCEEDED,
    "stage_refused": Finding.NOT_PROCEEDED,
}


class Certainty(StrEnum):
    """How sure a rule is (DOMAIN.md): from the instrument's own words down to what still has to be confirmed."""

    LAW = "law"
    GUIDE = "guide"
    PRACTICE = "practice"
    OPEN = "open"


class Start(StrEnum):
    """The event a stage begins with: the complaint's receipt, or the request to go to that stage."""

    RECEIPT = "receipt"
    REQUEST = "request"


class CountedFrom(StrEnum):
    """What the days of the response are counted from; everything but the start falls back to it until it has happened."""

    START = "start"
    ACKNOWLEDGEMENT = "acknowledgement"
    STATEMENT = "statement_agreed"
    SETTING = "setting"  # the council's `stage2_clock`: the request or the agreed statement


class StageRole(StrEnum):
    """What somebody does in an investigation or a review. The value is what events and tables carry."""

    INVESTIGATING_OFFICER = "investigating_officer"
    INDEPENDENT_PERSON = "independent_person"
    ADJUDICATING_OFFICER = "adjudicating_officer"
    PANEL_CHAIR = "panel_chair"
    PANEL_MEMBER = "panel_member"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(_Data):
    """Where a rule comes from and how sure that is."""

    certainty: Certainty
    source: str = Field(min_length=10)


class Rule(Sourced):
    """A number of working days."""

    working_days: int = Field(ge=1, le=260)


class Limit(Sourced):
    """The time for a response: working days, or a date agreed with each complainant and at most `months` after the start."""

    working_days: int | None = Field(default=None, ge=1, le=260)
    months: int | None = Field(default=None, ge=1, le=24)

    @model_validator(mode="after")
    def _one_of_them(self) -> "Limit":
        if (self.working_days is None) == (self.months is None):
            raise ValueError("give either working_days, or months where the date is agreed per complaint")
        return self

    @property
    def agreed(self) -> bool:
        """Whether the date is agreed with each complainant."""
        return self.working_days is None


class Leg(Sourced):
    """A step that must happen within working days of the step before it (the first one: of the stage's start)."""

    step: Key
    title: Title
    working_days: int = Field(ge=1, le=260)
    lateness_needs_reason: bool = False


class Step(Sourced):
    """A dated step that is recorded, without a limit of its own."""

    step: Key
    title: Title


class Post(Sourced):
    """A role somebody is appointed to; nudged once it has been empty for `within` working days."""

    role: StageRole
    title: Title
    count: int = Field(default=1, ge=1, le=10)
    within: int = Field(ge=0, le=60)


class Pause(Sourced):
    """A reason for which the clock may be stopped, by decision."""

    kind: Key
    title: Title


class StageRules(_Data):
    """`limit` is the ordinary time; `maximum` the most that an extension can make of it, None when there is no extension.

    `request_within` is the time after the response before in which this stage should be asked for; a later request is recorded
    all the same, with a warning.
    """

    number: int = Field(ge=1, le=9)
    title: Title
    starts: Start
    request_within: Rule | None = None
    counted_from: CountedFrom = CountedFrom.START
    acknowledged: bool = False
    limit: Limit
    maximum: Rule | None = None
    lateness_needs_reason: bool = False
    extension_tells: tuple[Title, ...] = ()
    legs: tuple[Leg, ...] = ()
    steps: tuple[Step, ...] = ()
    posts: tuple[Post, ...] = ()
    pauses: tuple[Pause, ...] = ()
    issues: bool = False

    @model_validator(mode="after")
    def _hangs_together(self) -> "StageRules":
        if self.maximum and (self.limit.working_days is None or self.maximum.working_days < self.limit.working_days):
            raise ValueError("maximum must be working days, and not fewer than the limit's")
        if self.counted_from is CountedFrom.ACKNOWLEDGEMENT and not self.acknowledged:
            raise ValueError("counted_from acknowledgement needs acknowledged = true")
        if self.limit.agreed and self.legs:
            raise ValueError("a response by agreement can't have legs before it")
        names = self.step_titles
        if len(names) != len(self.legs) + len(self.steps) or RESPONSE in names:
            raise ValueError("each step needs a name of its own, and none may be called response")
        if self.counted_from in {CountedFrom.STATEMENT, CountedFrom.SETTING} and "statement_agreed" not in names:
            raise ValueError("counted_from needs a step called statement_agreed")
        return self

    @property
    def is_an_answer_alone(self) -> bool:
        """Whether nobody is appointed in it, it has no dated steps, and its answer is one and not a finding on each issue."""
        return not (self.posts or self.step_titles or self.issues)

    @property
    def step_titles(self) -> dict[str, str]:
        """Titles of the dated steps by key, in the order they usually happen."""
        return {one.step: one.title for one in self.steps} | {one.step: one.title for one in self.legs}


class Outcome(_Data):
    """The council's own label for how a stage ended, and what it means for the figures."""

    key: Key
    label: Title
    finding: Finding
    needs_reason: bool = False


class Procedure(_Data):
    """One complaints procedure. `version` is kept with each complaint that began under it.

    `closure_days` are days of the council that don't count; for a statutory complaint there are none (reg 2).
    """

    name: Key
    title: Title
    version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,19}$")]
    statutory: bool = False
    acknowledgement: Rule
    closure_days: tuple[date, ...] = ()
    stages: tuple[StageRules, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> "Procedure":
        if [stage.number for stage in self.stages] != list(range(1, len(self.stages) + 1)):
            raise ValueError("stages are numbered 1, 2, 3 … in order")
        if self.stages[0].starts is not Start.RECEIPT or any(one.starts is Start.RECEIPT for one in self.stages[1:]):
            raise ValueError("stage 1 starts with receipt, every other with request")
        for what, names in (
            ("key", [outcome.key for outcome in self.outcomes]),
            ("label", [outcome.label.casefold() for outcome in self.outcomes]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"two outcomes have the same {what}: {', '.join(twice)}")
        missing = set(Finding) - {outcome.finding for outcome in self.outcomes}
        if missing:
            raise ValueError(f"no outcome has the finding {', '.join(sorted(missing))}")
        keys = {outcome.key: outcome.finding for outcome in self.outcomes}
        if len(self.stages) > 1 and any(keys.get(key) is not finding for key, finding in _BETWEEN_STAGES.items()):
            raise ValueError(
                "a procedure of several stages needs the outcomes "
                + ", ".join(f"{key} (finding {finding.value})" for key, finding in _BETWEEN_STAGES.items())
            )
        if self.statutory and self.closure_days:
            raise ValueError("a statutory complaint has no closure days (reg 2 of SI 2006/1738)")
        return self

    def stage(self, number: int) -> StageRules:
        """Raises KeyError when the procedure has no such stage."""
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise KeyError(number)

    def has_stage(self, number: int) -> bool:
        return any(stage.number == number for stage in self.stages)

    def outcome(self, key: str) -> Outcome:
        """By key, or by label in any case. Raises KeyError when it is neither."""
        wanted = key.strip().casefold()
        for outcome in self.outcomes:
            if wanted in {outcome.key.casefold(), outcome.label.casefold()}:
                return outcome
        raise KeyError(key)
