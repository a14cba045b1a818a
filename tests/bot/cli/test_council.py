"""`complaints procedure` and `complaints settings`, as somebody types them."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from storage import procedures
from storage.database import Database
from storage.models import Stage
from storage.procedures.rules import Sourced
from tests.bot.cli.keyboard import THURSDAY, Typed, at_the_keyboard, received_on_monday
from tests.county import County
from tests.storage.procedures.test_files import SHIPPED, SMALL
from tests.storage.witness import contents

CHANGED = (
    SHIPPED["statutory"]
    .replace('version = "1"', 'version = "2"')
    .replace("working_days = 10\n", "working_days = 15\n", 1)
)


@pytest.fixture
def typed(county: County, database: Database, monkeypatch: pytest.MonkeyPatch) -> Typed:
    return at_the_keyboard(database, THURSDAY, monkeypatch)


@pytest.fixture
def reference(county: County) -> str:
    return received_on_monday(county)


@pytest.fixture
def now() -> datetime:
    return THURSDAY


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The statutory procedure with fifteen days, as a council's own version 2."""
    file = tmp_path / "own.toml"
    file.write_text(CHANGED, "utf-8")
    return file


def due_on(county: County, now: datetime) -> date:
    with county.office.look(None, now) as desk:
        return desk.session.exec(select(Stage)).one().due_on


# --- procedures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", procedures.shipped())
def test_every_rule_is_shown_with_its_source_and_how_sure_it_is(typed: Typed, name: str) -> None:
    said = " ".join(typed("procedure", "show", name).split())
    procedure = procedures.shipped()[name]
    sourced: list[Sourced] = [procedure.acknowledgement]
    for stage in procedure.stages:
        assert f"Stage {stage.number}: {stage.title}" in said
        sourced += [stage.limit, *stage.legs, *stage.steps, *stage.posts, *stage.pauses]
        sourced += [stage.maximum] if stage.maximum else []
    for rule in sourced:
        assert rule.source in said
    assert said.count("A reputable account of the law: ") == sum(rule.certainty == "guide" for rule in sourced)
    assert said.count(" Law: ") == sum(rule.certainty == "law" for rule in sourced)
    for outcome in procedure.outcomes:
        assert f"{outcome.key}: {outcome.label}" in said


def test_the_law_of_stage_3_is_said_in_words(typed: Typed) -> None:
    said = " ".join(typed("procedure", "show", "statutory").split())
    assert "Panel meets within 30 working days, counted from the request" in said
    assert "Panel's report within 5 working days, counted from the step before; lateness needs a reason" in said
    assert "Response within 15 working days, counted from the step before; lateness needs a reason" in said


def test_what_is_only_believed_is_flagged(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, "utf-8")
    typed("procedure", "load", str(file))
    assert "! believed, not confirmed: The council's own procedure" in typed("procedure", "show", "housing")
    assert "!" not in typed("procedure", "show", "corporate")
    said = " ".join(typed("procedure", "show", "statutory").split())
    assert said.count("! believed, not confirmed") == 1
    assert "To be asked for within 20 working days of the response before" in said


def test_procedures_are_listed_with_their_versions_and_open_complaints(typed: Typed, reference: str, own: Path) -> None:
    assert (
        "statutory: Children's statutory procedure\n  version 1, new complaints begin under it: 1 open complaint\n"
        in (typed("procedure", "list"))
    )
    typed("procedure", "load", str(own))
    said = typed("procedure", "list")
    assert "  version 1: 1 open complaint\n  version 2, new complaints begin under it: 0 open complaints\n" in said


def test_loading_says_which_open_complaints_stay_on_an_older_version(
    typed: Typed, county: County, now: datetime, reference: str, own: Path
) -> None:
    said = typed("procedure", "load", str(own))
    assert said == (
        "New complaints begin under version 2 of statutory now.\n"
        "  1 open complaint on version 1, which they began under\n"
    )
    assert due_on(county, now) == date(2026, 11, 16)
    assert "within 15 working days" in typed("procedure", "show", "statutory")
    assert "within 10 working days" in typed("procedure", "show", "statutory", "--version", "1")
    assert "under version 2 of statutory already." in typed("procedure", "load", str(own))


def test_a_file_can_be_checked_without_a_database_and_changes_nothing(
    typed: Typed, county: County, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(county.office)
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert "version 2, can be loaded: 3 stages and 11" in typed("procedure", "check", str(own))
    assert contents(county.office) == before


@pytest.mark.parametrize("command", ["check", "load"])
def test_every_mistake_in_a_file_is_told_by_its_line(
    typed: Typed, county: County, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(SMALL.replace("working_days = 5", "working_days = 0").replace('"Answer"', '""'), "utf-8")
    before = contents(county.office)
    said = typed("procedure", command, str(file), fails=True)
    assert said.startswith("line 6: acknowledgement.working_days is wrong")
    assert "\nline 12: stages.1.title is too short" in said
    assert contents(county.office) == before


def test_other_rules_under_a_version_in_use_are_refused(typed: Typed, own: Path) -> None:
    typed("procedure", "load", str(own))
    own.write_text(CHANGED.replace("working_days = 15\n", "working_days = 12\n"), "utf-8")
    assert "Give the changed procedure a new version." in typed("procedure", "load", str(own), fails=True)


def test_what_is_not_there_is_refused_in_words(typed: Typed, tmp_path: Path) -> None:
    assert "There are statutory, adults and corporate." in typed("procedure", "show", "housing", fails=True)
    assert "It has 1." in typed("procedure", "show", "adults", "--version", "7", fails=True)
    assert "can't be read" in typed("procedure", "check", str(tmp_path / "none.toml"), fails=True)
    (tmp_path / "picture.toml").write_bytes(b"\xff\xd8\xff\xe0")
    assert "is not a text file" in typed("procedure", "check", str(tmp_path / "picture.toml"), fails=True)


# --- settings -------------------------------------------------------------------------------------------------------


def test_settings_are_shown_with_value_default_and_what_they_do(typed: Typed) -> None:
    typed("settings", "set", "due_soon_days", "5")
    said = typed("settings", "show")
    assert "due_soon_days = 5\n    working days left at which a stage counts as due soon\n    Default: 3\n" in said
    assert "retention_years = 6\n" in said
    assert "This is the default." in said


def test_a_setting_that_moves_clocks_says_which(typed: Typed, reference: str) -> None:
    said = typed("settings", "set", "count_from", "same_day")
    assert said.startswith("count_from = same_day\n1 open stage got a new due date")
    assert "  CS-2026-0001 stage 1: due 13 November 2026, was 16 November 2026\n" in said
    assert "No open stage has another due date." in typed("settings", "set", "count_from", "same_day")


def test_lists_are_set_as_json_and_words_as_they_stand(typed: Typed, county: County, now: datetime) -> None:
    typed("settings", "set", "contact_methods", '["Letter", "E-mail"]')
    typed("settings", "set", "reference_prefix", "CC")
    with county.office.look(None, now) as desk:
        assert desk.policy.contact_methods == ("Letter", "E-mail")
        assert desk.policy.reference_prefix == "CC"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("colour", "red", "There is no setting"),
        ("due_soon_days", "soon", "due_soon_days can't be set to that: write a number."),
        ("due_soon_days", "99", "due_soon_days can't be set to that: write 20 or less."),
        ("retention_runs_by_itself", "perhaps", "retention_runs_by_itself can't be set to that: write true or false."),
        ("amber_percent", "95", "amber_percent must be below green_percent"),
        ("contact_methods", "Letter", "contact_methods can't be set to that"),
        ("reference_prefix", "12", "reference_prefix can't be set to that"),
        ("reference_prefix", "[" * 3000, "reference_prefix can't be set to that"),
    ],
)
def test_a_setting_that_will_not_do_is_refused(typed: Typed, county: County, key: str, value: str, said: str) -> None:
    before = contents(county.office)
    assert said in typed("settings", "set", key, value, fails=True)
    assert contents(county.office) == before


def test_bytes_that_are_no_text_name_no_version_and_break_nothing(typed: Typed) -> None:
    assert "Children's statutory procedure" in typed("procedure", "show", "--version", "\ud800", "--", "statutory")
    assert "There is no procedure" in typed(
        "procedure", "show", "--version", "\ud8001", "--", "nonsense\udcff", fails=True
    )
