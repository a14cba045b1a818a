"""The only door through which a complaint changes. Each function is one change on a Desk, inside the desk's transaction."""

from storage.register import compliments, organisation
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
    "organisation",
    "record",
    "respond",
]
