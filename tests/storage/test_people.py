from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import people, register
from storage.errors import NotAllowed
from storage.models import Appointment, Person
from storage.register.organisation import Organisation
from storage.vocabulary import Role
from tests import county as known
from tests.county import County

TODAY = date(2026, 11, 23)
RECEIVED = date(2026, 11, 20)


def change_person(county: County, now: datetime, who: str, **fields: Any) -> None:
    with county.office.change(None, now) as desk:
        person = desk.session.get(Person, county.people[who])
        assert person is not None
        for name, value in fields.items():
            setattr(person, name, value)


def date_appointment(county: County, now: datetime, who: str, *, start: date | None, end: date | None) -> None:
    with county.office.change(None, now) as desk:
        held = desk.session.exec(select(Appointment).where(Appointment.person_id == county.people[who])).one()
        held.from_on, held.until_on = start, end


def may_look(county: County, who: str, now: datetime) -> bool:
    try:
        with county.office.look(who, now):
            return True
    except NotAllowed:
        return False


def test_a_role_is_held_from_its_first_day_to_its_last(county: County, now: datetime) -> None:
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    for start, end, held in (
        (None, None, True),
        (TODAY, None, True),
        (tomorrow, None, False),
        (None, TODAY, True),
        (None, yesterday, False),
        (TODAY, TODAY, True),
    ):
        date_appointment(county, now, known.HANDLER, start=start, end=end)
        assert may_look(county, known.HANDLER, now) is held, (start, end)


def test_somebody_deactivated_or_unknown_may_not_look(county: County, now: datetime) -> None:
    change_person(county, now, known.HANDLER, deactivated_at=now)
    assert not may_look(county, known.HANDLER, now)
    assert not may_look(county, known.STRANGER, now)


def test_somebody_who_has_left_may_not_look_any_more(county: County, now: datetime) -> None:
    """`leaves_on` is the last day at work; Slack may keep the account for weeks after."""
    change_person(county, now, known.HANDLER, leaves_on=TODAY)
    assert may_look(county, known.HANDLER, now)
    change_person(county, now, known.HANDLER, leaves_on=TODAY - timedelta(days=1))
    assert not may_look(county, known.HANDLER, now)


def test_whom_to_ask_names_at_most_two_complaints_managers(county: County, now: datetime) -> None:
    for number in range(3):
        with county.office.change(None, now) as desk:
            register.organisation.appoint(desk, [f"UNEW{number}"], Role.COMPLAINTS_MANAGER)
    with county.office.look(None, now) as desk:
        assert (
            people.whom_to_ask(desk.session, desk.today)
            == "Ask Cora Ledger or UNEW0, who can change this or say who does it."
        )


def test_nobody_is_told_to_ask_themselves(county: County, now: datetime) -> None:
    with county.office.look(known.COMPLAINTS_MANAGER, now) as desk:
        alone = people.whom_to_ask(desk.session, desk.today, desk.actor)
    assert alone == "Type /complaint setup to see who has which role, and to change it."
    with county.office.change(None, now) as desk:
        register.organisation.appoint(desk, ["UNEW"], Role.COMPLAINTS_MANAGER)
    with county.office.look(known.COMPLAINTS_MANAGER, now) as desk:
        two = people.whom_to_ask(desk.session, desk.today, desk.actor)
    assert two == "Ask UNEW, who can change this or say who does it."


@pytest.mark.parametrize("why", ["role ended", "left", "deactivated"])
def test_nobody_is_told_to_ask_a_complaints_manager_who_is_gone(county: County, now: datetime, why: str) -> None:
    if why == "role ended":
        date_appointment(county, now, known.COMPLAINTS_MANAGER, start=None, end=TODAY - timedelta(days=1))
    elif why == "left":
        change_person(county, now, known.COMPLAINTS_MANAGER, leaves_on=TODAY - timedelta(days=1))
    else:
        change_person(county, now, known.COMPLAINTS_MANAGER, deactivated_at=now)
    with pytest.raises(NotAllowed) as refused, county.office.look(known.STRANGER, now):
        pass
    assert "Cora Ledger" not in str(refused.value)
    assert "Ask whoever runs the complaints app to give somebody the role of complaints manager." in str(refused.value)


def names(found: list[people.Candidate]) -> list[tuple[str, int]]:
    return [(one.who.name, one.open_complaints) for one in found]


def test_candidates_are_the_teams_managers_with_the_fewest_open_first(county: County, now: datetime) -> None:
    references = [county.record(now, received=RECEIVED).reference for _ in range(2)]
    for reference in references:
        with county.office.change(known.MANAGER, now) as desk:
            register.claim(desk, reference)
    with county.office.look(None, now) as desk:
        line = desk.teams.line(county.teams["East"])
        assert names(people.candidates(desk.session, line, TODAY)) == [("Noor Eastham", 0), ("Mabel Eastwood", 2)]
    for reference in references:
        with county.office.change(known.MANAGER, now) as desk:
            register.respond(desk, reference, register.Response(responded_on=TODAY, outcome="no_fault"))
    with county.office.look(None, now) as desk:
        assert names(people.candidates(desk.session, line, TODAY)) == [("Mabel Eastwood", 0), ("Noor Eastham", 0)]


def test_who_has_left_or_is_deactivated_is_no_candidate(county: County, now: datetime) -> None:
    change_person(county, now, known.MANAGER, leaves_on=TODAY - timedelta(days=1))
    change_person(county, now, known.SECOND_MANAGER, deactivated_at=now)
    with county.office.look(None, now) as desk:
        assert people.candidates(desk.session, desk.teams.line(county.teams["East"]), TODAY) == []


def test_a_manager_of_the_area_is_a_candidate_for_each_of_its_teams(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        area = county.teams["Localities"]
        desk.session.add(
            Appointment(person_id=county.people[known.OTHER_TEAMS_MANAGER], role=Role.NAMED_MANAGER, team_id=area)
        )
    with county.office.look(None, now) as desk:
        found = people.candidates(desk.session, desk.teams.line(county.teams["West"]), TODAY)
    assert names(found) == [("Fenn Foster", 0)]


def test_the_senior_manager_is_the_nearest_one_up_the_line(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        found = people.senior_manager(desk.session, desk.teams.line(county.teams["East"]), TODAY)
        assert found is not None
        assert found.name == "Sefton Hale"
    organisation = Organisation.model_validate(
        {
            "people": [
                {
                    "slack_id": "UNEAR",
                    "name": "Zelda Near",
                    "roles": [{"role": "senior_manager", "team": "East"}],
                }
            ]
        }
    )
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, organisation)
        near = people.senior_manager(desk.session, desk.teams.line(county.teams["East"]), TODAY)
        above = people.senior_manager(desk.session, desk.teams.line(county.teams["Localities"]), TODAY)
    assert near is not None
    assert near.name == "Zelda Near"
    assert above is not None
    assert above.name == "Sefton Hale"


def test_an_area_without_a_senior_manager_has_none(county: County, now: datetime) -> None:
    change_person(county, now, known.SENIOR, leaves_on=TODAY - timedelta(days=1))
    with county.office.look(None, now) as desk:
        assert people.senior_manager(desk.session, desk.teams.line(county.teams["East"]), TODAY) is None


def test_the_handler_with_the_least_is_a_handler_else_a_complaints_manager_else_nobody(
    county: County, now: datetime
) -> None:
    county.record(now, received=RECEIVED, by=known.HANDLER)
    for expected, gone in (("Idris Penn", known.SECOND_HANDLER), ("Hester Quill", known.HANDLER)):
        with county.office.look(None, now) as desk:
            least = people.handler_with_least(desk.session, TODAY)
        assert least is not None
        assert least.name == expected
        change_person(county, now, gone, deactivated_at=now)
    with county.office.look(None, now) as desk:
        manager = people.handler_with_least(desk.session, TODAY)
    assert manager is not None
    assert manager.name == "Cora Ledger"
    change_person(county, now, known.COMPLAINTS_MANAGER, deactivated_at=now)
    with county.office.look(None, now) as desk:
        assert people.handler_with_least(desk.session, TODAY) is None


def test_people_with_a_role_are_those_of_the_team_or_of_everything(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        line = desk.teams.line(county.teams["East"])
        managers = people.with_role(desk.session, [Role.NAMED_MANAGER], TODAY, team_line=line)
        handlers = people.with_role(desk.session, [Role.HANDLER], TODAY, team_line=line)
        everywhere = people.with_role(desk.session, [Role.NAMED_MANAGER], TODAY)
    assert [one.name for one in managers] == ["Mabel Eastwood", "Noor Eastham"]
    assert [one.name for one in handlers] == ["Hester Quill", "Idris Penn"]
    assert len(everywhere) == 3


def test_people_are_found_by_id_and_unknown_ids_are_left_out(county: County, now: datetime) -> None:
    handler = county.people[known.HANDLER]
    with county.office.look(None, now) as desk:
        assert people.everyone(desk.session, [None]) == {}
        found = people.everyone(desk.session, [handler, None, 9_001])
    assert found == {handler: people.Who(handler, known.HANDLER, "Hester Quill")}
