"""NHS numbers and phone numbers: ten digits or so, grouped as people like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from storage.privacy.kinds import Kind

Span = tuple[int, int, Kind]


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits that stand together, and where."""

    digits: str
    start: int
    end: int


_RUN = re.compile(r"\d+")
_GAP = re.compile(r"(?:\(0\))?[ ().\-/\t]{0,4}")
_TOLD_NHS = re.compile(r"\b(?:nhs|health)\b.{0,30}\Z", re.IGNORECASE | re.DOTALL)
_TOLD_PHONE = re.compile(
    r"\b(?:tel(?:ephone)?|phone[ds]?|mobile|mob|ring|rang|call(?:ed|ing)?|text(?:ed|ing)?|whatsapp(?:ed)?|landline|contact(?:ed)?"
    r"|numbers?|dial(?:led)?|sms|fax)\b[^\d\n]{0,25}\Z",
    re.IGNORECASE,
)
_TOLD_OTHER = re.compile(
    r"\b(?:invoice|order|p\.?o|ref(?:erence)?|grant|claim|ticket|incident|receipt|licen[cs]e|urn|form|contract|budget"
    r"|cost cent(?:re|er)|ledger|payment|complaint|job|log|asset|request|certificate)\b"
    r"[\s:.#(]{0,3}(?:(?:no|num|number|code|ref|reference|id|is|was)\b[\s:.#(]{0,3}){0,2}\Z",
    re.IGNORECASE,
)
_HELPLINES = frozenset({"08001111", "08081000900"})  # Childline: everybody's number, nobody's in particular
_NHS_SHAPES = frozenset({(10,), (3, 3, 4), (3, 4, 3), (4, 3, 3), (4, 6), (6, 4), (5, 5), (3, 7), (2,) * 5, (1,) * 10})
_MOST_RUNS = 14
_PART_OF_CODE = re.compile(r"[^\W_]\Z|[^\W\d_][-/.]\Z|£\s?\Z")


def health_and_phone_numbers(blotted: str) -> Iterator[Span]:
    """NHS numbers and phone numbers in folded and blotted text, however the digits are grouped.

    An NHS number must pass its checksum, unless the words in front say what it is, so that an arbitrary reference of ten
    digits is none. Phone numbers are told by their form rather than by the published plan: a mistyped one is still one.
    """
    for chain in _chains(blotted):
        at = 0
        while at < len(chain):
            found = _number_from(blotted, chain[at : at + _MOST_RUNS])
            if found is None:
                at += 1
                continue
            used, kind = found
            yield _with_plus(blotted, chain[at].start), chain[at + used - 1].end, kind
            at += used
    yield from _disguised_phones(blotted)


def _with_plus(text: str, start: int) -> int:
    return start - 1 if start and text[start - 1] == "+" else start


def _chains(text: str) -> Iterator[list[_Run]]:
    """Runs of digits with nothing but spaces, dashes, dots, slashes or brackets between them."""
    chain: list[_Run] = []
    for match in _RUN.finditer(text):
        if chain and not _GAP.fullmatch(text, chain[-1].end, match.start()):
            yield chain
            chain = []
        chain.append(_Run(match.group(), match.start(), match.end()))
    if chain:
        yield chain


class _Told:
    """What the words in front of a number say about it, looked up only when some reading of the number asks."""

    def __init__(self, before: str) -> None:
        self.plus = before.endswith("+")
        self._before = before

    @cached_property
    def nhs(self) -> bool:
        return bool(_TOLD_NHS.search(self._before)) and not _TOLD_PHONE.search(self._before.replace("number", ""))

    @cached_property
    def phone(self) -> bool:
        return bool(_TOLD_PHONE.search(self._before))

    @cached_property
    def other(self) -> bool:
        return bool(_TOLD_OTHER.search(self._before))


def _number_from(text: str, runs: list[_Run]) -> tuple[int, Kind] | None:
    """What begins with the first run: how many runs it takes, and what it is. The longest reading wins."""
    start = runs[0].start
    if _PART_OF_CODE.search(text, max(0, start - 3), start):
        return None
    readings = []
    digits, shape = "", ()  # type: tuple[str, tuple[int, ...]]
    for used, run in enumerate(runs, 1):
        digits, shape = digits + run.digits, (*shape, len(run.digits))
        if len(digits) > 15:
            break
        if len(digits) >= 6:
            readings.append((used, digits, shape))
    told = _Told(text[max(0, start - 45) : start])
    for used, digits, shape in reversed(readings):
        if _is_nhs(digits, shape, told):
            return used, Kind.NHS_NUMBER
        if _is_phone(digits, shape, told):
            return used, Kind.PHONE
    return None


def _is_nhs(digits: str, shape: tuple[int, ...], told: _Told) -> bool:
    if 9 <= len(digits) <= 11 and told.nhs:
        return True
    # Numbers in use begin with 3 to 7; 9 is for tests. One below begins with a Scottish date of birth, or is a phone.
    if len(digits) != 10 or shape not in _NHS_SHAPES or digits[0] not in "345679" or told.other:
        return False
    from stdnum.gb import nhs  # noqa: PLC0415 - late: only texts with such a number pay for it

    return bool(nhs.is_valid(digits))


def _is_phone(digits: str, shape: tuple[int, ...], told: _Told) -> bool:
    if digits in _HELPLINES:
        return False
    national = _national(digits, plus=told.plus)
    if national is not None:
        return not (len(shape) == 1 and not national.startswith("7") and told.other)
    if told.plus or digits.startswith("00"):
        abroad = digits.removeprefix("00")
        return not abroad.startswith("0") and not told.other and _is_foreign(abroad)
    if len(digits) == 10 and digits[0] == "7" and shape in {(4, 6), (4, 3, 3), (5, 5)}:  # the nought in front left out
        return True
    return len(digits) <= 13 and told.phone and not told.other


def _national(digits: str, *, plus: bool) -> str | None:
    """The nine or ten digits after the nought of a UK number, or nothing if it is not one."""
    if digits.startswith("0044"):
        rest = digits[4:].removeprefix("0")
    elif digits.startswith("44") and (plus or len(digits) == 12):
        rest = digits[2:].removeprefix("0")
    elif digits.startswith("0") and not plus:
        rest = digits[1:]
    else:
        return None
    return rest if len(rest) in {9, 10} and rest[0] in "1235789" else None


def _is_foreign(digits: str) -> bool:
    import phonenumbers  # noqa: PLC0415 - late: it is slow to import, and few texts need it

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}"))
    except phonenumbers.NumberParseException:
        return False


_LETTER_O = re.compile(r"(?<!\w)[0Oo]7(?:[ -]?[\dOo]){9}(?!\w)")
_DIGIT_WORD = r"(?:zero|nought|naught|oh|one|two|three|four|five|six|seven|eight|nine|double|treble|triple|[0o\d])"
_SPOKEN = re.compile(rf"\b{_DIGIT_WORD}(?:[\s,.-]{{1,3}}{_DIGIT_WORD}\b){{7,19}}", re.IGNORECASE)

_SPOKEN_NOUGHT = ("zero", "nought", "naught", "oh", "double", " o ")


def _disguised_phones(text: str) -> Iterator[Span]:
    for match in _LETTER_O.finditer(text):
        if "O" in match.group().upper() and sum(map(str.isdigit, match.group())) >= 6:
            yield match.start(), match.end(), Kind.PHONE
    if not any(word in text.lower() for word in _SPOKEN_NOUGHT):
        return
    for match in _SPOKEN.finditer(text):
        if sum(map(str.isalpha, match.group())) >= 12:
            yield match.start(), match.end(), Kind.PHONE
