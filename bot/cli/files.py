"""`complaints import`, `org load` and `db upgrade`: what is brought into the register from files."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.wiring import Wired, real_clock
from bot.settings import Settings
from storage import importing, register, schema, tomls
from storage.dates import in_words
from storage.errors import Refusal, RegisterAway
from storage.importing import Counts, Rejected, Sheet
from storage.importing.columns import plain
from storage.office import Desk, Office
from storage.register.organisation import Organisation
from storage.register.past import Past

# Pydantic's words for a programmer, in words for whoever writes the file.
_WORDS = {
    "extra_forbidden": "is not a known name here; check the spelling",
    "missing": "is missing",
    "string_pattern_mismatch": "does not have the right form: a Slack id is letters and digits such as U024BE7LH or C024BE91L",
}


def bring_in(
    file: Annotated[Path | None, typer.Argument(help="the council's complaints, CSV or XLSX")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only check, write nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="write without asking after the check")] = False,
    as_: Annotated[
        list[str] | None, typer.Option("--as", help='a heading and what it stands for, such as "Turned up on=received"')
    ] = None,
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
            sheet = importing.read(file, importing.read_as(as_ or ()))
            _checked_then_written(wired.office, sheet, dry_run=dry_run, yes=yes)
    except RegisterAway as away:
        raise stop(why_away(away)) from away
    except Refusal as refused:
        raise stop(str(refused)) from refused


def _checked_then_written(office: Office, sheet: Sheet, *, dry_run: bool, yes: bool) -> None:
    _headings(sheet)
    with Progress(transient=True) as bar, office.look(None, real_clock()) as desk:
        task = bar.add_task("Checking", total=None)
        preview = importing.check(
            desk, sheet, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
        first = _first(desk, preview.first)
    _list(preview.rejected)
    if first.row_count:
        Console().print(first)
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
    if preview.later:
        typer.echo(f"New later stages: {_by_stage(preview)}.")
    if preview.overtaken:
        typer.echo(
            f"{preview.overtaken} of them came after a stage that was not answered. That stage ends, late, on the day the next "
            "was asked for."
        )
    if preview.rejected:
        typer.echo(
            "To mend a row, correct it in the file and bring the file in again: what is here already is recognised."
        )
    if dry_run or not (preview.new or preview.later):
        return
    if not yes and not typer.confirm(f"Bring in {_all_of(preview)}?"):
        typer.echo("Nothing was written.")
        return
    with Progress(transient=True) as bar:
        task = bar.add_task("Bringing in", total=None)
        outcome = importing.bring_in(
            office, sheet, real_clock(), progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    typer.echo(f"{_all_of(outcome)} brought in.")
    if outcome.run is not None:
        typer.echo(f"This was import {outcome.run}. complaints undo-import {outcome.run} takes it back.")


def org_load(file: Annotated[Path, typer.Argument(help="teams, people and roles, as TOML")]) -> None:
    """Adds and updates teams, people, roles and themes. Running it again changes nothing."""
    try:
        # Windows' editors begin a file with a mark that TOML doesn't know.
        organisation = Organisation.model_validate(tomls.loads(file.read_text("utf-8-sig")))
        with Wired(Settings()) as wired, wired.office.change(None, real_clock()) as desk:
            loaded = register.organisation.load(desk, organisation)
    except FileNotFoundError as missing:
        raise stop(f"There is no file {file}.") from missing
    except OSError as unreadable:
        raise stop(f"{file} can't be read: {unreadable.strerror}.") from unreadable
    except UnicodeDecodeError as unreadable:
        raise stop(f"{file} is not in UTF-8. Save it again with the encoding UTF-8.") from unreadable
    except tomllib.TOMLDecodeError as unreadable:
        raise stop(f"{file} is not TOML: {unreadable}.") from unreadable
    except ValidationError as wrong:
        problems = (f"  {_place(one['loc'])}: {_plain(one['type'], one['msg'])}" for one in wrong.errors())
        raise stop("Nothing was written. Mend these first:\n" + "\n".join(problems)) from wrong
    except RegisterAway as away:
        raise stop(f"Nothing was written. {why_away(away)}") from away
    except Refusal as refused:
        raise stop(f"Nothing was written. {refused}") from refused
    typer.echo(
        f"{loaded.teams} teams, {loaded.people} people, {loaded.roles} roles, {loaded.outsiders} outsiders and "
        f"{loaded.themes} themes are in the register."
    )


def db_upgrade() -> None:
    """Brings the database up to date. Safe to run again."""
    try:
        with Wired(Settings()) as wired:
            schema.upgrade(wired.database)
    except SQLAlchemyError as away:
        raise stop(
            f"The database can't be reached ({type(away).__name__}), so nothing was changed. Check DATABASE_URL, and that the "
            "database is up."
        ) from away
    typer.echo("The database is up to date.")


def why_away(away: RegisterAway) -> str:
    """What to do when the register can't be reached from the command line: a new database has no tables yet."""
    try:
        with Wired(Settings()) as wired:
            problems = wired.checkup().look().problems
    except SQLAlchemyError:
        problems = ()
    return f"{problems[0].capitalize()}." if problems and "migrations" in problems[0] else str(away)


def stop(message: str) -> typer.Exit:
    """Says what is wrong; the exit code tells scripts."""
    typer.echo(message, err=True)
    return typer.Exit(1)


def _all_of(counts: Counts) -> str:
    """`10 complaints and 15 later stages (12 at stage 2, 3 at stage 3)`."""
    complaints = f"{counts.new} complaint{'' if counts.new == 1 else 's'}"
    if not counts.later:
        return complaints
    number = counts.later.total()
    stages = f"{number} later stage{'' if number == 1 else 's'} ({_by_stage(counts)})"
    return f"{complaints} and {stages}" if counts.new else stages


def _by_stage(counts: Counts) -> str:
    return ", ".join(f"{count} at stage {number}" for number, count in sorted(counts.later.items()))


def _headings(sheet: Sheet) -> None:
    """What the file's headings were understood as, and what others may stand for."""
    for name, heading in sheet.headings.items():
        column = importing.BY_FIELD[name].name
        typer.echo(f"  {heading} → {column}" if plain(heading) != plain(column) else f"  {column}")
    for heading, column in sheet.proposals:
        typer.echo(f'  {heading} → not used. If it is {column}, add: --as "{heading}={column}"')


def _first(desk: Desk, past: Sequence[Past]) -> Table:
    """The first rows as they would be in the register; nothing that somebody wrote."""
    table = Table(
        "Reference", "Team", "Received", "Ended", "Outcome", title="As understood, for example", title_justify="left"
    )
    for one in past:
        ended = one.responded_on or one.withdrawn_on
        table.add_row(
            escape(one.reference or "none"),
            escape(desk.teams[one.lead_team_id].name),
            in_words(one.received_on),
            in_words(ended) if ended else "still open",
            one.outcome.label if one.outcome else "",
        )
    return table


def _list(rejected: list[Rejected]) -> None:
    for one in rejected:
        typer.echo(f"  row {one.row_number}: {' '.join(one.reasons)}")


def _plain(kind: str, message: str) -> str:
    return _WORDS.get(kind) or message.removeprefix("Value error, ")


def _place(location: tuple[int | str, ...]) -> str:
    """`people 3, role`: entries counted from 1 as a person counts them."""
    return ", ".join(f"number {part + 1}" if isinstance(part, int) else part for part in location) or "the file"
