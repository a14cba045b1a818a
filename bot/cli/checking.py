"""`complaints check` and `complaints history`: whether the register is as it was recorded, and what happened to one complaint."""

import textwrap
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.blocks import history as telling
from bot.cli.opening import office, width
from bot.cli.wiring import real_clock
from storage import checking, sealing, views_history
from storage.checking import Checked
from storage.dates import in_words, london_day
from storage.texts import inert
from storage.views_history import Entry, History

_WIDEST = 80


def check(
    seal: Annotated[str, typer.Option("--seal", help="a seal noted earlier, to be compared")] = "",
) -> None:
    """Recomputes everything from the history, and says what differs. Prints a seal, to be noted outside the register."""
    with office() as place:
        noted = sealing.read(seal) if seal else None
        now = real_clock()
        with place.look(None, now) as desk:
            last = sealing.settled(desk)
        with Progress(transient=True, console=Console(stderr=True)) as bar, place.look(None, now) as desk:
            task = bar.add_task("Checking", total=checking.count(desk))
            checked = checking.check(desk, lambda done: bar.update(task, completed=done), upto=last)
            holds = noted is None or sealing.still_holds(desk, noted)
    say_checked(checked)
    if noted is not None:
        typer.echo(
            f"Everything up to event {noted.upto} is unchanged since the seal you gave was made."
            if holds
            else "The seal you gave no longer holds: something up to event "
            f"{noted.upto} was changed or taken away since it was made."
        )
    if checked.differences or not holds:
        raise typer.Exit(1)


def history(reference: Annotated[str, typer.Argument(help="such as CS-2026-0042")]) -> None:
    """Prints everything that happened to one complaint, in the order it was recorded."""
    with office() as place, place.look(None, real_clock()) as desk:
        found = views_history.history(desk, reference)
    typer.echo(f"{found.reference}, {found.names.rules.title}")
    stage = 0
    for entry in found.entries:
        if entry.stage != stage:
            stage = entry.stage
            typer.echo(f"\nStage {stage}: {found.names.rules.stage(stage).title}")
        for line in _wrapped(found, entry):
            typer.echo(line)


def say_checked(checked: Checked) -> None:
    """Every difference, a line each; how much was looked at; and the seal."""
    for difference in checked.differences:
        typer.echo(f"  {difference.reference}: {difference.what}")
    found = len(checked.differences)
    typer.echo(
        f"{many(checked.complaints, 'complaint')} with {many(checked.events, 'event')} looked at: "
        + (f"{many(found, 'difference')}." if found else "nothing differs.")
    )
    typer.echo(f"Seal: {checked.seal}")


def many(count: int, what: str) -> str:
    """`1 event`, `1,204 events`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _wrapped(found: History, entry: Entry) -> list[str]:
    recorded = london_day(entry.recorded_at)
    said = inert(telling.sentence(entry, found.names))
    if recorded != entry.happened_on:
        said = f"{said} Recorded on {in_words(recorded)}."
    start = f"{entry.sequence:>3}  {entry.happened_on:%Y-%m-%d}  "
    return textwrap.wrap(said, width=min(width(), _WIDEST), initial_indent=start, subsequent_indent=" " * len(start))
