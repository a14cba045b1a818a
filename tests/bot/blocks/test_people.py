"""What is drawn of people who are away, leave or stand in, from the longest and nastiest input, against what Slack refuses."""

import pytest

from bot.blocks import nudge, people
from storage.people import Who
from storage.views_ownership import Kind
from storage.views_people import Days, StandsIn
from storage.views_risk import Risk
from tests.bot.blocks.samples import PERSON_NAME, TEAM_NAME, TODAY, at_risk, days_of, drawn, held, long, shown, who


def crowd(amount: int) -> list[Who]:
    return [who(number) for number in range(1, amount + 1)]


@pytest.mark.parametrize("amount", [0, 1, 100, 400])
def test_the_forms_are_valid_however_many_people_there_are(amount: int) -> None:
    others = {long(TEAM_NAME, start=f"{number} "): crowd(amount) for number in range(120)} if amount else {}
    for whose in (None, who()):
        shown(people.away_form(crowd(amount), others, today=TODAY, who=whose))
        for last_day in (None, TODAY):
            shown(people.leaving_form(others, last_day=last_day, who=whose))


@pytest.mark.parametrize("amount", [0, 1, 8, 9, 500])
@pytest.mark.parametrize("own", [True, False])
def test_every_answer_is_valid(amount: int, own: bool) -> None:
    items = [held(number) for number in range(1, amount + 1)]
    drawn(people.left(who(), TODAY, items, own=own))
    drawn(people.stays(who(), own=own))
    for cover in (None, who(2)):
        drawn(people.gone_away(who(), Days(TODAY, TODAY, cover, begun=False), crowd(amount), own=own))
    drawn(people.returned(who(), own=own))
    drawn(people.taken_back(who(), own=own))


@pytest.mark.parametrize("amount", [0, 1, 8, 9, 500])
def test_what_a_cover_is_told_is_valid(amount: int) -> None:
    for kind in Kind:
        drawn(people.covering(StandsIn(who(), TODAY, tuple(held(number, kind) for number in range(1, amount + 1)))))


@pytest.mark.parametrize("amount", [0, 1, 5, 6, 100])
def test_the_home_tabs_part_is_valid(amount: int) -> None:
    shown({"type": "home", "blocks": [*people.banner(days_of(amount)), {"type": "divider"}]})
    found = people.at_risk([at_risk(number) for number in range(1, amount + 1)])
    assert bool(found) is bool(amount)
    shown({"type": "home", "blocks": found or [{"type": "divider"}]})


@pytest.mark.parametrize("risk", list(Risk))
def test_each_reason_is_said_in_words_of_its_own(risk: Risk) -> None:
    said = {str(people.at_risk([at_risk(risks=(one,))])) for one in Risk}
    assert len(said) == len(Risk)
    assert str(people.at_risk([at_risk(risks=(risk,))])) in said


@pytest.mark.parametrize("amount", [1, 8, 9, 500])
def test_every_line_of_a_nudge_is_valid(amount: int) -> None:
    for gone in ({}, {"deactivated_at": None}, {"deactivated_at": None, "leaves_on": None}):
        lines = [
            people.gone_line(at_risk(1, amount, **gone), long(PERSON_NAME), overdue=True),
            people.uncovered_line(at_risk(2, amount), "the senior manager over the team", overdue=False),
            *(people.leaves_line(at_risk(3, amount), "the owner", own=own) for own in (True, False)),
        ]
        drawn(nudge.nudge(lines * 2, hour=9))
