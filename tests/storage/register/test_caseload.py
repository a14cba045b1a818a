"""Snapshots of the caseload: kept by day, replaced as a whole, and on record; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import register
from storage.errors import NotAllowed
from storage.models import Caseload, CouncilChange
from storage.office import Office
from storage.register.caseload import MOST_CASES, Change
from storage.register.organisation import Organisation
from storage.vocabulary import CouncilMatter
from tests import county as people
from tests.conftest import open_office
from tests.county import County
from tests.storage.witness import contents, refused

DAY, OTHER_DAY = date(2026, 3, 31), date(2026, 6, 30)


def take(
    county: County, now: datetime, cases: dict[str, int], *, on: date = DAY, by: str | None = people.COMPLAINTS_MANAGER
) -> Change:
    """Cases by the names of the teams."""
    with county.office.change(by, now) as desk:
        return register.caseload.take(desk, on, {county.teams[name]: count for name, count in cases.items()})


def kept(office: Office, county: County) -> dict[date, dict[str, int]]:
    """What is in the table, by the names of the teams."""
    names = {number: name for name, number in county.teams.items()}
    found: dict[date, dict[str, int]] = {}
    with office.database.reading() as session:
        for row in session.exec(select(Caseload)).all():
            found.setdefault(row.taken_on, {})[names[row.team_id]] = row.cases
    return found


def history(office: Office) -> list[CouncilChange]:
    with office.database.reading() as session:
        asked = select(CouncilChange).where(CouncilChange.matter == CouncilMatter.CASELOAD)
        return list(session.exec(asked.order_by(col(CouncilChange.id))).all())


def test_a_snapshot_is_kept_for_its_day_and_other_days_stay(county: County, now: datetime) -> None:
    assert take(county, now, {"East": 7, "West": 0}).before == {}
    take(county, now, {"East": 9}, on=OTHER_DAY)
    assert kept(county.office, county) == {DAY: {"East": 7, "West": 0}, OTHER_DAY: {"East": 9}}


def test_the_same_numbers_again_change_nothing(county: County, now: datetime) -> None:
    take(county, now, {"East": 7, "West": 8})
    before = contents(county.office)
    change = take(county, now + timedelta(days=1), {"West": 8, "East": 7})
    assert (change.is_news, change.replaces) == (False, False)
    assert contents(county.office) == before


def test_other_numbers_take_the_place_of_the_whole_snapshot(county: County, now: datetime) -> None:
    """A team without a row any more is gone from that day, and from no other."""
    take(county, now, {"East": 7, "West": 8})
    take(county, now, {"West": 8}, on=OTHER_DAY)
    change = take(county, now, {"East": 6, "Fostering": 5})
    assert change.replaces
    assert kept(county.office, county) == {DAY: {"East": 6, "Fostering": 5}, OTHER_DAY: {"West": 8}}


def test_two_snapshots_of_one_day_in_one_transaction_leave_the_second(county: County, now: datetime) -> None:
    east, west = county.teams["East"], county.teams["West"]
    with county.office.change(None, now) as desk:
        register.caseload.take(desk, DAY, {east: 7, west: 8})
        assert register.caseload.take(desk, DAY, {east: 7, west: 9}).before == {east: 7, west: 8}
    assert kept(county.office, county) == {DAY: {"East": 7, "West": 9}}


def test_old_and_new_numbers_stay_on_record_with_who_brought_them_in(county: County, now: datetime) -> None:
    take(county, now, {"East": 7})
    take(county, now, {"East": 9}, by=None)
    east = str(county.teams["East"])
    assert [(change.actor_id, change.data) for change in history(county.office)] == [
        (county.people[people.COMPLAINTS_MANAGER], {"taken_on": "2026-03-31", "old": {}, "new": {east: 7}}),
        (None, {"taken_on": "2026-03-31", "old": {east: 7}, "new": {east: 9}}),
    ]


def test_comparing_says_what_would_change_and_writes_nothing(county: County, now: datetime) -> None:
    take(county, now, {"East": 7})
    before = contents(county.office)
    east, west = county.teams["East"], county.teams["West"]
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        assert register.caseload.compare(desk, DAY, {west: 8}) == Change(DAY, {east: 7}, {west: 8})
    assert contents(county.office) == before


def test_a_team_that_is_renamed_or_closed_keeps_its_snapshots(county: County, now: datetime) -> None:
    take(county, now, {"East": 7})
    closed = {"name": "EAST", "part_of": "Localities", "closed": "2026-04-01"}
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate({"teams": [closed]}))
    assert kept(county.office, county) == {DAY: {"East": 7}}
    take(county, now, {"East": 8}, on=OTHER_DAY)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 24), "24 November 2026 is in the future"),
        (date(2005, 12, 31), "31 December 2005 is outside the calendar, which reaches from 1 January 2006"),
    ],
)
def test_a_day_in_the_future_or_outside_the_calendar_is_refused(
    county: County, now: datetime, on: date, said: str
) -> None:
    with refused(county.office, match=said):
        take(county, now, {"East": 7}, on=on)
    with refused(county.office, match=said), county.office.look(None, now) as desk:
        register.caseload.compare(desk, on, {})


def test_today_and_the_calendars_first_day_will_do(county: County, now: datetime) -> None:
    take(county, now, {"East": 7}, on=now.date())
    take(county, now, {"East": 7}, on=date(2006, 1, 1))
    assert len(kept(county.office, county)) == 2


def test_today_is_a_day_in_london(county: County) -> None:
    """Half past eleven at night in UTC, and the next day in London's summer."""
    take(county, datetime.fromisoformat("2026-07-01T23:30:00+00:00"), {"East": 7}, on=date(2026, 7, 2))
    assert list(kept(county.office, county)) == [date(2026, 7, 2)]


@pytest.mark.parametrize("count", [-1, MOST_CASES + 1])
def test_what_is_no_number_of_cases_is_refused(county: County, now: datetime, count: int) -> None:
    with refused(county.office, match="A number of open cases is from 0 to 99,999"):
        take(county, now, {"East": count})
    take(county, now, {"East": MOST_CASES})


@pytest.mark.parametrize("count", [-1, MOST_CASES + 1])
def test_the_database_itself_refuses_what_is_no_number_of_cases(county: County, now: datetime, count: int) -> None:
    with pytest.raises(IntegrityError), county.office.change(None, now) as desk:
        desk.session.add(Caseload(taken_on=DAY, team_id=county.teams["East"], cases=count))
        desk.session.flush()


def test_a_team_that_is_not_there_and_a_snapshot_without_one_are_refused(county: County, now: datetime) -> None:
    with refused(county.office, match="not in the register"), county.office.change(None, now) as desk:
        register.caseload.take(desk, DAY, {4711: 7})
    take(county, now, {"East": 7})
    with refused(county.office, match="no team in this snapshot"):
        take(county, now, {})


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER])
def test_only_who_may_change_teams_brings_in_a_snapshot(county: County, now: datetime, who: str) -> None:
    with refused(county.office, NotAllowed, match="change teams, people or settings"):
        take(county, now, {"East": 7}, by=who)
    with pytest.raises(NotAllowed), county.office.look(who, now) as desk:
        register.caseload.compare(desk, DAY, {})


@pytest.mark.slow
def test_snapshots_of_one_day_that_come_at_once_are_not_mixed(county: County, now: datetime) -> None:
    """Eight processes' worth of offices, each with numbers of its own for teams of its own."""
    names = ("East", "West", "Fostering", "Localities")
    wanted = [dict.fromkeys(names[number % 2 :], number) for number in range(8)]

    def bring(cases: dict[str, int]) -> Change:
        alone = County(open_office(county.office.database), county.teams, county.people, county.themes)
        return take(alone, now, cases, by=None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(bring, wanted))
    changes = history(county.office)
    assert kept(county.office, county)[DAY] in wanted
    assert len(changes) == len(wanted)
    assert [change.data["old"] for change in changes] == [{}, *(change.data["new"] for change in changes[:-1])]
