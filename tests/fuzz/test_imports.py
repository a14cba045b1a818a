"""Spreadsheets of every kind: brought in, or refused in words that repeat nothing of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import checking, importing, register
from storage.errors import Refusal
from storage.importing import caseload as extracts
from tests.fuzz import sheets, words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.sheets import File
from tests.fuzz.site import Site
from tests.storage.importing.helpers import counted, quiet

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets")


def put(folder: Path, file: File) -> Path:
    path = folder / f"sheet.{file.ending}"
    path.write_bytes(file.content)
    return path


@inputs(25, share=0.02)
@given(sheets.file(sheets.rows()))
def test_a_sheet_of_complaints_is_brought_in_or_refused(site: Site, tries: Tries, folder: Path, file: File) -> None:
    if tries.over():
        return
    tries.tried += file.rows - 1
    office = site.office
    try:
        sheet = importing.read(put(folder, file))
        with office.look(None, world.NOW) as desk:
            preview = importing.check(desk, sheet, progress=quiet)
        try:
            outcome = importing.bring_in(office, sheet, world.NOW, progress=quiet, batch=3)
            assert counted(outcome) == counted(preview)
            again = importing.bring_in(office, sheet, world.NOW, progress=quiet)
            assert again.new == 0
            with office.look(None, world.NOW) as desk:
                assert checking.check(desk).differences == ()
        finally:
            site.put_back()
    except Refusal as refused:
        assert str(refused).strip()


@inputs(20, share=0.01)
@given(
    sheets.file(sheets.caseload()),
    st.one_of(st.none(), st.sampled_from(('cases = "InvolvementCaseload"', "team = 1", "[" * 2000)), words.written()),
)
def test_an_extract_of_the_caseload_is_kept_or_refused(
    site: Site, tries: Tries, folder: Path, file: File, columns: str | None
) -> None:
    if tries.over():
        return
    tries.tried += file.rows - 1
    try:
        mapped = extracts.parse(columns) if columns is not None else extracts.DEFAULT
        extract = extracts.read(put(folder, file), mapped)
        try:
            with site.office.change(None, world.NOW) as desk:
                judged = extracts.judge(desk, extract, world.TODAY)
                register.caseload.compare(desk, world.TODAY, judged.cases)
                if judged.cases:
                    register.caseload.take(desk, world.TODAY, judged.cases)
        finally:
            site.put_back()
    except Refusal as refused:
        assert str(refused).strip()
