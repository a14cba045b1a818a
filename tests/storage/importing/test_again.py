"""A file that is brought in again: what its rows are known by, and that nothing that people wrote can be guessed from it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage import importing
from storage.importing import Sheet
from storage.models import Complaint, Event
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.helpers import quiet, table, tried
from tests.storage.tampering import tamper

HEADINGS = ["Reference", "Received", "Team", "Summary", "Correspondence reference"]
ROW = ["B/1", "2026-11-16", "East", "Calls were not returned.", "LET/44"]
LOOSE = ["", "2026-11-16", "East", "A review was put off twice.", ""]


def digest(**fields: object) -> str:
    """What Part 1 kept of a row: spelled out here, since registers hold it."""
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:32]


def bring(county: County, sheet: Sheet) -> tuple[int, int, int]:
    done = importing.bring_in(county.office, sheet, MONDAY, progress=quiet)
    return done.new, done.already_here, len(done.rejected)


def test_what_stays_of_a_row_says_nothing_of_its_texts_and_references(county: County, tmp_path: Path) -> None:
    """The same with every text and reference another: whoever guesses one has nothing to try it on."""
    others = [["B/2", *ROW[1:3], "Nobody came.", "LET/45"], [*LOOSE[:3], "Nobody wrote back.", "LET/46"]]
    bring(county, table(tmp_path, HEADINGS, ROW, LOOSE, *others))
    with county.office.look(None, MONDAY) as desk:
        kept = [event.data["content"] for event in desk.session.exec(select(Event).order_by(col(Event.id)))]
        keys = [one.imported_key for one in desk.session.exec(select(Complaint).order_by(col(Complaint.id)))]
    assert kept == [digest(lead_team_id=county.teams["East"], procedure="statutory", received_on="2026-11-16")] * 4
    assert keys == ["B/1", f"row:{kept[0]}:1", "B/2", f"row:{kept[0]}:2"]


def test_a_row_is_known_again_whatever_its_texts_say_now(county: County, tmp_path: Path) -> None:
    first = table(tmp_path, HEADINGS, ROW, LOOSE)
    assert bring(county, first) == (2, 0, 0)
    assert bring(county, first) == (0, 2, 0)
    reworded = table(tmp_path, HEADINGS, [*ROW[:3], "No call was returned.", ""], [*LOOSE[:3], "", ""])
    assert bring(county, reworded) == (0, 2, 0)
    assert bring(county, table(tmp_path, HEADINGS, ["B/1", "2026-11-17", *ROW[2:]])) == (0, 0, 1)


def test_two_rows_of_one_file_with_one_reference_and_other_texts_are_still_pointed_out(
    county: County, tmp_path: Path
) -> None:
    twice = table(tmp_path, HEADINGS, ROW, ROW, [*ROW[:3], "Nobody came.", ""])
    preview = tried(county.office, twice)
    assert (preview.new, preview.already_here, [one.row_number for one in preview.rejected]) == (1, 1, [4])


@pytest.fixture
def part_1(county: County, tmp_path: Path) -> County:
    """What Part 1 made of the two rows: digests over everything that was in them."""
    bring(county, table(tmp_path, HEADINGS, ROW, LOOSE))
    facts = {"lead_team_id": county.teams["East"], "procedure": "statutory", "received_on": "2026-11-16"}
    named = digest(**facts, summary=ROW[3], reference=ROW[0], correspondence_ref=ROW[4])
    loose = digest(**facts, summary=LOOSE[3])
    data = json.dumps({"team": county.teams["East"], "procedure": "statutory", "content": "CONTENT"})
    tamper(
        county.office.database,
        *(
            f"UPDATE event SET data = '{data.replace('CONTENT', content)}' WHERE complaint_id = :{which}"  # noqa: S608
            for which, content in (("a", named), ("b", loose))
        ),
        f"UPDATE complaint SET imported_key = 'row:{loose}:1' WHERE id = :b",  # noqa: S608
    )
    return county


def test_what_part_1_brought_in_is_known_again(part_1: County, tmp_path: Path) -> None:
    again = table(tmp_path, HEADINGS, ROW, LOOSE)
    preview = tried(part_1.office, again)
    assert (preview.new, preview.already_here, preview.rejected) == (0, 2, [])
    assert bring(part_1, again) == (0, 2, 0)
    another = table(tmp_path, HEADINGS, ROW, LOOSE, [*LOOSE[:3], "Nobody came.", ""])
    assert bring(part_1, another) == (1, 2, 0)
    assert bring(part_1, another) == (0, 3, 0)
