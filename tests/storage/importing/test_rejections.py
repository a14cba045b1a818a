"""Every reason for leaving a row out, once; and that no reason repeats what stood in the row."""

from datetime import date, datetime
from pathlib import Path

import pytest

from storage.models import Person, Team
from storage.office import Office
from storage.vocabulary import Allocation
from tests.county import County, load_county
from tests.storage.importing.helpers import reasons, table, tried

BASE = {"reference": "A/1", "received": "2026-11-02", "team": "East"}

REASONS: dict[str, tuple[dict[str, str], str]] = {
    "no date received": ({"received": ""}, "received: This is blank. Put the day the complaint came in."),
    "received is no date": ({"received": "last week"}, "received: This is not a date. Write it like 31/12/2025"),
    "received does not exist": ({"received": "31/02/2026"}, "received: There is no such day. Write the day first"),
    "received in the future": ({"received": "2026-11-24"}, "received: This date is in the future."),
    "received too long ago": ({"received": "2005-12-31"}, "received: This date is before 2006. Check the year."),
    "no team": ({"team": ""}, "team: This is blank. Put the lead team."),
    "unknown team": ({"team": "Eastt"}, "team: Write the team’s name as it is in the register. The teams are: Localities, East"),
    "team not open yet": ({"team": "New team"}, "team: New team opened on 10 November 2026, after this complaint"),
    "team closed before": ({"team": "Old team"}, "team: Old team closed on 1 November 2026, before this complaint"),
    "team closed and complaint open": (
        {"team": "Old team", "received": "2026-10-01"},
        "team: Old team is not open today and this complaint is not closed yet.",
    ),
    "acknowledged before received": ({"acknowledged": "2026-11-01"}, "acknowledged: This date is before"),
    "acknowledged in the future": ({"acknowledged": "2027-11-01"}, "acknowledged: This date is in the future."),
    "acknowledged is no date": ({"acknowledged": "yes"}, "acknowledged: This is not a date. Write it like"),
    "acknowledged after the end": (
        {"acknowledged": "2026-11-06", "responded": "2026-11-05"},
        "acknowledged: This date is after the complaint was closed (5 November 2026).",
    ),
    "recorded before received": ({"recorded": "2026-11-01"}, "recorded: This date is before the complaint was received"),
    "responded before received": ({"responded": "2026-11-01"}, "responded: This date is before the complaint was received"),
    "responded in the future": ({"responded": "2026-12-01"}, "responded: This date is in the future. Leave it blank"),
    "withdrawn before received": ({"withdrawn": "2026-11-01"}, "withdrawn: This date is before the complaint was received"),
    "withdrawn is only said": ({"withdrawn": "yes"}, "withdrawn: This is not a date."),
    "responded and withdrawn": (
        {"responded": "2026-11-05", "withdrawn": "2026-11-06"}, "withdrawn: There is a date of response as well.",
    ),
    "outcome without a date": ({"outcome": "Upheld"}, "outcome: There is an outcome but no date."),
    "unknown outcome": (
        {"outcome": "Sorted", "responded": "2026-11-05"},
        "outcome: This is not an outcome of the Children's statutory procedure. The outcomes are: Fault found, Partial fault",
    ),
    "a finding though withdrawn": ({"outcome": "Upheld", "withdrawn": "2026-11-05"}, "outcome: This outcome goes with"),
    "withdrawn on another day": (
        {"outcome": "Withdrawn", "responded": "2026-11-05", "withdrawn": "2026-11-06"},
        "withdrawn: There is a date of response as well.",
    ),
    "extension without its day": ({"extended to": "2026-11-30"}, "extension agreed on: There is a new date but not the day"),
    "extension without its end": ({"extension agreed on": "2026-11-05"}, "extended to: An extension was agreed"),
    "extension before receipt": (
        {"extension agreed on": "2026-11-01", "extended to": "2026-11-30"}, "extension agreed on: This date is before",
    ),
    "extension after the end": (
        {"extension agreed on": "2026-11-06", "extended to": "2026-11-30", "responded": "2026-11-05"},
        "extension agreed on: This date is after the complaint was closed",
    ),
    "extension backwards": (
        {"extension agreed on": "2026-11-05", "extended to": "2026-11-04"}, "extended to: The new date is before the day",
    ),
    "extension for ever": (
        {"extension agreed on": "2026-11-05", "extended to": "2036-11-04"}, "extended to: The new date is more than a year",
    ),
    "unknown owner": ({"owner": "Nobody Atall"}, "owner: Nobody in the register has this Slack id or this name."),
    "two people of one name": ({"owner": "Robin Twofold"}, "owner: Several people in the register have this name."),
    "an owner who has left": ({"owner": "ULEFT0001"}, "owner: This person has left and the complaint is not closed yet."),
    "unknown other team": ({"other teams": "West; Nowhere"}, "other teams: Write the team’s name as it is in the register."),
    "unknown theme": ({"themes": "Delay; Delayy"}, "themes: One of the themes is not in the register. The themes are:"),
    "unknown customer group": ({"customer group": "Mrs Unlisted"}, "customer group: Write one of the council’s groups"),
    "unknown way": ({"how received": "Pigeon"}, "how received: Write one of the council’s ways of getting in touch."),
    "unknown procedure": ({"procedure": "Parking"}, "procedure: Leave this blank for the children’s statutory procedure."),
    "a stage that is no number": ({"stage": "second"}, "stage: Write the number of the stage, such as 2. Blank means stage 1."),
    "a summary with a number": ({"summary": "NHS number 943 476 5919"}, "summary: This text seems to hold an NHS number."),
    "a summary that is too long": ({"summary": "word " * 250}, "summary: Keep this to 1,000 characters; it has 1,249."),
    "a reference of odd signs": ({"reference": "A:1"}, "reference: Use letters, digits, spaces and . / - _ only"),
    "a reference that is a person's": ({"reference": "LCS 1234567"}, "reference: Nothing was saved: the text seems to hold"),
    "a correspondence reference of odd signs": ({"correspondence reference": "<b>"}, "correspondence reference: Use letters"),
}  # fmt: skip


@pytest.fixture
def register(county: County, now: datetime) -> Office:
    with county.office.change(None, now) as desk:
        for name, opened, closed in (("Old team", None, date(2026, 11, 1)), ("New team", date(2026, 11, 10), None)):
            desk.session.add(Team(name=name, opened_on=opened, closed_on=closed, allocation=Allocation.OFFERED))
        desk.session.add(Person(slack_id="UTWOFOLD1", name="Robin Twofold"))
        desk.session.add(Person(slack_id="UTWOFOLD2", name="Robin Twofold"))
        desk.session.add(Person(slack_id="ULEFT0001", name="Lefty Gone", leaves_on=date(2026, 10, 1)))
    return county.office


def test_every_reason_names_its_column_and_what_to_write_instead(register: Office, tmp_path: Path) -> None:
    headings = [*BASE, *sorted({name for cells, _ in REASONS.values() for name in cells} - set(BASE))]
    rows = []
    for number, (cells, _said) in enumerate(REASONS.values()):
        filled = {**BASE, "reference": f"A/{number}", **cells}
        rows.append([filled.get(heading, "") for heading in headings])
    found = reasons(register, table(tmp_path, headings, *rows))
    for number, (why, (cells, said)) in enumerate(REASONS.items(), start=2):
        given = found.pop(number, ())
        assert any(reason.startswith(said) for reason in given), (why, given)
        for written in cells.values():
            if len(written) > 3 and not written[0].isdigit():
                assert not any(written in reason.replace(said, "") for reason in given), why
    assert found == {}


def test_several_reasons_of_one_row_are_all_given(register: Office, tmp_path: Path) -> None:
    found = reasons(register, table(tmp_path, ["Date received", "Service"], ["soon", "Nowhere"]))
    assert [reason.split(":")[0] for reason in found[2]] == ["Date received", "Service"]


def test_the_same_reference_with_other_details_is_rejected_and_the_same_row_twice_is_not(
    register: Office, tmp_path: Path
) -> None:
    rows = [["A/1", "2026-11-02", "East"], ["a/1", "2026-11-02", "west"], ["A/1", "02/11/2026", "EAST"]]
    preview = tried(register, table(tmp_path, ["Reference", "Received", "Team"], *rows))
    assert (preview.new, preview.already_here) == (1, 1)
    assert [(one.row_number, one.reasons[0][:60]) for one in preview.rejected] == [
        (3, "Reference: Row 2 has the same reference and other details. K")
    ]


def test_a_row_with_more_cells_than_headings_is_rejected(register: Office, tmp_path: Path) -> None:
    found = reasons(register, table(tmp_path, ["Received", "Team"], ["2026-11-02", "East", "more"]))
    assert found[2][0].startswith("The row has more cells than there are headings.")


def test_of_many_teams_the_nearest_names_are_given(county: County, now: datetime, tmp_path: Path) -> None:
    with county.office.change(None, now) as desk:
        for number in range(20):
            desk.session.add(Team(name=f"Locality {number}", allocation=Allocation.OFFERED))
    found = reasons(county.office, table(tmp_path, ["Received", "Team"], ["2026-11-02", "Fosterng"]))
    assert found[2][0].endswith("The nearest teams are: Fostering.")


def test_a_county_without_themes_says_so(office: Office, now: datetime, tmp_path: Path) -> None:
    from storage.register.organisation import Organisation  # noqa: PLC0415 - only here

    load_county(office, now, Organisation.model_validate({"teams": [{"name": "East"}]}))
    found = reasons(office, table(tmp_path, ["Received", "Team", "Themes"], ["2026-11-02", "East", "Delay"]))
    assert found[2][0].endswith("The register has no themes yet.")
