"""The only door through which a complaint changes. Each function is one change on a Desk, inside the desk's transaction."""

from storage.register import (
    compliments,
    corrections,
    council,
    endings,
    escalation,
    issues,
    ombudsman,
    organisation,
    posts,
    progress,
    requests,
    retention,
    steps,
)
from storage.register.ownership import allocate, claim
from storage.register.progress import Response, acknowledge, action_done, respond
from storage.register.record import NewComplaint, Recorded, record

__all__ = [
    "NewComplaint",
    "Recorded",
    "Response",
    "acknowledge",
    "action_done",
    "allocate",
    "claim",
    "compliments",
    "corrections",
    "council",
    "endings",
    "escalation",
    "issues",
    "ombudsman",
    "organisation",
    "posts",
    "progress",
    "record",
    "requests",
    "respond",
    "retention",
    "steps",
]
