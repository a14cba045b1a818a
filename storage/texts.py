"""Texts that every database can hold, and that do nothing but be read."""

import unicodedata


def storable(text: str) -> str:
    """A text without what no database holds and nobody means: NUL, and halves of characters.

    JSON can carry both; the halves also stand for bytes on a command line that are no UTF-8.
    """
    return text.replace("\0", "").encode(errors="ignore").decode()


def storing_problem(text: str) -> str | None:
    """What keeps a text from being kept as it is, or None."""
    return None if storable(text) == text else "There is a character in it that can't be kept. Type it again."


def inert(text: str) -> str:
    """A text without the characters that command a terminal: what somebody wrote could colour it, or hide what stands there."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")
