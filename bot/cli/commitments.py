"""`complaints commitments …`: what was promised, as a list and as the tracker that committees keep."""

from pathlib import Path
from typing import Annotated

import typer

from bot import tracker
from bot.blocks.promises import status
from bot.cli import opening
from bot.cli.files import stop
from bot.cli.wiring import real_clock
from bot.cli.writing import write_new
from storage import views_commitments


def build() -> typer.Typer:
    """The commands about commitments."""
    commitments = typer.Typer(help="What was promised to committees and others.", no_args_is_help=True)
    commitments.command("list")(show)
    commitments.command("export")(export)
    return commitments


def show(
    everything: Annotated[bool, typer.Option("--all", help="also what is completed or withdrawn")] = False,
) -> None:
    """Lists commitments with their owners and how they stand."""
    with opening.office() as office, office.look(None, real_clock()) as desk:
        lines = views_commitments.every(desk) if everything else views_commitments.every_open(desk)
    for line in lines:
        owner = line.owner.name if line.owner else "nobody"
        opening.say(f"{line.reference}  {status(line)}  {owner}, for {line.area or 'all areas'}")
        opening.say(f"{line.body.rstrip('.')}. Promised to {line.origin}.", indent=4)
    if not lines:
        typer.echo("No commitment is recorded." if everything else "No commitment is open.")


def export(
    file: Annotated[Path, typer.Argument(help="a new file, CSV or XLSX by its ending")],
) -> None:
    """Writes every commitment in the columns of the committees' tracker."""
    with opening.office() as office, office.look(None, real_clock()) as desk:
        lines = views_commitments.every(desk)
    content = tracker.by_name(file.name, lines)
    if content is None:
        raise stop(f"{file.name} is neither CSV nor XLSX. Name a file such as commitments.xlsx or commitments.csv.")
    write_new(file, content)
    typer.echo(f"{len(lines):,} commitment{'' if len(lines) == 1 else 's'} written to {file}.")
