"""The field's own words, each spelled once: the same in code, table, message and documentation (DOMAIN.md, section 1)."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be in the complaints procedure."""

    HANDLER = "handler"
    COMPLAINTS_MANAGER = "complaints_manager"
    NAMED_MANAGER = "named_manager"
    SENIOR_MANAGER = "senior_manager"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


class Allocation(StrEnum):
    """How a team's new complaints find their named manager (a setting of the team)."""

    OFFERED = "offered"
    FIXED = "fixed"
    BALANCED = "balanced"


class EventKind(StrEnum):
    """What can happen to a complaint. A complaint is the list of these, each dated; nothing else is the truth about it."""

    RECEIVED = "received"
    ALLOCATED = "allocated"
    CLAIMED = "claimed"
    ACKNOWLEDGED = "acknowledged"
    EXTENSION_APPROVED = "extension_approved"
    RESPONDED = "responded"
    NOT_PROCEEDED = "not_proceeded"
    ACTION_ADDED = "action_added"
    ACTION_DONE = "action_done"


class Finding(StrEnum):
    """What an outcome says about the council; the labels people read are each council's own."""

    FAULT = "fault"
    PARTIAL = "partial"
    NO_FAULT = "no_fault"
    NO_FINDING = "no_finding"
    NOT_PROCEEDED = "not_proceeded"

    @property
    def found_fault(self) -> bool:
        return self in {Finding.FAULT, Finding.PARTIAL}


class Band(StrEnum):
    """How a closed stage kept its time (FIGURES.md). Frozen when the stage closes."""

    WITHIN_LIMIT = "within_limit"
    AGREED_EXTENSION = "agreed_extension"
    WITHIN_MAXIMUM = "within_maximum"
    OVER_MAXIMUM = "over_maximum"


class OutboxState(StrEnum):
    """Where a message stands: pending → sending (leased) → sent, or dropped because it no longer needed saying."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class MessageKind(StrEnum):
    """What the outbox can hold. Its data are ids and dates only; the words are written at the moment of sending."""

    CARD = "card"
    THREAD = "thread"
    ALLOCATED = "allocated"
    NUDGE = "nudge"
    DIGEST = "digest"
