"""Plain letters for the detectors, and the way back to the text as it was typed.

People write full-width digits, long dashes and curly quotes, and paste zero-width characters; the detectors look at
a folded copy in which all of these are plain ASCII. Every folded character remembers where it came from.
"""

import unicodedata
from dataclasses import dataclass

# Letters NFKD leaves alone. The Cyrillic and Greek ones look exactly like Latin letters on the screen.
_ALIKE = str.maketrans(
    "ŁłØøĐđıАВЕКМНОРСТУХаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο。",
    "LlOoDdiABEKMHOPCTYXaeopcyxisjABEZHIKMNOPTYXo.",
)
_QUOTES = str.maketrans("‘’‛ʼ`´′“”„«»⁄", "'''''''\"\"\"\"\"/")


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` in plain ASCII (letters of other alphabets become ``X`` and ``x``), and where each character stood."""

    text: str
    origins: tuple[int, ...] | None  # None: every character stands where it stood

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original text of ``text[start:end]``, which must not be empty."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold ``text`` to ASCII. Never raises; the result may be shorter or longer than what went in."""
    if text.isascii():
        return Folded(text, None)
    characters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        for plain in character if character.isascii() else _plain(character, after="".join(characters[-1:])):
            characters.append(plain)
            origins.append(position)
    return Folded("".join(characters), tuple(origins))


def _plain(character: str, *, after: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character.translate(_QUOTES).translate(_ALIKE))
    return "".join(_plain_part(part, after=after) for part in decomposed)


def _plain_part(part: str, *, after: str) -> str:
    if part.isascii():
        return part
    category = unicodedata.category(part)
    digit = unicodedata.digit(part, None)
    if category in {"Cf", "Mn", "Me"}:  # invisible: zero-width characters, soft hyphens, accents, key-cap frames
        folded = ""
    elif digit is not None:
        folded = str(digit)
    elif category[0] == "L":
        # Alphabets without capitals: the first letter of a word counts as one, so that a name still looks like a name.
        starts_word = category == "Lo" and not after.isalpha()
        folded = "X" if category in {"Lu", "Lt"} or starts_word else "x"
    else:
        folded = {"Pd": "-", "Zs": " ", "Zl": "\n", "Zp": "\n"}.get(category, "\x01")
    return folded
