"""The environment, typed. Everything else a council can set lives in the register's settings."""

import re
from functools import cached_property
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

# docs.slack.dev, Tokens: what each kind begins with.
_BEGINS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
_CALLED = {"xoxb-": "the bot token", "xapp-": "the app token"}
_DATABASES = {"sqlite", "postgresql", "postgres"}
# Pydantic's words for a programmer, in words for whoever writes the environment.
_PLAIN = {
    "int_parsing": "write a number, such as 3000.",
    "greater_than_equal": "write a number from 0 to 65535.",
    "less_than_equal": "write a number from 0 to 65535.",
    "string_pattern_mismatch": "write text or json.",
}


class Settings(BaseSettings):
    """Names are the environment's own (DESIGN.md). Raises pydantic's ValidationError naming what is wrong."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    slack_bot_token: SecretStr | None = Field(default=None, description="xoxb-…, from Slack's OAuth & Permissions page")
    slack_app_token: SecretStr | None = Field(default=None, description="xapp-…, for Socket Mode")
    slack_signing_secret: SecretStr | None = Field(default=None, description="for HTTP delivery")
    slack_api_url: str = Field(default="https://slack.com/api/", description="another Slack-compatible workspace")
    database_url: str = Field(default="sqlite:///complaints.db")
    complaints_channel: str | None = Field(default=None, description="id of the channel that cards are posted in")
    complaints_managers: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Slack ids, with commas between, of those who may set the bot up"
    )
    host: str = Field(default="127.0.0.1", description="address that `web` listens on")
    port: int = Field(default=3000, ge=0, le=65535)
    health_port: int | None = Field(
        default=None, ge=0, le=65535, description="port of `/healthz`, `/readyz` and `/metrics` of `bot` and `worker`"
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="bearer token without which `/metrics` says nothing"
    )
    log_format: str = Field(default="text", pattern="^(text|json)$")

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _is_of_its_kind(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        wanted = _BEGINS[info.field_name or ""]
        given = value.get_secret_value() if value else wanted
        if not given.startswith(wanted):
            other = next((called for begins, called in _CALLED.items() if given.startswith(begins)), None)
            found = f"this is {other}; put it in the other variable" if other else f"it begins with {wanted}"
            raise ValueError(f"{found}. Copy {_CALLED[wanted]} from your app's page at Slack.")
        return value

    @field_validator("database_url")
    @classmethod
    def _can_be_used(cls, value: str) -> str:
        try:
            known = make_url(value).get_backend_name() in _DATABASES
        except ArgumentError:
            known = False
        if not known:
            raise ValueError(
                "write sqlite:///complaints.db, or postgresql:// with user, host and name of the database."
            )
        return value

    @field_validator("complaints_channel")
    @classmethod
    def _is_a_channel(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
            raise ValueError(
                "write the channel's id, such as C024BE91L. Slack shows it at the foot of the channel's details."
            )
        return value

    @field_validator("complaints_managers")
    @classmethod
    def _are_people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(re.fullmatch(r"[UW][A-Z0-9]{2,}", one) for one in value):
            raise ValueError(
                "write Slack ids, such as U024BE7LH. Slack shows them in a person's profile, under Copy member ID."
            )
        return value

    @field_validator("complaints_managers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What the bot cannot start without, in words."""
        wanted = []
        if self.slack_bot_token is None:
            wanted.append("SLACK_BOT_TOKEN (xoxb-…, from OAuth & Permissions)")
        if self.slack_app_token is None and self.slack_signing_secret is None:
            wanted.append("SLACK_APP_TOKEN (xapp-…, for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP)")
        return tuple(wanted)


def problems(wrong: ValidationError) -> list[str]:
    """What is wrong with the environment, a line for each variable, with what to write instead. No value is repeated."""
    found = []
    for error in wrong.errors():
        said = _PLAIN.get(error["type"]) or error["msg"].removeprefix("Value error, ")
        found.append(f"{str(error['loc'][0]).upper()}: {said}")
    return found
