"""What a council may set, each with its default and the reason for it. Stored only where it differs."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator
from sqlmodel import Session, select

from storage.ladder import LADDER, Change
from storage.models import Setting
from storage.workdays import CountFrom

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=75)]


class Stage2Clock(StrEnum):
    """What stage 2 of the statutory procedure is counted from."""

    REQUEST = "request"
    STATEMENT = "statement"


# What people read when one of these moved due dates, as the form that changes them asks for it.
MOVED_BY = {"count_from": "how days are counted", "stage2_clock": "the day that stage 2 runs from"}


class Policy(BaseModel):
    """Settings of the council as a whole. Field descriptions are what the command line prints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count_from: CountFrom = Field(
        default=CountFrom.NEXT_WORKING_DAY,
        description="which day is day 1; believed to be the working day after receipt, not confirmed",
    )
    stage2_clock: Stage2Clock = Field(
        default=Stage2Clock.REQUEST,
        description="what statutory stage 2 is counted from; disputed, so the other is shown as a second figure",
    )
    retention_years: int = Field(
        default=6,
        ge=1,
        le=99,
        description="years after closure until texts and personal fields are cleared; a legal hold beats it",
    )
    retention_runs_by_itself: bool = Field(
        default=False,
        description="whether what is due is cleared by itself, some each day; else only by the command complaints retention",
    )
    late_complaint_months: int = Field(
        default=12,
        ge=1,
        le=120,
        description="months after the matter from which a complaint may be refused as late, by decision",
    )
    reference_prefix: str = Field(
        default="CS", pattern=r"^[A-Z]{1,6}$", description="letters that references begin with"
    )
    due_soon_days: int = Field(
        default=3, ge=0, le=20, description="working days left at which a stage counts as due soon"
    )
    late_recording_days: int = Field(
        default=2, ge=0, le=20, description="working days after receipt from which recording counts as late"
    )
    green_percent: int = Field(default=90, ge=0, le=100, description="per cent on time from which a team is green")
    amber_percent: int = Field(default=85, ge=0, le=100, description="per cent on time from which a team is amber")
    nudges_until_hour: int = Field(
        default=17,
        ge=1,
        le=24,
        description="hour of a person's day after which nothing is sent; it goes next working day",
    )
    ladder: dict[str, Change] = Field(
        default_factory=dict,
        description="nudge rules that the council changed; complaints nudges show lists them, complaints nudges set changes one",
    )
    overloaded_from: int = Field(
        default=6, ge=1, le=100, description="open complaints from which a manager counts as overloaded"
    )
    complaints_channel: str | None = Field(
        default=None,
        pattern=r"^[CG][A-Z0-9]{2,}$",
        description="id of the channel that cards are posted in; without it COMPLAINTS_CHANNEL in the environment",
    )
    learning_channel: str | None = Field(
        default=None,
        pattern=r"^[CG][A-Z0-9]{2,}$",
        description="id of the channel that all service managers read, where learning notes go",
    )
    customer_groups: tuple[Label, ...] = Field(
        min_length=1,
        max_length=100,
        default=(
            "Child or young person", "Parent", "Foster carer", "Adopter", "Special guardian", "Other relative",
            "Advocate for a child", "Care leaver", "Councillor or MP", "Someone else",
        ),
        description="who complained, as groups; never a name",
    )  # fmt: skip
    contact_methods: tuple[Label, ...] = Field(
        min_length=1,
        max_length=100,
        default=("E-mail", "Letter", "Telephone", "In person", "Online form", "Through an advocate", "Text or chat"),
        description="how complaints come in",
    )

    def cards_go_to(self, environment: str | None) -> str | None:
        """The channel that was chosen in Slack, else the one that the environment names."""
        return self.complaints_channel or environment

    @field_validator("ladder")
    @classmethod
    def _rungs_there_are(cls, changes: dict[str, Change], asked: ValidationInfo) -> dict[str, Change]:
        # What was set of a rung that a later version has no more is left out (storage/ladder.py), and stops nobody.
        if asked.context != _SAVING:
            return changes
        unknown = sorted(set(changes) - {rung.name for rung in LADDER})
        if unknown:
            raise ValueError(f"there is no nudge rule called {', '.join(unknown)}; complaints nudges show lists them")
        return changes

    @model_validator(mode="after")
    def _amber_below_green(self) -> "Policy":
        if self.amber_percent >= self.green_percent:
            raise ValueError("amber_percent must be below green_percent")
        return self


_SAVING = "saving"


def load(session: Session) -> Policy:
    """The council's settings. Raises pydantic's ValidationError when what is stored no longer fits."""
    return Policy.model_validate({row.key: row.value for row in session.exec(select(Setting)).all()})


def save(session: Session, key: str, value: Any) -> Policy:
    """Sets one setting after checking the whole. Raises pydantic's ValidationError, and changes nothing, when it won't do."""
    stored = {row.key: row.value for row in session.exec(select(Setting)).all()}
    policy = Policy.model_validate({**stored, key: value}, context=_SAVING)
    session.merge(Setting(key=key, value=policy.model_dump(mode="json")[key]))
    return policy
