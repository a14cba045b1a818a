from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from storage import policy, register, views_investigation
from storage.errors import NotAllowed, Refusal, UnknownReference
from storage.models import Outsider
from storage.procedures import StageRole
from storage.register import Response, issues
from storage.register.issues import Adjudication
from storage.register.organisation import Organisation
from storage.register.steps import StepDone
from storage.views_investigation import Gap, Investigation, StepFacts
from storage.vocabulary import Connection
from storage.workdays import WorkingDays
from tests import county as people
from tests.county import County
from tests.storage import inquiry
from tests.storage.inquiry import (
    ASKED,
    OPENED,
    add_issue,
    appoint,
    at_stage_2,
    at_stage_3,
    go_to_stage_3,
    outsider,
    staff,
    stand_down,
    step,
)
from tests.storage.witness import at

INVESTIGATING, INDEPENDENT = StageRole.INVESTIGATING_OFFICER, StageRole.INDEPENDENT_PERSON
ADJUDICATING = StageRole.ADJUDICATING_OFFICER
LATER = at("2027-01-11 10:00")


@pytest.fixture(autouse=True)
def checked(county: County) -> Iterator[None]:
    """Whatever a test did, `complaints check` finds nothing afterwards."""
    yield
    inquiry.assert_clean(county.office, LATER)


def look(
    county: County, now: datetime, reference: str, number: int | None = None, *, by: str | None = None
) -> Investigation:
    with county.office.look(by, now) as desk:
        return views_investigation.investigation(desk, reference, number)


def gaps(county: County, now: datetime) -> list[Gap]:
    with county.office.look(None, now) as desk:
        return views_investigation.gaps(desk)


def test_domain_4_the_gap_before_each_appointment_is_visible(county: County, now: datetime) -> None:
    """DOMAIN 4: the dates people ask councils for, and the gap before each appointment, in working days from the request."""
    reference = at_stage_2(county, now)
    who = staff(county, people.OTHER_TEAMS_MANAGER)
    first = appoint(county, now, reference, INVESTIGATING, who, on=OPENED)
    stand_down(county, now, first, date(2026, 11, 19))
    appoint(county, now, reference, INVESTIGATING, outsider(county, now, "Bram"), on=date(2026, 11, 23))
    appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"), on=date(2026, 11, 20))
    facts = look(county, now, reference)
    assert [(one.title, one.name, one.appointed_on, one.stood_down_on, one.waited) for one in facts.held] == [
        ("Investigating officer", "Fenn Foster", OPENED, date(2026, 11, 19), 1),
        ("Independent person", "Ada Marsh", date(2026, 11, 20), None, 3),
        ("Investigating officer", "Bram Holt", date(2026, 11, 23), None, 2),
    ]
    assert [one.conflict for one in facts.held] == [None, None, None]
    assert facts.held[0].who == who
    (empty,) = facts.empty
    assert (empty.post.role, empty.missing, empty.since, empty.days_empty) == (ADJUDICATING, 1, ASKED, 4)
    assert (empty.expected_by, empty.overdue_since) == (date(2026, 12, 8), None)


def test_an_empty_post_says_since_when_it_is_overdue(county: County, now: datetime) -> None:
    facts = look(county, at("2026-11-26 10:00"), at_stage_2(county, now))
    assert [(one.post.title, one.days_empty, one.overdue_since) for one in facts.empty] == [
        ("Investigating officer", 7, date(2026, 11, 25)),
        ("Independent person", 7, date(2026, 11, 25)),
        ("Adjudicating officer", 7, None),
    ]


def test_domain_4_the_dates_of_stage_2_and_the_second_due_date_are_shown(
    county: County, now: datetime, calendar: WorkingDays
) -> None:
    """DOMAIN 4, stage 2: counted from the request by default, and the agreed statement is shown as a second figure."""
    reference = at_stage_2(county, now)
    assert look(county, now, reference).other_due_on is None
    agreed = date(2026, 11, 20)
    step(county, now, reference, StepDone(step="statement_agreed", done_on=agreed))
    facts = look(county, now, reference, by=people.HANDLER)
    assert (facts.number, facts.title, facts.started_on, facts.opened_on) == (
        2,
        "Independent investigation",
        ASKED,
        OPENED,
    )
    assert facts.steps == (
        StepFacts("statement_agreed", "Statement of complaint agreed", agreed, None),
        StepFacts("commenced", "Investigation commenced", None, None),
        StepFacts("report_received", "Investigation report received", None, None),
        StepFacts("adjudicated", "Adjudicated", None, None),
    )
    assert (facts.due_on, facts.other_due_on) == (calendar.due(ASKED, 25), calendar.due(agreed, 25))


def test_where_stage_2_counts_from_the_statement_the_request_is_the_second_figure(
    county: County, now: datetime, calendar: WorkingDays
) -> None:
    with county.office.change(None, now) as desk:
        policy.save(desk.session, "stage2_clock", "statement")
    reference = at_stage_2(county, now)
    agreed = date(2026, 11, 20)
    step(county, now, reference, StepDone(step="statement_agreed", done_on=agreed))
    facts = look(county, now, reference)
    assert (facts.due_on, facts.other_due_on) == (calendar.due(agreed, 25), calendar.due(ASKED, 25))


def test_domain_4_the_legs_of_stage_3_are_shown_with_when_they_are_due(county: County, now: datetime) -> None:
    reference = at_stage_3(county, now)
    step(county, LATER, reference, StepDone(step="panel_met", done_on=date(2027, 1, 4)))
    facts = look(county, LATER, reference)
    assert facts.steps == (
        StepFacts("panel_met", "Panel meets", date(2027, 1, 4), date(2027, 1, 6)),
        StepFacts("report_received", "Panel's report", None, date(2027, 1, 11)),
    )
    assert [(one.post.title, one.missing) for one in facts.empty] == [("Panel chair", 1), ("Panel member", 2)]


def test_a_corrected_date_of_a_step_is_the_one_that_is_shown(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    step(county, now, reference, StepDone(step="commenced", done_on=now.date()))
    with county.office.change(people.HANDLER, now) as desk:
        correction = register.corrections.Correction(
            field="step:commenced", new=OPENED.isoformat(), reason="The letter has another date."
        )
        register.corrections.correct(desk, reference, correction)
    assert look(county, now, reference).steps[1].done_on == OPENED


def test_issues_are_shown_with_what_each_came_to(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    add_issue(county, now, reference, theme_id=county.themes["Delay"])
    add_issue(county, now, reference, "The letter was unclear.", team_id=county.teams["West"])
    with county.office.change(people.HANDLER, now) as desk:
        findings = {1: "no_fault", 2: "resolved"}
        issues.adjudicate(desk, reference, Adjudication(responded_on=now.date(), findings=findings))
    facts = look(county, now, reference)
    assert [(one.number, one.team, one.theme, one.text, one.findings) for one in facts.issues] == [
        (1, "East", "Delay", "Calls were not returned.", {2: "No fault"}),
        (2, "West", None, "The letter was unclear.", {2: "Resolved without finding"}),
    ]
    assert (facts.is_open, facts.empty) == (False, ())


def test_an_earlier_stage_can_be_looked_at_and_one_that_never_was_cannot(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"), on=OPENED)
    go_to_stage_3(county, now, reference)
    facts = look(county, now, reference, 2)
    assert (facts.number, [one.name for one in facts.held], facts.empty) == (2, ["Ada Marsh"], ())
    assert look(county, now, reference, 3).held == ()
    with pytest.raises(Refusal, match=r"has not been at stage 4\. It is at stage 3"):
        look(county, now, reference, 4)


def test_who_may_not_see_the_complaint_sees_nothing_of_its_investigation(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    assert look(county, now, reference, by=people.MANAGER).reference == reference
    with pytest.raises(UnknownReference):
        look(county, now, reference, by=people.OTHER_SENIOR)


# --- a rule that no longer holds ------------------------------------------------------------------------------------


def test_domain_5_who_joins_the_service_complained_about_afterwards_is_shown_as_a_conflict(
    county: County, now: datetime
) -> None:
    reference = at_stage_2(county, now)
    appoint(county, now, reference, INVESTIGATING, staff(county, people.OTHER_TEAMS_MANAGER), on=OPENED)
    moved = {
        "slack_id": people.OTHER_TEAMS_MANAGER,
        "name": "Fenn Foster",
        "roles": [{"role": "named_manager", "team": "West"}],
    }
    with county.office.change(None, now) as desk:
        register.organisation.load(desk, Organisation.model_validate({"people": [moved]}))
    (held,) = look(county, now, reference).held
    assert held.conflict is not None
    assert "They work in Localities" in held.conflict


def test_domain_5_who_declares_a_connection_afterwards_is_shown_as_a_conflict_until_they_stand_down(
    county: County, now: datetime
) -> None:
    reference = at_stage_2(county, now)
    ada = outsider(county, now, "Ada")
    appointment_id = appoint(county, now, reference, INDEPENDENT, ada)
    with county.office.change(None, now) as desk:
        desk.session.get_one(Outsider, ada.outsider_id).connection = Connection.SPOUSE
    (held,) = look(county, now, reference).held
    assert held.conflict is not None
    assert "the spouse of a member" in held.conflict
    stand_down(county, now, appointment_id)
    assert look(county, now, reference).held[0].conflict is None


# --- who could be appointed -----------------------------------------------------------------------------------------


def test_only_those_are_offered_whom_the_rules_of_independence_allow(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    appoint(county, now, reference, INDEPENDENT, outsider(county, now, "Ada"))

    def offered(role: StageRole) -> list[str]:
        with county.office.look(people.HANDLER, now) as desk:
            return [name for _who, name in views_investigation.choices(desk, reference, role)]

    assert offered(INDEPENDENT) == ["Bram Holt", "Cleo Finch", "Dov Reed"]
    assert offered(INVESTIGATING) == [
        "Bram Holt",
        "Cleo Finch",
        "Cora Ledger",
        "Dov Reed",
        "Edda Cole",
        "Fenn Foster",
        "Gila Stone",
        "Hester Quill",
        "Idris Penn",
        "Petra Vale",
        "Vida Glass",
    ]
    with county.office.look(people.HANDLER, now) as desk:
        found = views_investigation.choices(desk, reference, ADJUDICATING)
    assert {who.person_id for who, _name in found} == set(county.people.values())
    with pytest.raises(NotAllowed), county.office.look(people.MANAGER, now) as desk:
        views_investigation.choices(desk, reference, INDEPENDENT)


# --- gaps to nudge about --------------------------------------------------------------------------------------------


def test_posts_that_are_empty_for_longer_than_they_should_are_found_on_every_open_stage(
    county: County, now: datetime
) -> None:
    """DOMAIN 4: the gap before each appointment is nudged."""
    first, second = at_stage_2(county, now), at_stage_2(county, now)
    inquiry.asked_for(county, now)
    closed = at_stage_2(county, now)
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, closed, Response(responded_on=now.date(), outcome="no_fault"))
    appoint(county, now, second, INDEPENDENT, outsider(county, now, "Ada"))
    assert gaps(county, at("2026-11-24 18:00")) == []
    found = gaps(county, at("2026-11-25 09:00"))
    assert [(gap.reference, gap.title, gap.days_empty, gap.missing) for gap in found] == [
        (first, "Independent person", 6, 1),
        (first, "Investigating officer", 6, 1),
        (second, "Investigating officer", 6, 1),
    ]
    facts = look(county, now, first)
    assert {gap.complaint_id for gap in found if gap.reference == first} == {facts.complaint_id}


def test_both_empty_seats_of_a_panel_are_one_gap(county: County, now: datetime) -> None:
    reference = at_stage_3(county, now)
    appoint(county, now, reference, StageRole.PANEL_MEMBER, outsider(county, now, "Ada"))
    found = gaps(county, at("2026-12-08 09:00"))
    assert [(gap.role, gap.missing, gap.days_empty) for gap in found] == [
        (StageRole.PANEL_CHAIR, 1, 12),
        (StageRole.PANEL_MEMBER, 1, 12),
    ]


def test_gaps_cost_the_same_number_of_queries_however_many_stages_are_open(county: County, now: datetime) -> None:
    engine = county.office.database.engine

    def queries() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert gaps(county, now + timedelta(days=30))
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([statement for statement in seen if statement.lstrip().startswith("SELECT")])

    appoint(county, now, at_stage_2(county, now), INDEPENDENT, outsider(county, now, "Ada"))
    one = queries()
    for _ in range(4):
        appoint(county, now, at_stage_2(county, now), INDEPENDENT, outsider(county, now, "Bram"))
    at_stage_3(county, now)
    assert queries() == one <= 3
