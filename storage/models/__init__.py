"""The register's tables. Rules that need more than one row live in `register`; those of one row are CHECK constraints here."""

from storage.models.base import enumerated, metadata
from storage.models.caseload import Caseload
from storage.models.complaints import Complaint, ComplaintTeam, ComplaintTheme, Event, FreeText, Theme
from storage.models.council import CalendarChange, CouncilChange, ProcedureVersion, ReferenceCounter, Setting
from storage.models.followup import (
    Commitment,
    CommitmentEvent,
    Compliment,
    Enquiry,
    LearningAction,
    LearningNote,
    NoteRead,
    Remedy,
)
from storage.models.imports import ImportRun
from storage.models.messages import (
    DailyRun,
    Heartbeat,
    ListeningChannel,
    NudgeRecord,
    OutboxRow,
    SavedForm,
    Snooze,
    Suggestion,
)
from storage.models.people import Absence, Appointment, Outsider, Person, Team
from storage.models.reports import ReportRequest
from storage.models.stages import IS_GRANTED, IS_OPEN, Issue, IssueFinding, Request, Stage, StageAppointment

__all__ = [
    "IS_GRANTED",
    "IS_OPEN",
    "Absence",
    "Appointment",
    "CalendarChange",
    "Caseload",
    "Commitment",
    "CommitmentEvent",
    "Complaint",
    "ComplaintTeam",
    "ComplaintTheme",
    "Compliment",
    "CouncilChange",
    "DailyRun",
    "Enquiry",
    "Event",
    "FreeText",
    "Heartbeat",
    "ImportRun",
    "Issue",
    "IssueFinding",
    "LearningAction",
    "LearningNote",
    "ListeningChannel",
    "NoteRead",
    "NudgeRecord",
    "OutboxRow",
    "Outsider",
    "Person",
    "ProcedureVersion",
    "ReferenceCounter",
    "Remedy",
    "ReportRequest",
    "Request",
    "SavedForm",
    "Setting",
    "Snooze",
    "Stage",
    "StageAppointment",
    "Suggestion",
    "Team",
    "Theme",
    "enumerated",
    "metadata",
]
