"""`/complaint away`, `back` and `leaving`: typed, in forms, and on the Home tab."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.blocks import people as drawn
from bot.blocks.message import View
from bot.blocks.names import Action
from bot.door import COMMAND
from bot.listeners import away as going
from bot.listeners import leaving as leaves
from storage.models import Absence, Person
from tests import county as people
from tests.bot.listeners.counter import Counter, buttons, inputs, said
from tests.storage.register.test_staff import absences
from tests.storage.test_people import change_person
from tests.storage.test_views_risk import own

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 12)


def typed(counter: Counter, who: str, words: str) -> str:
    """What somebody is told who typed this after /complaint."""
    acked: list[dict[str, Any]] = []
    command = {"user_id": who, "text": words, "channel_id": "C0ANY", "trigger_id": "1.1"}
    counter.heard["command", COMMAND](lambda **answer: acked.append(answer), command, None)
    return str(acked[0].get("text", ""))


def named(slack_id: str) -> str:
    return f"<@{slack_id}|somebody>"


def away_form(counter: Counter, who: str, whose: str | None = None) -> View:
    with counter.county.office.look(who, counter.now) as desk:
        return going._form(desk, counter.county.people[whose or who])


def leaving_form(counter: Counter, who: str, whose: str | None = None) -> View:
    with counter.county.office.look(who, counter.now) as desk:
        return leaves._form(desk, counter.county.people[whose or who])


def last_day(counter: Counter, who: str) -> date | None:
    with counter.county.office.look(None, counter.now) as desk:
        return desk.session.exec(select(Person).where(Person.slack_id == who)).one().leaves_on


@pytest.mark.parametrize("joined", ["", "with ", "covered by "])
def test_days_and_who_stands_in_are_typed_in_one_line(counter: Counter, joined: str) -> None:
    words = f"away 1 December to 12 December {joined}{named(people.SECOND_MANAGER)}"
    assert typed(counter, people.MANAGER, words) == (
        "You are down as away 1 December 2026 to 12 December 2026. Noor Eastham stands in, and is told on the first working day."
    )
    assert absences(counter.county, counter.now) == [(FIRST, LAST, people.SECOND_MANAGER)]


def test_without_anybody_who_stands_in_it_says_who_will_be_told(counter: Counter) -> None:
    answer = typed(counter, people.MANAGER, "away until Friday")
    assert answer.startswith(
        "You are down as away 23 November 2026 to 27 November 2026. Nobody stands in, so the senior"
    )
    assert absences(counter.county, counter.now) == [(TODAY, date(2026, 11, 27), None)]


def test_a_name_that_is_nobodys_is_a_day_that_cannot_be_read(counter: Counter) -> None:
    assert typed(counter, people.MANAGER, "away <@>").startswith("That day could not be read.")


def test_of_two_people_the_one_before_the_days_is_away(counter: Counter) -> None:
    words = f"away {named(people.MANAGER)} 1 December to 12 December {named(people.SECOND_MANAGER)}"
    assert typed(counter, people.SENIOR, words).startswith("Mabel Eastwood is down as away 1 December 2026")
    assert absences(counter.county, counter.now) == [(FIRST, LAST, people.SECOND_MANAGER)]


def test_who_may_not_speak_for_others_is_told_where_to_put_the_cover(counter: Counter) -> None:
    answer = typed(counter, people.MANAGER, f"away {named(people.SECOND_MANAGER)} 1 December to 12 December")
    assert "put them after the days" in answer
    assert absences(counter.county, counter.now) == absences(counter.county, counter.now, people.SECOND_MANAGER) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("away 1/12/2026 to 3/12/2026", "can be read in two ways"),
        ("away soon", "Say which day."),
        ("away @noor 1 December", "pick the person from the list that Slack offers"),
        (f"away 1 December {named('UA12345')} {named('UB12345')}", "It is not clear who stands in"),
        (f"away 1 December to 12 December {named('UNOBODY1')}", "Choose somebody who is in the register"),
        ("away 12 December 2026 to 1 December 2026", "Choose the first day of the absence or a later one"),
        ("away never", "No absence is planned for you"),
        ("back", "You are not down as away today"),
        ("back tomorrow", "Type /complaint back for yourself"),
        ("leaving never", "No last day is recorded for you"),
        ("leaving yesterday", "Choose the last day at work, from today to"),
        ("leaving @noor 1 December", "Pick one person from the list"),
        (f"leaving {named(people.SECOND_MANAGER)} 1 December", "You can't say when this person is away or leaves"),
    ],
)
def test_what_cannot_be_done_is_said_in_plain_words_and_changes_nothing(
    counter: Counter, words: str, answer: str
) -> None:
    assert answer in typed(counter, people.MANAGER, words)
    with counter.county.office.look(None, counter.now) as desk:
        assert desk.session.exec(select(Absence)).all() == []
    assert last_day(counter, people.MANAGER) is last_day(counter, people.SECOND_MANAGER) is None


def test_somebody_unknown_and_somebody_elses_get_the_same_answer(counter: Counter) -> None:
    answers = {
        typed(counter, people.SENIOR, f"leaving {named(who)} 1 December")
        for who in (people.OTHER_TEAMS_MANAGER, people.HANDLER, "UNOBODY1")
    }
    assert len(answers) == 1
    assert "nobody of that name whose days you can set" in answers.pop()


def test_whoever_stands_in_for_others_in_that_time_is_told_so(counter: Counter) -> None:
    typed(counter, people.MANAGER, f"away 1 December to 12 December {named(people.SECOND_MANAGER)}")
    answer = typed(counter, people.SECOND_MANAGER, "away 7 December to 8 December")
    assert "You stand in for Mabel Eastwood in that time: somebody else has to." in answer


def test_back_and_taking_back_are_typed(counter: Counter) -> None:
    typed(counter, people.MANAGER, "away 1 December to 12 December")
    assert typed(counter, people.MANAGER, "away never") == "What was planned is taken back: you are not down as away."
    typed(counter, people.MANAGER, "away today to Friday")
    counter.now += timedelta(days=1)
    assert typed(counter, people.SENIOR, f"back {named(people.MANAGER)}") == (
        "Mabel Eastwood is down as at work from today."
    )
    assert absences(counter.county, counter.now) == [(TODAY, TODAY, None)]


# --- leaving -----------------------------------------------------------------------------------------------------------


def test_the_answer_to_a_last_day_lists_what_is_owned_and_offers_to_hand_it_over(counter: Counter) -> None:
    reference = own(counter.county, counter.now)
    answer = typed(counter, people.MANAGER, "leaving 31 January 2027")
    assert answer == (
        f"Your last day at work is recorded: 31 January 2027. You own {reference}. Hand this over before then."
    )
    assert last_day(counter, people.MANAGER) == date(2027, 1, 31)
    assert typed(counter, people.MANAGER, "leaving never").startswith("Your last day is taken back.")
    assert last_day(counter, people.MANAGER) is None


def test_a_senior_manager_says_it_of_somebody_in_their_service(counter: Counter) -> None:
    answer = typed(counter, people.SENIOR, f"leaving {named(people.MANAGER)} 31 January 2027")
    assert answer.startswith("Mabel Eastwood’s last day at work is recorded: 31 January 2027. They own nothing")
    assert typed(counter, people.SENIOR, f"leaving {named(people.MANAGER)} never").startswith(
        "Mabel Eastwood’s last day"
    )
    assert last_day(counter, people.MANAGER) is None


# --- forms -------------------------------------------------------------------------------------------------------------


def test_the_form_asks_for_days_and_for_a_cover_who_need_not_be_there(counter: Counter) -> None:
    assert inputs(away_form(counter, people.MANAGER)) == {"from_on": False, "until_on": False, "cover_id": True}
    assert inputs(away_form(counter, people.SENIOR)) == {
        "person_id": True, "from_on": False, "until_on": False, "cover_id": True,
    }  # fmt: skip
    # There is nothing to take back.
    assert inputs(leaving_form(counter, people.MANAGER)) == {"last_day": False}
    assert inputs(leaving_form(counter, people.SENIOR)) == {"person_id": True, "last_day": True}
    typed(counter, people.MANAGER, "leaving 29 January 2027")
    assert inputs(leaving_form(counter, people.MANAGER)) == {"last_day": True}
    # Whose days they are stands in the form that was opened for one person.
    assert "person_id" not in inputs(away_form(counter, people.SENIOR, people.MANAGER))
    assert "Mabel Eastwood" in said(away_form(counter, people.SENIOR, people.MANAGER))


def test_only_people_who_could_see_to_it_are_offered_to_stand_in(counter: Counter) -> None:
    change_person(counter.county, counter.now, people.HANDLER, deactivated_at=counter.now)
    typed(counter, people.SECOND_HANDLER, "away today")
    shown = said(away_form(counter, people.MANAGER))
    assert "Noor Eastham" in shown
    for nobody in ("Mabel Eastwood", "Vida Glass", "Hester Quill", "Idris Penn"):
        assert nobody not in shown, nobody


def test_a_form_records_and_then_says_what_it_recorded(counter: Counter) -> None:
    values = {
        "from_on": "2026-12-01",
        "until_on": "2026-12-12",
        "cover_id": (str(counter.county.people[people.SECOND_MANAGER]),),
    }
    answer = counter.submit(people.MANAGER, away_form(counter, people.MANAGER), values)
    assert answer["response_action"] == "update"
    assert "Noor Eastham stands in" in said(answer["view"])
    assert absences(counter.county, counter.now) == [(FIRST, LAST, people.SECOND_MANAGER)]


def test_a_form_for_others_records_for_the_one_chosen(counter: Counter) -> None:
    number = str(counter.county.people[people.MANAGER])
    days = {"from_on": "2026-12-01", "until_on": "2026-12-12", "person_id": (number,)}
    counter.submit(people.SENIOR, away_form(counter, people.SENIOR), days)
    assert absences(counter.county, counter.now) == [(FIRST, LAST, None)]
    counter.submit(people.SENIOR, leaving_form(counter, people.SENIOR, people.MANAGER), {"last_day": "2027-01-31"})
    assert last_day(counter, people.MANAGER) == date(2027, 1, 31)
    answer = counter.submit(people.SENIOR, leaving_form(counter, people.SENIOR, people.MANAGER), {})
    assert "last day is taken back" in said(answer["view"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"until_on": "2026-12-12"}, "from_on"),
        ({"from_on": "2026-12-01"}, "until_on"),
        ({"from_on": "2026-12-12", "until_on": "2026-12-01"}, "until_on"),
        ({"from_on": "2026-12-01", "until_on": "2026-12-12", "cover_id": ("4711",)}, "cover_id"),
    ],
)
def test_what_is_wrong_stands_at_the_field_it_belongs_to(counter: Counter, values: dict[str, Any], field: str) -> None:
    answer = counter.submit(people.MANAGER, away_form(counter, people.MANAGER), values)
    assert set(answer["errors"]) == {field}


def test_what_a_form_carries_is_not_trusted(counter: Counter) -> None:
    """A named manager who changes whose form it is gets the answer of one who may not."""
    form = away_form(counter, people.SENIOR, people.MANAGER)
    days = {"from_on": "2026-12-01", "until_on": "2026-12-12"}
    answer = counter.submit(people.SECOND_MANAGER, form, days)
    assert "You can't say when this person is away or leaves" in str(answer["errors"])
    assert absences(counter.county, counter.now) == []


# --- the Home tab ------------------------------------------------------------------------------------------------------


def test_the_home_tab_says_that_one_is_away_and_offers_to_be_back(counter: Counter) -> None:
    assert Action.BACK not in buttons(counter.home(people.MANAGER))
    typed(counter, people.MANAGER, f"away today to 27 November {named(people.SECOND_MANAGER)}")
    home = counter.home(people.MANAGER)
    assert Action.BACK in buttons(home)
    assert home["blocks"][0]["text"]["text"] == ("You are down as away until 27 November 2026. Noor Eastham stands in.")
    own(counter.county, counter.now, people.SECOND_MANAGER)
    assert "You stand in for Mabel Eastwood until 27 November 2026." in said(counter.home(people.SECOND_MANAGER))


def test_the_home_tab_says_that_one_leaves_and_offers_to_hand_over(counter: Counter) -> None:
    typed(counter, people.MANAGER, "leaving 31 January 2027")
    assert buttons(counter.home(people.MANAGER)) >= {Action.LEAVING}
    assert Action.HAND_OVER not in buttons(counter.home(people.MANAGER))
    own(counter.county, counter.now)
    home = counter.home(people.MANAGER)
    assert Action.HAND_OVER in buttons(home)
    assert "Your last day at work is 31 January 2027" in said(home)
    assert "You own 1 thing to hand over." in said(home)


def test_ownership_at_risk_is_shown_to_the_senior_manager_and_the_complaints_team_alone(counter: Counter) -> None:
    reference = own(counter.county, counter.now)
    change_person(counter.county, counter.now, people.MANAGER, agency=True)
    shown = {
        who: "Ownership at risk" in said(counter.home(who))
        for who in (people.SENIOR, people.OTHER_SENIOR, people.HANDLER, people.SECOND_MANAGER, people.VIEWER)
    }
    assert shown == {
        people.SENIOR: True,
        people.OTHER_SENIOR: False,
        people.HANDLER: True,
        people.SECOND_MANAGER: False,
        people.VIEWER: False,
    }
    assert f"*Mabel Eastwood*  works for an agency. Owns {reference}." in said(counter.home(people.SENIOR))


def test_what_is_listed_names_a_few_and_counts_the_rest(counter: Counter) -> None:
    for _ in range(drawn.MOST_NAMED + 2):
        own(counter.county, counter.now)
    answer = typed(counter, people.MANAGER, "leaving 31 January 2027")
    assert "CS-2026-0008 and 2 more." in answer
    assert "CS-2026-0009" not in answer
