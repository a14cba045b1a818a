"""Reads the corpus: snippets with an identifier marked, and ordinary text without one."""

import re
from dataclasses import dataclass
from pathlib import Path

from storage.privacy import Kind
from tests.storage.privacy_corpus.invented import values

KINDS: dict[str, frozenset[Kind]] = {
    "name": frozenset({Kind.NAME}),
    "initials": frozenset({Kind.INITIALS}),
    "phone": frozenset({Kind.PHONE}),
    "email": frozenset({Kind.EMAIL}),
    "nhs": frozenset({Kind.NHS_NUMBER}),
    "upn": frozenset({Kind.UPN}),
    "nino": frozenset({Kind.NINO}),
    "postcode": frozenset({Kind.POSTCODE}),
    "address": frozenset({Kind.ADDRESS}),
    "dob": frozenset({Kind.DATE_OF_BIRTH}),
    "person": frozenset({Kind.PERSON_ID}),
    "url": frozenset({Kind.CASE_SYSTEM_URL, Kind.RECORD_URL}),
}
VALUES_A_TEMPLATE = 8
# tune: rules were written against it. heldout: written before tuning, looked at afterwards. unseen: written after that, then
# looked at too. last: written when all tuning was over, and left alone since: it alone says how the screen does on new text.
PARTS = ("tune", "heldout", "unseen", "last")

_HERE = Path(__file__).parent
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True)
class Snippet:
    """A text with one identifier in it, and where that stands."""

    kind: str
    text: str
    start: int
    end: int


def _lines(name: str) -> list[str]:
    return [line for line in (_HERE / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def ordinary(half: str) -> list[str]:
    """Complaint text as officers write it, without an identifier in it."""
    return _lines(f"ordinary_{half}.txt")


def handwritten(half: str) -> list[Snippet]:
    """Snippets written whole by hand."""
    return [snippet for line in _lines(f"identifying_{half}.txt") for snippet in _marked(line)]


def _marked(line: str) -> list[Snippet]:
    text, snippets, end = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[end : mark.start()]
        snippets.append((mark[1], len(text), len(text) + len(mark[2])))
        text += mark[2]
        end = mark.end()
    text += line[end:]
    assert snippets, line
    return [Snippet(kind, text, start, end) for kind, start, end in snippets]


def generated(half: str) -> list[Snippet]:
    """Snippets of hand-written templates and invented values."""
    snippets = []
    for line in _lines("templates.txt"):
        of_half, kind, template = line.split("\t")
        if of_half != half:
            continue
        for fields in values(f"{kind}", half, VALUES_A_TEMPLATE * 9)[_seed(template) :: 9]:
            field = re.search(r"\{(\w*)\}", template)
            assert field, template
            value = fields[field[1] or "v"]
            text = re.sub(r"\{\w*\}", lambda _, value=value: value, template)  # type: ignore[misc]
            snippets.append(Snippet(kind, text, text.rindex(value), text.rindex(value) + len(value)))
    return snippets


def _seed(template: str) -> int:
    """Which ninth of the values a template takes: not always the same ones."""
    return sum(map(ord, template)) % 9
