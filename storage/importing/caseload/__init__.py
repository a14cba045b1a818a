"""A caseload extract into the register, one row a team: read it, refuse what is about single people, judge its rows."""

from storage.importing.caseload.columns import DEFAULT, BrokenColumns, Columns, parse
from storage.importing.caseload.extract import Extract, read
from storage.importing.caseload.judging import Judged, judge

__all__ = ["DEFAULT", "BrokenColumns", "Columns", "Extract", "Judged", "judge", "parse", "read"]
