"""`complaints doctor`: what is missing, and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import app as bolt
from bot import health, setup_code
from bot.cli.wiring import Wired, real_clock
from bot.manifest import SCOPES
from bot.settings import Settings
from storage import heartbeat, outbox
from storage.database import Database
from storage.dates import in_words
from storage.people import with_role
from storage.vocabulary import Role

_MOST_PEOPLE = 50
_MENDS = {
    "channel_not_found": "Choose the channel again: /complaint setup. If it is private, type /invite @complaints in it first.",
    "invalid_auth": "Copy SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode, again from your app's page at Slack.",
    "missing_scope": "Install the app again with the scopes of complaints manifest.",
}


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
        people, channel = _set_up(wired)
    findings += _places(settings, people, channel)
    if settings.slack_bot_token is not None:
        findings += _slack(bolt.client(settings), settings, people, channel)
    for finding in findings:
        typer.echo(f"{'Mend' if finding.mend else 'OK  '}  {finding.what}{f'. {finding.mend}' if finding.mend else ''}")
    if any(finding.mend for finding in findings):
        raise typer.Exit(1)


def _set_up(wired: Wired) -> tuple[list[tuple[str, str]], str | None]:
    """Slack id and name of some who hold a role today, as many as Slack lets one ask about in a minute; where cards go."""
    if wired.checkup().look().problems:
        return [], wired.settings.complaints_channel
    with wired.office.look(None, real_clock()) as desk:
        found = with_role(desk.session, list(Role), desk.today)
        channel = desk.policy.cards_go_to(wired.settings.complaints_channel)
    return [(who.slack_id, who.name) for who in found[:_MOST_PEOPLE]], channel


def _environment(settings: Settings) -> Iterator[Finding]:
    for missing in settings.missing:
        yield Finding(f"not set: {missing}", "Copy it from your app's page at Slack into the environment.")


def _places(settings: Settings, people: list[tuple[str, str]], channel: str | None) -> Iterator[Finding]:
    if not people:
        token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
        code = f" and type the code {setup_code.code_of(token)}" if token else ""
        yield Finding(
            "nobody has a role yet",
            f"Open the app's Home tab in Slack{code}; or load teams and people: complaints org load and the file's name.",
        )
    if channel is None:
        yield Finding(
            "no channel for complaints is chosen",
            "Choose one in Slack with /complaint setup, or set COMPLAINTS_CHANNEL.",
        )


def _register(wired: Wired) -> Iterator[Finding]:
    problems = wired.checkup().look().problems
    for problem in problems:
        what, _, mend = problem.partition(": ")
        yield Finding(what, f"{mend.capitalize()}." if mend else _about_the_database(wired.database))
    if not problems:
        yield Finding("database reached, migrations up to date")
        now = real_clock()
        with wired.database.reading() as session:
            waiting, ticked = outbox.backlog(session, now), heartbeat.last(session, heartbeat.TICK)
        yield Finding(
            f"{waiting.waiting} message{' waits' if waiting.waiting == 1 else 's wait'} to be sent",
            f"Slack answered the last tries: {', '.join(waiting.problems) or 'nothing'}. Is the worker running?"
            if health.too_old(waiting, now)
            else None,
        )
        # Before the first start there is nothing that could have stopped.
        if ticked is not None:
            stopped = health.not_ticking(ticked, now)
            yield Finding(stopped or "a worker asks what is due", "Start complaints worker." if stopped else None)
    last = wired.office.calendar.last_day
    short = health.too_short(last, real_clock())
    yield Finding(
        f"calendar reaches {in_words(last)}",
        "Install a newer version, which knows later bank holidays." if short else None,
    )


def _about_the_database(database: Database) -> str:
    """What to do about a database that is away."""
    folder = Path(database.url.database or "").resolve().parent
    if database.is_sqlite and not folder.is_dir():
        return f"Check DATABASE_URL: there is no folder {folder}. Make it, or name another."
    return "Check DATABASE_URL, and that the database is up."


def _slack(
    client: WebClient, settings: Settings, people: list[tuple[str, str]], channel: str | None
) -> Iterator[Finding]:
    """What Slack says, question by question: one bad answer must not hide the others."""
    for answers in (_token(client), _channel(client, channel), _people(client, people), _socket(client, settings)):
        try:
            yield from answers
        except SlackApiError as refused:
            error = refused.response.get("error")
            yield Finding(
                f"Slack answered {error}", _MENDS.get(str(error), "Check the token, the scopes and the channel's id.")
            )
        except (SlackClientError, OSError) as problem:
            yield Finding(
                f"Slack could not be reached ({type(problem).__name__})", "Check SLACK_API_URL and the network."
            )


def _token(client: WebClient) -> Iterator[Finding]:
    who = client.auth_test()
    yield Finding(f"bot token is good, in {who.get('team')}")
    given = {scope.strip() for scope in str(who.headers.get("x-oauth-scopes", "")).split(",")}
    absent = sorted(set(SCOPES) - given)
    yield Finding(
        "scopes",
        f"Add {', '.join(absent)} and install the app again (complaints manifest has them all)." if absent else None,
    )


def _channel(client: WebClient, chosen: str | None) -> Iterator[Finding]:
    if chosen is None:
        return
    channel = client.conversations_info(channel=chosen)["channel"]
    name = f"channel #{channel.get('name')}"
    yield Finding(name, None if channel.get("is_member") else "Invite the app: /invite @complaints in that channel.")
    if not channel.get("is_private"):
        yield Finding(f"{name} is public", "Case details go to its threads: make it private.")


def _people(client: WebClient, people: list[tuple[str, str]]) -> Iterator[Finding]:
    """Whether those who hold a role are in this workspace: who isn't gets no nudge and can press nothing."""
    absent = 0
    for slack_id, name in people:
        try:
            gone = bool(client.users_info(user=slack_id)["user"].get("deleted"))
        except SlackApiError as refused:
            if refused.response.get("error") not in {"user_not_found", "user_not_visible"}:
                raise
            gone = True
        if gone:
            absent += 1
            yield Finding(
                f"{name} ({slack_id}) is not in this workspace", "Correct the id in the org file, or end their roles."
            )
    if people:
        yield Finding(f"{len(people)} people looked up in the workspace, {absent} of them deactivated or unknown there")


def _socket(client: WebClient, settings: Settings) -> Iterator[Finding]:
    if settings.slack_app_token is not None:
        client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
        yield Finding("app token is good for Socket Mode")
