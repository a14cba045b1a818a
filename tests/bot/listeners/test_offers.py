"""What is offered to whom: what this person can do to this complaint now, in forms that ask for what is needed and no more."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.blocks import card, decisions, investigation, lists, respond, stages
from bot.blocks.names import Action
from bot.listeners import respond as responding
from storage import register, views, views_complaint, views_issues, views_requests
from storage.errors import Refusal
from storage.permissions import Operation
from storage.register import NewComplaint, Response, ledger
from storage.register.escalation import StageRequest
from storage.register.requests import Extension, Pause
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons, inputs, said
from tests.bot.listeners.test_promise import pressed
from tests.conftest import MONDAY
from tests.county import County
from tests.storage.inquiry import add_issue, asked_for, at_stage_2, at_stage_3

# Due on Monday 7 December 2026 as it stands, on 21 December at the latest.
RECEIVED = date(2026, 11, 23)
DUE, LATEST = date(2026, 12, 7), date(2026, 12, 21)
WHY = "The reasons are in the letter of that day"


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East that Mabel Eastwood owns."""
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
    return found


@pytest.fixture
def old_request(county: County, reference: str, now: datetime) -> str:
    """The same at stage 2, with an extension of stage 1 that nobody decided and a pause of it that would still run."""
    with county.office.change(people.HANDLER, now) as desk:
        register.requests.ask_extension(desk, reference, Extension(until=LATEST, reason=WHY))
        pause = Pause(kind="court", starts_on=RECEIVED, until=date(2027, 1, 20), reason=WHY)
        asked = register.requests.ask_pause(desk, reference, pause).id or 0
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.requests.decide(desk, asked, granted=True)
    with county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=RECEIVED, outcome="no_fault"))
        register.escalation.request_stage(desk, reference, StageRequest(requested_on=RECEIVED))
        register.escalation.open_stage(desk, reference)
    return reference


def ask(county: County, reference: str, when: datetime, until: date = LATEST) -> int:
    with county.office.change(people.MANAGER, when) as desk:
        return register.requests.ask_extension(desk, reference, Extension(until=until, reason=WHY)).id or 0


def grant(county: County, request: int, when: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, when) as desk:
        register.requests.decide(desk, request, granted=True)


def facts(county: County, reference: str, when: datetime) -> views_complaint.ComplaintFacts:
    with county.office.look(None, when) as desk:
        return views_complaint.complaint(desk, reference)


def test_what_was_asked_for_at_stage_1_is_no_matter_of_stage_2(counter: Counter, old_request: str) -> None:
    assert facts(counter.county, old_request, counter.now).requests == ()
    assert "asked for, not decided" not in said(card.card(facts(counter.county, old_request, counter.now)).blocks)
    offered = counter.offered(people.HANDLER, old_request)
    assert Action.ASK_EXTENSION in offered
    assert Action.END_PAUSE not in offered


def test_a_stopped_clock_can_be_let_run_again_only_while_the_stage_is_open(
    counter: Counter, reference: str, now: datetime
) -> None:
    with counter.county.office.change(people.HANDLER, now) as desk:
        pause = Pause(kind="court", starts_on=RECEIVED, until=date(2027, 1, 20), reason=WHY)
        asked = register.requests.ask_pause(desk, reference, pause).id or 0
    grant(counter.county, asked, now)
    assert Action.END_PAUSE in counter.offered(people.HANDLER, reference)
    with counter.county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=RECEIVED, outcome="no_fault"))
    assert Action.END_PAUSE not in counter.offered(people.HANDLER, reference)


@pytest.mark.parametrize(
    ("today", "optional"), [(RECEIVED, False), (DUE, False), (DUE + timedelta(days=1), True), (LATEST, True)]
)
def test_why_a_stage_is_left_out_can_be_said_as_long_as_it_is_open(
    counter: Counter, reference: str, today: date, optional: bool
) -> None:
    form = stages.request_form(facts(counter.county, reference, at(today)), [], today=today)
    assert inputs(form)["reason"] is optional


def test_a_request_of_a_day_in_time_that_is_recorded_late_can_be_given_its_reason(
    counter: Counter, reference: str
) -> None:
    counter.now = at(date(2026, 12, 9))
    form = stages.request_form(facts(counter.county, reference, counter.now), [], today=counter.now.date())
    refused = counter.submit(people.HANDLER, form, {"requested_on": "2026-12-04"})
    assert set(refused["errors"]) == {"reason"}
    closed = counter.submit(people.HANDLER, form, {"requested_on": "2026-12-04", "reason": WHY})
    assert closed == {"response_action": "clear"}


def test_a_stage_that_is_over_needs_no_reason_for_the_next(counter: Counter, reference: str, now: datetime) -> None:
    with counter.county.office.change(people.HANDLER, now) as desk:
        register.respond(desk, reference, Response(responded_on=RECEIVED, outcome="no_fault"))
    assert "reason" not in inputs(
        stages.request_form(facts(counter.county, reference, now), [], today=counter.now.date())
    )


def test_an_extension_is_offered_until_the_day_it_has_to_be_approved_by(counter: Counter, reference: str) -> None:
    for today, expected in ((RECEIVED, True), (DUE, True), (DUE + timedelta(days=1), False)):
        counter.now = at(today)
        assert (Action.ASK_EXTENSION in counter.offered(people.MANAGER, reference)) is expected, today


def test_an_extension_is_not_offered_while_one_waits_nor_at_the_maximum(
    counter: Counter, reference: str, now: datetime
) -> None:
    first = ask(counter.county, reference, now, date(2026, 12, 14))
    assert Action.ASK_EXTENSION not in counter.offered(people.MANAGER, reference)
    grant(counter.county, first, now)
    assert Action.ASK_EXTENSION in counter.offered(people.MANAGER, reference)
    grant(counter.county, ask(counter.county, reference, now), now)
    assert Action.ASK_EXTENSION not in counter.offered(people.MANAGER, reference)


def test_an_extension_is_not_offered_where_there_is_none(counter: Counter, now: datetime) -> None:
    with counter.county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=RECEIVED, lead_team_id=counter.county.teams["East"], procedure="adults")
        reference = register.record(desk, new).reference
    assert Action.ASK_EXTENSION not in counter.offered(people.HANDLER, reference)
    assert Action.AGREE_DATE in counter.offered(people.HANDLER, reference)


def test_the_clock_cannot_be_stopped_once_it_has_run_out(counter: Counter, reference: str) -> None:
    for today, expected in ((DUE, True), (DUE + timedelta(days=1), False)):
        counter.now = at(today)
        assert (Action.ASK_PAUSE in counter.offered(people.MANAGER, reference)) is expected, today


@pytest.mark.parametrize(
    ("action", "said_so"),
    [
        (Action.APPOINT, "Nobody is appointed at stage 1"),
        (Action.STAND_DOWN, "Nobody holds a post of this stage"),
        (Action.STEP, "Stage 1 has no date that is still to be recorded"),
    ],
)
def test_a_form_without_anything_to_choose_is_not_opened_from_a_list_that_is_out_of_date(
    counter: Counter, reference: str, action: Action, said_so: str
) -> None:
    with pytest.raises(Refusal, match=said_so):
        pressed(counter, people.HANDLER, action, reference)


def test_a_pause_is_not_asked_for_where_nothing_stops_the_clock(counter: Counter, now: datetime) -> None:
    reference = at_stage_3(counter.county, now)
    with pytest.raises(Refusal, match="Nothing stops the clock at stage 3"):
        pressed(counter, people.HANDLER, Action.ASK_PAUSE, reference)


def test_a_stage_that_was_only_asked_for_is_opened_and_not_answered(counter: Counter) -> None:
    reference = asked_for(counter.county, counter.now)
    assert owner_is_offered(counter) == {Action.SHOW}
    assert counter.screen(people.MANAGER, reference) == {Action.MORE}
    assert counter.screen(people.HANDLER, reference) == {Action.OPEN_STAGE, Action.REFUSE_STAGE, Action.MORE}
    given = card.allocated(facts(counter.county, reference, counter.now), None)
    assert buttons(given.blocks) == {Action.SHOW}
    one = facts(counter.county, reference, counter.now).line
    opens = card.answer_button(one, can_work=True, can_conduct=True)
    assert opens is not None
    assert opens["text"]["text"] == "Open stage 2"
    assert "asked for and is neither open nor refused" in said(counter.home(people.MANAGER))


def test_a_stage_with_an_investigation_is_answered_by_the_complaints_team(counter: Counter) -> None:
    reference = at_stage_2(counter.county, counter.now)
    assert owner_is_offered(counter) == {Action.SHOW}
    assert Action.RESPOND not in counter.screen(people.MANAGER, reference)
    assert Action.RESPOND in counter.screen(people.HANDLER, reference)
    assert Action.END not in counter.offered(people.MANAGER, reference)
    assert Action.END in counter.offered(people.HANDLER, reference)
    with counter.county.office.look(people.MANAGER, counter.now) as desk, pytest.raises(Refusal):
        responding._workable(desk, reference)


def test_a_stage_with_issues_is_answered_issue_by_issue(counter: Counter) -> None:
    reference = at_stage_2(counter.county, counter.now)
    add_issue(counter.county, counter.now, reference)
    found = counter.screen(people.HANDLER, reference)
    assert Action.ADJUDICATE in found
    assert Action.RESPOND not in found
    assert Action.ADJUDICATE in counter.offered(people.HANDLER, reference)
    assert owner_is_offered(counter) == {Action.SHOW}


def test_a_stage_1_is_answered_by_its_owner(counter: Counter, reference: str) -> None:
    assert owner_is_offered(counter) == {Action.RESPOND, Action.SHOW}
    assert buttons(card.allocated(facts(counter.county, reference, counter.now), None).blocks) == {
        Action.RESPOND,
        Action.SHOW,
    }


def test_whoever_decides_can_only_refuse_what_is_too_late(counter: Counter, reference: str, now: datetime) -> None:
    ask(counter.county, reference, now)
    for today, expected in (
        (DUE, {Action.APPROVE, Action.REFUSE, Action.SHOW}),
        (DUE + timedelta(days=1), {Action.REFUSE, Action.SHOW}),
    ):
        counter.now = at(today)
        with counter.county.office.look(people.SENIOR, counter.now) as desk:
            (waiting,) = views_requests.waiting(desk)
        assert waiting.decide_by == DUE
        assert buttons(decisions.deciding(waiting)) == expected
        assert buttons(decisions.wanted(waiting).blocks) == expected
        assert buttons(counter.home(people.SENIOR)) >= expected
        assert (Action.APPROVE in buttons(counter.home(people.SENIOR))) is (Action.APPROVE in expected)
        assert ("too late: all that is left is to refuse it" in said(counter.home(people.SENIOR))) is (today > DUE)


def test_an_extension_moves_no_deadline_for_the_next(counter: Counter, reference: str, now: datetime) -> None:
    """FIGURES.md: it counts only when it was approved before the original due date had passed."""
    grant(counter.county, ask(counter.county, reference, now, date(2026, 12, 14)), now)
    second = ask(counter.county, reference, now)
    counter.now = at(DUE + timedelta(days=1))
    with counter.county.office.look(None, counter.now) as desk:
        asked = views_requests.one(desk, second)
    assert asked is not None
    assert (asked.due_on, asked.decide_by, asked.too_late) == (date(2026, 12, 14), DUE, True)
    with counter.county.office.change(people.COMPLAINTS_MANAGER, counter.now) as desk, pytest.raises(Refusal):
        register.requests.decide(desk, second, granted=True)


def test_a_late_answer_is_asked_for_its_reason_only_when_it_needs_one(counter: Counter, now: datetime) -> None:
    with counter.county.office.change(people.HANDLER, now) as desk:
        new = NewComplaint(received_on=RECEIVED, lead_team_id=counter.county.teams["East"], procedure="adults")
        reference = register.record(desk, new).reference
        register.steps.agree_response_date(desk, reference, DUE)
    assert "late_reason" not in inputs(answer_form(counter, reference, DUE))
    counter.now = at(DUE + timedelta(days=2))
    form = answer_form(counter, reference, counter.now.date())
    assert inputs(form)["late_reason"] is True
    answered = {"outcome": ("no_fault",)}
    refused = counter.submit(people.HANDLER, form, {"responded_on": "2026-12-08", **answered})
    assert set(refused["errors"]) == {"late_reason"}
    assert counter.submit(people.HANDLER, form, {"responded_on": DUE.isoformat(), **answered}) == {
        "response_action": "clear"
    }


def test_the_findings_of_a_late_panel_are_asked_for_their_reason_in_the_same_way(counter: Counter) -> None:
    reference = at_stage_2(counter.county, counter.now)
    add_issue(counter.county, counter.now, reference)
    with counter.county.office.look(people.HANDLER, counter.now) as desk:
        found = views_issues.of_complaint(desk, ledger.look(desk, reference, Operation.SEE))
        one = views_complaint.complaint(desk, reference)
        panel = rules_of_stage_3(one)
    for today, expected in ((one.line.due_on, None), (one.line.due_on + timedelta(days=1), True)):
        form = investigation.adjudicate_form(panel, found, [("a", "A")], {"Team": [("1", "A")]}, today=today)
        assert inputs(form).get("late_reason") is expected


def test_a_card_of_a_later_stage_says_when_it_was_asked_for(counter: Counter, reference: str, now: datetime) -> None:
    assert "asked for*" not in said(card.card(facts(counter.county, reference, now)).blocks)
    later = facts(counter.county, at_stage_2(counter.county, counter.now), now)
    fields = card.card(later).blocks[1]["fields"]
    assert [one["text"] for one in fields[:2]] == [
        "*Received*\n2 November 2026",
        "*Stage 2 asked for*\n17 November 2026",
    ]


def test_the_form_that_agrees_a_date_says_when_a_new_one_counts(counter: Counter, reference: str) -> None:
    text = said(investigation.agree_form(facts(counter.county, reference, counter.now)))
    assert "counts only if it is agreed while the old one has not passed" in text
    assert "choose a later one" in text


def test_a_stage_that_was_asked_for_ends_only_with_reasons(counter: Counter, reference: str, now: datetime) -> None:
    ways = [("withdrawn", "Withdrawn")]
    first = facts(counter.county, reference, now)
    assert inputs(stages.end_form(first, ways, today=RECEIVED))["reason"] is True
    later = facts(counter.county, at_stage_2(counter.county, counter.now), now)
    assert inputs(stages.end_form(later, ways, today=RECEIVED))["reason"] is False


def at(day: date) -> datetime:
    """Half past nine on a day of that autumn."""
    return MONDAY + (day - MONDAY.date())


def owner_is_offered(counter: Counter) -> set[str]:
    """What Mabel Eastwood's Home tab and list offer on what she owns; both the same."""
    with counter.county.office.look(people.MANAGER, counter.now) as desk:
        listed = buttons(lists.mine(views.owned(desk, desk.actor.person_id or 0), []).blocks)
        assert buttons(counter.home(people.MANAGER)) - {Action.NEW} == listed
    return listed


def answer_form(counter: Counter, reference: str, today: date) -> dict[str, Any]:
    with counter.county.office.look(people.HANDLER, counter.now) as desk:
        one = views_complaint.complaint(desk, reference)
        return respond.respond_form(one, responding.choices(desk, one), today=today)


def rules_of_stage_3(one: views_complaint.ComplaintFacts) -> views_complaint.ComplaintFacts:
    """The same complaint as if it were at stage 3, whose lateness needs a reason."""
    return replace(one, line=replace(one.line, number=3))


@pytest.mark.parametrize("last", [2, 3])
def test_a_stage_that_was_refused_is_offered_again_by_its_own_number(
    counter: Counter, now: datetime, last: int
) -> None:
    county = counter.county
    reference = asked_for(county, now) if last == 2 else at_stage_2(county, now)
    with county.office.change(people.HANDLER, now) as desk:
        if last == 3:
            register.respond(desk, reference, Response(responded_on=now.date(), outcome="no_fault"))
            register.escalation.request_stage(desk, reference, StageRequest(requested_on=now.date()))
        register.escalation.refuse_stage(desk, reference, WHY)
    assert Action.REQUEST_STAGE in counter.offered(people.HANDLER, reference)
    form = stages.request_form(facts(county, reference, now), ["Letter"], today=now.date())
    assert form["title"]["text"] == f"Stage {last} asked for"
    assert "It was refused before" in said(form["blocks"])


def test_what_can_no_longer_be_corrected_is_not_asked_for(counter: Counter, reference: str) -> None:
    def asked_for(field: str) -> set[str]:
        answers: list[Any] = []
        option = {"field": {Action.CORRECT_FIELD: {"selected_option": {"value": field}}}}
        view = {"private_metadata": f'{{"reference": "{reference}"}}', "state": {"values": option}}
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(counter.door, "_attempt", lambda act: answers.append(act()))
            counter.heard["action", Action.CORRECT_FIELD](
                lambda: None, {"user": {"id": people.HANDLER}, "view": view}, {"value": ""}, None
            )
        return set(inputs(answers[0].view))

    assert asked_for("received_on") == {"field", "new_received_on", "reason"}
    assert asked_for("x" * 300) == {"field", "reason"}
