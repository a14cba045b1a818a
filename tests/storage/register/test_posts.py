from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage import register
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.independence import Holder
from storage.models import Complaint, Event, OutboxRow, Person, StageAppointment
from storage.procedures import StageRole
from storage.register import posts
from storage.register.organisation import Organisation
from storage.register.posts import NewAppointment
from storage.vocabulary import EventKind
from tests import county as people
from tests.county import County
from tests.storage import inquiry
from tests.storage.inquiry import OPENED, appoint, at_stage_2, at_stage_3, go_to_stage_3, outsider, staff, stand_down
from tests.storage.witness import refused

INVESTIGATING, INDEPENDENT = StageRole.INVESTIGATING_OFFICER, StageRole.INDEPENDENT_PERSON
ADJUDICATING = StageRole.ADJUDICATING_OFFICER
CHAIR, MEMBER = StageRole.PANEL_CHAIR, StageRole.PANEL_MEMBER
LATER = datetime.fromisoformat("2027-01-11T10:00:00+00:00")


@pytest.fixture(autouse=True)
def checked(county: County) -> Iterator[None]:
    """Whatever a test did, `complaints check` finds nothing afterwards."""
    yield
    inquiry.assert_clean(county.office, LATER)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    return at_stage_2(county, now)


def problems_of(county: County, now: datetime, reference: str, *args: Any, **more: Any) -> dict[str, str]:
    with refused(county.office, FieldProblems) as caught:
        appoint(county, now, reference, *args, **more)
    assert isinstance(caught.value, FieldProblems)
    return caught.value.problems


def move(county: County, now: datetime, slack_id: str, *teams: str) -> None:
    """Makes somebody named manager of these teams and no others from this day on."""
    roles = [{"role": "named_manager", "team": team} for team in teams]
    person = {"slack_id": slack_id, "name": "Somebody Who Moved", "roles": roles}
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate({"people": [person]}))


def test_an_appointment_is_in_the_history_with_ids_and_never_a_name(
    county: County, reference: str, now: datetime
) -> None:
    who = outsider(county, now, "Ada")
    appointment_id = appoint(county, now, reference, INDEPENDENT, who, on=OPENED)
    with county.office.look(None, now) as desk:
        event = desk.session.exec(select(Event).order_by(col(Event.id).desc())).first()
        row = desk.session.exec(select(StageAppointment)).one()
        threads = select(OutboxRow).where(col(OutboxRow.key).like("thread:%")).order_by(col(OutboxRow.id))
        thread = desk.session.exec(threads).all()
    assert event is not None
    assert (event.kind, event.happened_on, event.stage) == (EventKind.APPOINTED, OPENED, 2)
    assert event.data == {
        "appointment": appointment_id,
        "role": "independent_person",
        "person": None,
        "outsider": who.outsider_id,
    }
    assert (row.role, row.appointed_on, row.stood_down_on) == (INDEPENDENT, OPENED, None)
    assert thread[-1].data == {"sequence": event.sequence}


def test_a_whole_investigation_can_be_appointed(county: County, reference: str, now: datetime) -> None:
    appoint(county, now, reference, INVESTIGATING, staff(county, people.OTHER_TEAMS_MANAGER))
    appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"))
    appoint(county, now, reference, ADJUDICATING, staff(county, people.SENIOR))
    with county.office.look(None, now) as desk:
        assert len(desk.session.exec(select(StageAppointment)).all()) == 3


# --- DOMAIN.md, section 5: who may not ------------------------------------------------------------------------------


@pytest.mark.parametrize("slack_id", [people.MANAGER, people.SECOND_MANAGER, people.SENIOR])
def test_domain_5_the_investigating_officer_is_not_from_the_service_complained_about(
    county: County, reference: str, now: datetime, slack_id: str
) -> None:
    """DOMAIN 5: not from the service complained about; a team's own managers and whoever is over them are of it."""
    problems = problems_of(county, now, reference, INVESTIGATING, staff(county, slack_id))
    assert problems.keys() == {"who"}
    assert "They work in Localities, which is complained about" in problems["who"]
    assert "Getting the Best from Complaints (2006)" in problems["who"]


def test_domain_5_another_team_of_the_same_service_area_is_that_service(
    county: County, reference: str, now: datetime
) -> None:
    move(county, now - timedelta(days=300), people.OTHER_TEAMS_MANAGER, "West")
    assert "They work in Localities" in str(
        problems_of(county, now, reference, INVESTIGATING, staff(county, people.OTHER_TEAMS_MANAGER))
    )


def test_domain_5_the_services_of_other_teams_involved_count_too(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now, others=("Fostering",))
    problems = problems_of(county, now, reference, INVESTIGATING, staff(county, people.OTHER_TEAMS_MANAGER))
    assert "They work in Permanence" in problems["who"]


def test_domain_5_the_services_that_single_issues_are_about_count_too(
    county: County, reference: str, now: datetime
) -> None:
    inquiry.add_issue(county, now, reference, team_id=county.teams["Fostering"])
    problems = problems_of(county, now, reference, INVESTIGATING, staff(county, people.OTHER_TEAMS_MANAGER))
    assert "They work in Permanence" in problems["who"]


def test_domain_5_who_owned_the_complaint_does_not_investigate_it_wherever_they_work_now(
    county: County, reference: str, now: datetime
) -> None:
    move(county, now, people.MANAGER, "Fostering")
    problems = problems_of(county, now, reference, INVESTIGATING, staff(county, people.MANAGER))
    assert "owned it before" in problems["who"]


def test_domain_5_who_was_of_the_service_on_the_day_of_the_appointment_may_not_have_been_appointed_then(
    county: County, reference: str, now: datetime
) -> None:
    move(county, now, people.SECOND_MANAGER, "Fostering")
    who = staff(county, people.SECOND_MANAGER)
    assert "They work in Localities" in str(problems_of(county, now, reference, INVESTIGATING, who, on=OPENED))
    appoint(county, now, reference, INVESTIGATING, who)


def test_domain_5_an_officer_does_not_investigate_as_if_from_outside(
    county: County, reference: str, now: datetime
) -> None:
    problems = problems_of(county, now, reference, INVESTIGATING, outsider(county, now, "Faro"))
    assert "Officers are appointed as staff" in problems["who"]


@pytest.mark.parametrize("slack_id", [people.OTHER_TEAMS_MANAGER, people.HANDLER, people.VIEWER])
def test_staff_of_other_services_may_investigate(county: County, reference: str, now: datetime, slack_id: str) -> None:
    appoint(county, now, reference, INVESTIGATING, staff(county, slack_id))


def test_somebody_from_outside_may_investigate(county: County, reference: str, now: datetime) -> None:
    appoint(county, now, reference, INVESTIGATING, outsider(county, now, "Ada"))


@pytest.mark.parametrize(
    ("first_name", "said"),
    [("Edda", "a member of the council"), ("Faro", "an officer of the council"), ("Gila", "the spouse of a member or")],
)
@pytest.mark.parametrize("role", [INDEPENDENT, CHAIR, MEMBER])
def test_domain_5_reg_19_independent_people_are_neither_member_nor_officer_nor_their_spouse(
    county: County, now: datetime, first_name: str, said: str, role: StageRole
) -> None:
    """DOMAIN 5: independent person; and reg 19: three independent people on the panel."""
    reference = at_stage_2(county, now) if role is INDEPENDENT else at_stage_3(county, now)
    problems = problems_of(county, now, reference, role, outsider(county, now, first_name))
    assert f"They declared that they are {said}" in problems["who"]
    assert "SI 2006/1738" in problems["who"]
    assert ("reg 19" in problems["who"]) is (role is not INDEPENDENT)


@pytest.mark.parametrize("role", [INDEPENDENT, CHAIR, MEMBER])
def test_domain_5_reg_19_staff_are_not_independent(county: County, now: datetime, role: StageRole) -> None:
    reference = at_stage_2(county, now) if role is INDEPENDENT else at_stage_3(county, now)
    problems = problems_of(county, now, reference, role, staff(county, people.VIEWER))
    assert (
        f"They work for the council. A{'n' * (role is INDEPENDENT)} {role.label} is neither member" in problems["who"]
    )


def test_domain_5_the_adjudicating_officer_is_staff(county: County, reference: str, now: datetime) -> None:
    assert "it is a member of staff" in str(
        problems_of(county, now, reference, ADJUDICATING, outsider(county, now, "Ada"))
    )


def test_domain_5_nobody_adjudicates_on_their_own_investigation_even_after_standing_down(
    county: County, reference: str, now: datetime
) -> None:
    who = staff(county, people.OTHER_TEAMS_MANAGER)
    held = appoint(county, now, reference, INVESTIGATING, who, on=OPENED)
    assert "Nobody holds two posts" in str(problems_of(county, now, reference, ADJUDICATING, who))
    stand_down(county, now, held)
    assert "their own investigation" in str(problems_of(county, now, reference, ADJUDICATING, who))


@pytest.mark.parametrize("stood_down", [False, True])
@pytest.mark.parametrize("role", [CHAIR, MEMBER])
def test_domain_5_reg_19_the_independent_person_of_stage_2_may_not_sit(
    county: County, reference: str, now: datetime, role: StageRole, *, stood_down: bool
) -> None:
    """DOMAIN 5, reg 19: also when they stood down since."""
    who = outsider(county, now, "Ada")
    held = appoint(county, now, reference, INDEPENDENT, who, on=OPENED)
    if stood_down:
        stand_down(county, now, held, OPENED)
    go_to_stage_3(county, now, reference)
    problems = problems_of(county, now, reference, role, who)
    assert "were independent person at an earlier stage" in problems["who"]
    assert "reg 19 of SI 2006/1738" in problems["who"]


@pytest.mark.parametrize("stood_down", [False, True])
def test_domain_5_reg_19_who_investigated_at_stage_2_may_not_sit(
    county: County, reference: str, now: datetime, *, stood_down: bool
) -> None:
    who = outsider(county, now, "Bram")
    held = appoint(county, now, reference, INVESTIGATING, who, on=OPENED)
    if stood_down:
        stand_down(county, now, held)
    go_to_stage_3(county, now, reference)
    assert "They investigated this complaint" in str(problems_of(county, now, reference, MEMBER, who))


def test_domain_5_reg_19_who_was_independent_person_of_another_complaint_may_sit(
    county: County, reference: str, now: datetime
) -> None:
    who = outsider(county, now, "Ada")
    appoint(county, now, reference, INDEPENDENT, who)
    appoint(county, now, at_stage_3(county, now), CHAIR, who)


def test_domain_5_reg_19_a_panel_is_three_different_people_with_one_in_the_chair(county: County, now: datetime) -> None:
    reference = at_stage_3(county, now)
    ada, bram, cleo, dov = (outsider(county, now, name) for name in ("Ada", "Bram", "Cleo", "Dov"))
    appoint(county, now, reference, CHAIR, ada)
    assert "for one person at a time" in problems_of(county, now, reference, CHAIR, bram)["role"]
    assert "They are panel chair of this stage since 23 November 2026" in str(
        problems_of(county, now, reference, MEMBER, ada)
    )
    appoint(county, now, reference, MEMBER, bram)
    assert "They are panel member of this stage" in str(problems_of(county, now, reference, MEMBER, bram))
    appoint(county, now, reference, MEMBER, cleo)
    assert problems_of(county, now, reference, MEMBER, dov).keys() == {"role"}


def test_domain_5_nobody_holds_two_posts_of_one_stage(county: County, reference: str, now: datetime) -> None:
    who = outsider(county, now, "Ada")
    appoint(county, now, reference, INVESTIGATING, who)
    problems = problems_of(county, now, reference, INDEPENDENT, who)
    assert "Nobody holds two posts of one stage" in problems["who"]
    assert "reg 19" in problems["who"]


# --- who is there at all, when, and where ---------------------------------------------------------------------------


def test_who_is_retired_or_has_left_or_was_deactivated_is_not_appointed(
    county: County, reference: str, now: datetime
) -> None:
    assert "not available any more" in str(
        problems_of(county, now, reference, INDEPENDENT, outsider(county, now, "Hana"))
    )
    for slack_id, change in (
        (people.OTHER_TEAMS_MANAGER, {"leaves_on": now.date() - timedelta(days=1)}),
        (people.VIEWER, {"deactivated_at": now}),
    ):
        with county.office.change(None, now) as desk:
            desk.session.get_one(Person, county.people[slack_id]).sqlmodel_update(change)
        problems = problems_of(county, now, reference, INVESTIGATING, staff(county, slack_id))
        assert "They have left the council" in problems["who"]


@pytest.mark.parametrize("who", [Holder(person_id=9_001), Holder(outsider_id=9_001)])
def test_who_is_not_in_the_register_is_not_appointed(
    county: County, reference: str, now: datetime, who: Holder
) -> None:
    assert problems_of(county, now, reference, INVESTIGATING, who) == {"who": "Choose somebody from the list."}


@pytest.mark.parametrize("ids", [{}, {"person_id": 1, "outsider_id": 1}])
def test_a_post_is_held_by_one_of_the_staff_or_one_from_outside(ids: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="either a person or an outsider"):
        Holder(**ids)


@pytest.mark.parametrize("day", [date(2026, 11, 16), date(2026, 11, 24)])
def test_an_appointment_is_made_while_the_stage_lasts(county: County, reference: str, now: datetime, day: date) -> None:
    problems = problems_of(county, now, reference, INVESTIGATING, outsider(county, now, "Ada"), on=day)
    assert problems == {"appointed_on": "Stage 2 began on 17 November 2026. Choose a day from then to today."}


def test_everything_that_is_wrong_with_an_appointment_is_said_at_once(
    county: County, reference: str, now: datetime
) -> None:
    appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"))
    wrong = problems_of(county, now, reference, INDEPENDENT, staff(county, people.VIEWER), on=date(2026, 11, 2))
    assert wrong.keys() == {"appointed_on", "role", "who"}


def test_only_the_posts_of_the_stage_are_filled(county: County, reference: str, now: datetime) -> None:
    problems = problems_of(county, now, reference, CHAIR, outsider(county, now, "Ada"))
    assert "investigating officer, independent person, adjudicating officer" in problems["role"]
    first = county.record(now, received=now.date()).reference
    assert problems_of(county, now, first, CHAIR, outsider(county, now, "Ada")) == {
        "role": "Nobody is appointed at stage 1 of this procedure. There is nothing to do."
    }


def test_nobody_is_appointed_to_a_stage_that_was_only_asked_for_or_is_over(county: County, now: datetime) -> None:
    ada = outsider(county, now, "Ada")
    reference = inquiry.asked_for(county, now)
    with refused(county.office, Refusal, match="Open it first, or refuse it with written reasons"):
        appoint(county, now, reference, INDEPENDENT, ada)
    closed = at_stage_2(county, now)
    held = appoint(county, now, closed, INDEPENDENT, ada)
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, closed, register.Response(responded_on=now.date(), outcome="no_fault"))
    with refused(county.office, AlreadyDone, match="closed on 23 November 2026"):
        appoint(county, now, closed, ADJUDICATING, staff(county, people.SENIOR))
    with refused(county.office, AlreadyDone, match="closed on 23 November 2026"):
        stand_down(county, now, held)


@pytest.mark.parametrize(
    ("by", "kind"),
    [(people.MANAGER, NotAllowed), (people.SENIOR, NotAllowed), (people.OTHER_SENIOR, UnknownReference)],
)
def test_only_the_complaints_team_appoints_and_stands_down(
    county: County, reference: str, now: datetime, by: str, kind: type[Refusal]
) -> None:
    held = appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"), by=people.COMPLAINTS_MANAGER)
    with refused(county.office, kind):
        appoint(county, now, reference, INVESTIGATING, Holder(person_id=county.people[people.VIEWER]), by=by)
    with refused(county.office, kind), county.office.change(by, now) as desk:
        posts.stand_down(desk, held)


# --- standing down --------------------------------------------------------------------------------------------------


def test_who_stood_down_makes_room_for_another(county: County, reference: str, now: datetime) -> None:
    held = appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"), on=OPENED)
    stand_down(county, now, held, date(2026, 11, 20))
    bram = outsider(county, now, "Bram")
    problems = problems_of(county, now, reference, INDEPENDENT, bram, on=date(2026, 11, 19))
    assert "not empty from 19 November 2026 on" in problems["role"]
    appoint(county, now, reference, INDEPENDENT, bram, on=date(2026, 11, 20))
    with county.office.look(None, now) as desk:
        event = desk.session.exec(select(Event).where(Event.kind == EventKind.STOOD_DOWN)).one()
        first = desk.session.get_one(StageAppointment, held)
    assert (event.happened_on, event.data["appointment"]) == (date(2026, 11, 20), held)
    assert first.stood_down_on == date(2026, 11, 20)


def test_nobody_stands_down_twice(county: County, reference: str, now: datetime) -> None:
    held = appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"))
    stand_down(county, now, held)
    with refused(county.office, AlreadyDone, match="stood down on 23 November 2026 already"):
        stand_down(county, now, held)


@pytest.mark.parametrize("day", [date(2026, 11, 18), date(2026, 11, 24)])
def test_nobody_stands_down_before_they_were_appointed_or_in_the_future(
    county: County, reference: str, now: datetime, day: date
) -> None:
    held = appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"), on=date(2026, 11, 19))
    with refused(county.office, FieldProblems, match="appointed on 19 November 2026"):
        stand_down(county, now, held, day)


def test_an_appointment_that_is_not_there_and_one_that_cannot_be_seen_are_refused_alike(
    county: County, reference: str, now: datetime
) -> None:
    held = appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"))
    said = []
    for appointment_id in (held, 9_001):
        with (
            refused(county.office, UnknownReference) as caught,
            county.office.change(people.OTHER_SENIOR, now) as desk,
        ):
            posts.stand_down(desk, appointment_id)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_nobody_stands_down_from_a_stage_that_another_has_followed(
    county: County, reference: str, now: datetime
) -> None:
    held = appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"))
    go_to_stage_3(county, now, reference)
    with refused(county.office, AlreadyDone, match="gone to stage 3 since, and this appointment belongs to stage 2"):
        stand_down(county, now, held)


# --- many at once ---------------------------------------------------------------------------------------------------


def test_two_who_appoint_to_one_post_at_once_fill_it_once(county: County, reference: str, now: datetime) -> None:
    who = [outsider(county, now, name) for name in ("Ada", "Bram", "Cleo")]

    def try_to(one: Holder) -> bool:
        try:
            with county.office.change(people.HANDLER, now) as desk:
                posts.appoint(desk, reference, NewAppointment(role=INDEPENDENT, who=one, appointed_on=now.date()))
        except FieldProblems:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(try_to, who)) == [False, False, True]
    with county.office.look(None, now) as desk:
        assert len(desk.session.exec(select(StageAppointment)).all()) == 1
        assert desk.session.exec(select(Complaint.reference)).one() == reference
