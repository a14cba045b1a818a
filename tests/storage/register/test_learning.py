"""Learning actions: promised, done, verified or sent back; each by whom it may be, and nothing lost on the way."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import checking, register, views, views_complaint, views_learning
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Absence, Event, FreeText, LearningAction
from storage.office import Desk
from storage.register import Response, learning, ledger
from storage.register.issues import Adjudication
from storage.register.learning import NewAction
from storage.vocabulary import EventKind, OmbudsmanDecision
from tests import county as people
from tests.county import DONE, County
from tests.storage.inquiry import add_issue, at_stage_2
from tests.storage.witness import at, refused

RECEIVED, ANSWERED, DUE = date(2026, 11, 2), date(2026, 11, 12), date(2026, 12, 18)
LATER = at("2026-12-01 10:00")
WHY = "A new letter was agreed in spring and covers this"


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East that Mabel Eastwood owns, not answered yet."""
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
    return found


def fault(county: County, **changed: object) -> Response:
    values: dict[str, object] = {
        "responded_on": ANSWERED,
        "outcome": "fault",
        "action": "Calls are returned within two working days.",
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": DUE,
    }
    return Response.model_validate(values | changed)


def respond(county: County, reference: str, response: Response, now: datetime) -> None:
    with county.office.change(people.MANAGER, now) as desk:
        register.respond(desk, reference, response)


@pytest.fixture
def action(county: County, reference: str, now: datetime) -> int:
    """Its action, which Noor Eastham promised."""
    respond(county, reference, fault(county), now)
    with county.office.look(None, now) as desk:
        return desk.session.exec(select(LearningAction.id)).one() or 0


def do(county: County, who: str, act: Callable[[Desk], object], now: datetime) -> None:
    with county.office.change(who, now) as desk:
        act(desk)


def done(county: County, action: int, now: datetime, *, who: str = people.SECOND_MANAGER) -> None:
    do(county, who, lambda desk: learning.action_done(desk, action, DONE), now)


def row(county: County, action: int) -> LearningAction:
    with county.office.look(None, LATER) as desk:
        found = desk.session.get_one(LearningAction, action)
        desk.session.expunge(found)
        return found


def history(county: County) -> list[Event]:
    with county.office.look(None, LATER) as desk:
        return list(desk.session.exec(select(Event).order_by(col(Event.id))))


def assert_clean(county: County, now: datetime) -> None:
    with county.office.look(None, now) as desk:
        assert checking.check(desk).differences == ()


# --- an action, or why none -----------------------------------------------------------------------------------------


def test_a_finding_of_fault_closes_with_a_reason_why_no_action_is_needed(
    county: County, reference: str, now: datetime
) -> None:
    # The owner comes chosen with the form, and is no action by itself.
    without = {"action": "", "action_due_on": None, "no_action_reason": WHY}
    respond(county, reference, fault(county, **without), now)
    *_, answered, not_needed = history(county)
    assert (answered.kind, not_needed.kind) == (EventKind.RESPONDED, EventKind.ACTION_NOT_NEEDED)
    with county.office.look(None, now) as desk:
        assert desk.session.exec(select(LearningAction)).all() == []
        assert views.text(desk, not_needed.data["text"]) == WHY
    assert WHY not in str(not_needed.data)
    assert_clean(county, now)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        (
            {"action": "", "action_owner_id": None, "action_due_on": None},
            {"action", "action_owner_id", "action_due_on"},
        ),
        ({"no_action_reason": WHY}, {"no_action_reason"}),
        ({"action": "", "no_action_reason": "Ring 07700 900123"}, {"no_action_reason"}),
        ({"action": "", "no_action_reason": "word " * 300}, {"no_action_reason"}),
        ({"action": "  "}, {"action"}),
        ({"action_due_on": date(2031, 1, 1)}, {"action_due_on"}),
        ({"action_due_on": ANSWERED - timedelta(days=1)}, {"action_due_on"}),
        ({"outcome": "no_fault", "action": "", "no_action_reason": WHY}, {"no_action_reason"}),
    ],
)
def test_without_exactly_one_of_the_two_the_stage_is_not_closed(
    county: County, reference: str, now: datetime, changed: dict[str, object], wrong: set[str]
) -> None:
    with refused(county.office, FieldProblems) as refusal:
        respond(county, reference, fault(county, **changed), now)
    assert isinstance(refusal.value, FieldProblems)
    assert set(refusal.value.problems) == wrong


def test_findings_on_issues_want_the_same(county: County, now: datetime) -> None:
    reference = at_stage_2(county, now)
    add_issue(county, now, reference)
    found = {"responded_on": now.date(), "findings": {1: "partial"}}
    with refused(county.office, FieldProblems), county.office.change(people.HANDLER, now) as desk:
        register.issues.adjudicate(desk, reference, Adjudication.model_validate(found))
    with county.office.change(people.HANDLER, now) as desk:
        register.issues.adjudicate(desk, reference, Adjudication.model_validate({**found, "no_action_reason": WHY}))
    assert history(county)[-1].kind is EventKind.ACTION_NOT_NEEDED
    assert_clean(county, now)


# --- more of them ---------------------------------------------------------------------------------------------------


def new_action(county: County, **changed: object) -> NewAction:
    values: dict[str, object] = {
        "action": "A second look at every letter.",
        "action_owner_id": county.people[people.OTHER_TEAMS_MANAGER],
        "action_due_on": DUE,
    }
    return NewAction.model_validate(values | changed)


@pytest.mark.parametrize("who", [people.MANAGER, people.HANDLER, people.COMPLAINTS_MANAGER])
def test_one_more_action_can_be_added_to_a_closed_complaint_and_not_twice(
    county: County, reference: str, action: int, who: str
) -> None:
    do(county, who, lambda desk: learning.add_action(desk, reference, new_action(county)), LATER)
    with county.office.look(None, LATER) as desk:
        first, second = views_complaint.complaint(desk, reference).actions
        assert (first.id, second.text) == (action, "A second look at every letter.")
    with refused(county.office, AlreadyDone):
        do(county, who, lambda desk: learning.add_action(desk, reference, new_action(county)), LATER)
    assert_clean(county, LATER)


def test_an_action_goes_with_a_finding_of_fault(county: County, reference: str, now: datetime) -> None:
    with refused(county.office, Refusal, match="No fault was found"):
        do(county, people.MANAGER, lambda desk: learning.add_action(desk, reference, new_action(county)), now)


def test_fault_found_at_an_earlier_stage_is_enough(county: County, now: datetime) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, fault(county))
        asked = register.escalation.StageRequest(requested_on=now.date())
        register.escalation.request_stage(desk, reference, asked)
        assert learning.add_action(desk, reference, new_action(county)).id
    assert_clean(county, now)


def test_fault_that_the_ombudsman_found_is_enough_too(county: County, reference: str, now: datetime) -> None:
    respond(county, reference, Response(responded_on=ANSWERED, outcome="no_fault"), now)
    decide = register.ombudsman.decided
    do(county, people.HANDLER, lambda desk: decide(desk, reference, now.date(), OmbudsmanDecision.NO_FAULT), now)
    with refused(county.office, Refusal, match="No fault was found"):
        do(county, people.HANDLER, lambda desk: learning.add_action(desk, reference, new_action(county)), now)
    do(county, people.HANDLER, lambda desk: decide(desk, reference, now.date(), OmbudsmanDecision.FAULT), now)
    do(county, people.HANDLER, lambda desk: learning.add_action(desk, reference, new_action(county)), now)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"action": ""}, "action"),
        ({"action": "Ring 07700 900123"}, "action"),
        ({"action_owner_id": None}, "action_owner_id"),
        ({"action_owner_id": 9_001}, "action_owner_id"),
        ({"action_due_on": None}, "action_due_on"),
        ({"action_due_on": LATER.date() - timedelta(days=1)}, "action_due_on"),
    ],
)
def test_what_is_wrong_with_an_added_action_is_named(
    county: County, reference: str, action: int, changed: dict[str, object], wrong: str
) -> None:
    with refused(county.office, FieldProblems) as refusal:
        new = new_action(county, **changed)
        do(county, people.HANDLER, lambda desk: learning.add_action(desk, reference, new), LATER)
    assert isinstance(refusal.value, FieldProblems)
    assert set(refusal.value.problems) == {wrong}


# --- done -----------------------------------------------------------------------------------------------------------


def test_done_says_when_by_whom_and_what_was_done_and_is_not_over(county: County, action: int) -> None:
    act = lambda desk: learning.action_done(desk, action, DONE, date(2026, 11, 30))  # noqa: E731 - said once
    do(county, people.SECOND_MANAGER, act, LATER)
    kept = row(county, action)
    assert (kept.done_on, kept.done_by_id) == (date(2026, 11, 30), county.people[people.SECOND_MANAGER])
    assert (kept.verified_on, kept.verified_by_id) == (None, None)
    with county.office.look(None, LATER) as desk:
        text = desk.session.get_one(FreeText, kept.evidence_text_id)
        assert (text.about, text.body) == ("evidence", DONE)
    event = history(county)[-1]
    assert (event.kind, event.happened_on, event.data["action"]) == (EventKind.ACTION_DONE, date(2026, 11, 30), action)
    assert_clean(county, LATER)


@pytest.mark.parametrize(
    ("evidence", "on", "wrong"),
    [
        ("", None, "evidence"),
        ("   ", None, "evidence"),
        ("Rang 07700 900123", None, "evidence"),
        ("word " * 300, None, "evidence"),
        (DONE, LATER.date() + timedelta(days=1), "done_on"),
        (DONE, RECEIVED - timedelta(days=1), "done_on"),
    ],
)
def test_what_was_done_has_to_be_said_and_names_nobody(
    county: County, action: int, evidence: str, on: date | None, wrong: str
) -> None:
    with refused(county.office, FieldProblems) as refusal:
        do(county, people.SECOND_MANAGER, lambda desk: learning.action_done(desk, action, evidence, on), LATER)
    assert isinstance(refusal.value, FieldProblems)
    assert set(refusal.value.problems) == {wrong}


def test_whoever_stands_in_for_the_owner_says_that_it_is_done(county: County, action: int) -> None:
    with refused(county.office, UnknownReference):
        done(county, action, LATER, who=people.OTHER_TEAMS_MANAGER)
    with county.office.change(None, LATER) as desk:
        desk.session.add(
            Absence(
                person_id=county.people[people.SECOND_MANAGER],
                from_on=LATER.date(),
                until_on=LATER.date() + timedelta(days=9),
                cover_id=county.people[people.OTHER_TEAMS_MANAGER],
            )
        )
    done(county, action, LATER, who=people.OTHER_TEAMS_MANAGER)
    assert row(county, action).done_by_id == county.people[people.OTHER_TEAMS_MANAGER]


# --- verified, or not yet -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [people.HANDLER, people.COMPLAINTS_MANAGER])
def test_somebody_of_the_complaints_team_verifies_once(county: County, action: int, who: str) -> None:
    done(county, action, LATER)
    do(county, who, lambda desk: learning.action_verified(desk, action), LATER)
    kept = row(county, action)
    assert (kept.verified_on, kept.verified_by_id) == (LATER.date(), county.people[who])
    assert history(county)[-1].kind is EventKind.ACTION_VERIFIED
    acts: list[Callable[[Desk], object]] = [
        lambda desk: learning.action_verified(desk, action),
        lambda desk: learning.action_sent_back(desk, action, WHY),
        lambda desk: learning.action_done(desk, action, DONE),
    ]
    for act in acts:
        with refused(county.office, AlreadyDone, match="already"):
            do(county, who, act, LATER)
    assert_clean(county, LATER)


def test_what_nobody_says_is_done_can_not_be_verified(county: County, action: int) -> None:
    with refused(county.office, Refusal, match="Nobody says"):
        do(county, people.HANDLER, lambda desk: learning.action_verified(desk, action), LATER)


def test_whoever_said_that_it_is_done_does_not_verify_it(county: County, action: int) -> None:
    done(county, action, LATER, who=people.HANDLER)
    with refused(county.office, Refusal, match="somebody else"):
        do(county, people.HANDLER, lambda desk: learning.action_verified(desk, action), LATER)
    do(county, people.SECOND_HANDLER, lambda desk: learning.action_verified(desk, action), LATER)


def test_whoever_owns_it_does_not_verify_it_either(county: County, reference: str, now: datetime) -> None:
    owner = county.people[people.HANDLER]
    respond(county, reference, fault(county, action_owner_id=owner), now)
    done(county, 1, LATER, who=people.SECOND_HANDLER)
    with refused(county.office, Refusal, match="somebody else"):
        do(county, people.HANDLER, lambda desk: learning.action_sent_back(desk, 1, WHY), LATER)
    do(county, people.COMPLAINTS_MANAGER, lambda desk: learning.action_verified(desk, 1), LATER)


def test_the_owner_is_told_whom_to_ask(county: County, action: int) -> None:
    done(county, action, LATER)
    with refused(county.office, NotAllowed, match="Ask Cora Ledger"):
        do(county, people.SECOND_MANAGER, lambda desk: learning.action_verified(desk, action), LATER)


def test_what_is_not_done_yet_goes_back_to_its_owner_and_its_history_keeps_both(county: County, action: int) -> None:
    done(county, action, LATER)
    with refused(county.office, FieldProblems):
        do(county, people.HANDLER, lambda desk: learning.action_sent_back(desk, action, " "), LATER)
    do(county, people.HANDLER, lambda desk: learning.action_sent_back(desk, action, "The list is empty"), LATER)
    kept = row(county, action)
    assert (kept.done_on, kept.done_by_id, kept.evidence_text_id, kept.verified_on) == (None, None, None, None)
    claimed, back = history(county)[-2:]
    assert (claimed.kind, back.kind) == (EventKind.ACTION_DONE, EventKind.ACTION_SENT_BACK)
    with county.office.look(people.SECOND_MANAGER, LATER) as desk:
        assert [one.id for one in views.actions_owned(desk, county.people[people.SECOND_MANAGER])] == [action]
        assert views.text(desk, back.data["text"]) == "The list is empty"
        assert views.text(desk, claimed.data["text"]) == DONE
    assert_clean(county, LATER)
    done(county, action, LATER)
    do(county, people.HANDLER, lambda desk: learning.action_verified(desk, action), LATER)
    assert_clean(county, LATER)


def test_only_whoever_can_verify_it_has_it_to_verify(county: County, action: int) -> None:
    def waiting(who: str) -> list[int]:
        with county.office.look(who, LATER) as desk:
            return [one.id for one in views_learning.to_verify(desk)]

    assert waiting(people.HANDLER) == []
    done(county, action, LATER, who=people.HANDLER)
    found = {who: waiting(who) for who in (people.HANDLER, people.SECOND_HANDLER, people.SECOND_MANAGER, people.VIEWER)}
    assert found == {
        people.HANDLER: [],
        people.SECOND_HANDLER: [action],
        people.SECOND_MANAGER: [],
        people.VIEWER: [],
    }
    do(county, people.SECOND_HANDLER, lambda desk: learning.action_verified(desk, action), LATER)
    assert waiting(people.SECOND_HANDLER) == []


# --- a row that is not as its history says --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"done_by_id": None},
        {"evidence_text_id": None},
        {"verified_on": date(2026, 12, 2)},
        {"verified_on": None},
        {"verified_by_id": 1},
        {"done_on": None},
    ],
)
def test_a_changed_row_is_found(county: County, action: int, change: dict[str, object]) -> None:
    done(county, action, LATER)
    do(county, people.COMPLAINTS_MANAGER, lambda desk: learning.action_verified(desk, action), LATER)
    with county.office.change(None, LATER) as desk:
        found = desk.session.get_one(LearningAction, action)
        for name, value in change.items():
            setattr(found, name, value)
    with county.office.look(None, LATER) as desk:
        (difference,) = checking.check(desk).differences
    assert f"learning action {action} differs from its history: {next(iter(change))}" in difference.what


def test_an_action_done_before_anybody_wrote_what_was_done_was_over_then(county: County, action: int) -> None:
    """As earlier releases recorded it, and the migration carried it on."""
    with county.office.change(people.SECOND_MANAGER, LATER) as desk:
        found, complaint = learning.find(desk, action)
        found.done_on = found.verified_on = LATER.date()
        file = ledger.opened(desk, complaint)
        ledger.append(desk, file, EventKind.ACTION_DONE, on=LATER.date(), data={"action": action})
    assert_clean(county, LATER)
    with refused(county.office, AlreadyDone, match="verified since"):
        done(county, action, LATER)
