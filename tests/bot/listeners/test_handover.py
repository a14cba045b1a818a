"""`/complaint handover`, *Not now…* and the rules of nudging, at the counter: what is offered, refused, said and done."""

from datetime import date, datetime
from typing import Any

import pytest

from bot.blocks.message import View
from bot.requests import Open, Say, Typed
from storage import register, views_ownership
from storage.errors import Refusal
from storage.register.staff import NewAbsence
from tests import county as people
from tests.bot.listeners.counter import Counter, inputs, said
from tests.county import County

RECEIVED = date(2026, 11, 20)


@pytest.fixture
def owned(county: County, now: datetime) -> list[str]:
    found = [county.record(now, received=RECEIVED).reference for _ in range(2)]
    for reference in found:
        with county.office.change(people.MANAGER, now) as desk:
            register.claim(desk, reference)
    return found


def typed(counter: Counter, who: str, words: str) -> Any:
    """The answer to /complaint and these words, as the listener gives it."""

    name, _, rest = words.partition(" ")
    return counter.door.subcommands[name].handle(Typed(who, rest, "C0TEAM", "1.2.3"))


def opened(answer: Any) -> View:
    assert isinstance(answer, Open)
    return answer.view


def told(answer: Any) -> str:
    assert isinstance(answer, Say)
    return answer.message.text


def held(counter: Counter, who: str) -> list[str]:
    with counter.county.office.look(None, counter.now) as desk:
        return [one.reference for one in views_ownership.held(desk, [counter.county.people[who]])]


def test_both_named_hands_over_at_once(counter: Counter, owned: list[str]) -> None:
    words = f"handover <@{people.MANAGER}|mabel> <@{people.SECOND_MANAGER}|noor>"
    assert told(typed(counter, people.HANDLER, words)).splitlines()[0] == "Noor Eastham owns 2 things now, and is told."
    assert held(counter, people.SECOND_MANAGER) == owned


def test_both_named_with_a_team_hands_over_what_is_of_that_team(counter: Counter, owned: list[str]) -> None:
    words = f"handover <@{people.MANAGER}> <@{people.SECOND_MANAGER}> West"
    with pytest.raises(Refusal):
        typed(counter, people.HANDLER, words)
    assert held(counter, people.MANAGER) == owned
    typed(counter, people.HANDLER, words.replace("West", "localities"))
    assert held(counter, people.SECOND_MANAGER) == owned


def test_who_cannot_take_it_is_said_in_words(counter: Counter, owned: list[str]) -> None:
    words = f"handover <@{people.MANAGER}> <@{people.OTHER_TEAMS_MANAGER}>"
    with pytest.raises(Refusal, match=r"Nothing was handed over\. Choose a manager of East"):
        typed(counter, people.HANDLER, words)


def test_alone_it_offers_ones_own_with_a_note_for_each(counter: Counter, owned: list[str]) -> None:
    view = opened(typed(counter, people.MANAGER, "handover"))
    assert inputs(view) == {
        "to_id": False, "keys": False, "note": True, "note:complaint:1": True, "note:complaint:2": True,
    }  # fmt: skip
    assert "Noor Eastham (0 open)" in said(view)
    assert "Fenn Foster" not in said(view)


def test_the_form_moves_what_was_chosen(counter: Counter, owned: list[str]) -> None:
    view = opened(typed(counter, people.MANAGER, "handover"))
    state = {
        "to_id": {"input": {"selected_option": {"value": str(counter.county.people[people.SECOND_MANAGER])}}},
        "keys": {"input": {"selected_options": [{"value": "complaint:2"}]}},
        "note:complaint:2": {"input": {"value": "The visit is on Friday"}},
    }
    acked: list[dict[str, Any]] = []
    listen = counter.heard["view", str(view["callback_id"])]
    submitted = {**view, "id": "V1", "hash": "1.0", "state": {"values": state}}
    listen(lambda **answer: acked.append(answer), {"user": {"id": people.MANAGER}}, submitted, None)
    assert acked == [{"response_action": "clear"}]
    assert (held(counter, people.MANAGER), held(counter, people.SECOND_MANAGER)) == (owned[:1], owned[1:])


def test_where_nobody_of_the_team_could_take_it_the_form_says_whom_to_ask(counter: Counter, owned: list[str]) -> None:
    with counter.county.office.change(people.SECOND_MANAGER, counter.now) as desk:
        register.staff.leaving(desk, desk.actor.person_id or 0, desk.today)
    shown = said(opened(typed(counter, people.MANAGER, "handover")))
    assert (
        "There is no such manager now. The complaints manager can add one to the team with /complaint setup." in shown
    )
    assert "team by team" not in shown


def test_whoever_stands_in_is_offered_what_they_may_pass_on(counter: Counter, owned: list[str]) -> None:
    today = counter.now.date()
    absence = NewAbsence(from_on=today, until_on=today, cover_id=counter.county.people[people.SECOND_MANAGER])
    with counter.county.office.change(people.MANAGER, counter.now) as desk:
        register.staff.away(desk, counter.county.people[people.MANAGER], absence)
    assert "Mabel Eastwood owns 2 things" in said(
        opened(typed(counter, people.SECOND_MANAGER, f"handover <@{people.MANAGER}>"))
    )


def test_who_owns_nothing_is_told_so_and_nobody_looks_into_others(counter: Counter, owned: list[str]) -> None:
    assert told(typed(counter, people.SECOND_MANAGER, "handover")) == "You own nothing that could be handed over."
    with pytest.raises(Refusal, match="what you own yourself"):
        typed(counter, people.SECOND_MANAGER, f"handover <@{people.MANAGER}>")
    words = f"handover <@{people.MANAGER}>"
    assert "nothing that you could hand over" in told(typed(counter, people.OTHER_SENIOR, words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("handover @mabel", "@mabel could not be read"),
        ("handover <@USTRANGER|eve>", "not in the complaints register"),
        ("handover Nowhere", "no team of that name"),
        ("handover <@U1ABC> <@U2ABC> <@U3ABC>", "Pick people from the list"),
        ("hour late", "for example: /complaint hour 8"),
        ("hour 23", "Choose an hour from 6 to 16"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_type(counter: Counter, words: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        typed(counter, people.HANDLER, words)


def test_the_rules_and_what_was_sent_are_there_for_everybody(counter: Counter, owned: list[str]) -> None:
    rules = told(typed(counter, people.MANAGER, "nudges"))
    assert "due in 5: 5 working days before the response or the next step is due" in rules
    assert "Nothing was sent in the last 2 weeks." in told(typed(counter, people.MANAGER, "sent"))
    with pytest.raises(Refusal):
        typed(counter, people.MANAGER, f"sent <@{people.SECOND_MANAGER}>")
    assert "Mabel Eastwood is nudged" in told(typed(counter, people.COMPLAINTS_MANAGER, f"sent <@{people.MANAGER}>"))
    assert "from 08:00" in told(typed(counter, people.MANAGER, "hour 8"))


def test_only_a_complaints_manager_is_offered_to_change_a_rung(counter: Counter) -> None:
    def offers(who: str) -> bool:
        answer = typed(counter, who, "nudges")
        assert isinstance(answer, Say)
        return "Change a rule" in said(list(answer.message.blocks))

    assert offers(people.COMPLAINTS_MANAGER)
    assert not any(offers(who) for who in (people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER))
