"""How wide words are, about, and where their lines are broken. Pure: no font is asked, so that pages and pictures agree."""

import unicodedata

MORE = "…"
_THIN, _WIDE = frozenset("iljtfrI.,:;'|!()[]- "), frozenset("mwMWG@%—…")


def width(text: str, size: float) -> float:
    """A little more than most typefaces need."""
    return size * sum(map(_em, text))


def wrapped(text: str, size: float, room: float, most: int) -> list[str]:
    """At most so many lines that are no wider than the room; what is left over is an ellipsis. No text is no lines."""
    lines: list[str] = []
    for word in _words(text, size, room):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(last + MORE, size) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + MORE]


def longest_word(text: str, size: float) -> float:
    return max((width(word, size) for word in text.split()), default=0)


def _words(text: str, size: float, room: float) -> list[str]:
    """The words, those broken that are wider than the room."""
    found: list[str] = []
    for word in text.split():
        rest = word
        while width(rest, size) > room and len(rest) > 1:
            fits = next((at for at in range(len(rest) - 1, 1, -1) if width(rest[:at], size) <= room), 1)
            found.append(rest[:fits])
            rest = rest[fits:]
        found.append(rest)
    return found


def _em(letter: str) -> float:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    if letter in _THIN:
        return 0.38
    if letter in _WIDE or ord(letter) > 0x10FF:
        return 1.0
    return 0.7 if letter.isupper() else 0.63
