import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from storage import register, views, views_complaint
from storage.errors import NotAllowed, Refusal
from storage.models import Appointment, CouncilChange, Outsider, Person, Theme
from storage.office import Office
from storage.register import NewComplaint
from storage.register.organisation import Loaded, Organisation, RoleEntry, TeamEntry
from storage.vocabulary import Allocation, Connection, CouncilMatter, Role
from tests import county as people
from tests.county import COUNTY, County
from tests.storage.witness import contents, refused


def load(office: Office, now: datetime, by: str | None = None, **file: Any) -> Loaded:
    with office.change(by, now) as desk:
        return register.organisation.load(desk, Organisation.model_validate(file))


def person(slack_id: str = "UPERSON1", name: str = "Ottoline Brook", **fields: Any) -> dict[str, Any]:
    return {"slack_id": slack_id, "name": name, **fields}


def roles_of(office: Office, now: datetime, slack_id: str) -> list[tuple[Role, date | None, date | None]]:
    with office.look(None, now) as desk:
        held = desk.session.exec(
            select(Appointment)
            .join(Person, col(Person.id) == Appointment.person_id)
            .where(Person.slack_id == slack_id)
            .order_by(col(Appointment.id))
        ).all()
    return [(one.role, one.from_on, one.until_on) for one in held]


def test_a_file_brings_in_what_it_says(office: Office, now: datetime) -> None:
    loaded = load(
        office,
        now,
        teams=[{"name": "Localities"}, {"name": "East", "part_of": "localities", "channel": "C0EAST"}],
        people=[person(tz="Europe/Paris", nudge_hour=8, agency=True, leaves="2027-03-31", roles=[{"role": "handler"}])],
        themes=["Delay", "delay", "Contact"],
    )
    assert loaded == Loaded(teams=2, people=1, roles=1, themes=3)
    with office.look(None, now) as desk:
        east = desk.teams.named("east")
        somebody = desk.session.exec(select(Person)).one()
        themes = desk.session.exec(select(Theme.name).order_by(Theme.name)).all()
    assert east is not None
    assert (east.channel, east.allocation) == ("C0EAST", Allocation.OFFERED)
    assert (somebody.tz, somebody.nudge_hour, somebody.agency) == ("Europe/Paris", 8, True)
    assert somebody.leaves_on == date(2027, 3, 31)
    assert themes == ["Contact", "Delay"]


def test_loading_again_changes_nothing(county: County, now: datetime) -> None:
    before = contents(county.office)
    for days in (0, 1):
        with county.office.change(None, now + timedelta(days=days)) as desk:
            register.organisation.load(desk, COUNTY)
    assert contents(county.office) == before


def test_who_is_not_in_the_file_stays_as_they_are(county: County, now: datetime) -> None:
    before = contents(county.office)
    load(county.office, now, people=[person()])
    after = contents(county.office)
    assert set(before["person"]) < set(after["person"])
    assert after["appointment"] == before["appointment"]


def test_a_role_that_is_not_listed_any_more_ends_yesterday_and_is_not_deleted(office: Office, now: datetime) -> None:
    load(office, now - timedelta(days=30), people=[person(roles=[{"role": "handler"}])])
    load(office, now, people=[person(roles=[{"role": "viewer"}])])
    today = now.date()
    assert roles_of(office, now, "UPERSON1") == [
        (Role.HANDLER, today - timedelta(days=30), today - timedelta(days=1)),
        (Role.VIEWER, today, None),
    ]


def test_a_role_given_by_mistake_today_is_taken_back_without_trace(office: Office, now: datetime) -> None:
    load(office, now, people=[person(roles=[{"role": "handler"}])])
    load(office, now, people=[person()])
    assert roles_of(office, now, "UPERSON1") == []


def test_a_role_that_is_given_back_begins_anew(office: Office, now: datetime) -> None:
    for days, roles in ((30, [{"role": "handler"}]), (20, []), (10, [{"role": "handler"}])):
        load(office, now - timedelta(days=days), people=[person(roles=roles)])
    assert [until for _role, _start, until in roles_of(office, now, "UPERSON1")] == [date(2026, 11, 2), None]
    with office.look("UPERSON1", now) as desk:
        assert desk.actor.has(Role.HANDLER)


@pytest.mark.parametrize(
    "parents", [[("East", "East")], [("East", "West"), ("West", "East")], [("A", "B"), ("B", "C"), ("C", "A")]]
)
def test_a_circle_of_teams_is_refused(office: Office, now: datetime, parents: list[tuple[str, str]]) -> None:
    with refused(office, match="part of itself"):
        load(office, now, teams=[{"name": name, "part_of": parent} for name, parent in parents])


def test_a_circle_with_teams_that_are_already_there_is_refused(county: County, now: datetime) -> None:
    with refused(county.office, match="part of itself"):
        load(county.office, now, teams=[{"name": "Localities", "part_of": "East"}])


def test_a_parent_that_is_nowhere_is_named(office: Office, now: datetime) -> None:
    with refused(office, match="East is part of Localitys"):
        load(office, now, teams=[{"name": "East", "part_of": "Localitys"}])


def test_a_role_for_a_team_that_is_nowhere_is_named(office: Office, now: datetime) -> None:
    with refused(office, match="named manager of Eats"):
        load(office, now, people=[person(roles=[{"role": "named_manager", "team": "Eats"}])])


def test_a_fixed_manager_is_kept_and_one_who_is_nobody_is_refused(county: County, now: datetime) -> None:
    fixed = {"name": "East", "part_of": "Localities", "allocation": "fixed"}
    load(county.office, now, teams=[{**fixed, "fixed_manager": people.MANAGER}])
    owner = county.record(now, received=date(2026, 11, 20)).owner
    assert owner is not None
    assert owner.name == "Mabel Eastwood"
    with refused(county.office, match="not among the people"):
        load(county.office, now, teams=[{**fixed, "fixed_manager": "UNOBODY"}])


@pytest.mark.parametrize(
    "file",
    [
        {"teams": [{"name": "East", "allocation": "fixed"}]},
        {"teams": [{"name": "East", "fixed_manager": "UPERSON1"}]},
        {"teams": [{"name": "East"}, {"name": "EAST"}]},
        {"teams": [{"name": " "}]},
        {"teams": [{"name": "East", "chanel": "C0EAST"}]},
        {"teams": [{"name": "East", "channel": "#east"}]},
        {"people": [person(), person(name="Twin")]},
        {"people": [person(slack_id="ottoline")]},
        {"people": [person(tz="Leicester")]},
        {"people": [person(nudge_hour=24)]},
        {"people": [person(roles=[{"role": "named_manager"}])]},
        {"people": [person(roles=[{"role": "senior_manager"}])]},
        {"people": [person(roles=[{"role": "head"}])]},
        {"themes": ["x" * 76]},
        {"themes": [" "]},
    ],
)
def test_a_file_that_can_be_seen_to_be_wrong_is_refused_before_anything_is_written(file: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Organisation.model_validate(file)


def test_a_team_that_closes_keeps_its_place_in_the_tree(county: County, now: datetime) -> None:
    load(county.office, now, teams=[{"name": "West", "part_of": "Localities", "closed": "2026-11-22"}])
    with county.office.look(None, now) as desk:
        west = desk.teams.named("West")
        assert west is not None
        assert not west.is_open(now.date())
        assert desk.teams.line(west.id) == (county.teams["West"], county.teams["Localities"])


def test_what_was_loaded_is_seen_at_the_same_desk(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        assert desk.teams.named("North") is None
        register.organisation.load(desk, Organisation.model_validate({"teams": [{"name": "North"}]}))
        assert desk.teams.named("North") is not None


def test_only_a_complaints_manager_changes_the_organisation(county: County, now: datetime) -> None:
    for who in (people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER, people.STRANGER):
        with refused(county.office, NotAllowed, match="Ask Cora Ledger"):
            load(county.office, now, by=who, teams=[{"name": "North"}])
    load(county.office, now, by=people.COMPLAINTS_MANAGER, teams=[{"name": "North"}])


# --- people whom the environment names ------------------------------------------------------------------------------


def appoint(office: Office, now: datetime, *slack_ids: str) -> None:
    with office.change(None, now) as desk:
        register.organisation.appoint(desk, slack_ids, Role.COMPLAINTS_MANAGER)


def test_appointing_makes_sure_and_does_nothing_the_second_time(office: Office, now: datetime) -> None:
    appoint(office, now, "UBOSS1", "UBOSS2")
    before = contents(office)
    appoint(office, now, "UBOSS1", "UBOSS2")
    assert contents(office) == before
    with office.look("UBOSS1", now) as desk:
        assert desk.actor.has(Role.COMPLAINTS_MANAGER)


def test_a_file_later_gives_the_appointed_their_name(office: Office, now: datetime) -> None:
    appoint(office, now, "UBOSS1")
    load(office, now, people=[person("UBOSS1", "Cora Ledger", roles=[{"role": "complaints_manager"}])])
    with office.look("UBOSS1", now) as desk:
        assert desk.actor.name == "Cora Ledger"
    assert roles_of(office, now, "UBOSS1") == [(Role.COMPLAINTS_MANAGER, None, None)]


def test_two_processes_that_start_together_appoint_once(office: Office, now: datetime) -> None:
    began = threading.Event()

    def second() -> None:
        began.set()
        appoint(office, now, "UBOSS1")

    with ThreadPoolExecutor(1) as pool:
        with office.change(None, now) as desk:
            register.organisation.appoint(desk, ["UBOSS1"], Role.COMPLAINTS_MANAGER)
            waiting = pool.submit(second)
            assert began.wait(5)
            time.sleep(0.2)
        waiting.result(5)
    assert len(roles_of(office, now, "UBOSS1")) == 1


def test_teams_are_found_by_name_however_it_is_typed(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert [team.name for team in desk.teams] == ["Localities", "East", "West", "Permanence", "Fostering"]
        found = desk.teams.named("  fostering ")
        assert found is not None
        assert found.id == county.teams["Fostering"]
        assert desk.teams.subtree(county.teams["Localities"]) == {
            county.teams[name] for name in ("Localities", "East", "West")
        }
        with pytest.raises(KeyError):
            desk.teams.line(9_001)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.COMPLAINTS_MANAGER, Role.VIEWER])
def test_a_role_for_everything_with_a_team_is_refused_rather_than_ignored(role: Role) -> None:
    with pytest.raises(ValidationError, match="works for every team"):
        RoleEntry(role=role, team="East")


def test_a_team_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValidationError, match="closed is before opened"):
        TeamEntry(name="East", opened=date(2026, 4, 1), closed=date(2026, 3, 31))


# --- people from outside --------------------------------------------------------------------------------------------


def outsiders_of(office: Office, now: datetime) -> list[tuple[str, Connection, date | None]]:
    with office.look(None, now) as desk:
        rows = desk.session.exec(select(Outsider).order_by(col(Outsider.id))).all()
    return [(one.name, one.connection, one.retired_on) for one in rows]


def test_outsiders_are_added_and_updated_and_stay_when_they_are_not_listed(office: Office, now: datetime) -> None:
    ada, bram = {"name": "Ada Marsh", "connection": "none"}, {"name": "Bram Holt", "connection": "member"}
    assert load(office, now, outsiders=[ada, bram]).outsiders == 2
    load(office, now, outsiders=[{"name": "ada marsh", "connection": "spouse"}])
    assert outsiders_of(office, now) == [
        ("ada marsh", Connection.SPOUSE, None),
        ("Bram Holt", Connection.MEMBER, None),
    ]


def test_an_outsider_retires_when_the_file_says_so(office: Office, now: datetime) -> None:
    ada = {"name": "Ada Marsh", "connection": "none"}
    load(office, now, outsiders=[ada])
    load(office, now, outsiders=[{**ada, "retired": "2027-03-31"}])
    load(office, now, outsiders=[])
    assert outsiders_of(office, now) == [("Ada Marsh", Connection.NONE, date(2027, 3, 31))]


def test_outsiders_loaded_again_change_nothing(office: Office, now: datetime) -> None:
    ada = {"name": "Ada Marsh", "connection": "none"}
    load(office, now, outsiders=[ada])
    before = contents(office)
    load(office, now, outsiders=[ada])
    assert contents(office) == before


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([{"name": "Ada Marsh"}], "connection"),
        ([{"name": "Ada Marsh", "connection": "friend"}], "connection"),
        ([{"name": "Ada", "connection": "none"}, {"name": "ADA", "connection": "none"}], "the same outsider"),
        ([{"name": "", "connection": "none"}], "name"),
    ],
)
def test_an_outsider_without_a_declared_connection_or_listed_twice_is_refused(
    entries: list[dict[str, str]], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        Organisation.model_validate({"outsiders": entries})


# --- what a file doesn't say -------------------------------------------------------------------------------------------


def entry(office: Office, now: datetime) -> tuple[date | None, bool, str, int]:
    with office.look(None, now) as desk:
        one = desk.session.exec(select(Person)).one()
    return one.leaves_on, one.agency, one.tz, one.nudge_hour


def test_a_file_loaded_again_does_not_undo_what_was_said_of_a_person_meanwhile(office: Office, now: datetime) -> None:
    load(office, now, people=[person(roles=[{"role": "handler"}])])
    with office.change("UPERSON1", now) as desk:
        somebody = desk.session.exec(select(Person)).one()
        register.staff.leaving(desk, somebody.id or 0, date(2027, 1, 31))
        somebody.agency, somebody.tz, somebody.nudge_hour = True, "Europe/Paris", 7
    load(office, now, people=[person(name="Ottoline Marsh", roles=[{"role": "handler"}])])
    assert entry(office, now) == (date(2027, 1, 31), True, "Europe/Paris", 7)


def test_what_a_file_says_of_a_person_holds(office: Office, now: datetime) -> None:
    said: dict[str, Any] = {"leaves": "2027-01-31", "agency": True, "tz": "Europe/Paris", "nudge_hour": 7}
    load(office, now, people=[person(**said)])
    load(office, now, people=[person(leaves="2027-03-31", agency=False, tz="Europe/London", nudge_hour=9)])
    assert entry(office, now) == (date(2027, 3, 31), False, "Europe/London", 9)
    load(office, now, people=[person(leaves="never")])
    assert entry(office, now)[0] is None


def test_a_last_day_from_a_file_is_on_record_and_one_that_was_known_is_not_again(office: Office, now: datetime) -> None:
    for _ in range(2):
        load(office, now, people=[person(leaves="2027-01-31")])
    load(office, now, people=[person(leaves="never")])
    with office.look(None, now) as desk:
        number = desk.session.exec(select(Person.id)).one()
        noted = desk.session.exec(select(CouncilChange).order_by(col(CouncilChange.id))).all()
    assert [(one.matter, one.data) for one in noted] == [
        (CouncilMatter.PEOPLE, {"person": number, "leaves": "2027-01-31", "before": None}),
        (CouncilMatter.PEOPLE, {"person": number, "leaves": None, "before": "2027-01-31"}),
    ]


def test_a_theme_that_is_retired_is_offered_to_nobody_and_stays_where_it_was_said(
    county: County, now: datetime
) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(
            received_on=now.date(), lead_team_id=county.teams["East"], theme_ids=(county.themes["Delay"],)
        )
        reference = register.record(desk, new).reference
    for _ in range(2):
        load(county.office, now, retired_themes=["delay"])
    with county.office.look(people.HANDLER, now) as desk:
        assert "Delay" not in [name for _id, name in views.themes(desk)]
        assert views_complaint.complaint(desk, reference).themes == ("Delay",)
    load(county.office, now, themes=["Delay"])
    with county.office.look(people.HANDLER, now) as desk:
        assert "Delay" in [name for _id, name in views.themes(desk)]


def test_a_theme_that_is_nowhere_or_in_both_lists_is_not_retired(county: County, now: datetime) -> None:
    with refused(county.office, Refusal, "There is no theme called Dleay"):
        load(county.office, now, retired_themes=["Dleay"])
    with pytest.raises(ValidationError, match="themes and retired_themes both have delay"):
        Organisation.model_validate({"themes": ["Delay"], "retired_themes": ["delay"]})
