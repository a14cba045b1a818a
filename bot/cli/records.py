"""`complaints retention`, `hold`, `unhold` and `subject-access`: what the register keeps, for how long, and showing it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.blocks import history as telling
from bot.cli import opening
from bot.cli.readable import readable
from bot.cli.wiring import real_clock
from bot.cli.writing import must_be_new, write_new
from storage import subject_access, views_history
from storage.dates import in_words
from storage.register import retention as keeping

Reference = Annotated[str, typer.Argument(help="the complaint's reference, such as CS-2026-0042")]
Reason = Annotated[str, typer.Option("--reason", help="kept in the complaint's history; names nobody")]


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only list, clear nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="clear without asking after the list")] = False,
) -> None:
    """Lists complaints closed for longer than the setting says, and clears what people wrote about them. The counts stay."""
    with opening.office() as office:
        with office.look(None, real_clock()) as desk:
            due, compliments = keeping.due(desk), keeping.compliments_due(desk)
            years, cutoff = desk.policy.retention_years, keeping.cutoff(desk)
        for one in due:
            typer.echo(f"  {one.reference}, closed on {in_words(one.closed_on)}: {_counted(one.texts, 'text')}")
        typer.echo(
            f"{_counted(len(due), 'complaint')} and {_counted(compliments, 'compliment')} are due: from before "
            f"{in_words(cutoff)}, which is {_counted(years, 'year')} ago, not held, and with nothing open."
        )
        if dry_run or not (due or compliments):
            return
        if not yes and not typer.confirm("Clear them? Nothing can bring the texts back."):
            typer.echo("Nothing was cleared.")
            return
        with Progress(transient=True, console=Console(stderr=True)) as bar:
            task = bar.add_task("Clearing", total=len(due) or None)
            done = keeping.run(
                office, real_clock(), progress=lambda so_far: bar.update(task, completed=so_far.complaints)
            )
    typer.echo(
        f"{_counted(done.complaints, 'complaint')} and {_counted(done.compliments, 'compliment')} are cleared: "
        f"{_counted(done.texts, 'text')}."
    )
    if done.messages:
        typer.echo(f"The worker will change {_counted(done.messages, 'message')} in Slack, about 30 a minute.")


def hold(reference: Reference, reason: Reason) -> None:
    """Keeps a complaint from being cleared, however old it is, until the hold is lifted."""
    with opening.office() as office, office.change(None, real_clock()) as desk:
        file = keeping.place_hold(desk, reference, reason)
    typer.echo(f"{file.complaint.reference} is held. Lift it with complaints unhold {file.complaint.reference}.")


def unhold(reference: Reference, reason: Reason) -> None:
    """Lifts the hold on a complaint, so that it can be cleared when it has been closed for long enough."""
    with opening.office() as office, office.change(None, real_clock()) as desk:
        file = keeping.lift_hold(desk, reference, reason)
    typer.echo(f"{file.complaint.reference} is not held any longer.")


def show_everything(
    reference: Reference,
    output: Annotated[
        Path | None, typer.Option("--output", help="writes this file as JSON, and a text to read beside it (.txt)")
    ] = None,
) -> None:
    """Everything the register holds about one complaint. Prints it as text, or writes it as JSON and text."""
    with opening.office() as office, office.look(None, real_clock()) as desk:
        found = subject_access.everything(desk, reference)
        history = views_history.history(desk, reference)
    for row, entry in zip(found["history"], history.entries, strict=True):
        row["said"] = telling.sentence(entry, history.names)
    text = readable(found, history)
    if output is None:
        typer.echo(text, nl=False)
        return
    data, beside = output.with_suffix(".json"), output.with_suffix(".txt")
    for path in (data, beside):
        must_be_new(path)
    write_new(data, f"{json.dumps(found, indent=2, ensure_ascii=False)}\n".encode())
    write_new(beside, text.encode())
    typer.echo(
        f"{data} and {beside} are written. Check them before you send them: they name staff, and hold what people wrote."
    )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
