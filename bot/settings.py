"""The environment, typed. Everything else a council can set lives in the register's settings."""

from functools import cached_property
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
