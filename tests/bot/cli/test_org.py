"""`complaints org load` with files as people really write them: what it says of each mistake, and that nothing of it is kept."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import build
from storage.office import Office
from tests.county import County
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

GOOD = """
themes = ["Delay"]
[[teams]]
name = "Harbour"
part_of = "Localities"
[[people]]
slack_id = "U0WREN"
name = "Wren Alder"
roles = [{ role = "named_manager", team = "harbour" }]
"""

NOT_TOML = {
    "a bracket that is missing": ('[[teams]]\nname = "Harbour"\n[[teams]\nname = "Quay"\n', "line 3"),
    "a quotation mark that is missing": ('[[teams]]\nname = "Harbour\n', "line 2"),
    "the same key twice": ('[[teams]]\nname = "Harbour"\nname = "Quay"\n', "line 3"),
    "JSON": ('{"teams": []}', "line 1"),
    "a text without quotation marks": ("[[teams]]\nname = Harbour\n", "line 2"),
    "lists in lists without end": (f"themes = {'[' * 3000}", "nested too deep"),
    "a number without end": (f"themes = {'9' * 5000}", "too long"),
}

# The file, and what has to be in the answer: the place, then what is wrong or what may stand there.
DOES_NOT_FIT = {
    "a role nobody knows": (
        '[[people]]\nslack_id = "U0WREN"\nname = "Wren"\nroles = [{ role = "boss" }]\n',
        ["people, number 1, roles, number 1, role", "'handler'", "'viewer'"],
    ),
    "a manager of no team": (
        '[[people]]\nslack_id = "U0WREN"\nname = "Wren"\nroles = [{ role = "named_manager" }]\n',
        ["people, number 1, roles, number 1", "a named manager needs a team"],
    ),
    "a team without a name": ('[[teams]]\nname = "Quay"\n[[teams]]\npart_of = "East"\n', ["teams, number 2, name"]),
    "an empty name": ('[[teams]]\nname = "   "\n', ["teams, number 1, name", "at least 1 character"]),
    "a name that is too long": (
        f'[[teams]]\nname = "{"x" * 76}"\n',
        ["teams, number 1, name", "at most 75 characters"],
    ),
    "a theme that is too long": (f'themes = ["Delay", "{"x" * 76}"]\n', ["themes, number 2", "at most 75 characters"]),
    "a theme with a character nobody sees": (
        'themes = ["Delay", "De\\u0000lay"]\n',
        ["themes", "can't be printed in it"],
    ),
    "a number for a name": ("[[teams]]\nname = 7\n", ["teams, number 1, name", "string"]),
    "one team instead of a list": ('[teams]\nname = "Harbour"\n', ["teams"]),
    "an hour that no day has": (
        '[[people]]\nslack_id = "U0WREN"\nname = "Wren"\nnudge_hour = 25\n',
        ["people, number 1, nudge_hour", "23"],
    ),
    "a date in words": ('[[teams]]\nname = "Harbour"\nopened = "1 April"\n', ["teams, number 1, opened", "date"]),
    "a time zone nobody knows": (
        '[[people]]\nslack_id = "U0WREN"\nname = "Wren"\ntz = "GMT+1"\n',
        ["people, number 1, tz", "Europe/London"],
    ),
    "an e-mail address for a Slack id": (
        '[[people]]\nslack_id = "wren@example.org"\nname = "Wren"\n',
        ["people, number 1, slack_id"],
    ),
    "a channel's name for its id": ('[[teams]]\nname = "Harbour"\nchannel = "#quay"\n', ["teams, number 1, channel"]),
    "a word that has no meaning here": (
        '[[teams]]\nname = "Harbour"\nmanager = "U0WREN"\n',
        ["teams, number 1, manager"],
    ),
    "a fixed allocation to nobody": (
        '[[teams]]\nname = "Harbour"\nallocation = "fixed"\n',
        ["teams, number 1", "fixed_manager"],
    ),
    "the same team twice": (
        '[[teams]]\nname = "Harbour"\n[[teams]]\nname = "HARBOUR"\n',
        ["the same team is here twice: harbour"],
    ),
    "the same person twice": (
        '[[people]]\nslack_id = "U0WREN"\nname = "Wren"\n' * 2,
        ["the same person is here twice: U0WREN"],
    ),
    "two mistakes at once": (
        "[[teams]]\nname = 7\n[[people]]\nname = 'Wren'\n",
        ["teams, number 1, name", "people, number 1, slack_id"],
    ),
}

# Each is found only while it is being written, so that everything before it has to be undone.
REFUSED = {
    "a role for a team nobody knows": (
        '[[teams]]\nname = "Harbour"\n[[people]]\nslack_id = "U0WREN"\nname = "Wren"\n'
        'roles = [{ role = "named_manager", team = "Harbor" }]\n',
        ["Wren is named manager of Harbor", "no team of that name"],
    ),
    "a service area nobody knows": (
        '[[teams]]\nname = "Quay"\n[[teams]]\nname = "Harbour"\npart_of = "Localties"\n',
        ["Harbour is part of Localties", "no team of that name"],
    ),
    "two teams that are part of each other": (
        '[[teams]]\nname = "Quay"\npart_of = "Harbour"\n[[teams]]\nname = "Harbour"\npart_of = "Quay"\n',
        ["would be part of itself", "Check part_of"],
    ),
    "a team that is part of itself": ('[[teams]]\nname = "Quay"\npart_of = "quay"\n', ["Quay would be part of itself"]),
    "an area put below a team that is below it already": (
        '[[teams]]\nname = "Localities"\npart_of = "East"\n',
        ["would be part of itself"],
    ),
    "a fixed manager who is not there": (
        '[[teams]]\nname = "Harbour"\nallocation = "fixed"\nfixed_manager = "U0WREN"\n',
        ["Harbour has U0WREN as its manager", "not among the people"],
    ),
}


@pytest.fixture
def loaded(county: County, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Office:
    """A register with a county in it, which the command line finds through the environment."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return county.office


def load(file: str | Path) -> Result:
    return CliRunner().invoke(build(), ["org", "load", str(file)])


def refused(office: Office, file: str | Path) -> str:
    """What is said of a file; every row of the register is as it was, and no trace of a stack is shown."""
    before = contents(office)
    result = load(file)
    assert contents(office) == before
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    assert "site-packages" not in result.output
    return " ".join(result.output.split())


def test_a_good_file_is_loaded_and_a_second_time_changes_nothing(loaded: Office, tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    file.write_text(GOOD, "utf-8")
    first = load(file)
    assert first.exit_code == 0, first.output
    assert first.output.strip() == "1 teams, 1 people, 1 roles, 0 outsiders and 1 themes are in the register."
    before = contents(loaded)
    assert load(file).exit_code == 0
    assert contents(loaded) == before


def test_line_ends_of_any_machine_will_do(loaded: Office, tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    file.write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert load(file).exit_code == 0


@pytest.mark.parametrize("mistake", NOT_TOML)
def test_what_is_not_toml_is_refused_with_its_line(loaded: Office, tmp_path: Path, mistake: str) -> None:
    text, place = NOT_TOML[mistake]
    file = tmp_path / "org.toml"
    file.write_text(text, "utf-8")
    said = refused(loaded, file)
    assert "is not TOML" in said
    assert str(file.name) in said
    assert place in said


@pytest.mark.parametrize("mistake", DOES_NOT_FIT)
def test_what_does_not_fit_is_refused_with_its_place(loaded: Office, tmp_path: Path, mistake: str) -> None:
    text, expected = DOES_NOT_FIT[mistake]
    file = tmp_path / "org.toml"
    file.write_text(text, "utf-8")
    said = refused(loaded, file)
    assert said.startswith("Nothing was written. Mend these first:")
    for part in expected:
        assert part in said


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_the_register_refuses_is_undone_whole(loaded: Office, tmp_path: Path, mistake: str) -> None:
    text, expected = REFUSED[mistake]
    file = tmp_path / "org.toml"
    file.write_text(text, "utf-8")
    said = refused(loaded, file)
    assert said.startswith("Nothing was written.")
    for part in expected:
        assert part in said


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_a_file_in_another_encoding_is_refused_by_its_name(loaded: Office, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "org.toml"
    file.write_bytes('[[teams]]\nname = "Café Quay"\n'.encode(encoding))
    said = refused(loaded, file)
    assert file.name in said
    assert "utf-8" in said.lower()


def test_a_file_that_is_not_text_at_all_is_refused(loaded: Office, tmp_path: Path) -> None:
    file = tmp_path / "org.xlsx"
    file.write_bytes(b"PK\x03\x04\x00\x01\x02\xff")
    assert file.name in refused(loaded, file)


@pytest.mark.parametrize("name", ["absent.toml", "no such folder/absent.toml"])
def test_a_file_that_is_not_there_is_said_to_be_not_there(loaded: Office, name: str) -> None:
    assert refused(loaded, name) == f"There is no file {name}."


def test_without_a_file_the_usage_is_shown(loaded: Office) -> None:
    result = CliRunner().invoke(build(), ["org", "load"])
    assert result.exit_code == 2
    assert "Usage" in result.output


def test_a_database_that_is_away_is_told_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: Office
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")
    file = tmp_path / "org.toml"
    file.write_text(GOOD, "utf-8")
    assert "The register can't be reached" in refused(loaded, file)


def test_the_example_is_refused_until_it_names_people_and_then_is_a_whole_organisation(
    county: County, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    example = (Path(__file__).parents[3] / "docs" / "organisation.example.toml").read_text("utf-8")
    before = contents(county.office)
    (tmp_path / "ours.toml").write_text(example, "utf-8")
    refused = CliRunner().invoke(build(), ["org", "load", "ours.toml"])
    assert refused.exit_code == 1
    assert refused.output.count("a Slack id is letters and digits") == example.count("slack_id = ")
    assert contents(county.office) == before
    for number, placeholder in enumerate(
        ("their Slack id too", "their Slack id", "another Slack id", "one more Slack id"), start=1
    ):
        example = example.replace(placeholder, f"U0EXAMPLE{number}")
    (tmp_path / "ours.toml").write_text(example, "utf-8")
    loaded = CliRunner().invoke(build(), ["org", "load", "ours.toml"])
    assert loaded.exit_code == 0, loaded.output
    assert loaded.output.startswith("2 teams, 4 people, 4 roles, 1 outsiders and 3 themes")
