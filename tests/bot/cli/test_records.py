"""`complaints retention`, `hold`, `unhold` and `subject-access`, as somebody types them."""

import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel
from typer.testing import CliRunner

from bot.cli import build, readable, records
from storage import register, subject_access
from storage.models import metadata
from storage.office import Office
from storage.register import NewComplaint, Response, ombudsman, requests, retention
from storage.register.ombudsman import NewRemedy
from storage.register.requests import Extension
from storage.vocabulary import MessageKind, OmbudsmanDecision
from tests import county as people
from tests.county import County, load_county
from tests.storage.register.test_retention import send_all
from tests.storage.witness import contents

pytestmark = pytest.mark.slow

# Closed on Wednesday 4 March 2020, so that with six years it is due from 5 March 2026.
THEN = datetime(2020, 3, 4, 10, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)
SUMMARY = "Nobody answered letters for three weeks."
REASON = "A claim has been announced."


@pytest.fixture
def county(office: Office) -> County:
    """The county, there since long before."""
    return load_county(office, THEN - timedelta(days=400))


@pytest.fixture
def reference(county: County) -> str:
    """A complaint that went through a good deal, closed on 4 March 2020."""
    begun = THEN - timedelta(days=9)
    with county.office.change(people.HANDLER, begun) as desk:
        new = NewComplaint(
            received_on=begun.date(),
            lead_team_id=county.teams["East"],
            other_team_ids=(county.teams["West"],),
            theme_ids=(county.themes["Delay"],),
            summary=SUMMARY,
            customer_group="Parent",
            contact_method="Letter",
            correspondence_ref="LET/2020/7",
        )
        reference = register.record(desk, new).reference
        register.allocate(desk, reference, county.people[people.MANAGER])
    with county.office.change(people.MANAGER, THEN) as desk:
        asked = Extension(until=date(2020, 3, 12), reason="Two teams have to be asked.")
        request = requests.ask_extension(desk, reference, asked)
    with county.office.change(people.SENIOR, THEN) as desk:
        requests.decide(desk, request.id or 0, granted=True)
    with county.office.change(people.HANDLER, THEN) as desk:
        register.respond(desk, reference, Response(responded_on=THEN.date(), outcome="no_fault"))
        ombudsman.decided(desk, reference, THEN.date(), OmbudsmanDecision.FAULT)
        remedy = NewRemedy(text="Apologise in writing.", owner_id=county.people[people.SENIOR], due_on=THEN.date())
        ombudsman.remedy_done(desk, ombudsman.remedy_agreed(desk, reference, remedy).id or 0)
    return reference


@pytest.fixture
def typed(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Typed":
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(records, "real_clock", lambda: NOW)
    return Typed()


class Typed:
    """What is typed at the command line, and what came of it."""

    def __call__(self, *words: str, answer: str | None = None, fails: bool = False) -> str:
        result = CliRunner().invoke(build(), list(words), input=answer)
        assert (result.exit_code != 0) is fails, result.output
        return result.output


def test_a_dry_run_lists_what_is_due_and_changes_nothing(county: County, reference: str, typed: Typed) -> None:
    before = contents(county.office)
    said = typed("retention", "--dry-run")
    assert f"{reference}, closed on 4 March 2020: 3 texts" in said
    assert "1 complaint and 0 compliments are due: from before 5 March 2020, which is 6 years ago" in said
    assert contents(county.office) == before


def test_it_clears_only_after_a_yes(county: County, reference: str, typed: Typed) -> None:
    before = contents(county.office)
    said = typed("retention", answer="n\n")
    assert "Nothing can bring the texts back" in said
    assert "Nothing was cleared." in said
    assert contents(county.office) == before
    assert "1 complaint and 0 compliments are cleared: 3 texts." in typed("retention", answer="y\n")
    assert SUMMARY not in str(contents(county.office))


def test_with_yes_it_asks_nothing_and_a_second_run_finds_nothing(county: County, reference: str, typed: Typed) -> None:
    assert "1 complaint and 0 compliments are cleared" in typed("retention", "--yes")
    again = typed("retention", "--yes")
    assert "0 complaints and 0 compliments are due" in again
    assert "cleared" not in again


def test_it_says_how_many_messages_in_slack_will_be_changed(county: County, reference: str, typed: Typed) -> None:
    send_all(county, THEN)
    assert "The worker will change 7 messages in Slack" in typed("retention", "--yes")


def test_a_hold_keeps_a_complaint_until_it_is_lifted(county: County, reference: str, typed: Typed) -> None:
    assert f"{reference} is held. Lift it with complaints unhold" in typed("hold", reference, "--reason", REASON)
    assert "0 complaints" in typed("retention", "--yes")
    assert "is held already" in typed("hold", reference, "--reason", REASON, fails=True)
    assert "is not held any longer" in typed("unhold", reference, "--reason", "The claim was settled.")
    assert "1 complaint and 0 compliments are cleared" in typed("retention", "--yes")


def test_a_hold_that_cannot_be_is_refused_in_words(county: County, reference: str, typed: Typed) -> None:
    assert "Missing option" in typed("hold", reference, fails=True)
    assert "phone number" in typed("hold", reference, "--reason", "Ring 07700 900123", fails=True)
    assert "There is no complaint CS-2020-0099" in typed("hold", "CS-2020-0099", "--reason", REASON, fails=True)


def test_everything_about_a_complaint_is_printed_in_plain_english(county: County, reference: str, typed: Typed) -> None:
    said = typed("subject-access", reference)
    for line in (
        f"Everything the complaints register holds about {reference}",
        "Received: 24 February 2020",
        "Lead team: East",
        "Customer group: Parent",
        "Correspondence ref: LET/2020/7",
        "Other team: West",
        "Theme: Delay",
        "Mabel Eastwood: owns the complaint; owned a stage of the complaint",
        f"About summary: {SUMMARY}",
        "About extension: Two teams have to be asked.",
        "Sefton Hale approved the extension to 12 March 2020.",
        "The complaint's card, to the complaints channel: asked for at 10:00 on 24 February 2020, pending.",
        "to a direct message to Mabel Eastwood",
        "Ombudsman decided on 4 March 2020: fault found",
        "Band: within limit; Outcome: No fault",
    ):
        assert line in said, line
    assert "_" not in said.replace(reference, "")


def test_everything_is_written_as_json_and_as_text_for_nobody_else_to_read(
    county: County, reference: str, typed: Typed, tmp_path: Path
) -> None:
    typed("subject-access", reference, "--output", "export.json")
    found = json.loads((tmp_path / "export.json").read_text("utf-8"))
    assert [one["kind"] for one in found["history"]] == [
        "received", "allocated", "extension_asked", "extension_approved", "responded", "ombudsman_decided", "remedy_agreed",
        "remedy_done",
    ]  # fmt: skip
    assert found["history"][0]["text"] == SUMMARY
    assert SUMMARY in found["history"][0]["said"]
    assert found["complaint"]["handler"] == "Hester Quill"
    assert found["remedies"][0]["owner"] == "Sefton Hale"
    assert "Everything the complaints register holds" in (tmp_path / "export.txt").read_text("utf-8")
    for name in ("export.json", "export.txt"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_an_export_never_writes_over_a_file(county: County, reference: str, typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "export.txt").write_text("mine", "utf-8")
    assert "is there already" in typed("subject-access", reference, "--output", "export.json", fails=True)
    assert not (tmp_path / "export.json").exists()
    assert "can't be written" in typed("subject-access", reference, "--output", "nowhere/export.json", fails=True)


def test_an_export_of_what_was_cleared_says_when_and_holds_nothing_of_it(
    county: County, reference: str, typed: Typed, tmp_path: Path
) -> None:
    retention.run(county.office, NOW)
    said = typed("subject-access", reference)
    assert "On 5 March 2026, under the council's retention rule" in said
    assert "About summary: cleared on 5 March 2026" in said
    typed("subject-access", reference, "--output", "export.json")
    for text in (said, (tmp_path / "export.json").read_text("utf-8")):
        for gone in (SUMMARY, "Two teams", "Apologise", "Parent", "LET/2020"):
            assert gone not in text


def test_a_reference_that_is_not_there_is_refused(county: County, typed: Typed) -> None:
    assert "There is no complaint CS-2020-0099" in typed("subject-access", "CS-2020-0099", fails=True)


def test_every_table_that_belongs_to_a_complaint_is_in_the_export() -> None:
    """Screens nothing out, also when a table is added."""
    belonging = {"complaint"}
    while True:
        more = {
            table.name
            for table in metadata.sorted_tables
            if any(key.column.table.name in belonging for column in table.columns for key in column.foreign_keys)
        }
        if more <= belonging:
            break
        belonging |= more
    covered = {_table(model) for model, _belongs, _order in subject_access.SECTIONS.values()}
    assert belonging == covered | {"complaint"}


def test_every_part_that_a_person_can_have_is_said() -> None:
    people_in = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in {"person", "outsider"}
    }
    covered = {_table(model) for model, _belongs, _order in subject_access.SECTIONS.values()} | {"complaint"}
    assert {one for one in people_in if one.split(".")[0] in covered} == set(subject_access.PARTS)


def test_every_message_is_called_something() -> None:
    assert set(readable.MESSAGES) == set(MessageKind)


def _table(model: type[SQLModel]) -> str:
    return str(model.__tablename__)
