"""Rows of totals, which extracts end with and which are nobody's caseload. Pure."""

import re

_TOTAL = re.compile(
    r"(?:.+ )?(?:grand ?|sub[ -]?)?totals?(?: .+)?|all(?: teams| areas| services)?|overall|sum", re.IGNORECASE
)


def is_total(name: str) -> bool:
    """Whether a name is what a row of totals is called: `Total`, `Grand total`, `East total`, `All teams`."""
    return _TOTAL.fullmatch(name.strip(" :.")) is not None
