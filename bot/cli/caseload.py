"""`complaints caseload …`: how many cases each team had open on a day, from an extract of the council's case system."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import opening
from bot.cli.wiring import real_clock
from storage import calendars, register
from storage.dates import in_words
from storage.errors import Refusal
from storage.figures import caseload as figures
from storage.importing import caseload as extracts
from storage.importing.caseload import DEFAULT, Judged
from storage.register.caseload import Change

Names = Mapping[int, str]


def build() -> typer.Typer:
    """The commands about the caseload."""
    group = typer.Typer(help="Open cases by team, as snapshots with a date.", no_args_is_help=True)
    group.command("import")(bring_in)
    group.command("show")(show)
    return group


def bring_in(
    file: Annotated[Path, typer.Argument(help="an extract with one row a team, CSV or XLSX")],
    on: Annotated[str, typer.Option("--date", help="the day on which the cases were counted, such as 2025-03-31")],
    columns: Annotated[
        Path | None, typer.Option("--columns", help='the file’s own headings, as TOML such as cases = "Open cases"')
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only check, write nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="write without asking after the check")] = False,
) -> None:
    """Checks a caseload extract, lists what is wrong, and keeps the good rows as the snapshot of a day. Safe to run again.

    The file has one row a team and nothing about any person. Its columns are TeamName, TeamParentName (may be left out) and
    InvolvementCaseload; --columns names a file that says team, parent and cases otherwise.
    """
    with opening.office() as office:
        taken_on = _day(on)
        extract = extracts.read(file, extracts.parse(opening.text_of(columns)) if columns else DEFAULT)
        with office.look(None, real_clock()) as desk:
            judged = extracts.judge(desk, extract, taken_on)
            change = register.caseload.compare(desk, taken_on, judged.cases)
            names = {team.id: team.name for team in desk.teams}
        _say_rows(judged)
        if not judged.cases:
            raise Refusal("No row can be brought in, so nothing was written.")
        _say_change(change, names)
        if dry_run or not change.is_news:
            return
        if not yes and not typer.confirm("Replace the snapshot?" if change.replaces else "Bring in the snapshot?"):
            typer.echo("Nothing was written.")
            return
        with office.change(None, real_clock()) as desk:
            change = register.caseload.take(desk, taken_on, judged.cases)
    typer.echo(f"The snapshot of {in_words(taken_on)} was {'replaced' if change.replaces else 'brought in'}.")


def show() -> None:
    """Lists the snapshots, the latest first."""
    with opening.office() as office, office.look(None, real_clock()) as desk:
        snapshots = figures.snapshots(desk)
    for one in snapshots:
        typer.echo(f"{one.taken_on:%Y-%m-%d}  {_many(one.teams, 'team')}, {_many(one.total, 'open case')}")
    if not snapshots:
        typer.echo("There is no snapshot yet. Bring one in with complaints caseload import.")


def _say_rows(judged: Judged) -> None:
    for one in judged.rejected:
        typer.echo(f"  row {one.row_number}: {' '.join(one.reasons)}")
    typer.echo(
        f"{_many(len(judged.cases), 'team')} with {_many(sum(judged.cases.values()), 'open case')}, "
        f"{_many(len(judged.rejected), 'row')} rejected."
    )
    for said, teams in (
        ("Open on that day and without a row", judged.missing),
        ("In another service area in the file than in the register", judged.elsewhere),
        ("As many cases as the teams below together; if that is their total, take the row out", judged.doubled),
    ):
        if teams:
            opening.say(f"{said}: {', '.join(teams)}.")


def _say_change(change: Change, names: Names) -> None:
    day = in_words(change.taken_on)
    if not change.before:
        typer.echo(f"There is no snapshot of {day} yet.")
        return
    known = f"The snapshot of {day} ({_many(len(change.before), 'team')}, {_many(sum(change.before.values()), 'open case')})"
    if not change.is_news:
        typer.echo(f"{known} says the same already, so nothing changes.")
        return
    typer.echo(f"{known} will be replaced:")
    for team_id in sorted(change.before.keys() | change.after.keys(), key=lambda team_id: names[team_id].casefold()):
        before, after = change.before.get(team_id), change.after.get(team_id)
        if before != after:
            typer.echo(f"  {names[team_id]}: {_shown(after)}, was {_shown(before)}")


def _shown(cases: int | None) -> str:
    return "no row" if cases is None else f"{cases:,}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _day(text: str) -> date:
    """The day in `2025-03-31`; the file's name isn't asked for it."""
    day = calendars.iso_day(text.strip())
    if day is None:
        raise Refusal("The date has to look like 2025-03-31.")
    return day
