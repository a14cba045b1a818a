"""Which headings announce single people: those are refused; those that count are not."""

import pytest

from storage.importing.caseload.headings import is_about_one, showable

pytestmark = pytest.mark.slow

OF_ONE = [
    "Child ID", "ChildID", "childid", "CHILD_ID", "Child no", "Child No.", "Child number", "Child ref", "Person ID",
    "PersonId", "person reference", "Client number", "UPN", "Unique Pupil Number", "UniquePupilNo", "NHS number", "NHSNumber",
    "nhsnumber", "N.H.S. no", "NHS No", "NINO", "NI number", "National insurance number", "Child", "The child", "Child name",
    "Child's name", "Child’s full name", "childname", "Name of child", "Names of the children", "Name", "Full name",
    "First name", "firstname", "First_Name", "FirstName", "Forename", "Fore name", "Surname", "SURNAME", "Sur name",
    "Last name", "Family name", "Preferred name", "Known as", "Initials", "Alias", "Date of birth", "DateOfBirth",
    "dateofbirth", "DOB", "D.O.B.", "ChildDOB", "Birth date", "Born", "Date of death", "Age", "Age at referral", "AgeBand",
    "Aged", "Address", "Home address", "Address line 1", "HomeAddress", "Street", "Postcode", "Post code", "POST CODE",
    "Home postcode", "UPRN", "House number", "Phone", "Mobile no", "Contact number", "Contact details", "Email", "E-mail",
    "Mother", "Father", "Parent", "Parent name", "Carer", "Sibling", "Gender", "Sex", "Child gender", "Ethnicity",
    "Ethnic origin", "EthnicGroup", "Religion", "Nationality", "First language", "Disability", "Disability type",
    "Legal status", "Sexual orientation", "Immigration status", "Case ID", "CaseID", "caseid", "Case number", "Case no",
    "Case ref", "Case name", "Case system ID", "Episode ID", "EpisodeId", "CLA episode id", "Episode ref",
    "Episode start date", "Referral date", "Case opened date", "Involvement ID", "Referral ID", "Plan number", "LCS ID",
    "Mosaic ID", "Liquidlogic number", "CLA number", "ID", "Unique ID", "Ref no", "Reference number", "Identifier", "Worker",
    "Social worker", "Allocated worker", "Worker name", "School", "Young person", "YP", "Service user", "Service user ID",
    "Pupil", "Household", "ＮＨＳ number", "Team child name",
]  # fmt: skip

COUNTS = [
    "TeamName", "teamname", "TEAM NAME", "Team_Name", "TeamParentName", "teamparentname", "InvolvementCaseload",
    "OpenCLAEpisodeCount", "openclaepisodecount", "LACwithCP", "LACnoCP", "LAC no CP", "CareLeaversNoCLACP", "CiNwithActivePlan",
    "CiNnoActivePlan", "CIN no active plan", "Team ID", "TeamCode", "TeamNo", "Service area", "ServiceAreaName", "Area name",
    "Name of team", "Parent team", "Locality", "District", "Region", "Essex", "Middlesex", "Open cases", "Cases", "Case count",
    "Caseload", "Case load", "Number of cases", "No of children", "# children", "Children", "Children in care", "Child in need",
    "Child protection", "ChildProtectionPlans", "Child protection team name", "Children with disabilities", "Total", "TotalCases",
    "Episodes", "Referrals", "Plans", "Families", "Care leavers", "Young people", "Number of episodes", "Cases per social worker",
    "Social workers", "Average age", "Age 0 to 4", "Age5to9", "Aged 16-17", "Percentage male", "Gender: male (count)", "% female",
    "Male", "Female", "SnapshotDate", "Extract date", "Date", "As at", "Month", "Year", "Agency staff", "Vacancies", "Percentage",
    "FTE", "Initial assessments", "Unallocated", "Notes", "No.", "System name", "",
]  # fmt: skip


@pytest.mark.parametrize("heading", OF_ONE)
def test_a_heading_about_one_person_or_case_is_recognised(heading: str) -> None:
    assert is_about_one(heading)


@pytest.mark.parametrize("heading", COUNTS)
def test_a_heading_about_a_team_or_a_count_is_harmless(heading: str) -> None:
    assert not is_about_one(heading)


@pytest.mark.parametrize("heading", ["Name", "Parent", "Parent name", "Case"])
def test_what_may_well_be_a_team_or_a_count_is_one_where_the_council_says_so(heading: str) -> None:
    assert is_about_one(heading)
    assert not is_about_one(heading, mapped=True)


@pytest.mark.parametrize("heading", ["First name", "Child name", "NHS number", "Date of birth", "Case ID", "Surname"])
def test_no_mapping_makes_a_person_a_team(heading: str) -> None:
    assert is_about_one(heading, mapped=True)


@pytest.mark.parametrize("heading", ["Child ID", "Date of birth", "NHSNumber", "Age at referral"])
def test_a_heading_of_known_words_can_be_shown(heading: str) -> None:
    assert showable(heading)


@pytest.mark.parametrize("heading", ["Child name: Odo Brack", "DOB 12/03/2014", "Odo", "Child " * 30])
def test_a_heading_that_may_be_somebodys_data_is_not_shown(heading: str) -> None:
    assert not showable(heading)
