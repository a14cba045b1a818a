"""Ownership at risk: who is named, why, to whom it is shown, and that it costs the same however many people there are."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from storage import register, views_people, views_risk
from storage.models import Appointment, Commitment, Person
from storage.register import staff
from storage.register.ombudsman import NewRemedy
from storage.views_risk import AtRisk, Risk
from storage.vocabulary import Role
from tests import county as people
from tests.county import County
from tests.storage.register.test_staff import away
from tests.storage.test_people import change_person

TODAY = date(2026, 11, 23)


def own(county: County, now: datetime, who: str = people.MANAGER, team: str = "East") -> str:
    """A complaint that this person claimed."""
    reference = county.record(now, received=TODAY, team=team).reference
    with county.office.change(who, now) as desk:
        register.claim(desk, reference)
    return reference


def at_risk(county: County, now: datetime, reader: str = people.COMPLAINTS_MANAGER) -> list[AtRisk]:
    with county.office.look(reader, now) as desk:
        return views_risk.at_risk(desk)


def risks(county: County, now: datetime, reader: str = people.COMPLAINTS_MANAGER) -> dict[str, tuple[Risk, ...]]:
    return {one.who.name: one.risks for one in at_risk(county, now, reader)}


def test_nobody_is_at_risk_who_is_here_and_stays(county: County, now: datetime) -> None:
    own(county, now)
    assert at_risk(county, now) == []


def test_whoever_owns_nothing_is_no_risk(county: County, now: datetime) -> None:
    change_person(county, now, people.MANAGER, agency=True, leaves_on=TODAY, deactivated_at=now)
    assert at_risk(county, now) == []


def test_each_reason_is_given_the_most_urgent_person_first(county: County, now: datetime) -> None:
    gone, leaving = own(county, now), own(county, now, people.SECOND_MANAGER)
    own(county, now, people.OTHER_TEAMS_MANAGER, team="Fostering")
    away(county, now, TODAY, TODAY + timedelta(days=4), who=people.OTHER_TEAMS_MANAGER)
    change_person(county, now, people.MANAGER, deactivated_at=now - timedelta(days=4), agency=True)
    change_person(county, now, people.SECOND_MANAGER, leaves_on=date(2026, 12, 4), agency=True)
    found = at_risk(county, now)
    assert [(one.who.name, one.risks) for one in found] == [
        ("Mabel Eastwood", (Risk.GONE, Risk.AGENCY)),
        ("Fenn Foster", (Risk.UNCOVERED,)),
        ("Noor Eastham", (Risk.LEAVES, Risk.AGENCY)),
    ]
    assert (found[0].since, found[0].deactivated_at) == (date(2026, 11, 19), now - timedelta(days=4))
    assert [item.reference for item in found[0].items] == [gone]
    assert found[1].away is not None
    assert found[1].away.until_on == date(2026, 11, 27)
    assert ([item.reference for item in found[2].items], found[2].days_left) == ([leaving], 9)


def test_somebody_away_with_a_cover_who_is_here_is_no_risk_until_the_cover_is_away_too(
    county: County, now: datetime
) -> None:
    own(county, now)
    away(county, now, TODAY, TODAY + timedelta(days=4), cover=people.SECOND_MANAGER)
    assert at_risk(county, now) == []
    away(county, now, TODAY, TODAY, who=people.SECOND_MANAGER)
    assert risks(county, now) == {"Mabel Eastwood": (Risk.UNCOVERED,)}


def test_overloaded_is_whoever_owns_as_many_open_complaints_as_the_setting_says(county: County, now: datetime) -> None:
    for _ in range(3):
        own(county, now)
    with county.office.change(None, now) as desk:
        register.council.change_setting(desk, "overloaded_from", 4)
    assert at_risk(county, now) == []
    own(county, now)
    (found,) = at_risk(county, now)
    assert (found.risks, found.open_complaints) == ((Risk.OVERLOADED,), 4)


def test_somebody_who_moved_to_another_team_and_kept_a_complaint_is_named(county: County, now: datetime) -> None:
    own(county, now)
    with county.office.change(None, now) as desk:
        held = desk.session.exec(
            select(Appointment).where(Appointment.person_id == county.people[people.MANAGER])
        ).one()
        held.until_on = TODAY - timedelta(days=1)
        west = Appointment(
            person_id=county.people[people.MANAGER], role=Role.NAMED_MANAGER, team_id=county.teams["West"]
        )
        desk.session.add(west)
    assert risks(county, now) == {"Mabel Eastwood": (Risk.MOVED,)}
    with county.office.change(None, now) as desk:
        area = Appointment(
            person_id=county.people[people.MANAGER], role=Role.NAMED_MANAGER, team_id=county.teams["Localities"]
        )
        desk.session.add(area)
    assert at_risk(county, now) == []


def test_a_senior_manager_sees_their_own_service_and_nobody_else_sees_any(county: County, now: datetime) -> None:
    reference = own(county, now)
    own(county, now, people.OTHER_TEAMS_MANAGER, team="Fostering")
    with county.office.change(people.HANDLER, now) as desk:
        owner = county.people[people.OTHER_TEAMS_MANAGER]
        remedy = NewRemedy(text="An apology in writing", owner_id=owner, due_on=TODAY)
        register.ombudsman.remedy_agreed(desk, reference, remedy)
    for who in (people.MANAGER, people.OTHER_TEAMS_MANAGER):
        change_person(county, now, who, leaves_on=TODAY - timedelta(days=1))
    seen = {
        reader: {one.who.name: [item.name for item in one.items] for one in at_risk(county, now, reader)}
        for reader in (people.SENIOR, people.OTHER_SENIOR, people.HANDLER, people.SECOND_MANAGER, people.VIEWER)
    }
    east = {"Mabel Eastwood": ["CS-2026-0001"], "Fenn Foster": ["the remedy of CS-2026-0001"]}
    assert seen == {
        people.SENIOR: east,
        people.OTHER_SENIOR: {"Fenn Foster": ["CS-2026-0002"]},
        people.HANDLER: {
            "Mabel Eastwood": ["CS-2026-0001"],
            "Fenn Foster": ["CS-2026-0002", "the remedy of CS-2026-0001"],
        },
        people.SECOND_MANAGER: {},
        people.VIEWER: {},
    }


def statements(county: County, now: datetime) -> int:
    """How many the list takes."""
    seen: list[str] = []
    engine = county.office.database.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        at_risk(county, now)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if one.lstrip().upper().startswith("SELECT")])


def test_the_number_of_queries_does_not_grow_with_the_people(county: County, now: datetime) -> None:
    own(county, now)
    change_person(county, now, people.MANAGER, leaves_on=TODAY)
    before = statements(county, now)
    with county.office.change(None, now) as desk:
        for number in range(20):
            one = Person(slack_id=f"UMORE{number}", name=f"Person {number}", agency=True, leaves_on=TODAY)
            desk.session.add(one)
            desk.session.flush()
            desk.session.add(Appointment(person_id=one.id or 0, role=Role.NAMED_MANAGER, team_id=county.teams["West"]))
            desk.session.add(
                Commitment(
                    origin="A committee", made_on=TODAY, recorded_at=now, body="An update", owner_id=one.id or 0, due_on=TODAY
                )
            )  # fmt: skip
    # Counted first: a second look has settings and teams from the one before.
    assert statements(county, now) == before
    assert len(at_risk(county, now)) == 21


# --- how it stands with oneself ----------------------------------------------------------------------------------------


def test_ones_own_days_are_shown_to_oneself(county: County, now: datetime) -> None:
    own(county, now)
    own(county, now, people.SECOND_MANAGER)
    away(county, now, date(2026, 12, 1), date(2026, 12, 4), cover=people.HANDLER)
    away(county, now, TODAY, TODAY, cover=people.MANAGER, who=people.SECOND_MANAGER)
    with county.office.change(people.MANAGER, now) as desk:
        staff.leaving(desk, county.people[people.MANAGER], date(2026, 12, 31))
    with county.office.look(people.MANAGER, now) as desk:
        found = views_people.own(desk)
    ((planned),) = found.absences
    assert (planned.from_on, planned.begun) == (date(2026, 12, 1), False)
    assert planned.cover is not None
    assert planned.cover.name == "Hester Quill"
    assert (found.leaves_on, found.items) == (date(2026, 12, 31), 1)
    assert [(one.who.name, [item.reference for item in one.items]) for one in found.stands_in] == [
        ("Noor Eastham", ["CS-2026-0002"])
    ]


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (people.SENIOR, {"East": ["Mabel Eastwood", "Noor Eastham"]}),
        (people.MANAGER, {}),
        (people.HANDLER, {}),
        (
            people.COMPLAINTS_MANAGER,
            {
                "Every team": ["Hester Quill", "Idris Penn", "Vida Glass"],
                "Fostering": ["Fenn Foster"],
                "East": ["Mabel Eastwood", "Noor Eastham"],
                "Permanence": ["Petra Vale"],
                "Localities": ["Sefton Hale"],
            },
        ),
    ],
)
def test_whose_days_one_may_set_is_offered_by_team_each_once(
    county: County, now: datetime, reader: str, expected: dict[str, list[str]]
) -> None:
    with county.office.look(reader, now) as desk:
        found = {group: [who.name for who in members] for group, members in views_people.spoken_for(desk).items()}
    assert found == expected


def test_for_whom_somebody_would_have_stood_in_is_known_when_they_go_away(county: County, now: datetime) -> None:
    away(county, now, date(2026, 12, 1), date(2026, 12, 4), cover=people.SECOND_MANAGER)
    number = county.people[people.SECOND_MANAGER]
    with county.office.look(None, now) as desk:
        alone = views_people.left_alone(desk, number, date(2026, 12, 4), date(2026, 12, 8))
        assert [who.name for who in alone] == ["Mabel Eastwood"]
        assert views_people.left_alone(desk, number, date(2026, 12, 5), date(2026, 12, 8)) == []


def test_who_stands_in_is_told_only_on_its_days_and_only_while_it_is_so(county: County, now: datetime) -> None:
    own(county, now)
    number = away(county, now, date(2026, 12, 1), date(2026, 12, 4), cover=people.SECOND_MANAGER)
    cover = county.people[people.SECOND_MANAGER]
    for moment, expected in ((now, False), (now + timedelta(days=8), True), (now + timedelta(days=12), False)):
        with county.office.look(None, moment) as desk:
            found = views_people.covering(desk, number, cover)
            assert (found is not None) is expected
            assert views_people.covering(desk, number, cover + 1) is None
    with county.office.change(people.MANAGER, now) as desk:
        staff.stays(desk, county.people[people.MANAGER])
    with county.office.look(None, now + timedelta(days=8)) as desk:
        assert views_people.covering(desk, number, cover) is None
