"""`complaints doctor`: what is missing, and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import typer
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import app as bolt
from bot.cli.wiring import Wired, real_clock
from bot.manifest import SCOPES
from bot.settings import Settings
from storage import outbox
from storage.dates import in_words, london_day

_A_YEAR = timedelta(days=365)
_LONG_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` is what to do about it, None when it is well."""

    what: str
    mend: str | None = None


def doctor() -> None:
    """Looks at tokens, scopes, channel, database and calendar, and says how to mend what is wrong."""
    settings = Settings()
    with Wired(settings) as wired:
        findings = [*_environment(settings), *_register(wired)]
    if settings.slack_bot_token is not None:
        findings += _slack(bolt.client(settings), settings)
    for finding in findings:
        typer.echo(f"{'Mend' if finding.mend else 'OK  '}  {finding.what}{f'. {finding.mend}' if finding.mend else ''}")
    if any(finding.mend for finding in findings):
        raise typer.Exit(1)


def _environment(settings: Settings) -> Iterator[Finding]:
    for missing in settings.missing:
        yield Finding(f"not set: {missing}", "Copy it from your app's page at Slack into the environment.")
    if settings.complaints_channel is None:
        yield Finding(
            "COMPLAINTS_CHANNEL is not set",
            "Set it to the id of the complaints channel (C…), so that cards are posted.",
        )


def _register(wired: Wired) -> Iterator[Finding]:
    problems = wired.problems()
    for problem in problems:
        yield Finding(problem, "Check DATABASE_URL, then run complaints db upgrade.")
    if not problems:
        yield Finding("database reached, migrations up to date")
        now = real_clock()
        with wired.database.reading() as session:
            waiting = outbox.backlog(session, now)
        stuck = waiting.oldest is not None and now - waiting.oldest > _LONG_WAIT
        yield Finding(
            f"{waiting.waiting} messages wait to be sent",
            f"The last tries were told: {', '.join(waiting.problems) or 'nothing'}. Is the worker running?"
            if stuck
            else None,
        )
    last = wired.office.calendar.last_day
    reaches = last >= london_day(real_clock()) + _A_YEAR
    yield Finding(
        f"calendar reaches {in_words(last)}",
        None if reaches else "Install a newer version, which knows later bank holidays.",
    )


def _slack(client: WebClient, settings: Settings) -> Iterator[Finding]:
    try:
        who = client.auth_test()
        yield Finding(f"bot token is good, in {who.get('team')}")
        given = {scope.strip() for scope in str(who.headers.get("x-oauth-scopes", "")).split(",")}
        absent = sorted(set(SCOPES) - given)
        yield Finding(
            "scopes",
            f"Add {', '.join(absent)} and install the app again (complaints manifest has them all)."
            if absent
            else None,
        )
        if settings.slack_app_token is not None:
            client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
            yield Finding("app token is good for Socket Mode")
        if settings.complaints_channel is not None:
            channel = client.conversations_info(channel=settings.complaints_channel)["channel"]
            name = f"channel #{channel.get('name')}"
            yield Finding(
                name, None if channel.get("is_member") else "Invite the app: /invite @Complaints in that channel."
            )
            if not channel.get("is_private"):
                yield Finding(f"{name} is public", "Case details go to its threads: make it private.")
    except SlackApiError as refused:
        yield Finding(
            f"Slack answered {refused.response.get('error')}", "Check the token, the scopes and the channel's id."
        )
    except (SlackClientError, OSError) as problem:
        yield Finding(f"Slack could not be reached ({type(problem).__name__})", "Check SLACK_API_URL and the network.")
