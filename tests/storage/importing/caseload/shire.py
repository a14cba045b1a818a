"""A register with the teams of the sample extract, and small extracts for tests."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from storage.importing.caseload import Extract, read
from storage.office import Office
from storage.register.organisation import Organisation
from tests.county import County, load_county

SAMPLE = Path(__file__).parents[2] / "data" / "caseload_extract.csv"
HEADINGS = ("TeamName", "TeamParentName", "InvolvementCaseload")


def load_shire(office: Office, when: datetime) -> County:
    """The eleven teams of the sample below their service areas, and nobody in them."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    areas = [{"name": name} for name in sorted({row["TeamParentName"] for row in rows})]
    teams = [{"name": row["TeamName"], "part_of": row["TeamParentName"]} for row in rows]
    return load_county(office, when, Organisation.model_validate({"teams": [*areas, *teams]}))


def in_csv(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "extract.csv"
    path.write_bytes(text.encode(encoding))
    return path


def in_workbook(folder: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(list(row))
    path = folder / "extract.xlsx"
    workbook.save(path)
    return path


def lines(folder: Path, *rows: str, headings: str = ",".join(HEADINGS)) -> Extract:
    """A CSV of these rows below the usual headings."""
    return read(in_csv(folder, "\n".join([headings, *rows]) + "\n"))
