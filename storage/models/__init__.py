"""The register's tables. Rules that need more than one row live in `register`; those of one row are CHECK constraints here."""

from storage.models.base import enumerated, metadata
from storage.models.complaints import Complaint, ComplaintTeam, ComplaintTheme, Event, FreeText, Theme
from storage.models.council import CalendarChange, CouncilChange, ProcedureVersion, ReferenceCounter, Setting
from storage.models.followup import Compliment, Enquiry, LearningAction, Remedy
from storage.models.messages import NudgeRecord, OutboxRow
from storage.models.people import Appointment, Outsider, Person, Team
from storage.models.stages import Issue, IssueFinding, Request, Stage, StageAppointment

__all__ = [
    "Appointment",
    "CalendarChange",
    "Complaint",
    "ComplaintTeam",
    "ComplaintTheme",
    "Compliment",
    "CouncilChange",
    "Enquiry",
    "Event",
    "FreeText",
    "Issue",
    "IssueFinding",
    "LearningAction",
    "NudgeRecord",
    "OutboxRow",
    "Outsider",
    "Person",
    "ProcedureVersion",
    "ReferenceCounter",
    "Remedy",
    "Request",
    "Setting",
    "Stage",
    "StageAppointment",
    "Team",
    "Theme",
    "enumerated",
    "metadata",
]
