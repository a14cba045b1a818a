"""Word lists that stand in the code as plain text, easy to read and to change."""


def words_of(text: str) -> frozenset[str]:
    """The words of ``text``, which are separated by white space."""
    return frozenset(text.split())
