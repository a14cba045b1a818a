"""The screen itself: every detector over one folded copy of the text, and the refusal."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date

from storage.privacy import births, contacts, official_numbers, people, person_ids, phones, places
from storage.privacy.blotting import blot
from storage.privacy.folding import fold
from storage.privacy.kinds import Finding, Kind, LooksIdentifying

Span = tuple[int, int, Kind]
Detector = Callable[[str], Iterator[Span]]

_DETECTORS: tuple[Detector, ...] = (
    contacts.web_addresses,
    contacts.emails,
    official_numbers.pupil_numbers,
    official_numbers.national_insurance_numbers,
    places.postcodes,
    places.addresses,
    people.names,
)
# Where two begin and end together the first wins: “client number 98397676” could be either.
_DETECTORS_AMONG_BLOTS: tuple[Detector, ...] = (person_ids.person_ids, phones.health_and_phone_numbers)


def screen(text: str, *, today: date | None = None, allowed: Collection[str] = ()) -> list[Finding]:
    """Everything in ``text`` that looks as if it says who somebody is, in order; empty when nothing does.

    ``today`` helps to tell a date of birth from another date where only the age decides (“the child (12/03/2019)”);
    without it such a date is taken for a date of birth. Never raises. Offsets are those of ``text`` as given,
    whatever invisible or full-width characters it holds. A finding inside a longer one is left out.

    ``allowed`` are the council's own names of teams, homes and providers (“Larch House”, “Compass”), in any case: a
    finding that is one of them, or lies inside one of them in the text, is not reported.
    """
    if not text.strip():
        return []
    folded = fold(text)
    exempt = [span for phrase in allowed for span in _occurrences(folded.text, fold(phrase).text)]
    spans = [span for detector in _DETECTORS for span in detector(folded.text)]
    blotted = blot(folded.text)
    spans.extend(span for detector in _DETECTORS_AMONG_BLOTS for span in detector(blotted))
    spans.extend(births.dates_of_birth(folded.text, today))
    findings: list[Finding] = []
    covered = -1
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > covered and not any(first <= start and end <= last for first, last in exempt):
            findings.append(Finding(*folded.span(start, end), kind))
            covered = end
    return findings


def _occurrences(text: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Where ``phrase`` stands in ``text`` as whole words."""
    if phrase.strip():
        for match in re.finditer(rf"(?<!\w){re.escape(phrase.strip())}(?:'s)?(?!\w)", text, re.IGNORECASE):
            yield match.span()


def refuse_if_identifying(text: str, *, today: date | None = None, allowed: Collection[str] = ()) -> None:
    """Refuse ``text`` if it seems to hold somebody's identity (DOMAIN.md, section 7).

    Raises :class:`LooksIdentifying`, whose message names what was found and what to write instead, never the text.
    """
    if findings := screen(text, today=today, allowed=allowed):
        raise LooksIdentifying(finding.kind for finding in findings)
