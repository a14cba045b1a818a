"""Setting up in Slack: the first complaints manager, teams as they are typed, roles that are given and ended."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage import register, views_setup
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal
from storage.models import Appointment, Team
from storage.office import Office
from storage.register import setting_up
from storage.register.setting_up import TeamLine, read_teams
from storage.vocabulary import Role
from tests import county as people
from tests.county import County


def test_the_first_who_begins_looks_after_complaints_and_nobody_after_them(office: Office, now: datetime) -> None:
    with office.look(None, now) as desk:
        assert not views_setup.begun(desk)
    with office.change(None, now) as desk:
        setting_up.begin(desk, "UFIRST")
    with office.look("UFIRST", now) as desk:
        assert views_setup.begun(desk)
        assert desk.actor.has(Role.COMPLAINTS_MANAGER)
    with pytest.raises(AlreadyDone, match="UFIRST looks after complaints"), office.change(None, now) as desk:
        setting_up.begin(desk, "USECOND")


def test_teams_are_read_as_a_tree_by_their_dashes() -> None:
    typed = "Localities\n- First Response\n–  Strengthening   Families\n--- \n-- East\n\nPermanence\n  Children in Care"
    assert read_teams(typed) == (
        TeamLine("Localities", None),
        TeamLine("First Response", "Localities"),
        TeamLine("Strengthening Families", "Localities"),
        TeamLine("East", "Strengthening Families"),
        TeamLine("Permanence", None),
        TeamLine("Children in Care", "Permanence"),
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("- First Response", "Line 1: put what “First Response” is part of above it"),
        ("A\n-- B", "Line 2: put what “B” is part of above it, with one dash fewer"),
        ("A\nB\na", "Line 3: “a” is here twice"),
        ("A\n" + "b" * 76, "Line 2: use at most 75"),
        ("A\n- \u202eB", "Line 2: use at most 75 ordinary characters"),
        ("\n".join(str(number) for number in range(201)), "Type at most 200 teams here"),
    ],
)
def test_what_cannot_be_a_list_of_teams_is_told_by_its_line(typed: str, told: str) -> None:
    with pytest.raises(FieldProblems) as problem:
        read_teams(typed)
    assert told in problem.value.problems["teams"]


def test_teams_are_added_and_moved_and_keep_what_they_have(county: County, now: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        before = {team.name: (team.id, team.allocation) for team in desk.session.exec(select(Team)).all()}
        setting_up.set_teams(desk, "New Service\n- East\n- Brand New")
    with county.office.look(None, now) as desk:
        after = {team.name: team for team in desk.session.exec(select(Team)).all()}
        assert set(after) == set(before) | {"New Service", "Brand New"}
        assert {name: (after[name].id, after[name].allocation) for name in before} == before
        assert after["East"].parent_id == after["Brand New"].parent_id == after["New Service"].id
        assert desk.teams.line(after["East"].id or 0)


def test_where_not_all_were_shown_a_known_team_stays_where_it_is_and_none_becomes_part_of_itself(
    county: County, now: datetime
) -> None:
    with county.office.change(None, now) as desk:
        setting_up.set_teams(desk, "One\n- Two")
        setting_up.set_teams(desk, "Two\n- Three", whole=False)
        names = [(team.name, len(tuple(desk.teams.line(team.id)))) for team in desk.teams]
        assert {("One", 1), ("Two", 2), ("Three", 3)} <= set(names)
    with pytest.raises(Refusal, match="part of itself"), county.office.change(None, now) as desk:
        setting_up.set_teams(desk, "Three\n- One", whole=False)


def test_a_role_is_given_beside_others_and_once(county: County, now: datetime) -> None:
    east = county.teams["East"]
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        for _ in range(2):
            setting_up.give_role(desk, ["UNEW", people.HANDLER], Role.NAMED_MANAGER, east)
    with county.office.look("UNEW", now) as desk:
        assert desk.actor.roles == ((Role.NAMED_MANAGER, east),)
    with county.office.look(people.HANDLER, now) as desk:
        assert {role for role, _team in desk.actor.roles} == {Role.HANDLER, Role.NAMED_MANAGER}
        assert len(desk.session.exec(select(Appointment).where(Appointment.team_id == east)).all()) >= 2


def test_a_role_ends_today_and_not_for_the_last_complaints_manager(county: County, now: datetime) -> None:
    tomorrow = now + timedelta(days=1)
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        setting_up.give_role(desk, ["UNEW"], Role.VIEWER, None)
    with county.office.change(people.COMPLAINTS_MANAGER, tomorrow) as desk:
        setting_up.end_role(desk, ["UNEW"], Role.VIEWER, None)
        with pytest.raises(FieldProblems, match="Not everybody you picked is viewer"):
            setting_up.end_role(desk, ["UNEW"], Role.VIEWER, None)
        with pytest.raises(FieldProblems, match="give the role to somebody else first"):
            setting_up.end_role(desk, [people.COMPLAINTS_MANAGER], Role.COMPLAINTS_MANAGER, None)
    with pytest.raises(NotAllowed), county.office.look("UNEW", tomorrow):
        pass


def test_a_manager_needs_a_team_and_others_have_none(county: County, now: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        for team_id in (None, 99_999):
            with pytest.raises(FieldProblems) as problem:
                setting_up.give_role(desk, ["UNEW"], Role.NAMED_MANAGER, team_id)
            assert "Choose the team" in problem.value.problems["team_id"]
        with pytest.raises(FieldProblems, match="Pick at least one person"):
            setting_up.give_role(desk, [], Role.HANDLER, None)
        setting_up.give_role(desk, ["UNEW"], Role.HANDLER, county.teams["East"])
    with county.office.look("UNEW", now) as desk:
        assert desk.actor.roles == ((Role.HANDLER, None),)


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER])
def test_nobody_else_sets_anything_up(county: County, now: datetime, who: str) -> None:
    for act in (
        lambda desk: setting_up.set_teams(desk, "A"),
        lambda desk: setting_up.give_role(desk, ["UNEW"], Role.VIEWER, None),
        lambda desk: setting_up.end_role(desk, ["UNEW"], Role.VIEWER, None),
    ):
        with pytest.raises(NotAllowed), county.office.change(who, now) as desk:
            act(desk)


def test_what_is_left_is_told_until_complaints_can_be_owned(office: Office, now: datetime) -> None:
    with office.change(None, now) as desk:
        setting_up.begin(desk, "UFIRST")
        state = views_setup.state(desk, None)
        assert (state.done, state.channel, state.teams) == (False, None, ())
        setting_up.set_teams(desk, "Localities\n- East\n- West")
        east = next(team.id for team in desk.teams if team.name == "East")
        setting_up.give_role(desk, ["UMANAGER"], Role.NAMED_MANAGER, east)
        state = views_setup.state(desk, "C0ENVIRONMENT")
        assert (state.done, state.channel, state.unmanaged) == (False, "C0ENVIRONMENT", ("West",))
        assert state.teams == (("Localities", 0), ("East", 1), ("West", 1))
        localities = next(team.id for team in desk.teams if team.name == "Localities")
        setting_up.give_role(desk, ["UMANAGER"], Role.NAMED_MANAGER, localities)
        register.council.change_setting(desk, "complaints_channel", "C0CHOSEN")
        state = views_setup.state(desk, "C0ENVIRONMENT")
    assert (state.done, state.channel, state.unmanaged) == (True, "C0CHOSEN", ())
    assert {(one.role, one.team) for one in state.holders} == {
        (Role.COMPLAINTS_MANAGER, None), (Role.NAMED_MANAGER, "East"), (Role.NAMED_MANAGER, "Localities"),
    }  # fmt: skip
