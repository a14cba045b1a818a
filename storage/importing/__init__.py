"""A council's complaints spreadsheet into the register: read it, try it without writing, bring it in."""

from storage.importing.bringing import Counts, Outcome, Preview, bring_in, check
from storage.importing.columns import BY_FIELD, TEMPLATE_COLUMNS, TemplateColumn, read_as
from storage.importing.judging import Rejected
from storage.importing.reading import read
from storage.importing.sheet import CannotRead, Sheet

__all__ = [
    "BY_FIELD",
    "TEMPLATE_COLUMNS",
    "CannotRead",
    "Counts",
    "Outcome",
    "Preview",
    "Rejected",
    "Sheet",
    "TemplateColumn",
    "bring_in",
    "check",
    "read",
    "read_as",
]
