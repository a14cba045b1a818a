"""`complaints import`, `org load` and `db upgrade`: what is brought into the register from files."""

import tomllib
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.progress import Progress

from bot.cli.wiring import Wired, real_clock
from bot.settings import Settings
from storage import importing, register, schema
from storage.errors import Refusal
from storage.importing import Rejected
from storage.office import Office
from storage.register.organisation import Organisation


def bring_in(
    file: Annotated[Path | None, typer.Argument(help="the council's complaints, CSV or XLSX")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only check, write nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="write without asking after the check")] = False,
    columns: Annotated[bool, typer.Option("--columns", help="list the headings that are understood, and stop")] = False,
) -> None:
    """Checks a complaints spreadsheet, lists what is wrong, and brings in the good rows. Safe to run again."""
    if columns:
        for column in importing.TEMPLATE_COLUMNS:
            typer.echo(f"{column.name}{' (needed)' if column.needed else ''}: {column.holds}")
            if column.spellings:
                typer.echo(f"  also: {', '.join(column.spellings)}")
        return
    if file is None:
        raise stop(
            "Name the file too, such as complaints import complaints.csv. --columns lists the headings understood."
        )
    try:
        with Wired(Settings()) as wired:
            _checked_then_written(wired.office, file, dry_run=dry_run, yes=yes)
    except Refusal as refused:
        raise stop(str(refused)) from refused


def _checked_then_written(office: Office, file: Path, *, dry_run: bool, yes: bool) -> None:
    sheet = importing.read(file)
    with Progress(transient=True) as bar, office.look(None, real_clock()) as desk:
        task = bar.add_task("Checking", total=None)
        preview = importing.check(
            desk, sheet, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    _list(preview.rejected)
    typer.echo(
        f"{preview.new} new ({preview.open} open, {preview.closed} closed, {preview.not_proceeded} not proceeded), "
        f"{preview.already_here} already here, {len(preview.rejected)} rejected."
    )
    if sheet.ignored:
        typer.echo(f"Not used, since their headings are not known: {', '.join(sheet.ignored)}.")
    if preview.without_reference:
        typer.echo(
            f"{preview.without_reference} of them have no reference. If such a row is changed and brought in again, it becomes "
            "another complaint."
        )
    if dry_run or not preview.new:
        return
    if not yes and not typer.confirm(f"Bring in {preview.new} complaints?"):
        typer.echo("Nothing was written.")
        return
    with Progress(transient=True) as bar:
        task = bar.add_task("Bringing in", total=None)
        outcome = importing.bring_in(
            office, sheet, real_clock(), progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    typer.echo(f"{outcome.new} brought in.")


def org_load(file: Annotated[Path, typer.Argument(help="teams, people and roles, as TOML")]) -> None:
    """Adds and updates teams, people, roles and themes. Running it again changes nothing."""
    try:
        organisation = Organisation.model_validate(tomllib.loads(file.read_text("utf-8")))
        with Wired(Settings()) as wired, wired.office.change(None, real_clock()) as desk:
            loaded = register.organisation.load(desk, organisation)
    except FileNotFoundError as missing:
        raise stop(f"There is no file {file}.") from missing
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as unreadable:
        raise stop(f"{file} is not TOML: {unreadable}.") from unreadable
    except ValidationError as wrong:
        problems = (f"  {_place(one['loc'])}: {one['msg']}" for one in wrong.errors())
        raise stop("Nothing was written. Mend these first:\n" + "\n".join(problems)) from wrong
    except Refusal as refused:
        raise stop(f"Nothing was written. {refused}") from refused
    typer.echo(
        f"{loaded.teams} teams, {loaded.people} people, {loaded.roles} roles and {loaded.themes} themes are in the register."
    )


def db_upgrade() -> None:
    """Brings the database up to date. Safe to run again."""
    with Wired(Settings()) as wired:
        schema.upgrade(wired.database)
    typer.echo("The database is up to date.")


def stop(message: str) -> typer.Exit:
    """Says what is wrong; the exit code tells scripts."""
    typer.echo(message, err=True)
    return typer.Exit(1)


def _list(rejected: list[Rejected]) -> None:
    for one in rejected:
        typer.echo(f"  row {one.row_number}: {' '.join(one.reasons)}")


def _place(location: tuple[int | str, ...]) -> str:
    """`people 3, role`: entries counted from 1 as a person counts them."""
    return ", ".join(f"number {part + 1}" if isinstance(part, int) else part for part in location) or "the file"
