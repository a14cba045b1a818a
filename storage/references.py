"""How complaints are called: references as people type them, and the one answer for those that aren't there. Pure."""

import re

from storage.errors import UnknownReference
from storage.texts import storable

REFERENCE = re.compile(r"[A-Z]{1,6}-\d{4}-\d{4,6}")


def unknown(reference: str) -> UnknownReference:
    """The one answer for a reference that isn't there and for one the person may not see."""
    tidied = tidy(reference)
    # What doesn't look like a reference may be anything, also a name: it is not repeated.
    shown = (
        f"There is no complaint {tidied} that you can see."
        if REFERENCE.fullmatch(tidied)
        else "That is not a reference."
    )
    return UnknownReference(f"{shown} References look like CS-2026-0042; type /complaint mine for the ones you own.")


def tidy(reference: str) -> str:
    """A reference as people type it, in the form it is kept: `cs 2026 42` is `CS-2026-0042`."""
    # Whatever is typed comes here, and a database can be asked only for what it could hold.
    parts = storable(reference).strip().strip("`*_").upper().replace("–", "-").replace(" ", "-").split("-")
    if len(parts) == 3 and parts[2].isdigit():
        parts[2] = parts[2].zfill(4)
    return "-".join(parts)
