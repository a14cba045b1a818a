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
    RESPONSE_DATE_AGREED = "response_date_agreed"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_APPROVED = "extension_approved"
    EXTENSION_REFUSED = "extension_refused"
    PAUSE_ASKED = "pause_asked"
    PAUSED = "paused"
    PAUSE_REFUSED = "pause_refused"
    RESUMED = "resumed"
    COMPLAINANT_TOLD = "complainant_told"
    RESPONDED = "responded"
    NOT_PROCEEDED = "not_proceeded"
    OVERTAKEN = "overtaken"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    DETAILS_FILLED_IN = "details_filled_in"
    REDATED = "redated"
    STAGE_REQUESTED = "stage_requested"
    STAGE_OPENED = "stage_opened"
    APPOINTED = "appointed"
    STOOD_DOWN = "stood_down"
    STEP_DONE = "step_done"
    ISSUE_ADDED = "issue_added"
    ISSUE_FOUND = "issue_found"
    ENQUIRY_RECEIVED = "enquiry_received"
    ENQUIRY_ANSWERED = "enquiry_answered"
    OMBUDSMAN_DECIDED = "ombudsman_decided"
    REMEDY_AGREED = "remedy_agreed"
    REMEDY_EVIDENCED = "remedy_evidenced"
    REMEDY_DONE = "remedy_done"
    REMEDY_MOVED = "remedy_moved"
    ACTION_ADDED = "action_added"
    ACTION_NOT_NEEDED = "action_not_needed"
    ACTION_DONE = "action_done"
    ACTION_VERIFIED = "action_verified"
    ACTION_SENT_BACK = "action_sent_back"
    ACTION_MOVED = "action_moved"
    NOTE_SHARED = "note_shared"
    NOTE_NOT_NEEDED = "note_not_needed"
    SNOOZED = "snoozed"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    CLEARED = "cleared"
    TAKEN_BACK = "taken_back"

    @property
    def starts(self) -> bool:
        """Whether a stage begins with it."""
        return self in {EventKind.RECEIVED, EventKind.STAGE_REQUESTED}

    @property
    def ends(self) -> bool:
        """Whether a stage ends with it."""
        return self in {EventKind.RESPONDED, EventKind.NOT_PROCEEDED, EventKind.OVERTAKEN}


class CommitmentKind(StrEnum):
    """What can happen to a commitment."""

    MADE = "made"
    MOVED = "moved"
    DONE = "done"
    VERIFIED = "verified"
    SENT_BACK = "sent_back"
    REDATED = "redated"
    WITHDRAWN = "withdrawn"
    SNOOZED = "snoozed"


class Asked(StrEnum):
    """What one person asks for and another decides."""

    EXTENSION = "extension"
    PAUSE = "pause"


class Connection(StrEnum):
    """How an outsider is connected with the council; who has any connection is not independent (DOMAIN.md, section 5)."""

    NONE = "none"
    MEMBER = "member"
    OFFICER = "officer"
    SPOUSE = "spouse"


class CouncilMatter(StrEnum):
    """What the council as a whole changed."""

    SETTING = "setting"
    CALENDAR = "calendar"
    PROCEDURE = "procedure"
    RETENTION = "retention"
    PEOPLE = "people"
    CHANNEL = "channel"
    CASELOAD = "caseload"
    RESTORED = "restored"


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


class OmbudsmanDecision(StrEnum):
    """What the Ombudsman decided on a complaint; `label` is how people read it."""

    FAULT = "fault"
    NO_FAULT = "no_fault"
    NOT_INVESTIGATED = "not_investigated"
    REFERRED_BACK = "referred_back"

    @property
    def label(self) -> str:
        return {
            OmbudsmanDecision.FAULT: "Fault found",
            OmbudsmanDecision.NO_FAULT: "No fault found",
            OmbudsmanDecision.NOT_INVESTIGATED: "Not investigated",
            OmbudsmanDecision.REFERRED_BACK: "Sent back for the council to answer first",
        }[self]


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
    DECISION_WANTED = "decision_wanted"
    DECIDED = "decided"
    REDATED = "redated"
    HANDED_OVER = "handed_over"
    TAKEN_OVER = "taken_over"
    COVERING = "covering"
    MONTHLY = "monthly"
    NOTE = "note"
    REPORT = "report"
