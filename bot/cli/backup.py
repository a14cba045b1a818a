"""`complaints backup` and `complaints restore`: the whole register as one file, and back into an empty database."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.blocks import words
from bot.cli.checking import many, say_checked
from bot.cli.opening import refusing, say
from bot.cli.wiring import Wired, real_clock
from bot.settings import Settings
from storage import backup, checking
from storage.backup import Aftermath, Manifest
from storage.checking import Checked
from storage.register.record import last_given

File = Annotated[Path, typer.Argument(help="such as register-2026-11-23.zip")]


def write(file: File) -> None:
    """Writes the whole register into one new file, while everything goes on. It can be restored into SQLite and PostgreSQL."""
    with refusing(), Wired(Settings()) as wired, _bar() as bar:
        task = bar.add_task("Backing up", total=None)
        made = backup.write(
            wired.database, file, real_clock(), lambda done, total: bar.update(task, completed=done, total=total)
        )
    say(f"{file} has the whole register as it was at {words.clock(made.made_at)}: {_held(made)}.")
    say(
        "Keep it as safe as the register itself: whoever has it can read what people wrote. And keep it no longer than you need "
        "it: retention clears the register, not its backups."
    )


def restore(
    file: File,
    last_reference: Annotated[
        str | None,
        typer.Option(help="the last one that was given, as Slack shows it: no earlier number is given again"),
    ] = None,
) -> None:
    """Brings a backup into an empty database, SQLite or PostgreSQL, and checks it."""
    now = real_clock()
    with refusing(), Wired(Settings()) as wired:
        given = last_given(last_reference) if last_reference else None
        with _bar() as bar:
            task = bar.add_task("Looking at the file", total=None)
            with backup.opened(file, lambda done, total: bar.update(task, completed=done, total=total)) as found:
                bar.update(task, visible=False)
                task = bar.add_task("Restoring", total=None)
                aftermath = backup.restore(
                    wired.database,
                    found,
                    now,
                    lambda done, total: bar.update(task, completed=done, total=total),
                    last_given=given,
                )
                made = found.manifest
        say(f"The register is back as it was at {words.clock(made.made_at)}: {_held(made)}.")
        checked = _check(wired, now)
    say_checked(checked)
    _say_after(made.made_at, aftermath, last_reference)
    if checked.differences:
        say(
            "The file is as it was written, so this differed already when the backup was made. Look there for the reason."
        )
        raise typer.Exit(1)


def _check(wired: Wired, now: datetime) -> Checked:
    with _bar() as bar, wired.office.look(None, now) as desk:
        task = bar.add_task("Checking", total=checking.count(desk))
        return checking.check(desk, lambda done: bar.update(task, completed=done))


def _say_after(made_at: datetime, aftermath: Aftermath, last_reference: str | None) -> None:
    say(
        f"What was recorded after {words.clock(made_at)} is not in it: compare with the complaints channel, record it again, and "
        "delete cards there of complaints that the register doesn't know."
    )
    if last_reference is None:
        say(
            "The next complaint may get a number that one of those had. Where that matters, restore with --last-reference and "
            "the last one that you find in Slack."
        )
    if aftermath.waiting:
        say(
            f"{many(aftermath.waiting, 'message')} waited when the backup was made. Each is looked for in Slack, and sent when "
            "it isn't there."
        )
    if aftermath.cards:
        say(f"{many(aftermath.cards, 'card')} of open complaints will be drawn again.")


def _held(made: Manifest) -> str:
    return (
        f"{many(made.count('complaint'), 'complaint')} with {many(made.count('event'), 'event')}, "
        f"{many(made.rows, 'row')} in {len(made.tables)} tables"
    )


def _bar() -> Progress:
    return Progress(transient=True, console=Console(stderr=True))
