"""What the commands that ask or change the register share: opening it, refusing in words, and saying which dates moved."""

import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.files import stop
from bot.cli.wiring import Wired
from bot.settings import Settings
from storage import schema
from storage.dates import in_words
from storage.errors import Refusal, RegisterAway
from storage.office import Office
from storage.register.council import Redated


@contextmanager
def refusing() -> Iterator[None]:
    """What is refused inside is said in its own words, and the command ends with exit code 1."""
    try:
        yield
    except Refusal as refused:
        raise stop(str(refused)) from refused


@contextmanager
def office() -> Iterator[Office]:
    """The register, of a database that is up to date. Refuses in words as `refusing` does."""
    with refusing(), Wired(Settings()) as wired:
        try:
            current = schema.is_current(wired.database)
        except SQLAlchemyError as problem:
            raise RegisterAway from problem
        if not current:
            raise Refusal("The database is not up to date. Run complaints db upgrade first.")
        yield wired.office


def text_of(file: Path) -> str:
    """What is in a text file. Raises Refusal saying why it can't be read."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as missing:
        raise Refusal(f"{file} can't be read. Check the name of the file and where it is.") from missing
    except UnicodeDecodeError as unreadable:
        raise Refusal(f"{file} is not a text file in UTF-8. Save it as one and try again.") from unreadable


def width() -> int:
    """How many characters go on a line here."""
    return Console().width


def say(text: str, *, indent: int = 0) -> None:
    """Prints a paragraph, wrapped to the terminal; what goes on over a line stands two further in."""
    first, more = " " * indent, " " * (indent + 2)
    for line in textwrap.wrap(text, width=width(), initial_indent=first, subsequent_indent=more) or [""]:
        typer.echo(line)


def say_moved(moved: Iterable[Redated]) -> None:
    """Which open stages got which new due date."""
    lines = [
        f"  {one.reference} stage {one.stage}: due {in_words(one.after)}, was {in_words(one.before)}"
        for one in moved
        if one.before != one.after
    ]
    if not lines:
        typer.echo("No open stage has another due date.")
        return
    typer.echo(
        f"{len(lines)} open stage{'' if len(lines) == 1 else 's'} got a new due date, and whoever owns them is told:"
    )
    for line in lines:
        typer.echo(line)
