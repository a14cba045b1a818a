"""`complaints report`: the annual report of a year, or the pack of any other period, as a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli import opening
from bot.cli.files import stop
from bot.cli.wiring import real_clock
from bot.cli.writing import must_be_new, write_new
from bot.papers import files, pack
from storage.errors import Refusal
from storage.periods import NotAPeriod, parse


def report(
    period: Annotated[str, typer.Argument(help="such as 2025/26, last month, or Q2 2026/27")],
    file: Annotated[Path, typer.Argument(help="a new file: .html, .xlsx or .csv by its ending")],
    withhold_small: Annotated[
        bool, typer.Option("--withhold-small", help="withhold counts from 1 to 4, and what would give them away")
    ] = False,
) -> None:
    """Writes the annual report of a financial year, or the pack of any other period."""
    ending = file.suffix.removeprefix(".").casefold()
    if ending not in files.ENDINGS:
        raise stop(f"{file.name} has none of the endings .html, .xlsx and .csv. Name a file such as report.html.")
    must_be_new(file)
    with opening.office() as office, office.look(None, real_clock()) as desk:
        try:
            asked = parse(period, desk.today)
            with Console(stderr=True).status(f"Building the report of {asked.label}"):
                content = files.write(pack.report(desk, asked, small=withhold_small), ending)
        except (Refusal, NotAPeriod) as problem:
            raise stop(str(problem)) from problem
    assert content is not None  # noqa: S101 - the ending was looked at above
    write_new(file, content)
    typer.echo(f"The report of {asked.label} is in {file}.")
