"""Files that commands write: always new ones, which nobody else on the machine can read."""

import os
from pathlib import Path

from bot.cli.files import stop


def must_be_new(file: Path) -> None:
    """Stops with a sentence when there is such a file already."""
    if file.exists():
        raise stop(f"{file} is there already. Name another file, or delete it first.")


def write_new(file: Path, content: bytes) -> None:
    """Writes a file that isn't there yet; stops with a sentence when it is, or can't be written."""
    must_be_new(file)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(content)
    except OSError as problem:
        raise stop(f"{file} can't be written: {problem.strerror}.") from problem
