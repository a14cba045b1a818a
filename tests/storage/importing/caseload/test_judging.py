"""Rows against the register's teams: taken, or rejected with a reason that repeats nothing of the row."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import register
from storage.errors import NotAllowed
from storage.importing.caseload import Extract, Judged, judge, read
from storage.importing.caseload.judging import NotACount, count
from storage.importing.caseload.opening import Formula
from storage.importing.caseload.totals import is_total
from storage.office import Office
from storage.register.caseload import MOST_CASES
from storage.register.organisation import Organisation
from tests import county as people
from tests.county import County
from tests.storage.importing.caseload.shire import HEADINGS, SAMPLE, in_workbook, lines, load_shire

pytestmark = pytest.mark.slow

DAY = date(2025, 3, 31)


@pytest.fixture
def shire(office: Office, now: datetime) -> County:
    return load_shire(office, now)


def judged(shire: County, now: datetime, extract: Extract, on: date = DAY) -> Judged:
    with shire.office.look(None, now) as desk:
        return judge(desk, extract, on)


def why(shire: County, now: datetime, extract: Extract) -> dict[int, str]:
    return {one.row_number: " ".join(one.reasons) for one in judged(shire, now, extract).rejected}


def test_the_sample_has_3646_open_cases_in_eleven_teams(shire: County, now: datetime) -> None:
    found = judged(shire, now, read(SAMPLE))
    assert (len(found.cases), sum(found.cases.values())) == (11, 3646)
    assert found.cases[shire.teams["Boston"]] == 299
    assert (found.rejected, found.elsewhere, found.doubled, found.missing) == ((), (), (), ())


def test_names_are_found_whatever_their_case_and_spaces(shire: County, now: datetime, tmp_path: Path) -> None:
    found = judged(shire, now, lines(tmp_path, "  east   LINDSEY north,EAST,7"))
    assert found.cases == {shire.teams["East Lindsey North"]: 7}
    assert found.elsewhere == ()


def test_an_unknown_team_is_rejected_with_the_nearest_names_and_its_own_is_not_repeated(
    shire: County, now: datetime, tmp_path: Path
) -> None:
    said = why(shire, now, lines(tmp_path, "South Kestevin,South,7", "Boston,East,8"))
    assert list(said) == [2]
    assert said[2].startswith(
        "TeamName: Write the team’s name as it is in the register. The nearest teams are: South Kesteven"
    )
    assert "Kestevin" not in said[2]


@pytest.mark.parametrize("name", ["Total", "Grand Total", "TOTALS:", "East total", "Sub-total", "All teams", "Overall"])
def test_a_row_of_totals_is_rejected_and_not_added_up(shire: County, now: datetime, tmp_path: Path, name: str) -> None:
    found = judged(shire, now, lines(tmp_path, "Boston,East,7", f"{name},,7"))
    assert found.cases == {shire.teams["Boston"]: 7}
    assert "This looks like a row of totals. It is left out" in found.rejected[0].reasons[0]


@pytest.mark.parametrize("name", ["Tottenham", "Allington", "Summerfields", "Overallton", "Totalia"])
def test_a_team_that_only_sounds_so_is_no_total(name: str) -> None:
    assert not is_total(name)


def test_a_team_that_is_called_like_a_total_is_a_team(shire: County, now: datetime, tmp_path: Path) -> None:
    with shire.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate({"teams": [{"name": "Total respite"}]}))
    found = judged(shire, now, lines(tmp_path, "Total respite,,7", "Total Respite,,8"))
    assert list(found.cases.values()) == [7]
    assert found.rejected[0].reasons == ("TeamName: Another row has this team. Keep one.",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",East,7", "TeamName: This is blank. Put the team’s name"),
        (
            "Boston,East,",
            "InvolvementCaseload: This is blank. Put the number of open cases, and 0 where there is none.",
        ),
        ("Boston,East,-5", "InvolvementCaseload: A number of open cases can't be negative."),
        ("Boston,East,12.5", "InvolvementCaseload: This is not a whole number. Write it like 83 or 1,234."),
        ("Boston,East,some", "InvolvementCaseload: This is not a whole number."),
        ("Boston,East,<5", "InvolvementCaseload: This is not a whole number."),
        ("Boston,East,100000", "InvolvementCaseload: No team has more than 99,999 open cases."),
        ("Boston,East,1,234", "The row has more cells than there are headings. Put quotation marks around"),
    ],
)
def test_a_row_that_will_not_do_is_rejected_with_its_reason(
    shire: County, now: datetime, tmp_path: Path, row: str, said: str
) -> None:
    found = judged(shire, now, lines(tmp_path, row, "Lincoln,West,8"))
    assert found.cases == {shire.teams["Lincoln"]: 8}
    assert [one.row_number for one in found.rejected] == [2]
    assert " ".join(found.rejected[0].reasons).startswith(said)


def test_everything_that_is_wrong_with_a_row_is_said_at_once(shire: County, now: datetime, tmp_path: Path) -> None:
    assert len(judged(shire, now, lines(tmp_path, "Atlantis,,-1")).rejected[0].reasons) == 2


def test_a_formula_is_rejected_where_a_name_or_a_number_is_wanted(shire: County, now: datetime, tmp_path: Path) -> None:
    path = in_workbook(tmp_path, [HEADINGS, ("Boston", "East", "=1+1"), ("=A2", "East", 7), ("Lincoln", "=B2", 8.0)])
    found = judged(shire, now, read(path))
    assert found.cases == {shire.teams["Lincoln"]: 8}
    assert [one.reasons[0].partition(":")[0] for one in found.rejected] == ["InvolvementCaseload", "TeamName"]
    assert all("formulas are not worked out here" in one.reasons[0] for one in found.rejected)


def test_a_service_area_may_have_a_row_of_its_own(shire: County, now: datetime, tmp_path: Path) -> None:
    found = judged(shire, now, lines(tmp_path, "East,,4", "Boston,East,7", "East Lindsey North,East,8"))
    assert found.cases[shire.teams["East"]] == 4
    assert found.doubled == ()


def test_a_service_area_with_the_sum_of_its_teams_is_pointed_out(shire: County, now: datetime, tmp_path: Path) -> None:
    found = judged(shire, now, lines(tmp_path, "East,,15", "Boston,East,7", "East Lindsey North,East,8"))
    assert found.doubled == ("East",)
    assert found.rejected == ()


def test_another_service_area_in_the_file_is_pointed_out_and_not_taken_over(
    shire: County, now: datetime, tmp_path: Path
) -> None:
    found = judged(shire, now, lines(tmp_path, "Boston,West,7", "Lincoln,Atlantis,8", "Adoption,,9", "East,East,1"))
    assert found.elsewhere == ("Boston", "Lincoln")
    assert len(found.cases) == 4


def test_teams_that_were_open_and_have_no_row_are_pointed_out(shire: County, now: datetime, tmp_path: Path) -> None:
    closed = {"name": "Adoption", "part_of": "Permanence", "closed": "2025-03-30"}
    with shire.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate({"teams": [closed]}))
    found = judged(shire, now, lines(tmp_path, "Boston,East,7"))
    assert "Adoption" not in found.missing
    assert "South Kesteven" in found.missing
    assert "South" not in found.missing
    assert "Adoption" in judged(shire, now, lines(tmp_path, "Boston,,1"), date(2025, 3, 30)).missing


def test_nobody_judges_who_may_not_change_teams(county: County, now: datetime) -> None:
    with pytest.raises(NotAllowed), county.office.look(people.HANDLER, now) as desk:
        judge(desk, read(SAMPLE), DAY)


@given(st.integers(0, MOST_CASES), st.sampled_from(["{}", "{:,}", "{}.0", "{}.00", "00{}"]))
def test_a_number_is_read_in_every_way_it_is_written(number: int, form: str) -> None:
    assert count(form.format(number)) == number


@given(st.text(st.sampled_from("01235,.-( )e٣"), max_size=9))
def test_what_is_taken_for_a_number_is_that_number(text: str) -> None:
    try:
        found = count(text)
    except NotACount:
        return
    assert set(text) <= set("01235,.")
    assert Decimal(text.replace(",", "")) == found
    assert all(len(group.partition(".")[0]) == 3 for group in text.split(",")[1:])


@pytest.mark.parametrize(
    "cell",
    ["1,23", "12,34", ",123", "1,2345", "1.234,5", "1 234", "٣", "1e3", "0x1", "(5)", "−5", "5-", Formula.FORMULA],
)
def test_a_number_written_otherwise_is_not_guessed_at(cell: str | Formula) -> None:
    with pytest.raises(NotACount):
        count(cell)
