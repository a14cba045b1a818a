"""A new file that has its name only when it is complete."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from storage.errors import Refusal


@contextmanager
def new(file: Path) -> Iterator[IO[bytes]]:
    """Somewhere to write, which nobody else on the machine can read and which is given its name at the end.

    Nothing is left of one that fails; one that is broken off by force leaves a `.partial` beside it. Raises Refusal for a file
    that is there already or can't be written.
    """
    _must_be_new(file)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".partial", dir=file.parent)
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as target:
                yield target
                target.flush()
                os.fsync(target.fileno())
            _must_be_new(file)
            partial.rename(file)
        except BaseException:
            partial.unlink()
            raise
        _settle(file.parent)
    except OSError as problem:
        raise Refusal(f"{file} can't be written: {problem.strerror}. Nothing was kept.") from problem


def _must_be_new(file: Path) -> None:
    if file.exists():
        raise Refusal(f"{file} is there already. Name another file, or delete it first.")


def _settle(folder: Path) -> None:
    """The name is the folder's, which has to be safe on the disk as well. Windows knows no such thing."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
