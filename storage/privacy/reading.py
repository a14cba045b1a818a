"""A text as words and what stands between them: the ground on which names and initials are looked for."""

import re
from dataclasses import dataclass

from storage.privacy import name_words as words
from storage.privacy.name_lists import GIVEN, SURNAMES

_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_ENDS_SENTENCE = re.compile(r"[.!?;\n\x01|•]")
_SPACE = re.compile(r"[ \t]{1,3}")
_JOINS = re.compile(r"[ \t]{1,3}|\s?[,(:=\"'*-]{1,2}[ \t]{0,2}[\"'(*]?|[ \t]{1,2}[\"'(*-]{1,2}[ \t]?")


@dataclass(slots=True)
class Word:
    """One word: as written, in lower case, without its possessive, and where it stands."""

    written: str
    start: int
    end: int
    lower: str
    bare: str
    capital: bool

    @property
    def shouting(self) -> bool:
        """Written in capitals throughout."""
        return len(self.written) > 1 and self.written.isupper()


def _word(match: re.Match[str]) -> Word:
    written = match.group()
    lower = written.lower()
    return Word(written, match.start(), match.end(), lower, lower.removesuffix("'s"), written[0].isupper())


class Reading:
    """The words of one text. Positions count words; a position outside the text holds nothing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [_word(match) for match in _WORD.finditer(text)]
        # gaps[n] stands between word n and the next; the last one ends the text.
        self.gaps = [text[one.end : other.start] for one, other in zip(self.words, self.words[1:], strict=False)] + [
            "\n"
        ]
        self._ends = [gap != " " and bool(_ENDS_SENTENCE.search(gap)) for gap in self.gaps]
        shouted = sum(word.shouting for word in self.words)
        self.all_shouted = shouted > 3 and shouted * 2 > len(self.words)

    def before(self, at: int, back: int = 1) -> str:
        """The word ``back`` words before, in lower case, if in the same sentence; otherwise nothing."""
        return "" if at < back or any(self._ends[at - back : at]) else self.words[at - back].lower

    def after(self, at: int, ahead: int = 1) -> str:
        """The word ``ahead`` words after, in lower case, if in the same sentence; otherwise nothing."""
        return "" if at + ahead >= len(self.words) or any(self._ends[at : at + ahead]) else self.words[at + ahead].lower

    def word_after(self, at: int) -> Word | None:
        """The next word, whatever stands between."""
        return self.words[at + 1] if at + 1 < len(self.words) else None

    def spaced(self, at: int) -> bool:
        """Whether nothing but space stands between this word and the next."""
        return self.gaps[at] == " " or bool(_SPACE.fullmatch(self.gaps[at]))

    def joined(self, at: int) -> bool:
        """Whether what stands between this word and the next holds them together: space, a comma, a bracket."""
        return self.gaps[at] == " " or bool(_JOINS.fullmatch(self.gaps[at]))

    def unexplained(self, word: Word | None) -> bool:
        """Whether this is a capitalised word that ordinary complaint prose does not have."""
        if word is None or not word.capital or len(word.bare) < 2 or _is_ordinary(word):
            return False
        if not word.shouting:
            return True
        listed = word.bare in GIVEN or word.bare in SURNAMES
        return listed or (not self.all_shouted and len(word.bare) > 4 and word.bare not in words.ACRONYMS)

    def of_place(self, at: int) -> bool:
        """“St Mary’s”, “Rose House”, “Clare’s Law”: a name that belongs to a place, a scheme or a body."""
        if self.before(at) in {"st", "saint", "king", "queen"}:
            return True
        return any(self.after(at, n) in words.PLACES_AND_BODIES and self.words[at + n].capital for n in (1, 2))


def _is_ordinary(word: Word) -> bool:
    return (
        word.lower in words.ORDINARY
        or word.bare in words.ORDINARY
        or word.bare.removesuffix("s") in words.ORDINARY
        or word.bare in words.RELATIONS
        or word.bare in words.TITLES
        or ("-" in word.bare and word.bare.split("-")[0] in words.ORDINARY)
    )
