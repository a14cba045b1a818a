from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from storage import procedures, register
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Event, FreeText, Issue, IssueFinding, LearningAction, OutboxRow
from storage.procedures import Outcome, Procedure
from storage.register import Response, issues
from storage.register.issues import Adjudication
from storage.vocabulary import Band, EventKind, Finding
from tests import county as people
from tests.county import County
from tests.storage import inquiry
from tests.storage.inquiry import add_issue, at_stage_2, current_stage, review_asked
from tests.storage.witness import at, contents, refused

LATER = at("2027-03-31 10:00")
STATUTORY = procedures.shipped()["statutory"]


@pytest.fixture(autouse=True)
def checked(county: County) -> Iterator[None]:
    """Whatever a test did, `complaints check` finds nothing afterwards."""
    yield
    inquiry.assert_clean(county.office, LATER)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint at stage 2 with two issues."""
    reference = at_stage_2(county, now)
    add_issue(county, now, reference)
    add_issue(county, now, reference, "The assessment was late.", theme_id=county.themes["Delay"])
    return reference


def adjudicate(county: County, now: datetime, reference: str, *, by: str = people.HANDLER, **fields: Any) -> None:
    whole = {"responded_on": now.date(), "findings": {1: "no_fault", 2: "no_fault"}, **fields}
    with county.office.change(by, now) as desk:
        issues.adjudicate(desk, reference, Adjudication(**whole))


def action(county: County) -> dict[str, Any]:
    return {
        "action": "Calls are returned within two working days.",
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": date(2027, 1, 29),
    }


def problems_of(county: County, now: datetime, reference: str, **fields: Any) -> dict[str, str]:
    with refused(county.office, FieldProblems) as caught:
        adjudicate(county, now, reference, **fields)
    assert isinstance(caught.value, FieldProblems)
    return caught.value.problems


# --- adding ---------------------------------------------------------------------------------------------------------


def test_issues_are_numbered_and_their_text_is_kept_apart_from_the_history(
    county: County, reference: str, now: datetime
) -> None:
    with county.office.look(None, now) as desk:
        events = desk.session.exec(
            select(Event).where(Event.kind == EventKind.ISSUE_ADDED).order_by(col(Event.sequence))
        ).all()
        rows = desk.session.exec(select(Issue).order_by(col(Issue.number))).all()
        texts = desk.session.exec(select(FreeText).where(FreeText.about == "issue").order_by(col(FreeText.id))).all()
    assert [(row.number, row.team_id, row.theme_id) for row in rows] == [
        (1, county.teams["East"], None),
        (2, county.teams["East"], county.themes["Delay"]),
    ]
    assert [text.body for text in texts] == ["Calls were not returned.", "The assessment was late."]
    assert [event.data["issue"] for event in events] == [row.id for row in rows]
    assert [event.data["text"] for event in events] == [text.id for text in texts]
    kept = contents(county.office)
    for table in ("event", "outbox", "issue"):
        assert not any("alls were" in row for row in kept[table]), table


def test_every_wrong_field_of_an_issue_is_named_at_once(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    with refused(county.office, FieldProblems) as caught:
        add_issue(county, now, reference, "Ring 07700 900123 back", team_id=9_001, theme_id=9_001)
    assert isinstance(caught.value, FieldProblems)
    assert caught.value.problems.keys() == {"team_id", "theme_id", "text"}
    assert "900123" not in str(caught.value)
    with refused(county.office, FieldProblems, match="in a sentence what this issue is"):
        add_issue(county, now, reference, " ")
    with refused(county.office, FieldProblems, match="Keep this to 1,000 characters"):
        add_issue(county, now, reference, "word " * 201)


def test_issues_belong_to_stages_that_are_answered_issue_by_issue(county: County, now: datetime) -> None:
    first, waiting = county.record(now, received=now.date()).reference, inquiry.asked_for(county, now)
    with refused(county.office, Refusal, match="not answered issue by issue"):
        add_issue(county, now, first)
    with refused(county.office, Refusal, match="not answered issue by issue: record the response"):
        adjudicate(county, now, first)
    with refused(county.office, Refusal, match="Open it first"):
        add_issue(county, now, waiting)


@pytest.mark.parametrize(
    ("by", "kind"),
    [(people.MANAGER, NotAllowed), (people.SENIOR, NotAllowed), (people.OTHER_SENIOR, UnknownReference)],
)
def test_only_the_complaints_team_adds_issues_and_records_findings(
    county: County, reference: str, now: datetime, by: str, kind: type[Refusal]
) -> None:
    new = issues.NewIssue(team_id=county.teams["East"], text="Calls were not returned.")
    with refused(county.office, kind), county.office.change(by, now) as desk:
        issues.add_issue(desk, reference, new)
    with refused(county.office, kind):
        adjudicate(county, now, reference, by=by)


# --- what the whole came to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "whole"),
    [
        (["fault"], "fault"),
        (["fault", "fault"], "fault"),
        (["fault", "no_fault"], "partial"),
        (["fault", "resolved"], "partial"),
        (["fault", "partial"], "partial"),
        (["partial", "partial"], "partial"),
        (["partial", "no_fault"], "partial"),
        (["no_fault", "no_fault"], "no_fault"),
        (["no_fault", "resolved"], "no_fault"),
        (["resolved", "resolved"], "resolved"),
    ],
)
def test_the_outcome_of_the_whole_follows_from_the_findings(found: list[str], whole: str) -> None:
    """All fault is fault, some fault or partial is partial, none is no fault, and no finding only when all are."""
    assert issues.overall(STATUTORY, [STATUTORY.outcome(key) for key in found]).key == whole


def test_a_councils_own_outcome_stands_for_the_whole_when_every_issue_has_it() -> None:
    serious = Outcome(key="serious", label="Serious fault", finding=Finding.FAULT)
    own = Procedure.model_validate(STATUTORY.model_dump() | {"outcomes": [*STATUTORY.outcomes, serious]})
    assert issues.overall(own, [serious, serious]).key == "serious"
    assert issues.overall(own, [serious, own.outcome("fault")]).key == "fault"


def test_only_findings_are_offered_for_an_issue() -> None:
    assert [outcome.key for outcome in issues.offered(STATUTORY)] == ["fault", "partial", "no_fault", "resolved"]


# --- adjudicating ---------------------------------------------------------------------------------------------------


def test_adjudicating_closes_the_stage_with_a_finding_on_each_issue(
    county: County, reference: str, now: datetime
) -> None:
    adjudicate(county, now, reference, findings={1: "fault", 2: "no_fault"}, **action(county))
    stage = current_stage(county, now, reference)
    assert (stage.outcome, stage.finding, stage.band) == ("partial", Finding.PARTIAL, Band.WITHIN_LIMIT)
    assert (stage.is_open, stage.ended_on) == (False, now.date())
    with county.office.look(None, now) as desk:
        events = desk.session.exec(select(Event).order_by(col(Event.sequence).desc()).limit(4)).all()
        found = desk.session.exec(select(IssueFinding).order_by(col(IssueFinding.issue_id))).all()
        assert desk.session.exec(select(LearningAction)).one().owner_id == county.people[people.SECOND_MANAGER]
        keys = set(desk.session.exec(select(OutboxRow.key)).all())
    assert [event.kind for event in reversed(events)] == [
        EventKind.ISSUE_FOUND,
        EventKind.ISSUE_FOUND,
        EventKind.RESPONDED,
        EventKind.ACTION_ADDED,
    ]
    assert [(one.stage, one.outcome, one.finding) for one in found] == [
        (2, "fault", Finding.FAULT),
        (2, "no_fault", Finding.NO_FAULT),
    ]
    first = events[-1]
    assert first.data == {"issue": found[0].issue_id, "number": 1, "outcome": "fault", "finding": "fault"}
    assert f"thread:{first.complaint_id}:{first.sequence}" not in keys


@pytest.mark.parametrize(
    ("findings", "fields"),
    [
        ({}, {"finding_1", "finding_2"}),
        ({1: "fault"}, {"finding_2"}),
        ({1: "fault", 2: "no_fault", 3: "fault"}, {"finding_3"}),
        ({1: "withdrawn", 2: "overtaken"}, {"finding_1", "finding_2"}),
        ({1: "??", 2: "no_fault"}, {"finding_1"}),
    ],
)
def test_every_issue_needs_a_finding_and_nothing_else_has_one(
    county: County, reference: str, now: datetime, findings: dict[int, str], fields: set[str]
) -> None:
    assert problems_of(county, now, reference, findings=findings, **action(county)).keys() == fields


def test_fault_on_any_issue_needs_an_action_somebody_and_a_day(county: County, reference: str, now: datetime) -> None:
    problems = problems_of(county, now, reference, findings={1: "no_fault", 2: "partial"})
    assert list(problems) == ["action", "action_owner_id", "action_due_on"]


def test_what_is_wrong_beside_a_missing_finding_is_said_at_the_same_time(
    county: County, reference: str, now: datetime
) -> None:
    problems = problems_of(
        county, now, reference, findings={1: "fault"}, responded_on=date(2026, 11, 24), theme_ids=(9_001,)
    )
    assert problems.keys() == {"finding_2", "responded_on", "theme_ids"}


def test_a_stage_with_issues_is_not_answered_without_findings(county: County, reference: str, now: datetime) -> None:
    for outcome in ("no_fault", "fault", "??"):
        response = Response(responded_on=now.date(), outcome=outcome)
        with (
            refused(county.office, Refusal, match="each needs a finding of its own"),
            county.office.change(people.HANDLER, now) as desk,
        ):
            register.respond(desk, reference, response)


def test_a_complaint_with_issues_may_be_withdrawn(county: County, reference: str, now: datetime) -> None:
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="withdrawn"))
    assert current_stage(county, now, reference).finding is Finding.NOT_PROCEEDED


def test_a_complaint_without_issues_is_answered_as_a_whole(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    with refused(county.office, Refusal, match="has no issues yet"):
        adjudicate(county, now, reference, findings={})
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))


def test_a_closed_stage_takes_neither_issues_nor_findings(county: County, reference: str, now: datetime) -> None:
    adjudicate(county, now, reference)
    with refused(county.office, AlreadyDone, match="closed on 23 November 2026"):
        add_issue(county, now, reference)
    with refused(county.office, AlreadyDone, match="closed on 23 November 2026"):
        adjudicate(county, now, reference)


def test_the_panel_finds_on_the_same_issues_again_and_both_findings_stay(
    county: County, reference: str, now: datetime
) -> None:
    """DOMAIN 4, stage 3: its response too needs a recorded reason when it is late."""
    adjudicate(county, now, reference, responded_on=inquiry.ASKED_AGAIN)
    review_asked(county, now, reference)
    late: dict[str, Any] = {"findings": {1: "partial", 2: "no_fault"}, **action(county), "action_due_on": LATER.date()}
    assert problems_of(county, LATER, reference, **late).keys() == {"late_reason"}
    adjudicate(county, LATER, reference, **late, late_reason="The panel asked for more papers.")
    with county.office.look(None, LATER) as desk:
        found = desk.session.exec(
            select(IssueFinding).order_by(col(IssueFinding.stage), col(IssueFinding.issue_id))
        ).all()
    assert [(one.stage, one.outcome) for one in found] == [
        (2, "no_fault"),
        (2, "no_fault"),
        (3, "partial"),
        (3, "no_fault"),
    ]


def test_a_stage_that_was_opened_again_may_come_to_other_findings(
    county: County, reference: str, now: datetime
) -> None:
    adjudicate(county, now, reference)
    with county.office.change(people.HANDLER, now) as desk:
        register.endings.reopen(desk, reference, "A page of the report was missing.")
    assert add_issue(county, now, reference, "The letter was unclear.") == 3
    adjudicate(county, now, reference, findings={1: "resolved", 2: "no_fault", 3: "no_fault"})
    with county.office.look(None, now) as desk:
        found = desk.session.exec(select(IssueFinding).order_by(col(IssueFinding.issue_id))).all()
        events = desk.session.exec(select(Event).where(Event.kind == EventKind.ISSUE_FOUND)).all()
    assert [one.outcome for one in found] == ["resolved", "no_fault", "no_fault"]
    assert len(events) == 5
