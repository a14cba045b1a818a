from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage import checking, register, views, views_complaint
from storage.database import Database
from storage.errors import AlreadyOwned, Refusal, UnknownReference
from storage.models import Event, OutboxRow, Stage, Team
from storage.office import Office
from storage.register.organisation import Organisation
from storage.vocabulary import Allocation, EventKind, MessageKind
from tests import county as people
from tests.conftest import open_office
from tests.county import County, load_county


def test_the_first_to_claim_owns_it_and_the_second_is_told_who_and_when(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
    with (
        pytest.raises(AlreadyOwned, match=r"Mabel Eastwood was first: CS-2026-0001 .* since 09:30 today"),
        county.office.change(people.SECOND_MANAGER, now + timedelta(minutes=5)) as desk,
    ):
        register.claim(desk, reference)


def test_claiming_twice_says_that_you_own_it_already(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
    with pytest.raises(AlreadyOwned, match="You already own"), county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)


def test_a_manager_of_another_team_can_neither_claim_nor_see_it(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with pytest.raises(UnknownReference), county.office.change(people.OTHER_TEAMS_MANAGER, now) as desk:
        register.claim(desk, reference)


@pytest.mark.parametrize(
    ("who", "then"), [(people.HANDLER, "You can give it to one of them with Assign…"), (people.VIEWER, "no complaint")]
)
def test_who_may_not_claim_is_told_who_can_and_what_they_can_do_themselves(
    county: County, now: datetime, who: str, then: str
) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with pytest.raises(Refusal, match=then) as caught, county.office.change(who, now) as desk:
        register.claim(desk, reference)
    if who == people.HANDLER:
        assert str(caught.value).startswith("Managers of East can claim it.")


@pytest.mark.slow
def test_a_hundred_who_claim_at_once_yield_one_owner(database: Database, now: datetime) -> None:
    office = open_office(database)
    hundred = [f"UMANY{number:03d}" for number in range(100)]
    county = load_county(
        office,
        now - timedelta(days=1),
        Organisation.model_validate(
            {
                "teams": [{"name": "East"}],
                "people": [
                    {"slack_id": slack_id, "name": slack_id, "roles": [{"role": "named_manager", "team": "East"}]}
                    for slack_id in hundred
                ]
                + [{"slack_id": people.HANDLER, "name": "Hester Quill", "roles": [{"role": "handler"}]}],
            }
        ),
    )
    reference = county.record(now, received=date(2026, 11, 20)).reference

    def claim(slack_id: str) -> str:
        try:
            with office.change(slack_id, now) as desk:
                register.claim(desk, reference)
        except AlreadyOwned:
            return "too late"
        return "owner"

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(claim, hundred))
    assert answers.count("owner") == 1
    assert answers.count("too late") == 99
    with office.look(None, now) as desk:
        claims = desk.session.exec(select(Event).where(Event.kind == EventKind.CLAIMED)).all()
        owner = views_complaint.complaint(desk, reference).line.owner
    assert [event.actor_id for event in claims] == [owner.id if owner else None]


def test_allocating_tells_the_new_owner_and_is_in_the_history(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with county.office.change(people.HANDLER, now) as desk:
        register.allocate(desk, reference, county.people[people.SECOND_MANAGER])
    with county.office.look(None, now) as desk:
        told = desk.session.exec(select(OutboxRow).where(OutboxRow.kind == MessageKind.ALLOCATED)).all()
        facts = views_complaint.complaint(desk, reference)
        event = views.event(desk, facts.line.complaint_id, 2)
    assert [row.person_id for row in told] == [county.people[people.SECOND_MANAGER]]
    assert event.kind is EventKind.ALLOCATED
    assert event.data["how"] == "assigned"


def test_allocating_to_a_manager_of_another_team_is_refused_on_its_field(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 20)).reference
    with pytest.raises(Refusal) as refused, county.office.change(people.HANDLER, now) as desk:
        register.allocate(desk, reference, county.people[people.OTHER_TEAMS_MANAGER])
    assert refused.value.field == "manager_id"


def test_a_balanced_team_gives_the_next_complaint_to_the_manager_with_fewest(
    office: Office, county: County, now: datetime
) -> None:
    with office.change(None, now) as desk:
        desk.session.exec(select(Team).where(Team.name == "East")).one().allocation = Allocation.BALANCED
    owners = [county.record(now, received=date(2026, 11, 20)).owner for _ in range(4)]
    assert [owner.name for owner in owners if owner] == ["Mabel Eastwood", "Noor Eastham"] * 2


def test_a_fixed_manager_who_has_left_leaves_the_complaint_offered(
    office: Office, county: County, now: datetime
) -> None:
    with office.change(None, now) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "East")).one()
        team.allocation, team.fixed_manager_id = Allocation.FIXED, county.people[people.MANAGER]
    first = county.record(now, received=date(2026, 11, 20)).owner
    assert first is not None
    assert first.name == "Mabel Eastwood"
    with office.change(None, now) as desk:
        from storage.models import Person  # noqa: PLC0415

        desk.session.exec(select(Person).where(Person.slack_id == people.MANAGER)).one().deactivated_at = now
    assert county.record(now, received=date(2026, 11, 20)).owner is None


@pytest.mark.parametrize("how", ["claimed", "assigned"])
def test_the_time_to_allocate_is_frozen_with_the_first_manager(county: County, now: datetime, how: str) -> None:
    """DOMAIN 4: receipt to a named manager is a headline figure. Received on Wednesday, taken on Monday."""
    reference = county.record(now, received=date(2026, 11, 18)).reference
    with county.office.change(people.MANAGER if how == "claimed" else people.HANDLER, now) as desk:
        if how == "claimed":
            register.claim(desk, reference)
        else:
            register.allocate(desk, reference, county.people[people.MANAGER])
    later = now + timedelta(days=4)
    with county.office.change(people.HANDLER, later) as desk:
        register.allocate(desk, reference, county.people[people.SECOND_MANAGER])
    with county.office.look(None, later) as desk:
        assert desk.session.exec(select(Stage.allocated_after)).one() == 3
        assert checking.check(desk).differences == ()
