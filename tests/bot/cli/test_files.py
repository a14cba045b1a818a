"""`complaints import`, as somebody types it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build, files
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.importing.stages import ANSWERED, FURTHER, PANEL, UNANSWERED, stages_sheet
from tests.storage.witness import contents

Type = Callable[..., str]


@pytest.fixture
def typed(county: County, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types at the command line in a folder with a spreadsheet of these rows; what came of it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "real_clock", lambda: MONDAY)

    def type_(*words: str, rows: list[dict[str, str]], answer: str | None = None) -> str:
        stages_sheet(tmp_path, *rows)
        result = CliRunner().invoke(build(), ["import", "complaints.csv", *words], input=answer)
        assert result.exit_code == 0, result.output
        return "".join(line for line in result.output.splitlines(keepends=True) if line.strip())

    return type_


def test_later_stages_are_counted_asked_about_and_brought_in(typed: Type, county: County) -> None:
    rows = [PANEL, UNANSWERED, ANSWERED | {"Reference": "K/2"}, FURTHER, FURTHER | {"Reference": "K/3"}]
    before = contents(county.office)
    said = typed(rows=rows, answer="n\n").replace("\n", " ")
    assert "row 6: Reference: There is no complaint of this reference in the register" in said
    assert "2 new (1 open, 1 closed, 0 not proceeded), 0 already here, 1 rejected." in said
    assert "New later stages: 1 at stage 2, 1 at stage 3." in said
    assert (
        "1 of them came after a stage that was not answered. That stage ends, late, on the day the next was asked for."
        in said
    )
    assert (
        "Bring in 2 complaints and 2 later stages (1 at stage 2, 1 at stage 3)? [y/N]: n Nothing was written." in said
    )
    assert contents(county.office) == before
    said = typed("--yes", rows=rows)
    assert said.endswith(
        "2 complaints and 2 later stages (1 at stage 2, 1 at stage 3) brought in.\n"
        "This was import 1. complaints undo-import 1 takes it back.\n"
    )
    said = typed("--yes", rows=rows)
    assert "0 new (0 open, 0 closed, 0 not proceeded), 4 already here, 1 rejected." in said
    assert "brought in" not in said
    assert "later stages" not in said


def test_a_file_of_later_stages_alone_is_brought_in(typed: Type) -> None:
    assert "\n1 complaint brought in.\n" in typed("--yes", rows=[ANSWERED])
    assert typed(rows=[FURTHER], answer="y\n").endswith(
        "Bring in 1 later stage (1 at stage 2)? [y/N]: y\n1 later stage (1 at stage 2) brought in.\n"
        "This was import 2. complaints undo-import 2 takes it back.\n"
    )


def test_nothing_is_written_by_a_dry_run(typed: Type, county: County) -> None:
    before = contents(county.office)
    assert "New later stages: 1 at stage 2." in typed("--dry-run", rows=[ANSWERED, FURTHER])
    assert contents(county.office) == before


HEADINGS = "Ref no,Dt recieved,Team,Date respnded,Result,Dept memo\n"
ROWS = "C/1,03/11/2026,East,12/11/2026,Not upheld,x\nC/2,09/11/2026,West,,,y\n"


@pytest.fixture
def messy(typed: Type, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """A spreadsheet as somebody kept it for years, with headings of their own."""

    def type_(*words: str, text: str = HEADINGS + ROWS) -> tuple[int, str]:
        (tmp_path / "ours.csv").write_text(text, encoding="utf-8")
        result = CliRunner().invoke(build(), ["import", "ours.csv", *words])
        return result.exit_code, " ".join(result.output.split())

    return type_


def test_a_needed_heading_with_a_slip_in_it_is_proposed_and_can_be_said(messy: Callable[..., tuple[int, str]]) -> None:
    code, said = messy()
    assert code == 1
    assert 'Perhaps --as "Dt recieved=received" and --as "Date respnded=responded".' in said
    code, said = messy("--dry-run", "--as", "Dt recieved=received")
    assert code == 0
    assert "Ref no → reference" in said
    assert "Dt recieved → received" in said
    assert 'Date respnded → not used. If it is responded, add: --as "Date respnded=responded"' in said
    assert "1 new (1 open" in said


def test_the_first_rows_are_shown_as_they_were_understood(messy: Callable[..., tuple[int, str]]) -> None:
    _code, said = messy("--dry-run", "--as", "Dt recieved=received", "--as", "date respnded = responded")
    assert "As understood, for example" in said
    assert "C/1" in said
    assert "3 November 2026" in said
    assert "12 November 2026" in said
    assert "still open" in said


@pytest.mark.parametrize(
    ("as_", "told"),
    [
        ("Dt recieved", "is not a heading and a column"),
        ("Dt recieved=nonsense", "There is no column “nonsense”. --columns lists the columns there are."),
        ("Dt recieved=recieved", "There is no column “recieved”. Did you mean received?"),
        ("Dt receieved=received", "--as names a heading for “received” that isn't there. Found in row"),
        ("=received", "is not a heading and a column"),
        ("Child name=reference", "A column with personal data can't be brought in under another name"),
    ],
)
def test_what_cannot_be_read_so_is_refused_in_words(messy: Callable[..., tuple[int, str]], as_: str, told: str) -> None:
    code, said = messy("--as", as_)
    assert code == 1
    assert told in said


def test_the_name_of_a_member_of_staff_can_be_read_as_owner(messy: Callable[..., tuple[int, str]]) -> None:
    text = "Received,Team,Name of officer\n03/11/2026,East,Mabel Eastwood\n"
    code, said = messy("--dry-run", text=text)
    assert code == 1
    assert "seems to hold personal data" in said
    code, said = messy("--dry-run", "--as", "Name of officer=owner", text=text)
    assert code == 0
    assert "Name of officer → owner" in said


def test_a_heading_of_personal_data_is_never_proposed(messy: Callable[..., tuple[int, str]]) -> None:
    _code, said = messy(text="Received,Phone name\n03/11/2026,x\n")
    assert "--as" not in said
