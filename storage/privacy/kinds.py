"""What the screen can find, and how a refusal says so in plain English."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A sort of identifier. ``label`` is what people read, with its article: “an NHS number”."""

    NHS_NUMBER = "nhs_number"
    UPN = "upn"
    NINO = "nino"
    PERSON_ID = "person_id"
    PHONE = "phone"
    EMAIL = "email"
    DATE_OF_BIRTH = "date_of_birth"
    POSTCODE = "postcode"
    ADDRESS = "address"
    CASE_SYSTEM_URL = "case_system_url"
    RECORD_URL = "record_url"
    NAME = "name"
    INITIALS = "initials"

    @property
    def label(self) -> str:
        """The kind in plain English, with its article."""
        return _LABELS[self]


_LABELS = {
    Kind.NHS_NUMBER: "an NHS number",
    Kind.UPN: "a unique pupil number (UPN)",
    Kind.NINO: "a National Insurance number",
    Kind.PERSON_ID: "a case-system person id",
    Kind.PHONE: "a phone number",
    Kind.EMAIL: "an email address",
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.POSTCODE: "a postcode",
    Kind.ADDRESS: "a street address",
    Kind.CASE_SYSTEM_URL: "a web address of a case system",
    Kind.RECORD_URL: "a web address with a record number or query in it",
    Kind.NAME: "what looks like a person’s name",
    Kind.INITIALS: "what looks like a person’s initials",
}

_USE_ROLES = "Write “the child”, “the parent” or the person’s role instead of a name or initials."
_USE_AGE = "Give an age or a school year instead of a date of birth."
_LEAVE_OUT = "Leave numbers, addresses and contact details in the case system."
_SAY_WHERE = "Say where the record is kept instead of linking to it."

_ADVICE = {
    Kind.NAME: _USE_ROLES,
    Kind.INITIALS: _USE_ROLES,
    Kind.DATE_OF_BIRTH: _USE_AGE,
    Kind.CASE_SYSTEM_URL: _SAY_WHERE,
    Kind.RECORD_URL: _SAY_WHERE,
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One identifier found: ``text[start:end]`` of the text that was screened. Never holds the text itself."""

    start: int
    end: int
    kind: Kind


class LooksIdentifying(ValueError):
    """Free text was refused because it seems to say who somebody is.

    ``kinds`` holds what was found, each kind once, in the order of appearance. The message is made from the kinds
    alone, so it can be shown, logged and sent on without repeating what was found.
    """

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = tuple(dict.fromkeys(kinds))
        super().__init__(_message(self.kinds))


def _message(kinds: tuple[Kind, ...]) -> str:
    labels = [kind.label for kind in kinds]
    listed = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    advice = dict.fromkeys(_ADVICE.get(kind, _LEAVE_OUT) for kind in kinds)
    return (
        f"Nothing was saved: the text seems to hold {listed}. "
        f"A complaint is known here by its reference alone, so take that out and send it again. {' '.join(advice)}"
    )
