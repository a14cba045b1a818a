"""`complaints undo-import`: takes an import back as long as nobody has worked on what it brought in."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.cli.files import stop, why_away
from bot.cli.wiring import Wired, real_clock
from bot.settings import Settings
from storage import views_imports
from storage.dates import in_words, london_day
from storage.errors import Refusal, RegisterAway
from storage.office import Office
from storage.register import taking_back
from storage.register.taking_back import Undone
from storage.views_imports import Run

_LISTED = 20
# What a database can be asked for.
_MOST = 2**31 - 1


def undo(
    number: Annotated[
        int | None,
        typer.Argument(min=1, max=_MOST, help="the number of the import; without it, the last ones are listed"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be taken back")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="take it back without asking")] = False,
) -> None:
    """Takes back what an import brought in, except what people have worked on since. Safe to run again."""
    try:
        with Wired(Settings()) as wired:
            if number is None:
                _list(wired.office)
            else:
                _asked_then_undone(wired.office, number, dry_run=dry_run, yes=yes)
    except RegisterAway as away:
        raise stop(why_away(away)) from away
    except Refusal as refused:
        raise stop(str(refused)) from refused


def _list(office: Office) -> None:
    with office.look(None, real_clock()) as desk:
        runs = views_imports.runs(desk)
    if not runs:
        typer.echo("No import can be taken back. Imports from before this version of the app have no number.")
        return
    table = Table("Number", "Brought in on", "Complaints", "Later stages", "What became of it")
    for run in runs:
        day = in_words(london_day(run.started_at))
        table.add_row(str(run.number), day, str(run.complaints), str(run.stages), _fate(run))
    Console().print(table)
    typer.echo("To take one back: complaints undo-import, then its number.")


def _fate(run: Run) -> str:
    if run.taken_back_at is None:
        return "in the register"
    day = in_words(london_day(run.taken_back_at))
    return f"taken back on {day}" + (f", except {_complaints(run.still_here)}" if run.still_here else "")


def _asked_then_undone(office: Office, number: int, *, dry_run: bool, yes: bool) -> None:
    with office.look(None, real_clock()) as desk:
        would = taking_back.look(desk, number)
    if not (would.complaints or would.stages):
        typer.echo(f"There is nothing of import {number} that can be taken back.")
        _left(would)
        return
    typer.echo(f"{_all_of(would)} can be taken back: nobody has worked on them since import {number}.")
    _left(would)
    if dry_run:
        return
    if not yes and not typer.confirm(
        f"Take back {_all_of(would)}? Their references stay used, what was written in the file is cleared, and they count "
        "nowhere any more."
    ):
        typer.echo("Nothing was changed.")
        return
    done, after = Undone(), 0
    with Progress(transient=True) as bar:
        task = bar.add_task("Taking back", total=would.complaints + would.stages)
        more = True
        while more:
            with office.change(None, real_clock()) as desk:
                some, following = taking_back.take_back(desk, number, after)
            done, after, more = done + some, following or 0, following is not None
            bar.update(task, completed=done.complaints + done.stages)
    typer.echo(f"{_all_of(done)} taken back. The file can be brought in again once it is right.")
    if done.left != would.left:
        _left(done)


def _left(undone: Undone) -> None:
    """Names what stays; a long list would hide what matters."""
    if undone.left:
        more = f" and {len(undone.left) - _LISTED} more" if len(undone.left) > _LISTED else ""
        one = len(undone.left) == 1
        typer.echo(
            f"{_complaints(len(undone.left))} of it {'stays as it is' if one else 'stay as they are'}, since somebody has worked "
            f"on {'it' if one else 'them'}: {', '.join(undone.left[:_LISTED])}{more}. Correct {'it' if one else 'them'} in Slack."
        )


def _all_of(undone: Undone) -> str:
    stages = f"{undone.stages} later stage{'' if undone.stages == 1 else 's'}"
    if not undone.complaints:
        return stages
    return _complaints(undone.complaints) + (f" and {stages}" if undone.stages else "")


def _complaints(count: int) -> str:
    return f"{count} complaint{'' if count == 1 else 's'}"
