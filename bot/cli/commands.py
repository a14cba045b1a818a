"""Every command of `complaints`, in the order in which its help lists them."""

import json

import typer

from bot.cli import (
    backup,
    caseload,
    checking,
    commitments,
    council,
    demo,
    doctor,
    files,
    records,
    report,
    serve,
    undoing,
)
from bot.manifest import SCOPES, manifest

_SUMMARY = "Complaints about children's social care, owned until they are resolved."


def build() -> typer.Typer:
    """The command line with all its commands."""
    cli = typer.Typer(help=_SUMMARY, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    organisation = typer.Typer(help="Teams, people and roles.", no_args_is_help=True)
    database = typer.Typer(help="The database.", no_args_is_help=True)
    organisation.command("load")(files.org_load)
    database.command("upgrade")(files.db_upgrade)
    for name, command in (
        ("demo", demo.demo),
        ("run", serve.run),
        ("web", serve.web),
        ("bot", serve.bot),
        ("worker", serve.worker),
        ("import", files.bring_in),
        ("undo-import", undoing.undo),
        ("report", report.report),
        ("retention", records.retention),
        ("hold", records.hold),
        ("unhold", records.unhold),
        ("subject-access", records.show_everything),
        ("backup", backup.write),
        ("restore", backup.restore),
        ("check", checking.check),
        ("history", checking.history),
        ("doctor", doctor.doctor),
        ("manifest", show_manifest),
    ):
        cli.command(name)(command)
    cli.add_typer(organisation, name="org")
    cli.add_typer(database, name="db")
    cli.add_typer(commitments.build(), name="commitments")
    cli.add_typer(caseload.build(), name="caseload")
    council.add_to(cli)
    return cli


def show_manifest(request_url: str = typer.Option("", help="…/slack/events, for HTTP instead of Socket Mode")) -> None:
    """Prints the Slack app manifest, to be pasted where Slack offers to create an app from one."""
    if request_url and not request_url.startswith("https://"):
        raise files.stop("Slack sends requests only to an address that begins with https://. Give that one.")
    typer.echo(json.dumps(manifest(request_url=request_url or None), indent=2))
    # Beside it, since JSON has no comments.
    typer.echo("\nIt asks Slack for no more than this:", err=True)
    for scope, reason in SCOPES.items():
        typer.echo(f"  {scope}: {reason}", err=True)
