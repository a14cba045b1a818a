"""Headings that announce single people, their cases or their staff, told from those that count. Pure.

Nothing about a child may come near the register (DOMAIN.md, section 7). Which words do is data; a word more is an entry more.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Never in an extract, whatever else the heading says.
_ALWAYS = _set(
    "dob birth born birthday birthdate surname surnames forename forenames firstname lastname initials alias address addresses "
    "street postcode postcodes zip uprn phone telephone tel mobile landline email emails nhs upn uln nino ni passport"
)
_ALWAYS_TOGETHER = tuple(
    tuple(phrase.split("/"))
    for phrase in (
        "post/code", "national/insurance", "house/number", "door/number", "contact/details", "known/as", "date/of/death",
        "pupil/number", "sexual/orientation", "marital/status", "legal/status", "immigration/status", "e/mail",
    )
)  # fmt: skip
# Of one person, unless the heading says that it counts them.
_ATTRIBUTES = _set("gender sex ethnicity ethnic race religion faith nationality language age aged")
# These alone are about one person, case or worker; as part of a longer heading they may well count.
_ALONE = frozenset(
    tuple(phrase.split("/"))
    for phrase in (
        "child", "the/child", "child/or/young/person", "young/person", "person", "the/person", "client", "pupil", "patient",
        "student", "individual", "service/user", "yp", "cyp", "mother", "father", "mum", "dad", "parent", "carer",
        "foster/carer", "adopter", "sibling", "relative", "family", "household", "case", "worker", "social/worker",
        "key/worker", "case/worker", "allocated/worker", "allocated/to", "school", "school/name", "gp", "placement",
        "placement/type", "disability", "disabled", "is/disabled", "has/disability", "disability/type", "disability/status",
        "primary/disability", "full/address", "unique/number", "record/number",
    )
)  # fmt: skip
_ONE = _set(
    "child childs person persons client clients pupil student patient user individual mother father mum dad carer sibling "
    "relative family household worker caseworker case episode referral involvement assessment placement contact record plan cla "
    "lac cin cp yp cyp lcs ics mosaic liquidlogic carefirst eclipse"
)
_GIVEN = _set("first last middle given preferred known full maiden sur fore birth legal")
_THINGS = _set(
    "team teams service services area areas district locality division directorate department unit office region council "
    "authority organisation organization hub cluster group centre cost agency provider report column file extract snapshot "
    "field month quarter status category system"
)
_IDENTIFIERS = _set("id ids identifier ref refs reference references guid uid urn")
_NUMBERS = _set("no nos number num nr key code")
_FILLING = _set("unique our your the system local national")
_DAYS = _set("date dates dated")
_COUNTS = _set(
    "count counts total totals average avg mean median percent percentage pct rate ratio sum caseload caseloads numbers per"
)
_JOINS = _set("of the in with by at on or and for open opened closed start end to from")
# What a mapping may well call the team, its service area or the count, and what else would be taken for a person's.
_MAPPED_MAY_BE = frozenset({("name",), ("parent",), ("parent", "name"), ("case",)})

_VOCABULARY = (
    _ALWAYS | _ATTRIBUTES | _ONE | _GIVEN | _THINGS | _IDENTIFIERS | _NUMBERS | _FILLING | _DAYS | _COUNTS | _JOINS
    | {word for phrase in (*_ALWAYS_TOGETHER, *_ALONE) for word in phrase if len(word) > 1}
    | _set("name names middlesex")  # the county would else be read as two words
)  # fmt: skip
_INITIALS = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]\.)+[A-Za-z]?(?![A-Za-z])")
_POSSESSIVE = re.compile(r"['’]s\b")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SHOWN, _LOOKED_AT = 100, 1000  # characters of a heading
_LONGEST = max(map(len, _VOCABULARY))


def is_about_one(heading: str, *, mapped: bool = False) -> bool:
    """Whether a heading announces one person, one case or one worker. `mapped`: the council says that it is one of ours."""
    words = _words(heading)
    if not words or (mapped and words in _MAPPED_MAY_BE):
        return False
    if _ALWAYS & set(words) or any(_holds(words, phrase) for phrase in _ALWAYS_TOGETHER) or _names_somebody(words):
        return True
    if _counts(words, heading):
        return False
    return words in _ALONE or _has_attribute(words) or _identifies(words) or _dates_one(words)


def showable(heading: str) -> bool:
    """Whether a heading can be repeated: it has no word in it that isn't in the lists here, so that it is nobody's data."""
    return len(heading) <= _SHOWN and all(word in _VOCABULARY for word in _words(heading))


def _names_somebody(words: Sequence[str]) -> bool:
    """A name is somebody's unless the heading says what else has it: `TeamName`, but not `Name of client`."""
    if not {"name", "names"} & set(words):
        return False
    at = next(place for place, word in enumerate(words) if word in {"name", "names"})
    after = [word for word in words[at + 1 :] if word != "the"]
    owners = [*words[max(at - 1, 0) : at], *(after[1:2] if after[:1] == ["of"] else [])]
    return any(owner in _ONE | _GIVEN for owner in owners) or not _THINGS & set(words)


def _counts(words: Sequence[str], heading: str) -> bool:
    counted = _holds(words, ("number", "of")) or _holds(words, ("no", "of")) or heading.lstrip().startswith("#")
    return bool(_COUNTS & set(words)) or "%" in heading or counted or _holds(words, ("case", "load"))


def _has_attribute(words: Sequence[str]) -> bool:
    """`Age 0 to 4` counts those of an age; `AgeBand` is one child's."""
    found = _ATTRIBUTES & set(words)
    if found <= {"age", "aged"}:
        return any(
            word in found and not "".join(words[place + 1 : place + 2]).isdigit() for place, word in enumerate(words)
        )
    return True


def _identifies(words: Sequence[str]) -> bool:
    """A number that somebody or some case is known by: `Case ID`, `CLA number`, `ID`; not `LAC no CP`, `Team ID`."""
    of_one = bool(_ONE & set(words))
    if _IDENTIFIERS & set(words):
        return of_one or set(words) <= _IDENTIFIERS | _NUMBERS | _FILLING
    return of_one and words[-1] in _NUMBERS


def _dates_one(words: Sequence[str]) -> bool:
    return bool(_DAYS & set(words)) and bool(_ONE & set(words))


def _holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(tuple(words[at : at + len(phrase)]) == tuple(phrase) for at in range(len(words) - len(phrase) + 1))


def _words(heading: str) -> tuple[str, ...]:
    """The words of a heading in lower case, also where they are written together: `ChildDOB`, `dateofbirth`, `N.H.S. no`."""
    written = unicodedata.normalize("NFKC", heading[:_LOOKED_AT])
    written = _INITIALS.sub(lambda found: found.group().replace(".", ""), _POSSESSIVE.sub("", written))
    return tuple(_parted(found.casefold() for found in _WORD.findall(written)))


def _parted(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield from (word,) if word in _VOCABULARY else _parts(word) or (word,)


def _parts(word: str) -> tuple[str, ...]:
    """The fewest known words that make up this one; nothing when they don't."""
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(end - _LONGEST, 0), end):
            before, last = best[start], word[start:end]
            if before is not None and last in _VOCABULARY:
                known = best[end]
                if known is None or len(before) + 1 < len(known):
                    best[end] = (*before, last)
    return best[-1] or ()
