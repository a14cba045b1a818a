"""Learning as it is offered: to whom which button, in forms that ask for what is needed and no more."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.blocks import learning, respond
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.listeners import respond as responding
from bot.requests import Answer, Open, Say
from storage import register, views_complaint, views_learning
from storage.register import Response
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons, inputs, said
from tests.county import DONE, County

RECEIVED, DUE = date(2026, 11, 16), date(2026, 12, 18)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    """A complaint of East that Mabel Eastwood owns, not answered yet."""
    found = county.record(now, received=RECEIVED).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, found)
    return found


@pytest.fixture
def closed(county: County, reference: str, now: datetime) -> str:
    """The same, answered with fault found and an action that Noor Eastham promised."""
    found = {
        "responded_on": now.date(),
        "outcome": "fault",
        "action": "Letters are read by two people",
        "action_owner_id": county.people[people.SECOND_MANAGER],
        "action_due_on": DUE,
        "theme_ids": (county.themes["Delay"],),
    }
    with county.office.change(people.MANAGER, now) as desk:
        register.respond(desk, reference, Response.model_validate(found))
    return reference


def form(counter: Counter, reference: str, outcome: str | None) -> dict[str, Any]:
    """The form of a response, as it is drawn once an outcome is chosen."""
    with counter.county.office.look(people.MANAGER, counter.now) as desk:
        facts = views_complaint.complaint(desk, reference)
        choices = responding.choices(desk, facts)
        return respond.respond_form(facts, choices, today=desk.today, outcome=outcome)


def pressed(counter: Counter, who: str, action: str, value: str) -> Any:
    """Presses a button in a message; what the listener answers, before it goes to Slack."""
    answers: list[Answer] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counter.door.after, "follow", lambda answer, _place: answers.append(answer))
        body = {"user": {"id": who}, "trigger_id": "1", "response_url": "https://example.org"}
        counter.heard["action", action](lambda **_: None, body, {"value": value}, None)
    (answer,) = answers
    return answer


def opened(answer: Any) -> View:
    assert isinstance(answer, Open), answer
    return answer.view


def told(answer: Any) -> str:
    assert isinstance(answer, Say), answer
    return answer.message.text


def did(county: County, now: datetime, who: str = people.SECOND_MANAGER) -> None:
    with county.office.change(who, now) as desk:
        register.learning.action_done(desk, 1, DONE)


def test_fault_asks_for_an_action_or_why_none_is_needed_and_another_outcome_for_neither(
    counter: Counter, reference: str
) -> None:
    asked = {"action", "action_owner_id", "action_due_on", "no_action_reason"}
    assert not asked & set(inputs(form(counter, reference, "no_fault")))
    found = inputs(form(counter, reference, "fault"))
    assert {name: found[name] for name in asked} == dict.fromkeys(asked, True)


def test_the_form_tells_at_its_inputs_that_it_wants_one_of_the_two(counter: Counter, reference: str) -> None:
    drawn = form(counter, reference, "fault")
    answered = {"responded_on": "2026-11-23", "outcome": ("fault",)}
    refused = counter.submit(people.MANAGER, drawn, answered)
    assert {"action", "action_due_on"} <= set(refused["errors"])
    both = {**answered, "action": "Letters are read twice", "no_action_reason": "A slip"}
    assert set(counter.submit(people.MANAGER, drawn, both)["errors"]) == {"no_action_reason"}
    reason = {**answered, "no_action_reason": "A slip of one day, put right at once"}
    assert counter.submit(people.MANAGER, drawn, reason) == {"response_action": "clear"}


def test_more_actions_are_offered_where_fault_was_found_to_whom_may_work_on_it(counter: Counter, closed: str) -> None:
    offered = {who: Action.ADD_ACTION in counter.offered(who, closed) for who in (
        people.MANAGER, people.HANDLER, people.COMPLAINTS_MANAGER, people.SECOND_MANAGER, people.SENIOR,
    )}  # fmt: skip
    assert offered == {
        people.MANAGER: True,
        people.HANDLER: True,
        people.COMPLAINTS_MANAGER: True,
        people.SECOND_MANAGER: False,
        people.SENIOR: False,
    }


def test_nothing_of_learning_is_offered_before_fault_was_found(counter: Counter, reference: str) -> None:
    assert not {Action.ADD_ACTION, Action.NOTE} & counter.offered(people.HANDLER, reference)


def test_an_added_action_is_on_the_complaint(counter: Counter, closed: str) -> None:
    view = opened(pressed(counter, people.HANDLER, Action.ADD_ACTION, closed))
    assert set(inputs(view)) == {"action", "action_owner_id", "action_due_on"}
    owner = str(counter.county.people[people.OTHER_TEAMS_MANAGER])
    values = {"action": "A second look at letters", "action_owner_id": (owner,), "action_due_on": "2026-12-18"}
    assert counter.submit(people.HANDLER, view, values) == {"response_action": "clear"}
    assert "A second look at letters" in said(counter.home(people.OTHER_TEAMS_MANAGER))


def test_its_owner_says_what_was_done_and_it_leaves_their_list(counter: Counter, closed: str) -> None:
    assert Action.ACTION_DONE in buttons(counter.home(people.SECOND_MANAGER))
    view = opened(pressed(counter, people.SECOND_MANAGER, Action.ACTION_DONE, "1"))
    assert inputs(view) == {"evidence": False, "done_on": True}
    assert set(counter.submit(people.SECOND_MANAGER, view, {"evidence": "Rang 07700 900123"})["errors"]) == {"evidence"}
    answer = counter.submit(people.SECOND_MANAGER, view, {"evidence": DONE, "done_on": "2026-11-23"})
    assert answer == {"response_action": "clear"}
    assert Action.ACTION_DONE not in buttons(counter.home(people.SECOND_MANAGER))
    assert "Letters are read" not in said(counter.home(people.SECOND_MANAGER))


def test_the_complaints_team_has_it_to_verify_and_nobody_else(counter: Counter, closed: str, now: datetime) -> None:
    verifying = {Action.ACTION_VERIFY, Action.ACTION_SEND_BACK}
    assert not verifying & buttons(counter.home(people.HANDLER))
    did(counter.county, now)
    for who, may in (
        (people.HANDLER, True),
        (people.COMPLAINTS_MANAGER, True),
        (people.SECOND_MANAGER, False),
        (people.SENIOR, False),
        (people.VIEWER, False),
    ):
        assert (verifying <= buttons(counter.home(who))) is may, who
        assert bool(verifying & buttons(counter.home(who))) is may, who
    assert verifying <= counter.screen(people.HANDLER, closed)
    assert not verifying & counter.screen(people.MANAGER, closed)
    assert DONE in said(counter.home(people.HANDLER))


def test_whoever_said_that_it_is_done_is_not_offered_to_verify_it(counter: Counter, closed: str, now: datetime) -> None:
    did(counter.county, now, people.HANDLER)
    assert Action.ACTION_VERIFY not in buttons(counter.home(people.HANDLER))
    assert Action.ACTION_VERIFY in buttons(counter.home(people.SECOND_HANDLER))
    assert "somebody else" in told(pressed(counter, people.HANDLER, Action.ACTION_SEND_BACK, "1"))


def test_not_yet_asks_what_is_missing_and_gives_it_back(counter: Counter, closed: str, now: datetime) -> None:
    did(counter.county, now)
    view = opened(pressed(counter, people.HANDLER, Action.ACTION_SEND_BACK, "1"))
    assert inputs(view) == {"reason": False}
    assert counter.submit(people.HANDLER, view, {"reason": "The list is empty"}) == {"response_action": "clear"}
    assert Action.ACTION_DONE in buttons(counter.home(people.SECOND_MANAGER))


def test_a_learning_note_is_drafted_approved_and_asked_for_no_more(counter: Counter, closed: str) -> None:
    assert Action.NOTE not in counter.offered(people.MANAGER, closed)
    assert Action.NOTE in counter.offered(people.HANDLER, closed)
    view = opened(pressed(counter, people.HANDLER, Action.NOTE, closed))
    assert inputs(view) == {"decision": False, "body": True, "reason": True}
    draft = next(block for block in view["blocks"] if block.get("block_id") == "body")["element"]["initial_value"]
    assert "a complaint about delay" in draft
    assert "Letters are read by two people" in draft
    assert closed not in draft
    assert "East" not in draft
    values = {"decision": (learning.SHARE,), "body": draft}
    assert counter.submit(people.HANDLER, view, {"decision": ("neither",)})["errors"].keys() == {"decision"}
    assert counter.submit(people.HANDLER, view, {"decision": (learning.NOTHING,)})["errors"].keys() == {"reason"}
    assert counter.submit(people.HANDLER, view, values) == {"response_action": "clear"}
    assert Action.NOTE not in counter.offered(people.HANDLER, closed)
    assert "no learning note to write" in told(pressed(counter, people.HANDLER, Action.NOTE, closed))


def test_the_stage_that_a_nudge_names_is_the_one_the_note_is_of(counter: Counter, closed: str) -> None:
    view = opened(pressed(counter, people.HANDLER, Action.NOTE, f"{closed}/1"))
    assert view["callback_id"] == Form.LEARNING_NOTE
    assert "no learning note to write" in told(pressed(counter, people.HANDLER, Action.NOTE, f"{closed}/2"))


def test_guessed_numbers_open_nothing(counter: Counter, closed: str) -> None:
    answers = {
        told(pressed(counter, people.OTHER_TEAMS_MANAGER, Action.ACTION_DONE, value)) for value in ("1", "99", "x", "")
    }
    (only,) = answers
    assert "There is no such action" in only
    for action in (Action.NOTE, Action.ADD_ACTION):
        assert "There is no complaint" in told(pressed(counter, people.OTHER_TEAMS_MANAGER, action, closed))


def test_who_has_read_a_note_is_thanked_and_not_counted_twice(counter: Counter, closed: str, now: datetime) -> None:
    with counter.county.office.change(people.HANDLER, now) as desk:
        register.notes.share_note(desk, closed, 1, "Letters go out on time")
    first, second = (told(pressed(counter, people.MANAGER, Action.NOTE_READ, "1")) for _ in range(2))
    assert "Thank you" in first
    assert "You said on 23 November 2026" in second
    with counter.county.office.look(None, now) as desk:
        facts = views_learning.note(desk, 1)
    assert facts is not None
    assert "Read by 1 of 5 service managers" in said(learning.note(facts).blocks)


def typed(counter: Counter, who: str, words: str) -> dict[str, Any]:
    acked: list[dict[str, Any]] = []
    command = {"user_id": who, "text": words, "channel_id": "C1", "trigger_id": "1"}
    counter.heard["command", "/complaint"](lambda **answer: acked.append(answer), command, None)
    return acked[0]


def test_learning_is_shown_for_a_period_to_everybody_with_a_role(counter: Counter, closed: str, now: datetime) -> None:
    with counter.county.office.change(people.HANDLER, now) as desk:
        register.notes.share_note(desk, closed, 1, "Letters go out on time")
    with counter.county.office.change(people.MANAGER, now) as desk:
        register.notes.note_read(desk, 1)
    answer = typed(counter, people.VIEWER, "learning this year")
    assert "1 learning action due: 0 done on time, 0 late, 1 open, 0 overdue, 0 to be verified" in answer["text"]
    assert "1 learning note shared, read 1 of 5 times" in answer["text"]
    assert "East: 0 done on time, 0 late, 1 open, 0 overdue, 0 to be verified, notes read 1 of 2" in answer["text"]
    assert "Letters go out on time" in answer["text"]
    assert [block["type"] for block in answer["blocks"]].count("table") == 1
    before = typed(counter, people.VIEWER, "learning last year")
    assert "No learning action was due. No learning note was shared." in before["text"]
    assert "Letters go out on time" not in before["text"]
    assert "role" in typed(counter, people.STRANGER, "learning")["text"]
