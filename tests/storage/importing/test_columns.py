import pytest

from storage.importing.columns import TEMPLATE_COLUMNS, is_personal, named, plain, proposed


def test_no_heading_stands_for_two_columns() -> None:
    spellings = [plain(spelling) for column in TEMPLATE_COLUMNS for spelling in {column.name, *column.spellings}]
    assert sorted(spellings) == sorted(set(spellings))


def test_only_received_and_team_are_needed() -> None:
    assert [column.name for column in TEMPLATE_COLUMNS if column.needed] == ["received", "team"]


@pytest.mark.parametrize(
    "heading", ["Date received", "DATE_RECEIVED", "date-received", " dateReceived ", "Date received:", "Rec'd"]
)
def test_case_spaces_and_punctuation_make_no_difference(heading: str) -> None:
    column = named(heading)
    assert column is not None
    assert column.field == "received_on"


@pytest.mark.parametrize(
    "heading",
    [
        "Name", "Child", "Child's name", "Child’s Name", "childName", "DOB", "D.O.B", "Date of Birth", "Home address", "Postcode",
        "Phone no.", "Email", "E-mail address", "emailAddress", "NHS number", "NHSNumber", "UPN", "NI number", "Complainant",
        "LCS ID", "Person ID", "Parent", "Initials", "first_name", "Surname", "FullName", "Child DOB", "Case ID", "Gender",
    ],
)  # fmt: skip
def test_headings_of_personal_data_are_recognised(heading: str) -> None:
    assert named(heading) is None
    assert is_personal(heading)


@pytest.mark.parametrize(
    "heading",
    ["Days taken", "On time?", "Notes", "Cost", "Ward", "Quarter", "Comments", "Learning", "Due date", "Status"],
)
def test_other_headings_are_not_taken_for_personal_data(heading: str) -> None:
    assert named(heading) is None
    assert not is_personal(heading)


@pytest.mark.parametrize("column", TEMPLATE_COLUMNS, ids=lambda column: column.name)
def test_every_column_says_what_it_holds_and_is_found_by_its_own_name(column: object) -> None:
    assert column in TEMPLATE_COLUMNS
    for one in TEMPLATE_COLUMNS:
        if one is column:
            assert named(one.name) is one
            assert one.holds


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Dt recieved on", "received"), ("Date", "received"), ("Came on", "received"), ("Child's team", "team"),
        ("Result of it", "outcome"), ("Final outcome", "outcome"), ("Owner of complaint", "owner"), ("Ack sent", "acknowledged"),
        ("Severity", None), ("Comments", None), ("Type", None), ("Child's name", None), ("Complainant", None),
    ],
)  # fmt: skip
def test_a_heading_we_do_not_know_is_proposed_for_the_column_that_it_comes_near_to(
    heading: str, column: str | None
) -> None:
    found = proposed(heading)
    assert (found.name if found else None) == column
