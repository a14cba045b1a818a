"""Texts that every database can hold."""


def storable(text: str) -> str:
    """A text without what no database holds and nobody means: NUL, and halves of characters.

    JSON can carry both; the halves also stand for bytes on a command line that are no UTF-8.
    """
    return text.replace("\0", "").encode(errors="ignore").decode()


def storing_problem(text: str) -> str | None:
    """What keeps a text from being kept as it is, or None."""
    return None if storable(text) == text else "There is a character in it that can't be kept. Type it again."
