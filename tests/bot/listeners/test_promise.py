"""Commitments at the counter: typed or by form, asked back, refused, done, verified, changed; each offered to who may do it."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from bot.blocks import promises
from bot.blocks.message import View
from bot.blocks.names import Action
from bot.requests import Answer, Open, Replace, Say, Send, Typed
from storage import register, views_commitments
from storage.errors import AlreadyDone, FieldProblems, NotAllowed, Refusal, UnknownReference
from storage.models import Commitment
from storage.promising import EXAMPLE
from storage.views_commitments import CommitmentLine, Standing
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons, inputs
from tests.bot.listeners.counter import said as written
from tests.county import County

BODY, ORIGIN = "update on recording of complaints", "Children and Families committee"
CLOSED = {"response_action": "clear"}


def typed(counter: Counter, who: str, words: str) -> Answer:
    """The answer to /complaint and these words, as the listener gives it."""
    name, _, rest = words.partition(" ")
    return counter.door.subcommands[name].handle(Typed(who, rest, "C0TEAM", "1.2.3"))


def pressed(counter: Counter, who: str, action: Action, value: str) -> Any:
    """What the listener answers to a button in a message, before it goes to Slack; what it refuses is raised."""
    found: list[Answer] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(counter.door, "_attempt", lambda act: found.append(act()))
        counter.heard["action", action](lambda: None, {"user": {"id": who}}, {"value": value}, None)
    return found[0]


def told(answer: Any) -> str:
    assert isinstance(answer, Say | Replace)
    return answer.message.text


def opened(answer: Any) -> View:
    assert isinstance(answer, Open)
    return answer.view


def count(county: County, counter: Counter) -> int:
    with county.office.look(None, counter.now) as desk:
        return len(desk.session.exec(select(Commitment)).all())


def line(counter: Counter, number: int = 1, who: str | None = None) -> CommitmentLine:
    with counter.county.office.look(who, counter.now) as desk:
        (found,) = views_commitments.these(desk, [number])
        return found


@pytest.fixture
def commitment(counter: Counter) -> int:
    """A promise that Mabel Eastwood typed and owns, for East."""
    typed(counter, people.MANAGER, f"promise {EXAMPLE}")
    return 1


def test_a_complete_promise_is_recorded_at_once_and_answered_with_its_reference(counter: Counter) -> None:
    answer = typed(counter, people.HANDLER, f"promise {EXAMPLE}")
    text = told(answer)
    for part in ("*P-0001* is recorded", BODY, ORIGIN, "Due 23 May 2027", "Hester Quill owns it"):
        assert part in text
    assert isinstance(answer, Say)
    assert buttons(answer.message.blocks) == {Action.PROMISE_DONE, Action.PROMISE_CHANGE}
    found = line(counter)
    assert (found.body, found.origin, found.due_on) == (BODY, ORIGIN, date(2027, 5, 23))


def test_who_may_not_change_a_promise_is_told_who_can(counter: Counter) -> None:
    answer = typed(counter, people.MANAGER, f"promise {EXAMPLE}")
    assert "To change it, ask the complaints team." in told(answer)
    assert isinstance(answer, Say)
    assert Action.PROMISE_CHANGE not in buttons(answer.message.blocks)


def test_who_is_mentioned_owns_it_if_the_writer_may_give_work(counter: Counter) -> None:
    words = f"promise {EXAMPLE} by <@{people.OTHER_TEAMS_MANAGER}|fenn>"
    assert "Fenn Foster owns it, for Fostering" in told(typed(counter, people.HANDLER, words))
    with pytest.raises(FieldProblems, match="Leave it to yourself"):
        typed(counter, people.MANAGER, words)


def test_what_can_be_read_two_ways_is_asked_back_and_nothing_is_recorded(counter: Counter) -> None:
    answer = typed(counter, people.HANDLER, f'promise "{BODY}" by 3/4/2027 to {ORIGIN}')
    assert isinstance(answer, Say)
    assert "Nothing is recorded yet" in told(answer)
    for day in ("4 March 2027", "3 April 2027"):
        assert f'/complaint promise "{BODY}" by {day} to {ORIGIN}' in told(answer)
    assert count(counter.county, counter) == 0
    values = [
        element["value"]
        for block in answer.message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    chosen = pressed(counter, people.HANDLER, Action.PROMISE, values[1])
    assert isinstance(chosen, Replace)
    assert "Due 3 April 2027" in told(chosen)
    with pytest.raises(AlreadyDone, match="recorded already as P-0001"):
        pressed(counter, people.HANDLER, Action.PROMISE, values[1])
    assert count(counter.county, counter) == 1


def test_what_cannot_be_understood_gets_an_example_and_the_form(counter: Counter) -> None:
    answer = typed(counter, people.HANDLER, "promise the committee an update by spring")
    assert EXAMPLE in told(answer)
    assert isinstance(answer, Say)
    assert buttons(answer.message.blocks) == {Action.PROMISE}
    assert isinstance(pressed(counter, people.HANDLER, Action.PROMISE, "new"), Open)


@pytest.mark.parametrize("when", ["in six months", "by 3/4/2027"])
@pytest.mark.parametrize(
    ("body", "origin"), [("ring 07700 900123", ORIGIN), (BODY, "mother of Tabitha Thornbury"), ("x" * 501, ORIGIN)]
)
def test_what_names_somebody_or_is_too_long_is_refused_before_it_is_shown_again(
    counter: Counter, when: str, body: str, origin: str
) -> None:
    with pytest.raises(FieldProblems) as refused:
        typed(counter, people.HANDLER, f'promise "{body}" {when} to {origin}')
    for private in ("900123", "Thornbury"):
        assert private not in str(refused.value)
    assert count(counter.county, counter) == 0


@pytest.mark.parametrize(
    "words", ["promise", f"promise {EXAMPLE}", 'promise "x" next Friday to Y', "promises", "promises export"]
)
@pytest.mark.parametrize("who", [people.VIEWER, people.STRANGER])
def test_somebody_without_the_right_is_told_whom_to_ask(counter: Counter, who: str, words: str) -> None:
    with pytest.raises(NotAllowed, match="Ask Cora Ledger"):
        typed(counter, who, words)


def test_a_viewer_who_asks_for_the_list_is_refused_the_list(counter: Counter) -> None:
    with pytest.raises(NotAllowed, match=r"^You can't see commitments with the role you have\. Ask Cora Ledger"):
        typed(counter, people.VIEWER, "promises")


def test_the_form_asks_for_an_owner_only_of_who_may_choose_one(counter: Counter) -> None:
    full = {"body", "origin", "due_on", "owner_id", "team_id"}
    assert set(inputs(opened(typed(counter, people.HANDLER, "promise")))) == full
    assert set(inputs(opened(typed(counter, people.SENIOR, "promise")))) == full
    assert set(inputs(opened(typed(counter, people.MANAGER, "promise")))) == full - {"owner_id"}


def test_a_promise_is_recorded_with_the_form(counter: Counter) -> None:
    form = opened(typed(counter, people.HANDLER, "promise"))
    values = {
        "body": BODY,
        "origin": ORIGIN,
        "due_on": "2027-05-24",
        "owner_id": (str(counter.county.people[people.SECOND_MANAGER]),),
        "team_id": (str(counter.county.teams["West"]),),
    }
    answer = counter.submit(people.HANDLER, form, values)
    assert "*P-0001* is recorded" in written(answer["view"])
    found = line(counter)
    assert (found.owner.name if found.owner else "", found.area) == ("Noor Eastham", "West")


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"due_on": "2026-11-22"}, "due_on"), ({"body": "Ring 07700 900123"}, "body"), ({"origin": " "}, "origin")],
)
def test_the_form_tells_each_problem_at_its_input(counter: Counter, changed: dict[str, str], field: str) -> None:
    form = opened(typed(counter, people.MANAGER, "promise"))
    values = {"body": BODY, "origin": ORIGIN, "due_on": "2027-05-24"} | changed
    assert set(counter.submit(people.MANAGER, form, values)["errors"]) == {field}


def test_a_form_without_a_day_says_so_at_the_day(counter: Counter) -> None:
    form = opened(typed(counter, people.MANAGER, "promise"))
    assert set(counter.submit(people.MANAGER, form, {"body": BODY, "origin": ORIGIN})["errors"]) == {"due_on"}


def test_a_tampered_form_gives_nothing_to_anybody_else(counter: Counter) -> None:
    form = opened(typed(counter, people.MANAGER, "promise"))
    other = str(counter.county.people[people.SECOND_MANAGER])
    values = {"body": BODY, "origin": ORIGIN, "due_on": "2027-05-24", "owner_id": (other,)}
    assert "errors" in counter.submit(people.MANAGER, form, values)
    wider = {**form, "private_metadata": '{"wider": "yes"}'}
    theme = str(counter.county.themes["Delay"])
    assert "errors" in counter.submit(people.MANAGER, wider, values | {"theme_id": (theme,)})
    assert count(counter.county, counter) == 0


def test_from_done_to_verified(counter: Counter, commitment: int) -> None:
    value = str(commitment)
    form = opened(pressed(counter, people.MANAGER, Action.PROMISE_DONE, value))
    assert inputs(form) == {"action_taken": False, "evidence_ref": True}
    wrong = counter.submit(people.MANAGER, form, {"action_taken": "See 07700 900123", "evidence_ref": "<b>"})
    assert set(wrong["errors"]) == {"action_taken", "evidence_ref"}
    right = {"action_taken": "A report went out", "evidence_ref": "REP 2027/3"}
    assert counter.submit(people.MANAGER, form, right) == CLOSED
    assert "marked as done on 23 November 2026 already" in str(counter.submit(people.MANAGER, form, right))
    back = opened(pressed(counter, people.HANDLER, Action.PROMISE_SEND_BACK, value))
    assert "A report went out. Evidence: REP 2027/3." in written(back)
    assert counter.submit(people.HANDLER, back, {"reason": "It has no figures by team"}) == CLOSED
    again = opened(pressed(counter, people.MANAGER, Action.PROMISE_DONE, value))
    assert "Not done yet: It has no figures by team." in written(again)
    assert counter.submit(people.MANAGER, again, right) == CLOSED
    assert "*P-0001* is verified as done" in told(pressed(counter, people.HANDLER, Action.PROMISE_VERIFY, value))
    assert line(counter).standing is Standing.COMPLETED
    with pytest.raises(AlreadyDone, match="verified as done on 23 November 2026 already"):
        pressed(counter, people.HANDLER, Action.PROMISE_VERIFY, value)


@pytest.mark.parametrize(
    "action", [Action.PROMISE_DONE, Action.PROMISE_SEND_BACK, Action.PROMISE_VERIFY, Action.PROMISE_CHANGE]
)
@pytest.mark.parametrize("who", [people.SECOND_MANAGER, people.OTHER_SENIOR, people.VIEWER])
def test_a_guessed_number_opens_nothing_and_tells_nothing(
    counter: Counter, commitment: int, who: str, action: Action
) -> None:
    said = []
    for value in (str(commitment), "4711", "", "x" * 300):
        with pytest.raises((NotAllowed, UnknownReference)) as refused:
            pressed(counter, who, action, value)
        said.append(str(refused.value))
    assert len(set(said)) == 1


def test_a_change_moves_the_date_or_withdraws_with_its_reason(counter: Counter, commitment: int) -> None:
    form = opened(pressed(counter, people.HANDLER, Action.PROMISE_CHANGE, str(commitment)))
    assert set(inputs(form)) == {"change", "due_on", "reason"}
    move = {"change": (promises.REDATE,), "due_on": "2027-06-30", "reason": "The meeting moved"}
    assert set(counter.submit(people.HANDLER, form, move | {"due_on": "2026-11-01"})["errors"]) == {"due_on"}
    assert set(counter.submit(people.HANDLER, form, move | {"reason": "Ring 07700 900123"})["errors"]) == {"reason"}
    assert counter.submit(people.HANDLER, form, move) == CLOSED
    assert line(counter).due_on == date(2027, 6, 30)
    assert set(counter.submit(people.HANDLER, form, move)["errors"]) == {"due_on"}
    withdraw = {"change": (promises.WITHDRAW,), "reason": "The committee was dissolved"}
    assert counter.submit(people.HANDLER, form, withdraw) == CLOSED
    assert line(counter).standing is Standing.WITHDRAWN


def test_a_senior_manager_is_offered_to_move_the_date_and_not_to_withdraw(counter: Counter, commitment: int) -> None:
    form = opened(pressed(counter, people.SENIOR, Action.PROMISE_CHANGE, str(commitment)))
    assert "Withdraw" not in written(form)
    refused = counter.submit(people.SENIOR, form, {"change": (promises.WITHDRAW,), "reason": "No longer needed"})
    assert "Only the complaints team can withdraw" in str(refused["errors"])


def test_promises_lists_mine_and_for_who_may_see_them_all(counter: Counter, commitment: int) -> None:
    mine = typed(counter, people.MANAGER, "promises")
    assert "You promised: 1 open" in told(mine)
    assert "P-0001" in told(mine)
    assert isinstance(mine, Say)
    assert buttons(mine.message.blocks) == {Action.PROMISE_DONE}
    for who in (people.HANDLER, people.COMPLAINTS_MANAGER, people.SENIOR, people.OTHER_SENIOR):
        assert "Others promised: 1 open" in told(typed(counter, who, "promises"))
    assert "You have promised nothing that is open" in told(typed(counter, people.SECOND_MANAGER, "promises"))
    assert "P-0001" not in told(typed(counter, people.SECOND_MANAGER, "promises"))


def test_what_waits_to_be_verified_comes_first_with_its_buttons(counter: Counter) -> None:
    for body, day in (("First", "2026-12-01"), ("Second", "2026-12-02")):
        typed(counter, people.MANAGER, f'promise "{body}" by {day} to {ORIGIN}')
    form = opened(pressed(counter, people.MANAGER, Action.PROMISE_DONE, "2"))
    counter.submit(people.MANAGER, form, {"action_taken": "A report went out"})
    answer = typed(counter, people.HANDLER, "promises")
    text = told(answer)
    assert text.index("P-0002") < text.index("P-0001")
    assert isinstance(answer, Say)
    assert buttons(answer.message.blocks) == {Action.PROMISE_VERIFY, Action.PROMISE_SEND_BACK, Action.PROMISE_CHANGE}


def test_what_one_promised_is_on_the_home_tab_and_in_mine(counter: Counter, commitment: int) -> None:
    home = counter.home(people.MANAGER)
    assert "P-0001" in written(home)
    assert Action.PROMISE_DONE in buttons(home)
    assert "P-0001" not in written(counter.home(people.SECOND_MANAGER))
    mine = typed(counter, people.MANAGER, "mine")
    assert "P-0001" in told(mine)


def test_what_can_be_verified_is_on_the_home_tab_of_who_can(counter: Counter, commitment: int) -> None:
    assert Action.PROMISE_VERIFY not in buttons(counter.home(people.HANDLER))
    with counter.county.office.change(people.MANAGER, counter.now) as desk:
        register.commitments.done(desk, commitment, "The update went to the committee", "")
    for who in (people.HANDLER, people.COMPLAINTS_MANAGER):
        assert Action.PROMISE_VERIFY in buttons(counter.home(who)), who
    # Its owner, and a senior manager, who may see it.
    for who in (people.SENIOR, people.MANAGER):
        assert Action.PROMISE_VERIFY not in buttons(counter.home(who)), who


def test_the_export_is_a_file_for_who_may_see_all(counter: Counter, commitment: int) -> None:
    answer = typed(counter, people.HANDLER, "promises export")
    assert isinstance(answer, Send)
    assert answer.name == "commitments.xlsx"
    assert answer.content.startswith(b"PK")
    with pytest.raises(NotAllowed, match="Only the complaints team and senior managers"):
        typed(counter, people.MANAGER, "promises export")
    with pytest.raises(Refusal, match="promises export"):
        typed(counter, people.HANDLER, "promises exprot")
