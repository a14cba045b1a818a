"""Names of people, found by the words around them and by lists of common names.

A reader, not an oracle: a name nobody lists, with nothing around it that says “name”, gets through.
"""

import re
from collections.abc import Iterator

from storage.privacy import name_words as words
from storage.privacy.initials import are_initials, dotted_initials
from storage.privacy.kinds import Kind
from storage.privacy.name_lists import GIVEN, GIVEN_OR_WORD, SURNAMES, SURNAMES_OR_WORD
from storage.privacy.reading import Reading, Word

_AFTER_TITLE = re.compile(r"\.?[ \t]{1,3}[\"'(]?|\.")
_AGE_AFTER = re.compile(
    r",?\s?\(?\s?(?:aged?\s\d{1,2}\b(?!\s?(?:to|-|and|or)\s?\d)|(?:is\s|was\s)?\d{1,2}\s?-?years?[ -]old\b|\(\d{1,2}\))",
    re.IGNORECASE,
)
# Titles that written in capitals are also software, police or post: “MS Teams”, “PC World”.
_TITLES_THAT_ARE_ACRONYMS = frozenset({"ms", "miss", "pc", "dc", "ds", "judge"})
# After “my son May …” these show that a name was meant; another ordinary word shows that it was not.
_GO_ON_AFTER_A_NAME = frozenset({"is", "was", "has", "and", "to", "who"})
_NAME_WORDS = frozenset({"name", "names", "surname", "forename"})
_PERSONS = words.RELATIONS | {"he", "she", "who", "known", "someone", "somebody"}


def names(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Names and initials in folded ``text``. Roles, teams, places, months and acronyms are not names."""
    reading = Reading(text.replace("_", " "))
    at = 0
    while at < len(reading.words):
        length, kind = _found_at(reading, at)
        if length == 0:
            at += 1
            continue
        last = at + length - 1
        if kind is Kind.NAME:
            last = _last_of_name(reading, last)
        yield reading.words[at].start, reading.words[last].end, kind
        at = last + 1
    for start, end in dotted_initials(reading.text):
        yield start, end, Kind.INITIALS


def _found_at(reading: Reading, at: int) -> tuple[int, Kind]:
    """How many words from here are somebody’s name or initials (0: none)."""
    word = reading.words[at]
    if not word.capital and word.lower not in words.LOWER_TITLES and word.bare not in GIVEN:
        return 0, Kind.NAME  # nine words in ten
    if _titled(reading, at) or (len(word.written) == 1 and _initial_and_surname(reading, at)):
        return 2, Kind.NAME
    if any(rule(reading, at) for rule in (_listed, _told, _with_kin_or_age, _where_people_stand)):
        return 1, Kind.NAME
    return int(are_initials(reading, at)), Kind.INITIALS


def _titled(reading: Reading, at: int) -> bool:
    """“Mr Smith”, “Ms J. Patel”, “mrs tillotson”; not “Mr” alone, “Mr X” or “MS Teams”."""
    title, name = reading.words[at], reading.word_after(at)
    if title.lower not in words.TITLES or name is None or not _AFTER_TITLE.fullmatch(reading.gaps[at]):
        return False
    listed = name.bare in GIVEN or name.bare in SURNAMES
    if len(name.bare) == 1:
        found = name.capital and (
            name.bare.upper() not in words.LABEL_LETTERS or _names_more_than_a_label(reading, at + 1)
        )
    elif not title.capital:
        a_thing = title.lower in {"dr", "ms"} and name.bare in words.ORDINARY
        found = title.lower in words.LOWER_TITLES and name.bare not in words.AFTER_LOWER_TITLE and not a_thing
    elif title.shouting and title.lower in _TITLES_THAT_ARE_ACRONYMS and not reading.all_shouted:
        found = listed or name.bare in SURNAMES_OR_WORD
    elif not name.capital:
        found = listed and title.lower in words.LOWER_TITLES
    else:
        found = name.bare in SURNAMES_OR_WORD or name.bare in GIVEN_OR_WORD or reading.unexplained(name)
    return found


def _names_more_than_a_label(reading: Reading, at: int) -> bool:
    """“Mr A. Penhaligon”, as against “Mr A”."""
    if _initial_and_surname(reading, at):
        return True
    return reading.gaps[at] in {". ", "."} and reading.unexplained(reading.word_after(at))


def _initial_and_surname(reading: Reading, at: int) -> bool:
    """“J. Patel”, “A Khan”; not “Option A. Hill walking”."""
    surname = reading.word_after(at)
    if surname is None or not surname.capital or reading.before(at) in words.LABELLED:
        return False
    if reading.gaps[at] == " ":
        return surname.bare in SURNAMES and reading.words[at].written != "I"
    if reading.gaps[at] not in {". ", "."}:
        return False
    told = reading.before(at) in words.RELATIONS and reading.unexplained(surname)
    return told or surname.bare in SURNAMES or surname.bare in SURNAMES_OR_WORD


def _listed(reading: Reading, at: int) -> bool:
    """A name that is nothing else, or two words that make one together."""
    word = reading.words[at]
    if reading.of_place(at):
        return False
    given = word.bare in GIVEN or ("-" in word.bare and word.bare.split("-")[0] in GIVEN)
    if not word.capital:
        return word.bare in GIVEN and len(word.bare) > 3
    if given or word.shouting:
        return given and (not word.shouting or len(word.bare) > 3 or reading.all_shouted)
    if word.bare in GIVEN_OR_WORD and reading.spaced(at):
        following = reading.word_after(at)
        return (
            following is not None
            and following.capital
            and (following.bare in SURNAMES or reading.unexplained(following))
        )
    return word.bare in SURNAMES


def _told(reading: Reading, at: int) -> bool:
    """The words in front say that this is a name: “my son …”, “named …”, “Dear …”, “a girl called …”."""
    if at == 0 or not reading.gaps[at - 1] or not reading.joined(at - 1) or reading.of_place(at):
        return False
    word, before = reading.words[at], reading.words[at - 1]
    unexplained = reading.unexplained(word)
    if before.lower in words.RELATIONS:  # but not “the Children’s Society”
        found = unexplained or _ambiguous_after_relation(reading, at)
    elif before.bare in words.NAMERS or (before.bare in {"is", "was", "as"} and reading.before(at, 2) in _NAME_WORDS):
        found = unexplained or word.bare in GIVEN_OR_WORD
    elif before.bare in words.GREETINGS or before.bare == "known":
        found = unexplained
    elif before.bare in {"called", "as"}:
        found = unexplained and any(reading.before(at, back) in _PERSONS for back in (2, 3, 4, 5))
    else:
        spoken_to = before.bare in {"to", "with"} and reading.before(at, 2) in {"spoke", "spoken", "speak", "speaking"}
        found = (spoken_to or before.bare in {"am", "is", "was", "told", "met", "asked"}) and _two_capitals(reading, at)
    return found


def _ambiguous_after_relation(reading: Reading, at: int) -> bool:
    """“My daughter May is …”, as against “my daughter May half-term”."""
    word = reading.words[at]
    if not word.capital or word.bare not in GIVEN_OR_WORD or not reading.spaced(at - 1):
        return False
    following = reading.after(at)
    return following in _GO_ON_AFTER_A_NAME or following not in words.ORDINARY


def _two_capitals(reading: Reading, at: int) -> bool:
    """A given name and a surname that nobody lists: two capitals that ordinary prose does not have."""
    pair: list[Word] = reading.words[at : at + 2]
    return (
        len(pair) == 2
        and reading.spaced(at)
        and all(reading.unexplained(word) and not word.shouting for word in pair)
        and pair[1].lower not in words.PLACES_AND_BODIES
    )


def _with_kin_or_age(reading: Reading, at: int) -> bool:
    """“Zofia’s mum”, “Zofia, aged 7”: names whatever the name."""
    word = reading.words[at]
    if not reading.unexplained(word) or reading.of_place(at):
        return False
    if word.lower.endswith("'s") and reading.after(at) in words.KIN:
        return True
    return not word.shouting and not word.lower.endswith("s") and bool(_AGE_AFTER.match(reading.text, word.end))


def _where_people_stand(reading: Reading, at: int) -> bool:
    """A capital nobody can account for, where people stand: “contact with Tyrese”, “Tyrese says”.

    Places and bodies stand after “in”, “at”, “from” or “the”, and are left alone there.
    """
    word, following = reading.words[at], reading.word_after(at)
    if word.shouting or not reading.unexplained(word) or reading.of_place(at):
        return False
    if following is not None and following.capital and reading.after(at) in words.ORDINARY:
        return False  # the first word of a title: “Compass Fostering”
    before = reading.before(at)
    if not before:
        return reading.after(at) in words.WHAT_PEOPLE_DO and not word.lower.endswith(words.ENDINGS_OF_THINGS)
    return before in words.BEFORE_PEOPLE and not reading.words[at - 1].shouting and reading.spaced(at - 1)


def _last_of_name(reading: Reading, at: int) -> int:
    """The last word of a name that continues: a second given name, a surname, “and” another name."""
    while (following := reading.word_after(at)) is not None:
        after_initial = len(reading.words[at].written) == 1 and reading.gaps[at] in {". ", "."}
        if not (reading.spaced(at) or after_initial):
            break
        surname = following.bare in SURNAMES or following.bare in SURNAMES_OR_WORD
        initial = len(following.written) == 1 and following.written != "I"
        if following.capital and (surname or initial or reading.unexplained(following)):
            at += 1
        elif (
            following.lower == "and"
            and reading.spaced(at + 1)
            and reading.unexplained(reading.word_after(at + 1))
            and not reading.of_place(at + 2)
        ):
            at += 2
        else:
            break
    return at
