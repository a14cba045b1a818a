"""What people write with a decision: how long it may be, and that it names nobody."""

from storage.privacy import LooksIdentifying, refuse_if_identifying
from storage.texts import storing_problem

REASON_LENGTH = 1000


def identifying_problem(text: str) -> str | None:
    """What a text seems to identify a person by (DOMAIN.md, section 7), or why it can't be kept; or None."""
    unkept = storing_problem(text)
    if unkept:
        return unkept
    try:
        refuse_if_identifying(text)
    except LooksIdentifying as found:
        return str(found)
    return None


def reason_problem(text: str, what: str, *, longest: int = REASON_LENGTH) -> str | None:
    """What is wrong with a text that has to be there, or None. `what` completes "Say …"."""
    if not text.strip():
        return f"Say {what}."
    if len(text) > longest:
        return f"Keep this to {longest:,} characters; it has {len(text):,}."
    return identifying_problem(text)
