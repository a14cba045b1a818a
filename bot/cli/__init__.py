"""`complaints …`: the command line, and the only place that knows bot, jobs and storage together."""

import sys
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bot.settings import Settings, problems

if TYPE_CHECKING:
    import typer

# What stays: it is started with nothing after its name, and shouldn't hold what other commands are made of.
_PROCESSES = {"run", "web", "bot", "worker"}


def build() -> "typer.Typer":
    """The command line with all its commands."""
    from bot.cli import commands  # noqa: PLC0415 - spreadsheets and progress bars: twice the memory of a worker

    return commands.build()


def main() -> None:
    """The entry point of `complaints`."""
    try:
        _run(sys.argv[1:])
    except ValidationError as wrong:
        if wrong.title != Settings.__name__:
            raise
        sys.exit("\n  ".join(("Mend the environment, or the file .env in this folder:", *problems(wrong))))


def _run(words: list[str]) -> None:
    match words:
        case [name] if name in _PROCESSES:
            from bot.cli import serve  # noqa: PLC0415 - nothing but this is needed then

            getattr(serve, name)()
        case _:
            build()()
